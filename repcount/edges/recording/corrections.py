"""`corrections.jsonl`: what people said of the counts of a recording, a line a correction, to be undone.

Rules: a line is written whole or not at all; undoing takes the last one away.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from repcount.edges.recording.text import SCHEMA, json_object, numbered_lines, schema_problems
from repcount.errors import InputError, Problem

CORRECTIONS_NAME = "corrections.jsonl"
RepsTrue = list[int | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """`reps_true` as it was and became; `worn_for`, such as `pull_up/wrist`, is whose calibration it led to.

    `calibrated_before` and `calibrated` are that, values by name; the same where none was kept.
    """

    at: str
    reps_true_before: RepsTrue
    reps_true: RepsTrue
    worn_for: str = ""
    calibrated_before: Mapping[str, float] = field(default_factory=dict)
    calibrated: Mapping[str, float] = field(default_factory=dict)


def read_corrections(folder: Path) -> list[Correction]:
    """Return the corrections of a recording, oldest first; none where there is no such file.

    Raises
    ------
    InputError
        With every line that is none.
    """
    path = folder / CORRECTIONS_NAME
    found: list[Correction] = []
    problems: list[Problem] = []
    for number, line in numbered_lines(path) if path.is_file() else ():
        place = f"{path}:{number}"
        try:
            data = json_object(line, place)
            problems += schema_problems(data, place)
            known: dict[str, Any] = {key: value for key, value in data.items() if key != "schema"}
            found.append(Correction(**known))
        except InputError as error:
            problems += error.problems
        except TypeError as error:
            problems.append(Problem(place, f"is no correction ({error})", "Remove the line"))
    if problems:
        raise InputError(problems)
    return found


def write_corrections(folder: Path, corrections: list[Correction]) -> None:
    """Replace the file whole; of no corrections none is left."""
    path = folder / CORRECTIONS_NAME
    if not corrections:
        path.unlink(missing_ok=True)
        return
    draft = folder / f".{CORRECTIONS_NAME}.draft"
    lines = [json.dumps({"schema": SCHEMA} | asdict(one)) + "\n" for one in corrections]
    draft.write_text("".join(lines), encoding="ascii", newline="\n")
    draft.replace(path)
