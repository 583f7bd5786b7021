"""Reading what may be wrong: numbered lines, JSON objects, numbers, and every problem with its place."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from repcount.errors import InputError, Problem, did_you_mean

SCHEMA = 1
LONGEST_LINE_BYTES = 1 << 20
"""A notification has at most 512 bytes; a longer line is no capture, and is not read into memory whole."""
SALVAGE_ADVICE = "Use --salvage to read what is whole"


class CutLineError(InputError):
    """The last line of a file ends in the middle, as that of a writer that was killed may."""


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines counted from 1, one in memory at a time; only the last, or one too long, lacks its end."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE_BYTES):
            number += 1
            yield number, line


def json_object(line: bytes, place: str) -> dict[str, object]:
    """The object on a line.

    Raises
    ------
    InputError
        When the line is cut, too long, no JSON or no object.
    """
    if len(line) >= LONGEST_LINE_BYTES:
        raise InputError([Problem(place, f"is longer than {LONGEST_LINE_BYTES} bytes")])
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        if not line.endswith(b"\n"):
            raise CutLineError([Problem(place, "the last line is cut in the middle")]) from error
        raise InputError([Problem(place, "is not JSON, or is cut in the middle", SALVAGE_ADVICE)]) from error
    if not isinstance(data, dict):
        raise InputError([Problem(place, f"is {_shown(data)}, not a JSON object")])
    return data


def key_problems(data: Mapping[str, object], needed: Iterable[str], place: str) -> list[Problem]:
    """One problem for each key that is missing or not known."""
    wanted = list(needed)
    problems = [Problem(place, f"{key!r} is missing") for key in wanted if key not in data]
    unknown = [key for key in data if key not in wanted]
    return problems + [Problem(place, f"unknown key {key!r}", did_you_mean(key, wanted)) for key in unknown]


def schema_problems(data: Mapping[str, object], place: str) -> list[Problem]:
    """A problem unless `schema` is the one this program writes."""
    found = data.get("schema")
    if found == SCHEMA and not isinstance(found, bool):
        return []
    mend = "A newer repcount may read it" if isinstance(found, int) and found > SCHEMA else ""
    return [Problem(place, f"schema is {_shown(found)}; this program reads schema {SCHEMA}", mend)]


def finite_number(value: object) -> float | None:
    """The value as a float, None when it is no finite number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def number_problems(value: object, name: str, place: str) -> list[Problem]:
    """A problem unless `value` is a finite number."""
    if finite_number(value) is not None:
        return []
    return [Problem(place, f"{name} is {_shown(value)}, not a number")]


def text_problems(value: object, name: str, place: str) -> list[Problem]:
    """A problem unless `value` is text with something in it."""
    if isinstance(value, str) and value:
        return []
    return [Problem(place, f"{name} is {_shown(value)}, not text")]


def _shown(value: object) -> str:
    text = "missing" if value is None else repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


_SHOWN_CHARACTERS = 60
