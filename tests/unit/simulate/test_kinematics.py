"""Each exercise turns and carries its limb as far as was measured or derived, on wrist and chest."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.errors import InputError
from repcount.events import Tempo
from repcount.samples import STANDARD_GRAVITY_M_S2 as G_M_S2
from repcount.simulate import (
    EXACT,
    PERFECT,
    Fidget,
    Gesture,
    HoldsOf,
    Plan,
    SetOf,
    StandStill,
    Walk,
    all_kinematics,
    all_variants,
    simulate,
)
from repcount.simulate.gestures import GESTURES
from repcount.simulate.limb import LIMBS
from repcount.simulate.pose import orientation, position_m

TEMPO = Tempo(eccentric_s=2.0, pause_lengthened_s=0.5, concentric_s=1.0, pause_shortened_s=0.5)
HOLD = HoldsOf(exercise="back_extension", holds_s=(12.0, 20.0))
EVERY = [
    (placement, exercise, variant)
    for placement in LIMBS
    for exercise, variants in all_variants(placement).items()
    for variant in variants
]


def simulated(*parts, placement="wrist", seed=1, **habits):
    plan = Plan(
        parts=parts,
        placement=placement,
        rate_hz=200.0,
        errors=PERFECT,
        habits=replace(EXACT, **habits),
    )
    return simulate(plan, np.random.default_rng(seed))


def up_at(sim, t_s):
    acc_m_s2 = sim.batch.acc_m_s2[np.searchsorted(sim.batch.t_s, t_s)]
    return acc_m_s2 / np.linalg.norm(acc_m_s2)


def turned_deg(sim, one_s, other_s):
    return np.degrees(np.arccos(up_at(sim, one_s) @ up_at(sim, other_s)))


@pytest.mark.parametrize(
    ("placement", "exercise", "low_deg", "high_deg"),
    [
        ("wrist", "pull_up", 22, 30),
        ("wrist", "lat_pulldown", 34, 39),
        ("wrist", "bent_over_row", 15, 28),
        ("wrist", "deadlift", 20, 37),
        ("wrist", "inverted_row", 20, 40),
        ("wrist", "reverse_fly", 70, 90),
        ("wrist", "good_morning", 60, 90),
        ("wrist", "back_extension", 15, 30),
        ("chest", "pull_up", 5, 20),
        ("chest", "inverted_row", 15, 25),
        ("chest", "deadlift", 45, 70),
        ("chest", "good_morning", 60, 90),
        ("chest", "back_extension", 15, 30),
        ("chest", "bent_over_row", 0, 10),
        ("chest", "reverse_fly", 0, 10),
        ("chest", "lat_pulldown", 0, 20),
    ],
)
def test_the_limb_tilts_as_far_as_it_does_on_people(placement, exercise, low_deg, high_deg):
    for build in (-1.0, 0.0, 1.0):
        part = SetOf(exercise=exercise, reps=1, tempo=TEMPO)
        sim = simulated(part, placement=placement, person_ratio=1.0, build=(build, build, build))
        rep = sim.reps[0]
        found_deg = turned_deg(sim, rep.start_s - 0.05, rep.turn_s + 0.1)
        assert low_deg - 0.5 < found_deg < high_deg + 0.5


@pytest.mark.parametrize(
    ("placement", "exercise", "low_m", "high_m"),
    [
        ("wrist", "pull_up", 0.0, 0.0),
        ("wrist", "inverted_row", 0.0, 0.0),
        ("wrist", "lat_pulldown", -0.65, -0.5),
        ("wrist", "bent_over_row", 0.3, 0.5),
        ("wrist", "deadlift", 0.45, 0.65),
        ("chest", "pull_up", 0.45, 0.6),
        ("chest", "inverted_row", 0.35, 0.5),
        ("chest", "deadlift", 0.4, 0.6),
    ],
)
def test_the_hand_or_the_chest_rises_as_far_as_it_does_on_people(placement, exercise, low_m, high_m):
    kinematics = all_kinematics(placement)[exercise]
    poses = np.array([kinematics.start.array(), kinematics.turn.array()])
    lever_m = np.zeros(3) if placement == "wrist" else np.array(LIMBS[placement].lever_m)
    height_m = position_m(poses, lever_m)[:, 2]
    assert low_m <= height_m[1] - height_m[0] <= high_m


@pytest.mark.parametrize("exercise", ["deadlift", "bent_over_row", "lat_pulldown", "pull_up"])
@pytest.mark.parametrize("placement", list(LIMBS))
def test_integrating_the_samples_twice_returns_the_way_of_the_sensor(placement, exercise):
    kinematics = all_kinematics(placement)[exercise]
    sim = simulated(SetOf(exercise=exercise, reps=1, tempo=TEMPO), placement=placement)
    rep = sim.reps[0]
    span = slice(*np.searchsorted(sim.batch.t_s, (rep.start_s, rep.turn_s + 0.01)))
    ends = np.array([kinematics.start.array(), kinematics.turn.array()])
    travelled_m = position_m(ends, np.array(LIMBS[placement].lever_m))[:, 2]
    followed = orientation(ends[:1]) * _turned(sim.batch, span)
    rise_m_s2 = followed.apply(sim.batch.acc_m_s2[span])[:, 2] - G_M_S2
    height_m = np.cumsum(np.cumsum(rise_m_s2)) / 200.0**2
    assert height_m[-1] == pytest.approx(travelled_m[1] - travelled_m[0], abs=0.01)


def _turned(batch, span):
    found, gyro_rad_s = [Rotation.identity()], batch.gyro_rad_s[span]
    for rate_rad_s in (gyro_rad_s[1:] + gyro_rad_s[:-1]) / 2.0:
        found.append(found[-1] * Rotation.from_rotvec(rate_rad_s / 200.0))
    return Rotation.concatenate(found)


def test_a_chest_at_rest_feels_one_g_towards_the_head():
    batch = simulated(StandStill(duration_s=1.0), placement="chest").batch
    assert np.linalg.norm(batch.acc_m_s2, axis=1) == pytest.approx(G_M_S2, abs=1e-6)
    assert batch.acc_m_s2[0, 0] > 0.99 * G_M_S2


@pytest.mark.parametrize(("placement", "exercise", "variant"), EVERY)
def test_no_movement_jumps_or_is_harder_than_a_body_can(placement, exercise, variant):
    parts = (Walk(duration_s=3.0), SetOf(exercise=exercise, reps=2, tempo=TEMPO, variant=variant))
    batch = simulated(*parts, placement=placement, shake_m_s2=0.4, sway_deg=0.7).batch
    assert np.linalg.norm(batch.acc_m_s2, axis=1).max() < 4.0 * G_M_S2
    assert np.abs(np.diff(batch.gyro_rad_s, axis=0)).max() < 0.5


def test_the_trunk_has_no_part_in_a_row_a_fly_and_a_pulldown():
    still = {name for name, kinematics in all_kinematics("chest").items() if kinematics.is_still}
    assert still == {"bent_over_row", "reverse_fly", "lat_pulldown"}
    assert not any(kinematics.is_still for kinematics in all_kinematics("wrist").values())


def test_a_kip_swings_the_trunk_before_each_pull_and_belongs_to_the_pause():
    part = SetOf(exercise="pull_up", reps=3, tempo=TEMPO, variant="kipping")
    sim = simulated(part, placement="chest")
    swings_deg = [
        turned_deg(sim, rep.start_s - 0.45, rep.start_s) for rep in sim.reps
    ]  # from the arch to the hollow
    assert min(swings_deg) > 30.0
    assert [rep.pause_lengthened_s for rep in sim.reps] == pytest.approx([1.4, 1.4, None])
    assert sim.reps[1].start_s - sim.reps[0].end_s == pytest.approx(1.4)


def test_an_unknown_variant_is_refused_with_advice():
    with pytest.raises(InputError, match="'kipping'"):
        simulated(SetOf(exercise="pull_up", reps=1, variant="kiping"))


def test_a_hold_is_the_time_held_up():
    sim = simulated(HOLD)
    assert [rep.kind for rep in sim.reps] == ["hold", "hold"]
    assert [rep.end_s - rep.start_s for rep in sim.reps] == pytest.approx([12.0, 20.0])
    assert all(rep.turn_s is None and rep.eccentric_s is None for rep in sim.reps)
    assert sim.reps[1].start_s - sim.reps[0].end_s == pytest.approx(1.5 + 4.0 + 1.2)
    assert sim.sets[0].rep_count == 2
    assert (sim.sets[0].start_s, sim.sets[0].end_s) == (sim.reps[0].start_s, sim.reps[1].end_s)


@pytest.mark.parametrize("placement", list(LIMBS))
def test_what_is_held_sinks_a_little_and_is_lowered_in_the_end(placement):
    sim = simulated(HOLD, placement=placement, range_loss_ratio=0.2)
    hold = sim.reps[0]
    lifted_deg = turned_deg(sim, hold.start_s - 1.3, hold.start_s)
    sunk_deg = turned_deg(sim, hold.start_s, hold.end_s)
    assert sunk_deg == pytest.approx(0.2 * lifted_deg, rel=0.05)
    assert turned_deg(sim, hold.end_s + 1.6, hold.start_s) == pytest.approx(lifted_deg, abs=0.1)


def test_a_partial_rep_goes_a_share_of_the_range_and_is_a_rep():
    sim = simulated(SetOf(exercise="good_morning", reps=3, tempo=TEMPO, partial={2: 0.5}), placement="chest")
    deep_deg, half_deg, _ = (turned_deg(sim, rep.start_s, rep.turn_s + 0.1) for rep in sim.reps)
    assert half_deg == pytest.approx(deep_deg / 2.0, abs=0.5)
    assert len(sim.reps) == sim.sets[0].rep_count == 3


def test_taking_hold_anew_lengthens_the_pause_and_returns_to_the_bar():
    part = SetOf(exercise="deadlift", reps=3, tempo=TEMPO, regrip_after=frozenset([1]))
    sim = simulated(part)
    assert [rep.pause_lengthened_s for rep in sim.reps] == pytest.approx([1.5, 0.5, None])
    assert turned_deg(sim, sim.reps[0].end_s + 0.25, sim.reps[1].start_s) < 0.5


def test_a_weight_that_sticks_has_two_peaks_of_speed():
    smooth, stuck = (
        simulated(SetOf(exercise="deadlift", reps=2, tempo=TEMPO), stick_ratio=ratio) for ratio in (0.0, 0.8)
    )
    for sim, peaks in ((smooth, 1), (stuck, 2)):
        rep = sim.reps[1]
        span = slice(*np.searchsorted(sim.batch.t_s, (rep.start_s + 0.02, rep.turn_s - 0.02)))
        rate_rad_s = np.abs(sim.batch.gyro_rad_s[span, 1])
        inner = rate_rad_s[1:-1]
        assert np.count_nonzero((inner > rate_rad_s[:-2]) & (inner >= rate_rad_s[2:])) == peaks


def test_how_long_somebody_waits_before_the_first_rep_is_planned():
    first_s = [
        simulated(SetOf(exercise="pull_up", reps=1, settle_s=settle_s)).reps[0].start_s
        for settle_s in (0.1, 2.1)
    ]
    assert first_s[1] - first_s[0] == pytest.approx(2.0)


def test_somebody_slow_takes_longer_into_the_pose():
    first_s = [
        simulated(SetOf(exercise="pull_up", reps=1, settle_s=0.0), approach_ratio=ratio).reps[0].start_s
        for ratio in (1.0, 2.0)
    ]
    assert first_s[1] == pytest.approx(2.0 * first_s[0])


def test_the_same_body_returns_and_another_differs():
    part = SetOf(exercise="deadlift", reps=1, tempo=TEMPO)
    builds = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5), (-0.5, -0.5, -0.5))
    first, again, other = (
        simulated(part, seed=seed, person_ratio=1.0, build=build) for seed, build in enumerate(builds)
    )
    tilts_deg = [turned_deg(s, s.reps[0].start_s, s.reps[0].turn_s + 0.1) for s in (first, again, other)]
    assert tilts_deg[0] == pytest.approx(tilts_deg[1], abs=1e-6)
    assert tilts_deg[0] > tilts_deg[2] + 5.0


@pytest.mark.parametrize("placement", list(LIMBS))
@pytest.mark.parametrize("part", [Fidget(duration_s=5.0), *(Gesture(name=name) for name in GESTURES)])
def test_what_people_do_between_sets_is_no_rep_and_ends_standing(placement, part):
    sim = simulated(part, StandStill(duration_s=1.0), placement=placement)
    assert (sim.reps, sim.sets) == ((), ())
    assert np.linalg.norm(sim.batch.acc_m_s2, axis=1).max() < 4.0 * G_M_S2
    assert turned_deg(sim, 0.0, sim.batch.t_s[-2]) < 0.1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Gesture(name="wave"),
        lambda: HoldsOf(exercise="back_extension", holds_s=()),
        lambda: HoldsOf(exercise="back_extension", holds_s=(10.0, 0.0)),
        lambda: HoldsOf(exercise="back_extension", holds_s=(10.0,), lift_s=0.0),
        lambda: SetOf(exercise="pull_up", reps=2, partial={1: 1.2}),
    ],
)
def test_a_part_that_cannot_be_acted_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        wrong()
