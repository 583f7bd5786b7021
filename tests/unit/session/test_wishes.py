"""What the wearer tells beside the count is said with the set it belongs to, and counts nothing."""

import json

import pytest
from simulated import a_pipeline, worn_both

from repcount.commands import EndSet, PlannedSet, SelectExercise, SetLoad, SetPlan, SetRestTarget
from repcount.errors import InputError
from repcount.events import SetEnded

ROWS = worn_both("bent_over_row")["wrist"]
PLAN = (
    PlannedSet(exercise="bent_over_row", reps=8, load_kg=40.0, rest_s=120.0),
    PlannedSet(exercise="pull_up", reps=5),
)


def sets(events):
    return [event for event in events if isinstance(event, SetEnded)]


def played(*commands):
    pipeline = a_pipeline("bent_over_row")
    for command in commands:
        pipeline.command(command)
    return pipeline, pipeline.feed("wrist", ROWS) + pipeline.finish()


def test_a_set_is_said_with_its_load_and_side_and_counted_the_same():
    _, plain = played()
    _, told = played(SetLoad(at_s=0.0, load_kg=22.5, side="left"))

    (before,), (after,) = sets(plain), sets(told)
    assert (before.load_kg, before.side) == (None, None)
    assert (after.load_kg, after.side) == (22.5, "left")
    assert after.reps == before.reps


def test_what_was_told_is_part_of_what_is_true_now():
    pipeline, _ = played(SetRestTarget(at_s=0.0, rest_target_s=90.0), SetLoad(at_s=0.0, load_kg=5.0))

    status = pipeline.status()
    assert (status.rest_target_s, status.load_kg, status.plan) == (90.0, 5.0, ())


def test_after_a_planned_set_the_next_one_is_due_and_its_exercise_chosen():
    pipeline = a_pipeline("bent_over_row")
    pipeline.command(SetPlan(at_s=0.0, sets=PLAN))
    (ended,) = sets(pipeline.feed("wrist", ROWS) + pipeline.advance(ROWS.t_s[-1] + 60.0))
    pipeline.command(EndSet(at_s=pipeline.now_s))  # stands for any later moment

    status = pipeline.status()
    assert ended.load_kg == 40.0
    assert (status.plan_done, status.rest_target_s) == (1, 120.0)
    assert status.exercise == "pull_up"


def test_a_plan_chooses_its_first_exercise():
    pipeline = a_pipeline("pull_up")
    pipeline.command(SetPlan(at_s=0.0, sets=PLAN))

    assert pipeline.status().exercise == "bent_over_row"


def test_a_set_of_another_exercise_is_none_of_the_plan():
    pipeline, _ = played(SetPlan(at_s=0.0, sets=PLAN[1:]), SelectExercise(at_s=0.1, exercise="bent_over_row"))

    assert pipeline.status().plan_done == 0


def test_a_plan_with_an_exercise_that_cannot_be_counted_is_refused():
    with pytest.raises(InputError, match="unknown exercise 'pull_upp'"):
        a_pipeline("pull_up").command(SetPlan(at_s=0.0, sets=(PlannedSet(exercise="pull_upp"),)))


def test_all_of_it_survives_a_snapshot():
    pipeline, _ = played(SetPlan(at_s=0.0, sets=PLAN), SetLoad(at_s=0.1, side="right"))
    again = a_pipeline("bent_over_row")

    again.restore(json.loads(json.dumps(pipeline.snapshot())))

    assert again.status() == pipeline.status()
