"""What the links of a station's sensors did, as facts; times are stream time, s."""

from repcount.events import FaultReason, NotificationRejected, StreamGap, StreamLost, StreamResumed
from repcount.motion.track import SensorTrack


class LinkFacts:
    """Says them of one station."""

    def __init__(self, station: str) -> None:
        self._station = station

    def lost(self, sensor: str, last_s: float, said_s: float) -> StreamLost:
        """Nothing came of a sensor since `last_s`, for so long that it counts as lost."""
        return StreamLost(station=self._station, happened_s=last_s, said_s=said_s, sensor=sensor)

    def resumed(self, sensor: str, back_s: float) -> StreamResumed:
        """A lost sensor is back."""
        return StreamResumed(station=self._station, happened_s=back_s, said_s=back_s, sensor=sensor)

    def gap(
        self, sensor: str, start_s: float, end_s: float, lost_notifications: int | None = None
    ) -> StreamGap:
        """Samples are missing in between."""
        return StreamGap(
            station=self._station,
            happened_s=start_s,
            said_s=end_s,
            sensor=sensor,
            start_s=start_s,
            end_s=end_s,
            lost_notifications=lost_notifications,
        )

    def rejected(self, sensor: str, track: SensorTrack, reason: FaultReason) -> NotificationRejected:
        """A notification could not be used; `track` counts it."""
        track.rejected += 1
        return NotificationRejected(
            station=self._station,
            happened_s=track.last_s,
            said_s=track.last_s,
            sensor=sensor,
            reason=reason,
            rejected=track.rejected,
        )
