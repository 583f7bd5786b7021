"""One stream of a profile, compiled: which bytes of a packet are which numbers, to read and to write.

Rules: what a packet holds once, then its samples, a checksum at the end; bytes nothing names are read over,
and written as 0.
"""

import binascii
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from repcount.events import FaultReason
from repcount.profile.model import Axes
from repcount.profile.numbers import TYPES
from repcount.profile.stream import AXES, CALENDAR_MS, I24, HeaderField, Stream, VectorField
from repcount.samples import Array
from repcount.wire.codecs import CODECS

ByteOrder = Literal["little", "big"]
Numbers = NDArray[Any]

_CHECKSUMS = {"crc16_ccitt_false": lambda body: binascii.crc_hqx(body, 0xFFFF), "crc32": binascii.crc32}
_I24_RANGE = (-(1 << 23), (1 << 23) - 1)
_DAY_ZERO = date(2000, 1, 1).toordinal()
_MS_PER_DAY, _MS_PER_HOUR, _MS_PER_MINUTE, _MS_PER_S = 86_400_000, 3_600_000, 60_000, 1000


class Vectors:
    """Three numbers per sample between counts of the sensor and SI along the body's axes."""

    def __init__(self, field: VectorField, axes: Axes, byte_order: str) -> None:
        self.field = field
        self.record_bytes = field.record_bytes
        self.is_float = field.kind.startswith("f")
        self.number = None if field.kind == I24 else np.dtype(byte_order + TYPES[field.kind])
        """What numpy calls its numbers; None where it knows none such."""
        self._order = list(axes.order)
        self._si_per_count = np.array(axes.signs) * (field.si_per_unit / field.counts_per_unit)
        self._limit_counts = field.limit * field.counts_per_unit
        self._always_sane = not self.is_float and self._limit_counts >= max(map(abs, _range(field.kind)))

    def sane(self, counts: Array) -> bool:
        """Whether the sensor could have reported all of these."""
        return self._always_sane or bool((np.abs(counts) <= self._limit_counts).all())

    def to_si(self, counts: Array) -> Array:
        """Counts (N, 3) as reported -> m/s2 or rad/s (N, 3) along the body's axes."""
        return np.asarray(counts.take(self._order, axis=1) * self._si_per_count)

    def to_counts(self, values: Array) -> Array:
        """Inverse of `to_si`, rounded and clipped as the sensor would."""
        counts = np.empty_like(values)
        counts[:, self._order] = values / self._si_per_count
        clip_counts = self.field.saturates_at * self.field.counts_per_unit
        if self.is_float:
            return counts.clip(-clip_counts, clip_counts)
        least, most = _range(self.field.kind)
        return np.rint(counts).clip(max(least, -clip_counts), min(most, clip_counts))


