"""Neither the first rep nor the order of a set is lost, nor is one made of what was none: simulated sets."""

import numpy as np
import pytest
from second_simulator.write import recorded
from simulated import counted

from repcount.events import SetEnded
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch
from repcount.simulate.collection import collection


def sets_of(exercise, seed, number):
    """The sets said, and the labels, of a recording of the second simulator."""
    (times, acc, gyro), labels, _, _ = recorded(np.random.default_rng([seed, number]), exercise, "wrist")
    rate = None if gyro is None else np.radians(gyro)
    events = counted(SampleBatch(times, acc * STANDARD_GRAVITY_M_S2, rate), exercise)
    return [event for event in events if isinstance(event, SetEnded)], labels


@pytest.mark.parametrize(("exercise", "number"), [("inverted_row", 118), ("deadlift", 83)])
def test_a_first_rep_that_is_less_alike_as_it_leaves_from_rest_is_counted(exercise, number):
    (only,), labels = sets_of(exercise, 2, number)
    assert only.rep_count == len(labels)
    assert only.start_s == pytest.approx(labels[0]["start_s"], abs=0.6)


@pytest.mark.parametrize(("exercise", "seed", "number"), [("good_morning", 2, 84), ("inverted_row", 3, 40)])
def test_a_first_rep_that_starts_elsewhere_but_turns_where_the_others_do_is_no_getting_on(
    exercise, seed, number
):
    sets, labels = sets_of(exercise, seed, number)
    assert sum(one.rep_count for one in sets) == len(labels)


def test_a_set_that_was_read_the_wrong_way_round_is_mended_when_it_is_over():
    (only,), labels = sets_of("pull_up", 3, 52)
    assert only.rep_count == len(labels)
    for rep, label in zip(only.reps, labels, strict=True):
        assert rep.turn_s == pytest.approx(label["turn_s"], abs=0.5)


def test_looking_at_a_watch_and_then_taking_the_bar_are_no_two_good_mornings():
    simulation = next(one for one in collection(69, 31) if one.name == "wrist_good_morning_0068").simulate()
    sets = [e for e in counted(simulation.batch, "good_morning") if isinstance(e, SetEnded) and e.rep_count]
    assert [one.rep_count for one in sets] == [len(simulation.reps)]
