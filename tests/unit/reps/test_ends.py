"""Getting on and getting off are unlike the reps; a rep a little off is not."""

import math
from dataclasses import replace

import numpy as np
import pytest

from repcount.reps.ends import EndParams, Lift, strangeness
from repcount.reps.phases import Span

PARAMS = EndParams()
POINTS = np.linspace(0, 1, 9)[:, np.newaxis]


def tilted(deg):
    return math.cos(math.radians(deg)), math.sin(math.radians(deg)), 0.0


def a_lift(start_deg=0.0, turn_deg=26.0, *, at_s=0.0, bulge_g=0.0, duration_s=1.0, back_s=1.5, waited_s=9.0):
    """A way from one tilt to another that goes `bulge_g` aside in its middle; None: not back."""
    start, turn = np.array(tilted(start_deg)), np.array(tilted(turn_deg))
    aside = bulge_g * np.sin(np.pi * POINTS) * [0.0, 0.0, 1.0]
    turned_s = at_s + duration_s
    return Lift(
        tilted(start_deg),
        tilted(turn_deg),
        start + POINTS * (turn - start) + aside,
        Span(at_s, turned_s),
        None if back_s is None else Span(turned_s, turned_s + back_s),
        waited_s,
    )


REPS = [
    a_lift(start_deg=0.3 * k, turn_deg=26 - 0.3 * k, at_s=3 * k - 15, duration_s=1 + 0.03 * k)
    for k in range(5)
]


def later(span):
    return Span(span.start_s + 18, span.end_s + 18)


def of_last(last):
    return strangeness([*REPS, last], -1, PARAMS)


@pytest.mark.parametrize("index", range(5))
def test_a_rep_like_the_others_is_not_strange(index):
    assert strangeness(REPS, index, PARAMS) < PARAMS.most_strange / 10


@pytest.mark.parametrize(
    "last",
    [
        a_lift(turn_deg=24, duration_s=1.5),
        a_lift(turn_deg=22, bulge_g=0.05),
        a_lift(back_s=None),
    ],
    ids=["tired", "short and crooked", "not lowered"],
)
def test_a_tired_last_rep_is_not_foreign(last):
    assert 0 < of_last(last) < PARAMS.most_strange


def test_who_only_came_back_when_sitting_down_did_no_rep():
    last = a_lift()
    later_back = replace(last, second=Span(last.second.start_s + 8, last.second.end_s + 8))
    assert of_last(later_back) > of_last(last) + 3


@pytest.mark.parametrize(
    "last",
    [
        a_lift(turn_deg=60, bulge_g=0.3, back_s=None),
        a_lift(start_deg=-25, bulge_g=0.4, duration_s=0.4),
    ],
    ids=["letting go", "reaching from elsewhere"],
)
def test_what_starts_or_turns_elsewhere_by_another_way_is_foreign(last):
    assert of_last(last) > PARAMS.most_strange
    moved = [replace(one, first=later(one.first), second=later(one.second)) for one in REPS]
    assert strangeness([last, *moved], 0, PARAMS) > PARAMS.most_strange


@pytest.mark.parametrize(
    "changes",
    [
        {"turn_deg": 35},
        {"start_deg": -9},
        {"duration_s": 3.0},
        {"duration_s": 0.3},
        {"back_s": None},
        {"back_s": 0.5},
        {"bulge_g": 0.2},
        {"at_s": 4.0},
    ],
    ids=["turn", "start", "longer", "shorter", "not back", "dropped", "way", "rested"],
)
def test_each_difference_adds(changes):
    assert of_last(a_lift(**changes)) > of_last(a_lift()) + 0.5


def test_a_way_back_that_had_no_time_to_come_says_nothing():
    """The recording ends, or the wearer says so, at the turn."""
    assert of_last(a_lift(back_s=None, waited_s=1.0)) < of_last(a_lift(back_s=None)) - 1
    assert of_last(a_lift(back_s=None, waited_s=1.0)) == pytest.approx(of_last(a_lift()), abs=0.3)


def test_a_rep_that_turns_on_its_way_is_no_more_foreign_than_one_that_turns_beyond():
    assert of_last(a_lift(turn_deg=16)) < PARAMS.most_strange / 2
    assert of_last(a_lift(turn_deg=16)) < of_last(a_lift(turn_deg=36))


def test_what_the_others_vary_in_counts_less():
    sloppy = [a_lift(turn_deg=26 + 6 * (-1) ** k) for k in range(5)]
    last = a_lift(turn_deg=36)
    assert strangeness([*sloppy, last], -1, PARAMS) < of_last(last)


def test_a_way_that_is_forgotten_says_nothing():
    forgotten = replace(a_lift(bulge_g=0.3), way_g=None)
    assert of_last(forgotten) == pytest.approx(of_last(a_lift()), abs=0.3)
    nobody_knows = [replace(one, way_g=None) for one in REPS]
    assert strangeness([*nobody_knows, a_lift()], -1, PARAMS) < PARAMS.most_strange / 10


def test_a_movement_that_took_no_time_is_strange_but_a_number():
    assert math.isfinite(of_last(a_lift(duration_s=0.0)))
