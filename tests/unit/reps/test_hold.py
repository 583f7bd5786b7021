"""Arcs between directions of gravity, and moves along them."""

import math

import numpy as np
import pytest

from repcount.exercises.model import Bounds, Hold
from repcount.reps.hold_arc import Arc, angle_deg, direction, towards
from repcount.reps.hold_hindsight import lies_down
from repcount.reps.hold_state import HoldParams
from repcount.reps.hold_traits import HoldJudgeParams, Lift, Lowering, is_hold, is_lift
from repcount.reps.hold_way import lift_span, lowering_span, strayed

MODEL = Hold(
    lift_deg=Bounds(low=10, high=45),
    lift_s=Bounds(low=0.3, high=6),
    hold_s=Bounds(low=5, high=60),
    target_s=10,
    feels_lying_down=True,
)
GOOD = {"rested": True, "angle_deg": 20.0, "duration_s": 1.0, "beside_deg": 1.0, "undone_deg": 0.5}
BACK = {"beside_deg": 1.0, "undone_deg": 0.5, "return_deg": 2.0}


def at(deg, beside_deg=0.0):
    a, b = math.radians(deg), math.radians(beside_deg)
    return (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))


ARC = Arc.through(at(0), at(20))


def test_a_direction_has_no_size_and_nothing_has_a_direction():
    assert direction([0.0, 3.0, 4.0]) == ((0.0, 0.6, 0.8), 5.0)
    assert direction([0.0, 0.0, 0.0]) == ((0.0, 0.0, 1.0), 0.0)


def test_angles_and_places_on_an_arc():
    assert angle_deg(at(0), at(20)) == pytest.approx(20)
    assert angle_deg(at(5), at(5)) == 0
    assert ARC.along_deg(at(33)) == pytest.approx(33)
    assert ARC.along_deg(at(-4)) == pytest.approx(-4)
    assert ARC.beside_deg(at(7, 5)) == pytest.approx(5)
    assert angle_deg(towards(at(0), at(20), 0.5), at(10)) == pytest.approx(0, abs=1e-6)


def test_an_arc_to_itself_is_an_arc():
    arc = Arc.through(at(0), at(0))
    assert arc.along_deg(at(0)) == pytest.approx(0)


def smooth(start, length, n):
    u = np.clip((np.arange(n) - start) / length, 0, 1)
    return 10 * u**3 - 15 * u**4 + 6 * u**5


def steady(start, length, n):
    return np.clip((np.arange(n) - start) / length, 0, 1)


@pytest.mark.parametrize("length", [15, 40, 90])
@pytest.mark.parametrize("shape", [smooth, steady])
def test_the_ends_of_a_hold_are_read_to_a_seventh_of_the_move_however_it_is_done(shape, length):
    near = 2.0 + length / 7
    lift = [at(20 * share) for share in shape(50, length, 200)]
    assert lift_span(lift, ARC, 20.0).end_ticks == pytest.approx(50 + length, abs=near)
    lowering = [at(20 * (1 - share)) for share in shape(50, length, 200)]
    assert lowering_span(lowering, ARC, 20.0).begin_ticks == pytest.approx(50, abs=near)


def test_a_lowering_under_way_is_read_as_far_as_it_is():
    half = [at(20 * (1 - share)) for share in smooth(50, 40, 73)]
    assert lowering_span(half, ARC, 20.0).begin_ticks == pytest.approx(50, abs=8)


def test_where_nothing_moved_there_is_no_span():
    assert lift_span([at(20)] * 50, ARC, 20.0) is None
    assert lowering_span([at(20)] * 50, ARC, 20.0) is None
    assert lift_span([at(10)] * 10 + [at(20)] * 50, ARC, 20.0) is None


def test_straying_and_turning_back_are_seen():
    assert strayed([at(0), at(10), at(20)], ARC, up=True) == (0, 0)
    beside_deg, undone_deg = strayed([at(0), at(12, 4), at(9), at(20)], ARC, up=True)
    assert beside_deg == pytest.approx(4)
    assert undone_deg == pytest.approx(3)
    assert strayed([at(20), at(5), at(8), at(0)], ARC, up=False)[1] == pytest.approx(3)
    assert strayed([], ARC, up=True) == (0, 0)


@pytest.mark.parametrize(
    ("trait", "value"),
    [("angle_deg", 8), ("angle_deg", 50), ("duration_s", 0.2), ("beside_deg", 7), ("undone_deg", 3)],
)
def test_a_lift_is_straight_smooth_and_of_a_size(trait, value):
    params = HoldJudgeParams()
    assert is_lift(Lift(**GOOD), MODEL, params)
    assert not is_lift(Lift(**(GOOD | {trait: value})), MODEL, params)


@pytest.mark.parametrize(
    ("hold_s", "changed"),
    [
        (4.0, {}),
        (70.0, {}),
        (10.0, {"return_deg": None}),
        (10.0, {"beside_deg": 12}),
        (10.0, {"undone_deg": 5}),
    ],
)
def test_a_hold_counts_when_it_lasts_and_leads_back(hold_s, changed):
    params = HoldJudgeParams()
    assert is_hold(Lift(**GOOD), 10.0, Lowering(**BACK), MODEL, params)
    assert not is_hold(Lift(**GOOD), hold_s, Lowering(**(BACK | changed)), MODEL, params)


def test_back_is_nearer_for_a_smaller_lift():
    assert HoldJudgeParams().near_deg(10.0) == 6.0
    assert HoldJudgeParams().near_deg(30.0) == 7.5


def test_who_stops_on_hands_and_knees_on_the_way_down_lifts_nothing():
    standing, kneeling, lying, lifted = at(0), at(50), at(90), at(70)
    came_from = [standing, at(20), kneeling]
    assert lies_down(kneeling, lying, came_from, HoldParams())
    assert not lies_down(lying, lifted, came_from, HoldParams())


def test_who_has_been_lying_for_long_may_lift_either_way():
    lying, lifted = at(90), at(70)
    assert not lies_down(lying, lifted, [lying, lifted], HoldParams())
    assert not lies_down(lifted, lying, [], HoldParams())
