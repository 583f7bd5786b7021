"""What a firmware profile is: everything needed to find a sensor, start it, and read its notifications.

Rules: values only, nothing here decodes; a `Profile` that exists is consistent (`parse_profile` saw to it).
"""

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase

from repcount.events import FaultReason
from repcount.samples import STANDARD_GRAVITY_M_S2

SCHEMA = 1

TYPES = {
    "i8": "i1",
    "u8": "u1",
    "i16": "i2",
    "u16": "u2",
    "i32": "i4",
    "u32": "u4",
    "f32": "f4",
    "f64": "f8",
}
"""Names of numbers in a profile, and numpy's names without the byte order."""

ACC_UNITS = {"g": STANDARD_GRAVITY_M_S2, "m_s2": 1.0}
"""Units of acceleration, and their size in m/s2."""

GYRO_UNITS = {"deg_s": math.pi / 180.0, "rad_s": 1.0}
"""Units of turning rate, and their size in rad/s."""

AXES = 3


def type_bytes(kind: str) -> int:
    """How many bytes a number of `TYPES` takes."""
    return int(TYPES[kind][1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How the sensor is told from others while it advertises; every signal that is given must hold."""

    name_pattern: str | None
    advertises: str | None

    def matches(self, name: str | None, services: frozenset[str]) -> bool:
        """Whether an advertised name and its service UUIDs (lower case, 128 bit) are those of this sensor."""
        named = self.name_pattern is None or fnmatchcase(name or "", self.name_pattern)
        return named and (self.advertises is None or self.advertises in services)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Ask for notifications of a characteristic."""

    characteristic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Ask for no more notifications of a characteristic."""

    characteristic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Write a characteristic."""

    characteristic: str
    payload: bytes
    with_response: bool


Step = Subscribe | Unsubscribe | Write


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderField:
    """A number that a notification holds once, `offset` bytes from its start.

    `equals` is the only value it may have, None where it varies.
    """

    name: str
    offset: int
    kind: str
    equals: int | None

    @property
    def end(self) -> int:
        """First byte after the field."""
        return self.offset + type_bytes(self.kind)

    @property
    def bits(self) -> int:
        """Width of the number, after which a counter or a clock wraps."""
        return 8 * type_bytes(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorField:
    """Three numbers x, y, z in a row for every sample, the first `offset` bytes from the start.

    `stride` bytes lie from one sample to the next; where acceleration and turning rate take turns, both
    have the same. `limit` and `saturates_at` are in `unit`: no honest value is larger than the first, and
    the sensor as it is started clips at the second.
    """

    offset: int
    kind: str
    stride: int
    counts_per_unit: float
    unit: str
    limit: float
    saturates_at: float

    @property
    def record_bytes(self) -> int:
        """Bytes of one sample's three numbers."""
        return AXES * type_bytes(self.kind)

    @property
    def si_per_unit(self) -> float:
        """Size of `unit` in m/s2 or rad/s."""
        return (ACC_UNITS | GYRO_UNITS)[self.unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The sensor's own time, in the field `time`; `stamps` says whether of the `first` or `last` sample."""

    ticks_per_s: float
    stamps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What comes as notifications of one characteristic; each notification is one packet."""

    service: str
    characteristic: str
    byte_order: str
    rate_hz: float
    samples_per_notification: int
    mtu_bytes: int
    loss: str
    header: tuple[HeaderField, ...]
    acc: VectorField
    gyro: VectorField | None
    checksum: str | None
    clock: Clock | None

    @property
    def vectors(self) -> tuple[VectorField, ...]:
        """`acc`, and `gyro` where there is one."""
        return (self.acc,) if self.gyro is None else (self.acc, self.gyro)

    @property
    def latency_s(self) -> float:
        """How old the first sample of a notification is when it is sent, s."""
        return self.samples_per_notification / self.rate_hz

    def field(self, name: str) -> HeaderField | None:
        """The header field of that name, if the notification has it."""
        return next((field for field in self.header if field.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Which reported axis, with which sign, is x, y and z of the sensor's body; and how sure that is."""

    order: tuple[int, int, int]
    signs: tuple[float, float, float]
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Bytes and what they mean, for the profile's own test.

    `notify`: the values in the profile's units, or in `rejected` why the bytes must be refused;
    `start` and `stop`: step number `step` (from 0) must write exactly these bytes.
    `place` is its path inside the file.
    """

    place: str
    meaning: str
    direction: str
    payload: bytes
    step: int | None
    rejected: FaultReason | None
    counter: int | None
    t_s: tuple[float, ...] | None
    acc: tuple[tuple[float, ...], ...]
    gyro: tuple[tuple[float, ...], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One sensor firmware."""

    name: str
    title: str
    identity: Identity
    start: tuple[Step, ...]
    stop: tuple[Step, ...]
    stream: Stream
    axes: Axes
    provenance: tuple[str, ...]
    vectors: tuple[Vector, ...]
