"""Notifications -> samples: the first streaming stage.

Rules: never raises, whatever the bytes; no wrong sample silently; state of bounded size.
"""

from typing import Any

from repcount.events import FaultReason
from repcount.profile.model import Profile
from repcount.profile.steps import Values
from repcount.profile.stream import Stream
from repcount.samples import Notification, SampleBatch
from repcount.wire.arrival import ArrivalTimeline
from repcount.wire.companion import CompanionTimeline
from repcount.wire.decoder import Decoded, Decoder
from repcount.wire.items import Rejected, WireItem
from repcount.wire.join import Join
from repcount.wire.layout import Layout
from repcount.wire.loss import Loss
from repcount.wire.params import WireParams
from repcount.wire.timeline import companion_of, timeline_of

SCHEMA = 2


class Wire:
    """Read the notifications of one sensor.

    Times are sensor time in s: of the sensor's own clock where it has one, unwrapped; otherwise of the
    host's, samples being fitted to arrivals. Either way they increase strictly from item to item, also
    when the sensor starts again. Where acceleration and turning rate come apart, samples are given out
    when both are there.

    Parameters
    ----------
    profile
        The sensor's.
    params
        When times and counters are believed.
    values
        What was chosen and what the sensor answered when it was started; None for the profile's defaults.
    """

    def __init__(
        self, profile: Profile, params: WireParams | None = None, values: Values | None = None
    ) -> None:
        self.profile = profile
        self.params = params or WireParams()
        self._streams = profile.active_streams(values)
        self._turning = next((one for one in self._streams if one.acc is None), None)
        self.reset()

    def feed(self, notification: Notification) -> list[WireItem]:
        """Return what the notification completes: gaps and samples; or why it was refused.

        Nothing for late and repeated notifications, and for those of other characteristics.
        """
        decoder = self._decoders.get(notification.characteristic.lower())
        if decoder is None:
            return []
        items: list[WireItem] = []
        for packet in decoder.feed(notification.payload):
            if isinstance(packet, FaultReason):
                items.append(Rejected(packet, notification.arrival_s))
            else:
                items += self._placed(*packet, notification.arrival_s)
        self._loss.follow(items)
        return items

    @property
    def lost_ratio(self) -> float | None:
        """Share of the sensor's samples that is missing lately, 0 to 1; None before anything came."""
        return self._loss.ratio

    def _placed(self, stream: Stream, packet: Decoded, arrival_s: float) -> list[WireItem]:
        has_acc = stream.acc is not None
        timeline = self._timeline if has_acc or self._companion is None else self._companion
        placed = timeline.place(packet, arrival_s)
        if isinstance(placed, FaultReason):
            return [Rejected(placed, arrival_s)]
        if placed is None:
            return []
        if has_acc and isinstance(self._companion, CompanionTimeline):
            self._companion.follow(packet, placed)
        if self._join is not None:
            return [*self._join.feed(placed, packet)]
        if packet.acc_m_s2 is None:
            return []
        batch = SampleBatch(placed.t_s, packet.acc_m_s2, packet.gyro_rad_s)
        return [batch] if placed.gap is None else [placed.gap, batch]

    def reset(self) -> None:
        """Forget everything seen."""
        streams, axes = self._streams, self.profile.axes
        self._decoders = {
            uuid: Decoder([Layout(stream, axes) for stream in streams if stream.characteristic == uuid])
            for uuid in dict.fromkeys(stream.characteristic for stream in streams)
        }
        master = next(stream for stream in streams if stream.acc is not None)
        self._timeline = timeline_of(master, self.params)
        self._loss = Loss(1.0 / master.rate_hz)
        self._join: Join | None = None
        self._companion: ArrivalTimeline | CompanionTimeline | None = None
        if self._turning is not None:
            self._companion = companion_of(self._turning, self.params)
            self._join = Join(master, self._turning, self.params)

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            "schema": SCHEMA,
            "framing": {uuid: decoder.snapshot() for uuid, decoder in self._decoders.items()},
            "timeline": self._timeline.snapshot(),
            "loss": self._loss.snapshot(),
            "companion": self._companion.snapshot() if self._companion is not None else None,
            "join": self._join.snapshot() if self._join is not None else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, with a sensor of the same profile and values.

        Raises
        ------
        ValueError
            When the snapshot is of another schema.
        """
        if state["schema"] != SCHEMA:
            raise ValueError(f"a snapshot of schema {state['schema']} cannot be restored, only of {SCHEMA}")
        for uuid, decoder in self._decoders.items():
            decoder.restore(state["framing"][uuid])
        self._timeline.restore(state["timeline"])
        self._loss.restore(state["loss"])
        if self._companion is not None:
            self._companion.restore(state["companion"])
        if self._join is not None:
            self._join.restore(state["join"])
