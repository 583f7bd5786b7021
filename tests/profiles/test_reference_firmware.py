"""The sketch for self-built sensors, compiled for this computer, says what `repcount_reference` reads.

What it runs on here is made up (`reference_firmware/arduino`); the frame's header is the firmware's own.
"""

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from repcount.edges.profiles import load_profile
from repcount.profile import Subscribe
from repcount.samples import STANDARD_GRAVITY_M_S2, Notification, SampleBatch
from repcount.wire import Gap, Wire
from repcount.wire.decoder import Decoded, Decoder
from repcount.wire.layout import Layout

HERE = Path(__file__).with_name("reference_firmware")
FIRMWARE = Path(__file__).parents[2] / "firmware_profiles" / "reference_firmware" / "repcount_sensor"
REFERENCE = load_profile("repcount_reference")
DATA = REFERENCE.stream.characteristic
XIAO, NANO, NANO_2 = "TARGET_SEEED_XIAO_NRF52840_SENSE", "BOARD_NANO_33_BLE", "BOARD_NANO_33_BLE_REV2"
COUNT_G, COUNT_DEG_S = 1 / 4096, 1 / 16.4

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        shutil.which("g++") is None, reason="g++ is not installed: the sketch is not compiled"
    ),
]


def compiled(source, made, *options):
    """Compile with all warnings as errors, by the language version of the boards' cores."""
    warned = ["-std=c++14", "-Wall", "-Wextra", "-Werror"]
    folders = [f"-I{FIRMWARE}", "-isystem", str(HERE / "arduino")]
    done = subprocess.run(
        ["g++", *warned, *folders, *options, "-o", made, HERE / source],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="session")
def encoder(tmp_path_factory):
    return compiled("frames.cpp", tmp_path_factory.mktemp("firmware") / "frames")


def encoded(encoder, rows, at_once, period_us=20_000):
    """Payloads that the firmware makes of rows of us, g, and deg/s (N, 7)."""
    lines = "\n".join(f"{int(row[0])} " + " ".join(f"{one:.6f}" for one in row[1:]) for row in rows)
    done = subprocess.run(
        [encoder, str(at_once), str(period_us)], input=lines, capture_output=True, text=True, check=True
    )
    return [bytes.fromhex(line) for line in done.stdout.split()]


def decoded(payload):
    [(_stream, packet)] = Decoder([Layout(REFERENCE.stream, REFERENCE.axes)]).feed(payload)
    assert isinstance(packet, Decoded)
    return packet


def rows_of(n, *, first_us=0, period_us=20_000, seed=0):
    """Random samples within the range of the frame."""
    rng = np.random.default_rng(seed)
    taken_us = (first_us + period_us * np.arange(n, dtype=np.int64)) % 2**32
    acc_g = rng.uniform(-7.9, 7.9, (n, 3))
    return np.column_stack([taken_us, acc_g, rng.uniform(-1990.0, 1990.0, (n, 3))])


@pytest.mark.parametrize("at_once", [1, 5, 10, 19])
def test_what_is_measured_comes_out_to_half_a_count(encoder, at_once):
    rows = rows_of(5 * at_once)
    packets = [decoded(one) for one in encoded(encoder, rows, at_once)]
    assert [len(one) for one in packets] == [at_once] * 5
    assert [one.counter for one in packets] == [0, 1, 2, 3, 4]
    assert [one.time_ticks for one in packets] == rows[::at_once, 0].tolist()
    assert {one.period_ticks for one in packets} == {20_000}
    acc_g = np.concatenate([one.acc_m_s2 for one in packets]) / STANDARD_GRAVITY_M_S2
    gyro_deg_s = np.degrees(np.concatenate([one.gyro_rad_s for one in packets]))
    np.testing.assert_allclose(acc_g, rows[:, 1:4], atol=0.501 * COUNT_G)
    np.testing.assert_allclose(gyro_deg_s, rows[:, 4:], atol=0.501 * COUNT_DEG_S)


