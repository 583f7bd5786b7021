import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from repcount.events import FaultReason
from repcount.wire.codecs.polar import read_deltas, write_deltas

REFERENCE = bytes.fromhex("0a00 f6ff 0001")


def test_a_sample_alone_is_itself():
    assert read_deltas(REFERENCE, "i16").tolist() == [[10, -10, 256]]


def test_differences_are_packed_lowest_bit_first_and_carried_over_blocks():
    # 3 bits each: +1, -1, +3 -> 001, 111, 011 from the lowest bit up: 0b0_0111_1100_1 = 0x0F9
    block = bytes([3, 1]) + (0b011_111_001).to_bytes(2, "little")
    assert read_deltas(REFERENCE + block * 2, "i16").tolist() == [
        [10, -10, 256],
        [11, -11, 259],
        [12, -12, 262],
    ]


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_block_that_runs_past_the_end_is_refused(cut):
    assert read_deltas((REFERENCE + bytes([8, 1, 1, 2, 3]))[:-cut], "i16") is FaultReason.LENGTH


@pytest.mark.parametrize("bits", [0, 1, 33, 255])
def test_widths_that_nobody_has_seen_are_refused(bits):
    assert read_deltas(REFERENCE + bytes([bits, 1]) + bytes(120), "i16") is FaultReason.HEADER


@given(arrays(np.int16, st.tuples(st.integers(1, 600), st.just(3))))
def test_whole_numbers_come_back(counts):
    again = read_deltas(write_deltas(counts.astype(float), "i16"), "i16")
    np.testing.assert_array_equal(again, counts)


@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 20), st.just(3)), elements=st.floats(width=32, allow_nan=False)
    )
)
def test_floats_come_back_bit_by_bit(values):
    again = read_deltas(write_deltas(values.astype(float), "f32"), "f32")
    np.testing.assert_array_equal(again.astype(np.float32).view(np.int32), values.view(np.int32))


@given(st.binary(max_size=300), st.sampled_from(["i16", "f32"]))
def test_whatever_comes_is_read_or_refused(data, kind):
    read = read_deltas(data, kind)
    assert isinstance(read, FaultReason) or read.shape[1] == 3
