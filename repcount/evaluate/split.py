"""Which recordings a search may see, and which are held back to judge what it found.

Rules: all of a person, or all of a person's day, is on one side, since people are like themselves; who is
held back is drawn by the seed. Recordings without exercise are split the same way, after those with.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from repcount.errors import InputError, Problem
from repcount.evaluate.collection import NULL, IndexRow


class By(StrEnum):
    """What is never torn apart."""

    PERSON = "person"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Part:
    """Recordings of one side, those of sets and those without exercise, and of whom they are."""

    sets: tuple[IndexRow, ...]
    idle: tuple[IndexRow, ...]
    groups: tuple[str, ...]

    @property
    def rows(self) -> tuple[IndexRow, ...]:
        """All of them, sets first."""
        return (*self.sets, *self.idle)


def split(
    rows: Sequence[IndexRow], ratio: float, by: By, seed: int, most_idle_s: float | None = None
) -> tuple[Part, Part]:
    """Return what is searched and what is held back, about `ratio` of the sets.

    Of recordings without exercise at most `most_idle_s` are drawn for either part; None takes all.

    Raises
    ------
    InputError
        When there are too few people or days to hold any back.
    """
    key: Callable[[IndexRow], str] = _person if by is By.PERSON else _day
    sets = [row for row in rows if row.exercise_ours != NULL]
    idle = [row for row in rows if row.exercise_ours == NULL]
    draw = random.Random(seed)  # noqa: S311 - no secret
    held = _drawn(sets, key, ratio, draw)
    if not held or held == {key(row) for row in sets}:
        raise InputError([_too_few(sets, by, key)])
    of_sets = {key(row) for row in sets}
    held |= _drawn([row for row in idle if key(row) not in of_sets], key, ratio, draw)
    parts = []
    for is_held in (False, True):
        mine = tuple(row for row in sets if (key(row) in held) == is_held)
        resting = [row for row in idle if (key(row) in held) == is_held]
        resting = resting if most_idle_s is None else _few(resting, most_idle_s, draw)
        parts.append(Part(mine, tuple(resting), tuple(sorted({key(row) for row in mine}))))
    return parts[0], parts[1]


def _drawn(
    rows: Iterable[IndexRow], key: Callable[[IndexRow], str], ratio: float, draw: random.Random
) -> set[str]:
    """Draw groups until they hold that share of the recordings, but never all."""
    sizes: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        sizes[key(row)] += 1
    groups = sorted(sizes)
    draw.shuffle(groups)
    held: set[str] = set()
    for group in groups[:-1]:
        if sum(sizes[one] for one in held) >= ratio * sum(sizes.values()):
            break
        held.add(group)
    return held


def _few(rows: Sequence[IndexRow], most_s: float, draw: random.Random) -> list[IndexRow]:
    """Draw recordings up to that time together, in their own order."""
    drawn: set[int] = set()
    total_s = 0.0
    for k in draw.sample(range(len(rows)), len(rows)):
        duration_s = rows[k].duration_s or 0.0
        if total_s + duration_s <= most_s:
            drawn.add(k)
            total_s += duration_s
    return [row for k, row in enumerate(rows) if k in drawn]


def _person(row: IndexRow) -> str:
    return f"{row.dataset}/{row.subject}"


def _day(row: IndexRow) -> str:
    return f"{_person(row)}/{row.worn_day or 'unknown day'}"


def _too_few(sets: Sequence[IndexRow], by: By, key: Callable[[IndexRow], str]) -> Problem:
    groups = sorted({key(row) for row in sets})
    what = f"all {len(sets)} sets with a known count are of one {by}: {', '.join(groups) or 'none'}"
    days = len({_day(row) for row in sets})
    mend = "Add sets of others"
    if by is By.PERSON and days > 1:
        mend = f"Add sets of others, or hold back days: --by day finds {days}"
    return Problem("--held-back", f"nothing can be held back: {what}", mend)
