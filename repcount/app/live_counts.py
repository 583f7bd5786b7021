"""A person's word on a count while it goes on: kept with the recording, calibrated in another process.

Rules: the count is never waited for; what came of a calibration is said, on the terminal and to whoever asks,
and holds from the next session on, so that a recording is counted as it was to its end.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import zip_longest

from repcount.app.correct import Corrected, correction_of, note_correction, recalibrate, row_words, undo
from repcount.app.label import verdict
from repcount.app.output import say
from repcount.app.processes import Workers
from repcount.app.runner import Runner
from repcount.commands import CorrectCount
from repcount.edges.clock import monotonic_s
from repcount.edges.recording import RecordingWriter
from repcount.errors import InputError, Problem
from repcount.events import CountCorrected, Event, LiveStatus, SetEnded

log = logging.getLogger(__name__)


class LiveCounts:
    """A sink of one station: keeps corrected counts with the recording, and has them calibrated."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._workers = Workers()
        self._said: dict[int, int | None] = {}  # by the index of the set, in order
        self._exercises: dict[int, str] = {}
        self._was: list[tuple[int, int]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: Corrected | None = None
        self._shown_again: set[tuple[int, int]] = set()

    def events(self, events: Sequence[Event]) -> None:
        """Note sets that ended and what a person says of them."""
        for event in events:
            match event:
                case SetEnded():
                    self._exercises[event.set_index] = event.exercise
                    if event.rep_count > 0:
                        self._said.setdefault(event.set_index, None)
                case CountCorrected() if (event.set_index, event.rep_count) in self._shown_again:
                    self._shown_again.discard((event.set_index, event.rep_count))  # we said it ourselves
                case CountCorrected():
                    self._keep(event)
                case _:
                    pass

    def status(self, status: LiveStatus) -> None:
        """Nothing of what is true now is kept."""

    def _keep(self, event: CountCorrected) -> None:
        recorder = self._runner.recorder
        if recorder is None:
            return
        self._said[event.set_index] = event.rep_count
        try:
            worn_for = self._write(recorder, self._exercises.get(event.set_index))
        except (OSError, InputError) as error:
            log.warning("%s: the corrected count is not kept: %s", event.station, error)
            return
        self._was.append((event.set_index, event.was))
        task = asyncio.get_running_loop().create_task(self._calibrate(recorder, worn_for))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _write(self, recorder: RecordingWriter, exercise: str | None) -> str:
        elsewhere = recorder.meta.reps_true or ()  # said of the recording itself, while it grew
        said = [reps for _, reps in sorted(self._said.items())]
        pairs = zip_longest(said, elsewhere[: len(said)])
        reps_true = tuple(there if here is None else here for here, there in pairs)
        correction = correction_of(recorder.meta, list(reps_true), exercise or recorder.meta.exercise)
        note_correction(recorder.folder, correction)
        recorder.write_reps_true(reps_true)
        return correction.worn_for

    async def _calibrate(self, recorder: RecordingWriter, worn_for: str) -> None:
        work = partial(recalibrate, recorder.folder, worn_for)
        try:
            self._last = await self._workers.call(work, quick=False)
        except (OSError, InputError) as error:
            log.warning("the corrected count is kept, but nothing is calibrated: %s", error)
        else:
            say(f"corrected  {verdict(self._last)}")

    def told(self) -> Mapping[str, object]:
        """What came of the last correction; `running` while that is not known."""
        calibration = self._last.calibration if self._last else None
        return {
            "running": bool(self._tasks),
            "words": verdict(self._last) if self._last else None,
            "kept": calibration is not None and calibration.kept,
            "rows": [list(row_words(row)) for row in calibration.rows] if calibration else [],
            "undoable": len(self._was),
        }

    def take_back(self) -> Mapping[str, object]:
        """Undo the last correction; InputError where there is none, or it is still being calibrated."""
        recorder = self._runner.recorder
        if recorder is None or not self._was:
            raise InputError([Problem("cmd/undo_correction", "no count of this session was corrected")])
        if self._tasks:
            raise InputError([Problem("cmd/undo_correction", "it is still being calibrated", "Wait for it.")])
        taken = undo(recorder.folder)
        before = taken.reps_true_before
        recorder.write_reps_true(None if before is None else tuple(before))
        set_index, was = self._was.pop()
        earlier = dict(zip(sorted(self._said), before or (), strict=False))
        self._said = {index: earlier.get(index) for index in self._said}
        self._last = None
        self._show_again(set_index, was)
        return {"reps_true": before, "undoable": len(self._was)}

    def _show_again(self, set_index: int, was: int) -> None:
        """The count on the wall is what it was, unless another set is under way by now."""
        status, now_s = self._runner.pipeline.status(), monotonic_s()
        if status.set_index != set_index or status.rest_since_s is None:
            return
        self._shown_again.add((set_index, was))
        self._runner.command(CorrectCount(at_s=self._runner.stream_s(now_s), rep_count=was), now_s)

    def close(self) -> None:
        """End what is being calibrated: the label is kept, and the next correction calibrates on it too."""
        if self._tasks:
            say("corrected  the count is kept, but not calibrated yet: the next correction sees to it")
        for task in list(self._tasks):
            task.cancel()
        self._workers.close()
