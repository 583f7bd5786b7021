"""Which end reps begin at is told by many signs, each of which may be wrong."""

import numpy as np
import pytest

from repcount.exercises.pull_up import MODEL as PULL_UP
from repcount.exercises.reverse_fly import MODEL as FLY
from repcount.reps.detector_params import DetectorParams
from repcount.reps.history import MotionHistory
from repcount.reps.judge import Judge
from repcount.reps.order import order_doubt
from repcount.reps.phases import Span
from repcount.reps.run import HalfRep, Run
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Delays, Timing
from repcount.reps.upright import Upright
from repcount.reps.zigzag import Extremum
from repcount.samples import POSE, SIGNALS

TICK_S = 0.04
TIMING = Timing(TICK_S, Delays(0.4, 0.1))
BEGIN_TICK, PACE_TICKS = 1000, 100
ARC_DEG = 24.0


def doubt(*, model=PULL_UP, firsts_s=(1.0,) * 6, seconds_s=(1.0,) * 6, before_deg=(90.0,), hidden=False):
    """How much speaks against reps from 0 to 24 degrees whose phases take so long.

    Before them the arm pointed to each of `before_deg` for 4 s, the latest last; `hidden`: through a gap.
    """
    history = remembered(len(firsts_s), before_deg, hidden=hidden)
    reps = [rep(k, *lasted_s) for k, lasted_s in enumerate(zip(firsts_s, seconds_s, strict=True))]
    return order_doubt(model.movements["wrist"], *either_way(len(reps)), reps, history, TIMING)


def remembered(reps, before_deg, *, hidden=False):
    history = MotionHistory(BEGIN_TICK)
    for tick in range(BEGIN_TICK + reps * PACE_TICKS):
        row = np.zeros(SIGNALS)
        held = max(0, (BEGIN_TICK - 1 - tick) // PACE_TICKS)
        row[POSE] = pose(before_deg[::-1][min(held, len(before_deg) - 1)])
        history.add(tick, row, hidden=hidden)
    return history


def either_way(reps):
    return run(0.0, ARC_DEG, reps, 0), run(ARC_DEG, 0.0, reps, 25)


def pose(deg):
    return float(np.cos(np.radians(deg))), float(np.sin(np.radians(deg))), 0.0


def run(start_deg, turn_deg, reps, later_ticks):
    begins = [BEGIN_TICK + later_ticks + k * PACE_TICKS for k in range(reps)]
    start, turn = pose(start_deg), pose(turn_deg)
    halves = [HalfRep(Extremum(tick, start), Extremum(tick + 25, turn)) for tick in begins]
    return Run(0, False, halves, [None] * reps, start, turn, float(np.linalg.norm(np.subtract(start, turn))))


def rep(k, first_s, second_s):
    begin_s = (BEGIN_TICK + k * PACE_TICKS) * TICK_S
    first = Span(begin_s, begin_s + first_s)
    second = Span(first.end_s + 0.2, first.end_s + 0.2 + second_s)
    return SeenRep(
        round(first.end_s / TICK_S), first, second, ARC_DEG, 1.0, pose(0.0), pose(ARC_DEG), None, None
    )


def test_what_is_slower_is_the_lowering():
    assert doubt(firsts_s=(1.0,) * 6, seconds_s=(2.5,) * 6) < doubt() < doubt(firsts_s=(2.5,) * 6)


def test_who_tires_lifts_more_slowly_and_lowers_as_before():
    tiring, fresh = (1.0, 1.1, 1.2, 1.3, 1.4, 1.5), (1.25,) * 6
    assert doubt(firsts_s=tiring, seconds_s=fresh) < doubt(firsts_s=fresh, seconds_s=fresh)
    assert doubt(firsts_s=fresh, seconds_s=tiring) > doubt(firsts_s=fresh, seconds_s=fresh)


def test_one_slow_rep_is_no_tiring():
    slow_at_last = (1.0, 1.0, 1.0, 1.0, 1.0, 3.0)
    assert doubt(firsts_s=slow_at_last) == pytest.approx(doubt())


def test_an_arm_that_reaches_up_points_away_from_where_it_hung():
    away_from_start, away_from_turn = 180.0, 180.0 + ARC_DEG
    assert doubt(before_deg=(away_from_start,)) < doubt() < doubt(before_deg=(away_from_turn,))


@pytest.mark.parametrize("held_deg", [60.0, 120.0, 140.0])
def test_nothing_is_learned_from_an_arm_that_was_held_before_the_body(held_deg):
    assert doubt(before_deg=(held_deg,)) == pytest.approx(doubt())


def test_nothing_is_learned_from_an_arm_that_hung_long_ago():
    since = (90.0,) * 8  # 32 s
    assert doubt(before_deg=(204.0, *since)) == pytest.approx(doubt())


def test_how_the_arm_hung_is_not_asked_where_it_does_not_reach_up_nor_seen_through_a_gap():
    assert doubt(model=FLY, before_deg=(204.0,)) == pytest.approx(doubt(model=FLY))
    assert doubt(before_deg=(204.0,), hidden=True) == pytest.approx(doubt())


def test_how_the_arm_hung_before_a_long_set_is_not_forgotten_while_it_lasts():
    long = (1.0,) * 25  # 100 s, longer than the motion itself is remembered
    assert doubt(firsts_s=long, seconds_s=long, before_deg=(204.0,)) > doubt(
        firsts_s=long, seconds_s=long, before_deg=(180.0,)
    )


def test_reps_that_have_not_come_back_are_left_as_they_are():
    half = SeenRep(BEGIN_TICK, Span(40.0, 41.0), None, ARC_DEG, 1.0, pose(0.0), pose(ARC_DEG), None, None)
    history = MotionHistory(10)
    assert order_doubt(PULL_UP.movements["wrist"], *either_way(1), [half], history, TIMING) < 0


@pytest.mark.parametrize(
    ("away", "first_s", "turns"),
    [(False, 1.0, False), (False, 2.5, True), (True, 1.0, True), (True, 0.4, False)],
    ids=["stays", "surely the other way", "keeps to what was said", "surely not what was said"],
)
def test_what_was_said_is_kept_whichever_run_leads_now_unless_much_speaks_against_it(away, first_s, turns):
    judge = Judge(remembered(6, (90.0,)), TIMING, DetectorParams(), Upright(TICK_S))
    lead, reverse = either_way(6)
    reps = [rep(k, first_s, 1.0) for k in range(6)]
    movement = PULL_UP.movements["wrist"]
    assert judge.begins_at_other_end(movement, lead, reverse, reps, said=True, away=away) == turns
