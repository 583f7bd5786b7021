"""What a wearer is to aim at follows the exercise, and goes into the recording."""

import pytest

from repcount.app.runner import Runner
from repcount.app.targets import Targets
from repcount.commands import SelectExercise, SetTarget
from repcount.edges.config import read_tempo
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig

TEMPO = {"pull_up": read_tempo("3-1-1-0"), "deadlift": read_tempo(4)}


@pytest.fixture
def runner():
    params = PipelineParams(exercise="pull_up")
    return Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}, params))


def asked(runner):
    return runner.pipeline.status().eccentric_target_s


def choose(runner, targets, exercise):
    runner.command(SelectExercise(at_s=0.0, exercise=exercise))
    targets.tick(0.0)


def test_each_exercise_has_its_own_and_the_rest_the_one_that_is_everybody_s(runner):
    targets = Targets(runner, TEMPO, 90.0)
    targets.ask(0.0)
    assert (asked(runner), runner.pipeline.status().rest_target_s) == (3, 90)
    choose(runner, targets, "deadlift")
    assert asked(runner) == 4
    choose(runner, targets, "lat_pulldown")
    assert asked(runner) == 2


def test_what_a_person_asks_for_holds_until_another_exercise_is_chosen(runner):
    targets = Targets(runner, TEMPO, None)
    targets.ask(0.0)
    runner.command(SetTarget(at_s=0.0, eccentric_s=1.5))
    targets.tick(0.0)
    assert asked(runner) == 1.5
    choose(runner, targets, "deadlift")
    assert asked(runner) == 4


def test_where_nothing_is_configured_nothing_is_asked_for(runner):
    targets = Targets(runner, {}, None)
    targets.ask(0.0)
    runner.command(SetTarget(at_s=0.0, eccentric_s=1.5))
    targets.tick(0.0)
    assert asked(runner) == 1.5
    assert runner.pipeline.status().rest_target_s is None


def test_a_change_holds_at_once_and_one_taken_back_too(runner):
    targets = Targets(runner, TEMPO, 90.0)
    targets.ask(0.0)
    targets.change({"pull_up": read_tempo(5)}, 60.0, 0.0)
    assert (asked(runner), runner.pipeline.status().rest_target_s) == (5, 60)
    targets.change({}, None, 0.0)
    assert (asked(runner), runner.pipeline.status().rest_target_s) == (2, None)
