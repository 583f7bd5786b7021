"""The parameters of the wire stage."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class WireParams:
    """When times and counters are believed. All valid > 0.

    Parameters
    ----------
    gap_s
        Samples that come later than their period by this, and by half the length of their notification, are
        said as a gap, s: the time a sensor sends may be off by as much. Larger: fewer gaps are said.
    clocks_agree_s
        The sensor's clock may be behind the host's by this from one notification to the next, s; a Bluetooth
        link that is silent for its longest supervision timeout (32 s) is given up. Larger: a wrong time is
        believed sooner.
    late_s
        Notifications from up to this far back are late or repeated, s; further back they are from a sensor
        that started again. Larger: that is noticed later.
    restart_after
        So many notifications in a row with wrong times mean that the sensor started again. Larger: more is
        lost then; smaller: a few wrong bytes look like it.
    fit_s
        How long an arrival counts for the fit where the sensor has no clock, s. Larger: steadier times;
        slower to follow a sensor that warms up, and losses that nobody counted. Of 10, 20 and 40 s on the
        links of `tests/links.py` the one in the middle.
    jump_s
        What arrives later than expected by more than this is after a gap where nobody counts, s; time and
        counter of a sensor may run ahead of the host's by as much. Larger: uncounted losses bend the times
        around them for longer; smaller: a link that stutters looks like losses: of 16 public recordings
        (`reptracker`) whose link kept up, 0.25 s makes gaps of 53 stalls in which nothing was lost.
    join_s
        Where acceleration and turning rate come apart: one waits this much longer for the other than two
        notifications of each take, s. Larger: a stutter of one costs no samples; a loss is said later.
    """

    gap_s: float = 0.003
    clocks_agree_s: float = 40.0
    late_s: float = 5.0
    restart_after: int = 3
    fit_s: float = 20.0
    jump_s: float = 1.0
    join_s: float = 0.5

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} must be above 0, got {getattr(self, field.name)}")
