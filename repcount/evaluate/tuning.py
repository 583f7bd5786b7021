"""What came of a search, as text for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repcount.evaluate.worth import WORDS, Worth

_MOST_WEIGHTS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was changed, and what it means."""

    name: str
    before: float
    after: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Side:
    """One part of the recordings: of whom, what they were worth before and are after, and the limit there."""

    groups: tuple[str, ...]
    before: Worth
    after: Worth
    most_false_per_hour: float
    idle_h: float

    @property
    def gain(self) -> float:
        """How much better it is after; below 0 worse."""
        return self.before.cost(self.most_false_per_hour) - self.after.cost(self.most_false_per_hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What came of a search; `weights` is how much each parameter matters, largest first, together 1.

    `counted` times a recording was counted, `spared` times it was known that the result is the same.
    """

    exercise: str
    placement: str
    trials: int
    changes: tuple[Change, ...]
    searched: Side
    held_back: Side
    weights: Mapping[str, float]
    counted: int
    spared: int
    by: str

    @property
    def is_better(self) -> bool:
        """Whether there is something to write: better where it was searched, not worse where it was not."""
        return bool(self.changes) and self.searched.gain > 0 and self.held_back.gain >= -_SLACK

    @property
    def verdict(self) -> str:
        """What came of it, one sentence."""
        if not self.changes:
            return "Nothing better than the parameters of today was found."
        if self.held_back.gain < -_SLACK:
            return "What was found is worse on the recordings held back, so it is not written."
        same = "no worse" if self.held_back.gain <= _SLACK else "better"
        return f"What was found is better on the recordings searched and {same} on those held back."

    def lines(self) -> list[str]:
        """The outcome in a few lines."""
        width = max((len(change.name) for change in self.changes), default=0)
        return [
            f"{self.exercise} at the {self.placement}, {self.trials} trials",
            *_side_lines("searched", self.searched),
            *_side_lines("held back", self.held_back),
            *(f"  {one.name:{width}} {one.before:g} -> {one.after:g}" for one in self.changes),
            self.verdict,
        ]


_SLACK = 1e-9


def _side_lines(name: str, side: Side) -> list[str]:
    before, after = (", ".join(_figures(one)) for one in (side.before, side.after))
    return [f"{name:9}  before: {before}", f"{'':9}  after:  {after}"]


def _figures(one: Worth) -> list[str]:
    figures = [f"{one.sets - one.off_sets} of {one.sets} sets exact, {one.off_reps} reps off"]
    if one.phase_error_s is not None:
        figures.append(f"phases off by {one.phase_error_s:.2f} s")
    if one.latency_s is not None:
        figures.append(f"said after {one.latency_s:.2f} s")
    if one.false_per_hour is not None:
        figures.append(f"{one.false_per_hour:.1f} false/h")
    return figures


def tuning_markdown(tuning: Tuning, written: str | None, picture: str | None) -> str:
    """Return the report as a document."""
    parts = [
        f"# Parameters of the {_words(tuning.exercise)} at the {tuning.placement}",
        f"Written by `repcount tune`; nothing here is by hand. Searched: {WORDS}.",
        f"**{tuning.verdict}**" + (f" They are in `{written}`." if written else ""),
        "## Before and after",
        _table(
            ["recordings", "", "sets", "exact", "reps off", "phase error", "latency", "false/h", "limit"],
            [row for name, side in _sides(tuning) for row in _side_rows(name, side)],
        ),
        _who(tuning),
        "## What was changed",
        _changes(tuning.changes),
        "## What matters",
        _weights(tuning.weights, picture),
        _work(tuning),
    ]
    return "\n\n".join(parts) + "\n"


def _who(tuning: Tuning) -> str:
    searched, held_back = tuning.searched, tuning.held_back
    return (
        f"Nobody is on both sides, by {tuning.by}; the search never saw those held back. "
        f"Searched: {', '.join(searched.groups)}. Held back: {', '.join(held_back.groups)}. "
        f"Without exercise: {searched.idle_h:.1f} h searched, {held_back.idle_h:.1f} h held back."
    )


def _work(tuning: Tuning) -> str:
    return (
        f"{tuning.trials} trials. In the last run a recording was counted {tuning.counted} times; "
        f"{tuning.spared} times it was known without counting that the result is one already known."
    )


def _sides(tuning: Tuning) -> list[tuple[str, Side]]:
    return [("searched", tuning.searched), ("**held back**", tuning.held_back)]


def _side_rows(name: str, side: Side) -> list[list[str]]:
    return [
        [
            name if when == "before" else "",
            when,
            str(one.sets),
            str(one.sets - one.off_sets),
            str(one.off_reps),
            _seconds(one.phase_error_s),
            _seconds(one.latency_s),
            "-" if one.false_per_hour is None else f"{one.false_per_hour:.1f}",
            f"{side.most_false_per_hour:.1f}",
        ]
        for when, one in (("before", side.before), ("after", side.after))
    ]


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return "Nothing."
    head = ["parameter", "before", "after", "meaning"]
    return _table(head, [[f"`{c.name}`", f"{c.before:g}", f"{c.after:g}", c.meaning] for c in changes])


def _weights(weights: Mapping[str, float], picture: str | None) -> str:
    if not weights:
        return "Too few trials differ to tell."
    listed = list(weights.items())[:_MOST_WEIGHTS]
    table = _table(["parameter", "share"], [[f"`{name}`", f"{share:.0%}"] for name, share in listed])
    told = (
        "How much each parameter sets the better trials apart from the rest (PED-ANOVA), on the recordings "
        "that every trial was asked."
    )
    return "\n\n".join([told, *([f"![What matters]({picture})"] if picture else []), table])


def _seconds(value_s: float | None) -> str:
    return "-" if value_s is None else f"{value_s:.3f} s"


def _words(exercise: str) -> str:
    return exercise.replace("_", " ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
