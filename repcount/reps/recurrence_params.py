"""Parameters of the search for the run that recurs best."""

from dataclasses import dataclass, field

from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import ZigzagParams
from repcount.tunable import Range, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceParams:
    """Parameters of the search.

    Parameters
    ----------
    tick_hz, cutoff_hz
        Ticks a second, and the cut-off of the pose, Hz, as the motion stage has them.
    zigzag, run
        Parameters of the bank and of a run.
    idle_s, idle_paces
        A run is over when nothing joined it for this long, s, or for this many of its paces, if longer.
    idle_few_s
        A run of fewer reps than `proven_reps` is waited for at least as long as this, s.
    idle_most_s
        No run is waited for longer than this, s.
    least_score, least_likeness
        A run leads only with at least this score and this likeness of its reps. Larger: fewer false sets,
        short and sloppy sets are lost.
    proven_reps
        Reps that make a set.
    takeover_ratio
        A run takes over when its score is this much better. Larger: fewer changes of mind, later mends.
    reverse_ratio
        A run that takes the lead's start for its turn must be this much better: which is which is not told
        by how alike the reps are.
    alike_ratio
        A run takes over from one that was said only if its reps are usually at least this share as alike.
    doubtful_ratio
        A run of other poses takes over from a lead that was judged to be no set with this share of its score.
    still_ratio
        The limb stands still where it is slower than this share of the fastest between two extremes.
    far_ratio
        A standstill may be a start or a turn of a run where this share of its range lies between them.
    beyond_ratio
        And only where the extreme lies this much further out.
    alone_settled_ratio
        A rep alone may be one only if the limb had rested at its start: at least this share of still.
    history_s
        How far back poses are kept, s.
    """

    tick_hz: float = 25.0
    cutoff_hz: float = 0.8
    zigzag: ZigzagParams = field(default_factory=ZigzagParams)
    run: RunParams = field(default_factory=RunParams)
    idle_s: float = 6.0
    idle_paces: float = 3.0
    idle_few_s: float = 14.0
    idle_most_s: float = 20.0
    least_score: float = field(default=0.55, metadata=tunable(within=Range(0.2, 1.2, step=0.05)))
    least_likeness: float = field(default=0.6, metadata=tunable(within=Range(0.3, 0.85, step=0.05)))
    proven_reps: int = 4
    takeover_ratio: float = 1.1
    reverse_ratio: float = 1.4
    alike_ratio: float = 0.8
    doubtful_ratio: float = 0.3
    still_ratio: float = 0.12
    far_ratio: float = 0.7
    beyond_ratio: float = 0.25
    alone_settled_ratio: float = 0.35
    history_s: float = 60.0

    def __post_init__(self) -> None:
        if not (self.tick_hz > 0 and self.cutoff_hz > 0 and self.history_s * self.tick_hz >= 1):
            raise ValueError(f"need tick_hz, cutoff_hz > 0 and history_s of one tick at least, got {self}")
        if not (
            self.reverse_ratio >= self.takeover_ratio >= 1
            and 0 < self.idle_s <= self.idle_few_s <= self.idle_most_s
            and self.idle_paces > 0
        ):
            raise ValueError(
                "need reverse_ratio >= takeover_ratio >= 1, 0 < idle_s <= idle_few_s <= idle_most_s and "
                f"idle_paces > 0, got {self}"
            )
        if not all(x >= 0 for x in (self.least_score, self.least_likeness)):
            raise ValueError(f"need least_score and least_likeness >= 0, got {self}")
        if not (self.doubtful_ratio > 0 and self.alike_ratio > 0):
            raise ValueError(f"doubtful_ratio and alike_ratio must be above 0, got {self}")
        ratios = (self.still_ratio, self.far_ratio, self.beyond_ratio, self.alone_settled_ratio)
        if not all(0 < x < 1 for x in ratios):
            raise ValueError(f"need still_, far_, beyond_ and alone_settled_ratio in (0, 1), got {self}")
