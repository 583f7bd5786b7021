"""What holds for every simulated session, whoever does it however the sensor is worn and whatever is lost."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from simulated import a_pipeline, a_set, counted

from repcount.edges.profiles import load_profile, profile_names
from repcount.events import RepCompleted, RepCounted, RepRetracted, SetEnded, SetStarted, Tempo
from repcount.exercises import EXERCISES
from repcount.samples import Notification, SampleBatch
from repcount.simulate import all_kinematics
from repcount.wire import encode

FEW = settings(max_examples=10)
SIMULATED = sorted(set(all_kinematics("wrist")) & set(EXERCISES))
PROFILES = {name: load_profile(name) for name in profile_names()}


@dataclass(frozen=True)
class Session:
    """A set, and perhaps walking after it, by anybody at any pace: small to print when a test fails."""

    exercise: str
    reps: int
    eccentric_s: float
    pause_lengthened_s: float
    concentric_s: float
    pause_shortened_s: float
    walk_s: float
    rate_hz: float
    seed: int

    def batch(self):
        tempo = Tempo(
            eccentric_s=self.eccentric_s,
            pause_lengthened_s=self.pause_lengthened_s,
            concentric_s=self.concentric_s,
            pause_shortened_s=self.pause_shortened_s,
        )
        after = {"walk_s": self.walk_s, "rest_s": 12.0, "rate_hz": self.rate_hz, "seed": self.seed}
        return a_set(self.exercise, self.reps, tempo=tempo, **after).batch


SESSIONS = st.builds(
    Session,
    exercise=st.sampled_from(SIMULATED),
    reps=st.integers(2, 6),
    eccentric_s=st.floats(0.8, 3.0),
    pause_lengthened_s=st.floats(0.0, 1.0),
    concentric_s=st.floats(0.7, 2.0),
    pause_shortened_s=st.floats(0.0, 1.0),
    walk_s=st.sampled_from([0.0, 8.0]),
    rate_hz=st.sampled_from([12.5, 25.0, 52.0, 100.0]),
    seed=st.integers(0, 1000),
)


@FEW
@given(session=SESSIONS, end_share=st.floats(0.3, 1.0))
def test_the_count_of_a_set_is_what_was_counted_less_what_was_taken_back(session, end_share):
    exercise, batch = session.exercise, session.batch()
    open_index, standing, said = None, set(), Counter()
    for event in counted(batch[: round(end_share * len(batch))], exercise):
        match event:
            case SetStarted():
                assert open_index is None
                open_index, standing = event.set_index, set()
            case RepCounted():
                assert event.set_index == open_index
                standing.add(event.rep_index)
                assert event.rep_count == len(standing)
                said[event.set_index, event.rep_index] += 1
            case RepRetracted():
                standing.remove(event.rep_index)
            case RepCompleted():
                assert event.rep_index in standing
            case SetEnded():
                assert (event.set_index, event.rep_count) == (open_index, len(standing))
                assert [rep.rep_index for rep in event.reps if rep.rep_index not in standing] == []
                assert len(event.reps) == event.rep_count
                open_index = None
    assert open_index is None
    assert set(said.values()) <= {1}


@FEW
@given(session=SESSIONS)
def test_reps_begin_turn_and_end_in_this_order_never_overlap_and_are_filled_by_their_phases(session):
    exercise, batch = session.exercise, session.batch()
    for event in counted(batch, exercise):
        assert event.happened_s <= event.said_s
        if isinstance(event, RepCompleted):
            assert event.start_s < event.turn_s <= event.end_s
        if isinstance(event, SetEnded):
            bounds = [t_s for rep in event.reps for t_s in (rep.start_s, rep.turn_s, rep.end_s)]
            assert bounds == sorted(bounds)
            assert all(rep.start_s < rep.turn_s for rep in event.reps)
            assert event.time_under_tension_s <= event.end_s - event.start_s + 1e-9
            for rep in event.reps:
                inside_s = rep.end_s - rep.start_s
                phases_s = (rep.concentric_s, rep.pause_shortened_s, rep.eccentric_s)
                assert sum(s or 0.0 for s in phases_s) == pytest.approx(inside_s, abs=1e-6)


@pytest.mark.parametrize("exercise", SIMULATED)
def test_a_sensor_worn_another_way_counts_the_same(exercise):
    """One of eight may differ by one rep: the directions looked along are many, not all."""
    batch, turnings = a_set(exercise, 5, walk_s=8.0).batch, Rotation.random(8, rng=np.random.default_rng(1))
    counts = Counter(
        sum(e.rep_count for e in counted(SampleBatch(batch.t_s, acc_m_s2), exercise) if e.type == "set_ended")
        for acc_m_s2 in (turning.apply(batch.acc_m_s2) for turning in turnings)
    )
    assert counts[5] >= 7
    assert set(counts) <= {4, 5, 6}


@pytest.mark.parametrize("exercise", SIMULATED)
def test_five_clear_reps_count_five(exercise):
    found = [
        sum(
            e.rep_count
            for e in counted(a_set(exercise, 5, seed=seed).batch, exercise)
            if e.type == "set_ended"
        )
        for seed in range(5)
    ]
    assert sorted(found)[1:4] == [5, 5, 5]
    assert 4 <= min(found) <= max(found) <= 6


def notified(profile, batch, garble):
    """Feed the batch as bytes, each notification as `garble` leaves it; all events."""
    pipeline, events = a_pipeline(profile=profile), []
    for k, one in enumerate(encode(profile, batch)):
        for payload in garble(k, one.payload):
            notification = Notification(profile.stream.characteristic, payload, one.last_s + 0.02)
            events += pipeline.feed("wrist", notification)
    return events + pipeline.finish()


@FEW
@given(
    name=st.sampled_from(sorted(PROFILES)),
    kept_ratio=st.floats(0.0, 1.0),
    garbled_ratio=st.floats(0.0, 0.3),
    seed=st.integers(0, 1000),
)
def test_dropped_and_garbled_notifications_never_raise(name, kept_ratio, garbled_ratio, seed):
    rng = np.random.default_rng(seed)

    def garble(_k, payload):
        if rng.random() > kept_ratio:
            return []
        if rng.random() < garbled_ratio:
            return [bytes(rng.integers(0, 256, rng.integers(0, len(payload) + 1), dtype=np.uint8))]
        return [payload]

    batch = a_set(reps=3, rest_s=4.0, rate_hz=PROFILES[name].stream.rate_hz).batch
    for event in notified(PROFILES[name], batch, garble):
        assert event.happened_s <= event.said_s


@settings(max_examples=60)
@given(
    name=st.sampled_from(sorted(PROFILES)),
    received=st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 1e6)), max_size=20),
)
def test_random_bytes_never_raise(name, received):
    profile = PROFILES[name]
    pipeline = a_pipeline(profile=profile)
    for payload, arrival_s in received:
        pipeline.feed("wrist", Notification(profile.stream.characteristic, payload, arrival_s))
    assert pipeline.finish() == []


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_random_numbers_in_sound_notifications_never_raise(name):
    rng, profile = np.random.default_rng(5), PROFILES[name]
    n = 1000
    batch = SampleBatch(np.arange(n) / 50.0, rng.normal(0, 15, (n, 3)), rng.normal(0, 3, (n, 3)))
    events = notified(profile, batch, lambda _k, payload: [payload])
    assert all(event.happened_s <= event.said_s for event in events)
