"""What people and programs read on the terminal."""

import json
import os
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace

import pytest

from repcount.app.output import JsonLines, Sentences, forget_stdout, sentence
from repcount.events import (
    CountCorrected,
    FaultReason,
    NotificationRejected,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    StreamGap,
    Style,
    TempoCue,
    event_to_dict,
)

SAID = {"station": "rack-1", "happened_s": 8.5, "said_s": 9.25}
STARTED = SetStarted(**SAID, set_index=2, exercise="pull_up", start_s=5.0)
COUNTED = RepCounted(**SAID, set_index=2, rep_index=3, rep_count=3)
COMPLETED = RepCompleted(
    **SAID,
    set_index=2,
    rep_index=3,
    start_s=5.0,
    turn_s=6.0,
    end_s=8.5,
    eccentric_s=2.04,
    pause_lengthened_s=None,
    concentric_s=1.0,
    pause_shortened_s=0.5,
    controlled=True,
    partial=False,
    rom_deg=None,
    rom_m=None,
    mean_concentric_velocity_m_s=None,
    depth_deg=None,
    trunk_sway_deg=None,
)
ENDED = SetEnded(
    **SAID,
    set_index=2,
    exercise="pull_up",
    rep_count=1,
    start_s=5.0,
    end_s=8.5,
    reps=(),
    time_under_tension_s=3.5,
    mean_tempo=None,
    best_rep_index=None,
    rom_loss_ratio=None,
    velocity_loss_ratio=None,
)


@contextmanager
def reader_has_left():
    """A stdout whose reader has left."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as broken, redirect_stdout(broken):
        yield
        forget_stdout()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (STARTED, "set 2: pull_up"),
        (COUNTED, "     3"),
        (COMPLETED, "       rep 3: eccentric 2.0 s, concentric 1.0 s, controlled"),
        (
            replace(COMPLETED, eccentric_s=None, concentric_s=None, controlled=False, partial=True),
            "       rep 3: no lowering, partial, not controlled",
        ),
        (
            replace(COMPLETED, rom_m=0.523, mean_concentric_velocity_m_s=0.478, style=Style.KIPPING),
            "       rep 3: eccentric 2.0 s, concentric 1.0 s, 0.52 m at 0.48 m/s, kipping, controlled",
        ),
        (
            replace(COMPLETED, depth_deg=81.6, trunk_sway_deg=7.4, style=Style.STRICT, controlled=None),
            "       rep 3: eccentric 2.0 s, concentric 1.0 s, 82° deep, trunk 7°",
        ),
        (replace(COMPLETED, controlled=None), "       rep 3: eccentric 2.0 s, concentric 1.0 s"),
        (
            RepRetracted(**SAID, set_index=2, rep_index=3, reason="dismount"),
            "       rep 3 taken back: dismount",
        ),
        (TempoCue(**SAID, cue="slow_down", set_index=2, rep_index=3), "       slow down"),
        (ENDED, "set 2 ended: 1 rep of pull_up"),
        (CountCorrected(**SAID, set_index=2, rep_count=8, was=7), "set 2 corrected: 8 reps, not 7"),
        (
            StreamGap(**SAID, sensor="wrist", start_s=7.0, end_s=8.5, lost_notifications=3),
            "wrist sent nothing for 1.5 s",
        ),
    ],
)
def test_an_event_is_a_line_with_its_time(event, said):
    assert sentence(event) == f"     9.2 s  {said}"


def test_what_people_do_not_miss_is_not_said(capsys):
    Sentences().events([NotificationRejected(**SAID, sensor="w", reason=FaultReason.LENGTH, rejected=1)])
    assert capsys.readouterr() == ("", "")


def test_a_recording_without_a_set_is_told_from_one_with_a_set(capsys):
    sink = Sentences()
    sink.ended(12.0)
    assert capsys.readouterr().out == "no set in 12.0 s: is it the right exercise?\n"
    sink.events([ENDED])
    capsys.readouterr()
    sink.ended(12.0)
    assert capsys.readouterr().out == ""


def test_programs_get_a_line_of_json_for_each_event_and_nothing_else(capsys):
    sink = JsonLines()
    sink.events([STARTED, COMPLETED, ENDED])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == json.loads(json.dumps([event_to_dict(event) for event in (STARTED, COMPLETED, ENDED)]))


def test_a_reader_that_left_ends_a_script():
    with reader_has_left(), pytest.raises(BrokenPipeError):
        JsonLines().events([STARTED])


def test_a_service_outlives_its_reader_and_says_so_once(capsys):
    sink = JsonLines(outlive_reader=True)
    with reader_has_left():
        for _ in range(3):
            sink.events([STARTED])
    assert capsys.readouterr().err == "nobody reads the events any more; counting goes on\n"
