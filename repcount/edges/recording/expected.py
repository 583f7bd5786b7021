"""`expected.jsonl`: what the program said of this recording when a person last agreed; golden."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from repcount.edges.recording.text import json_object, numbered_lines, schema_problems, text_problems
from repcount.errors import InputError, Problem

EXPECTED_NAME = "expected.jsonl"


def write_expected(path: Path, events: Iterable[Mapping[str, object]]) -> None:
    """Write events as `event_to_dict` gives them, one a line."""
    text = "".join(json.dumps(event) + "\n" for event in events)
    path.write_text(text, encoding="ascii", newline="\n")


def read_expected(path: Path) -> tuple[dict[str, object], ...]:
    """Read golden events.

    Raises
    ------
    InputError
        With every problem and its line.
    """
    events: list[dict[str, object]] = []
    problems: list[Problem] = []
    for number, line in numbered_lines(path):
        place = f"{path}:{number}"
        try:
            event = json_object(line, place)
        except InputError as error:
            problems += error.problems
            continue
        problems += schema_problems(event, place) + text_problems(event.get("type"), "type", place)
        events.append(event)
    if problems:
        raise InputError(problems)
    return tuple(events)
