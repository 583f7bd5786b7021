"""Finding the set in the movement of poses, while it happens."""

import math

import numpy as np
import pytest

from repcount.exercises import EXERCISES
from repcount.reps.missed import missed_before
from repcount.reps.recurrence import Recurrence
from repcount.reps.recurrence_params import RecurrenceParams
from repcount.reps.run import HalfRep, Run
from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import Extremum

TICK_HZ = 25.0
PULL_UP = EXERCISES["pull_up"].movements["wrist"]


def pose(angle, roll=0.0):
    a, r = math.radians(angle), math.radians(roll)
    return np.array([math.cos(a), math.sin(a) * math.cos(r), math.sin(a) * math.sin(r)])


def path(*stops):
    """Poses tick by tick through stops `(pose, seconds on the way there)`, each way smooth."""
    at, ticks = stops[0][0], []
    for to, way_s in stops:
        x = np.linspace(0, 1, round(way_s * TICK_HZ) + 1)[1:, None]
        ticks.append(at + (to - at) * x**3 * (10 - 15 * x + 6 * x**2))
        at = to
    return np.concatenate(ticks)


def signals(pose_g, activity_g=0.0):
    """A row of `MotionBatch.signals` of a hand that moves slowly."""
    return np.concatenate([pose_g, pose_g, pose_g / np.linalg.norm(pose_g), [activity_g], np.zeros(3)])


def recurrence(movement=PULL_UP):
    stage = Recurrence()
    stage.arm(movement, 0)
    return stage


def led(poses, stage=None):
    """The most reps the lead has had, and the lead now."""
    stage, most = stage or recurrence(), 0
    for tick, one in enumerate(poses):
        stage.feed(tick, signals(one))
        most = max(most, stage.lead.reps if stage.lead else 0)
    return most, stage.lead


HANG, TOP, REST = pose(0), pose(26), [(pose(0), 2.0)]
REP = [(TOP, 1.0), (TOP, 0.3), (HANG, 1.5), (HANG, 0.3)]


@pytest.mark.parametrize("reps", [2, 5, 9])
def test_every_rep_is_seen_once(reps):
    most, lead = led(path(*REST, *REP * reps, *REST))
    assert most == lead.reps == reps


def test_two_humps_on_the_way_do_not_double_the_count():
    middle = pose(25, 65)
    humps = [(middle, 0.6), (TOP, 0.6), (middle, 0.8), (HANG, 0.8)]
    bank_sees = path(*REST, *humps * 5, *REST)
    along = bank_sees @ np.array([0.0, 0.0, 1.0])
    assert np.sum(np.diff(np.sign(np.diff(along[along != 0]))) < 0) >= 10
    assert led(bank_sees)[0] == 5


def test_one_movement_is_no_set():
    assert led(path(*REST, *REP, *REST))[1] is None


def test_the_same_movement_from_elsewhere_is_not_the_same_set():
    elsewhere = [(pose(60, 180), 1.0), (pose(86, 180), 1.0), (pose(60, 180), 1.5)]
    most, lead = led(path(*REST, *REP * 3, *elsewhere * 2))
    assert most == 3
    assert lead.turn == pytest.approx(tuple(TOP), abs=0.05)


@pytest.mark.parametrize("turn", [pose(8), pose(90)])
def test_a_movement_that_is_not_the_exercise_is_never_a_set(turn):
    other = [(turn, 1.0), (HANG, 1.5)]
    assert led(path(*REST, *other * 6))[1] is None


def test_nothing_is_found_while_nothing_is_looked_for():
    assert led(path(*REST, *REP * 4), recurrence(None))[1] is None


def test_what_began_before_it_was_armed_does_not_count():
    poses = path(*REST, *REP * 6)
    armed_tick = round((2.0 + 2 * 3.1) * TICK_HZ)
    stage = Recurrence()
    for tick, one in enumerate(poses):
        if tick == armed_tick:
            stage.arm(PULL_UP, tick)
        stage.feed(tick, signals(one))
    assert stage.lead.reps in {3, 4}
    assert stage.lead.first_tick >= armed_tick


def a_run(likeness, *, track=0, first_tick=0, reps=4):
    halves = [
        HalfRep(Extremum(t, tuple(HANG)), Extremum(t + 25, tuple(TOP)))
        for t in range(first_tick, first_tick + 75 * reps, 75)
    ]
    return Run(
        track,
        peak_first=False,
        halves=halves,
        ends=[None] * reps,
        start=tuple(HANG),
        turn=tuple(TOP),
        range_g=0.45,
        pace_s=3.0,
        likeness=likeness,
        settled=1.0,
    )


@pytest.mark.parametrize(("likeness", "takes_over"), [(2.0, False), (2.1, False), (3.0, True)])
def test_a_run_takes_over_only_when_it_is_clearly_better(likeness, takes_over):
    stage, lead, other = recurrence(), a_run(2.0), a_run(likeness, track=7)
    assert stage._consider(lead, 300)
    assert stage._consider(other, 300) is takes_over
    assert stage.lead is (other if takes_over else lead)


@pytest.mark.parametrize("firm", [False, True])
def test_a_better_run_of_later_movements_takes_over_only_what_nobody_has_judged_to_be_a_set(firm):
    stage, lead, later = recurrence(), a_run(2.0), a_run(3.0, track=7, first_tick=400)
    stage._consider(lead, 300)
    stage.firm = firm
    assert stage._consider(later, 500) is not firm
    assert stage.lead is (lead if firm else later)


def test_a_run_given_up_leaves_the_lead_to_the_next_best():
    stage = recurrence()
    led(path(*REST, *REP * 3, *REST), stage)
    lead = stage.lead
    stage.give_up(lead.last_turn_tick + 50)
    assert stage.lead is not None
    assert stage.lead is not lead


