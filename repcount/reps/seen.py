"""One rep of the leading run, as far as it is known at this tick.

Rules: it says when and how far the limb moved, not whether that counts; plain data goes in and out for a
snapshot.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from repcount.reps.likeness import Trace
from repcount.reps.phases import Span
from repcount.reps.zigzag import Pose


@dataclass(slots=True)
class SeenRep:
    """One rep of the leading run: its first moving phase, its second once it is over, s of stream time.

    `turn_tick` tells it from others of the same run; `size_ratio` is its range in units of the run's;
    `start_up` and `turn_up` are where up was at both ends; `moving` is what was felt
    while it moved, `whole` with the pauses. `foretold`: no run has confirmed it yet.
    `middles` are those of both movements, read in hindsight once `settled`, None where they did not show.
    """

    turn_tick: int
    first: Span
    second: Span | None
    rom_deg: float | None
    size_ratio: float
    start_up: Pose
    turn_up: Pose
    moving: Trace | None = None
    whole: Trace | None = None
    foretold: bool = False
    middles: tuple[Span | None, Span | None] = (None, None)
    settled: bool = False


def seen_to_data(rep: SeenRep) -> dict[str, Any]:
    """Plain data for `seen_from_data`."""
    traces = {name: one.to_data() for name in _TRACES if (one := getattr(rep, name)) is not None}
    return asdict(replace(rep, moving=None, whole=None)) | traces


def seen_from_data(data: dict[str, Any]) -> SeenRep:
    """Build a rep from `seen_to_data`."""
    spans: dict[str, Any] = {name: _span(data[name]) for name in ("first", "second")}
    spans["middles"] = tuple(_span(middle) for middle in data["middles"])
    ups = {name: tuple(data[name]) for name in ("start_up", "turn_up")}
    traces = {name: Trace.from_data(data[name]) for name in _TRACES if data[name] is not None}
    return SeenRep(**(data | spans | ups | traces))


def _span(data: dict[str, float] | None) -> Span | None:
    return None if data is None else Span(**data)


_TRACES = ("moving", "whole")
