"""Recordings kept in memory, each decoded once, to be counted again and again."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from repcount.app.playing import play
from repcount.app.run import STATION
from repcount.app.runner import Runner
from repcount.app.source import Source, open_source
from repcount.commands import SelectExercise
from repcount.edges.recording import CAPTURE_NAME, META_NAME, SAMPLES_NAME, read_meta
from repcount.events import Event, SetEnded
from repcount.pipeline import Pipeline, new_station
from repcount.reps.tuning import Tuned
from repcount.samples import SampleBatch
from repcount.session.station import Station
from repcount.session.tape import Tape

BATCH_MS = 2000
"""Ready samples are fed in long pieces: any cutting gives the same events, and few pieces cost less."""
KEPT = 48
"""Recordings kept, the latest used: a minute is about 1 MB."""


@dataclass(slots=True)
class Shelved:
    """A recording decoded: what was said of it, what the station was told, the samples on stream time, s."""

    source: Source
    events: list[Event] = field(default_factory=list)
    tape: Tape = field(default_factory=Tape)
    samples: dict[str, list[SampleBatch]] = field(default_factory=dict)
    end_s: float = 0.0

    @property
    def chosen(self) -> set[str]:
        """Exercises that were done while it was recorded."""
        chosen = {item.exercise for item in self.source.items if isinstance(item, SelectExercise)}
        return chosen | ({self.source.exercise} if self.source.exercise else set())

    def station(self, tuned: Tuned | None = None) -> Station:
        """A station that has been told nothing; `tuned` holds in place of what held when it was recorded."""
        params = self.source.params(STATION)
        if tuned is not None:
            params = replace(params, tuned=tuned)
        return new_station(params, {key: one.placement for key, one in self.source.sensors.items()})

    def count(self, tuned: Tuned | None = None) -> list[Event]:
        """Count it again with what is `tuned` in place of what was when it was recorded.

        The cut-off of the pose stays what it was: it is the motion's.
        """
        return self.events if tuned is None else self.tape.play(self.station(tuned))


def decode(path: Path, *, salvage: bool = False) -> Shelved:
    """Decode a recording; InputError with all that is wrong with it."""
    source = open_source(path, None, None, BATCH_MS, salvage=salvage)
    source = replace(source, items=list(source.items))
    shelved = Shelved(source)
    pipeline = Pipeline(source.sensors, source.params(STATION))
    pipeline.tap = lambda sensor, batch: shelved.samples.setdefault(sensor, []).append(batch)
    shelved.tape = pipeline.taped()
    shelved.events = play(source, Runner(pipeline))
    shelved.end_s = pipeline.heard_s
    return shelved


def shelved(path: Path, *, salvage: bool = False) -> Shelved:
    """Return a decoded recording, decoded again only where its bytes, or how it was worn, changed."""
    return _shelved(path.resolve(), _stamp(path), salvage)


def sets_of(events: list[Event]) -> list[SetEnded]:
    """The sets that had reps, in order: the way people number them."""
    return [event for event in events if isinstance(event, SetEnded) and event.rep_count > 0]


@lru_cache(maxsize=KEPT)
def _shelved(path: Path, _stamp: object, salvage: bool) -> Shelved:  # noqa: FBT001 - part of the key
    return decode(path, salvage=salvage)


def _stamp(path: Path) -> tuple[object, ...]:
    """What changes when a recording is recorded on, or worn otherwise; a count that is said does not."""
    names = (CAPTURE_NAME, SAMPLES_NAME) if path.is_dir() else ("",)
    stats = [(name, (path / name).stat()) for name in names if (path / name).is_file()]
    meta = repr(replace(read_meta(path), reps_true=None)) if (path / META_NAME).is_file() else ""
    return (meta, *((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))
