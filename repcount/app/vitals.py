"""How a station is, gathered from those who know: the runner, its sensors, what waits for the broker."""

from collections.abc import Callable
from dataclasses import dataclass, field

from repcount.app.runner import Runner
from repcount.edges.health import SensorHealth, StationHealth
from repcount.edges.mqtt.outbox import Outbox
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.mqtt.station import StationPublisher
from repcount.samples import SampleBatch

_UNKNOWN = SensorStatus(connected=False)


@dataclass(frozen=True, slots=True)
class Vitals:
    """One station's; `take` is told of samples as they come, `now_s` is the host's monotonic clock."""

    runner: Runner
    publisher: StationPublisher
    outbox: Outbox
    now_s: Callable[[], float]
    _heard_s: dict[str, float] = field(default_factory=dict)

    def take(self, sensor: str, _batch: SampleBatch) -> None:
        """Samples of a sensor came."""
        self._heard_s[sensor] = self.now_s()

    def health(self) -> StationHealth:
        """How the station is now."""
        status = self.runner.pipeline.status()
        return StationHealth(
            sensors={sensor: self._sensor(sensor) for sensor in self.runner.sensors},
            exercise=status.exercise,
            set_open=status.set_index > 0 and status.rest_since_s is None,
            set_index=status.set_index,
            rep_count=status.rep_count,
            outbox_events=len(self.outbox),
            outbox_given_up=self.outbox.lost,
            outbox_nearly_full=self.outbox.nearly_full,
            outbox_on_disk=self.outbox.on_disk,
        )

    def _sensor(self, sensor: str) -> SensorHealth:
        known = self.publisher.sensor_statuses.get(sensor, _UNKNOWN)
        heard_s = self._heard_s.get(sensor)
        return SensorHealth(
            connected=known.connected,
            why=known.why or "",
            profile=known.profile,
            battery_percent=known.battery_percent,
            last_sample_age_s=None if heard_s is None else round(self.now_s() - heard_s, 3),
        )
