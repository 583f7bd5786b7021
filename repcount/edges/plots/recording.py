"""A recording at a glance: the curve, what was counted in it, what really happened, and each rep in bars."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from repcount.edges.plots.style import (
    BAD,
    CONCENTRIC,
    ECCENTRIC,
    FAINT,
    GOOD,
    HOLD,
    INK,
    PAUSE,
    new_figure,
    plain,
)
from repcount.evaluate.along import along
from repcount.events import Event, HoldEnded, Phase, Rep, RepCompleted, RepCounted, RepRetracted, SetEnded
from repcount.exercises import EXERCISES
from repcount.samples import Array
from repcount.truth import TrueRep

_AXES = (("x", "#1B2A41"), ("y", "#7A5195"), ("z", "#8C8C8C"))
_CURVE = "#1B2A41"
_SEEN = (-0.4, 1.35)
"""Of the way: what somebody does between sets would make that of a rep small."""
_TEMPO = ("eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s")
_GAP_S = 0.2
"""The line breaks where samples are missing for longer than this."""
_S_PER_INCH = 6.0
_WIDTH_IN = (11.0, 36.0)
_MARGIN_S = 0.4
"""Around a set, so that its outline does not lie on its reps."""

_FOOT_RATIO = 0.07
"""What was taken back lies at the foot, since the same movement may have been counted after all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """What is drawn; all times are stream time in s.

    `t_s` (N,) and `pose_g` (N, 3) are the low-passed acceleration; `labels` None where nobody said what
    happened; `targets_s` the lowering asked for, s, by the index of the set.
    """

    title: str
    exercise: str
    t_s: Array
    pose_g: Array
    events: Sequence[Event]
    labels: Sequence[TrueRep] | None
    targets_s: Mapping[int, float]

    @property
    def sets(self) -> list[SetEnded]:
        """The sets, in order."""
        return [event for event in self.events if isinstance(event, SetEnded)]

    def first_phase(self, at_s: float) -> Phase:
        """With what a rep begins, of the exercise done at that time."""
        at_work = [one.exercise for one in self.sets if one.start_s - 1.0 <= at_s <= one.end_s + 1.0]
        return EXERCISES[at_work[0] if at_work else self.exercise].first_phase


def draw_recording(drawing: Drawing) -> Figure:
    """Draw a recording; tracks of which nothing is known are left out."""
    reps = [rep for one in drawing.sets for rep in one.reps]
    has_speed = any(rep.mean_concentric_velocity_m_s is not None for rep in reps)
    heights = [3.4, *([0.5] if drawing.labels else []), *([1.5, 1.2] if reps else []), *([1.2] * has_speed)]
    duration_s = float(drawing.t_s[-1] - drawing.t_s[0]) if len(drawing.t_s) else 0.0
    figure = new_figure(float(np.clip(duration_s / _S_PER_INCH, *_WIDTH_IN)), 1.0 + sum(heights))
    every = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    tracks = iter(every)
    _draw_counted(next(tracks), drawing)
    if drawing.labels:
        _draw_labels(next(tracks), drawing)
    if reps:
        _draw_tempo(next(tracks), drawing)
        _draw_range(next(tracks), drawing)
    if has_speed:
        _draw_speed(next(tracks), drawing)
    every[-1].set_xlabel("time (s)")
    if duration_s:
        every[-1].set_xlim(drawing.t_s[0], drawing.t_s[-1])
    figure.legend(handles=_legend(drawing), loc="outside upper right", ncols=6, frameon=False, fontsize=9)
    figure.suptitle(drawing.title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    return figure


def _legend(drawing: Drawing) -> list[Patch]:
    held = [one for one in drawing.labels or () if one.turn_s is None]
    held_ours = [event for event in drawing.events if isinstance(event, HoldEnded)]
    taken_back = [event for event in drawing.events if isinstance(event, RepRetracted)]
    return [
        Patch(color=CONCENTRIC, label="lift (concentric)"),
        Patch(color=PAUSE, label="pause"),
        Patch(color=ECCENTRIC, label="lower (eccentric)"),
        *([Patch(color=HOLD, alpha=0.5, label="hold")] if held or held_ours else []),
        *([Patch(fc="white", ec=BAD, hatch="////", label="taken back")] if taken_back else []),
        Patch(fc="white", ec=INK, label="set"),
    ]


def _draw_counted(axes: Axes, drawing: Drawing) -> None:
    with_reps = [one for one in drawing.sets if one.reps]
    if with_reps:
        _draw_curve(axes, drawing, with_reps)
    else:
        _draw_pose(axes, drawing)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.12 * (high - low))  # room for the numbers of the reps
    holds = [event for event in drawing.events if isinstance(event, HoldEnded)]
    for one in drawing.sets:
        _outline(axes, one, sum(one.start_s <= hold.start_s <= one.end_s for hold in holds))
        for number, rep in enumerate(one.reps, 1):  # those taken back leave holes in `rep_index`
            _shade(axes, rep, EXERCISES[one.exercise].first_phase)
            _head(axes, rep, str(number))
    for hold in holds:
        axes.axvspan(hold.start_s, hold.end_s, color=HOLD, alpha=0.3, lw=0)
        _head(axes, hold, f"{hold.hold_s:.0f} s")
    _mark_retracted(axes, drawing.events)
    plain(axes)


