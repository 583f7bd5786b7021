"""What others ask of a station beside its count: history, recordings, the raw signal."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path

from repcount.app.live_counts import LiveCounts
from repcount.app.runner import Runner
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.history import History
from repcount.edges.mqtt.requests import (
    CALIBRATION,
    DELETE_RECORDING,
    HISTORY,
    QUESTIONS,
    RECORDINGS,
    UNDO_CORRECTION,
    WATCH,
    Request,
    text_field,
)
from repcount.edges.mqtt.signal import Signal
from repcount.edges.mqtt.state import done_set, set_id
from repcount.edges.mqtt.station import StationPublisher
from repcount.edges.recording import META_NAME, read_meta
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import CountCorrected, Event, LiveStatus, SetEnded

MOST_LISTED = 100
"""Recordings in one answer, the newest first."""


@dataclass(slots=True)
class Desk:
    """One station's; `history`, `recordings` and `counts` (corrected ones) are None where none are kept."""

    station: str
    runner: Runner
    signal: Signal
    zone: tzinfo
    history: History | None = None
    recordings: Path | None = None
    counts: LiveCounts | None = None

    def answer(self, request: Request) -> Mapping[str, object] | None:
        """Do as asked, or give what was asked for; InputError when it cannot be done."""
        if request.cmd not in QUESTIONS:
            host_s = monotonic_s()
            sensor = next(iter(self.runner.sensors), None)
            self.runner.command(request.command(self.runner.stream_s(host_s), sensor), host_s)
            return None
        return {
            WATCH: self._watch,
            HISTORY: self._history,
            RECORDINGS: self._recordings,
            DELETE_RECORDING: self._delete,
            CALIBRATION: self._calibration,
            UNDO_CORRECTION: self._undo_correction,
        }[request.cmd](request)

    def _calibration(self, _request: Request) -> Mapping[str, object]:
        return {"running": False, "undoable": 0} if self.counts is None else self.counts.told()

    def _undo_correction(self, request: Request) -> Mapping[str, object]:
        if self.counts is None:
            raise _refused(request, "nothing is recorded, so no corrected count was kept")
        return self.counts.take_back()

    def _watch(self, _request: Request) -> None:
        self.signal.watch()

    def _history(self, request: Request) -> Mapping[str, object]:
        text = text_field(request, "day")
        try:
            day = date.fromisoformat(text) if text else utc_now().astimezone(self.zone).date()
        except ValueError:
            raise _refused(
                request, f"{text!r} is no day", "Send one such as 2026-03-01, or nothing for today."
            ) from None
        if self.history is None:
            return {"day": str(day), "sets": [], "days": {}}
        return {"day": str(day), "sets": self.history.day(day), "days": self.history.days()}

    def _recordings(self, _request: Request) -> Mapping[str, object]:
        found = sorted(self._folders(), key=lambda folder: folder.name, reverse=True)[:MOST_LISTED]
        return {"recordings": [self._told(folder) for folder in found]}

    def _told(self, folder: Path) -> Mapping[str, object]:
        meta = read_meta(folder)
        return {
            "name": folder.name,
            "when": None if meta.when is None else meta.when.isoformat(),
            "exercise": meta.exercise,
            "bytes": sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
            "open": self._is_open(folder),
        }

    def _delete(self, request: Request) -> None:
        name = text_field(request, "name")
        by_name = {folder.name: folder for folder in self._folders()}
        if name not in by_name:
            raise _refused(
                request, f"no recording {name!r} of this station", did_you_mean(str(name), by_name)
            )
        if self._is_open(by_name[name]):
            raise _refused(request, f"{name!r} is still being recorded", "Stop the service first.")
        try:
            shutil.rmtree(by_name[name])
        except OSError as error:
            raise _refused(request, f"{name!r} cannot be deleted: {error.strerror or error}") from error

    def _folders(self) -> list[Path]:
        """The recordings of this station that can be read."""
        if self.recordings is None:
            return []
        return [meta.parent for meta in self.recordings.glob(f"*/{META_NAME}") if self._is_own(meta)]

    def _is_own(self, meta: Path) -> bool:
        try:
            return read_meta(meta.parent).station == self.station
        except InputError:  # not ours to show, and not ours to delete
            return False

    def _is_open(self, folder: Path) -> bool:
        recorder = self.runner.recorder
        return recorder is not None and recorder.folder.resolve() == folder.resolve()


class HistoryKeeper:
    """A sink that keeps the sets of a station."""

    def __init__(self, history: History, publisher: StationPublisher) -> None:
        self._history, self._publisher = history, publisher

    def events(self, events: Sequence[Event]) -> None:
        """Keep what ended, and what a person says of it."""
        for event in events:
            match event:
                case SetEnded() if event.rep_count > 0:
                    self._history.add(done_set(event, self._publisher.clock), self._id(event.set_index))
                case CountCorrected():
                    self._history.correct(self._id(event.set_index), event.rep_count)
                case _:
                    pass

    def status(self, status: LiveStatus) -> None:
        """Nothing of what is true now is kept."""

    def _id(self, set_index: int) -> str:
        return set_id(self._publisher.session, set_index)


def _refused(request: Request, message: str, mend: str = "") -> InputError:
    return InputError([Problem(f"cmd/{request.cmd}", message, mend)])
