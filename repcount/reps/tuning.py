"""What a person or a search changed of how one exercise is counted at one placement.

Rules: a set of values belongs to an exercise and a placement, and changes nothing of any other; a value is
known by its name, as `movement.least_log_odds` or `detector.ends.most_strange`. The cut-off of the pose alone
is the station's, since all exercises are read off the same motion.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from repcount.errors import Problem, did_you_mean
from repcount.exercises.model import ExerciseModel
from repcount.motion.tracker import MotionParams
from repcount.reps.detector_params import DetectorParams
from repcount.tunable import Tunable, changed, tunables

Values = Mapping[str, float]
"""What was changed: new values by name."""

Tuned = Mapping[str, Values]
"""Changed values by `tuning_key`."""

MOTION = "motion."
"""Names that begin so are the station's."""


def tuning_key(exercise: str, placement: str) -> str:
    """What a set of values belongs to."""
    return f"{exercise}/{placement}"


def parameters(model: ExerciseModel, placement: str) -> dict[str, Tunable]:
    """All that may be changed of this exercise at this placement, by name, with what it is today."""
    of_model = [model.movements.get(placement), model.holds.get(placement)]
    found = [*tunables(of_model[0], "movement"), *tunables(of_model[1], "hold")]
    if of_model[0] is not None:  # a hold is not looked for by the detector of reps
        found += tunables(DetectorParams(), "detector")
    return {one.name: one for one in [*found, *tunables(MotionParams(), "motion")]}


def tuned_model(model: ExerciseModel, placement: str, values: Values) -> ExerciseModel:
    """Return the model with what was changed of it."""
    if not values:
        return model
    movements, holds = dict(model.movements), dict(model.holds)
    if placement in movements:
        movements[placement] = changed(movements[placement], values, "movement")
    if placement in holds:
        holds[placement] = changed(holds[placement], values, "hold")
    return replace(model, movements=movements, holds=holds)


def tuned_detector(params: DetectorParams, values: Values) -> DetectorParams:
    """Return the detector's parameters with what was changed of them."""
    return changed(params, values, "detector")


def changes_detector(values: Values) -> bool:
    """Whether any of these is the detector's."""
    return any(name.startswith("detector.") for name in values)


def tuned_motion(params: MotionParams, values: Values) -> MotionParams:
    """Return the parameters of the motion with what was changed of them."""
    return changed(params, values, "motion")


def value_problems(model: ExerciseModel, placement: str, values: Values, place: str) -> list[Problem]:
    """Everything wrong with changed values: names there are not, numbers out of range, numbers that clash."""
    known = parameters(model, placement)
    problems = list(_each(known, values, place))
    if problems:
        return problems
    try:
        tuned_model(model, placement, values)
        tuned_detector(DetectorParams(), values)
        tuned_motion(MotionParams(), values)
    except ValueError as error:
        return [Problem(place, f"the values do not go together: {error}")]
    return []


def _each(known: Mapping[str, Tunable], values: Values, place: str) -> Iterable[Problem]:
    for name, value in values.items():
        if name not in known:
            yield Problem(place, f"unknown parameter {name!r}", did_you_mean(name, known))
        elif value not in known[name].within and value != known[name].value:
            within = known[name].within
            yield Problem(place, f"{name} is {value:g}", f"Give {within.low:g} to {within.high:g}")
