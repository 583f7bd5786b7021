"""`labels_undo.jsonl`: the labels that each saving replaced, so that undo outlives the program."""

import json
from collections.abc import Sequence
from pathlib import Path

from repcount.edges.recording.labels import LABELS_NAME, read_labels, revision, write_labels
from repcount.errors import InputError, Problem
from repcount.truth import TrueRep

UNDO_NAME = "labels_undo.jsonl"
MOST_KEPT = 50
"""Savings that can be undone."""


class ChangedError(InputError):
    """What was to be replaced has been changed by somebody else since it was read."""


def save_labels(folder: Path, reps: Sequence[TrueRep], of_revision: str) -> None:
    """Write the labels of a recording, and first what they replace.

    Raises
    ------
    ChangedError
        When the labels on disk are not those of this revision.
    """
    path = folder / LABELS_NAME
    _check_unchanged(path, of_revision)
    replaced = path.read_text(encoding="utf-8") if path.is_file() else None
    _write(folder, [*_read(folder), replaced][-MOST_KEPT:])
    write_labels(path, reps)


def undoable(folder: Path) -> int:
    """How many savings can be undone."""
    return len(_read(folder))


def undo_labels(folder: Path, of_revision: str) -> tuple[TrueRep, ...] | None:
    """Put back what the last saving replaced and return it; None where there were no labels.

    Raises
    ------
    InputError
        When nothing was saved, or the labels on disk are not those of this revision.
    """
    kept, path = _read(folder), folder / LABELS_NAME
    _check_unchanged(path, of_revision)
    if not kept:
        raise InputError([Problem(str(path), "no saving to undo")])
    if kept[-1] is None:
        path.unlink(missing_ok=True)
    else:
        draft = path.with_name(f".{path.name}.draft")
        draft.write_text(kept[-1], encoding="utf-8", newline="")
        draft.replace(path)
    _write(folder, kept[:-1])
    return None if kept[-1] is None else read_labels(path, left_out=[])


def _check_unchanged(path: Path, of_revision: str) -> None:
    if revision(path) != of_revision:
        mend = "Read them again: what is on the page is not lost until then"
        raise ChangedError([Problem(str(path), "was changed on disk since it was read", mend)])


def _read(folder: Path) -> list[str | None]:
    path = folder / UNDO_NAME
    if not path.is_file():
        return []
    found: list[str | None] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line)["labels"])
        except (ValueError, KeyError, TypeError):
            continue  # an undo that cannot be read is one less, and no reason to refuse to save
    return found


def _write(folder: Path, kept: list[str | None]) -> None:
    path = folder / UNDO_NAME
    if not kept:
        path.unlink(missing_ok=True)
        return
    draft = folder / f".{UNDO_NAME}.draft"
    draft.write_text(
        "".join(json.dumps({"schema": 1, "labels": one}) + "\n" for one in kept), encoding="utf-8"
    )
    draft.replace(path)