def test_the_vectors_of_the_profile_are_what_it_sends(encoder):
    whole = [one for one in REFERENCE.vectors if one.acc]
    assert whole
    for vector in whole:
        n, first_us = len(vector.acc), round(vector.t_s[0] * 1e6)
        period_us = int.from_bytes(vector.payload[8:12], "little")
        taken_us = (first_us + period_us * np.arange(n)) % 2**32
        rows = np.column_stack([taken_us, vector.acc, vector.gyro])
        [payload] = encoded(encoder, rows, n, period_us)
        # It counts from 0; the counter, and so the checksum, are the vector's own.
        assert payload[:2] + payload[4:-2] == vector.payload[:2] + vector.payload[4:-2]


def test_what_is_out_of_range_is_clipped_and_what_is_no_number_is_zero(encoder):
    rows = [[0, 8.5, -8.5, 1e30, 2500.0, -2500.0, float("nan")]]
    packet = decoded(encoded(encoder, rows, 1)[0])
    full_g, full_deg_s = 32767 / 4096, 32767 / 16.4
    acc_g = packet.acc_m_s2[0] / STANDARD_GRAVITY_M_S2
    np.testing.assert_allclose(acc_g, [full_g, -8.0, full_g], atol=1e-6)
    np.testing.assert_allclose(np.degrees(packet.gyro_rad_s[0]), [full_deg_s, -32768 / 16.4, 0.0], atol=1e-3)


def test_counter_and_time_wrap_without_a_seam(encoder):
    n = 65_536 + 40
    first_us = 2**32 - 20_000 * (n - 30)  # the time wraps 30 samples before the end, the counter 40 before
    payloads = encoded(encoder, rows_of(n, first_us=first_us), 1)[-60:]
    counters = [decoded(one).counter for one in payloads]
    ticks = [decoded(one).time_ticks for one in payloads]
    assert min(counters) == 0
    assert max(counters) == 65_535
    assert max(ticks) - min(ticks) > 2**31
    batches = placed(payloads, 0.02)
    t_s = np.concatenate([one.t_s for one in batches])
    np.testing.assert_allclose(np.diff(t_s), 0.02, atol=1e-4)


def placed(payloads, period_s):
    """Sample batches of notifications that came so far apart; nothing else may come of them."""
    wire = Wire(REFERENCE)
    items = [
        item
        for k, payload in enumerate(payloads)
        for item in wire.feed(Notification(DATA, payload, period_s * k))
    ]
    assert all(isinstance(one, SampleBatch) for one in items), items
    return items


def test_a_hole_is_never_within_a_notification(encoder):
    rows = rows_of(20)
    rows[8:, 0] += 100_000
    packets = [decoded(one) for one in encoded(encoder, rows, 5)]
    assert [len(one) for one in packets] == [5, 3, 5, 5]
    assert [one.period_ticks for one in packets] == [20_000] * 4
    assert packets[2].time_ticks == rows[8, 0]


@pytest.mark.parametrize(
    ("volts", "percent"), [(0.0, 0), (3.3, 0), (3.45, 4), (3.7, 20), (3.75, 33), (4.15, 100), (4.4, 100)]
)
def test_the_battery_level_follows_the_voltage(encoder, volts, percent):
    done = subprocess.run([encoder, str(volts)], capture_output=True, text=True, check=True)
    assert abs(int(done.stdout) - percent) <= 1


# ---- the sketch itself ----


@pytest.fixture(scope="session", params=[XIAO, NANO, NANO_2])
def sketch(request, tmp_path_factory):
    """The sketch for a board, whose clock wraps 2 s after it is switched on."""
    made = tmp_path_factory.mktemp(request.param) / "sketch"
    made = compiled("sketch.cpp", made, f"-D{request.param}", f"-DFAKE_START_US={2**32 - 2_000_000}ull")
    made_board[made] = request.param
    return made


made_board = {}


def played(sketch, script):
    """First line, notifications (time in s since it was switched on, payload), and last line."""
    start_ms = (2**32 - 2_000_000) // 1000
    lines = "\n".join(f"{start_ms + at_ms} {what}" for at_ms, what in script)
    done = subprocess.run([sketch], input=lines, capture_output=True, text=True, check=True)
    first, *sent, last = done.stdout.splitlines()
    return (
        first,
        [(int(at) / 1e6 - start_ms / 1e3, bytes.fromhex(told)) for at, told in map(str.split, sent)],
        last,
    )


