"""A recording counted with watched numbers gives what it gives with plain ones, also where it is spared."""

import math

import numpy as np
import pytest
from scores import indexed

from repcount.app.race import Course, Runner, race
from repcount.app.run import run_samples
from repcount.app.trials import Recorded, Trials
from repcount.app.workers import Processes
from repcount.edges.files import read_samples, write_samples
from repcount.errors import InputError
from repcount.evaluate.score import score
from repcount.evaluate.worth import Outcome, outcome, worth
from repcount.exercises import EXERCISES
from repcount.reps.tuning import parameters, tuning_key
from repcount.simulate import Plan, SetOf, StandStill, simulate

CASES = [("bent_over_row", "wrist"), ("good_morning", "chest"), ("back_extension", "chest")]


def recorded(folder, exercise, placement):
    parts = (StandStill(duration_s=3.0), SetOf(exercise=exercise, reps=4), StandStill(duration_s=4.0))
    plan = Plan(parts=parts, placement=placement, rate_hz=25.0)
    done = simulate(plan, np.random.default_rng(1))
    path = folder / f"{exercise}.npz"
    write_samples(path, done.batch)
    row = indexed(
        file=path.name,
        exercise=exercise,
        exercise_ours=exercise,
        placement=placement,
        rate_hz=25.0,
        has_gyro=True,
        n_reps_true=4,
    )
    return Recorded(path, exercise, row, done.reps)


def counted(one, exercise, placement, values):
    """The outcome by way of the pipeline, with plain numbers."""
    tuned = {tuning_key(exercise, placement): values}
    run = run_samples(read_samples(one.path), exercise, placement, 40, tuned=tuned)
    return outcome(
        score(run.events, one.row, exercise=exercise, duration_s=run.duration_s, labels=one.labels)
    )


@pytest.mark.parametrize(("exercise", "placement"), CASES)
def test_what_is_spared_is_what_counting_gives(tmp_path, exercise, placement):
    one = recorded(tmp_path, exercise, placement)
    space = parameters(EXERCISES[exercise], placement)
    trials = Trials([one], exercise, Processes(1), tmp_path / "tapes")
    rng = np.random.default_rng(0)
    today = {name: parameter.value for name, parameter in space.items()}
    for k in range(14):
        values = dict(today)
        for name in rng.choice(sorted(space), min(k, 2), replace=False):
            low, high = space[name].within.around(today[name])
            steps = round((high - low) / space[name].within.step)
            values[name] = round(low + space[name].within.step * int(rng.integers(steps + 1)), 10)
        (found,) = trials.outcomes([(0, values)])
        assert found == counted(one, exercise, placement, values), values
    assert trials.spared > 0
    assert trials.counted + trials.spared == 14


def test_all_files_that_are_wrong_are_said(tmp_path):
    wrong = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in wrong:
        path.write_text("t_s,ax_g,ay_g\n")
    row = recorded(tmp_path, *CASES[0]).row
    several = [Recorded(path, path.name, row, None) for path in wrong]
    trials = Trials(several, "bent_over_row", Processes(1), tmp_path)
    with pytest.raises(InputError) as error:
        trials.outcomes([(0, {"motion.cutoff_hz": 0.8}), (1, {"motion.cutoff_hz": 0.8})])
    assert [problem.place for problem in error.value.problems] == [f"{path}:1" for path in wrong]


class Known:
    """Trials whose results are known: exact where the value is at least the number of the recording."""

    def __init__(self):
        self.asked = []

    def outcomes(self, asked):
        asked = list(asked)
        self.asked += asked
        return [
            Outcome(None, int(values["x"] > 90), 3600.0, (), ())
            if number >= 100
            else Outcome(5, 5 if values["x"] >= number else 4, 0.0, (), (values.get("late", 0.5),))
            for number, values in asked
        ]


COURSE = Course(sets=range(99, 39, -1), idle=range(100, 150), idle_h=50.0, most_false_per_hour=0.1)


def raced(leader, *field):
    trials = Known()
    return race(trials, COURSE, list(field), leader), trials.asked


def led_by(x):
    ((leader,), _) = raced(None, {"x": x})
    return leader


def test_who_is_behind_the_leader_is_asked_no_more():
    leader = led_by(80)
    assert leader.cost == pytest.approx(leader.worth.cost(0.1))
    (behind, better), asked = raced(leader, {"x": 70}, {"x": 85})
    assert (behind.cost, behind.worth) == (None, None)
    assert better.cost < leader.cost
    assert {number for number, values in asked if values["x"] == 85} == {*COURSE.sets, *COURSE.idle}
    assert not {number for number, values in asked if values["x"] == 70} & set(COURSE.idle)
    assert len([1 for _, values in asked if values["x"] == 70]) < len(COURSE.sets)


def test_who_is_late_is_given_up_at_the_first_recordings():
    leader = led_by(99)
    (late,), asked = raced(Runner(leader.values, leader.outcomes, cost=leader.cost), {"x": 99, "late": 9.0})
    assert late.cost is None
    assert len(asked) == 8


def test_who_is_not_ahead_where_there_is_most_to_gain_is_given_up_early():
    leader = led_by(99)
    (same, sooner), asked = raced(leader, {"x": 99}, {"x": 99, "late": 0.4})
    assert (same.cost, len([1 for _, values in asked if "late" not in values])) == (None, 16)
    assert sooner.cost < leader.cost


def test_too_many_false_reps_cost_more_than_any_count():
    leader = led_by(80)
    (greedy,), asked = raced(leader, {"x": 99})
    assert greedy.worth == worth(greedy.outcomes)
    assert greedy.cost > leader.cost
    assert math.isfinite(greedy.cost)
    assert len([1 for number, _ in asked if number >= 100]) < 50  # known before the end
