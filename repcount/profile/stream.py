"""What a sensor sends: which bytes of which characteristic are what, and when they were measured.

Rules: values only, nothing here decodes. A **packet** is what the sensor sends as one: a notification, a
part of one, or several together, as `framing` says. Numbers that a value of the connection decides hold
what the defaults make of them until `resolved`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from repcount.profile.numbers import TYPES, Pattern, type_bytes
from repcount.profile.steps import Values, holds
from repcount.samples import STANDARD_GRAVITY_M_S2

ACC_UNITS = {"g": STANDARD_GRAVITY_M_S2, "m_s2": 1.0}
"""Units of acceleration, and their size in m/s2."""

GYRO_UNITS = {"deg_s": math.pi / 180.0, "rad_s": 1.0}
"""Units of turning rate, and their size in rad/s."""

AXES = 3

I24 = "i24"
"""A whole number in three bytes, which numpy does not know."""

CALENDAR_MS = "calendar_ms"
"""Year less 2000, month, day, hour, minute, second in a byte each, then ms in two: ticks since 2000-01-01."""

CHECKSUMS = {"crc16_ccitt_false": 2, "crc32": 4}
"""Checksums at the end of a packet, of all bytes before them, and how many bytes they take."""

DECODERS = ("polar_pmd_delta",)
"""Ways to pack samples that no table says."""

ATT_HEADER_BYTES = 3
"""Of the MTU, what a notification's own header takes (Core specification, ATT)."""

_NOTHING_IS_SANE = -1.0
"""A limit no size is below: for a sensor that answered a scale it cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByValue:
    """A number that a value of the connection decides: the value itself, or one divided by it."""

    name: str
    inverse: bool = False

    def number(self, values: Values) -> float | None:
        """The number, above 0; None where the value is not known or none."""
        value = values.get(self.name, 0.0)
        number = 1.0 / value if self.inverse and value else value
        return number if 0.0 < number < math.inf else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderField:
    """A number that a packet holds once, `offset` bytes from its start.

    `equals` is the only value it may have, None where it varies.
    """

    name: str
    offset: int
    kind: str
    equals: int | None

    @property
    def end(self) -> int:
        """First byte after the field."""
        return self.offset + self.bits // 8

    @property
    def bits(self) -> int:
        """Width of the number, after which a counter or a clock wraps."""
        return 64 if self.kind == CALENDAR_MS else 8 * type_bytes(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorField:
    """Three numbers x, y, z in a row for every sample, the first `offset` bytes from the start.

    `stride` bytes lie from one sample to the next; where acceleration and turning rate take turns, both
    have the same. `limit` and `saturates_at` are in `unit`: no honest value is larger than the first, and
    the sensor as it is started clips at the second. `by_value` names which of these a value decides.
    """

    offset: int
    kind: str
    stride: int
    counts_per_unit: float
    unit: str
    limit: float
    saturates_at: float
    by_value: Mapping[str, ByValue] = field(default_factory=dict)

    @property
    def record_bytes(self) -> int:
        """Bytes of one sample's three numbers."""
        return AXES * number_bytes_of(self.kind)

    @property
    def si_per_unit(self) -> float:
        """Size of `unit` in m/s2 or rad/s."""
        return (ACC_UNITS | GYRO_UNITS)[self.unit]

    def resolved(self, values: Values) -> "VectorField":
        """As the values make it; nothing is sane of a sensor whose values cannot be."""
        if not self.by_value:  # asked at every notification
            return self
        known = {key: by.number(values) for key, by in self.by_value.items()}
        if None in known.values():
            return replace(self, limit=_NOTHING_IS_SANE)
        return replace(
            self,
            counts_per_unit=known.get("counts_per_unit") or self.counts_per_unit,
            limit=known.get("limit") or self.limit,
            saturates_at=known.get("saturates_at") or self.saturates_at,
        )