def test_the_run_that_takes_the_turn_for_the_start_is_known():
    stage = recurrence()
    _, lead = led(path(*REST, *REP * 5, *REST), stage)
    reverse = stage.reverse_of_lead()
    assert reverse.start == pytest.approx(lead.turn, abs=0.05)
    assert reverse.turn == pytest.approx(lead.start, abs=0.05)


def test_who_reaches_past_the_start_before_the_set_starts_where_it_stood_still():
    reach = [(pose(0), 1.0), (pose(-25), 0.8), (HANG, 0.8), (HANG, 1.5)]
    _, lead = led(path(*reach, *REP * 4, *REST))
    assert lead.reps == 4
    assert lead.halves[0].start.pose == pytest.approx(tuple(HANG), abs=0.1)


def test_a_run_is_over_when_nothing_joined_it_for_its_limit():
    stage, run = recurrence(), a_run(3.0)
    params = RecurrenceParams()
    assert stage.idle_limit_s(run) == params.idle_paces * 3.0
    over_tick = round(stage.over_at_s(run) * TICK_HZ)
    assert not stage.is_over(run, over_tick - 1)
    assert stage.is_over(run, over_tick + 1)
    run.pace_s = 30.0
    assert stage.idle_limit_s(run) == params.idle_most_s


def test_what_it_remembers_does_not_grow_with_hours_of_movement():
    rng, stage, sizes = np.random.default_rng(1), recurrence(), []
    around = [
        (pose(float(a), float(r)), float(s))
        for a, r, s in zip(
            rng.uniform(0, 90, 300), rng.uniform(0, 360, 300), rng.uniform(0.4, 2.5, 300), strict=True
        )
    ]
    for tick, one in enumerate(path(*around)):
        stage.feed(tick, signals(one, 0.05))
        if tick % 2500 == 2499:
            sizes.append(sum(len(runs) for runs in stage._runs.values()))
    assert max(sizes) <= 2 * 2 * len(stage.bank.threshold_g)


PART = [(pose(14), 0.8), (pose(14), 0.3), (HANG, 1.0), (HANG, 0.3)]


def test_a_first_rep_cut_short_is_looked_back_for_once_there_are_enough_to_tell():
    few, _ = led(path(*REST, *PART, *REP * 2, *REST))
    most, lead = led(path(*REST, *PART, *REP * 4, *REST))
    assert (few, most) == (2, 5)
    assert lead.halves[0].start.tick == pytest.approx(2 * TICK_HZ, abs=4)
    assert lead.halves[0].turn.tick == pytest.approx(2.8 * TICK_HZ, abs=8)
    assert [half.turn.tick for half in lead.halves] == sorted(half.turn.tick for half in lead.halves)


@pytest.mark.parametrize("at", [1, 4])
def test_a_smaller_rep_among_the_others_is_taken_where_there_was_time_for_it(at):
    most, lead = led(path(*REST, *REP * at, *PART, *REP * (6 - at), *REST))
    assert most == 7
    turns = [half.turn.tick for half in lead.halves]
    assert turns == sorted(turns)


def test_a_smaller_rep_is_missed_too_by_who_took_it_for_the_start_of_the_next():
    run = led(path(*REST, *REP * 4, *REST))[1]
    before, after = run.halves[0], run.halves[2]
    passed = run.halves.pop(1)
    run.ends.pop(1)
    run.halves[1] = after._replace(start=passed.start)
    stage = recurrence()
    smaller = path(*REST, *REP, *PART, *REP * 2, *REST)
    led(smaller, stage)

    missed = missed_before(1, run, stage.history, PULL_UP, RunParams(), TICK_HZ)

    assert before.turn.tick < missed.half.start.tick < missed.half.turn.tick < missed.then.tick
    assert missed.then.tick < after.turn.tick


def test_nothing_is_taken_between_reps_that_follow_each_other_though_the_limb_goes_back_in_two_steps():
    humps = [(TOP, 1.0), (TOP, 0.3), (pose(3), 0.8), (pose(11), 0.5), (HANG, 0.8), (HANG, 0.3)]
    most, _ = led(path(*REST, *humps * 6, *REST))
    assert most == 6


@pytest.mark.parametrize(
    "first",
    [
        [(pose(5), 0.6), (pose(5), 0.3), (HANG, 0.6), (HANG, 0.3)],
        [(pose(-14), 0.8), (pose(-14), 0.3), (HANG, 1.0), (HANG, 0.3)],
        [(pose(14, roll=90), 0.8), (pose(14, roll=90), 0.3), (HANG, 1.0), (HANG, 0.3)],
        [*PART, (HANG, 12.0)],
        [(1.2 * HANG, 0.8), (1.2 * HANG, 0.3), (HANG, 1.0), (HANG, 0.3)],
    ],
    ids=["too small", "the other way", "aside", "long before", "a push that does not turn"],
)
def test_what_came_before_the_first_rep_and_goes_otherwise_is_none(first):
    most, _ = led(path(*REST, *first, *REP * 4, *REST))
    assert most == 4


def test_nothing_is_looked_back_for_before_the_exercise_was_chosen():
    stage = recurrence()
    stage.arm(PULL_UP, round(3.5 * TICK_HZ))
    most, _ = led(path(*REST, *PART, *REP * 4, *REST), stage)
    assert most == 4


def test_nor_across_a_gap():
    stage, most = recurrence(), 0
    for tick, one in enumerate(path(*REST, *PART, *REP * 4, *REST)):
        if 62 <= tick < 66:
            stage.history.add(tick, signals(one), hidden=True)
            continue
        stage.feed(tick, signals(one))
        most = max(most, stage.lead.reps if stage.lead else 0)
    assert most == 4
