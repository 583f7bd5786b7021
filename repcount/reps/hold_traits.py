"""What a hold was like, and whether that is one.

Rules: a lift is judged before a hold is said, the whole of it before it counts. Angles are allowed in
proportion to the lift where the body's own unsteadiness is.
"""

from dataclasses import dataclass

from repcount.exercises.model import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """The way up: whether there was a rest before it, how far and how straight it went."""

    rested: bool
    angle_deg: float
    duration_s: float
    beside_deg: float
    undone_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowering:
    """The way down, and how near to where it all began it led; None: not near."""

    beside_deg: float
    undone_deg: float
    return_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldJudgeParams:
    """What a lift and a lowering must be like.

    Parameters
    ----------
    beside_deg, beside_ratio
        Most that the way strays from its arc, degrees and share of the lift; the larger of both holds.
    undone_deg, undone_ratio
        Most that the way turns back, likewise.
    return_deg, return_ratio
        The wearer is back when this near to where the lift began, likewise. Larger: more false holds.
    unrested_s
        Shortest hold that counts where no rest came before, s.
    lower_ratio
        On the way down the first two are allowed this much more.
    """

    beside_deg: float = 4.0
    beside_ratio: float = 0.25
    undone_deg: float = 2.0
    undone_ratio: float = 0.1
    return_deg: float = 6.0
    return_ratio: float = 0.25
    unrested_s: float = 8.0
    lower_ratio: float = 1.5

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")

    def near_deg(self, lift_deg: float) -> float:
        """How near to the reference is back, for a lift of this size, degrees."""
        return max(self.return_deg, self.return_ratio * lift_deg)


def is_lift(lift: Lift, model: Hold, params: HoldJudgeParams) -> bool:
    """Whether a hold may be said after this."""
    return (
        lift.angle_deg in model.lift_deg
        and lift.duration_s in model.lift_s
        and lift.beside_deg <= max(params.beside_deg, params.beside_ratio * lift.angle_deg)
        and lift.undone_deg <= max(params.undone_deg, params.undone_ratio * lift.angle_deg)
    )


def is_hold(lift: Lift, hold_s: float, lowering: Lowering, model: Hold, params: HoldJudgeParams) -> bool:
    """Whether the hold that is over counts."""
    more = params.lower_ratio
    return (
        is_lift(lift, model, params)
        and hold_s in model.hold_s
        and (lift.rested or hold_s >= params.unrested_s)
        and lowering.return_deg is not None
        and lowering.beside_deg <= more * max(params.beside_deg, params.beside_ratio * lift.angle_deg)
        and lowering.undone_deg <= more * max(params.undone_deg, params.undone_ratio * lift.angle_deg)
    )