def number_bytes_of(kind: str) -> int:
    """How many bytes one number of a sample takes."""
    return 3 if kind == I24 else type_bytes(kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The sensor's own time, in the field `time`; `stamps` says whether of the `first` or `last` sample."""

    ticks_per_s: float
    stamps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Each notification is one packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Packets of a byte stream that begin like `sync` have `packet_bytes`."""

    sync: Pattern
    packet_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteStream:
    """Notifications are pieces of one stream of bytes, from which packets are cut where they begin."""

    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued:
    """A packet too long for a notification goes on, after `following`, in the next ones.

    `first` begins each packet and belongs to it; `following` begins what goes on, and does not.
    """

    first: Pattern
    following: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture2Go:
    """Notifications as the Capture2Go protocol has them.

    255 less the number of real-time packages, then those, then bytes of its send buffer, which are none of
    ours. A package is 02, a CRC-32, the size of its content, its kind (2 bytes) and its content.
    """


Framing = Whole | ByteStream | Continued | Capture2Go


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One kind of packet on one characteristic, which holds acceleration, turning rate or both.

    `when`: it is sent while these values hold. `starts_with` tells it from other kinds; packets that begin
    like one of `ignored` are expected and of no use. The number of samples is in the field `count`; else,
    `counted_by_length`, what the packet has room for; else always `samples_per_notification`. In a `planar`
    packet all accelerations come first, then all turning rates; offsets are then those of a packet with one
    sample. `decoder` names how the samples are packed where that is no table.
    """

    service: str
    characteristic: str
    when: Values
    framing: Framing
    starts_with: Pattern | None
    ignored: tuple[Pattern, ...]
    byte_order: str
    rate_hz: float
    samples_per_notification: int
    mtu_bytes: int
    loss: str
    header: tuple[HeaderField, ...]
    acc: VectorField | None
    gyro: VectorField | None
    planar: bool
    counted_by_length: bool
    decoder: str | None
    checksum: str | None
    clock: Clock | None
    by_value: Mapping[str, ByValue] = field(default_factory=dict)

    @property
    def vectors(self) -> tuple[VectorField, ...]:
        """What there is of `acc` and `gyro`."""
        return tuple(vector for vector in (self.acc, self.gyro) if vector is not None)

    @property
    def latency_s(self) -> float:
        """How old the first sample of a notification is when it is sent, s."""
        return self.samples_per_notification / self.rate_hz

    @property
    def head_bytes(self) -> int:
        """Bytes before the first sample; where there is one only, header fields may lie behind it."""
        return min(vector.offset for vector in self.vectors)

    @property
    def stride(self) -> int:
        """Bytes from one sample to the next; of all planes together where the packet is planar."""
        return self.vectors[0].stride

    @property
    def tail_bytes(self) -> int:
        """Bytes after the last sample that are the checksum."""
        return CHECKSUMS[self.checksum] if self.checksum else 0

    @property
    def largest_payload_bytes(self) -> int:
        """Most bytes a notification can hold on a link that just allows this stream."""
        return self.mtu_bytes - ATT_HEADER_BYTES

    @property
    def fixed_samples(self) -> bool:
        """Whether every packet has the same number of samples."""
        return not self.counted_by_length and self.field("count") is None

    def payload_bytes(self, n_samples: int) -> int:
        """Length of a packet with that many samples, where no decoder says otherwise."""
        return self.head_bytes + n_samples * self.stride + self.tail_bytes

    def field(self, name: str) -> HeaderField | None:
        """The header field of that name, if the packet has it."""
        return next((field for field in self.header if field.name == name), None)

    def resolved(self, values: Values) -> "Stream":
        """As the values make it; what they do not say stays as it is."""
        acc, gyro = self.acc and self.acc.resolved(values), self.gyro and self.gyro.resolved(values)
        if not self.by_value and acc is self.acc and gyro is self.gyro:  # asked at every notification
            return self
        numbers = {key: by.number(values) for key, by in self.by_value.items()}
        count = numbers.get("samples_per_notification")
        return replace(
            self,
            rate_hz=numbers.get("rate_hz") or self.rate_hz,
            samples_per_notification=round(count) if count else self.samples_per_notification,
            acc=acc,
            gyro=gyro,
        )


def active(streams: tuple[Stream, ...], values: Values) -> tuple[Stream, ...]:
    """The streams a sensor with these values sends, as these values make them."""
    return tuple(stream.resolved(values) for stream in streams if holds(stream.when, values))


SAMPLE_TYPES = (*TYPES, I24)
"""Types that the numbers of a sample may have."""