class Layout:
    """Where everything is in a packet of one stream.

    Attributes
    ----------
    vectors
        What there is of `acc` and `gyro`, by name.
    most_samples
        Of a packet that a notification holds on a link that just allows the stream.
    """

    def __init__(self, stream: Stream, axes: Axes) -> None:
        self.stream = stream
        self.acc = None if stream.acc is None else Vectors(stream.acc, axes, stream.byte_order)
        self.gyro = None if stream.gyro is None else Vectors(stream.gyro, axes, stream.byte_order)
        named = {"acc": self.acc, "gyro": self.gyro}
        self.vectors = {name: vectors for name, vectors in named.items() if vectors is not None}
        self.head_bytes, self.stride, self.tail_bytes = stream.head_bytes, stream.stride, stream.tail_bytes
        self.least_bytes = max([self.head_bytes, *(field.end for field in stream.header)])
        self._codec = None if stream.decoder is None else CODECS[stream.decoder]
        self._checksum = None if stream.checksum is None else _CHECKSUMS[stream.checksum]
        self._order: ByteOrder = "little" if stream.byte_order == "<" else "big"
        self._head = [(field, slice(field.offset, field.end)) for field in stream.header]
        self.most_samples = self._most_samples()

    def _most_samples(self) -> int:
        if self.stream.fixed_samples:
            return self.stream.samples_per_notification
        spare_bytes = self.stream.largest_payload_bytes - self.head_bytes - self.tail_bytes
        count = self.stream.field("count")
        return min(spare_bytes // self.stride, (1 << count.bits) - 1 if count else spare_bytes)

    def samples_in(self, payload: bytes, head: Mapping[str, int]) -> int | None:
        """How many samples a packet holds, 1 at least; None when its length is wrong for them."""
        if self.stream.counted_by_length:
            n, rest = divmod(len(payload) - self.head_bytes - self.tail_bytes, self.stride)
            return n if n >= 1 and rest == 0 else None
        n = head.get("count", self.stream.samples_per_notification)
        n_bytes = self.head_bytes + n * self.stride + self.tail_bytes
        fits = 1 <= n <= self.most_samples and len(payload) == n_bytes
        return n if fits else None

    def read_head(self, payload: bytes) -> dict[str, int] | FaultReason:
        """Read the numbers the packet holds once, by name; it must be long enough."""
        head: dict[str, int] = {}
        for field, place in self._head:
            data = payload[place]
            if field.kind == CALENDAR_MS:
                ticks = _calendar_ticks(data, self._order)
                if ticks is None:
                    return FaultReason.SANITY
                head[field.name] = ticks
            else:
                head[field.name] = int.from_bytes(data, self._order)
            if field.equals not in (None, head[field.name]):
                return FaultReason.HEADER
        return head

    def read_packed(self, payload: bytes) -> dict[str, Array] | FaultReason:
        """Read the counts (N, 3) that a decoder packed, by name of the vector."""
        ((name, vectors),) = self.vectors.items()
        if self._codec is None:
            raise ValueError("the samples of this stream are a table")
        counts = self._codec.read(payload[self.head_bytes :], vectors.field.kind)
        return counts if isinstance(counts, FaultReason) else {name: counts}

    def read_samples(self, payload: bytes, n_samples: int) -> dict[str, Array]:
        """Read the counts (N, 3) of a table, by name of the vector."""
        return {name: self._counts(payload, vectors, n_samples) for name, vectors in self.vectors.items()}

    def _counts(self, payload: bytes, vectors: Vectors, n_samples: int) -> Array:
        numbers = self._view(payload, vectors, n_samples)
        if vectors.number is None:
            return _from_i24(numbers, self._order)
        if not vectors.is_float:
            return numbers.astype(np.float64)
        with np.errstate(invalid="ignore"):  # a float may be a signalling NaN; it is not sane
            return numbers.astype(np.float64)

    def checksum_holds(self, payload: bytes) -> bool:
        """Whether the bytes at the end fit the bytes before them."""
        return self._checksum is None or payload == self.sealed(payload[: len(payload) - self.tail_bytes])

    def sealed(self, body: bytes) -> bytes:
        """`body` with its checksum, where the stream has one, at the end."""
        if self._checksum is None:
            return body
        return body + self._checksum(body).to_bytes(self.tail_bytes, self._order)

    def write(self, head: Mapping[str, int], counts: Mapping[str, Array]) -> bytes:
        """Write a packet: `head` by name of the field, counts (N, 3) by name of the vector."""
        if self._codec is not None:
            ((name, vectors),) = self.vectors.items()
            packet = self._started(self.head_bytes, head)
            return bytes(packet) + self._codec.write(counts[name], vectors.field.kind)
        n = len(next(iter(counts.values())))
        packet = self._started(self.head_bytes + n * self.stride, head)
        for name, vectors in self.vectors.items():
            view = self._view(packet, vectors, n)
            view[:] = _to_i24(counts[name], self._order) if vectors.number is None else counts[name]
        return self.sealed(bytes(packet))

    def named(self, n_samples: int) -> bytes:
        """Which bytes of a packet without a decoder have a meaning: 255 there, 0 where they are read over."""
        used = bytearray(self.stream.payload_bytes(n_samples))
        for k, byte in enumerate(self.stream.starts_with.first if self.stream.starts_with else ()):
            used[k] = 0 if byte is None else 255
        for field in self.stream.header:
            used[field.offset : field.end] = b"\xff" * (field.end - field.offset)
        for vectors in self.vectors.values():
            self._view(used, vectors, n_samples, as_bytes=True)[:] = 255
        if all(used[: len(used) - self.tail_bytes]):
            used[len(used) - self.tail_bytes :] = b"\xff" * self.tail_bytes
        return bytes(used)

    def _started(self, n_bytes: int, head: Mapping[str, int]) -> bytearray:
        """So many bytes, of which those are written that are there once."""
        start = bytearray(n_bytes)
        for k, byte in enumerate(self.stream.starts_with.first if self.stream.starts_with else ()):
            start[k] = byte or 0
        for field in self.stream.header:
            value = (head[field.name] if field.equals is None else field.equals) % (1 << field.bits)
            start[field.offset : field.end] = _head_bytes(field, value, self._order)
        return start

    def _view(
        self, payload: bytes | bytearray, vectors: Vectors, n_samples: int, *, as_bytes: bool = False
    ) -> Numbers:
        """The numbers (N, 3) of a vector where they lie; (N, 3, bytes) of each as bytes."""
        offset, stride = vectors.field.offset, self.stride
        if self.stream.planar:
            offset = self.head_bytes + (offset - self.head_bytes) * n_samples
            stride = vectors.record_bytes
        width = vectors.record_bytes // AXES
        if as_bytes or vectors.number is None:
            return np.ndarray((n_samples, AXES, width), np.uint8, payload, offset, (stride, width, 1))
        return np.ndarray((n_samples, AXES), vectors.number, payload, offset, (stride, width))


def _range(kind: str) -> tuple[int, int]:
    if kind == I24:
        return _I24_RANGE
    limits = np.iinfo(TYPES[kind])
    return int(limits.min), int(limits.max)


def _from_i24(data: Numbers, order: ByteOrder) -> Array:
    weights = np.array([1, 1 << 8, 1 << 16] if order == "little" else [1 << 16, 1 << 8, 1])
    unsigned = data.astype(np.int64) @ weights
    return np.asarray(unsigned - ((unsigned >> 23) << 24), np.float64)


def _to_i24(counts: Array, order: ByteOrder) -> Numbers:
    shifts = np.array([0, 8, 16] if order == "little" else [16, 8, 0])
    return np.asarray((counts.astype(np.int64)[..., None] >> shifts) & 0xFF, np.uint8)


def _calendar_ticks(data: bytes, order: ByteOrder) -> int | None:
    """The ms since 2000-01-01; None when there is no such day or time."""
    year, month, day, hour, minute, second = data[:6]
    ms = int.from_bytes(data[6:8], order)
    try:
        days = date(2000 + year, month, day).toordinal() - _DAY_ZERO
    except ValueError:
        return None
    if hour > 23 or minute > 59 or second > 59 or ms >= _MS_PER_S:  # noqa: PLR2004  a day has 24 hours
        return None
    return days * _MS_PER_DAY + hour * _MS_PER_HOUR + minute * _MS_PER_MINUTE + second * _MS_PER_S + ms


def _head_bytes(field: HeaderField, value: int, order: ByteOrder) -> bytes:
    if field.kind != CALENDAR_MS:
        return value.to_bytes(field.bits // 8, order)
    days, ms = divmod(value, _MS_PER_DAY)
    day = date.fromordinal(_DAY_ZERO + days)
    hour, ms = divmod(ms, _MS_PER_HOUR)
    minute, ms = divmod(ms, _MS_PER_MINUTE)
    second, ms = divmod(ms, _MS_PER_S)
    return bytes([day.year - 2000, day.month, day.day, hour, minute, second]) + ms.to_bytes(2, order)
