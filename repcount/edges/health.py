"""How a running service is: what it can tell a person, a monitor, and `repcount status`.

Rules: pure; a problem is a sentence with its place, and there is one for everything a count needs and lacks.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

SCHEMA = 1
SILENT_S = 10.0
"""A connected sensor that sent nothing for so long is no help; slow ones send twice a second."""
OK, DEGRADED = "ok", "degraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerHealth:
    """The link to the broker: `url` without a password, `reconnects` after the first connection."""

    url: str
    connected: bool
    why: str = ""
    reconnects: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorHealth:
    """One sensor; `last_sample_age_s` is None while nothing came of it, `why` says why it is not there."""

    connected: bool
    why: str = ""
    profile: str | None = None
    battery_percent: int | None = None
    last_sample_age_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationHealth:
    """One station; `outbox_on_disk` is False where events that wait would die with the process."""

    sensors: Mapping[str, SensorHealth]
    exercise: str | None = None
    set_open: bool = False
    set_index: int = 0
    rep_count: int = 0
    outbox_events: int = 0
    outbox_given_up: int = 0
    outbox_nearly_full: bool = False
    outbox_on_disk: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The whole service."""

    version: str
    uptime_s: float
    broker: BrokerHealth
    stations: Mapping[str, StationHealth] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """What a count needs and lacks now; none when all is well."""
        found = []
        if not self.broker.connected:
            found.append(f"broker: {self.broker.why or f'no connection to {self.broker.url} yet'}")
        for name, station in self.stations.items():
            found += [f"{name}: {problem}" for problem in _station_problems(station)]
        return found

    @property
    def status(self) -> str:
        """`ok`, or `degraded` when there is a problem."""
        return DEGRADED if self.problems else OK

    def to_data(self) -> dict[str, object]:
        """Plain JSON-able data, as `/healthz` has it."""
        return {"schema": SCHEMA, "status": self.status, "problems": self.problems} | asdict(self)


def _station_problems(station: StationHealth) -> list[str]:
    problems = []
    for place, sensor in station.sensors.items():
        age_s = sensor.last_sample_age_s
        if not sensor.connected:
            problems.append(f"no sensor at the {place}: {sensor.why or 'it is being looked for'}")
        elif age_s is not None and age_s > SILENT_S:
            problems.append(f"the sensor at the {place} has sent nothing for {age_s:.0f} s")
    if station.outbox_nearly_full:
        problems.append(
            f"{station.outbox_events} events wait for the broker; once the outbox is full the oldest are lost"
        )
    if not station.outbox_on_disk:
        problems.append("events that wait for the broker are not on disk, and would die with the process")
    return problems
