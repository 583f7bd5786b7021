"""What a firmware profile is: everything needed to find a sensor, start it, and read its notifications.

Rules: values only, nothing here decodes; a `Profile` that exists is consistent (`parse_profile` saw to it).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import FaultReason
from repcount.profile.identity import Identity
from repcount.profile.steps import Parameter, Step, Values, captures
from repcount.profile.stream import Stream, active

SCHEMA = 1


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
    default. `place` is its path inside the file. A notification is of `characteristic`, None for that of the
    acceleration; `then` are those that follow it and belong to the same packet.
    """

    place: str
    meaning: str
    direction: str
    payload: bytes
    step: int | None
    rejected: FaultReason | None
    counter: int | None
    t_s: tuple[float, ...] | None
    acc: tuple[tuple[float, ...], ...] | None
    gyro: tuple[tuple[float, ...], ...] | None
    characteristic: str | None = None
    then: tuple[bytes, ...] = ()
    values: Values = field(default_factory=dict)
    captured: Values = field(default_factory=dict)
    refused: str | None = None


CUE_LATENCY_S = 0.2
"""A notification may be this late for the cue to slow down to come while it is of use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One sensor firmware; one that `must_stop` sends on, until its battery is empty, if nobody does."""

    name: str
    title: str
    identity: Identity
    start: tuple[Step, ...]
    stop: tuple[Step, ...]
    streams: tuple[Stream, ...]
    axes: Axes
    provenance: tuple[str, ...]
    vectors: tuple[Vector, ...]
    parameters: tuple[Parameter, ...] = ()
    must_stop: bool = False

    @property
    def stream(self) -> Stream:
        """The acceleration of a sensor that was started without choosing anything."""
        return next(stream for stream in self.active_streams() if stream.acc is not None)

    @property
    def has_gyro(self) -> bool:
        """Whether such a sensor sends its turning rate."""
        return any(stream.gyro is not None for stream in self.active_streams())

    @property
    def latency_s(self) -> float:
        """How old a sample is at worst when the notification that completes it is sent, s."""
        return self.latency_with_s(None)

    def latency_with_s(self, values: Values | None) -> float:
        """The same of a sensor that was started with these values; None for the default ones."""
        return max(stream.latency_s for stream in self.active_streams(values))

    def is_quick(self, values: Values | None = None) -> bool:
        """Whether such a sensor tells of a movement in time for a live cue."""
        return self.latency_with_s(values) <= CUE_LATENCY_S

    def active_streams(self, values: Values | None = None) -> tuple[Stream, ...]:
        """What a sensor with these values sends, and how; None for the default values."""
        return active(self.streams, self.default_values() if values is None else values)

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
        values = {one.name: one.default for one in captures(self.start) if one.default is not None}
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
