"""Counts on real recordings, as a guard: what is right on them now stays right. The report card says more."""

import pytest

from repcount.app.run import run_recording
from repcount.edges.collection import read_index
from repcount.events import SetEnded
from repcount.exercises import EXERCISES

DATASETS = ("kaggle_gym", "muvr", "metamotion")
BATCH_MS = 40.0
LEAST_EXACT_RATIO, LEAST_WITHIN_ONE_RATIO = 0.7, 0.9


@pytest.fixture(scope="module")
def counts(shared_data):
    """`(row, count)` of every trusted set on the wrist in three collections."""
    found = []
    for row in read_index(shared_data / "index.csv"):
        wanted = row.dataset in DATASETS and row.placement == "wrist" and row.exercise_ours in EXERCISES
        if wanted and row.n_reps_true is not None:
            run = run_recording(shared_data / row.file, row.exercise_ours, row.run_placement, BATCH_MS)
            sets = [event for event in run.events if isinstance(event, SetEnded)]
            found.append((row, sum(one.rep_count for one in sets)))
    return found


def _off(counts, exercise=None):
    return [abs(n - row.n_reps_true) for row, n in counts if exercise in {None, row.exercise_ours}]


@pytest.mark.shared
def test_most_sets_are_counted_exactly_and_nearly_all_within_one(counts):
    off = _off(counts)
    assert len(off) >= 30
    wrong = [f"{row.file}: {n}, not {row.n_reps_true}" for row, n in counts if n != row.n_reps_true]
    assert sum(k == 0 for k in off) >= LEAST_EXACT_RATIO * len(off), wrong
    assert sum(k <= 1 for k in off) >= LEAST_WITHIN_ONE_RATIO * len(off), wrong


@pytest.mark.shared
@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_no_exercise_is_left_behind(counts, exercise):
    off = _off(counts, exercise)
    if not off:
        pytest.skip(f"no trusted set of {exercise} on the wrist in {', '.join(DATASETS)}")
    assert sum(k <= 1 for k in off) >= 0.75 * len(off)
