"""A collection has everything in it, the same each time."""

from collections import Counter

import numpy as np
import pytest

from repcount.exercises import EXERCISE_IDS
from repcount.simulate import HoldsOf, SetOf, collection

ON_THE_CHEST = {"pull_up", "inverted_row", "deadlift", "good_morning", "back_extension"}
PAIRS = {(exercise, "wrist") for exercise in EXERCISE_IDS} | {(e, "chest") for e in ON_THE_CHEST}
MANY = list(collection(390, 1, nulls=20))
ACTIVE = MANY[:390]


def the_set(recording):
    (found,) = [part for part in recording.plan.parts if isinstance(part, SetOf | HoldsOf)]
    return found


SETS = [the_set(recording) for recording in ACTIVE]
REPEATED = [
    (recording, part) for recording, part in zip(ACTIVE, SETS, strict=True) if isinstance(part, SetOf)
]


def test_it_spreads_evenly_over_everything_a_sensor_can_see():
    counts = Counter((recording.exercise, recording.placement) for recording in ACTIVE)
    assert set(counts) == PAIRS
    assert set(counts.values()) == {30}


def test_names_differ_and_every_recording_knows_what_it_is_of():
    assert len({recording.name for recording in MANY}) == len(MANY)
    for recording, part in zip(ACTIVE, SETS, strict=True):
        assert part.exercise == recording.exercise
        assert recording.plan.placement == recording.placement


def test_a_larger_one_begins_with_the_smaller_one_and_another_seed_differs():
    assert list(collection(20, 1)) == ACTIVE[:20]
    assert list(collection(20, 1, nulls=3))[20:] == MANY[390:393]
    assert all(one != other for one, other in zip(collection(20, 2), ACTIVE, strict=False))


def test_people_keep_their_ways_and_their_body():
    by_person = {}
    for recording in ACTIVE:
        by_person.setdefault((recording.subject, recording.exercise), set()).add(recording.plan.habits)
    assert len({recording.subject for recording in ACTIVE}) == 10
    assert {len(habits) for habits in by_person.values()} == {1}
    assert len({habits for (habits,) in by_person.values()}) == len(by_person)
    paces = {r.subject: r.plan.habits.approach_ratio for r in ACTIVE}
    assert all(r.plan.habits.approach_ratio == paces[r.subject] for r in ACTIVE)


def test_sensors_are_what_people_wear():
    rates = Counter(recording.plan.rate_hz for recording in ACTIVE)
    assert set(rates) == {12.5, 25.0, 50.0, 52.0, 100.0, 104.0, 200.0}
    assert rates[12.5] + rates[200.0] < 0.2 * len(ACTIVE)
    assert 0.4 < np.mean([recording.plan.has_gyro for recording in ACTIVE]) < 0.6
    assert 0.3 < np.mean([recording.plan.errors.lost_ratio > 0.0 for recording in ACTIVE]) < 0.7
    assert {recording.plan.side for recording in ACTIVE} == {"left", "right"}
    assert len({recording.plan.mounting_deg for recording in ACTIVE}) == len(ACTIVE)


def test_sets_are_one_to_fifteen_reps_mostly_five_to_twelve():
    reps = np.array([part.reps for _, part in REPEATED])
    assert (reps.min(), reps.max()) == (1, 15)
    assert 0.7 < np.mean((reps >= 5) & (reps <= 12)) < 0.95


def test_lowerings_are_one_to_five_seconds_and_none_too_slow_for_a_chest_without_gyroscope():
    for recording, part in REPEATED:
        assert 1.0 <= part.tempo.eccentric_s <= 5.0
        if recording.placement == "chest" and recording.exercise in {"pull_up", "inverted_row"}:
            assert recording.plan.has_gyro or part.tempo.eccentric_s <= 3.0
    assert max(part.tempo.eccentric_s for _, part in REPEATED) > 4.0


def test_rare_cases_are_there():
    parts = [part for _, part in REPEATED]
    assert {part.variant for part in parts} == {"", "assisted", "kipping", "dumbbell"}
    for case in (
        lambda part: part.partial,
        lambda part: part.regrip_after,
        lambda part: part.drop_last,
        lambda part: any(tempo.concentric_s >= 2.0 for tempo in part.changed.values()),
        lambda part: any(tempo.eccentric_s <= 1.0 for tempo in part.changed.values()),
        lambda part: any(
            max(tempo.pause_lengthened_s, tempo.pause_shortened_s) > 2.0 for tempo in part.changed.values()
        ),
    ):
        assert 0.01 < np.mean([bool(case(part)) for part in parts]) < 0.3
    assert all(part.variant != "kipping" or part.exercise == "pull_up" for part in parts)


def test_holds_last_ten_to_thirty_seconds():
    holds_s = [s for part in SETS if isinstance(part, HoldsOf) for s in part.holds_s]
    assert 10.0 <= min(holds_s) <= max(holds_s) <= 30.0
    assert {len(part.holds_s) for part in SETS if isinstance(part, HoldsOf)} == {1, 2, 3}


def test_each_is_the_same_whenever_it_is_simulated():
    first, again = (next(collection(1, 1)).simulate() for _ in range(2))
    assert first.batch.t_s.tobytes() == again.batch.t_s.tobytes()
    assert first.batch.acc_m_s2.tobytes() == again.batch.acc_m_s2.tobytes()
    assert first.reps == again.reps


@pytest.mark.parametrize("k", range(13))
def test_there_is_one_set_or_one_row_of_holds_in_each(k):
    recording = ACTIVE[k]
    sim = recording.simulate()
    assert (sim.batch.gyro_rad_s is not None) == recording.plan.has_gyro
    assert {rep.kind for rep in sim.reps} == {"hold" if recording.exercise == "back_extension" else "rep"}
    assert 0.0 < sim.reps[0].start_s < sim.reps[-1].end_s < sim.batch.t_s[-1]
    assert all(isinstance(rep.start_s, float) for rep in sim.reps)


@pytest.mark.parametrize("recording", MANY[390:392], ids=["wrist", "chest"])
def test_nobody_exercises_in_a_recording_without_exercise(recording):
    sim = recording.simulate()
    assert recording.exercise == "null"
    assert (sim.reps, sim.sets) == ((), ())
    assert sim.batch.t_s[-1] > 30.0
