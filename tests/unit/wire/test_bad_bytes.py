from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repcount.edges.profiles import load_profile
from repcount.events import FaultReason
from repcount.samples import Notification, SampleBatch
from repcount.wire import Gap, Rejected, Wire, encode

REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")
FLOATS = load_profile(Path(__file__).parents[3] / "firmware_profiles" / "_template.toml")
QUICK = settings(derandomize=True, deadline=None, max_examples=100)


def _good(n=10):
    rng = np.random.default_rng(1)
    batch = SampleBatch(np.arange(n) / 50.0, rng.normal(0, 9, (n, 3)), rng.normal(0, 3, (n, 3)))
    return encode(REFERENCE, batch, samples_per_notification=n)[0].payload


def _one(profile, payload):
    (item,) = Wire(profile).feed(Notification(profile.stream.characteristic, payload, 1.0))
    return item


@pytest.mark.parametrize("length", range(len(_good()) + 14))
def test_a_notification_of_any_other_length_is_refused_for_it(length):
    payload = (_good() + bytes(14))[:length]
    if length == len(_good()):
        assert isinstance(_one(REFERENCE, payload), SampleBatch)
    else:
        assert _one(REFERENCE, payload) == Rejected(FaultReason.LENGTH, 1.0)


@pytest.mark.parametrize("bit", range(8 * len(_good(1))))
def test_no_wrong_bit_of_the_reference_frame_gets_through(bit):
    payload = bytearray(_good(1))
    payload[bit // 8] ^= 1 << bit % 8
    assert isinstance(_one(REFERENCE, bytes(payload)), Rejected)


def test_the_longest_notification_of_the_reference_frame_is_read():
    assert len(_good(19)) <= 244
    assert len(_one(REFERENCE, _good(19))) == 19


payloads = (
    st.binary(max_size=260)
    | st.binary(min_size=6, max_size=6)
    | st.binary(min_size=29, max_size=29)
    | st.integers(1, 19)
    .flatmap(lambda n: st.tuples(st.just(n), st.binary(min_size=10 + 12 * n, max_size=10 + 12 * n)))
    .map(lambda made: _sealed(bytes([1, made[0]]) + made[1]))
)


def _sealed(body):
    crc = 0xFFFF
    for byte in body:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return body + crc.to_bytes(2, "little")


@QUICK
@given(
    st.lists(st.tuples(payloads, st.floats(0.0, 100.0)), max_size=12),
    st.sampled_from([REFERENCE, MICROBIT, FLOATS]),
)
def test_whatever_comes_every_item_is_valid(received, profile):
    wire, last_s = Wire(profile), -np.inf
    for payload, arrival_s in received:
        for item in wire.feed(Notification(profile.stream.characteristic, payload, arrival_s)):
            match item:
                case Rejected():
                    assert item.reason in FaultReason
                case Gap():
                    assert last_s == item.start_s < item.end_s
                case SampleBatch():
                    assert item.t_s[0] > last_s
                    assert np.all(np.diff(item.t_s) > 0)
                    assert item.acc_m_s2.shape == (len(item), 3)
                    assert np.all(np.isfinite(item.acc_m_s2))
                    assert (item.gyro_rad_s is None) == (profile is not REFERENCE)
                    last_s = item.t_s[-1]


def test_more_than_the_sensor_can_measure_is_refused():
    assert _one(MICROBIT, bytes.fromhex("0000ff7f0000")) == Rejected(FaultReason.SANITY, 1.0)


def test_notifications_of_other_characteristics_are_none_of_its_business():
    other = Notification("00002a19-0000-1000-8000-00805f9b34fb", b"\x64", 1.0)
    assert Wire(REFERENCE).feed(other) == []
    shouted = Notification(MICROBIT.stream.characteristic.upper(), bytes(6), 1.0)
    assert len(Wire(MICROBIT).feed(shouted)) == 1


@pytest.mark.parametrize("number", ["7fc00000", "7f800001", "7f800000", "ff800000"])
def test_what_is_no_number_is_refused(number):
    payload = bytes.fromhex("07 000003e8" + number + 20 * "00")
    assert _one(FLOATS, payload) == Rejected(FaultReason.SANITY, 1.0)
