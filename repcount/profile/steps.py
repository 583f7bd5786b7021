"""The conversation with a sensor as values: what is written, waited for, read and kept, in order.

Rules: pure; nothing here talks. **Values** are numbers by name that live as long as a connection: the
parameters that were chosen, what follows from them, and what steps captured.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from repcount.profile.numbers import Pattern, number_at, number_bytes

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number that a person may choose among `allowed`.

    `codes` holds what is written for each, empty where the number itself is; `sets` the values that follow
    from each, by name.
    """

    name: str
    default: float
    allowed: tuple[float, ...]
    codes: tuple[bytes, ...] = ()
    sets: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def values(self, chosen: float) -> dict[str, float]:
        """The value itself and what follows from it; `chosen` is one of the allowed."""
        place = self.allowed.index(chosen)
        return {self.name: chosen} | {name: column[place] for name, column in self.sets.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPart:
    """A value, written as a number."""

    name: str
    kind: str
    byte_order: str

    def written(self, values: Values) -> bytes:
        """Its bytes."""
        return number_bytes(values[self.name], self.kind, self.byte_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A value, written as decimal digits."""

    name: str

    def written(self, values: Values) -> bytes:
        """Its bytes."""
        return f"{values[self.name]:g}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePart:
    """A parameter, written as the code of its value."""

    parameter: Parameter

    def written(self, values: Values) -> bytes:
        """Its bytes."""
        return self.parameter.codes[self.parameter.allowed.index(values[self.parameter.name])]


Part = bytes | NumberPart | TextPart | CodePart


@dataclass(frozen=True, slots=True)
class Refusal:
    """The sensor says no, or says something that cannot be used; `word` is the reason, for people."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The number in an answer that says whether all is well; `words` for those that do not."""

    offset: int
    good: tuple[int, ...]
    words: Mapping[int, str]
    kind: str = "u8"
    byte_order: str = "<"

    def refusal(self, payload: bytes) -> Refusal | None:
        """Why the answer is a refusal; None when it is none."""
        told = number_at(payload, self.offset, self.kind, self.byte_order)
        if told is None:
            return Refusal(f"its answer is too short: {payload.hex(' ') or 'empty'}")
        return None if told in self.good else Refusal(self.words.get(int(told), f"status {told:g}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A number in an answer that is kept as a value; `default` where the answer ends before it."""

    name: str
    offset: int
    kind: str
    byte_order: str
    default: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer must say, and what is kept of it."""

    status: Status | None = None
    captures: tuple[Capture, ...] = ()

    def take(self, payload: bytes) -> dict[str, float] | Refusal:
        """The values that the answer holds, or why it cannot be used."""
        if self.status is not None and (refusal := self.status.refusal(payload)) is not None:
            return refusal
        kept: dict[str, float] = {}
        for capture in self.captures:
            told = number_at(payload, capture.offset, capture.kind, capture.byte_order)
            value = capture.default if told is None else told
            if value is None:
                return Refusal(f"its answer does not hold {capture.name}: {payload.hex(' ') or 'empty'}")
            kept[capture.name] = value
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """`when`: values that must be so, else the step is left out. `may_fail`: it is tried, no more.

    Where several services have a characteristic of the same UUID, `service` says which is meant.
    """

    when: Values = field(default_factory=dict)
    may_fail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe(_Step):
    """Ask for the notifications, or indications, of a characteristic."""

    characteristic: str
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe(_Step):
    """Ask for no more of them."""

    characteristic: str
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(_Step):
    """Write a characteristic; what is longer than `chunk_bytes` in several writes."""

    characteristic: str
    parts: tuple[Part, ...]
    with_response: bool = True
    chunk_bytes: int | None = None
    service: str | None = None

    def payload(self, values: Values) -> bytes:
        """All that is written."""
        return b"".join(part if isinstance(part, bytes) else part.written(values) for part in self.parts)

    def chunks(self, values: Values) -> list[bytes]:
        """The same, as it is cut into writes; one at least."""
        payload = self.payload(values)
        size = self.chunk_bytes or len(payload) or 1
        return [payload[k : k + size] for k in range(0, len(payload), size)] or [b""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(_Step):
    """Read a characteristic."""

    characteristic: str
    answer: Answer
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(_Step):
    """Wait for what the sensor sends next on a characteristic that begins like `starts_with`.

    What came since the last write counts too.
    """

    characteristic: str
    starts_with: Pattern
    timeout_s: float
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(_Step):
    """Do nothing for a while."""

    seconds: float


Step = Subscribe | Unsubscribe | Write | Read | Wait | Pause


def captures(steps: Iterable[Step]) -> Iterator[Capture]:
    """What steps capture, in order."""
    return (one for step in steps if isinstance(step, Read | Wait) for one in step.answer.captures)


def holds(when: Values, values: Values) -> bool:
    """Whether all of these values are so; one that is not known yet is not."""
    return all(values.get(name) == value for name, value in when.items())