def test_it_advertises_the_service_that_the_profile_knows_it_by(sketch):
    first, sent, _last = played(sketch, [(1000, "quit")])
    assert first.split()[1] == REFERENCE.identity.advertises
    assert sent == []
    source = (FIRMWARE / "repcount_frame.h").read_text()
    [subscribed] = [step.characteristic for step in REFERENCE.start if isinstance(step, Subscribe)]
    assert re.search(r'DATA_UUID\[\] = "([^"]+)"', source)[1] == subscribed


def test_it_sends_while_somebody_subscribes_and_only_then(sketch):
    script = [(500, "subscribe"), (1500, "unsubscribe"), (2500, "subscribe"), (3500, "break"), (5000, "quit")]
    _first, sent, _last = played(sketch, script)
    at_s = np.array([at for at, _ in sent])
    assert np.all(((at_s > 0.5) & (at_s < 1.52)) | ((at_s > 2.5) & (at_s < 3.52)))
    assert len(sent) == 20
    assert [decoded(payload).counter for _, payload in sent] == list(range(20))
    times_s = [decoded(payload).time_ticks / 1e6 for _, payload in sent]
    late_s = at_s - 2.0 - np.where(np.array(times_s) > 2**31 / 1e6, np.array(times_s) - 2**32 / 1e6, times_s)
    assert np.all((late_s > 0.08) & (late_s < 0.09)), (
        "each comes with its fifth sample, and none is of before"
    )


def test_samples_come_50_times_a_second_also_while_its_clock_wraps(sketch):
    _first, sent, _last = played(sketch, [(500, "subscribe"), (5500, "quit")])
    batches = placed([payload for _, payload in sent], 0.1)
    t_s = np.concatenate([one.t_s for one in batches])
    assert len(t_s) == 250
    np.testing.assert_allclose(np.diff(t_s), 0.02, atol=0.0025)


def test_a_stall_is_a_hole_of_its_own_length_and_nothing_is_caught_up_on(sketch):
    _first, sent, _last = played(sketch, [(500, "subscribe"), (1050, "hang 300"), (1800, "quit")])
    times_us = [
        (decoded(payload).time_ticks + k * decoded(payload).period_ticks) % 2**32
        for _, payload in sent
        for k in range(len(decoded(payload)))
    ]
    steps_us = [(after - before) % 2**32 for before, after in pairwise(times_us)]
    [stall_us] = [one for one in steps_us if one > 25_000]
    assert 300_000 <= stall_us < 325_000
    assert all(18_000 < one < 22_000 for one in steps_us if one != stall_us)


def test_axes_are_right_handed_and_in_g_and_degrees(sketch):
    _first, sent, _last = played(sketch, [(500, "subscribe"), (650, "quit")])
    packet = decoded(sent[0][1])
    acc_g = packet.acc_m_s2[0] / STANDARD_GRAVITY_M_S2
    np.testing.assert_allclose(acc_g - acc_g[1], [-0.5, 0.0, 0.5], atol=0.001)
    np.testing.assert_allclose(np.degrees(packet.gyro_rad_s[0]), [100.0, 200.0, 300.0], atol=0.1)


def test_a_board_with_a_battery_says_its_level(sketch):
    _first, _sent, last = played(sketch, [(1000, "quit")])
    assert last == ("battery 73" if made_board[sketch] == XIAO else "battery -1")


def test_a_board_that_nobody_named_is_asked_for():
    done = subprocess.run(
        [
            "g++",
            "-fsyntax-only",
            f"-I{FIRMWARE}",
            f"-I{HERE / 'arduino'}",
            "-DFAKE_START_US=0",
            HERE / "sketch.cpp",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Which board?" in done.stderr


def test_a_lost_notification_is_said_as_a_gap(encoder):
    payloads = encoded(encoder, rows_of(50), 5)
    wire = Wire(REFERENCE)
    items = [
        item
        for k, payload in enumerate(payloads)
        if k != 4
        for item in wire.feed(Notification(DATA, payload, 0.1 * k))
    ]
    assert sum(isinstance(one, Gap) for one in items) == 1
