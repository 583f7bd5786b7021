"""Which way is up: at once with a gyroscope, by the force felt without one."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.motion.attitude import Attitude
from repcount.motion.tracker import Motion
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch

RATE_HZ = 50.0
UP = np.array([0.0, 0.0, 1.0])


def swinging(rate_hz=RATE_HZ, *, duration_s=12.0, deg=35.0, thrown_g=0.0, seed=1):
    """Time s, up in the sensor's frame, force g and turning rate rad/s of a sensor that swings after 4 s.

    Mounted anyhow; `thrown_g` sideways throws go with the swing.
    """
    t_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    phase = np.clip((t_s - 4.0) / 3.0, 0, None) * 2 * np.pi
    angle, speed = deg / 2 * (1 - np.cos(phase)), np.radians(deg) / 2 * np.sin(phase) * 2 * np.pi / 3.0
    mounting = Rotation.random(rng=np.random.default_rng(seed))
    turned = Rotation.from_rotvec(np.outer(angle, [0, 1, 0]), degrees=True)
    to_sensor = (turned * mounting).inv()
    thrown = np.outer(thrown_g * np.sin(phase), [1, 0, 0])
    gyro_rad_s = mounting.inv().apply(np.outer(speed, [0, 1, 0]))
    return t_s, to_sensor.apply(UP), to_sensor.apply(UP + thrown), gyro_rad_s


def up_of(acc_g, gyro_rad_s=None):
    return np.array(Attitude(RATE_HZ).feed(acc_g, gyro_rad_s)[0])


def off_deg(found, true):
    cosine = np.sum(found * true, axis=1) / np.linalg.norm(found, axis=1) / np.linalg.norm(true, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("thrown_g", [0.0, 0.3])
def test_with_a_gyroscope_up_is_followed_through_turns_and_throws(thrown_g, seed):
    _, up, acc_g, gyro_rad_s = swinging(thrown_g=thrown_g, seed=seed)
    found = up_of(acc_g, gyro_rad_s)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0)
    assert off_deg(found, up)[25:].max() < 4.0


def test_a_turn_is_followed_in_the_tick_it_happens():
    _, up, acc_g, gyro_rad_s = swinging()
    found = up_of(acc_g, gyro_rad_s)
    late = [off_deg(found[300:], up[300 - k : len(up) - k]).mean() for k in range(4)]
    assert np.argmin(late) == 0


def test_without_a_gyroscope_up_is_where_the_force_points():
    _, up, acc_g, _ = swinging()
    assert off_deg(up_of(2.0 * acc_g), up).max() < 1e-3
    _, up, thrown_g, _ = swinging(thrown_g=0.3)
    assert off_deg(up_of(thrown_g), up).max() > 10.0


def test_a_sensor_in_free_fall_points_nowhere_and_that_is_a_number():
    assert up_of(np.zeros((3, 3))).tolist() == [[0.0, 0.0, 0.0]] * 3


def test_the_bias_of_a_gyroscope_at_rest_is_learned():
    acc_g, bias_rad_s = np.tile(UP, (3000, 1)), np.tile([0.01, -0.01, 0.02], (3000, 1))
    assert off_deg(up_of(acc_g, bias_rad_s), acc_g)[-500:].max() < 0.5


@pytest.mark.parametrize("fed", [0, 1, 10, 400])
def test_a_snapshot_is_json_and_goes_on_to_the_very_same_numbers(fed):
    _, _, acc_g, gyro_rad_s = swinging(thrown_g=0.2)
    one, other = Attitude(RATE_HZ), Attitude(RATE_HZ)
    one.feed(acc_g[:fed], gyro_rad_s[:fed])
    other.feed(acc_g[::-1], gyro_rad_s)
    other.restore(json.loads(json.dumps(one.snapshot(), allow_nan=False)))
    assert (
        np.array(other.feed(acc_g[fed:], gyro_rad_s[fed:])).tolist()
        == np.array(one.feed(acc_g[fed:], gyro_rad_s[fed:])).tolist()
    )


@pytest.mark.parametrize("has_gyro", [True, False])
@pytest.mark.parametrize("rate_hz", [12.5, 26.0, 52.0, 104.0, 200.0])
def test_the_motion_stage_says_up_at_any_rate_later_by_its_stated_delay(rate_hz, has_gyro):
    t_s, up, acc_g, gyro_rad_s = swinging(rate_hz)
    batch = SampleBatch(t_s, acc_g * STANDARD_GRAVITY_M_S2, gyro_rad_s if has_gyro else None)
    (piece,), _ = Motion().feed(batch)
    motion = piece.motion
    true = np.column_stack([np.interp(motion.t_s - motion.quick_delay_s, t_s, axis) for axis in up.T])
    assert off_deg(motion.up, true)[50:].max() < 3.0


def test_a_gyroscope_that_comes_or_goes_does_not_stop_the_motion():
    t_s, _, acc_g, gyro_rad_s = swinging()
    acc_m_s2 = acc_g * STANDARD_GRAVITY_M_S2
    motion, ticks = Motion(), []
    for part, has_gyro in ((slice(0, 200), True), (slice(200, 400), False), (slice(400, 600), True)):
        pieces, _ = motion.feed(
            SampleBatch(t_s[part], acc_m_s2[part], gyro_rad_s[part] if has_gyro else None)
        )
        ticks += [row for piece in pieces for row in piece.motion.signals]
    assert len(ticks) == 300
    assert np.isfinite(ticks).all()
