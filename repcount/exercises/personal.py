"""What a person's own counts changed in an exercise: a few shifts of what holds for anybody.

Rules: few and bounded, so that a handful of corrected sets cannot bend the counter to chance; plain data goes
in and out, so whoever keeps things can keep it. No shift is the exercise as it is.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite

from repcount.errors import InputError, Problem, did_you_mean
from repcount.exercises.model import Bounds, Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Shifts of a `Movement` for one person.

    Parameters
    ----------
    sure_log_odds
        Added to `least_log_odds` and `alone_log_odds`. Larger: fewer false sets, sloppy ones are lost.
    first_log_odds, last_log_odds
        Added to `getting_on_odds`, `getting_off_odds`. Larger: a first or last rep unlike the others is
        sooner taken for getting on or off.
    smallest_ratio
        Times the least range and the least angle of a rep. Larger: small movements are left out; smaller:
        this person's short reps are counted.
    """

    sure_log_odds: float = 0.0
    first_log_odds: float = 0.0
    last_log_odds: float = 0.0
    smallest_ratio: float = 1.0

    def of(self, movement: Movement) -> Movement:
        """Return the movement as it holds for this person."""
        return replace(
            movement,
            least_log_odds=movement.least_log_odds + self.sure_log_odds,
            alone_log_odds=movement.alone_log_odds + self.sure_log_odds,
            getting_on_odds=movement.getting_on_odds + self.first_log_odds,
            getting_off_odds=movement.getting_off_odds + self.last_log_odds,
            range_g=_with_low(movement.range_g, self.smallest_ratio),
            arc_deg=_with_low(movement.arc_deg, self.smallest_ratio),
        )

    @property
    def changed(self) -> dict[str, float]:
        """The shifts that are not what they are for anybody."""
        return {name: value for name, value in asdict(self).items() if value != getattr(ANYBODY, name)}

    @classmethod
    def from_data(cls, data: object, place: str) -> "Personal":
        """Build it from `changed`.

        Raises
        ------
        InputError
            With everything that is no such shift.
        """
        if not isinstance(data, Mapping):
            raise InputError([Problem(place, "is not a table of numbers", _MEND)])
        known = [f.name for f in fields(cls)]
        problems = [
            Problem(place, f"unknown key {key!r}", did_you_mean(str(key), known))
            for key in data
            if key not in known
        ]
        problems += [
            Problem(place, f"{key} is {value!r}, not a number of the right size", _MEND)
            for key, value in data.items()
            if key in known and not _fits(str(key), value)
        ]
        if problems:
            raise InputError(problems)
        return cls(**{key: float(value) for key, value in data.items()})


def _fits(name: str, value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        return False
    return _SMALLEST <= value <= 1 / _SMALLEST if name == "smallest_ratio" else abs(value) <= _FURTHEST


def _with_low(bounds: Bounds, ratio: float) -> Bounds:
    return replace(bounds, low=min(bounds.low * ratio, bounds.high))


def shifted(*shifts: tuple[str, float]) -> Personal:
    """Return the shifts together."""
    return Personal(**dict(shifts))


ANYBODY = Personal()
STEPS = (
    *(("last_log_odds", value) for value in (-1.5, 1.5)),
    *(("first_log_odds", value) for value in (-1.5, 1.5)),
    *(("sure_log_odds", value) for value in (-2.0, 2.0)),
    *(("smallest_ratio", value) for value in (0.8, 1.25)),
    *(("last_log_odds", value) for value in (-4.0, 4.0)),
    *(("first_log_odds", value) for value in (-4.0, 4.0)),
    *(("sure_log_odds", value) for value in (-4.0, 4.0)),
    *(("smallest_ratio", value) for value in (0.6, 1.6)),
)
"""What is tried, two steps to either side, the smaller first. The odds of the judge are about 4 apart between a set and
what is none (`reps/odds.py`); a ratio of 1.6 is the spread of ranges between people (`exercises/*.py`)."""
_FURTHEST, _SMALLEST = 10.0, 0.3
_MEND = "Remove it: it is learned anew from corrected counts"
