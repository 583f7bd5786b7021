"""What the hold detector is set to, what it says, and where it is between two ticks."""

from dataclasses import dataclass, field
from enum import StrEnum

from repcount.reps.hold_arc import Direction
from repcount.reps.hold_traits import HoldJudgeParams, Lift


class HoldMode(StrEnum):
    """Where the wearer is."""

    SEEKING = "seeking"
    RESTING = "resting"
    MOVING = "moving"
    HOLDING = "holding"
    LOWERED = "lowered"


@dataclass(frozen=True, slots=True)
class HoldBegan:
    """The wearer is up and still; the lift ended at `start_s`."""

    start_s: float


@dataclass(frozen=True, slots=True)
class HoldOver:
    """The wearer began to lower at `end_s`, or went elsewhere. Sag and sway as in `HoldEnded`."""

    start_s: float
    end_s: float
    sag_deg: float | None
    sway_deg: float | None


@dataclass(frozen=True, slots=True)
class HoldJudged:
    """Whether the hold that was over last counts."""

    counts: bool


HoldFact = HoldBegan | HoldOver | HoldJudged


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldParams:
    """Parameters of the hold detector.

    Parameters
    ----------
    judge
        What a lift and a lowering must be like.
    tick_hz
        Ticks a second.
    sure_s
        A pose is still when it has not turned for this long, s. Larger: fewer holds are said, later.
    rest_s
        A pose is one to lift from after this long at it, s. Larger: fewer false holds, and a first hold
        right after lying down is missed.
    rest_deg, hold_deg
        Most a still pose turns within `sure_s`, degrees, at rest and held. Larger: breathing and tremor
        disturb less, slow lifts are said before they end.
    rest_g, hold_g
        Most activity of a still pose, rms g, at rest and held.
    weight_g
        Most that the force felt at a still pose differs from 1 g, g.
    leave_deg
        A resting pose is left when it has turned by this, degrees.
    move_s
        Longest lift, with pauses, s.
    drift_s
        The resting pose and the held one are followed with this time constant, s.
    back_ratio
        The hold is over when the wearer is back by more than this share of the lift. Larger: said later.
    over_s
        For this long, s.
    astray_deg, astray_ratio
        A hold that turns aside, or further up after `rest_s`, by the larger of this and of this share of the
        lift, is left, degrees.
    near_s
        The wearer is back at the reference after this long near it, s.
    return_s
        Longest way back, s.
    look_back_s
        How long ago a lift may have begun, s.
    laid_deg, laid_s
        A hold not rested before counts where the wearer turned by this, degrees, no longer before it than
        this, s: lay down.
    stop_s, turn_deg
        Such a lift began where the wearer turned by no more than this within this time, s and degrees; else
        the wearer came by.
    stop_deg
        Most turned within that time where the hold is said at once, degrees. Larger: more is said.
    """

    judge: HoldJudgeParams = field(default_factory=HoldJudgeParams)
    tick_hz: float = 25.0
    sure_s: float = 1.0
    rest_s: float = 2.0
    rest_deg: float = 3.0
    hold_deg: float = 3.5
    rest_g: float = 0.06
    hold_g: float = 0.15
    weight_g: float = 0.1
    leave_deg: float = 5.0
    move_s: float = 7.0
    drift_s: float = 2.0
    back_ratio: float = 0.5
    over_s: float = 0.5
    astray_deg: float = 10.0
    astray_ratio: float = 0.5
    near_s: float = 0.8
    return_s: float = 6.0
    look_back_s: float = 12.0
    laid_deg: float = 45.0
    laid_s: float = 30.0
    stop_s: float = 0.5
    turn_deg: float = 4.0
    stop_deg: float = 2.0

    def __post_init__(self) -> None:
        for name in (name for name in self.__slots__ if name != "judge"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")
        if not (self.back_ratio < 1 and self.sure_s <= self.rest_s and self.move_s < self.look_back_s):
            raise ValueError(f"need back_ratio < 1, sure_s <= rest_s and move_s < look_back_s, got {self}")


@dataclass(slots=True)
class HeldNow:
    """The hold under way: its arc, its times, and what it has been like, over `held_ticks`."""

    origin: Direction
    top: Direction
    lift: Lift
    tick: int
    start_s: float
    trend_deg: float
    best_deg: float
    end_s: float = 0.0
    end_tick: int = 0
    over_ticks: int = 0
    near_tick: int | None = None
    near_ticks: int = 0
    near_deg: float = 180.0
    judged: bool = False


@dataclass(slots=True)
class HoldState:
    """Where the wearer is; ticks are those of the stream."""

    mode: HoldMode = HoldMode.SEEKING
    tick: int = 0
    activity_g2: float = 0.0
    reference: Direction = (0.0, 0.0, 1.0)
    proven: bool = False
    rest_tick: int = 0
    calm_ticks: int = 0
    move_tick: int = 0
    still_tick: int | None = None
    sway_deg2: float = 0.0
    held: HeldNow | None = None

    def known_held(self) -> HeldNow:
        """Return the hold under way, where there is one."""
        if self.held is None:
            raise RuntimeError("a hold is under way, but which is not known")
        return self.held
