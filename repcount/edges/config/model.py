"""What a configuration says, once it is known to be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from repcount.events import Tempo

SCHEMA = 1
REPLAYS = "replay-"
"""Begins the id of a station that plays what was recorded."""
LOOPBACK = "127.0.0.1"
PAGE_PORT = 8321


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerConfig:
    """The broker, as written: `url` None for one of our own; the password is elsewhere.

    `password_env` names an environment variable, `password_file` a file, that holds it; at most one is given.
    Paths are those of the file, or absolute.
    """

    url: str | None = None
    ca_file: Path | None = None
    user: str | None = None
    password_env: str | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardConfig:
    """Where the page listens."""

    listen: str = LOOPBACK
    port: int = PAGE_PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingConfig:
    """Whether what comes is recorded, and where to; `folder` None for the usual one, kept for some days."""

    keep: bool = True
    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorEntry:
    """A sensor that somebody wears; `name` None is the first in reach that a profile knows.

    `params` are parameters of its profile that are not to have their default.
    """

    placement: str
    name: str | None = None
    side: str | None = None
    params: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationEntry:
    """A person, or a rack, with what serves it.

    Parameters
    ----------
    id
        In topics and files, for ever.
    name
        For people; None: the id.
    wearer
        Pseudonym in recordings, and whose reps are remembered.
    tempo
        What is asked for, by exercise.
    params
        Parameter files of `repcount tune`; paths are those of the file, or absolute.
    """

    id: str
    name: str | None = None
    wearer: str
    exercise: str | None = None
    force: bool = False
    rest_target_s: float | None = None
    tempo: Mapping[str, Tempo] = field(default_factory=dict)
    params: tuple[Path, ...] = ()
    sensors: tuple[SensorEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole file."""

    broker: BrokerConfig = field(default_factory=BrokerConfig)
    dashboard: DashboardConfig = field(default_factory=DashboardConfig)
    recording: RecordingConfig = field(default_factory=RecordingConfig)
    stations: tuple[StationEntry, ...] = ()
