"""`meta.toml`: what was worn where, by whom, when; never what was detected."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import tomli_w

from repcount.edges.recording.text import (
    SCHEMA,
    finite_number,
    number_problems,
    schema_problems,
    text_problems,
)
from repcount.errors import InputError, Problem, did_you_mean

META_NAME = "meta.toml"
MADE_BY = ("sensor", "simulated")
SIDES = ("left", "right")
UNCOUNTED = "?"
"""What `reps_true` holds for a set that nobody counted."""
_STATION = re.compile(r"[a-z0-9-]{1,32}")
_KEYS = (
    "schema",
    "made_by",
    "when",
    "station",
    "wearer",
    "exercise",
    "force",
    "reps_true",
    "remembered",
    "tuned",
    "ended_s",
    "sensors",
)
_SENSOR_KEYS = ("profile", "placement", "side", "values", "device")


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorMeta:
    """How one sensor was worn and read.

    `profile` is None where the recording holds ready samples. `values` are those of the profile when it was
    last started; `device` what it says of itself: `model`, `serial`, `firmware`, `software`; no address.
    """

    profile: str | None
    placement: str
    side: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    device: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingMeta:
    """What is known of a recording apart from its bytes.

    `wearer` is a pseudonym; `when` the wall clock at arrival of the first byte; `reps_true` a person's count
    of each set in order, None where nobody counted; `force` whether the sensor cannot see the exercise and
    had to; `remembered` how the wearer's reps went before, as `Pipeline.remembered` has it; `tuned` what was
    changed of how they are counted, by exercise and placement; `ended_s` until when was listened, host's time
    as of the arrivals, s, None where that is not known: after a kill.
    """

    sensors: Mapping[str, SensorMeta]
    station: str
    wearer: str
    when: datetime
    made_by: str
    exercise: str | None = None
    force: bool = False
    reps_true: tuple[int | None, ...] | None = None
    remembered: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    tuned: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ended_s: float | None = None


def write_meta(folder: Path, meta: RecordingMeta) -> None:
    """Replace `meta.toml` whole, so that a kill leaves the old or the new one."""
    draft = folder / f".{META_NAME}.draft"
    draft.write_bytes(tomli_w.dumps(_meta_to_dict(meta)).encode())
    draft.replace(folder / META_NAME)


def read_meta(folder: Path) -> RecordingMeta:
    """Read `meta.toml`.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    path = folder / META_NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError([Problem(str(path), "is missing", "Every recording has one")]) from error
    except ValueError as error:  # also text that is no UTF-8
        raise InputError([Problem(str(path), f"is not TOML ({error})")]) from error
    if problems := _meta_problems(data, str(path)):
        raise InputError(problems)
    reps_true = data.get("reps_true")
    return RecordingMeta(
        sensors={key: _sensor(worn) for key, worn in data["sensors"].items()},
        station=data["station"],
        wearer=data["wearer"],
        when=data["when"],
        made_by=data["made_by"],
        exercise=data.get("exercise"),
        force=data.get("force", False),
        reps_true=None if reps_true is None else tuple(None if n == UNCOUNTED else n for n in reps_true),
        remembered=data.get("remembered", {}),
        tuned=data.get("tuned", {}),
        ended_s=finite_number(data.get("ended_s")),
    )


def _meta_to_dict(meta: RecordingMeta) -> dict[str, object]:
    data: dict[str, object] = {
        "schema": SCHEMA,
        "made_by": meta.made_by,
        "when": meta.when,
        "station": meta.station,
        "wearer": meta.wearer,
    }
    if meta.exercise is not None:
        data["exercise"] = meta.exercise
    if meta.force:
        data["force"] = True
    if meta.reps_true is not None:
        data["reps_true"] = [UNCOUNTED if reps is None else reps for reps in meta.reps_true]
    if meta.ended_s is not None:
        data["ended_s"] = meta.ended_s
    if meta.remembered:
        data["remembered"] = {key: dict(one) for key, one in meta.remembered.items()}
    if meta.tuned:
        data["tuned"] = {key: dict(values) for key, values in meta.tuned.items()}
    return data | {"sensors": {key: _sensor_to_dict(sensor) for key, sensor in meta.sensors.items()}}


def _sensor_to_dict(sensor: SensorMeta) -> dict[str, object]:
    known = {"profile": sensor.profile, "placement": sensor.placement, "side": sensor.side}
    data: dict[str, object] = {key: value for key, value in known.items() if value is not None}
    tables = {"values": dict(sensor.values), "device": dict(sensor.device)}
    return data | {key: table for key, table in tables.items() if table}


