"""What a person tells the pipeline. Inputs like notifications: recorded with them, so replay equals live.

A command as JSON is `{"cmd": <name>, ...fields}`; the names are those of the MQTT topics `cmd/<name>`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

from repcount.errors import InputError, Problem, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectExercise:
    """The wearer does this exercise from now on; an open set of another one ends.

    `force`: count it also with a sensor that cannot see it, as well as that goes.
    """

    name: ClassVar[str] = "exercise"
    at_s: float
    exercise: str
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectPlacement:
    """The sensor `sensor` is worn here from now on; `force` as in `SelectExercise`."""

    name: ClassVar[str] = "placement"
    at_s: float
    sensor: str
    placement: str
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTarget:
    """The tempo asked for, s a phase; None leaves a phase free."""

    name: ClassVar[str] = "target_tempo"
    at_s: float
    eccentric_s: float
    pause_lengthened_s: float | None = None
    concentric_s: float | None = None
    pause_shortened_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Count from now on (`armed`), or do not."""

    name: ClassVar[str] = "arm"
    at_s: float
    armed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSet:
    """The set is over, whatever the sensor says."""

    name: ClassVar[str] = "end_set"
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCount:
    """The last set had this many reps, a person says."""

    name: ClassVar[str] = "correct_count"
    at_s: float
    rep_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Forget the open set and start again at set 1."""

    name: ClassVar[str] = "reset"
    at_s: float


Command = SelectExercise | SelectPlacement | SetTarget | Arm | EndSet | CorrectCount | Reset
COMMANDS: dict[str, type[Command]] = {
    c.name: c for c in (SelectExercise, SelectPlacement, SetTarget, Arm, EndSet, CorrectCount, Reset)
}


def command_to_dict(command: Command) -> dict[str, Any]:
    """Plain data, `cmd` first; a flag that is off unless set is there only where it is set."""
    given = {f.name: getattr(command, f.name) for f in fields(command)}
    off = {f.name for f in fields(command) if f.default is False and given[f.name] is False}
    return {"cmd": command.name} | {name: value for name, value in given.items() if name not in off}


def command_from_dict(data: Mapping[str, Any], place: str) -> Command:
    """Build a command from plain data.

    Raises
    ------
    InputError
        Naming every key that is unknown, missing or of the wrong type.
    """
    cmd = data.get("cmd")
    if not isinstance(cmd, str) or cmd not in COMMANDS:
        raise InputError([Problem(place, f"unknown command {cmd!r}", did_you_mean(str(cmd), COMMANDS))])
    cls = COMMANDS[cmd]
    given = {key: value for key, value in data.items() if key not in {"cmd", "cmd_id", "schema"}}
    problems = _problems(cls, given, place)
    if problems:
        raise InputError(problems)
    return cls(**given)


def _problems(cls: type[Command], given: Mapping[str, Any], place: str) -> list[Problem]:
    known = {f.name: f for f in fields(cls)}
    problems = [
        Problem(place, f"unknown key {key!r} in {cls.name!r}", did_you_mean(key, known))
        for key in given
        if key not in known
    ]
    required = [f.name for f in fields(cls) if f.default is MISSING]
    problems += [Problem(place, f"{cls.name!r} needs {key!r}") for key in required if key not in given]
    problems += [
        Problem(place, f"{key} = {value!r} is not {_WANTED[str(known[key].type)][0]}")
        for key, value in given.items()
        if key in known and not _fits(str(known[key].type), value)
    ]
    return problems + (_tempo_problems(given, place) if cls is SetTarget else [])


def _tempo_problems(given: Mapping[str, Any], place: str) -> list[Problem]:
    """No phase is shorter than nothing, and the lowering is something."""
    phases = [f.name for f in fields(SetTarget) if f.name != "at_s"]
    durations = {key: given[key] for key in phases if _is_number(given.get(key))}
    return [
        Problem(place, f"{key} = {value!r} is no duration, s")
        for key, value in durations.items()
        if value < 0 or (key == "eccentric_s" and value == 0)
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_REPS


_MOST_REPS = 1000
"""More in one set is a slip of the finger."""

_WANTED: dict[str, tuple[str, Callable[[object], bool]]] = {
    "<class 'str'>": ("text", lambda v: isinstance(v, str)),
    "<class 'bool'>": ("true or false", lambda v: isinstance(v, bool)),
    "<class 'int'>": (f"a whole number from 0 to {_MOST_REPS}", _is_count),
    "<class 'float'>": ("a number", _is_number),
    "float | None": ("a number or null", lambda v: v is None or _is_number(v)),
}


def _fits(type_name: str, value: object) -> bool:
    return bool(_WANTED[type_name][1](value))
