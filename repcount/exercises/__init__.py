"""The exercises: every module of this package that defines `MODEL`. A new exercise is a new file here."""

from importlib import import_module
from pkgutil import iter_modules

from repcount.errors import InputError, Problem, did_you_mean
from repcount.exercises.model import ExerciseModel

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


def exercise_problems(exercise: str, placement: str | None, place: str) -> list[Problem]:
    """Everything wrong with counting `exercise` at `placement` (None: not asked)."""
    if exercise not in EXERCISES:
        if exercise in EXERCISE_IDS:
            return [Problem(place, f"no model for {exercise!r} yet", f"There are: {', '.join(EXERCISES)}.")]
        return [Problem(place, f"unknown exercise {exercise!r}", did_you_mean(exercise, EXERCISES))]
    movements = EXERCISES[exercise].movements
    if placement is None or placement in movements:
        return []
    return [
        Problem(
            place,
            f"{exercise!r} cannot be counted at placement {placement!r}",
            did_you_mean(placement, movements),
        )
    ]


def find_exercise(exercise: str, placement: str | None = None, place: str = "exercise") -> ExerciseModel:
    """Return the model; InputError if there is none, or none for this placement."""
    if problems := exercise_problems(exercise, placement, place):
        raise InputError(problems)
    return EXERCISES[exercise]
