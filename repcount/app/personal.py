"""What a wearer's corrected counts changed, kept from one session to the next in a file a wearer.

Rules: it helps and is never needed: a file that cannot be read is said and left alone, and the session goes
on without. A kill leaves the old file or the new one.
"""

import json
import logging
from pathlib import Path

from repcount.app.folders import data_folder
from repcount.app.source import tuned_problems
from repcount.errors import InputError, Problem
from repcount.reps.tuning import Tuned

log = logging.getLogger(__name__)

SCHEMA = 1


def personal_file(wearer: str) -> Path:
    """Where this wearer's is kept."""
    return data_folder() / "calibrated" / f"{wearer}.json"


def load_personal(wearer: str) -> Tuned:
    """What is changed by exercise and placement; nothing where there is none, or none that can be read."""
    path = personal_file(wearer)
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")), str(path))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, InputError) as error:
        log.warning("%s: what corrected counts changed is not used: %s", wearer, error)
        return {}


def _read(data: object, place: str) -> Tuned:
    known = data.get("calibrated") if isinstance(data, dict) and data.get("schema") == SCHEMA else None
    if not isinstance(known, dict):
        raise InputError([Problem(place, f"is not of schema {SCHEMA}")])
    if not all(_is_table(values) for values in known.values()):
        raise InputError([Problem(place, "is no table of tables of numbers")])
    if problems := tuned_problems(known, place):
        raise InputError(problems)
    return known


def _is_table(values: object) -> bool:
    return isinstance(values, dict) and all(isinstance(value, int | float) for value in values.values())


def save_personal(wearer: str, personal: Tuned) -> None:
    """Keep it for the next session; what changes nothing is left out."""
    path = personal_file(wearer)
    draft = path.with_suffix(".draft")
    data = {
        "schema": SCHEMA,
        "calibrated": {key: dict(values) for key, values in personal.items() if values},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
