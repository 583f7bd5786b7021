"""How an exercise is performed, seen from the limb that wears the sensor.

One exercise is one file in `exercises/`, named by its id, with a `WRIST` (and, where a chest sensor can see
it, a `CHEST`).
"""

from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules

from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import Phase
from repcount.simulate import exercises
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
    stop of `approach` to `start`. `impact_m_s2` is the blow when the weight meets the floor at a rep's end.
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
    impact_m_s2: float = 0.0


def kinematics_of(exercise: str, placement: str) -> Kinematics:
    """Find the kinematics of an exercise.

    Raises
    ------
    InputError
        When the exercise is not simulated on this placement.
    """
    known = all_kinematics(placement)
    if exercise not in known:
        message = f"{exercise!r} on the {placement} is not simulated"
        raise InputError([Problem("exercise", message, did_you_mean(exercise, known))])
    return known[exercise]


def all_kinematics(placement: str) -> dict[str, Kinematics]:
    """Every exercise simulated on this placement, by its id."""
    names = sorted(module.name for module in iter_modules(exercises.__path__))
    modules = {name: import_module(f"{exercises.__name__}.{name}") for name in names}
    found = {name: getattr(module, placement.upper(), None) for name, module in modules.items()}
    return {name: kinematics for name, kinematics in found.items() if isinstance(kinematics, Kinematics)}
