"""Recordings counted with many sets of parameters, each as seldom as it goes.

Rules: the motion of a recording is made once, and kept in a folder; a recording is counted anew only with
values under which its result could be another, which the regions of `watched` tell. Results are the same
whoever computes them, and in whatever order.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from repcount.app.run import SENSOR, STATION
from repcount.app.workers import Workers
from repcount.edges.files import read_samples
from repcount.edges.tapes import PackedTape, TapeFolder, pack
from repcount.errors import InputError, Problem
from repcount.evaluate.collection import IndexRow
from repcount.evaluate.score import score
from repcount.evaluate.watched import Memo, Region, watch
from repcount.evaluate.worth import Outcome, outcome
from repcount.motion.tracker import MotionParams
from repcount.pipeline import PipelineParams, new_station
from repcount.reps.tuning import MOTION, Values, tuned_motion, tuning_key
from repcount.samples import SampleBatch
from repcount.truth import TrueRep

_MOST_BYTES = 256_000_000
"""Of tapes in memory, a worker: two thousand minutes."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording and its truth; `content` is the digest of the file."""

    path: Path
    content: str
    row: IndexRow
    labels: Sequence[TrueRep] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Count this with each of `values`; `read` goes with it where the worker has to be sent the recording."""

    recorded: Recorded
    exercise: str
    values: tuple[Values, ...]
    folder: Path | None
    read: SampleBatch | None = None


class _Found(NamedTuple):
    """Results and where they hold."""

    known: list[tuple[Region, Outcome]]


class _Missing(NamedTuple):
    """In place of results: this worker has not seen the recording yet."""


class Trials:
    """Counts recordings with `exercise` armed on `workers`; tapes are kept in `folder`."""

    def __init__(self, recordings: Sequence[Recorded], exercise: str, workers: Workers, folder: Path) -> None:
        self._recordings, self._exercise = recordings, exercise
        self._workers = workers
        self._folder = None if workers.far else folder
        self._memos = [Memo() for _ in recordings]
        self.counted = self.spared = 0

    def outcomes(self, asked: Iterable[tuple[int, Values]]) -> list[Outcome]:
        """What comes of recordings, each by its number, with values; in the order asked.

        Raises
        ------
        InputError
            With all that is wrong with the files.
        """
        asked = list(asked)
        missing: dict[int, list[Values]] = {}
        for number, values in asked:
            if next(self._memos[number].find(values), None) is None:
                missing.setdefault(number, []).append(values)
        self._count(missing)
        self.spared += len(asked) - sum(map(len, missing.values()))
        return [next(self._memos[number].find(values)) for number, values in asked]

    def _count(self, missing: dict[int, list[Values]]) -> None:
        work = [
            (number, _Asked(self._recordings[number], self._exercise, tuple(values), self._folder))
            for number, values in missing.items()
        ]
        unseen = self._take(work)
        sent = [(number, replace(asked, read=read_samples(asked.recorded.path))) for number, asked in unseen]
        self._take(sent)

    def _take(self, work: Sequence[tuple[int, _Asked]]) -> list[tuple[int, _Asked]]:
        """Have work done and remember what came of it; return what the workers have to be sent."""
        answer = _answer_far if self._workers.far else _answer
        problems: dict[Problem, None] = {}
        unseen = []
        with closing(self._workers.map(answer, [asked for _, asked in work], at_a_time=1)) as answers:
            for (number, asked), found in zip(work, answers, strict=True):
                match found:
                    case _Missing():
                        unseen.append((number, asked))
                    case _Found():
                        for region, result in found.known:
                            self._memos[number].add(region, result)
                        self.counted += len(found.known)
                        self.spared += len(asked.values) - len(found.known)
                    case _:
                        problems |= dict.fromkeys(found)
        if problems:
            raise InputError(problems)
        return unseen


def _answer(asked: _Asked) -> _Found | tuple[Problem, ...]:
    """Work of a worker that sees the file; problems come back as values."""
    try:
        return _found(asked)
    except InputError as error:
        return error.problems


def _answer_far(asked: _Asked) -> _Found | _Missing:
    """Work of a worker that does not: it has the recording's motion, or has been sent the recording."""
    motions = {_motion(values) for values in asked.values}
    known = all((asked.recorded.content, motion) in _TAPES for motion in motions)
    return _found(asked) if known or asked.read is not None else _Missing()


def _found(asked: _Asked) -> _Found:
    memo, known = Memo(), []
    for values in asked.values:
        if next(memo.find(values), None) is None:
            known.append(_counted(asked, values))
            memo.add(*known[-1])
    return _Found(known)


def _counted(asked: _Asked, values: Values) -> tuple[Region, Outcome]:
    row, motion = asked.recorded.row, _motion(values)
    plain = {name: value for name, value in values.items() if name.startswith(MOTION)}
    watched, region = watch({name: value for name, value in values.items() if name not in plain})
    params = PipelineParams(
        station=STATION,
        exercise=asked.exercise,
        tuned={tuning_key(asked.exercise, row.run_placement): watched},
    ).with_motion(motion)
    tape = _tape(asked, motion)
    events = tape.play(new_station(params, {SENSOR: row.run_placement}))
    duration_s = float(tape.t_s[-1] - tape.t_s[0]) if len(tape.t_s) else 0.0
    result = outcome(
        score(events, row, exercise=asked.exercise, duration_s=duration_s, labels=asked.recorded.labels)
    )
    region.bounds |= {((name, 1.0),): (value, value) for name, value in plain.items()}
    return region, result


def _motion(values: Values) -> MotionParams:
    return tuned_motion(MotionParams(), values)


_TAPES: OrderedDict[tuple[str, MotionParams], PackedTape] = OrderedDict()
"""Of this process, the latest used last."""


def _tape(asked: _Asked, motion: MotionParams) -> PackedTape:
    key = (asked.recorded.content, motion)
    if key in _TAPES:
        _TAPES.move_to_end(key)
        return _TAPES[key]

    def make() -> PackedTape:
        return pack(read_samples(asked.recorded.path) if asked.read is None else asked.read, motion)

    if asked.folder is None:
        tape = make()
    else:
        tape = TapeFolder(asked.folder).get(asked.recorded.content, motion, make)
    _TAPES[key] = tape
    while sum(one.size_bytes for one in _TAPES.values()) > _MOST_BYTES and len(_TAPES) > 1:
        _TAPES.popitem(last=False)
    return tape
