"""What `live` serves: the configuration, and above it what the command line says.

Rules: an option of the command line holds for this run, above the file. What is said there of a station
(--sensor, --placement, --set, --exercise, --force, --name, --params) is for the one that --station names,
else for the only one of the file; one that the file lacks is added for this run. Where neither a file nor a
station is named, what the page saved before is served, and until it has saved anything the first sensor in
reach.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from repcount.app.feeds import LiveSensor, live_sensors, with_settings
from repcount.app.folders import own_config
from repcount.app.station import StationOptions
from repcount.edges.config import BrokerAccess, Config, ConfigFile, SensorEntry, StationEntry
from repcount.edges.config.model import LOOPBACK, PAGE_PORT
from repcount.edges.params_file import read_tuned
from repcount.edges.virtual import VIRTUAL
from repcount.errors import InputError, Problem

FIRST_STATION = "station-1"
FIRST_PLACEMENT = "wrist"
BROKER_VARIABLE = "REPCOUNT_BROKER"
"""Of the environment, which other users of the machine cannot read; a configuration goes above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What the command line says; None, or nothing, is not said."""

    config: Path | None = None
    station: str | None = None
    name: str | None = None
    sensors: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    placement: str | None = None
    exercise: str | None = None
    force: bool = False
    broker: str | None = None
    ca_file: Path | None = None
    port: int | None = None
    listen: str | None = None
    public_metrics: bool = False
    record: Path | None = None
    no_record: bool = False
    as_json: bool = False
    params: tuple[Path, ...] = ()

    @property
    def is_about_a_station(self) -> bool:
        """Whether anything is said of one."""
        words = (self.station, self.name, self.sensors, self.settings, self.placement, self.exercise)
        return self.force or any(words) or bool(self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """What to serve, and where to say it.

    `config` is the file that the stations are of, as far as `spoken` does not say otherwise, and that the
    page changes; None where the command line says which station there is.
    """

    stations: tuple[StationOptions, ...] = (StationOptions(),)
    broker_url: str | None = None
    ca_file: Path | None = None
    page_port: int = PAGE_PORT
    listen: str = LOOPBACK
    public_metrics: bool = False
    record_to: Path | None = None
    as_json: bool = False
    config: ConfigFile | None = None
    spoken: Spoken = Spoken()


def live_options(spoken: Spoken, environ: Mapping[str, str]) -> LiveOptions:
    """Read the configuration, if there is one, and lay what was spoken above it.

    Raises
    ------
    InputError
        With everything that is wrong with either.
    """
    if spoken.config is not None:
        return _filed(ConfigFile(spoken.config), spoken, environ)
    own = None if spoken.is_about_a_station else ConfigFile(own_config(), may_lack=True)
    if own is not None and own.exists:
        return _filed(own, spoken, environ)
    return LiveOptions(
        stations=tuple(_overlaid([], spoken)),
        broker_url=spoken.broker or environ.get(BROKER_VARIABLE),
        ca_file=spoken.ca_file,
        page_port=PAGE_PORT if spoken.port is None else spoken.port,
        listen=spoken.listen or LOOPBACK,
        public_metrics=spoken.public_metrics,
        record_to=spoken.record,
        as_json=spoken.as_json,
        config=own,
        spoken=spoken,
    )


def _filed(file: ConfigFile, spoken: Spoken, environ: Mapping[str, str]) -> LiveOptions:
    access = file.access(environ) if spoken.broker is None else BrokerAccess(spoken.broker)
    dashboard = file.config.dashboard
    return LiveOptions(
        stations=tuple(stations_of(file, file.config, spoken)),
        broker_url=access.url or environ.get(BROKER_VARIABLE),
        ca_file=spoken.ca_file or access.ca_file,
        page_port=dashboard.port if spoken.port is None else spoken.port,
        listen=spoken.listen or dashboard.listen,
        public_metrics=spoken.public_metrics,
        record_to=spoken.record or _recordings(file),
        as_json=spoken.as_json,
        config=file,
        spoken=spoken,
    )


def stations_of(file: ConfigFile, config: Config, spoken: Spoken) -> list[StationOptions]:
    """What `config`, which is to be in `file`, says of stations, and above it what was spoken.

    Raises
    ------
    InputError
        When what was spoken fits none, or makes two read the same sensor.
    """
    keep = config.recording.keep and not spoken.no_record
    folder = spoken.record or _recordings(file)
    stations = [
        replace(
            _of_entry(entry, file.path.parent), record=keep or spoken.record is not None, record_to=folder
        )
        for entry in config.stations
    ]
    return _overlaid(stations, spoken) if spoken.is_about_a_station else stations


def _recordings(file: ConfigFile) -> Path | None:
    folder = file.config.recording.folder
    return None if folder is None else file.path.parent / folder


def _of_entry(entry: StationEntry, beside: Path) -> StationOptions:
    return StationOptions(
        station=entry.id,
        name=entry.name,
        wearer=entry.wearer,
        sensors=tuple(_sensor(one) for one in entry.sensors),
        exercise=entry.exercise,
        force=entry.force,
        tempo=entry.tempo,
        rest_target_s=entry.rest_target_s,
        persistent=True,
        tuned=read_tuned(beside / one for one in entry.params),
    )


def _sensor(entry: SensorEntry) -> LiveSensor:
    return LiveSensor(entry.name, entry.placement, entry.params, entry.side)


def _overlaid(stations: Sequence[StationOptions], spoken: Spoken) -> list[StationOptions]:
    by_id = {one.station: one for one in stations}
    station = spoken.station or _only(list(by_id))
    new = StationOptions(
        station=station,
        record=not spoken.no_record,
        record_to=spoken.record,
        persistent=bool(by_id),
    )
    by_id[station] = _told(by_id.get(station, new), spoken, is_new=station not in by_id)
    _check_together(list(by_id.values()))
    return list(by_id.values())


def _only(ids: Sequence[str]) -> str:
    if len(ids) > 1:
        mend = f"Name it: --station {' or '.join(ids)}."
        raise InputError([Problem("--station", "which one are these options for", mend)])
    return ids[0] if ids else FIRST_STATION


def _told(options: StationOptions, spoken: Spoken, *, is_new: bool) -> StationOptions:
    sensors = options.sensors
    if spoken.sensors or is_new:
        sensors = live_sensors(spoken.sensors, spoken.placement or FIRST_PLACEMENT)
    elif spoken.placement is not None:
        if len(sensors) > 1:
            mend = "Say it with the sensors: --sensor wrist=NAME --sensor chest=NAME."
            raise InputError([Problem("--placement", "which of two sensors is worn there", mend)])
        sensors = (replace(sensors[0], placement=spoken.placement),)
    return replace(
        options,
        sensors=with_settings(sensors, spoken.settings),
        exercise=spoken.exercise or options.exercise,
        force=spoken.force or options.force,
        name=spoken.name or options.name,
        tuned=read_tuned(spoken.params) or options.tuned,
    )


def _check_together(stations: Sequence[StationOptions]) -> None:
    """No sensor serves two stations, and the first in reach will only do where it is the only one."""
    names = [sensor.name for station in stations for sensor in station.sensors]
    if len(stations) == 1:
        return
    problems = []
    if None in names:
        problems.append(Problem("--sensor", "is missing: of several stations each needs its sensor's name"))
    counts = Counter(name.lower() for name in names if name and not name.startswith(VIRTUAL))
    problems += [
        Problem("--sensor", f"{name!r} is worn at two stations")
        for name, count in counts.items()
        if count > 1
    ]
    if problems:
        raise InputError(problems)
