"""The simulator obeys physics, and its truth is the plan's."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.errors import InputError
from repcount.events import Tempo
from repcount.exercises import EXERCISE_IDS
from repcount.samples import STANDARD_GRAVITY_M_S2 as G_M_S2
from repcount.simulate import (
    EXACT,
    PERFECT,
    Plan,
    SensorErrors,
    SetOf,
    StandStill,
    Walk,
    all_kinematics,
    any_mounting_deg,
    simulate,
)

TEMPO = Tempo(eccentric_s=2.0, pause_lengthened_s=0.5, concentric_s=1.0, pause_shortened_s=0.25)
EXERCISES = sorted(all_kinematics("wrist"))


def exact_plan(*parts, **changes):
    return Plan(parts=parts, rate_hz=200.0, habits=EXACT, errors=PERFECT, **changes)


def exact_set(exercise, **changes):
    return simulate(exact_plan(SetOf(exercise=exercise, reps=3, tempo=TEMPO), **changes), seeded())


def lively_plan(**changes):
    parts = (StandStill(duration_s=1.0), SetOf(exercise="pull_up", reps=4, tempo=TEMPO), Walk(duration_s=4.0))
    return replace(Plan(parts=parts), **changes)


def seeded(seed=1):
    return np.random.default_rng(seed)


def turned(batch):
    """Orientation of every sample relative to the first, by integrating the turning rate."""
    dt_s = np.diff(batch.t_s)[:, None]
    steps = Rotation.from_rotvec((batch.gyro_rad_s[1:] + batch.gyro_rad_s[:-1]) / 2.0 * dt_s)
    found = [Rotation.identity()]
    for step in steps:
        found.append(found[-1] * step)
    return Rotation.concatenate(found)


def test_all_exercises_are_simulated_on_both_placements():
    assert set(all_kinematics("wrist")) == set(all_kinematics("chest")) == set(EXERCISE_IDS)


def test_standing_still_measures_one_g_and_no_turning():
    batch = simulate(exact_plan(StandStill(duration_s=2.0)), seeded()).batch
    assert len(batch) == 400
    assert np.linalg.norm(batch.acc_m_s2, axis=1) == pytest.approx(G_M_S2, abs=1e-6)
    assert np.abs(batch.gyro_rad_s).max() < 1e-9


def test_a_raised_forearm_measures_gravity_towards_the_hand_and_a_hanging_one_away_from_it():
    up, down = exact_set("pull_up"), exact_set("deadlift")
    pause = [np.searchsorted(s.batch.t_s, s.reps[0].end_s + 0.3) for s in (up, down)]
    assert up.batch.acc_m_s2[pause[0]][0] > 0.95 * G_M_S2
    assert down.batch.acc_m_s2[pause[1]][0] < -0.95 * G_M_S2


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_gyro_integrates_to_the_tilt_gravity_shows(exercise):
    sim = exact_set(exercise)
    rep = sim.reps[0]
    start, turn = np.searchsorted(sim.batch.t_s, (rep.start_s, rep.turn_s + 0.1))
    up = [sim.batch.acc_m_s2[i] / G_M_S2 for i in (start, turn)]
    followed = turned(sim.batch[start : turn + 1])[-1].inv().apply(up[0])
    assert followed == pytest.approx(up[1], abs=2e-3)


def test_the_forearm_rolls_out_and_back_twice_in_a_pull_up():
    sim = exact_set("pull_up")
    rep = sim.reps[0]
    start, turn, end = np.searchsorted(sim.batch.t_s, (rep.start_s, rep.turn_s, rep.end_s))
    roll_deg = np.degrees(np.cumsum(sim.batch.gyro_rad_s[:, 0]) / 200.0)
    pull, lower = roll_deg[start:turn] - roll_deg[start], roll_deg[turn:end] - roll_deg[end]
    assert pull.max() > pull[-1] + 10.0
    assert lower.max() > lower[0] + 10.0


def test_only_the_deadlift_strikes_the_floor():
    for exercise in EXERCISES:
        sim = exact_set(exercise)
        after = np.searchsorted(sim.batch.t_s, (sim.reps[0].end_s, sim.reps[0].end_s + 0.2))
        blow_m_s2 = np.ptp(np.linalg.norm(sim.batch.acc_m_s2[slice(*after)], axis=1))
        assert (blow_m_s2 > 2.0) == (exercise == "deadlift")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_position_and_orientation_never_jump(exercise):
    parts = (Walk(duration_s=3.0), SetOf(exercise=exercise, reps=2, tempo=TEMPO), StandStill(duration_s=1.0))
    sim = simulate(Plan(parts=parts, rate_hz=200.0, errors=PERFECT), seeded())
    assert np.linalg.norm(sim.batch.acc_m_s2, axis=1).max() < 4.0 * G_M_S2
    assert np.abs(np.diff(sim.batch.gyro_rad_s, axis=0)).max() < 0.5


@pytest.mark.parametrize("exercise", EXERCISES)
def test_labels_are_the_plans_durations_and_boundaries_touch(exercise):
    bows_first = exercise == "good_morning"
    first_s, inside_s, second_s, after_s = (2.0, 0.5, 1.0, 0.25) if bows_first else (1.0, 0.25, 2.0, 0.5)
    reps = exact_set(exercise).reps
    for rep, later in itertools.pairwise(reps):
        assert rep.kind == "rep"
        assert rep.turn_s - rep.start_s == pytest.approx(first_s)
        assert rep.end_s - rep.turn_s == pytest.approx(inside_s + second_s)
        assert later.start_s - rep.end_s == pytest.approx(after_s)
        found = (rep.eccentric_s, rep.pause_lengthened_s, rep.concentric_s, rep.pause_shortened_s)
        assert found == (2.0, 0.5, 1.0, 0.25)
    assert (reps[-1].pause_shortened_s if bows_first else reps[-1].pause_lengthened_s) is None


def test_a_changed_rep_and_a_dropped_last_one_are_labelled_so():
    quick = replace(TEMPO, eccentric_s=0.6)
    part = SetOf(exercise="deadlift", reps=3, tempo=TEMPO, changed={2: quick}, drop_last=True)
    reps = simulate(exact_plan(part), seeded()).reps
    assert [rep.eccentric_s for rep in reps] == [2.0, 0.6, None]
    assert reps[2].end_s == pytest.approx(reps[2].turn_s + 0.25)


def test_sets_span_their_reps():
    parts = (SetOf(exercise="pull_up", reps=2), Walk(duration_s=5.0), SetOf(exercise="bent_over_row", reps=3))
    sim = simulate(Plan(parts=parts), seeded())
    assert [(s.exercise, s.rep_count) for s in sim.sets] == [("pull_up", 2), ("bent_over_row", 3)]
    assert [s.start_s for s in sim.sets] == [sim.reps[0].start_s, sim.reps[2].start_s]
    assert sim.sets[0].end_s + 5.0 < sim.sets[1].start_s
    assert sim.sets[1].end_s < sim.batch.t_s[-1]


def test_people_vary_and_tire():
    sim = simulate(Plan(parts=(SetOf(exercise="pull_up", reps=10, tempo=TEMPO),)), seeded())
    pulls_s = [rep.concentric_s for rep in sim.reps]
    assert len(set(pulls_s)) == 10
    assert np.mean(pulls_s[-3:]) > np.mean(pulls_s[:3])


def test_the_same_seed_gives_the_same_bytes_and_another_another():
    first, again, other = (simulate(lively_plan(), seeded(seed)).batch for seed in (1, 1, 2))
    assert first.acc_m_s2.tobytes() == again.acc_m_s2.tobytes()
    assert first.gyro_rad_s.tobytes() == again.gyro_rad_s.tobytes()
    assert first.acc_m_s2[:50].tobytes() != other.acc_m_s2[:50].tobytes()


def test_rate_mounting_and_sensor_change_the_samples_but_not_the_truth():
    plain = simulate(lively_plan(), seeded())
    for changes in (
        {"rate_hz": 12.5},
        {"rate_hz": 200.0},
        {"mounting_deg": (40.0, -100.0, 7.0)},
        {"has_gyro": False, "errors": SensorErrors(acc_noise_m_s2=0.5)},
        {"side": "right"},
    ):
        other = simulate(lively_plan(**changes), seeded())
        assert other.reps == plain.reps
        assert other.sets == plain.sets
        assert not np.array_equal(other.batch.acc_m_s2[:50], plain.batch.acc_m_s2[:50])


def test_a_slower_rate_reads_the_same_movement():
    quick, slow = (simulate(lively_plan(rate_hz=hz, errors=PERFECT), seeded()).batch for hz in (200.0, 25.0))
    assert slow.t_s == pytest.approx(quick.t_s[::8][: len(slow)])
    assert slow.acc_m_s2 == pytest.approx(quick.acc_m_s2[::8][: len(slow)], abs=1e-6)


def test_mounting_only_turns_the_axes():
    mounting_deg = any_mounting_deg(seeded())
    plain = simulate(lively_plan(errors=PERFECT), seeded()).batch
    other = simulate(lively_plan(errors=PERFECT, mounting_deg=mounting_deg), seeded()).batch
    back = Rotation.from_rotvec(mounting_deg, degrees=True)
    assert back.apply(other.acc_m_s2) == pytest.approx(plain.acc_m_s2)
    assert back.apply(other.gyro_rad_s) == pytest.approx(plain.gyro_rad_s)


def test_the_right_hand_mirrors_the_left():
    left, right = (simulate(lively_plan(errors=PERFECT, side=s), seeded()).batch for s in ("left", "right"))
    assert right.acc_m_s2 == pytest.approx(left.acc_m_s2 * (1.0, -1.0, 1.0), abs=1e-6)
    assert right.gyro_rad_s == pytest.approx(left.gyro_rad_s * (-1.0, 1.0, -1.0), abs=1e-6)


def test_drawn_mountings_reach_every_direction():
    rng = seeded()
    ups = np.array(
        [Rotation.from_rotvec(any_mounting_deg(rng), degrees=True).as_matrix()[:, 2] for _ in range(200)]
    )
    assert np.abs(ups.mean(axis=0)).max() < 0.2
    assert np.abs(ups).max(axis=0).min() > 0.9


def test_an_unknown_exercise_is_refused_with_advice():
    with pytest.raises(InputError, match="'pull_up'"):
        simulate(Plan(parts=(SetOf(exercise="pullup", reps=3),)), seeded())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Plan(parts=()),
        lambda: Plan(parts=(Walk(duration_s=1.0),), rate_hz=5.0),
        lambda: Plan(parts=(Walk(duration_s=0.0),)),
        lambda: Plan(parts=(Walk(duration_s=1.0),), side="both"),
        lambda: Plan(parts=(Walk(duration_s=1.0),), placement="knee"),
        lambda: SetOf(exercise="pull_up", reps=0),
        lambda: SetOf(exercise="pull_up", reps=1, tempo=replace(TEMPO, eccentric_s=None)),
    ],
)
def test_a_plan_that_cannot_be_acted_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        wrong()
