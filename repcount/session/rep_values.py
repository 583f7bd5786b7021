"""What is said of a rep beside its times, and of a set beside its count.

Rules: a rep is compared with others of its set only, and what is unknown is None; losses are from the best
rep to the last, as coaches have them.
"""

from collections.abc import Sequence
from statistics import median, quantiles

from repcount.events import Rep, Style
from repcount.exercises.model import RepEnd
from repcount.reps.run import angle_deg
from repcount.reps.seen import SeenRep


def rom_deg(rep: SeenRep) -> float | None:
    """Angle the limb turned through from start to turn, degrees: as measured, else as the run had it."""
    measures = rep.measures
    return rep.rom_deg if measures is None else angle_deg(measures.start_up, measures.turn_up)


def depth_deg(rep: SeenRep, reps: Sequence[SeenRep], standing: RepEnd | None) -> float | None:
    """How far the trunk was bowed from where it usually stands upright in `reps` of the set, degrees."""
    known = [one.measures for one in reps if one.measures is not None]
    if standing is None or rep.measures is None or not known:
        return None
    upright = [one.start_up if standing is RepEnd.START else one.turn_up for one in known]
    x, y, z = (median(axis) for axis in zip(*upright, strict=True))
    bowed = rep.measures.turn_up if standing is RepEnd.START else rep.measures.start_up
    return angle_deg((x, y, z), bowed)


def is_partial(rep: SeenRep, reps: Sequence[SeenRep], partial_ratio: float) -> bool:
    """Whether the rep is smaller than this share of the person's full range, as `reps` of the set show it.

    That is the upper quartile: neither half a set of partial reps nor a single odd one moves it.
    """
    ranges_deg = [one for one in map(rom_deg, reps) if one is not None]
    own_deg = rom_deg(rep)
    if own_deg is None or len(ranges_deg) < _KNOWN_REPS:
        return rep.size_ratio < partial_ratio
    _, _, full_deg = quantiles(ranges_deg, n=4, method="inclusive")
    return own_deg < partial_ratio * full_deg


_KNOWN_REPS = 3
"""It takes so many reps to know a person's range."""


def style(kipped: bool | None) -> Style | None:  # noqa: FBT001 - a fact, not a switch
    """What a rep is called that began with a kip, or did not."""
    if kipped is None:
        return None
    return Style.KIPPING if kipped else Style.STRICT


def usual_style(reps: Sequence[Rep]) -> Style | None:
    """How a set was done: with a kip where a good part of its reps were, strict where most surely are."""
    kipping, strict = (sum(rep.style is one for rep in reps) for one in (Style.KIPPING, Style.STRICT))
    if kipping and kipping >= _KIPPING_SHARE * len(reps):
        return Style.KIPPING
    return Style.STRICT if strict > len(reps) / 2 else None


_KIPPING_SHARE = 0.3
"""At the wrist a kip shows in a third of the reps or more, and in one strict rep of fifty."""


def best_rep_index(reps: Sequence[Rep]) -> int | None:
    """The rep with the quickest concentric; where no speed is known the one with the widest range."""
    speeds = {rep.rep_index: rep.mean_concentric_velocity_m_s for rep in reps}
    known = {index: speed for index, speed in speeds.items() if speed is not None}
    known = known or {rep.rep_index: rep.rom_deg for rep in reps if rep.rom_deg is not None}
    return max(known, key=lambda index: known[index], default=None)


def loss_ratio(values: Sequence[float | None]) -> float | None:
    """How much less the last value is than the best, as a share of the best; None where the last is unknown.

    Of mean concentric velocities it is the velocity loss of Sanchez-Medina and Gonzalez-Badillo, Med. Sci.
    Sports Exerc. 43, 2011.
    """
    known = [value for value in values if value is not None]
    if not values or values[-1] is None or max(known) <= 0:
        return None
    return 1 - values[-1] / max(known)
