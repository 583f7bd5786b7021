"""Which recordings of a collection are run with which exercise armed, and which are not and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from repcount.evaluate.collection import NULL, OTHER, IndexRow
from repcount.exercises import EXERCISES, exercise_problems


@dataclass(frozen=True, slots=True)
class Choice:
    """`runs`: a recording and the exercise armed; `left_out`: how many recordings, by the reason."""

    runs: list[tuple[IndexRow, str]]
    left_out: Counter[str]


def choose(
    rows: Iterable[IndexRow],
    exercise: str | None = None,
    placement: str | None = None,
    *,
    force: bool = False,
) -> Choice:
    """Arm each recording's own exercise, and on recordings without exercise `exercise`, else all there are.

    `exercise` keeps only its own recordings and those without exercise; `placement` only those worn there,
    where `wrist` keeps also the bars that are run as one. With `force` an exercise is armed also where the
    sensor cannot see it.
    """
    choice = Choice([], Counter())
    for row in rows:
        asked = exercise in {None, row.exercise_ours} or row.exercise_ours == NULL
        if asked and placement in {None, row.placement, row.run_placement}:
            _arm(row, exercise, choice, force=force)
    return choice


def _arm(row: IndexRow, exercise: str | None, choice: Choice, *, force: bool) -> None:
    if row.exercise_ours == OTHER:
        choice.left_out["another exercise, not scored"] += 1
        return
    if row.exercise_ours != NULL:
        wanted = [row.exercise_ours]
    else:
        wanted = sorted(EXERCISES) if exercise is None else [exercise]
    for one in wanted:
        if one not in EXERCISES:
            choice.left_out[f"no model yet: {one}"] += 1
        elif exercise_problems(one, row.run_placement, row.file, force=force):
            choice.left_out[f"{one} is not counted at the {row.run_placement}"] += 1
        else:
            choice.runs.append((row, one))
