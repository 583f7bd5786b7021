"""One rep of the leading run, as far as it is known at this tick.

Rules: it says when and how far the limb moved, not whether that counts; plain data goes in and out for a
snapshot.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from repcount.reps.likeness import Trace
from repcount.reps.phases import Span
from repcount.reps.run import HalfRep
from repcount.reps.zigzag import Pose


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of a complete rep, None where it cannot be.

    `start_up` and `turn_up` are where up was at both ends, `travel_m` and `velocity_m_s` how far and how
    quickly, on average, the concentric lifted the sensor, `sway_deg` how far a trunk turned that should
    keep still, `kipped` whether it began with a kip.
    """

    start_up: Pose
    turn_up: Pose
    travel_m: float | None
    velocity_m_s: float | None
    sway_deg: float | None
    kipped: bool | None


@dataclass(slots=True)
class SeenRep:
    """One rep of the leading run: its first moving phase, its second once it is over, s of stream time.

    `turn_tick` tells it from others of the same run; `size_ratio` is its range in units of the run's;
    `start_up` and `turn_up` are where up was at both ends; `moving` is what was felt
    while it moved, `whole` with the pauses; `aside_ratio` is that of its arc, `swivel_ratio` how much it
    turned about the vertical, in units of how much about level axes, None without a gyroscope; `measures` is
    what is known of a complete one. `foretold`: no run has confirmed it yet. A phase is hidden where a gap
    hides when it began or ended. `middles` are those of both movements, read in hindsight once `settled`,
    None where they did not show. `left_tick` is that of the quick signals at which it left its turn for good,
    where it had come back halfway before.
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
    aside_ratio: float | None = None
    swivel_ratio: float | None = None
    measures: Measures | None = None
    foretold: bool = False
    first_hidden: bool = False
    second_hidden: bool = False
    middles: tuple[Span | None, Span | None] = (None, None)
    settled: bool = False
    left_tick: int | None = None


SAME_TURN_TICKS = 8
"""Two runs see the same rep where their turns are no further apart."""


def turns_at(rep: SeenRep, tick: int, within: int = SAME_TURN_TICKS) -> bool:
    """Whether it is the rep that another run has seen turn at this tick."""
    return abs(rep.turn_tick - tick) <= within


def halves_of(reps: Sequence[SeenRep], halves: Sequence[HalfRep]) -> list[HalfRep]:
    """Those of the movements of a run that are these reps."""
    turned = {rep.turn_tick for rep in reps}
    return [half for half in halves if half.turn.tick in turned]


def known_at(turn_tick: int, seen: Sequence[SeenRep], within: int) -> SeenRep | None:
    """The rep of this turn as another run has seen it; what it was like may be forgotten by now."""
    near = [rep for rep in seen if turns_at(rep, turn_tick, within) and not rep.foretold]
    nearest = min(near, key=lambda rep: abs(rep.turn_tick - turn_tick), default=None)
    return nearest and replace(nearest, turn_tick=turn_tick)


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
    return SeenRep(**(data | spans | ups | traces | {"measures": _measures_from(data["measures"])}))


def _measures_from(data: dict[str, Any] | None) -> Measures | None:
    if data is None:
        return None
    return Measures(**(data | {name: tuple(data[name]) for name in ("start_up", "turn_up")}))


def _span(data: dict[str, float] | None) -> Span | None:
    return None if data is None else Span(**data)


_TRACES = ("moving", "whole")
