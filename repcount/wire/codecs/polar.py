"""Polar's delta blocks: a sample, then blocks of differences of as few bits as they need.

Rules: never raises; all of the bytes or nothing. A first sample of 3 numbers; then, as often as there are
bytes: the width of a difference in bits, how many samples follow, and their differences in a row, the lowest
bit first, each sample to the one before it. A block ends at a whole byte. Numbers of type `f32` are treated
as the 32-bit whole numbers their bytes spell.

Source: Polar BLE SDK, unit tests and "Polar Measurement Data Specification"; widths of 0 and 1 bit were never
seen, and what they mean is not agreed on: they are refused.
"""

import numpy as np
from numpy.typing import NDArray

from repcount.events import FaultReason
from repcount.profile.numbers import TYPES, type_bytes
from repcount.profile.stream import AXES
from repcount.samples import Array

Whole = NDArray[np.int64]

LEAST_BITS, MOST_BITS = 2, 32
MOST_SAMPLES = 255
"""In a block, whose number of samples is one byte."""

_WRAP = 1 << 32


def read_deltas(data: bytes, kind: str) -> Array | FaultReason:
    """Counts (N, 3): `LENGTH` when a block runs past the end, `HEADER` for a block that cannot be."""
    at = AXES * type_bytes(kind)
    if len(data) < at:
        return FaultReason.LENGTH
    samples = [np.frombuffer(data, "<" + _whole(kind), AXES).astype(np.int64)[None]]
    while at < len(data):
        if len(data) < at + 2:
            return FaultReason.LENGTH
        bits, n = data[at], data[at + 1]
        if not LEAST_BITS <= bits <= MOST_BITS or n == 0:
            return FaultReason.HEADER
        end = at + 2 + _block_bytes(bits, n)
        if len(data) < end:
            return FaultReason.LENGTH
        deltas = _unpacked(data[at + 2 : end], bits, n * AXES).reshape(n, AXES)
        samples.append(samples[-1][-1] + np.cumsum(deltas, axis=0))
        at = end
    return _counts(np.concatenate(samples), kind)


def write_deltas(counts: Array, kind: str) -> bytes:
    """Bytes of counts (N, 3), N > 0, in as few blocks as can be."""
    whole = _as_whole(counts, kind)
    deltas = np.diff(whole, axis=0)
    if kind.startswith("f"):  # the shorter way around
        deltas = (deltas + _WRAP // 2) % _WRAP - _WRAP // 2
    data: bytes = whole[0].astype("<" + _whole(kind)).tobytes()
    for k in range(0, len(deltas), MOST_SAMPLES):
        block = deltas[k : k + MOST_SAMPLES]
        bits = max(LEAST_BITS, *(_width(int(edge)) for edge in (block.min(), block.max())))
        data += bytes([bits, len(block)]) + _packed(block, bits)
    return data


def _whole(kind: str) -> str:
    return "i4" if kind == "f32" else TYPES[kind]


def _counts(whole: Whole, kind: str) -> Array:
    if not kind.startswith("f"):
        return whole.astype(np.float64)
    with np.errstate(invalid="ignore"):  # a float may be a signalling NaN; whoever looks at it refuses it
        return (whole % _WRAP).astype(np.uint32).view(np.float32).astype(np.float64)


def _as_whole(counts: Array, kind: str) -> Whole:
    if kind.startswith("f"):
        return np.ascontiguousarray(counts, np.float32).view(np.int32).astype(np.int64)
    return counts.astype(np.int64)


def _block_bytes(bits: int, n: int) -> int:
    return -(-bits * n * AXES // 8)


def _width(value: int) -> int:
    """Bits of a number in two's complement."""
    return (value if value >= 0 else ~value).bit_length() + 1


def _unpacked(data: bytes, bits: int, n: int) -> Whole:
    flags = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[: bits * n].reshape(n, bits)
    weights = 1 << np.arange(bits, dtype=np.int64)
    weights[-1] *= -1
    return np.asarray(flags.astype(np.int64) @ weights)


def _packed(block: Whole, bits: int) -> bytes:
    flags = (block.reshape(-1, 1) >> np.arange(bits)) & 1
    return np.packbits(flags.astype(np.uint8).reshape(-1), bitorder="little").tobytes()
