"""The exercises: every module of this package that defines `MODEL`. A new exercise is a new file here."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from repcount.errors import InputError, Problem, did_you_mean
from repcount.exercises._forced import doubt, forced
from repcount.exercises.model import ExerciseModel

__all__ = [
    "EXERCISES",
    "EXERCISE_IDS",
    "counting_sensor",
    "doubt",
    "exercise_problems",
    "find_exercise",
    "forced",
    "placement_problems",
    "worn_problems",
]

EXERCISE_IDS = (
    "inverted_row",
    "pull_up",
    "bent_over_row",
    "reverse_fly",
    "deadlift",
    "good_morning",
    "lat_pulldown",
    "back_extension",
)
"""All exercises this project is for; those with a model are in `EXERCISES`."""


def _models() -> dict[str, ExerciseModel]:
    modules = [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__) if m.name[0] != "_"]
    models = [module.MODEL for module in modules if hasattr(module, "MODEL")]
    return {model.id: model for model in sorted(models, key=lambda model: model.id)}


EXERCISES: dict[str, ExerciseModel] = _models()


def exercise_problems(
    exercise: str, placement: str | None, place: str, *, force: bool = False
) -> list[Problem]:
    """Everything wrong with counting `exercise` at `placement` (None: not asked).

    With `force` a placement that cannot see it will do, one that nobody knows will not.
    """
    problems = []
    if exercise not in EXERCISES:
        if exercise in EXERCISE_IDS:
            mend = f"There are: {', '.join(EXERCISES)}."
            problems.append(Problem(place, f"no model for {exercise!r} yet", mend))
        else:
            mend = did_you_mean(exercise, EXERCISES)
            problems.append(Problem(place, f"unknown exercise {exercise!r}", mend))
    if placement is None:
        return problems
    return problems + placement_problems(exercise, placement, place, force=force)


def placement_problems(
    exercise: str | None, placement: str, place: str, *, force: bool = False
) -> list[Problem]:
    """What is wrong with counting at `placement`: the exercise, or any where it is unknown or None."""
    countable = _placements(exercise)
    if placement in countable:
        return []
    reason = EXERCISES[exercise].unseen.get(placement) if exercise in EXERCISES else None
    if exercise is not None and reason is not None:
        if force:
            return []
        mend = f"Wear it at: {', '.join(sorted(countable))}, or force it and do not rely on the count."
        return [Problem(place, f"{exercise!r} cannot be counted at the {placement}: {reason}", mend)]
    mend = did_you_mean(placement, countable)
    return [Problem(place, f"nothing can be counted at placement {placement!r}", mend)]


def _placements(exercise: str | None) -> set[str]:
    models = [EXERCISES[exercise]] if exercise in EXERCISES else EXERCISES.values()
    return {placement for model in models for placement in model.placements}


def find_exercise(exercise: str, placement: str | None = None, place: str = "exercise") -> ExerciseModel:
    """Return the model; InputError if there is none, or none for this placement."""
    if problems := exercise_problems(exercise, placement, place):
        raise InputError(problems)
    return EXERCISES[exercise]


def worn_problems(
    exercise: str, placements: Iterable[str], place: str, *, force: bool = False
) -> list[Problem]:
    """Everything wrong with the exercise for whichever of the sensors worn there suits it best."""
    per_sensor = [exercise_problems(exercise, placement, place, force=force) for placement in placements]
    return min(per_sensor, key=len, default=exercise_problems(exercise, None, place))


def counting_sensor(
    model: ExerciseModel, placements: Mapping[str, str], *, force: bool = False
) -> str | None:
    """Key of the sensor, of those worn at these `placements` by key, that counts the exercise; None if none.

    The first placement the model names counts, of the same placement the first sensor. With `force` one that
    cannot see the exercise counts where none can.
    """
    wanted = (*model.placements, *(model.unseen if force else ()))
    return next((key for place in wanted for key, worn in placements.items() if worn == place), None)
