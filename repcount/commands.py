"""What a person tells the pipeline. Inputs like notifications: recorded with them, so replay equals live.

A command as JSON is `{"cmd": <name>, ...fields}`; the names are those of the MQTT topics `cmd/<name>`.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, TypeGuard, get_args

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRestTarget:
    """So long a rest is wanted between sets, s; None: no matter how long."""

    name: ClassVar[str] = "rest_target_s"
    at_s: float
    rest_target_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLoad:
    """The sets from now on are done with this load, by this arm; None where it is not told."""

    name: ClassVar[str] = "load"
    at_s: float
    load_kg: float | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSet:
    """A set that is to be done; None leaves it to the wearer. `rest_s` is the rest after it."""

    exercise: str
    reps: int | None = None
    load_kg: float | None = None
    rest_s: float | None = None

    def to_data(self) -> dict[str, object]:
        """Plain data, as it was given."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPlan:
    """The sets to do, in order; none takes the plan back. After each the next one's exercise is chosen."""

    name: ClassVar[str] = "plan"
    at_s: float
    sets: tuple[PlannedSet, ...]


Command = (
    SelectExercise
    | SelectPlacement
    | SetTarget
    | Arm
    | EndSet
    | CorrectCount
    | Reset
    | SetRestTarget
    | SetLoad
    | SetPlan
)
COMMANDS: dict[str, type[Command]] = {c.name: c for c in get_args(Command)}
SIDES = ("left", "right", "both")
MOST_PLANNED = 100


def command_to_dict(command: Command) -> dict[str, Any]:
    """Plain data, `cmd` first; a flag that is off unless set is there only where it is set."""
    given = {f.name: getattr(command, f.name) for f in fields(command)}
    if isinstance(command, SetPlan):
        given["sets"] = [planned.to_data() for planned in command.sets]
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
    if cls is SetPlan:
        given["sets"] = planned_sets(given["sets"])
    return cls(**given)


def planned_sets(data: Iterable[Mapping[str, Any]]) -> tuple[PlannedSet, ...]:
    """Build a plan from plain data that `command_from_dict` saw to, or that was built from a plan."""
    return tuple(PlannedSet(**planned) for planned in data)


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
    more = _MORE_PROBLEMS.get(cls)
    return problems if more is None else problems + more(given, place)


def _rest_problems(given: Mapping[str, Any], place: str) -> list[Problem]:
    return _amount_problems(given, "rest_target_s", place)


def _load_problems(given: Mapping[str, Any], place: str) -> list[Problem]:
    problems, side = _amount_problems(given, "load_kg", place), given.get("side")
    if isinstance(side, str) and side not in SIDES:
        problems.append(Problem(place, f"side = {side!r} is none", did_you_mean(str(side), SIDES)))
    return problems


def _amount_problems(given: Mapping[str, Any], key: str, place: str) -> list[Problem]:
    value = given.get(key)
    if not _is_number(value) or 0 <= value <= _MOST:
        return []
    return [Problem(place, f"{key} = {value!r} is not from 0 to {_MOST}")]


def _plan_problems(given: Mapping[str, Any], place: str) -> list[Problem]:
    sets = given.get("sets")
    if not isinstance(sets, list):
        return []
    if len(sets) > MOST_PLANNED:
        return [Problem(place, f"{len(sets)} sets are too many", f"At most {MOST_PLANNED}.")]
    return [
        problem
        for i, planned in enumerate(sets)
        for problem in _planned_problems(planned, place, f"sets[{i}]")
    ]


def _planned_problems(planned: object, place: str, which: str) -> list[Problem]:
    if not isinstance(planned, dict):
        return [
            Problem(place, f"{which} {planned!r} is no set", 'Such as {"exercise": "pull_up", "reps": 8}.')
        ]
    known = {f.name for f in fields(PlannedSet)}
    problems = [
        Problem(place, f"{which} unknown key {key!r}", did_you_mean(str(key), known))
        for key in planned
        if key not in known
    ]
    if not isinstance(planned.get("exercise"), str):
        problems.append(Problem(place, f"{which} needs 'exercise'"))
    if planned.get("reps") is not None and not _is_count(planned["reps"]):
        problems.append(Problem(place, f"{which} reps = {planned['reps']!r} is not {_WANTED[_COUNT][0]}"))
    for key in ("load_kg", "rest_s"):
        value = planned.get(key)
        if value is not None and not (_is_number(value) and 0 <= value <= _MOST):
            problems.append(Problem(place, f"{which} {key} = {value!r} is not a number from 0 to {_MOST}"))
    return problems


def _tempo_problems(given: Mapping[str, Any], place: str) -> list[Problem]:
    """No phase is shorter than nothing, and the lowering is something."""
    phases = [f.name for f in fields(SetTarget) if f.name != "at_s"]
    durations = {key: given[key] for key in phases if _is_number(given.get(key))}
    return [
        Problem(place, f"{key} = {value!r} is no duration, s")
        for key, value in durations.items()
        if value < 0 or (key == "eccentric_s" and value == 0)
    ]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_REPS


_MOST_REPS = 1000
"""More in one set is a slip of the finger."""
_MOST = 3600
"""Of kg and of s: likewise."""
_COUNT = "<class 'int'>"
_MORE_PROBLEMS: dict[type[Command], Callable[[Mapping[str, Any], str], list[Problem]]] = {
    SetTarget: _tempo_problems,
    SetRestTarget: _rest_problems,
    SetLoad: _load_problems,
    SetPlan: _plan_problems,
}

_WANTED: dict[str, tuple[str, Callable[[object], bool]]] = {
    "<class 'str'>": ("text", lambda v: isinstance(v, str)),
    "<class 'bool'>": ("true or false", lambda v: isinstance(v, bool)),
    _COUNT: (f"a whole number from 0 to {_MOST_REPS}", _is_count),
    "<class 'float'>": ("a number", _is_number),
    "float | None": ("a number or null", lambda v: v is None or _is_number(v)),
    "str | None": ("text or null", lambda v: v is None or isinstance(v, str)),
    "tuple[repcount.commands.PlannedSet, ...]": ("a list of sets", lambda v: isinstance(v, list)),
}


def _fits(type_name: str, value: object) -> bool:
    return bool(_WANTED[type_name][1](value))
