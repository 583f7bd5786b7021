"""Two sensors at once: one counts, the one on the chest says how the trunk moved, whoever sends first."""

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated import QUICK, a_pair, a_pipeline, worn_both

from repcount.commands import SelectExercise
from repcount.edges.profiles import load_profile
from repcount.events import RepCompleted, SetEnded, StreamGap
from repcount.exercises import EXERCISES
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification, SampleBatch
from repcount.wire import encode

REFERENCE = load_profile("repcount_reference")
ROWS = worn_both("bent_over_row")


def pieces(batches, lengths_s):
    """The sensors' samples in turn, each in pieces of its own length, in the order of their ends."""
    cut = []
    for sensor, batch in batches.items():
        number = np.floor((batch.t_s - batch.t_s[0]) / lengths_s[sensor])
        edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(batch)]
        cut += [(sensor, batch[a:b]) for a, b in itertools.pairwise(edges)]
    return sorted(cut, key=lambda item: float(item[1].t_s[-1]))


def play(pipeline, batches, wrist_s=0.04, chest_s=0.1):
    events = []
    for sensor, piece in pieces(batches, {"wrist": wrist_s, "chest": chest_s}):
        events += pipeline.feed(sensor, piece)
    return events + pipeline.finish()


def set_of(events):
    (ended,) = [event for event in events if isinstance(event, SetEnded)]
    return ended


@cache
def both():
    """What is said of the rows."""
    return play(a_pair("bent_over_row"), ROWS)


def test_with_both_worn_the_wrist_counts_as_it_does_alone():
    alone = a_pipeline("bent_over_row")
    expected = alone.feed("wrist", ROWS["wrist"]) + alone.finish()

    def but_the_trunk(event):
        return {
            name: getattr(event, name) for name in event.__slots__ if name not in {"trunk_sway_deg", "reps"}
        }

    assert [but_the_trunk(event) for event in both()] == [but_the_trunk(event) for event in expected]


def test_each_rep_says_how_the_trunk_swayed_and_the_set_says_the_same():
    completed = {e.rep_index: e.trunk_sway_deg for e in both() if isinstance(e, RepCompleted)}
    reps = {rep.rep_index: rep.trunk_sway_deg for rep in set_of(both()).reps}
    assert reps == {index: completed[index] for index in reps}
    # The trunk of the simulated row heaves by 5 degrees, in some people by 10, wanders and trembles.
    assert all(5.0 < sway < 14.0 for sway in reps.values())


def test_a_trunk_that_heaves_more_sways_more():
    """The same sensor data, with the trunk turned about as if the wearer cheated."""

    def swung(batch, deg):
        angle = np.radians(deg) * np.sin(2 * np.pi * batch.t_s / 3.0)
        c, s = np.cos(angle), np.sin(angle)
        x, y, z = batch.acc_m_s2.T
        return SampleBatch(batch.t_s, np.column_stack([c * x + s * z, y, c * z - s * x]), None)

    still = {**ROWS, "chest": swung(ROWS["chest"], 0.0)}
    cheated = {**ROWS, "chest": swung(ROWS["chest"], 15.0)}
    sways = [
        np.median([rep.trunk_sway_deg for rep in set_of(play(a_pair("bent_over_row"), worn)).reps])
        for worn in (still, cheated)
    ]
    assert sways[0] < 14.0
    assert 22.0 < sways[1] - sways[0] < 32.0  # swung by 15 degrees to either side


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wrist_s=st.floats(0.02, 0.9), chest_s=st.floats(0.02, 0.9))
def test_whoever_sends_first_and_in_whatever_pieces_the_events_are_the_same(wrist_s, chest_s):
    assert play(a_pair("bent_over_row"), ROWS, wrist_s, chest_s) == both()