def _draw_curve(axes: Axes, drawing: Drawing, sets: Sequence[SetEnded]) -> None:
    """How far along its way the limb is, in the sets and, pale, around them."""
    t_s, way = drawing.t_s, along(drawing.t_s, drawing.pose_g, [one.reps for one in sets])
    axes.plot(*_with_gaps(t_s, way), color=PAUSE, lw=1.0)
    for one in sets:
        within = (t_s >= one.start_s - _MARGIN_S) & (t_s <= one.end_s + _MARGIN_S)
        axes.plot(*_with_gaps(t_s[within], way[within]), color=_CURVE, lw=1.6)
    axes.set_ylim(*_SEEN)
    axes.set_yticks([0, 1], ["start", "turn"])
    axes.grid(axis="y", color=PAUSE, lw=0.8)
    axes.set_ylabel("way of the movement")


def _draw_pose(axes: Axes, drawing: Drawing) -> None:
    for k, (name, colour) in enumerate(_AXES):
        axes.plot(*_with_gaps(drawing.t_s, drawing.pose_g[:, k]), color=colour, lw=1.3, label=name)
    axes.set_ylabel("pose (g)")
    axes.legend(loc="lower left", ncols=3, fontsize=8, edgecolor="none")


def _with_gaps(t_s: Array, values: Array) -> tuple[Array, Array]:
    gaps = np.flatnonzero(np.diff(t_s) > _GAP_S) + 1
    return np.insert(t_s, gaps, np.nan), np.insert(values, gaps, np.nan)


def _head(axes: Axes, span: Rep | HoldEnded, said: str) -> None:
    """Say something at the top of what lasted so long."""
    axes.text(
        (span.start_s + span.end_s) / 2,
        0.985,
        said,
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="top",
        fontsize=10,
        fontweight="bold",
        color=INK,
    )


def _outline(axes: Axes, done: SetEnded, holds: int) -> None:
    start_s, end_s = done.start_s - _MARGIN_S, done.end_s + _MARGIN_S
    where = axes.get_xaxis_transform()
    axes.add_patch(
        Rectangle(
            (start_s, 0), end_s - start_s, 1, transform=where, fill=False, ec=INK, lw=1.3, clip_on=False
        )
    )
    what, number = ("hold", holds) if holds else ("rep", done.rep_count)
    said = f"set {done.set_index}: {EXERCISES[done.exercise].title.lower()}, {number} {what}"
    said += "" if number == 1 else "s"
    below = _in_all(done)
    axes.text(start_s, 1.02, below, transform=where, fontsize=9, color=INK, va="bottom")
    height = 1.09 if below else 1.02
    axes.text(start_s, height, said, transform=where, fontsize=11, fontweight="bold", color=INK, va="bottom")


def _in_all(done: SetEnded) -> str:
    """Tempo and losses of a set, as far as they are known."""
    parts = []
    if done.mean_tempo is not None:
        seconds = (getattr(done.mean_tempo, name) for name in _TEMPO)
        parts.append(f"tempo {'-'.join('·' if s is None else f'{s:.1f}' for s in seconds)}")
    for name, ratio in (("range", done.rom_loss_ratio), ("speed", done.velocity_loss_ratio)):
        if ratio is not None:
            parts.append(f"{name} {-100 * ratio:+.0f} %")
    return ", ".join(parts)


def _shade(axes: Axes, rep: Rep | RepCompleted | TrueRep, first_phase: Phase, alpha: float = 0.55) -> None:
    for start_s, end_s, colour in _phases(rep, first_phase):
        axes.axvspan(start_s, end_s, color=colour, alpha=alpha, lw=0)


def _phases(rep: Rep | RepCompleted | TrueRep, first_phase: Phase) -> Iterator[tuple[float, float, str]]:
    """Start, end and colour of the two movements and the pause between them."""
    concentric_first = first_phase is Phase.CONCENTRIC
    pause_s = rep.pause_shortened_s if concentric_first else rep.pause_lengthened_s
    colours = (CONCENTRIC, ECCENTRIC) if concentric_first else (ECCENTRIC, CONCENTRIC)
    turn_s = rep.end_s if rep.turn_s is None else rep.turn_s
    second_s = min(turn_s + (pause_s or 0.0), rep.end_s)
    yield rep.start_s, turn_s, colours[0]
    yield turn_s, second_s, PAUSE
    yield second_s, rep.end_s, colours[1]


