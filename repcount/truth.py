"""What really happened, as a person labelled it or the simulator made it; never what we detected."""

from dataclasses import dataclass

LABEL_KINDS = ("rep", "hold")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueRep:
    """One rep or hold, its boundaries as in `events.Rep`; all times in s.

    `turn_s` is None for a hold. A phase that did not happen is None: the lowering of a dropped last rep,
    the pause after the last rep.
    """

    kind: str
    start_s: float
    turn_s: float | None
    end_s: float
    eccentric_s: float | None
    pause_lengthened_s: float | None
    concentric_s: float | None
    pause_shortened_s: float | None
