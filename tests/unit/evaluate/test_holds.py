"""Holds against their labels."""

import dataclasses

import pytest
from scores import indexed

from repcount.evaluate.matching import match_holds
from repcount.evaluate.report import report
from repcount.evaluate.score import score
from repcount.evaluate.table import table
from repcount.events import HoldEnded
from repcount.truth import TrueRep

ROW = indexed(exercise="", n_reps_true=0, labels="a.csv")


def held(start_s, end_s):
    return HoldEnded(
        station="s",
        happened_s=end_s,
        said_s=end_s + 1,
        set_index=1,
        start_s=start_s,
        end_s=end_s,
        hold_s=end_s - start_s,
        target_s=10.0,
        sag_deg=None,
        sway_deg=None,
    )


def label(start_s, end_s, turn_s=None):
    return TrueRep(
        kind="hold" if turn_s is None else "rep",
        start_s=start_s,
        turn_s=turn_s,
        end_s=end_s,
        eccentric_s=None,
        pause_lengthened_s=None,
        concentric_s=None,
        pause_shortened_s=None,
    )


def scored(holds, labels):
    return score(holds, ROW, exercise="pull_up", duration_s=60.0, labels=labels)


def spans(found):
    return [(hold.start_s, truth.start_s) for hold, truth in found.matched]


def test_a_hold_is_the_label_it_overlaps_most_nearly_and_the_rest_is_missed_or_extra():
    holds = [held(40, 50), held(10, 20), held(22, 23)]
    found = match_holds(holds, [label(41, 49), label(11, 20), label(60, 70), label(0, 2, turn_s=1)])
    assert spans(found) == [(10, 11), (40, 41)]
    assert [truth.start_s for truth in found.missed] == [60]
    assert [hold.start_s for hold in found.extra] == [22]


def test_holds_that_only_touch_a_label_are_not_it():
    assert match_holds([held(10, 20)], [label(20, 30)]).matched == ()


def test_two_holds_over_one_label_are_one_to_one():
    found = match_holds([held(10, 14), held(14.5, 20)], [label(10, 20)])
    assert spans(found) == [(14.5, 10)]
    assert [hold.start_s for hold in found.extra] == [10]


def test_no_holds_at_all():
    assert match_holds([], []) == match_holds([], [label(0, 2, turn_s=1)])


def test_errors_are_our_length_less_the_label_s():
    one = scored([held(10.25, 20), held(40, 51)], [label(10, 20), label(40, 50)])
    assert one.hold_errors_s == (-0.25, 1.0)
    assert scored([held(10, 20)], None).found_holds is None


def test_a_row_says_bias_limits_and_the_share_right_to_half_a_second():
    one = scored([held(10, 20.5), held(40, 50.5)], [label(10, 20), label(40, 50)])
    other = scored([held(10, 19)], [label(10, 20), label(40, 50)])
    row = report([one, other])[0]
    assert row.labelled_holds == 4
    assert row.hold_bias_s == pytest.approx(0.0)
    assert row.hold_loa_s == pytest.approx(1.96 * 0.75**0.5)
    assert row.hold_within_half_s_ratio == 0.5  # one is a second short, one was not found
    assert "hold bias" in table([row])


def test_a_row_without_labelled_holds_knows_nothing_of_them():
    row = report([scored([held(10, 20)], None)])[0]
    assert (row.labelled_holds, row.hold_bias_s, row.hold_within_half_s_ratio) == (0, None, None)
    assert (row.labelled_reps, row.found_ratio, row.extra_reps) == (0, None, None)
    assert "hold" not in table([row])


def test_a_row_says_how_many_labelled_reps_were_found():
    one = scored([], [label(10, 12, turn_s=11), label(12, 14, turn_s=13)])
    row = report([one, dataclasses.replace(one, found=None)])[0]
    assert (row.recordings, row.labelled_reps, row.found_ratio, row.extra_reps) == (2, 2, 0.0, 0)
