"""How a wearer's reps went, kept from one session to the next in a file a wearer.

Rules: what is remembered helps and is never needed: a file that cannot be read is said and left alone, and
the session goes on without. A kill leaves the old file or the new one.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repcount.app.folders import data_folder
from repcount.errors import InputError
from repcount.reps.remembered import Remembered, remembered_from_data

log = logging.getLogger(__name__)


def remembered_file(wearer: str) -> Path:
    """Where this wearer's is kept."""
    return data_folder() / "remembered" / f"{wearer}.json"


def load_remembered(wearer: str) -> dict[str, Remembered]:
    """What is remembered by exercise and placement; nothing where there is none, or none that can be read."""
    path = remembered_file(wearer)
    try:
        return remembered_from_data(json.loads(path.read_text(encoding="utf-8")), str(path))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, InputError) as error:
        log.warning("%s: what was remembered of earlier sets is not used: %s", wearer, error)
        return {}


def save_remembered(wearer: str, remembered: Mapping[str, Any]) -> None:
    """Keep `Pipeline.remembered` for the next session."""
    path = remembered_file(wearer)
    draft = path.with_suffix(".draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(remembered, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        log.warning("%s: what was learned of the sets is not kept: %s", wearer, error)
