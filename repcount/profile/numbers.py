"""Numbers as a sensor writes them: their names in a profile, their bytes, and patterns of first bytes."""

import math
from dataclasses import dataclass

import numpy as np

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

BYTE_ORDERS = {"little": "<", "big": ">"}
"""Words for the order of bytes in a profile, and numpy's."""


def type_bytes(kind: str) -> int:
    """How many bytes a number of `TYPES` takes."""
    return int(TYPES[kind][1:])


def number_at(payload: bytes, offset: int, kind: str, byte_order: str) -> float | None:
    """The number at `offset`; None where the payload ends before it, or where it is no number."""
    if offset + type_bytes(kind) > len(payload):
        return None
    with np.errstate(invalid="ignore"):  # a float may be a signalling NaN
        value = float(np.frombuffer(payload, byte_order + TYPES[kind], 1, offset)[0])
    return value if math.isfinite(value) else None


def fits(value: float, kind: str) -> bool:
    """Whether a number can be written as `kind` without loss of what it says."""
    if kind.startswith("f"):
        return True
    range_of = np.iinfo(TYPES[kind])
    return value == int(value) and int(range_of.min) <= value <= int(range_of.max)


def number_bytes(value: float, kind: str, byte_order: str) -> bytes:
    """Write a number that `fits`."""
    return np.array(value).astype(byte_order + TYPES[kind]).tobytes()


@dataclass(frozen=True, slots=True)
class Pattern:
    """The first bytes of a payload; None stands for any byte."""

    first: tuple[int | None, ...]

    def matches(self, payload: bytes) -> bool:
        """Whether the payload begins so."""
        if len(payload) < len(self.first):
            return False
        return all(one in (None, byte) for one, byte in zip(self.first, payload, strict=False))

    def __str__(self) -> str:
        """As in a profile."""
        return " ".join("??" if one is None else f"{one:02x}" for one in self.first)


def parse_pattern(text: str) -> Pattern | None:
    """Read bytes as pairs of hexadecimal digits, `??` for any byte; None when it is something else."""
    digits = "".join(text.split())
    pairs = [digits[k : k + 2] for k in range(0, len(digits), 2)]
    try:
        first = tuple(None if pair == "??" else bytes.fromhex(pair)[0] for pair in pairs)
    except (ValueError, IndexError):
        return None
    return Pattern(first) if first else None