def test_a_chest_sensor_that_dies_takes_nothing_from_the_count_and_leaves_the_trunk_unknown():
    dies = {**ROWS, "chest": ROWS["chest"][: len(ROWS["chest"]) // 3]}
    ended = set_of(play(a_pair("bent_over_row"), dies))
    assert ended.rep_count == set_of(both()).rep_count
    assert ended.reps[0].trunk_sway_deg is not None
    assert ended.reps[-1].trunk_sway_deg is None


def test_the_count_waits_for_a_dead_sensor_no_longer_than_it_says():
    pipeline, chest = a_pair("bent_over_row", wait_s=0.5), ROWS["chest"]
    pipeline.feed("chest", chest[: len(chest) // 3])
    late_s = [0.0]
    for _, piece in pieces({"wrist": ROWS["wrist"]}, {"wrist": 0.04}):
        late_s += [float(piece.t_s[-1]) - event.said_s for event in pipeline.feed("wrist", piece)]
    assert 0.3 < max(late_s) < 0.6
    assert late_s[-1] < 0.1  # once it is lost nobody waits for it


def test_a_chest_that_never_sends_is_not_waited_for():
    pipeline = a_pair("bent_over_row")
    late_s = []
    for _, piece in pieces({"wrist": ROWS["wrist"]}, {"wrist": 0.04}):
        late_s += [float(piece.t_s[-1]) - event.said_s for event in pipeline.feed("wrist", piece)]
    assert max(late_s) < 0.1


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_the_wrist_counts_but_for_the_hold_which_the_chest_sees_best(exercise):
    pipeline = a_pair(exercise)
    assert pipeline.counting == ("chest" if exercise == "back_extension" else "wrist")


def test_the_sensor_that_counts_changes_with_the_exercise():
    pipeline = a_pair("bent_over_row")
    pipeline.command(SelectExercise(at_s=0.0, exercise="back_extension"))
    assert pipeline.counting == "chest"


def sent(sensor, batch, clock_s, delay_s, drift=0.0):
    """Notifications of a sensor whose clock says `clock_s` at 0, and runs fast by `drift`."""
    own = SampleBatch(batch.t_s * (1 + drift) + clock_s, batch.acc_m_s2, batch.gyro_rad_s)
    characteristic = REFERENCE.stream.characteristic
    for k, one in enumerate(encode(REFERENCE, own)):
        at_s = (one.last_s - clock_s) / (1 + drift)
        yield sensor, Notification(characteristic, one.payload, 500.0 + at_s + delay_s + 0.015 * (k % 4))


@pytest.mark.parametrize("drift", [0.0, 200e-6])
@pytest.mark.parametrize("chest_clock_s", [0.0, 31.0, 4000.0])
def test_a_second_clock_is_laid_on_the_first_by_when_notifications_arrive(chest_clock_s, drift):
    came = [
        *sent("wrist", ROWS["wrist"], 77.0, 0.02),
        *sent("chest", ROWS["chest"], chest_clock_s, 0.02, drift),
    ]
    came.sort(key=lambda item: item[1].arrival_s)
    pipeline = a_pair("bent_over_row", profile=REFERENCE)
    events = [event for sensor, one in came for event in pipeline.feed(sensor, one)] + pipeline.finish()
    for rep, true in zip(set_of(events).reps, set_of(both()).reps, strict=True):
        assert rep.trunk_sway_deg == pytest.approx(true.trunk_sway_deg, abs=1.0)


@pytest.mark.parametrize("passed_s", [0.0, 0.25, 0.9, 1.4])
def test_a_sensor_that_comes_back_goes_on_where_its_samples_arrived_however_far_time_was_let_pass(passed_s):
    row, away_s = ROWS["wrist"], (6.0, 7.5)
    before = [one for _, one in sent("wrist", row[: int(away_s[0] * 50)], 77.0, 0.02)]
    after = [one for _, one in sent("wrist", row[int(away_s[1] * 50) :], 3.0, 0.02)]
    pipeline = Pipeline({"wrist": SensorConfig(REFERENCE, "wrist")}, PipelineParams(exercise="bent_over_row"))
    for one in before:
        pipeline.feed("wrist", one)
    pipeline.advance(away_s[0] + passed_s)
    pipeline.connected("wrist")
    events = [event for one in after for event in pipeline.feed("wrist", one)]
    (gap,) = [event for event in events if isinstance(event, StreamGap)]
    assert (gap.start_s, gap.end_s) == pytest.approx(away_s, abs=0.3)  # what fills no notification waits
    assert pipeline.heard_s == pytest.approx(float(row.t_s[-1]), abs=0.05)


def test_a_wearer_who_only_stands_has_no_set_with_either():
    still = worn_both("bent_over_row", reps=1, tempo=QUICK, rest_s=5.0)
    events = play(a_pair("pull_up"), {key: batch[:150] for key, batch in still.items()})
    assert [event.type for event in events] == []
