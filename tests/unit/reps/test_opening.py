"""The first rep of a set is said where it turns, for the way it goes; what is none is taken back."""

import json

import numpy as np
import pytest
from everyday import first_everyday
from simulated import a_pipeline, simulated

from repcount.events import RepCounted, RepRetracted, SetEnded, Tempo
from repcount.exercises import EXERCISES
from repcount.simulate import SetOf, StandStill, Walk

STEADY = Tempo(eccentric_s=2.0, pause_lengthened_s=0.4, concentric_s=1.0, pause_shortened_s=0.3)
SEEDS = range(1, 6)


def a_set(exercise, reps, seed, **how):
    lift = SetOf(exercise=exercise, reps=reps, tempo=STEADY)
    parts = (Walk(duration_s=6.0), StandStill(duration_s=3.0), lift, StandStill(duration_s=2.0))
    return simulated(*parts, Walk(duration_s=25.0), seed=seed, rate_hz=50.0, **how)


def played(pipeline, batch):
    return pipeline.feed("wrist", batch) + pipeline.finish()


def first_said_s(simulation, events):
    """How long after its concentric the first true rep was said."""
    turn_s = simulation.reps[0].turn_s
    near = [e for e in events if isinstance(e, RepCounted) and abs(e.happened_s - turn_s) < 0.5]
    return near[0].said_s - turn_s


@pytest.mark.parametrize("exercise", first_everyday(1, ["bent_over_row", "deadlift", "lat_pulldown"]))
def test_the_first_rep_is_said_as_it_turns_with_nothing_remembered(exercise):
    sets = [a_set(exercise, 6, seed) for seed in SEEDS]
    late_s = [first_said_s(one, played(a_pipeline(exercise), one.batch)) for one in sets]
    assert sorted(late_s)[len(late_s) // 2] < 0.6


def test_without_a_gyroscope_it_is_said_once_it_recurs():
    one = a_set("lat_pulldown", 6, 1, has_gyro=False)
    assert first_said_s(one, played(a_pipeline("lat_pulldown"), one.batch)) > 0.6


def test_what_nothing_comes_after_is_taken_back_before_the_set_ends():
    """A single movement of that kind is what people do all day; an exercise that takes two is not counted."""
    for seed in SEEDS:
        events = played(a_pipeline("reverse_fly"), a_set("reverse_fly", 1, seed).batch)
        said = sum(isinstance(e, RepCounted) for e in events)
        back = sum(isinstance(e, RepRetracted) for e in events)
        assert said - back == sum(e.rep_count for e in events if isinstance(e, SetEnded))


def test_a_snapshot_between_the_first_rep_and_the_next_goes_on_the_same():
    one = a_set("deadlift", 6, 2)
    cut = int(np.searchsorted(one.batch.t_s, one.reps[0].turn_s + 0.8))
    pipeline, other = a_pipeline("deadlift"), a_pipeline("deadlift")
    assert any(isinstance(e, RepCounted) for e in pipeline.feed("wrist", one.batch[:cut]))
    other.restore(json.loads(json.dumps(pipeline.snapshot())))
    assert played(other, one.batch[cut:]) == played(pipeline, one.batch[cut:])


def test_every_exercise_that_is_repeated_at_the_wrist_knows_how_it_begins():
    for model in EXERCISES.values():
        if "wrist" in model.movements:
            assert model.movements["wrist"].opening is not None
