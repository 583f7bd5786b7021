"""Notifications -> samples: the first streaming stage.

Rules: never raises, whatever the bytes; no wrong sample silently; state of constant size.
"""

from typing import Any

from repcount.events import FaultReason
from repcount.profile.model import Profile
from repcount.profile.steps import Values
from repcount.samples import Notification, SampleBatch
from repcount.wire.decoder import decode
from repcount.wire.items import Rejected, WireItem
from repcount.wire.layout import Layout
from repcount.wire.params import WireParams
from repcount.wire.timeline import timeline_of

SCHEMA = 1


class Wire:
    """Read the notifications of one sensor.

    Times are sensor time in s: of the sensor's own clock where it has one, unwrapped; otherwise of the
    host's, samples being fitted to arrivals. Either way they increase strictly from item to item, also
    when the sensor starts again.
    """

    def __init__(
        self, profile: Profile, params: WireParams | None = None, values: Values | None = None
    ) -> None:
        self.profile = profile
        self.params = params or WireParams()
        self.values = values or {}
        self._layout = Layout(profile)
        self._timeline = timeline_of(profile.stream, self.params)

    def feed(self, notification: Notification) -> list[WireItem]:
        """Return what the notification holds: a gap, then samples; or why it was refused.

        Nothing for late and repeated notifications, and for those of other characteristics.
        """
        if notification.characteristic.lower() != self.profile.stream.characteristic:
            return []
        packet = decode(self._layout, notification.payload)
        if isinstance(packet, FaultReason):
            return [Rejected(packet, notification.arrival_s)]
        placed = self._timeline.place(packet, notification.arrival_s)
        if isinstance(placed, FaultReason):
            return [Rejected(placed, notification.arrival_s)]
        if placed is None:
            return []
        batch = SampleBatch(placed.t_s, packet.acc_m_s2, packet.gyro_rad_s)
        return [batch] if placed.gap is None else [placed.gap, batch]

    def reset(self) -> None:
        """Forget everything seen."""
        self._timeline.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"schema": SCHEMA, "timeline": self._timeline.snapshot()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, with a sensor of the same profile.

        Raises
        ------
        ValueError
            When the snapshot is of another schema.
        """
        if state["schema"] != SCHEMA:
            raise ValueError(f"a snapshot of schema {state['schema']} cannot be restored, only of {SCHEMA}")
        self._timeline.restore(state["timeline"])
