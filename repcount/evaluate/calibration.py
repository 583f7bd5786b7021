"""Corrected counts of stored sets: how far off the counter is, and the smallest change that mends it.

Rules: nothing here reads or counts, whoever calls does; a change is kept only where no set comes out worse,
and a set that nobody counted must come out the same, since nobody could say that it got better. The nearest
change that mends wins, for a handful of sets cannot tell more.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from repcount.evaluate.steps import ANYBODY, Change

Counts = tuple[int, ...]
"""Reps of each set of a recording, in order."""
Truth = tuple[int | None, ...]
"""What a person says of each set, None where nothing; empty: nobody counted any."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A recording with sets of the person, exercise and placement."""

    name: str
    truth: Truth = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Counts laid beside the truth: of each labelled set, and of those that there were none of."""

    truth: Truth
    counts: Counts
    extra_reps: int

    @property
    def off_reps(self) -> int:
        """By how many reps the labelled sets are off, all together."""
        return self.extra_reps + sum(self.each_off())

    def each_off(self) -> Iterator[int]:
        """By how many reps each labelled set is off; 0 where nobody counted it."""
        for true, counted in zip(
            self.truth, self.counts, strict=False
        ):  # without truth counts are all there is
            yield 0 if true is None else abs(true - counted)

    def is_worse_than(self, other: "Fit") -> bool:
        """Whether any labelled set is further off, or any other came out differently."""
        if not self.truth:
            return self != other
        worse = any(mine > theirs for mine, theirs in zip(self.each_off(), other.each_off(), strict=True))
        changed = any(
            true is None and mine != theirs
            for true, mine, theirs in zip(self.truth, self.counts, other.counts, strict=True)
        )
        return worse or changed or self.extra_reps > other.extra_reps


def fit(truth: Truth, counts: Counts) -> Fit:
    """Lay the counts of a recording's sets beside what a person said, in order, with the least difference.

    A set that was missed counts 0. Where nobody counted any set, the counts are taken as they are.
    """
    if not truth:
        return Fit((), tuple(counts), 0)

    @cache
    def best(i: int, k: int) -> tuple[float, Counts, int]:
        """Off by how much, counts of the labelled sets from `i` on, reps of no set, of counts from `k` on."""
        if i == len(truth):
            return float(sum(counts[k:])), (), sum(counts[k:])
        true = truth[i]
        off, rest, extra = best(i + 1, k)
        choices = [(off + (_UNKNOWN_MISSED if true is None else true), (0, *rest), extra)]
        if k < len(counts):
            off, rest, extra = best(i + 1, k + 1)
            off += 0 if true is None else abs(true - counts[k])
            choices.insert(0, (off, (counts[k], *rest), extra))
            off, rest, extra = best(i, k + 1)
            choices.append((off + counts[k], rest, extra + counts[k]))
        return min(choices, key=lambda choice: choice[0])

    _, fitted, extra = best(0, 0)
    return Fit(truth, fitted, extra)


@dataclass(frozen=True, slots=True)
class Row:
    """A stored recording before and after."""

    name: str
    before: Fit
    after: Fit

    @property
    def is_worse(self) -> bool:
        """Whether anything of it got worse."""
        return self.after.is_worse_than(self.before)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of it: every stored recording, and what holds from now on; `kept` where that is new.

    Where nothing is kept, `after` shows the best that was found, and `change` is as it was.
    """

    rows: tuple[Row, ...]
    change: Change
    kept: bool

    @property
    def off_reps(self) -> tuple[int, int]:
        """By how many reps all labelled sets are off, before and after."""
        return sum(row.before.off_reps for row in self.rows), sum(row.after.off_reps for row in self.rows)

    @property
    def worse(self) -> list[str]:
        """Names of the recordings that came out worse."""
        return [row.name for row in self.rows if row.is_worse]


Count = Callable[[str, Change], Counts]
"""Counts the sets of a stored recording, by name, with these shifts."""


MOST_TRIES = 32
"""More would find what fits a handful of sets by chance."""


def calibrate(
    stored: Sequence[Stored],
    current: Change,
    steps: Sequence[Change],
    count: Count,
    tried: Callable[[], object] = lambda: None,
) -> Calibration:
    """Search the nearest change with which less is off and nothing is worse; `tried` is called at each try.

    Each of `steps` is tried first, two together only where one of them helped.
    """
    truths = {one.name: one.truth for one in stored}
    search = _Search(truths, current, count, tried)
    helped: list[Change] = []
    if search.is_wrong:
        search.attempt(ANYBODY)
        helped = [step for step in steps if not search.done and search.attempt(step)]
    pairs = [pair for a in helped for b in steps if (pair := a.with_(b)) is not None]
    for pair in pairs[: max(0, MOST_TRIES - search.tries)]:
        if not search.done:
            search.attempt(pair)
    chosen = search.best or search.harmful
    rows = tuple(search.row(name, chosen) for name in truths)
    return Calibration(rows, search.best or current, kept=search.best is not None)


class _Search:
    """Tries changes on the recordings that are wrong first, and on the others only where it mends any.

    `best` is the change that mends most and harms nothing, `harmful` the first that mends and harms.
    """

    def __init__(
        self, truths: dict[str, Truth], current: Change, count: Count, tried: Callable[[], object]
    ) -> None:
        self._truths, self._current, self._count, self._tried = truths, current, count, tried
        self._fits: dict[tuple[str, Change], Fit] = {}
        self._before = {name: self._fit(name, current) for name in truths}
        self._wrong = [name for name in truths if self._before[name].off_reps > 0]
        self._least = sum(self._before[name].off_reps for name in self._wrong)
        self.best: Change | None = None
        self.harmful: Change | None = None
        self.tries = 0

    @property
    def is_wrong(self) -> bool:
        """Whether anything is off at all."""
        return bool(self._wrong)

    @property
    def done(self) -> bool:
        """Whether nothing is off any more."""
        return self._least == 0

    def row(self, name: str, chosen: Change | None) -> Row:
        """A recording before and after; the same where nothing was chosen."""
        return Row(name, self._before[name], self._fit(name, chosen or self._current))

    def attempt(self, change: Change) -> bool:
        """Try a change; say whether less is off with it than with any before."""
        if change == self._current:
            return False
        self.tries += 1
        self._tried()
        off = 0
        for name in self._wrong:
            off += self._fit(name, change).off_reps
            if off >= self._least:
                return False
        if any(self._fit(name, change).is_worse_than(self._before[name]) for name in self._truths):
            self.harmful = self.harmful or change
            return False
        self.best, self._least = change, off
        return True

    def _fit(self, name: str, change: Change) -> Fit:
        key = (name, change)
        if key not in self._fits:
            self._fits[key] = fit(self._truths[name], self._count(name, change))
        return self._fits[key]


_UNKNOWN_MISSED = 0.5
"""A set that nobody counted is rather there than missed."""