def _sensor(worn: Mapping[str, object]) -> SensorMeta:
    profile, side, values = worn.get("profile"), worn.get("side"), worn.get("values", {})
    device = worn.get("device", {})
    return SensorMeta(
        profile=None if profile is None else str(profile),
        placement=str(worn["placement"]),
        side=None if side is None else str(side),
        values={key: float(value) for key, value in values.items()} if isinstance(values, Mapping) else {},
        device=dict(device) if isinstance(device, Mapping) else {},
    )


def _meta_problems(data: Mapping[str, object], place: str) -> list[Problem]:
    problems = schema_problems(data, place) + _unknown(data, _KEYS, place)
    for key in ("station", "wearer", "made_by"):
        problems += text_problems(data.get(key), key, place)
    station, made_by, when = data.get("station"), data.get("made_by"), data.get("when")
    if isinstance(station, str) and station and not _STATION.fullmatch(station):
        problems.append(Problem(place, f"station {station!r} is not 1 to 32 of a-z, 0-9 and -"))
    if isinstance(made_by, str) and made_by and made_by not in MADE_BY:
        problems.append(Problem(place, f"unknown made_by {made_by!r}", did_you_mean(made_by, MADE_BY)))
    if not isinstance(when, datetime) or when.tzinfo is None:
        problems.append(Problem(place, "when is not a time with a zone", "Write 2026-11-24T18:30:00Z"))
    if "exercise" in data:
        problems += text_problems(data["exercise"], "exercise", place)
    if not isinstance(data.get("force", False), bool):
        problems.append(Problem(place, f"force is {data['force']!r}, neither true nor false"))
    if "ended_s" in data:
        problems += number_problems(data["ended_s"], "ended_s", place)
    problems += _reps_problems(data.get("reps_true", []), place) + _tuned_problems(data, place)
    return problems + _sensors_problems(data, place)


def _tuned_problems(data: Mapping[str, object], place: str) -> list[Problem]:
    tuned = data.get("tuned", {})
    tables = list(tuned.values()) if isinstance(tuned, dict) else [None]
    if all(isinstance(values, dict) and _are_numbers(values) for values in tables):
        return []
    return [Problem(f"{place}: tuned", "is no table of tables of numbers")]


def _are_numbers(values: Mapping[str, object]) -> bool:
    return all(finite_number(value) is not None for value in values.values())


def _reps_problems(reps_true: object, place: str) -> list[Problem]:
    if isinstance(reps_true, list) and all(
        reps == UNCOUNTED or (type(reps) is int and reps >= 0) for reps in reps_true
    ):
        return []
    mend = f'Write reps_true = [5, 8], or "{UNCOUNTED}" for a set that nobody counted'
    return [Problem(place, "reps_true is not a list of whole numbers, one a set", mend)]


def _sensors_problems(data: Mapping[str, object], place: str) -> list[Problem]:
    sensors = data.get("sensors")
    if not isinstance(sensors, dict) or not sensors:
        return [Problem(place, "no sensor", "Add a table [sensors.wrist] with profile and placement")]
    return [problem for key, worn in sensors.items() for problem in _sensor_problems(key, worn, place)]


def _sensor_problems(key: str, worn: object, place: str) -> list[Problem]:
    here = f"{place}: sensors.{key}"
    if not isinstance(worn, dict):
        return [Problem(here, "is not a table")]
    problems = _unknown(worn, _SENSOR_KEYS, here) + text_problems(worn.get("placement"), "placement", here)
    if "profile" in worn:
        problems += text_problems(worn["profile"], "profile", here)
    if "side" in worn and worn["side"] not in SIDES:
        problems.append(
            Problem(here, f"unknown side {worn['side']!r}", did_you_mean(str(worn["side"]), SIDES))
        )
    return problems + _tables_problems(worn, here)


def _tables_problems(worn: Mapping[str, object], here: str) -> list[Problem]:
    problems: list[Problem] = []
    values, device = worn.get("values", {}), worn.get("device", {})
    if not isinstance(values, dict) or not _are_numbers(values):
        problems.append(Problem(here, "values is not a table of numbers"))
    if not isinstance(device, dict) or not all(isinstance(text, str) for text in device.values()):
        problems.append(Problem(here, "device is not a table of texts"))
    return problems


def _unknown(data: Mapping[str, object], known: tuple[str, ...], place: str) -> list[Problem]:
    return [
        Problem(place, f"unknown key {key!r}", did_you_mean(key, known)) for key in data if key not in known
    ]
