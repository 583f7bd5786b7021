"""A recording: one folder that keeps apart what arrived, what really happened and what the program said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from repcount.commands import Command
from repcount.edges.files import read_samples
from repcount.edges.recording.capture import CAPTURE_NAME, CaptureReader, Connected
from repcount.edges.recording.expected import EXPECTED_NAME, read_expected
from repcount.edges.recording.labels import LABELS_NAME, read_labels
from repcount.edges.recording.meta import META_NAME, RecordingMeta, read_meta
from repcount.errors import InputError, Problem
from repcount.samples import Notification, SampleBatch
from repcount.truth import TrueRep

SAMPLES_NAME = "samples.npz"
"""What a recording made elsewhere holds, which has no bytes."""

Item = tuple[str, Notification | SampleBatch | Connected] | Command
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """An open recording. `labels` and `expected` are None where the folder has no such file.

    `left_out` lists what had to be left out of the capture, once `items` has been read to its end, `beside`
    what had to be of the labels and the golden events.
    """

    folder: Path
    meta: RecordingMeta
    labels: tuple[TrueRep, ...] | None
    expected: tuple[dict[str, object], ...] | None
    salvage: bool = False
    left_out: list[Problem] = field(default_factory=list)
    beside: tuple[Problem, ...] = ()

    def items(self) -> Iterator[Item]:
        """What arrived, in order, from the beginning at each call.

        Raises
        ------
        InputError
            After the last whole item before the first bad line, with every problem of the file from there on.
        """
        if (self.folder / CAPTURE_NAME).is_file():
            path, sensors = self.folder / CAPTURE_NAME, self.meta.sensors
            yield from CaptureReader(path, sensors, self.salvage, self.left_out).items()
        else:
            yield next(iter(self.meta.sensors)), read_samples(self.folder / SAMPLES_NAME)


def read_recording(folder: Path, *, salvage: bool = False) -> Recording:
    """Open a recording folder. The capture itself is read, and checked, by `Recording.items`.

    Parameters
    ----------
    folder
        Holds `meta.toml` and `capture.jsonl` or `samples.npz`; maybe `labels.csv` and `expected.jsonl`.
    salvage
        Leave out lines of the capture and of the labels that cannot be read instead of refusing them.

    Raises
    ------
    InputError
        With the problems of all files at once, but for those within the capture.
    """
    if not (folder / META_NAME).is_file() and not (folder / CAPTURE_NAME).is_file():
        problem = Problem(str(folder), "is no recording", f"A recording is a folder with {META_NAME}")
        raise InputError([problem])
    problems: list[Problem] = []
    beside: list[Problem] = []
    meta = _tried(read_meta, folder, problems)
    labels = _tried(partial(read_labels, left_out=beside), folder / LABELS_NAME, beside, optional=True)
    expected = _tried(read_expected, folder / EXPECTED_NAME, beside, optional=True)
    problems += _data_problems(folder, meta, salvage=salvage)
    if not salvage:
        problems += beside
    if problems or meta is None:
        raise InputError(problems)
    return Recording(
        folder=folder, meta=meta, labels=labels, expected=expected, salvage=salvage, beside=tuple(beside)
    )


def _tried(
    read: Callable[[Path], _Read], path: Path, problems: list[Problem], *, optional: bool = False
) -> _Read | None:
    if optional and not path.exists():
        return None
    try:
        return read(path)
    except InputError as error:
        problems += error.problems
        return None


def _data_problems(folder: Path, meta: RecordingMeta | None, *, salvage: bool) -> list[Problem]:
    capture, samples = folder / CAPTURE_NAME, folder / SAMPLES_NAME
    if capture.is_file():
        return CaptureReader(capture, (), salvage).check_header()
    if not samples.is_file():
        return [Problem(str(folder), f"holds neither {CAPTURE_NAME} nor {SAMPLES_NAME}")]
    if meta is not None and len(meta.sensors) != 1:
        return [
            Problem(str(folder / META_NAME), f"{SAMPLES_NAME} is of one sensor, not of {len(meta.sensors)}")
        ]
    return []
