"""What we know of an exercise before we have seen this person do it.

Rules: only what holds for anybody and any mounting of the sensor: angles between poses, sizes, times. A
bound is wide, since it only keeps other movements out; the person's own reps narrow it.
"""

import math
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum

from repcount.events import Phase
from repcount.tunable import Range, tunable


class Worn(Enum):
    """What the sensor is on: a limb moves in daily life as it does in no other place."""

    LIMB = "limb"
    TRUNK = "trunk"


class TurnLoad(IntEnum):
    """How the force felt at the turn compares with the start.

    A hand that is slowed down from below at the turn feels more than its weight there (`MORE`), one that is
    thrown up and slowed down from above feels less (`LESS`); a hand that holds a fixed bar feels neither.
    """

    LESS = -1
    NEITHER = 0
    MORE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A closed range."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


class RepEnd(StrEnum):
    """One end of a rep's first moving phase."""

    START = "start"
    TURN = "turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one placement measures of a rep beside its times and the angle it turns through.

    Parameters
    ----------
    longest_lift_s
        The sensor goes straight up and down with the load or the body, the concentric first: how far is said
        in m where that takes no longer than this, s. 0: it does not, or cannot be trusted.
    longest_lift_m
        Nor does anybody's sensor go further than this, m.
    standing
        Where the wearer stands upright, if the sensor turns with the trunk: depth is measured from there.
    trunk_sways
        Whether the sensor is on a trunk that should keep still: how far it turned is said.
    kip_swing_deg
        The trunk swings this far before a pull that is begun with a kip, degrees; None: not seen here.
    kip_turn_deg
        The forearm goes out and back by as much before such a pull, degrees; None: likewise.
    """

    longest_lift_s: float = 0.0
    longest_lift_m: float = 1.0
    standing: RepEnd | None = None
    trunk_sways: bool = False
    kip_swing_deg: float | None = None
    kip_turn_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How the first movement of a set goes, with a gyroscope: it is said where it turns.

    Parameters
    ----------
    turns_deg, lasts_s
        Angle that up turns through, degrees, and for how long, s.
    felt_g, thrown_g
        Standard deviation of what is felt, and how much more is felt at the end than at first, g.
    aside_ratio
        How far up leaves the plane of its way at most, in units of the way.
    least_score
        How much may speak against it, log odds below 0. Larger: fewer first reps are said at once, and fewer
        are taken back.
    """

    turns_deg: Bounds
    lasts_s: Bounds
    felt_g: Bounds
    thrown_g: Bounds
    aside_ratio: float
    least_score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What one placement sees of a rep.

    Parameters
    ----------
    range_g
        Distance between the start pose and the turn pose, g.
    tilt_deg
        Angle between the two poses, degrees.
    first_phase_s
        From the start to the turn, s.
    rep_s
        From one turn to the next, s.
    turn_load
        Which end feels more than the other.
    least_path_m
        Shortest vertical way of the hand, m, or of the trunk that it lifts; 0 where it holds something fixed.
        The quicker the rep, the more what goes this far must be thrown.
    arc_deg
        Angle the limb turns through from start to turn, usually in a set, degrees.
    start_lean_deg, turn_lean_deg
        How far from upright the trunk is where a rep starts and where it turns, degrees; asked on a trunk
        whose wearer has walked, which tells where upright is.
    usual_arc_deg
        `arc_deg` at most where it is done as it mostly is, degrees: further speaks against a set.
    least_log_odds
        Least `log_odds` of a set of four reps or more; shorter ones need more. Larger: fewer false sets,
        sloppy ones are lost.
    said_log_odds
        A set must have this much more before any of it is said for how alike its reps are.
        Larger: less is said and taken back, sloppy sets are said later or not at all.
    alone_log_odds
        Least `log_odds` of a rep that nothing comes after; infinite where a single movement of the kind is
        what people do all day.
    two_log_odds
        A set of two must have at least this much more, one of three a third of it: where sitting down and
        standing up look like two reps. Larger: fewer false sets, sets of two are said later.
    worn
        What the sensor is on.
    rolls
        The limb leaves the plane it turns in: a forearm rolls about a hand on a bar.
    first_phase
        What the first phase is: the exercise's.
    getting_on_odds, getting_off_odds
        How much likelier than elsewhere what looks like a first rep is getting on, like a last getting off,
        log odds.
    turn_leans
        Which end of a rep feels a little more, where that is too little to ask it of every rep: it helps to
        tell the start from the turn.
    bends_to_start
        Who takes up the start goes there from the turn, as a rep comes back: the run that takes the turn for
        the start is there first.
    reaches_up
        The arms reach up at the start, so that a forearm points away from where it does when the arms hang.
    longest_first_s
        A set's usual first phase is no longer, s.
    longest_second_s
        Nor is its second, s.
    longest_rest_s
        Nor do the pauses of a rep, both together, usually take longer than this, s.
    shortest_pace_s, longest_pace_s
        From one turn to the next, usually, s.
    most_rough_g
        Largest force above the movement itself, root mean square over a set, g: steps and claps are more.
    most_rough_ratio
        The same in units of the range.
    most_felt_g
        Standard deviation of the size of what is felt over a rep, usually, at most, g: a hand on something
        fixed feels gravity alone, one that carries a spoon is thrown a little.
    least_swing_m
        Radius of the circle that the hand swings on, m, at least: the quicker it goes, the more it must feel.
    most_swivel_ratio
        Usually it turns this much about the vertical at most, in units of how much about level axes (seen
        with a gyroscope): a trunk that bows does not, an arm that reaches does.
    longest_set_s
        Nobody goes on for longer, s, the pauses between clusters of reps not included.
    pose_norm_g
        Size of either pose, g: about 1 where the hand holds something fixed.
    measured
        What else is measured of a rep.
    opening
        How the first movement of a set goes; None: it is not said before it recurs.
    """

    range_g: Bounds
    tilt_deg: Bounds
    first_phase_s: Bounds
    rep_s: Bounds
    turn_load: TurnLoad
    least_path_m: float
    arc_deg: Bounds = field(metadata=tunable(low=Range(0, 60, step=1), high=Range(20, 150, step=5)))
    start_lean_deg: Bounds = field(default_factory=lambda: Bounds(low=0, high=180))
    turn_lean_deg: Bounds = field(default_factory=lambda: Bounds(low=0, high=180))
    usual_arc_deg: float
    least_log_odds: float = field(metadata=tunable(within=Range(-20, -3, step=0.5)))
    said_log_odds: float = 0.0
    alone_log_odds: float = field(default=math.inf, metadata=tunable(within=Range(-6, 3, step=0.5)))
    two_log_odds: float = field(default=0.0, metadata=tunable(within=Range(0, 6, step=0.5)))
    worn: Worn = Worn.LIMB
    rolls: bool = False
    first_phase: Phase = Phase.CONCENTRIC
    getting_on_odds: float = field(default=0.0, metadata=tunable(within=Range(-2, 4, step=0.25)))
    getting_off_odds: float = field(default=0.0, metadata=tunable(within=Range(-2, 4, step=0.25)))
    turn_leans: TurnLoad = TurnLoad.NEITHER
    bends_to_start: bool = False
    reaches_up: bool = False
    longest_first_s: float = 4.5
    longest_second_s: float = 7.0
    longest_rest_s: float = 5.0
    shortest_pace_s: float = 1.0
    longest_pace_s: float = field(default=9.0, metadata=tunable(within=Range(5, 15, step=0.5)))
    most_rough_g: float = field(default=0.35, metadata=tunable(within=Range(0.1, 0.8, step=0.03)))
    most_rough_ratio: float = 0.6
    most_felt_g: float = math.inf
    least_swing_m: float = 0.0
    most_swivel_ratio: float = math.inf
    longest_set_s: float = 150.0
    pose_norm_g: Bounds
    measured: Measured = field(default_factory=Measured)
    opening: Opening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What one placement sees of an isometric hold.

    Parameters
    ----------
    lift_deg
        Angle between the pose rested at and the pose held, degrees.
    lift_s
        Duration of the lift, s.
    hold_s
        Durations that count, s; what is shorter is no hold, what is longer another posture.
    target_s
        How long to hold, s.
    feels_lying_down
        Whether a large turn here tells that the wearer lay down. Where not (a wrist turns all day), a hold
        right after it is said only once it is over.
    """

    lift_deg: Bounds = field(metadata=tunable(low=Range(4, 30, step=1), high=Range(30, 120, step=5)))
    lift_s: Bounds = field(metadata=tunable(high=Range(2, 10, step=0.5)))
    hold_s: Bounds = field(metadata=tunable(low=Range(4, 12, step=0.5)))
    target_s: float
    feels_lying_down: bool


DEFAULT_ECCENTRIC_TARGET_S = 2.0
"""Shortest lowering that coaches call controlled, s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseModel:
    """One exercise.

    Parameters
    ----------
    id, title
        Name in files and topics; name for people.
    first_phase
        `CONCENTRIC` or `ECCENTRIC`: what a rep begins with.
    wear
        Where and how to wear the sensor, one sentence.
    good
        What a good rep is, one sentence.
    fit
        Category and exercise as the FIT profile of Garmin names them, in lower case.
    eccentric_target_s
        Lowering that counts as controlled, s.
    movements
        What is repeated, by placement.
    holds
        What is held, by placement; an exercise is either repeated or held.
    unseen
        Why a sensor cannot see the exercise, by placement.
    """

    id: str
    title: str
    first_phase: Phase
    wear: str
    good: str
    fit: tuple[str, str]
    eccentric_target_s: float = DEFAULT_ECCENTRIC_TARGET_S
    movements: dict[str, Movement] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    unseen: dict[str, str] = field(default_factory=dict)

    @property
    def placements(self) -> tuple[str, ...]:
        """Where a sensor sees this exercise."""
        return (*self.movements, *self.holds)
