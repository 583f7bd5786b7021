"""`repcount plot`: a recording as a picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from repcount.app.output import say
from repcount.app.playing import feed_item
from repcount.app.replay import STATION
from repcount.app.runner import Runner
from repcount.app.source import Item, Source, open_source
from repcount.commands import SelectExercise
from repcount.edges.plots.recording import Drawing, draw_recording
from repcount.edges.plots.style import save
from repcount.edges.recording import LABELS_NAME
from repcount.edges.recording.labels import outside_problems, read_labels
from repcount.errors import InputError, Problem
from repcount.events import Event, SetEnded
from repcount.exercises import EXERCISES, counting_sensor
from repcount.motion.tracker import Motion
from repcount.pipeline import PipelineParams
from repcount.samples import Array, Notification, SampleBatch
from repcount.truth import TrueRep
from repcount.wire import Wire

Piece = tuple[Array, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotOptions:
    """What to draw and where to; `labels` None takes those of a recording folder."""

    path: Path
    exercise: str | None = None
    placement: str | None = None
    force: bool = False
    labels: Path | None = None
    out: Path | None = None
    salvage: bool = False


def plot(options: PlotOptions) -> int:
    """Count a recording and draw it; InputError with all that is wrong with it."""
    out = _out(options)
    source = open_source(
        options.path, options.exercise, options.placement, salvage=options.salvage, force=options.force
    )
    items = list(source.items)
    events, targets_s, end_s = _count(source, items)
    labels = _labels(options, end_s)
    t_s, pose_g = _pose(source, items)
    path = options.path.resolve()
    figure = draw_recording(
        Drawing(
            title=path.name,
            exercise=_exercise(source, items),
            t_s=t_s,
            pose_g=pose_g,
            events=events,
            labels=labels,
            targets_s=targets_s,
        )
    )
    save(figure, out)
    say(f"drawn: {out}")
    return 0


def _out(options: PlotOptions) -> Path:
    path = options.path.resolve()
    out = options.out or Path(f"{path.name if path.is_dir() else path.stem}.png")
    if out.suffix.lower() != ".png":
        raise InputError([Problem("--out", f"{out} does not end in .png", "A PNG is drawn")])
    return out


def _labels(options: PlotOptions, end_s: float) -> Sequence[TrueRep] | None:
    """Labels as given, or as the recording has them; what is wrong is left out where it may be."""
    path = options.labels or options.path / LABELS_NAME
    if options.labels is None and not path.is_file():
        return None
    labels = read_labels(path, left_out=[] if options.salvage else None)
    outside = outside_problems(path, labels, end_s)
    if outside and not options.salvage:
        raise InputError(outside)
    for problem in outside:
        say(f"left out: {problem}")
    return [label for label in labels if not outside_problems(path, [label], end_s)]


def _count(source: Source, items: Sequence[Item]) -> tuple[list[Event], dict[int, float], float]:
    """All events; the lowering asked for when each set ended, s, by its index; when the recording ends, s."""
    runner = Runner(source.pipeline(STATION))
    events: list[Event] = []
    targets_s: dict[int, float] = {}
    for item in [*items, None]:
        target_s = runner.pipeline.status().eccentric_target_s
        said = runner.finish() if item is None else feed_item(runner, item)
        targets_s |= {event.set_index: target_s for event in said if isinstance(event, SetEnded)}
        events += said
    return events, targets_s, runner.pipeline.heard_s


def _exercise(source: Source, items: Sequence[Item]) -> str:
    chosen = [item.exercise for item in items if isinstance(item, SelectExercise)]
    return source.exercise or chosen[0]


def _pose(source: Source, items: Sequence[Item]) -> Piece:
    """Pose of the sensor that counts, at the time of the movement: times (N,) s and (N, 3) g."""
    worn = {key: one.placement for key, one in source.sensors.items()}
    sensor = counting_sensor(EXERCISES[_exercise(source, items)], worn, force=source.force)
    pieces = list(_pose_pieces(source, items, sensor or next(iter(worn))))
    if not pieces:
        return np.empty(0), np.empty((0, 3))
    return np.concatenate([t_s for t_s, _ in pieces]), np.concatenate([pose_g for _, pose_g in pieces])


def _pose_pieces(source: Source, items: Sequence[Item], sensor: str) -> Iterator[Piece]:
    profile = source.sensors[sensor].profile
    wire, motion = Wire(profile) if profile else None, Motion(PipelineParams().motion)
    origin_s: float | None = None
    for item in items:
        match item:
            case (key, Notification() as notification) if key == sensor and wire is not None:
                batches = [one for one in wire.feed(notification) if isinstance(one, SampleBatch)]
            case (key, SampleBatch() as samples) if key == sensor:
                batches = [samples]
            case _:
                continue
        for batch in filter(len, batches):
            origin_s = float(batch.t_s[0]) if origin_s is None else origin_s
            shifted = SampleBatch(batch.t_s - origin_s, batch.acc_m_s2, batch.gyro_rad_s)
            for piece in motion.feed(shifted)[0]:
                yield piece.motion.t_s - piece.motion.pose_delay_s, piece.motion.pose_g