def _mark_retracted(axes: Axes, events: Iterable[Event]) -> None:
    """Hatch, at the foot, the reps that were taken back; around the moment where only a number was said."""
    numbers: dict[tuple[int, int], float] = {}
    spans: dict[tuple[int, int], tuple[float, float]] = {}
    for event in events:
        match event:
            case RepCounted():
                numbers[event.set_index, event.rep_index] = event.happened_s
            case RepCompleted():
                spans[event.set_index, event.rep_index] = event.start_s, event.end_s
            case RepRetracted():
                key = event.set_index, event.rep_index
                at_s = numbers.pop(key, event.happened_s)
                start_s, end_s = spans.pop(key, (at_s - _MARGIN_S, at_s + _MARGIN_S))
                axes.axvspan(start_s, end_s, ymax=_FOOT_RATIO, fc="none", ec=BAD, hatch="////", lw=0.8)


def _draw_labels(axes: Axes, drawing: Drawing) -> None:
    for label in drawing.labels or ():
        if label.turn_s is None:
            axes.axvspan(label.start_s, label.end_s, color=HOLD, alpha=0.5, lw=0)
        else:
            _shade(axes, label, drawing.first_phase(label.turn_s), alpha=0.85)
    axes.set_yticks([])
    axes.set_ylabel("truth", rotation=0, ha="right", va="center")
    plain(axes)
    axes.spines["left"].set_visible(False)


def _draw_tempo(axes: Axes, drawing: Drawing) -> None:
    longest_s = 0.0
    for one in drawing.sets:
        target_s = drawing.targets_s.get(one.set_index, EXERCISES[one.exercise].eccentric_target_s)
        axes.hlines(target_s, one.start_s, one.end_s, color=INK, lw=1.2, ls="--")
        axes.text(
            one.end_s + _MARGIN_S, target_s, f"target {target_s:g} s", fontsize=8, va="center", color=INK
        )
        for rep in one.reps:
            if rep.eccentric_s is None:
                axes.text(rep.turn_s, 0.1, "?", ha="center", fontsize=9, color=FAINT)
                continue
            good = rep.eccentric_s >= target_s if rep.controlled is None else rep.controlled
            _bar(axes, rep, rep.eccentric_s, f"{rep.eccentric_s:.1f}", GOOD if good else BAD)
            longest_s = max(longest_s, rep.eccentric_s)
        longest_s = max(longest_s, target_s)
    axes.set_ylim(0, longest_s * 1.25)
    axes.set_ylabel("lowering (s)")
    axes.set_title(
        "Lowering of each rep and its target (green: controlled, orange: too fast)",
        loc="left",
        fontsize=10,
    )
    plain(axes)


def _draw_speed(axes: Axes, drawing: Drawing) -> None:
    speeds = [
        (rep, rep.mean_concentric_velocity_m_s)
        for one in drawing.sets
        for rep in one.reps
        if rep.mean_concentric_velocity_m_s is not None
    ]
    for rep, speed_m_s in speeds:
        _bar(axes, rep, speed_m_s, f"{speed_m_s:.2f}", FAINT)
    axes.set_ylim(0, 1.25 * max(speed_m_s for _, speed_m_s in speeds))
    axes.set_ylabel("speed (m/s)")
    axes.set_title("Mean speed of each lift, where it is known", loc="left", fontsize=10)
    plain(axes)


def _draw_range(axes: Axes, drawing: Drawing) -> None:
    """Bars are shares of the widest rep of the set, whatever the sensor can measure."""
    for one in drawing.sets:
        ranges, unit = _ranges(one, drawing)
        widest = max(ranges, default=0.0)
        for rep, size in zip(one.reps, ranges, strict=True):
            if widest > 0:
                share = 100 * size / widest
                said = {"°": f"{size:.0f}°", "m": f"{size:.2f} m"}.get(unit, f"{share:.0f} %")
                _bar(axes, rep, share, said, FAINT)
    axes.set_ylim(0, 125)
    axes.set_yticks([0, 50, 100])
    axes.set_ylabel("range (%)")
    axes.set_title("Range of each rep, as a share of the widest of its set", loc="left", fontsize=10)
    plain(axes)


def _ranges(done: SetEnded, drawing: Drawing) -> tuple[list[float], str]:
    """Range of each rep and its unit: an angle, a way, or else how far the pose at the turn is, g."""
    for values, unit in (([r.rom_deg for r in done.reps], "°"), ([r.rom_m for r in done.reps], "m")):
        if any(value is not None for value in values):
            return [value or 0.0 for value in values], unit
    starts, turns = (
        np.column_stack([np.interp(at_s, drawing.t_s, drawing.pose_g[:, k]) for k in range(3)])
        for at_s in ([rep.start_s for rep in done.reps], [rep.turn_s for rep in done.reps])
    )
    return np.linalg.norm(turns - starts, axis=1).tolist(), "g"


def _bar(axes: Axes, rep: Rep, height: float, said: str, colour: str) -> None:
    middle_s = (rep.start_s + rep.end_s) / 2
    axes.bar(middle_s, height, width=0.8 * (rep.end_s - rep.start_s), color=colour, alpha=0.85)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    axes.annotate(
        said,
        (middle_s, height),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8,
        color=INK,
        bbox=box,
    )
