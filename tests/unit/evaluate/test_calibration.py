"""Corrected counts change as little as mends them, and nothing where any set would come out worse."""

import pytest

from repcount.evaluate.calibration import Stored, calibrate, fit
from repcount.evaluate.steps import ANYBODY, Change, steps
from repcount.exercises import EXERCISES
from repcount.reps.tuning import value_problems

LAST, FIRST = Change((("last", 1.0),)), Change((("first", 1.0),))


def counter(**counts):
    """Counts by recording: for anybody, and what a change by name makes of them."""

    def count(name, change):
        by_change = counts[name]
        return by_change.get(tuple(change.named), by_change[()])

    return count


@pytest.mark.parametrize(
    ("truth", "counts", "fitted", "extra"),
    [
        ((8,), (8,), (8,), 0),
        ((8,), (), (0,), 0),
        ((5, 8), (8,), (0, 8), 0),
        ((5, 8), (5, 3, 8), (5, 8), 3),
        ((None, 8), (6, 7), (6, 7), 0),
        ((8, None), (8, 4, 5), (8, 5), 4),
        ((), (3, 4), (3, 4), 0),
    ],
)
def test_counts_are_laid_beside_what_was_said_with_the_least_difference(truth, counts, fitted, extra):
    found = fit(truth, counts)
    assert (found.counts, found.extra_reps) == (fitted, extra)


def test_the_change_that_mends_is_kept_and_shown_on_all_stored_sets():
    count = counter(a={(): (7,), ("last",): (8,)}, b={(): (10,)})
    result = calibrate([Stored("a", (8,)), Stored("b", (10,))], ANYBODY, [FIRST, LAST], count)
    assert result.kept
    assert result.change == LAST
    assert result.off_reps == (1, 0)
    assert [(row.name, row.before.counts, row.after.counts) for row in result.rows] == [
        ("a", (7,), (8,)),
        ("b", (10,), (10,)),
    ]


def test_nothing_is_kept_where_another_set_gets_worse_and_that_is_shown():
    count = counter(a={(): (7,), ("last",): (8,)}, b={(): (10,), ("last",): (11,)})
    result = calibrate([Stored("a", (8,)), Stored("b", (10,))], ANYBODY, [LAST], count)
    assert not result.kept
    assert result.change == ANYBODY
    assert result.worse == ["b"]


def test_a_set_that_nobody_counted_must_come_out_the_same():
    count = counter(a={(): (7,), ("last",): (8,)}, b={(): (10,), ("last",): (11,)})
    result = calibrate([Stored("a", (8,)), Stored("b")], ANYBODY, [LAST], count)
    assert not result.kept
    assert result.worse == ["b"]


def test_two_changes_are_tried_together_only_where_one_of_them_helped():
    asked = []
    counts = {("last",): (6,), ("first", "last"): (8,)}

    def count(_name, change):
        asked.append(tuple(change.named))
        return counts.get(tuple(change.named), (5,))

    result = calibrate([Stored("a", (8,))], ANYBODY, [FIRST, LAST], count)
    assert result.kept
    assert set(result.change.named) == {"first", "last"}
    asked.clear()
    counts.clear()
    assert not calibrate([Stored("a", (8,))], ANYBODY, [FIRST, LAST], count).kept
    assert ("first", "last") not in asked


def test_nothing_is_tried_where_every_set_is_right():
    tries = []
    result = calibrate([Stored("a", (8,))], LAST, [FIRST], counter(a={(): (8,)}), lambda: tries.append(1))
    assert not result.kept
    assert result.change == LAST
    assert tries == []


@pytest.mark.parametrize(
    ("exercise", "placement"), [(e.id, p) for e in EXERCISES.values() for p in e.movements]
)
def test_every_step_of_every_exercise_is_within_what_may_be_changed(exercise, placement):
    model = EXERCISES[exercise]
    found = steps(model, placement)
    assert len(found) >= 8
    for step in found:
        assert value_problems(model, placement, step.named, "step") == []


def test_a_hold_has_no_steps():
    assert steps(EXERCISES["back_extension"], "chest") == []
