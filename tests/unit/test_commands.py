"""Commands as plain data: what is right goes there and back, what is wrong is said all at once."""

import math

import pytest

from repcount.commands import (
    COMMANDS,
    Arm,
    CorrectCount,
    EndSet,
    PlannedSet,
    Reset,
    SelectExercise,
    SelectPlacement,
    SetLoad,
    SetPlan,
    SetRestTarget,
    SetTarget,
    command_from_dict,
    command_to_dict,
)
from repcount.errors import InputError

ALL = [
    SelectExercise(at_s=1.0, exercise="pull_up"),
    SelectPlacement(at_s=1.0, sensor="wrist", placement="wrist"),
    SetTarget(at_s=1.0, eccentric_s=3.0, pause_lengthened_s=0.0),
    Arm(at_s=1.0, armed=False),
    EndSet(at_s=1.0),
    CorrectCount(at_s=1.0, rep_count=8),
    Reset(at_s=1.0),
    SetRestTarget(at_s=1.0, rest_target_s=90.0),
    SetLoad(at_s=1.0, load_kg=22.5, side="left"),
    SetPlan(
        at_s=1.0, sets=(PlannedSet(exercise="pull_up", reps=8), PlannedSet(exercise="deadlift", load_kg=80.0))
    ),
]


def problems(**data):
    with pytest.raises(InputError) as raised:
        command_from_dict(data, "here")
    assert all(problem.place == "here" for problem in raised.value.problems)
    return [str(problem) for problem in raised.value.problems]


def test_every_command_is_tried():
    assert {type(command) for command in ALL} == set(COMMANDS.values())


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_a_command_goes_there_and_back(command):
    data = command_to_dict(command)
    assert next(iter(data)) == "cmd"
    assert command_from_dict(data | {"cmd_id": 7, "schema": 1}, "here") == command


def test_a_flag_is_told_only_where_it_is_set():
    chosen = SelectExercise(at_s=1.0, exercise="reverse_fly", force=True)
    assert command_to_dict(chosen)["force"] is True
    assert command_from_dict(command_to_dict(chosen), "here") == chosen
    assert "force" not in command_to_dict(SelectExercise(at_s=1.0, exercise="reverse_fly"))
    assert command_to_dict(Arm(at_s=1.0, armed=False))["armed"] is False
    assert "force = 1" in problems(cmd="exercise", at_s=1.0, exercise="pull_up", force=1)[0]


def test_an_unknown_command_is_named_with_advice():
    assert problems(cmd="end_sets") == ["here: unknown command 'end_sets'. Did you mean 'end_set'?"]
    assert "unknown command None" in problems()[0]
    assert "unknown command 3" in problems(cmd=3)[0]


def test_everything_wrong_is_said_at_once():
    said = problems(
        cmd="target_tempo", eccentric_s=0, concentric_s="quick", pause_shortened_s=-1, excentric_s=2
    )
    assert said == [
        "here: unknown key 'excentric_s' in 'target_tempo'. Did you mean 'eccentric_s'?",
        "here: 'target_tempo' needs 'at_s'",
        "here: concentric_s = 'quick' is not a number or null",
        "here: eccentric_s = 0 is no duration, s",
        "here: pause_shortened_s = -1 is no duration, s",
    ]


@pytest.mark.parametrize("wrong", [True, "3", None, math.nan, math.inf])
def test_a_time_is_a_number(wrong):
    assert "at_s" in problems(cmd="end_set", at_s=wrong)[0]


@pytest.mark.parametrize("wrong", [-1, 1001, 2.5, True, "8", None])
def test_a_count_is_a_whole_number_a_person_could_mean(wrong):
    assert "whole number from 0 to 1000" in problems(cmd="correct_count", at_s=1.0, rep_count=wrong)[0]


@pytest.mark.parametrize("wrong", [1, "yes", None])
def test_armed_is_true_or_false(wrong):
    assert "true or false" in problems(cmd="arm", at_s=1.0, armed=wrong)[0]


def test_what_is_wrong_with_a_plan_is_said_with_its_set():
    said = problems(
        cmd="plan",
        at_s=1.0,
        sets=[{"exercise": "pull_up"}, 3, {"exercize": "deadlift", "reps": -1, "load_kg": "heavy"}],
    )
    assert said == [
        'here: sets[1] 3 is no set. Such as {"exercise": "pull_up", "reps": 8}.',
        "here: sets[2] unknown key 'exercize'. Did you mean 'exercise'?",
        "here: sets[2] needs 'exercise'",
        "here: sets[2] reps = -1 is not a whole number from 0 to 1000",
        "here: sets[2] load_kg = 'heavy' is not a number from 0 to 3600",
    ]
    assert problems(cmd="plan", at_s=1.0, sets="pull_up") == ["here: sets = 'pull_up' is not a list of sets"]
    assert "101 sets are too many" in problems(cmd="plan", at_s=1.0, sets=[{"exercise": "pull_up"}] * 101)[0]


def test_loads_and_rests_are_amounts():
    assert problems(cmd="load", at_s=1.0, load_kg=-5, side="leff") == [
        "here: load_kg = -5 is not from 0 to 3600",
        "here: side = 'leff' is none. Did you mean 'left'?",
    ]
    assert problems(cmd="rest_target_s", at_s=1.0, rest_target_s=1e9) == [
        "here: rest_target_s = 1000000000.0 is not from 0 to 3600"
    ]
