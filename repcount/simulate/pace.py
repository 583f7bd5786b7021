"""How long people take over an exercise. Each range is from the shortest to the longest, s."""

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Phases of a rep; `is_dropped` where people let the weight (or the bar) go after the last one."""

    eccentric_s: Range = (1.0, 5.0)
    lengthened_s: Range = (0.0, 0.8)
    concentric_s: Range = (0.8, 2.0)
    shortened_s: Range = (0.0, 0.8)
    is_dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPace:
    """An exercise that is held, not repeated."""

    hold_s: Range = (10.0, 30.0)
    lift_s: Range = (0.8, 2.0)
    lower_s: Range = (0.8, 2.5)
    between_s: Range = (3.0, 10.0)
