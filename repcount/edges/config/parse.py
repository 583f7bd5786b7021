"""A dict, as TOML gives it, becomes a configuration, or all that is wrong with it is said.

Rules: opens no file; a password is never repeated; what is asked of an exercise, a placement or a station's
id is asked where the rest of the program asks it.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeGuard, TypeVar

from repcount.commands import SIDES
from repcount.edges.config.model import (
    LOOPBACK,
    PAGE_PORT,
    REPLAYS,
    SCHEMA,
    BrokerConfig,
    Config,
    DashboardConfig,
    RecordingConfig,
    SensorEntry,
    StationEntry,
)
from repcount.edges.mqtt.topics import check_station
from repcount.edges.mqtt.url import parse_url
from repcount.edges.virtual import VIRTUAL
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import Tempo
from repcount.exercises import EXERCISES, exercise_problems, placement_problems, worn_problems
from repcount.profile.reader import Notes, Table

MOST_SENSORS = 2
"""Of one wearer: one counts, and one on the chest beside it tells how the trunk moved."""
MOST_NAME = 40
MOST_SENSOR_NAME = 250
"""Bluetooth lets a name be 248 bytes long."""
MOST_TARGET_S = 60.0
MOST_REST_S = 3600.0
LAST_PORT = 65535
ARMS = tuple(side for side in SIDES if side != "both")
_NO_TEMPO = Tempo(eccentric_s=None, pause_lengthened_s=None, concentric_s=None, pause_shortened_s=None)
_PHASES = tuple(one.name for one in fields(Tempo))
_TEMPO = "seconds of lowering such as 2.5, or a tempo such as '3-1-1-0'"

T = TypeVar("T")


def parse_config(data: Mapping[str, object], place: str) -> Config:
    """Read a configuration; `place` is the file's name in messages.

    Raises
    ------
    InputError
        With everything that is wrong, each with its path.
    """
    notes = Notes(place)
    with Table(data, "", notes) as table:
        schema = table.whole("schema", least=1)
        if schema != SCHEMA and "schema" in data:
            table.note("schema", f"{data['schema']!r} is unknown", f"This program reads {SCHEMA}.")
        config = Config(
            broker=_broker(_section(table, "broker")),
            dashboard=_dashboard(_section(table, "dashboard")),
            recording=_recording(_section(table, "recording")),
            stations=tuple(_station(entry) for entry in table.tables("station")),
        )
    _check_together(config, notes)
    notes.raise_if_any()
    return config


def _section(table: Table, key: str) -> Table:
    return table.table(key) if key in table else Table({}, key, table.notes)


def _optional(table: Table, key: str, read: Callable[[str], T]) -> T | None:
    return read(key) if key in table else None


def _note_all(table: Table, key: str, problems: list[Problem]) -> None:
    for problem in problems:
        table.note(key, problem.message, problem.mend)


def _checked(table: Table, key: str, check: Callable[[str], object]) -> str | None:
    """Read a text that may be there, and note what `check` says of it."""
    text = _optional(table, key, table.text)
    try:
        if text:
            check(text)
    except InputError as error:
        _note_all(table, key, list(error.problems))
    return text


def _check_id(text: str) -> None:
    check_station(text, "")


def _broker(table: Table) -> BrokerConfig:
    with table:
        url = _checked(table, "url", _check_url)
        if "password" in table:
            mend = "Name an environment variable in password_env, or a file in password_file."
            table.note("password", "a configuration holds no password", mend)
        if "password_env" in table and "password_file" in table:
            table.note("password_env", "stands beside password_file", "Give one of them.")
        if ("password_env" in table or "password_file" in table) and "user" not in table:
            table.note("user", "is missing: a password needs a user")
        if "user" in table and "url" not in table:
            table.note("url", "is missing: the broker of our own has no users")
        return BrokerConfig(
            url=url,
            ca_file=_path(table, "ca_file"),
            user=_optional(table, "user", table.text),
            password_env=_optional(table, "password_env", table.text),
            password_file=_path(table, "password_file"),
        )


def _check_url(text: str) -> None:
    if parse_url(text, "").user is not None:
        mend = "Write user = ..., and password_env or password_file."
        raise InputError([Problem("", "user and password have keys of their own", mend)])


def _path(table: Table, key: str) -> Path | None:
    text = _optional(table, key, table.text)
    return Path(text).expanduser() if text else None


def _dashboard(table: Table) -> DashboardConfig:
    with table:
        listen = table.text("listen") if "listen" in table else LOOPBACK
        port = table.whole("port", default=PAGE_PORT)
        if port > LAST_PORT:
            table.note("port", f"{port} is not from 0 (any free one) to {LAST_PORT}")
        return DashboardConfig(listen=listen, port=port)


def _recording(table: Table) -> RecordingConfig:
    with table:
        return RecordingConfig(keep=table.flag("keep", default=True), folder=_path(table, "folder"))


def _station(table: Table) -> StationEntry:
    with table:
        station = (_checked(table, "id", _check_id) if "id" in table else table.text("id")) or ""
        if station.startswith(REPLAYS):
            table.note("id", f"{station!r} is a replay's", f"Let it not begin with {REPLAYS!r}.")
        name = _optional(table, "name", lambda key: table.take(key, _label(MOST_NAME), _NAME, ""))
        exercise = _optional(table, "exercise", table.text)
        if exercise:
            _note_all(table, "exercise", exercise_problems(exercise, None, ""))
        force = table.flag("force", default=False)
        entry = StationEntry(
            id=station,
            name=name,
            wearer=_checked(table, "wearer", _check_id) or station,
            exercise=exercise,
            force=force,
            rest_target_s=_optional(table, "rest_target_s", lambda key: table.take(key, _rest_s, _REST, 0.0)),
            params=tuple(Path(one).expanduser() for one in _optional(table, "params", table.texts) or ()),
            tempo=_tempos(table.table("tempo")) if "tempo" in table else {},
            sensors=_sensors(table),
        )
        _check_worn(entry, table)
        return entry


def _sensors(table: Table) -> tuple[SensorEntry, ...]:
    if "sensor" not in table:
        table.note("sensor", "is missing", "Write [[station.sensor]] with its name and placement.")
        return ()
    return tuple(_sensor(one) for one in table.tables("sensor", least=1))


def _sensor(table: Table) -> SensorEntry:
    with table:
        placement = table.text("placement")
        if placement:
            _note_all(table, "placement", placement_problems(None, placement, ""))
        return SensorEntry(
            placement=placement,
            name=_optional(table, "name", lambda key: table.take(key, _label(MOST_SENSOR_NAME), _SENSOR, "")),
            side=_optional(table, "side", lambda key: table.choice(key, ARMS)),
            params=table.named_numbers("params") if "params" in table else {},
        )


def _check_worn(entry: StationEntry, table: Table) -> None:
    """Whether what is worn there sees the exercise, and is worn at different places."""
    worn = [sensor.placement for sensor in entry.sensors]
    if len(worn) > MOST_SENSORS:
        table.note("sensor", f"{len(worn)} sensors are too many for one wearer", f"At most {MOST_SENSORS}.")
    for k, placement in enumerate(worn):
        if placement and placement in worn[:k]:
            table.note(f"sensor[{k}].placement", f"another sensor is worn at the {placement} already")
    if entry.exercise in EXERCISES and worn and not any(placement_problems(None, one, "") for one in worn):
        _note_all(table, "exercise", worn_problems(entry.exercise, worn, "", force=entry.force))


def _check_together(config: Config, notes: Notes) -> None:
    """What only shows when all stations are looked at."""
    ids = Counter(station.id for station in config.stations)
    sensors: dict[str, str] = {}
    alone = sum(len(station.sensors) for station in config.stations) == 1
    for i, station in enumerate(config.stations):
        if station.id and ids[station.id] > 1:
            notes.add(f"station[{i}].id", f"{station.id!r} is there {ids[station.id]} times", "Rename one.")
        for k, sensor in enumerate(station.sensors):
            path, name = f"station[{i}].sensor[{k}].name", sensor.name
            if name is None and not alone:
                mend = "Take it from 'repcount scan'."
                notes.add(path, "is missing: of several sensors each needs its name or address", mend)
            elif name is None or name.startswith(VIRTUAL):
                continue  # a recording can be played by many
            elif (other := sensors.setdefault(name.lower(), station.id)) != station.id:
                notes.add(path, f"{name!r} is worn by {other!r} already", "A sensor serves one station.")


def _tempos(table: Table) -> dict[str, Tempo]:
    with table:
        found = {}
        for exercise in table.identifiers():
            if exercise not in EXERCISES:
                table.note(exercise, "unknown exercise", did_you_mean(exercise, EXERCISES))
            found[exercise] = table.take(exercise, read_tempo, _TEMPO, _NO_TEMPO)
        return found


def read_tempo(value: object) -> Tempo | None:
    """Read seconds of lowering, or four phases such as `3-1-1-0`; None where it is neither."""
    try:
        parts = [float(part) for part in value.split("-")] if isinstance(value, str) else [value]
    except ValueError:
        return None
    times_s = [float(one) for one in parts if _is_number(one) and 0 <= one <= MOST_TARGET_S]
    if len(times_s) != len(parts) or len(parts) not in {1, len(_PHASES)} or times_s[0] == 0:
        return None
    return replace(_NO_TEMPO, **dict(zip(_PHASES, times_s, strict=False)))


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


_NAME = f"a name of 1 to {MOST_NAME} characters"
_SENSOR = f"a name or address of 1 to {MOST_SENSOR_NAME} characters"
_REST = f"seconds from 0 to {MOST_REST_S:.0f}"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _label(most: int) -> Callable[[object], str | None]:
    """Read a name without characters that only command a terminal, or turn the direction of what follows."""

    def read(value: object) -> str | None:
        if not isinstance(value, str) or _CONTROL.search(value) or not 0 < len(value.strip()) <= most:
            return None
        return value.strip()

    return read


def _rest_s(value: object) -> float | None:
    return float(value) if _is_number(value) and 0 <= value <= MOST_REST_S else None
