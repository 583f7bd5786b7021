"""What was said of a set stays, while what recurs better is no set: on sets of the second simulator."""

import numpy as np
import pytest
from second_simulator.write import recorded
from simulated import counted

from repcount.events import RepCounted, RepRetracted, SetEnded
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch


def said_of(exercise, seed, number):
    (times, acc, gyro), labels, _, _ = recorded(np.random.default_rng([seed, number]), exercise, "wrist")
    rate = None if gyro is None else np.radians(gyro)
    return counted(SampleBatch(times, acc * STANDARD_GRAVITY_M_S2, rate), exercise), labels


def of_sets(events):
    return [event.rep_count for event in events if isinstance(event, SetEnded)]


def test_what_recurs_better_but_is_no_set_takes_nothing_back():
    events, labels = said_of("bent_over_row", 1, 93)
    assert sum(of_sets(events)) == len(labels)
    retracted = [event for event in events if isinstance(event, RepRetracted)]
    assert len(retracted) < len(labels)


@pytest.mark.parametrize("number", [42, 94])
def test_arms_that_are_thrown_seem_to_turn_less_without_a_gyroscope(number):
    events, labels = said_of("reverse_fly", 1, number)
    assert of_sets(events) == [len(labels)]
    first = next(event for event in events if isinstance(event, RepCounted))
    assert first.said_s < labels[4]["start_s"]  # not when the set was over
