"""The times of a set that is over: nearer to how it was than those said live, and kept only if they agree."""

from dataclasses import astuple, replace
from functools import cache

import numpy as np
import pytest
from simulated import a_set

from repcount.exercises import EXERCISES
from repcount.motion.tracker import Motion
from repcount.reps.detector import Detector
from repcount.reps.detector_params import DetectorParams
from repcount.reps.hindsight import Hindsight
from repcount.reps.history import MotionHistory
from repcount.reps.phases import Span
from repcount.reps.run import HalfRep
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Delays, Timing
from repcount.reps.zigzag import Extremum
from repcount.samples import QUICK, RATE, SIGNALS, UP

TICK_S, DELAYS = 0.04, Delays(0.4, 0.1)
TIMING = Timing(TICK_S, DELAYS)
REPS, BEFORE_S, GOING_S, PAUSE_S, COMING_S, REST_S = 6, 2.0, 1.2, 0.4, 2.0, 0.6
REP_S = GOING_S + PAUSE_S + COMING_S + REST_S
TURNED_RAD = 0.6
START_UP, TURN_UP = (0.0, 0.0, 1.0), (float(np.sin(TURNED_RAD)), 0.0, float(np.cos(TURNED_RAD)))
TRUE = [
    (Span(start_s, start_s + GOING_S), Span(start_s + GOING_S + PAUSE_S, start_s + REP_S - REST_S))
    for start_s in (BEFORE_S + REP_S * np.arange(REPS)).tolist()
]


def minimum_jerk(x):
    x = np.clip(x, 0, 1)
    return x**3 * (10 - 15 * x + 6 * x**2)


def way(t_s):
    """Share of the way at `t_s`, of all the reps."""
    return sum(
        minimum_jerk((t_s - there.start_s) / GOING_S) - minimum_jerk((t_s - back.start_s) / COMING_S)
        for there, back in TRUE
    )


@cache
def rows():
    """What a forearm with a gyroscope shows of the reps, a row a tick."""
    t_s = np.arange(0, TRUE[-1][1].end_s + 2.0, TICK_S) - DELAYS.quick_s
    angle, rate = TURNED_RAD * way(t_s), TURNED_RAD * (way(t_s + 1e-3) - way(t_s - 1e-3)) / 2e-3
    signals = np.zeros((len(t_s), SIGNALS))
    signals[:, UP] = signals[:, QUICK] = np.column_stack((np.sin(angle), 0 * angle, np.cos(angle)))
    signals[:, RATE] = np.column_stack((0 * rate, rate, 0 * rate))
    return signals


def history():
    remembered = MotionHistory(len(rows()))
    for tick, row in enumerate(rows()):
        remembered.add(tick, row)
    return remembered


def half_of(there):
    """Where the run has the ends of the rep: on the pose, which is later, and not exactly."""
    start, turn = (round((t_s + DELAYS.pose_s) / TICK_S) for t_s in (there.start_s - 0.1, there.end_s + 0.2))
    return HalfRep(Extremum(start, START_UP), Extremum(turn, TURN_UP))


def seen(late_s):
    """The reps as they were seen live, each of their four times as late as its column of (REPS, 4) says."""
    return [
        SeenRep(
            turn_tick=half_of(there).turn.tick,
            first=Span(there.start_s + a, there.end_s + b),
            second=Span(back.start_s + c, back.end_s + d),
            rom_deg=None,
            size_ratio=1.0,
            start_up=START_UP,
            turn_up=TURN_UP,
        )
        for (there, back), (a, b, c, d) in zip(TRUE, late_s, strict=True)
    ]


def settled(reps, stage=None):
    """Hindsight that has read the reps as they came."""
    stage = stage or Hindsight(history(), TIMING, DetectorParams())
    stage.know(reps)
    halves = [half_of(there) for there, _ in TRUE]
    for k, rep in enumerate(reps):
        stage.settle(rep, halves[k], (reps[k + 1], halves[k + 1]) if k + 1 < len(reps) else None)
    return stage


def times_s(reps):
    """(N, 4): from when to when each rep went and came back."""
    return np.array([astuple(rep.first) + astuple(rep.second) for rep in reps])


TRUE_S = np.array([astuple(there) + astuple(back) for there, back in TRUE])
UNSTEADY_S = np.random.default_rng(3).normal(0, 0.15, (REPS, 4))


def test_times_read_unsteadily_come_near_the_truth():
    reps = seen(UNSTEADY_S)
    settled(reps).improve(reps)
    assert np.max(np.abs(times_s(reps) - TRUE_S)) < 0.1
    assert np.mean(np.abs(times_s(reps) - TRUE_S)) < np.mean(np.abs(UNSTEADY_S)) / 2


