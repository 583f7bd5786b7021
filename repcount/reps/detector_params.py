"""Parameters of the detector and of its parts: `reader`, `follower` and `judge`."""

from dataclasses import dataclass, field

from repcount.reps.ends import EndParams
from repcount.reps.phases import PhaseParams
from repcount.reps.recurrence_params import RecurrenceParams
from repcount.reps.stroke import StrokeParams
from repcount.tunable import Range, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorParams:
    """Parameters of the detector.

    Parameters
    ----------
    recurrence, phases, strokes, ends
        Parameters of the parts inside.
    back_ratio
        The limb is back when its progress has fallen to this. Larger: reps complete sooner, with less known.
    settled_s
        A rep is complete when the limb is back and has not moved for this long, s, or leaves again.
    least_arc_deg
        Where the ends of a rep are less than this apart, degrees, its times are read off the force.
    margin_s
        How far before and after a rep its own movement may reach, s.
    foretold_ratio, slow_ratio
        A rep is foretold where its progress has reached the first and its speed fallen to the second, in
        units of its peak. Larger foretold_ratio, smaller slow_ratio: later, with fewer mistakes.
    doubt_log_odds
        A set that was said stays one until its log odds are this much too small. Larger: less is taken back.
    reverse_doubt, said_reverse_doubt
        The reps begin at the other end when their `order_doubt` exceeds the first, once said the second.
        Larger: fewer changes of mind.
    telling_load_g
        Where this much more is felt at the end that must feel more, the load tells which end is the start.
    unconfirmed_s
        A foretold rep is taken back when the limb has been back this long and the run has none, s.
    """

    recurrence: RecurrenceParams = field(default_factory=RecurrenceParams)
    phases: PhaseParams = field(default_factory=PhaseParams)
    strokes: StrokeParams = field(default_factory=StrokeParams)
    ends: EndParams = field(default_factory=EndParams)
    back_ratio: float = 0.2
    settled_s: float = field(default=0.4, metadata=tunable(within=Range(0.16, 1, step=0.08)))
    least_arc_deg: float = 8.0
    margin_s: float = 0.6
    foretold_ratio: float = field(default=0.75, metadata=tunable(within=Range(0.6, 0.9, step=0.05)))
    slow_ratio: float = field(default=0.3, metadata=tunable(within=Range(0.1, 0.6, step=0.1)))
    doubt_log_odds: float = field(default=4.0, metadata=tunable(within=Range(1, 8, step=0.5)))
    reverse_doubt: float = 0.5
    said_reverse_doubt: float = 1.4
    telling_load_g: float = 0.06
    unconfirmed_s: float = 1.5

    def __post_init__(self) -> None:
        if not (0 < self.back_ratio < self.foretold_ratio < 1 and 0 < self.slow_ratio < 1):
            raise ValueError(f"need 0 < back_ratio < foretold_ratio < 1 and slow_ratio in (0, 1), got {self}")
        if not all(x > 0 for x in (self.settled_s, self.least_arc_deg, self.unconfirmed_s)):
            raise ValueError(f"settled_s, least_arc_deg and unconfirmed_s must be above 0, got {self}")
        if not self.said_reverse_doubt >= self.reverse_doubt >= 0:
            raise ValueError(f"need said_reverse_doubt >= reverse_doubt >= 0, got {self}")
        if not all(x >= 0 for x in (self.margin_s, self.doubt_log_odds, self.telling_load_g)):
            raise ValueError(f"margin_s, doubt_log_odds, telling_load_g must be at least 0, got {self}")
