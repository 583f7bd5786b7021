"""Motion of recordings, kept in a folder so that it has to be made once.

Rules: an entry is known by the content of the recording, the code that made it and the parameters of the
motion; it is written whole under another name first, so that a kill or a second writer leaves the old or the
new one; one that cannot be read is made anew; the oldest used go when there is too much.
"""

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from repcount.edges.code import MOTION, digest
from repcount.events import Event
from repcount.motion.merge import Thing, Tick, thing_from_data, thing_to_data
from repcount.motion.tracker import MotionParams
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Array, SampleBatch
from repcount.session.tape import Told

MOST_BYTES = 1_000_000_000
"""A thousand hours of a sensor are about ten times this; what is used least goes first."""
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
_SENSOR = "wrist"


@dataclass(frozen=True, slots=True, eq=False)
class PackedTape:
    """The tape of a recording of ready samples: ticks as arrays, the rest as JSON by the ticks before it.

    `t_s` (N,) s, `signals` (N, 13), `hidden_s` (N,) s, NaN where somebody saw the tick.
    """

    t_s: Array
    signals: Array
    hidden_s: Array
    rest: str

    @property
    def size_bytes(self) -> int:
        """Memory it takes."""
        return self.t_s.nbytes + self.signals.nbytes + self.hidden_s.nbytes + len(self.rest)

    def play(self, station: Told) -> list[Event]:
        """Tell a station all of it and return what it says."""
        hidden = [None if np.isnan(until_s) else until_s for until_s in self.hidden_s.tolist()]
        ticks: list[Thing] = [
            Tick(t_s, signals, until_s)
            for t_s, signals, until_s in zip(self.t_s.tolist(), self.signals, hidden, strict=True)
        ]
        rest = json.loads(self.rest)
        events: list[Event] = []
        done = 0
        for before, data in [*rest["things"], [len(ticks), None]]:
            for tick in ticks[done:before]:
                events += station.take(_SENSOR, tick)
            done = before
            if data is not None:
                events += station.take(_SENSOR, thing_from_data(data))
        return events + station.finish(rest["end_s"], rest["end_s"])


def pack(samples: SampleBatch, motion: MotionParams) -> PackedTape:
    """Tape a recording of one sensor, with nothing counted."""
    pipeline = Pipeline({_SENSOR: SensorConfig(None, _SENSOR)}, PipelineParams().with_motion(motion))
    tape = pipeline.taped()
    pipeline.feed(_SENSOR, samples)
    pipeline.finish()
    ticks: list[Tick] = []
    others: list[tuple[int, object]] = []
    for _, thing in tape.things:
        if isinstance(thing, Tick):
            ticks.append(thing)
        else:
            others.append((len(ticks), thing_to_data(thing)))
    hidden = [np.nan if tick.hidden_until_s is None else tick.hidden_until_s for tick in ticks]
    return PackedTape(
        np.array([tick.t_s for tick in ticks]),
        np.array([tick.signals for tick in ticks]),
        np.array(hidden),
        json.dumps({"things": others, "end_s": pipeline.heard_s}),
    )


@dataclass(frozen=True, slots=True)
class TapeFolder:
    """The kept tapes; what cannot be written is done without."""

    folder: Path
    most_bytes: int = MOST_BYTES

    def get(self, content: str, motion: MotionParams, make: Callable[[], PackedTape]) -> PackedTape:
        """Return the tape of the recording of this content digest, from the folder or made."""
        path = self.folder / f"{_key(content, motion)}.npz"
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                tape = PackedTape(kept["t_s"], kept["signals"], kept["hidden_s"], str(kept["rest"]))
            json.loads(tape.rest)
            os.utime(path)
        except _UNREADABLE:
            tape = make()
            with contextlib.suppress(OSError):
                self._keep(path, tape)
        return tape

    def _keep(self, path: Path, tape: PackedTape) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.stem}.{os.getpid()}.draft")
        with draft.open("wb") as file:
            np.savez(file, t_s=tape.t_s, signals=tape.signals, hidden_s=tape.hidden_s, rest=tape.rest)
        draft.replace(path)
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Remove what was used least recently until the rest is small enough, drafts of the dead included."""
        found = []
        for path in self.folder.glob("*.*"):
            with contextlib.suppress(OSError):
                known = path.stat()
                found.append((known.st_mtime, known.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self.most_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size


def _key(content: str, motion: MotionParams) -> str:
    return hashlib.sha256(f"{content} {digest(MOTION)} {motion!r}".encode()).hexdigest()[:32]