def test_what_is_read_does_not_hang_on_what_was_said_live():
    one, other = seen(UNSTEADY_S), seen(-UNSTEADY_S)
    for reps in (one, other):
        settled(reps).improve(reps)
    assert times_s(one) == pytest.approx(times_s(other), abs=0.05)


@pytest.mark.parametrize(("stretched", "is_kept"), [(1.0, True), (1.05, True), (1.6, False)])
def test_a_reading_in_which_the_reps_are_less_alike_is_not_kept(stretched, is_kept):
    """Every second way there is stretched; live every rep was read alike, and all a little late."""
    reps = seen(np.full((REPS, 4), 0.3))
    stage, live_s = settled(reps), times_s(reps)
    for rep in reps[::2]:
        going, coming = rep.middles
        rep.middles = (replace(going, end_s=going.start_s + stretched * going.duration_s), coming)
    stage.improve(reps)
    moved_s = np.max(np.abs(times_s(reps) - live_s))
    assert moved_s > 0.1 if is_kept else moved_s == 0.0


def test_movements_read_into_one_another_share_the_time_between():
    reps = seen(UNSTEADY_S)
    stage = settled(reps)
    for rep in reps:
        going, coming = rep.middles
        rep.middles = (replace(going, end_s=coming.start_s + 0.1), coming)
    stage.improve(reps)
    assert all(rep.first.end_s == rep.second.start_s for rep in reps)


def test_a_rep_that_is_not_over_or_does_not_show_keeps_its_times():
    reps = seen(UNSTEADY_S)
    stage, live_s = settled(reps), times_s(reps)
    reps[1].middles = (None, reps[1].middles[1])
    reps[-1] = replace(reps[-1], second=None)
    stage.improve(reps)
    assert np.array_equal(times_s(reps[1:2]), live_s[1:2])
    assert reps[-1].second is None
    assert np.max(np.abs(times_s(reps[2:5]) - TRUE_S[2:5])) < 0.1


def test_a_rep_is_read_once_and_one_that_is_forgotten_not_at_all():
    reps = seen(UNSTEADY_S)
    stage = settled(reps)
    middles, known = [rep.middles for rep in reps], stage.snapshot()
    settled(reps, stage)
    assert ([rep.middles for rep in reps], stage.snapshot()) == (middles, known)

    forgotten = seen(UNSTEADY_S)
    settled(forgotten, Hindsight(MotionHistory(10), TIMING, DetectorParams()))
    assert [rep.middles for rep in forgotten] == [(None, None)] * REPS


def test_what_it_has_learned_survives_a_snapshot_and_no_reset():
    reps = seen(UNSTEADY_S)
    stage, other = settled(reps), Hindsight(history(), TIMING, DetectorParams())
    fresh = other.snapshot()
    other.restore(stage.snapshot())
    again = [replace(rep) for rep in reps]
    stage.improve(reps)
    other.improve(again)
    assert np.array_equal(times_s(again), times_s(reps))
    other.reset()
    assert other.snapshot() == fresh != stage.snapshot()


@pytest.mark.parametrize("exercise", ["pull_up", "lat_pulldown", "reverse_fly"])
def test_of_simulated_sets_the_phases_are_nearer_the_truth_once_the_set_is_over(exercise):
    before_s, after_s = [], []
    for seed in range(4):
        simulation = a_set(exercise, reps=6, seed=seed)
        (piece,), _ = Motion().feed(simulation.batch)
        detector = Detector(Delays(piece.motion.pose_delay_s, piece.motion.quick_delay_s))
        detector.arm(EXERCISES[exercise].movements["wrist"], 0)
        true_s = [(rep.turn_s, rep.concentric_s, rep.eccentric_s) for rep in simulation.reps]
        for tick, signals in enumerate(piece.motion.signals):
            detector.feed(tick, signals)
            if tick * TICK_S > simulation.reps[-1].end_s + 2.0:
                break
        live = [replace(rep) for rep in detector.seen if rep.second is not None]
        for reps, errors_s in ((live, before_s), (detector.ended(trusted=True), after_s)):
            errors_s += list(errors_of(reps, true_s))
    assert len(after_s) >= 4 * 6 - 2
    assert np.mean(after_s) < 0.9 * np.mean(before_s)


def errors_of(reps, true_s):
    """How far off the durations of both phases are, s, of each rep that there was."""
    for rep in reps:
        turn_s, going_s, coming_s = min(true_s, key=lambda true: abs(true[0] - rep.first.end_s))
        if abs(turn_s - rep.first.end_s) < 1.0:
            yield abs(rep.first.duration_s - going_s) + abs(rep.second.duration_s - coming_s)
