"""What a corrected count may change of an exercise: a few parameters, two steps to either side of today's.

Rules: few and bounded, so that a handful of corrected sets cannot bend the counter to chance.

| what | larger |
| --- | --- |
| `movement.getting_off_odds`, `getting_on_odds` | a last or first rep unlike the others is sooner left out |
| `movement.least_log_odds`, with `alone_log_odds` | fewer false sets, sloppy ones are lost |
| `movement.range_g.low`, with `arc_deg.low` | small movements are left out; smaller: short reps are counted |
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from repcount.exercises.model import ExerciseModel
from repcount.reps.tuning import Values, parameters
from repcount.tunable import Tunable

_OFF, _ON = ("movement.getting_off_odds",), ("movement.getting_on_odds",)
_SURE = ("movement.least_log_odds", "movement.alone_log_odds")
_SMALL = ("movement.range_g.low", "movement.arc_deg.low")
_STEPS = (
    *((_OFF, by) for by in (-1.5, 1.5)),
    *((_ON, by) for by in (-1.5, 1.5)),
    *((_SURE, by) for by in (-2.0, 2.0)),
    *((_SMALL, by) for by in (0.8, 1.25)),
    *((_OFF, by) for by in (-4.0, 4.0)),
    *((_ON, by) for by in (-4.0, 4.0)),
    *((_SURE, by) for by in (-4.0, 4.0)),
    *((_SMALL, by) for by in (0.6, 1.6)),
)
"""Added, but for the sizes, which are multiplied; the smaller steps first. The odds of the judge are about 4
apart between a set and what is none (`reps/odds.py`); people's ranges differ by 1.6 (`exercises/*.py`)."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from what holds for anybody: names and values, ordered by name."""

    values: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, values: Values) -> "Change":
        """Build it from values by name."""
        return cls(tuple(sorted(values.items())))

    @property
    def named(self) -> dict[str, float]:
        """The values by name."""
        return dict(self.values)

    def with_(self, other: "Change") -> "Change | None":
        """Both together; None where they change the same."""
        mine, others = self.named, other.named
        return None if mine.keys() & others.keys() else Change.of(mine | others)


ANYBODY = Change()
"""Nothing is changed."""


def steps(model: ExerciseModel, placement: str) -> list[Change]:
    """Everything that is tried of an exercise at a placement; none where it is held."""
    known = parameters(model, placement)
    found = (Change.of(dict(_moved(known, names, by))) for names, by in _STEPS)
    return list(dict.fromkeys(change for change in found if change.values))


def _moved(known: Mapping[str, Tunable], names: tuple[str, ...], by: float) -> Iterator[tuple[str, float]]:
    for name in names:
        one = known.get(name)
        if one is None:
            continue
        wanted = one.value * by if names is _SMALL else one.value + by
        value = round(min(max(wanted, one.within.low), one.within.high), 4)
        if value != one.value and (value - one.value) * (wanted - one.value) > 0:
            yield name, value
