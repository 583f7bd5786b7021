"""Taking typed values out of parsed TOML while noting every problem, each with its path inside the file.

Rules: a value that is missing or wrong is noted once and replaced by a harmless one, so that reading goes
on and one run finds everything; whoever reads asks `Notes.raise_if_any` before using the result.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

from repcount.errors import InputError, Problem, did_you_mean
from repcount.profile.numbers import Pattern, parse_pattern

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NO_UUID = "00000000-0000-0000-0000-000000000000"
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Notes:
    """The problems of one file, in the order found."""

    place: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: str, message: str, mend: str = "") -> None:
        """Note a problem at a path inside the file."""
        self.problems.append(Problem(f"{self.place}: {path}" if path else self.place, message, mend))

    def clean(self, *keys: str) -> bool:
        """Whether nothing was noted below these keys of the file."""
        below = tuple(f"{self.place}: {key}" for key in keys)
        return not any(problem.place.startswith(below) for problem in self.problems)

    def raise_if_any(self) -> None:
        """Raise what was noted.

        Raises
        ------
        InputError
            With every problem noted.
        """
        if self.problems:
            raise InputError(self.problems)


class Table:
    """One table of the file; `with` it, and keys nobody asked for are noted at the end."""

    def __init__(self, data: Mapping[str, object], path: str, notes: Notes) -> None:
        self.path = path
        self.notes = notes
        self._data = data
        self._asked: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for key in self._data:
            if key not in self._asked:
                self.note(key, "unknown key", did_you_mean(key, self._asked))

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._data

    def holds_table(self, key: str) -> bool:
        """Whether there is a table at the key."""
        return key in self and isinstance(self._data[key], Mapping)

    def note(self, key: str, message: str, mend: str = "") -> None:
        """Note a problem of one key."""
        self.notes.add(self.path_of(key), message, mend)

    def path_of(self, key: str) -> str:
        """Path of a key inside the file."""
        return f"{self.path}.{key}" if self.path else key

    def text(self, key: str) -> str:
        """Text that is not empty."""
        return self.take(key, _text, "text that is not empty", "")

    def choice(self, key: str, known: Collection[str]) -> str:
        """One of the words in `known`."""
        word = self.take(key, _text, "a word", "")
        if word and word not in known:
            self.note(key, f"unknown value {word!r}", did_you_mean(word, known))
        return word if word in known else next(iter(known))

    def kind(self, key: str, known: Collection[str]) -> str | None:
        """The word that decides which other keys belong here; None, and no more is said, if it is unknown."""
        before = len(self.notes.problems)
        word = self.choice(key, known)
        if len(self.notes.problems) == before:
            return word
        self._asked.update(self._data)
        return None

    def uuid(self, key: str) -> str:
        """A full 128-bit UUID, lower case."""
        return self.take(key, _uuid, "a full 128-bit UUID as 8-4-4-4-12 hexadecimal digits", _NO_UUID)

    def whole(self, key: str, *, least: int = 0, default: int | None = None) -> int:
        """A whole number from `least` on."""
        if default is not None and key not in self:
            return default
        what = f"a whole number from {least} on"
        return self.take(key, lambda v: _whole(v, least), what, max(least, 1))

    def number(self, key: str, *, default: float | None = None) -> float:
        """A finite number above 0."""
        if default is not None and key not in self:
            return default
        return self.take(key, _positive, "a number above 0", 1.0)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        if key not in self:
            return default
        return self.take(key, lambda v: v if isinstance(v, bool) else None, "true or false", default)

    def hex_bytes(self, key: str) -> bytes:
        """Bytes written as hexadecimal digits, spaces allowed."""
        return self.take(key, _bytes, "bytes as pairs of hexadecimal digits", b"")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of at least one text."""
        return self.take(key, lambda v: _all(v, _text, 1), "a list of at least one text", ("",))

    def identifier(self, key: str) -> str:
        """A name for a value."""
        return self.take(key, _identifier, "a name of a-z, 0-9 and _ that begins with a letter", "")

    def identifiers(self) -> list[str]:
        """All keys of this table, which are the writer's to choose; what is no name is noted."""
        for key in self._data:
            if _identifier(key) is None:
                self.note(key, "is no name of a-z, 0-9 and _ that begins with a letter")
        return list(self._data)

    def whole_keys(self) -> list[tuple[str, int]]:
        """All keys of this table with the whole numbers they are; what is none is noted."""
        self._asked.update(self._data)
        for key in self._data:
            if not key.isascii() or not key.isdecimal():
                self.note(key, "is no whole number")
        return [(key, int(key)) for key in self._data if key.isascii() and key.isdecimal()]

    def choices(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """At least one of the words in `known`."""
        words = self.texts(key)
        for word in words:
            if word and word not in known:
                self.note(key, f"unknown value {word!r}", did_you_mean(word, known))
        return tuple(word for word in words if word in known)

    def finite(self, key: str) -> float:
        """A finite number."""
        return self.take(key, _number, "a number", 0.0)

    def named_numbers(self, key: str) -> dict[str, float]:
        """A table of numbers by name."""
        with self.table(key) as table:
            return {name: table.finite(name) for name in table.identifiers()}

    def pattern(self, key: str) -> Pattern:
        """The first bytes of a payload, `??` for any byte."""
        what = "bytes as pairs of hexadecimal digits, ?? for any byte"
        return self.take(key, _pattern, what, Pattern((0,)))

    def patterns(self, key: str) -> tuple[Pattern, ...]:
        """A list of first bytes."""
        what = "a list of bytes as pairs of hexadecimal digits, ?? for any byte"
        return self.take(key, lambda v: _all(v, _pattern, 1), what, ())

    def hex_list(self, key: str) -> tuple[bytes, ...]:
        """A list of bytes written as hexadecimal digits."""
        return self.take(key, lambda v: _all(v, _bytes, 1), "a list of bytes as hexadecimal digits", ())

    def parts(self, key: str) -> "list[bytes | Table]":
        """A list of at least one part, each bytes as hexadecimal digits or a table."""
        what = "a list of bytes as hexadecimal digits, and tables"
        none: tuple[bytes | Mapping[str, object], ...] = ()
        found = self.take(key, lambda v: _all(v, _part, 1), what, none)
        return [
            one if isinstance(one, bytes) else Table(one, f"{self.path_of(key)}[{k}]", self.notes)
            for k, one in enumerate(found)
        ]

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of numbers."""
        return self.take(key, lambda v: _all(v, _number, 1), "a list of numbers", ())

    def rows(self, key: str) -> tuple[tuple[float, ...], ...]:
        """A list of x, y, z."""
        return self.take(key, lambda v: _all(v, _triple, 1), "a list of [x, y, z]", ())

    def table(self, key: str) -> "Table":
        """A table inside this one; where there is none, that is noted and nothing about what it lacks."""
        none: Mapping[str, object] = {}
        found = self.take(key, _mapping, "a table", none)
        return Table(found, self.path_of(key), self.notes if found is not none else Notes(""))

    def tables(self, key: str, *, least: int = 0) -> list["Table"]:
        """A list of at least `least` tables."""
        if least == 0 and key not in self:
            return []
        what = f"a list of at least {least} tables" if least else "a list of tables"
        none: tuple[Mapping[str, object], ...] = ()
        found = self.take(key, lambda v: _all(v, _mapping, least), what, none)
        return [Table(data, f"{self.path_of(key)}[{i}]", self.notes) for i, data in enumerate(found)]

    def take(self, key: str, read: Callable[[object], T | None], what: str, instead: T) -> T:
        """What `read` makes of the value; None is noted as not being `what`, and `instead` goes on for it."""
        if key not in self:
            self.note(key, f"is missing: {what}")
            return instead
        value = read(self._data[key])
        if value is None:
            self.note(key, f"must be {what}, not {self._data[key]!r}")
            return instead
        return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _uuid(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and _UUID.fullmatch(value.lower()) else None


def _identifier(value: object) -> str | None:
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else None


def _part(value: object) -> bytes | Mapping[str, object] | None:
    return _mapping(value) if isinstance(value, Mapping) else _bytes(value)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _positive(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _whole(value: object, least: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value >= least else None


def _bytes(value: object) -> bytes | None:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _pattern(value: object) -> Pattern | None:
    return parse_pattern(value) if isinstance(value, str) else None


def _mapping(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, Mapping) else None


def _triple(value: object) -> tuple[float, ...] | None:
    numbers = _all(value, _number, 3)
    return numbers if numbers is not None and len(numbers) == 3 else None  # noqa: PLR2004  x, y, z


def _all(value: object, read: Callable[[object], T | None], least: int) -> tuple[T, ...] | None:
    if not isinstance(value, list) or len(value) < least:
        return None
    found = [one for one in map(read, value) if one is not None]
    return tuple(found) if len(found) == len(value) else None
