"""How an exercise is performed, seen from the limb that wears the sensor.

One exercise is one file in `exercises/`, named by its id, with a `WRIST` and a `CHEST`. Other ways to
perform it are further constants, named by placement and variant: `WRIST_KIPPING`. `PACE` says how long people
take over it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import Phase
from repcount.simulate import exercises
from repcount.simulate.pace import HoldPace, Pace
from repcount.simulate.pose import Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A pose on the way to the first rep or from the last one: `move_s` to get there, `hold_s` to stay."""

    pose: Pose
    move_s: float
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinematics:
    """The movement of a limb in one exercise.

    `start` and `turn` are the poses at both ends of the first moving phase, `bow` what the way between them
    departs from the straight one in the middle (once out and back in each moving phase). People differ:
    the way by +- `path_spread_ratio`, the angles by +- `angle_spread_ratio`. `settle` leads from the last
    stop of `approach` to `start`, `windup` from there into each rep. `impact_m_s2` is the blow when the
    weight meets the floor at a rep's end. A limb that `is_still` has no part in the rep but heaves a little.
    `chosen_ratio` is how often a variant is performed instead of the usual way.
    """

    first_phase: Phase
    start: Pose
    turn: Pose
    bow: Pose = field(default_factory=Pose)
    path_spread_ratio: float
    angle_spread_ratio: float
    approach: tuple[Stop, ...]
    settle_move_s: float
    settle_hold_s: float
    leave: tuple[Stop, ...]
    windup: tuple[Stop, ...] = ()
    impact_m_s2: float = 0.0
    is_still: bool = False
    chosen_ratio: float = 0.0


def kinematics_of(exercise: str, placement: str, variant: str = "") -> Kinematics:
    """Find the kinematics of an exercise; `variant` is empty for the usual way to perform it.

    Raises
    ------
    InputError
        When the exercise, or this variant, is not simulated on this placement.
    """
    known = all_variants(placement)
    if exercise not in known:
        message = f"{exercise!r} on the {placement} is not simulated"
        raise InputError([Problem("exercise", message, did_you_mean(exercise, known))])
    if variant not in known[exercise]:
        message = f"{exercise!r} on the {placement} has no {variant!r}"
        raise InputError([Problem("variant", message, did_you_mean(variant, known[exercise]))])
    return known[exercise][variant]


def all_kinematics(placement: str) -> dict[str, Kinematics]:
    """Every exercise simulated on this placement, performed the usual way, by its id."""
    return {name: variants[""] for name, variants in all_variants(placement).items()}


def pace_of(exercise: str) -> Pace | HoldPace:
    """How long people take over a simulated exercise."""
    pace: Pace | HoldPace = _module(exercise).PACE
    return pace


@cache
def all_variants(placement: str) -> dict[str, dict[str, Kinematics]]:
    """Every exercise simulated on this placement and its variants; the usual one has an empty name."""
    names = sorted(module.name for module in iter_modules(exercises.__path__))
    found = {name: dict(_variants(name, placement.upper())) for name in names}
    return {name: variants for name, variants in found.items() if "" in variants}


def _variants(exercise: str, prefix: str) -> Iterator[tuple[str, Kinematics]]:
    for name, value in vars(_module(exercise)).items():
        first, _, variant = name.partition("_")
        if first == prefix and isinstance(value, Kinematics):
            yield variant.lower(), value


def _module(exercise: str) -> ModuleType:
    return import_module(f"{exercises.__name__}.{exercise}")
