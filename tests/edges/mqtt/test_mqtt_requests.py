import contextlib
import random

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
)
from repcount.edges.mqtt.requests import MOST_BYTES, Refused, Request, read_request
from repcount.errors import InputError

AT_S = 12.5


def command(cmd, payload, **kwargs):
    return read_request("rack-1", cmd, payload).command(AT_S, **kwargs)


@pytest.mark.parametrize(
    ("cmd", "payload", "wanted"),
    [
        ("exercise", b"pull_up", SelectExercise(at_s=AT_S, exercise="pull_up")),
        ("exercise", b' "pull_up" ', SelectExercise(at_s=AT_S, exercise="pull_up")),
        ("exercise", b'{"exercise": "pull_up"}', SelectExercise(at_s=AT_S, exercise="pull_up")),
        (
            "placement",
            b'{"sensor": "a", "placement": "chest"}',
            SelectPlacement(at_s=AT_S, sensor="a", placement="chest"),
        ),
        ("target_tempo", b"2.5", SetTarget(at_s=AT_S, eccentric_s=2.5)),
        (
            "target_tempo",
            b"3-1-1-0",
            SetTarget(
                at_s=AT_S,
                eccentric_s=3.0,
                pause_lengthened_s=1.0,
                concentric_s=1.0,
                pause_shortened_s=0.0,
            ),
        ),
        ("target_tempo", b'{"eccentric_s": 3, "cmd_id": 4}', SetTarget(at_s=AT_S, eccentric_s=3)),
        ("arm", b"", Arm(at_s=AT_S)),
        ("arm", b"PRESS", Arm(at_s=AT_S)),
        ("arm", b"OFF", Arm(at_s=AT_S, armed=False)),
        ("arm", b"true", Arm(at_s=AT_S)),
        ("arm", b'{"armed": false}', Arm(at_s=AT_S, armed=False)),
        ("end_set", b"", EndSet(at_s=AT_S)),
        ("end_set", b"PRESS", EndSet(at_s=AT_S)),
        ("end_set", b'{"schema": 1, "cmd": "end_set"}', EndSet(at_s=AT_S)),
        ("correct_count", b"8", CorrectCount(at_s=AT_S, rep_count=8)),
        ("correct_count", b'{"rep_count": 0}', CorrectCount(at_s=AT_S, rep_count=0)),
        ("reset", b" ", Reset(at_s=AT_S)),
        ("rest_target_s", b"90", SetRestTarget(at_s=AT_S, rest_target_s=90.0)),
        ("rest_target_s", b"None", SetRestTarget(at_s=AT_S, rest_target_s=None)),
        ("load", b"22.5", SetLoad(at_s=AT_S, load_kg=22.5)),
        ("load", b'{"load_kg": null, "side": "left"}', SetLoad(at_s=AT_S, side="left")),
        ("plan", b"", SetPlan(at_s=AT_S, sets=())),
        (
            "plan",
            b'{"sets": [{"exercise": "pull_up", "reps": 8}]}',
            SetPlan(at_s=AT_S, sets=(PlannedSet(exercise="pull_up", reps=8),)),
        ),
    ],
)
def test_objects_and_bare_values_become_commands(cmd, payload, wanted):
    assert command(cmd, payload) == wanted


def test_every_command_has_a_bare_form():
    for cmd in COMMANDS:
        bare = {"exercise": b"x", "placement": b"x", "target_tempo": b"2", "correct_count": b"1"}.get(
            cmd, b""
        )
        assert read_request("rack-1", cmd, bare).cmd == cmd


def test_a_bare_placement_is_for_the_sensor_the_caller_names():
    assert command("placement", b"chest", sensor="wrist") == SelectPlacement(
        at_s=AT_S, sensor="wrist", placement="chest"
    )
    with pytest.raises(InputError, match="sensor"):
        command("placement", b"chest")


@pytest.mark.parametrize("cmd_id", [None, "k-1", 17])
def test_the_id_of_a_request_is_kept(cmd_id):
    payload = b'{"cmd_id": %s}' % {None: b"null", "k-1": b'"k-1"', 17: b"17"}[cmd_id]

    assert read_request("rack-1", "reset", payload) == Request("rack-1", "reset", cmd_id, {})


@pytest.mark.parametrize(
    ("cmd", "payload", "reason"),
    [
        ("exercize", b"pull_up", "Did you mean 'exercise'"),
        ("diet", b"{}", "no such command"),
        ("exercise", b"x" * (MOST_BYTES + 1), "too many"),
        ("exercise", b"\xff\xfe", "UTF-8"),
        ("exercise", b"{", "not JSON"),
        ("exercise", b'{"exercise": NaN}', "not JSON"),
        ("exercise", b'{"a":' * 700 + b"1" + b"}" * 500, "not JSON"),
        ("exercise", b"[" * 4000, "not JSON"),
        ("exercise", b"[1]", "list"),
        ("correct_count", b'{"rep_count": %s}' % (b"9" * 4000), "not JSON"),
        ("correct_count", b"-1", "whole number"),
        ("correct_count", "٣".encode(), "whole number"),
        ("correct_count", b"", "whole number"),
        ("target_tempo", b"", "tempo"),
        ("target_tempo", b"3-1", "tempo"),
        ("target_tempo", b"3-1-1-x", "tempo"),
        ("target_tempo", b"-2", "tempo"),
        ("arm", b"maybe", "neither on nor off"),
        ("end_set", b"no", "button"),
        ("reset", b"false", "button"),
        ("reset", b'{"cmd": "arm"}', "another command"),
        ("reset", b'{"schema": 2}', "schema"),
        ("reset", b'{"at_s": 1}', "at_s"),
        ("reset", b'{"cmd_id": {}}', "cmd_id"),
        ("reset", b'{"cmd_id": true}', "cmd_id"),
        ("reset", b'{"cmd_id": "%s"}' % (b"x" * 65), "cmd_id"),
    ],
)
def test_other_messages_are_refused_with_the_reason(cmd, payload, reason):
    with pytest.raises(Refused, match=reason):
        read_request("rack-1", cmd, payload)


@pytest.mark.parametrize(
    ("cmd", "payload", "reason"),
    [
        ("exercise", b"", "needs 'exercise'"),
        ("exercise", b'{"exercise": 3}', "not text"),
        ("reset", b'{"no": 1}', "unknown key 'no'"),
        ("correct_count", b"99999", "whole number"),
        ("target_tempo", b"nan", "not a number"),
        ("target_tempo", b'{"eccentric_s": 1e999}', "not a number"),
    ],
)
def test_wrong_fields_are_refused_when_the_command_is_built(cmd, payload, reason):
    with pytest.raises(InputError, match=reason):
        command(cmd, payload)


def test_a_refusal_keeps_the_id_and_names_every_fault():
    with pytest.raises(Refused) as caught:
        read_request("rack-1", "reset", b'{"cmd_id": "k", "schema": 9, "cmd": "arm", "at_s": 0}')

    assert caught.value.cmd_id == "k"
    assert len(caught.value.problems) == 3


def test_any_bytes_are_understood_or_refused_never_more():
    chance = random.Random(4)  # noqa: S311 - seeded, no secret
    alphabet = [
        b'{"',
        b'"',
        b":",
        b"{",
        b"}",
        b"[",
        b",",
        b"1",
        b"e9",
        b"\\ud800",
        b"-",
        b"\xc3",
        b"exercise",
    ]
    for _ in range(3000):
        payload = b"".join(chance.choices(alphabet, k=chance.randrange(12)))
        for cmd in COMMANDS:
            with contextlib.suppress(InputError):
                assert command(cmd, payload).name == cmd
