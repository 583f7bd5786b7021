"""What a firmware profile is: everything needed to find a sensor, start it, and read its notifications.

Rules: values only, nothing here decodes; a `Profile` that exists is consistent (`parse_profile` saw to it).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import FaultReason
from repcount.profile.identity import Identity
from repcount.profile.numbers import type_bytes
from repcount.profile.steps import Parameter, Read, Step, Values, Wait
from repcount.samples import STANDARD_GRAVITY_M_S2

SCHEMA = 1

ACC_UNITS = {"g": STANDARD_GRAVITY_M_S2, "m_s2": 1.0}
"""Units of acceleration, and their size in m/s2."""

GYRO_UNITS = {"deg_s": math.pi / 180.0, "rad_s": 1.0}
"""Units of turning rate, and their size in rad/s."""

AXES = 3


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
    `start` and `stop`: step number `step` (from 0) must write exactly these bytes; `answer`: the start step
    of that number takes these bytes for an answer, and keeps `captured` of them or says `refused`. For
    `notify`, `captured` is what the sensor had answered. `values` are the parameters that are not at their
    default. `place` is its path inside the file.
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
    values: Values = field(default_factory=dict)
    captured: Values = field(default_factory=dict)
    refused: str | None = None


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
    parameters: tuple[Parameter, ...] = ()

    def default_values(self) -> dict[str, float]:
        """The values of a sensor that was started without choosing anything, and that answered briefly."""
        return self.chosen_values({}, "")

    def chosen_values(self, chosen: Mapping[str, float], place: str) -> dict[str, float]:
        """The values before the conversation: parameters as chosen, else their default, and what they set.

        What steps capture has its default, where it has one. `place` is where the choice was made, for
        messages.

        Raises
        ------
        InputError
            With every name that is no parameter and every value that is not allowed.
        """
        if problems := list(self._choice_problems(chosen, place)):
            raise InputError(problems)
        answers = (step.answer for step in self.start if isinstance(step, Read | Wait))
        captures = [capture for answer in answers for capture in answer.captures]
        values = {capture.name: capture.default for capture in captures if capture.default is not None}
        for parameter in self.parameters:
            values |= parameter.values(float(chosen.get(parameter.name, parameter.default)))
        return values

    def _choice_problems(self, chosen: Mapping[str, float], place: str) -> Iterator[Problem]:
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in chosen.items():
            if name not in known:
                mend = did_you_mean(name, known) if known else "There is nothing to choose."
                yield Problem(place, f"{self.name} has no {name!r}", mend)
            elif value not in known[name].allowed:
                allowed = ", ".join(f"{one:g}" for one in known[name].allowed)
                yield Problem(place, f"{self.name} cannot have {name} {value:g}", f"Allowed: {allowed}.")
