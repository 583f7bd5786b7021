"""A person's reps are remembered, and the first of the next set is said as it turns."""

import json

import numpy as np
import pytest
from everyday import first_everyday
from simulated import a_pipeline, simulated

from repcount.errors import InputError
from repcount.events import RepCounted, SetEnded, Tempo
from repcount.exercises import EXERCISES
from repcount.reps.phases import Span
from repcount.reps.remembered import Awaited, Remembered, remembered_from_data
from repcount.reps.run import HalfRep, Run
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Delays, Timing
from repcount.reps.zigzag import Extremum
from repcount.simulate import SetOf, StandStill, Walk

STEADY = Tempo(eccentric_s=2.2, pause_lengthened_s=0.4, concentric_s=1.2, pause_shortened_s=0.3)
BETWEEN = (StandStill(duration_s=2.0), Walk(duration_s=25.0), StandStill(duration_s=3.0))


def two_sets(exercise, first, second, seed=1, **how):
    """A set, a walk, another set; and the true starts of the reps."""
    sets = [SetOf(exercise=exercise, reps=reps, tempo=STEADY) for reps in (first, second)]
    parts = (Walk(duration_s=6.0), StandStill(duration_s=3.0), sets[0], *BETWEEN, sets[1], *BETWEEN)
    return simulated(*parts, seed=seed, rate_hz=50.0, **how)


def played(pipeline, batch):
    return pipeline.feed("wrist", batch) + pipeline.finish()


def first_latency_s(events, from_s):
    said = next(e for e in events if isinstance(e, RepCounted) and e.happened_s > from_s)
    return said.said_s - said.happened_s


@pytest.mark.parametrize("exercise", first_everyday(1, ["bent_over_row", "reverse_fly", "pull_up"]))
def test_the_first_rep_of_the_next_set_is_said_as_it_turns(exercise):
    latencies_s = []
    for seed in range(1, 6):
        simulation = two_sets(exercise, 6, 5, seed)
        events = played(a_pipeline(exercise), simulation.batch)
        latencies_s.append(first_latency_s(events, simulation.reps[6].start_s - 1))
    assert sorted(latencies_s)[2] < 0.5


def test_a_set_of_one_counts_where_the_reps_before_were_like_it():
    """Getting off may look like one more, but the set is there."""
    counted = []
    for seed in range(1, 6):
        events = played(a_pipeline("bent_over_row"), two_sets("bent_over_row", 6, 1, seed).batch)
        counted.append([e.rep_count for e in events if isinstance(e, SetEnded) and e.rep_count])
    assert all(counts in ([6, 1], [6, 2]) for counts in counted)


def test_a_single_heavy_lift_counts_without_anything_remembered():
    """In most of five: standing up from the bar may look like one more."""
    counts = []
    for seed in range(5):
        lift = SetOf(exercise="deadlift", reps=1, tempo=STEADY)
        parts = (Walk(duration_s=6.0), StandStill(duration_s=4.0), lift, *BETWEEN)
        events = played(a_pipeline("deadlift"), simulated(*parts, seed=seed, rate_hz=50.0).batch)
        counts.append(sum(e.rep_count for e in events if isinstance(e, SetEnded)))
    assert counts.count(1) >= 3
    assert max(counts) <= 2


def test_a_single_bow_is_no_good_morning():
    """People bend down all day: such exercises take two."""
    assert EXERCISES["good_morning"].movements["wrist"].alone_log_odds == np.inf


def test_what_is_remembered_survives_a_snapshot_and_is_plain_data():
    simulation = two_sets("bent_over_row", 6, 5)
    cut = int(np.searchsorted(simulation.batch.t_s, simulation.reps[6].start_s - 2.0))
    pipeline, other = a_pipeline("bent_over_row"), a_pipeline("bent_over_row")
    pipeline.feed("wrist", simulation.batch[:cut])
    other.restore(json.loads(json.dumps(pipeline.snapshot())))
    rest = simulation.batch[cut:]
    assert played(other, rest) == played(pipeline, rest)


def test_few_reps_or_such_as_hardly_turn_leave_nothing_behind():
    up = (0.0, 0.0, 1.0)
    assert Remembered.of(None, []) is None
    near = [rep(up, (0.0, 0.05, 1.0))] * 5
    assert Remembered.of(None, near) is None


def test_whoever_has_just_done_a_set_does_not_begin_the_next_elsewhere():
    up, bent, beside = (0.0, 0.0, 1.0), (0.0, 0.6, 0.8), (0.6, 0.0, 0.8)
    awaited = Awaited(Timing(0.04, Delays(pose_s=0.28, quick_s=0.0)))
    assert not awaited.goes_elsewhere([rep(up, bent)])  # nothing is known yet
    assert awaited.few_share([rep(up, bent)]) == 1
    reps = [rep(up, bent)] * 4
    run = Run.awaited(HalfRep(Extremum(0, up), Extremum(25, bent)))
    awaited.learn(run, reps)
    assert awaited.few_share([rep(up, bent)]) < 1
    assert awaited.goes_elsewhere([rep(up, beside)])
    assert awaited.few_share([rep(beside, bent)] * 2) > 1
    assert not awaited.goes_elsewhere([rep(up, beside), rep(up, bent)])
    awaited.expect(awaited.remembered)  # worn anew, perhaps
    assert not awaited.goes_elsewhere([rep(up, beside)])


def rep(start_up, turn_up):
    return SeenRep(100, Span(3.0, 4.0), Span(4.2, 6.0), 20.0, 1.0, start_up, turn_up)


def test_the_next_session_begins_with_what_this_one_left():
    simulation = two_sets("bent_over_row", 6, 5, has_gyro=False)
    cut = int(np.searchsorted(simulation.batch.t_s, simulation.reps[6].start_s - 6.0))
    before = a_pipeline("bent_over_row")
    before.feed("wrist", simulation.batch[:cut])
    left = json.loads(json.dumps(before.remembered))
    assert list(left) == ["bent_over_row/wrist"]
    again = a_pipeline("bent_over_row", remembered=remembered_from_data(left, "a file"))
    events = played(again, simulation.batch[cut:])
    assert first_latency_s(events, 0.0) < 0.5
    assert first_latency_s(played(a_pipeline("bent_over_row"), simulation.batch[cut:]), 0.0) > 0.5


@pytest.mark.parametrize(
    "data", [[], {"pull_up/wrist": 3}, {"pull_up/wrist": {"start_up": [1, 2]}}, {"x": {"a": 1}}]
)
def test_what_is_no_memory_is_refused_with_its_place(data):
    with pytest.raises(InputError, match="a file: remembered"):
        remembered_from_data(data, "a file")
