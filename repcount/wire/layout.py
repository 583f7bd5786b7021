"""The field table of a profile, compiled: which bytes are which numbers, for reading and writing alike.

Rules: one numpy record for what a notification holds once, one for each sample, a checksum at the end;
bytes no field names are read over, and written as 0.
"""

import binascii

import numpy as np
from numpy.typing import NDArray

from repcount.profile.consistency import CHECKSUM_BYTES, first_sample_offset, largest_payload_bytes
from repcount.profile.model import AXES, Axes, Profile, VectorField
from repcount.profile.numbers import TYPES
from repcount.samples import Array

Record = NDArray[np.void]


class Vectors:
    """Three numbers per sample between counts of the sensor and SI along the body's axes."""

    def __init__(self, field: VectorField, axes: Axes) -> None:
        self.field = field
        self._order = list(axes.order)
        self._si_per_count = np.array(axes.signs) * (field.si_per_unit / field.counts_per_unit)
        self._limit_counts = field.limit * field.counts_per_unit

    def sane(self, counts: Array) -> bool:
        """Whether the sensor could have reported all of these."""
        return bool(np.all(np.abs(counts) <= self._limit_counts))

    def to_si(self, counts: Array) -> Array:
        """Counts (N, 3) as reported -> m/s2 or rad/s (N, 3) along the body's axes."""
        return np.asarray(counts[:, self._order] * self._si_per_count)

    def to_counts(self, values: Array) -> Array:
        """Inverse of `to_si`, rounded and clipped as the sensor would."""
        counts = np.empty_like(values)
        counts[:, self._order] = values / self._si_per_count
        clip_counts = self.field.saturates_at * self.field.counts_per_unit
        if self.field.kind.startswith("f"):
            return counts.clip(-clip_counts, clip_counts)
        number = np.iinfo(TYPES[self.field.kind])
        return np.rint(counts).clip(max(number.min, -clip_counts), min(number.max, clip_counts))


class Layout:
    """Where everything is in a notification of one profile."""

    def __init__(self, profile: Profile) -> None:
        stream = profile.stream
        self.stream = stream
        self.acc = Vectors(stream.acc, profile.axes)
        self.gyro = None if stream.gyro is None else Vectors(stream.gyro, profile.axes)
        self.head_bytes = first_sample_offset(stream)
        self.tail_bytes = CHECKSUM_BYTES if stream.checksum else 0
        self.head = self._head_record()
        self.sample = self._sample_record()
        spare_bytes = largest_payload_bytes(stream) - self.head_bytes - self.tail_bytes
        self.most_samples = spare_bytes // self.sample.itemsize
        if (count := stream.field("count")) is None:
            self.most_samples = stream.samples_per_notification
        else:
            self.most_samples = min(self.most_samples, (1 << count.bits) - 1)

    def payload_bytes(self, n_samples: int) -> int:
        """Length of a notification with that many samples."""
        return self.head_bytes + n_samples * self.sample.itemsize + self.tail_bytes

    def read_head(self, payload: bytes) -> dict[str, int]:
        """Read the numbers the notification holds once, by name; it must be long enough."""
        record = np.frombuffer(payload, self.head, count=1)[0] if self.stream.header else None
        return {} if record is None else {field.name: int(record[field.name]) for field in self.stream.header}

    def read_samples(self, payload: bytes, n_samples: int) -> Record:
        """Read the samples' records (N,)."""
        return np.frombuffer(payload, self.sample, n_samples, self.head_bytes)

    def checksum_holds(self, payload: bytes) -> bool:
        """Whether the bytes at the end fit the bytes before them."""
        body = payload[: len(payload) - self.tail_bytes]
        return payload == self.sealed(body)

    def sealed(self, body: bytes) -> bytes:
        """`body` with its checksum, where the stream has one, at the end."""
        if self.stream.checksum is None:
            return body
        crc = binascii.crc_hqx(body, 0xFFFF)
        return body + crc.to_bytes(CHECKSUM_BYTES, "little" if self.stream.byte_order == "<" else "big")

    def _head_record(self) -> np.dtype[np.void]:
        fields = self.stream.header
        return np.dtype(
            {
                "names": [field.name for field in fields],
                "formats": [self.stream.byte_order + TYPES[field.kind] for field in fields],
                "offsets": [field.offset for field in fields],
                "itemsize": self.head_bytes,
            }
        )

    def _sample_record(self) -> np.dtype[np.void]:
        named = [("acc", self.stream.acc), ("gyro", self.stream.gyro)]
        fields = [(name, field) for name, field in named if field is not None]
        return np.dtype(
            {
                "names": [name for name, _ in fields],
                "formats": [(self.stream.byte_order + TYPES[field.kind], (AXES,)) for _, field in fields],
                "offsets": [field.offset - self.head_bytes for _, field in fields],
                "itemsize": self.stream.acc.stride,
            }
        )
