"""A person's word on a count: kept with the recording, then the calibration of all stored sets, and undo.

Rules: the label is written before anything is calibrated, so that nothing a person said is lost; what is
calibrated is kept only where no stored set comes out worse.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from repcount.app.personal import load_personal, save_personal
from repcount.app.shelf import sets_of, shelved
from repcount.edges.clock import utc_now
from repcount.edges.recording import META_NAME, RecordingMeta, read_meta, write_meta
from repcount.edges.recording.corrections import Correction, read_corrections, write_corrections
from repcount.errors import InputError, Problem
from repcount.evaluate.calibration import Calibration, Counts, Row, Stored, calibrate
from repcount.evaluate.steps import Change, steps
from repcount.events import Event
from repcount.exercises import EXERCISES, counting_sensor

MOST_STORED = 40
"""Recordings that are counted again, the newest of them."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to; `calibration` is None where there is nothing to calibrate, for `reason`."""

    reps_true: tuple[int | None, ...] | None
    worn_for: str
    calibration: Calibration | None
    reason: str = ""


def counts_of(events: list[Event]) -> Counts:
    """Reps of each set that had any, in order."""
    return tuple(one.rep_count for one in sets_of(events))


def say_count(folder: Path, rep_count: int, which: int | None, *, salvage: bool = False) -> str:
    """Keep that a set had so many reps, and what was said before; return whose calibration it is for.

    Parameters
    ----------
    which
        The set's number from 1; None where the recording has one set only.

    Raises
    ------
    InputError
        When this is no recording, or it has no such set.
    """
    _check_folder(folder)
    meta = read_meta(folder)
    sets = sets_of(shelved(folder, salvage=salvage).count())
    known = list(meta.reps_true or ())
    known += [None] * (max(len(sets), 1) - len(known))
    which = _which(which, len(known), folder)
    became = [rep_count if k == which else reps for k, reps in enumerate(known, 1)]
    exercise = sets[which - 1].exercise if which <= len(sets) else meta.exercise
    correction = correction_of(meta, became, exercise)
    note_correction(folder, correction)
    write_meta(folder, replace(meta, reps_true=tuple(became)))
    return correction.worn_for


def _check_folder(folder: Path) -> None:
    """Raise an InputError where this is no recording folder, in which a count is kept."""
    if not folder.exists():
        raise InputError([Problem(str(folder), "is missing")])
    if not (folder / META_NAME).is_file():
        mend = f"A count is kept in a recording folder, which has {META_NAME}"
        raise InputError([Problem(str(folder), "is no recording folder", mend)])


def _which(which: int | None, sets: int, folder: Path) -> int:
    if which is None and sets == 1:
        return 1
    numbers = ", ".join(str(number) for number in range(1, sets + 1))
    if which is None:
        raise InputError([Problem("--set", f"{folder} has {sets} sets", f"Say which: {numbers}")])
    if not 1 <= which <= sets:
        raise InputError([Problem("--set", f"there is no set {which} in {folder}", f"There are: {numbers}")])
    return which


def correction_of(meta: RecordingMeta, became: list[int | None], exercise: str | None) -> Correction:
    """What is written down of a count that is about to be said, of a set of this exercise."""
    worn_for = _worn_for(exercise, {key: worn.placement for key, worn in meta.sensors.items()})
    changed = dict(load_personal(meta.wearer).get(worn_for, {}))
    return Correction(
        at=utc_now().isoformat(timespec="seconds"),
        reps_true_before=None if meta.reps_true is None else list(meta.reps_true),
        reps_true=became,
        worn_for=worn_for,
        calibrated_before=changed,
        calibrated=changed,
    )


def note_correction(folder: Path, correction: Correction) -> None:
    """Write it down before the count itself is changed, so that it can be undone."""
    write_corrections(folder, [*read_corrections(folder), correction])


def _worn_for(exercise: str | None, worn: Mapping[str, str]) -> str:
    if exercise not in EXERCISES:
        return ""
    sensor = counting_sensor(EXERCISES[exercise], worn)
    return "" if sensor is None else f"{exercise}/{worn[sensor]}"


