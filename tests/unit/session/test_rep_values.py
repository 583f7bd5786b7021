"""What is said of a rep beside its times, and of a set: against known ranges, speeds and styles."""

import math

import pytest

from repcount.events import Rep, Style
from repcount.exercises.model import RepEnd
from repcount.reps.phases import Span
from repcount.reps.seen import Measures, SeenRep
from repcount.session.rep_values import (
    best_rep_index,
    depth_deg,
    is_partial,
    loss_ratio,
    rom_deg,
    usual_style,
)


def up(tilt_deg):
    return math.sin(math.radians(tilt_deg)), 0.0, math.cos(math.radians(tilt_deg))


def seen(start_deg, turn_deg, *, size_ratio=1.0):
    measures = Measures(up(start_deg), up(turn_deg), None, None, None, None)
    return SeenRep(0, Span(0, 1), Span(1, 2), 50.0, size_ratio, up(0), up(50), measures=measures)


def rep(rep_index, **fields):
    unknown = dict.fromkeys(Rep.__dataclass_fields__)
    return Rep(**unknown | {"rep_index": rep_index} | fields)


def test_the_range_is_as_measured_and_else_as_the_run_had_it():
    assert rom_deg(seen(10, 70)) == pytest.approx(60)
    unmeasured = SeenRep(0, Span(0, 1), None, 50.0, 1.0, up(0), up(50))
    assert rom_deg(unmeasured) == 50.0


def test_depth_is_from_where_the_set_usually_stood_not_from_where_this_rep_began():
    reps = [seen(0, 80), seen(1, 82), seen(20, 85)]  # the last did not come up all the way before
    assert depth_deg(reps[2], reps, RepEnd.START) == pytest.approx(84)
    assert depth_deg(seen(60, 2), [seen(62, 0), seen(60, 2)], RepEnd.TURN) == pytest.approx(59)
    assert depth_deg(reps[0], reps, None) is None


def test_a_rep_of_half_the_range_is_partial_even_if_half_the_set_is():
    reps = [seen(0, deg) for deg in (60, 61, 30, 31, 32, 59)]
    assert [is_partial(one, reps, 0.7) for one in reps] == [False, False, True, True, True, False]


def test_before_the_range_is_known_the_size_of_the_pose_decides():
    reps = [seen(0, 60, size_ratio=0.6), seen(0, 60)]
    assert [is_partial(one, reps, 0.7) for one in reps] == [True, False]


def test_the_best_rep_is_the_quickest_and_else_the_widest():
    speeds = [rep(1, rom_deg=80), rep(2, rom_deg=60, mean_concentric_velocity_m_s=0.5)]
    assert best_rep_index([*speeds, rep(3, mean_concentric_velocity_m_s=0.4)]) == 2
    assert best_rep_index([rep(1, rom_deg=60), rep(2, rom_deg=80)]) == 2
    assert best_rep_index([rep(1)]) is None


def test_a_loss_is_from_the_best_to_the_last():
    assert loss_ratio([0.4, 0.5, None, 0.3]) == pytest.approx(0.4)
    assert loss_ratio([0.4, 0.5]) == 0
    assert loss_ratio([0.5, None]) is None
    assert loss_ratio([]) is None


@pytest.mark.parametrize(
    ("styles", "said"),
    [
        ("ssss", Style.STRICT),
        ("sss?", Style.STRICT),
        ("s???", None),
        ("kk??", Style.KIPPING),
        ("k?????", None),
        ("", None),
    ],
)
def test_a_set_has_the_style_of_its_reps(styles, said):
    named = {"s": Style.STRICT, "k": Style.KIPPING, "?": None}
    assert usual_style([rep(k, style=named[one]) for k, one in enumerate(styles, 1)]) is said
