"""When a rep was over: where the limb came back to its start, not where it stopped on its way."""

from dataclasses import replace

import numpy as np
import pytest

from repcount.reps.detector_params import DetectorParams
from repcount.reps.history import MotionHistory
from repcount.reps.phases import Span
from repcount.reps.reader import Reader
from repcount.reps.run import HalfRep, Run
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Delays, Timing
from repcount.reps.zigzag import Extremum
from repcount.samples import QUICK, SIGNALS, UP

TICK_S = 0.04
TIMING = Timing(TICK_S, Delays(0.4, 0.1))
TURNED_RAD = 0.5
START_UP, TURN_UP = (0.0, 0.0, 1.0), (float(np.sin(TURNED_RAD)), 0.0, float(np.cos(TURNED_RAD)))
BEGAN_S, TURNED_S, STOPPED_S, OUT_AGAIN_S, BACK_S, NEXT_S = 1.0, 2.0, 3.0, 4.0, 5.5, 6.5
ROLLS = (0, BEGAN_S, TURNED_S, STOPPED_S, OUT_AGAIN_S, BACK_S, 10.0)


def rep_that_was_said_over_at_the_stop():
    return SeenRep(
        turn_tick=pose_tick(TURNED_S),
        first=Span(BEGAN_S, TURNED_S),
        second=Span(TURNED_S, STOPPED_S),
        rom_deg=None,
        size_ratio=1.0,
        start_up=START_UP,
        turn_up=TURN_UP,
    )


def pose_tick(t_s):
    return round((t_s + TIMING.delays.pose_s) / TICK_S)


HALF = HalfRep(Extremum(pose_tick(BEGAN_S), START_UP), Extremum(pose_tick(TURNED_S), TURN_UP))


def reader(shares):
    """One whose limb was this share of its way out at each of `ROLLS`, swinging from one to the next."""
    t_s = np.arange(0, 10.0, TICK_S) - TIMING.delays.quick_s
    between = np.clip(np.searchsorted(ROLLS, t_s, "right") - 1, 0, len(ROLLS) - 2)
    rolls, out = np.array(ROLLS), np.array(shares)
    gone = (t_s - rolls[between]) / (rolls[between + 1] - rolls[between])
    share = out[between] + (out[between + 1] - out[between]) * (1 - np.cos(np.pi * np.clip(gone, 0, 1))) / 2
    signals = np.zeros((len(t_s), SIGNALS))
    angle = TURNED_RAD * share
    signals[:, UP] = signals[:, QUICK] = np.column_stack((np.sin(angle), 0 * angle, np.cos(angle)))
    history = MotionHistory(len(signals))
    for tick, row in enumerate(signals):
        history.add(tick, row)
    return Reader(history, TIMING, DetectorParams())


def test_a_rep_goes_on_where_the_forearm_rolled_back_halfway_and_out_again():
    rep = rep_that_was_said_over_at_the_stop()
    reader((0, 0, 1, 0.25, 0.95, 0, 0)).complete_before(rep, HALF, pose_tick(NEXT_S))
    assert rep.second.start_s == pytest.approx(OUT_AGAIN_S, abs=0.2)
    assert rep.second.end_s == pytest.approx(BACK_S, abs=0.25)
    assert rep.first.end_s == pytest.approx(TURNED_S, abs=0.2)


@pytest.mark.parametrize(
    "shares",
    [
        pytest.param((0, 0, 1, 0, 0.95, 0, 0), id="it was back, and what came after is no part of it"),
        pytest.param((0, 0, 1, 0.25, 0.4, 0, 0), id="it did not go out again"),
        pytest.param((0, 0, 1, 0.25, 0.95, 0.5, 0.5), id="it did not come back after that either"),
    ],
)
def test_else_a_rep_is_over_where_it_was_said_to_be(shares):
    rep = rep_that_was_said_over_at_the_stop()
    reader(shares).complete_before(rep, HALF, pose_tick(NEXT_S))
    assert rep == rep_that_was_said_over_at_the_stop()


def test_a_rep_that_was_read_in_hindsight_is_not_read_again():
    rep, known = (replace(rep_that_was_said_over_at_the_stop(), settled=True) for _ in range(2))
    reader((0, 0, 1, 0.25, 0.95, 0, 0)).complete_before(rep, HALF, pose_tick(NEXT_S))
    assert rep == known


def test_a_rep_that_is_seen_to_start_with_the_stream_begins_where_the_limb_left():
    half = HALF._replace(start=Extremum(0, START_UP))
    run = Run.begun(0, False, half, settled=1.0)
    reads = reader((0, 0, 1, 0, 0, 0, 0))
    rep = reads.see(run, half)
    assert rep.rom_deg == pytest.approx(np.degrees(TURNED_RAD), abs=1)
    reads.complete_before(rep, half, pose_tick(STOPPED_S))
    assert rep.first.start_s == pytest.approx(BEGAN_S, abs=0.25)


def test_of_a_rep_that_is_forgotten_what_another_run_saw_is_kept_though_it_saw_it_turn_at_another_time():
    later = HALF._replace(turn=Extremum(HALF.turn.tick + 20, TURN_UP))
    reads, seen = reader((0, 0, 1, 0, 0, 0, 0)), [rep_that_was_said_over_at_the_stop()]
    assert reads.known(later, seen) is None
    for tick in range(reads.history.newest + 1, 2 * reads.history.newest):
        reads.history.add(tick, np.zeros(SIGNALS))
    assert reads.known(later, seen).first == seen[0].first
