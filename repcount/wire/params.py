"""The parameters of the wire stage."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class WireParams:
    """When times and counters are believed. All valid > 0.

    `fit_s`, `outlier_s` and `jump_s` were chosen on the arrival times of the public `reptracker` recordings
    whose link kept up: no gap, times bent by at most 22 %, where 1 s of `fit_s` bends 45 % and 0.25 s of
    `jump_s` makes 53 gaps of stalls in which nothing was lost.

    Parameters
    ----------
    gap_s
        Samples further apart than their period and this are said as a gap, s. Larger: fewer gaps are said.
    clocks_agree_s
        The sensor's clock and the host's may differ by this from one notification to the next, s; a
        Bluetooth link that is silent for its longest supervision timeout (32 s) is given up. Larger: a
        wrong time is believed sooner.
    late_s
        Without a counter: times up to this far back are a late or repeated notification, s; further back
        they are wrong. Larger: a sensor that started again is noticed later.
    late_notifications
        With a counter: numbers up to this far back are late or repeated. Larger: likewise.
    restart_after
        So many notifications in a row with wrong times mean that the sensor started again. Larger: more is
        lost then; smaller: a few wrong bytes look like it.
    fit_s
        Time constant of fitting samples to arrivals where the sensor has no clock, s. Larger: steadier
        times, slower to follow a sensor whose rate is not what its profile says.
    outlier_s
        An arrival counts for the fit as at most this early or late, s. Larger: a link that stutters bends
        the times more, and losses that nobody counted are made up for sooner.
    jump_s
        An arrival later than expected by more than this is a gap, s. Larger: uncounted losses bend the
        times around them for longer; smaller: a link that stutters looks like losses.
    join_s
        Where acceleration and turning rate come apart: one waits this much longer for the other than two
        notifications of each take, s. Larger: a stutter of one costs no samples; a loss is said later.
    """

    gap_s: float = 0.05
    clocks_agree_s: float = 40.0
    late_s: float = 2.0
    late_notifications: int = 32
    restart_after: int = 3
    fit_s: float = 2.0
    outlier_s: float = 0.1
    jump_s: float = 1.0
    join_s: float = 0.5

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} must be above 0, got {getattr(self, field.name)}")
