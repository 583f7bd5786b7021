"""A recording decoded once, so that it can be counted again and again with other parameters of the exercise.

What wire and motion make of the bytes does not depend on the exercise. A tape holds what they handed to the
station, in order; played to a new station it gives the very same events, in a third of the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from repcount.app.replay import STATION, feed_item
from repcount.app.runner import Runner
from repcount.app.source import Source, open_source
from repcount.edges.recording import CAPTURE_NAME, META_NAME, SAMPLES_NAME
from repcount.events import Event
from repcount.exercises.model import Movement
from repcount.pipeline import Pipeline
from repcount.samples import SampleBatch

KEPT = 16
"""Recordings kept in memory, the latest used: an hour at 100 Hz is about 60 MB."""
_HEARD = ("take", "advance", "command", "finish")


@dataclass(slots=True)
class Tape:
    """What the station of a recording was told, and the samples of each sensor on stream time."""

    source: Source
    told: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    samples: dict[str, list[SampleBatch]] = field(default_factory=dict)
    end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Played:
    """What was said, and the pipeline that said it."""

    events: list[Event]
    pipeline: Pipeline


def record_tape(path: Path, *, salvage: bool = False) -> Tape:
    """Decode a recording; InputError with all that is wrong with it."""
    source = open_source(path, None, None, salvage=salvage)
    tape = Tape(source)
    pipeline = source.pipeline(STATION)
    pipeline.tap = lambda sensor, batch: tape.samples.setdefault(sensor, []).append(batch)
    station = pipeline._station  # noqa: SLF001 - the seam behind motion
    for name in _HEARD:
        setattr(station, name, _heard(tape, name, getattr(station, name)))
    runner = Runner(pipeline)
    for item in source.items:
        feed_item(runner, item)
    runner.finish()
    tape.end_s = pipeline.heard_s
    return tape


def _heard(tape: Tape, name: str, method: Any) -> Any:  # noqa: ANN401 - any of the station's verbs
    def hear(*given: Any) -> list[Event]:  # noqa: ANN401 - as above
        tape.told.append((name, given))
        said: list[Event] = method(*given)
        return said

    return hear


def play_tape(tape: Tape, movements: Mapping[str, Movement] | None = None) -> Played:
    """Count a tape; `movements`, by exercise and placement, hold in place of what holds for the wearer."""
    pipeline = tape.source.pipeline(STATION, movements)
    station = pipeline._station  # noqa: SLF001 - the seam behind motion
    events: list[Event] = []
    for name, given in tape.told:
        events += getattr(station, name)(*given)
    return Played(events, pipeline)


def tape_of(path: Path, *, salvage: bool = False) -> Tape:
    """Return the tape of a recording, decoded again only when its files changed."""
    return _tape(path.resolve(), _stamp(path), salvage)


@lru_cache(maxsize=KEPT)
def _tape(path: Path, _stamp: tuple[tuple[str, int, int], ...], salvage: bool) -> Tape:  # noqa: FBT001 - a key
    return record_tape(path, salvage=salvage)


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a recording is recorded on; labels do not count here."""
    files = [path / name for name in (META_NAME, CAPTURE_NAME, SAMPLES_NAME)] if path.is_dir() else [path]
    stats = [(file.name, file.stat()) for file in files if file.is_file()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats if name != META_NAME)