def recalibrate(folder: Path, worn_for: str, tried: Callable[[], object] = lambda: None) -> Corrected:
    """Calibrate on all stored sets of the wearer, exercise and placement; keep it if none is worse.

    The stored recordings are those beside this one.
    """
    meta = read_meta(folder)
    exercise, _, placement = worn_for.partition("/")
    if not worn_for or placement not in EXERCISES[exercise].movements:
        why = "a hold has no calibration" if worn_for else "nothing we have a model of was counted"
        return Corrected(meta.reps_true, worn_for, None, why)
    personal, led_by = load_personal(meta.wearer), len(read_corrections(folder))
    stored = stored_recordings(folder, meta.wearer, worn_for)
    opened = {path.name: shelved(path, salvage=True) for path in stored}

    def count(name: str, change: Change) -> Counts:
        return counts_of(opened[name].count({**personal, worn_for: change.named}))

    calibration = calibrate(
        [Stored(path.name, read_meta(path).reps_true or ()) for path in stored],
        Change.of(personal.get(worn_for, {})),
        steps(EXERCISES[exercise], placement),
        count,
        tried,
    )
    if calibration.kept:
        save_personal(meta.wearer, {**personal, worn_for: calibration.change.named})
        _note_kept(folder, led_by, calibration.change)
    return Corrected(meta.reps_true, worn_for, calibration)


def _note_kept(folder: Path, led_by: int, change: Change) -> None:
    """Note with the correction that led to it, counted from 1, what is kept; more may have come since."""
    corrections = read_corrections(folder)
    if 0 < led_by <= len(corrections):
        corrections[led_by - 1] = replace(corrections[led_by - 1], calibrated=change.named)
        write_corrections(folder, corrections)


def stored_recordings(folder: Path, wearer: str, worn_for: str) -> list[Path]:
    """Recordings beside this one of the same wearer, exercise and placement, oldest first.

    What cannot be read at all is left out: it can be counted neither before nor after.
    """
    exercise = worn_for.partition("/")[0]
    found = []
    for path in sorted(meta.parent for meta in folder.resolve().parent.glob(f"*/{META_NAME}")):
        try:
            meta = read_meta(path)
            worn = {key: one.placement for key, one in meta.sensors.items()}
            if meta.wearer != wearer or _worn_for(exercise, worn) != worn_for:
                continue
            if exercise in shelved(path, salvage=True).chosen:
                found.append((meta.when, path))
        except InputError:
            continue
    return [path for _, path in sorted(found)[-MOST_STORED:]]


def undo(folder: Path) -> Correction:
    """Take the last correction of a recording back, and its calibration if no later one built on it.

    Raises
    ------
    InputError
        When there is none, or the count was changed by hand since.
    """
    _check_folder(folder)
    corrections = read_corrections(folder)
    if not corrections:
        raise InputError([Problem(str(folder), "has no correction to undo")])
    last, meta = corrections[-1], read_meta(folder)
    now = None if meta.reps_true is None else list(meta.reps_true)
    if now != last.reps_true:
        place, mend = str(folder / META_NAME), f"The last correction left {last.reps_true}"
        raise InputError([Problem(place, f"reps_true was changed since to {now}", mend)])
    before = last.reps_true_before
    write_meta(folder, replace(meta, reps_true=None if before is None else tuple(before)))
    write_corrections(folder, corrections[:-1])
    personal = load_personal(meta.wearer)
    was, is_now = dict(last.calibrated_before), dict(last.calibrated)
    if was != is_now and personal.get(last.worn_for, {}) == is_now:
        save_personal(meta.wearer, {**personal, last.worn_for: was})
    return last


def row_words(row: Row) -> tuple[str, str, str, str, str]:
    """Name, what was said, counted before and after, and what that is, for a table."""
    if not row.before.truth:
        said = "?"
    else:
        said = " ".join("?" if true is None else str(true) for true in row.before.truth)
    word = "worse" if row.is_worse else "better" if row.after.off_reps < row.before.off_reps else ""
    return (
        row.name,
        said,
        _counted(row.before.counts, row.before.extra_reps),
        _counted(row.after.counts, row.after.extra_reps),
        word,
    )


def _counted(counts: Counts, extra_reps: int) -> str:
    text = " ".join(str(count) for count in counts) or "-"
    return f"{text} +{extra_reps}" if extra_reps else text
