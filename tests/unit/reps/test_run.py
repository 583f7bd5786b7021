"""One more of the same, or not: poses decide, whatever any one axis shows."""

import math

import pytest

from repcount.exercises import EXERCISES
from repcount.exercises.model import TurnLoad
from repcount.reps.run import HalfRep, Run, angle_deg, could_be, distance
from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import Extremum

TICK_HZ = 25.0
PULL_UP = EXERCISES["pull_up"].movements["wrist"]
ROW = EXERCISES["bent_over_row"].movements["wrist"]


def tilted(angle, roll=0.0, size=1.0):
    """The pose of a forearm tilted by `angle` and rolled by `roll`, degrees."""
    a, r = math.radians(angle), math.radians(roll)
    return (size * math.cos(a), size * math.sin(a) * math.cos(r), size * math.sin(a) * math.sin(r))


def half(start_s, turn_s, start=None, turn=None):
    ticks = round(start_s * TICK_HZ), round(turn_s * TICK_HZ)
    return HalfRep(Extremum(ticks[0], start or tilted(0)), Extremum(ticks[1], turn or tilted(26)))


def run_of(*halves):
    first = halves[0]
    range_g = distance(first.start.pose, first.turn.pose)
    run = Run(
        0,
        peak_first=False,
        halves=[first],
        ends=[None],
        start=first.start.pose,
        turn=first.turn.pose,
        range_g=range_g,
    )
    for one in halves[1:]:
        run.returned(one.start, 0.0, RunParams())
        assert run.joins(one, one.start, PULL_UP, RunParams(), TICK_HZ)
    return run


def joins(run, one):
    run.returned(one.start, 0.0, RunParams())
    return run.joins(one, one.start, PULL_UP, RunParams(), TICK_HZ)


def test_the_same_again_joins():
    run = run_of(half(0, 1), half(3, 4), half(6, 7))
    assert run.reps == 3
    assert run.pace_s == 3.0
    assert run.likeness == 2.0


@pytest.mark.parametrize(
    "other",
    [
        half(6, 7, start=tilted(12)),
        half(6, 7, turn=tilted(40)),
        half(6, 7, start=tilted(26, 90), turn=tilted(52, 90)),
        half(6, 7, start=tilted(0), turn=tilted(7)),
        half(30, 31),
        half(4.6, 5.0),
    ],
    ids=["starts elsewhere", "turns elsewhere", "all elsewhere", "too small", "too late", "too soon"],
)
def test_what_starts_or_turns_elsewhere_or_at_another_pace_does_not_join(other):
    run = run_of(half(0, 1), half(3, 4))
    assert not joins(run, other)
    assert run.reps == 2


def test_a_run_follows_slow_change_but_not_a_jump():
    run = run_of(half(0, 1))
    for k in range(1, 12):
        assert joins(run, half(3 * k, 3 * k + 1, start=tilted(1.5 * k), turn=tilted(26 + 1.5 * k)))
    assert not joins(run, half(36, 37))


def test_passing_over_a_movement_costs_likeness():
    run, whole = run_of(half(0, 1)), run_of(half(0, 1))
    run.returned(Extremum(60, tilted(10)), 0.1, RunParams())
    after = half(3, 4)
    assert run.joins(after, after.start, PULL_UP, RunParams(), TICK_HZ)
    assert joins(whole, half(3, 4))
    assert run.likeness == whole.likeness - RunParams().skip_penalty
    assert run.pace_s is None


def test_a_rep_under_way_ends_once():
    run = run_of(half(0, 1))
    assert run.is_under_way
    run.returned(Extremum(60, tilted(0)), 0.0, RunParams())
    assert not run.is_under_way


@pytest.mark.parametrize(("off_share", "reps"), [(0.1, 3), (0.6, 2)], ids=["comes back", "goes on"])
def test_a_small_movement_of_a_hand_on_a_bar_is_a_partial_rep_if_it_comes_back(off_share, reps):
    run = run_of(half(0, 1), half(3, 4))
    assert joins(run, half(6, 7, turn=tilted(12)))
    assert run.on_trial
    run.returned(Extremum(190, tilted(0)), off_share * run.range_g, RunParams())
    assert run.reps == len(run.ends) == reps
    assert not run.on_trial
    likeness = 1.0 + RunParams().partial_likeness * (reps == 3)
    assert run.likeness == pytest.approx(likeness)


@pytest.mark.parametrize(("turned_deg", "fits"), [(6, True), (0, False)], ids=["turns", "is only pushed"])
def test_a_part_of_a_rep_that_is_mostly_thrown_turns_too(turned_deg, fits):
    start, turn = tilted(0, size=1.3), tilted(12, size=0.75)
    run = run_of(half(0, 1, start, turn), half(3, 4, start, turn))
    assert joins(run, half(6, 7, start, tilted(turned_deg, size=1.0))) == fits


@pytest.mark.parametrize(
    ("candidate", "fits"),
    [
        (half(0, 1), True),
        (half(0, 0.3), False),
        (half(0, 20), False),
        (half(0, 1, turn=tilted(8)), False),
        (half(0, 1, turn=tilted(80)), False),
        (half(0, 1, turn=tilted(26, size=1.5)), False),
    ],
    ids=["a pull-up", "too quick", "too slow", "too small", "too far", "too strong"],
)
def test_only_what_could_be_the_exercise_begins_a_run(candidate, fits):
    assert could_be(PULL_UP, candidate, TICK_HZ) is fits


def test_a_thrown_hand_feels_less_at_the_turn_not_more():
    assert ROW.turn_load is TurnLoad.LESS
    thrown = half(0, 1, start=tilted(0, size=1.3), turn=tilted(20, size=0.7))
    assert could_be(ROW, thrown, TICK_HZ)
    caught = half(0, 1, start=tilted(0, size=0.7), turn=tilted(20, size=1.3))
    assert not could_be(ROW, caught, TICK_HZ)


def test_angles_and_distances():
    assert angle_deg(tilted(0), tilted(26)) == pytest.approx(26)
    assert angle_deg((0.0, 0.0, 0.0), tilted(26)) == 0.0
    assert distance(tilted(0), tilted(60)) == pytest.approx(1.0)


def test_plain_data_makes_the_same_run_again():
    run = run_of(half(0, 1), half(3, 4))
    assert Run.from_data(run.to_data()) == run
