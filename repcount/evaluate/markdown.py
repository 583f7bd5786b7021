"""The report card as a document: what was measured, on whom, with which command, and what went wrong.

Rules: the same scores give the same text; a figure nothing is known of is a dash; how few people there are
is said in words, since a share of few is easily read as a share of many.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from repcount.evaluate.report import ALL, ReportRow, Times, report
from repcount.evaluate.score import Score

FEW_PEOPLE = 10
"""Fewer than this are said in words."""

_WORDS = ("nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot and where it lies, relative to the document."""

    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One collection: the command that scores it, the scores, and why recordings were left out.

    `plot` gives the command that draws the recording of a score; None where there is no file to draw.
    """

    title: str
    command: str
    scores: Sequence[Score]
    left_out: Counter[str] = field(default_factory=Counter)
    plot: Callable[[Score], str] | None = None
    pictures: tuple[Picture, ...] = ()


WriteReport = Callable[[Sequence[Section]], None]
"""Takes the sections of a report, in order."""


def markdown(sections: Iterable[Section]) -> str:
    """Return the whole document."""
    parts = [_INTRODUCTION, *(part for section in sections for part in _section(section))]
    return "\n\n".join(part for part in parts if part) + "\n"


_INTRODUCTION = """\
# Report card

Written by `repcount evaluate ... --report`; nothing here is by hand. A set is a recording whose true count
is known; *exact* and *within one* are shares of sets, *MAE* is the mean error of the count in reps. *false/h*
are reps counted in an hour without exercise, the exercise armed; *retracted/h* those said and taken back.
*Found* is the share of labelled reps that have a rep of ours at their turn, one to one; *extra* are reps of
ours without a label. *Eccentric*, *concentric* and *hold* are ours less the label's: bias and, after the ±,
the limits of agreement (1.96 standard deviations). *Latency* is from the end of the concentric to the number
being said: median and 95th percentile.
A dash: nothing to know it from."""


def _section(section: Section) -> list[str]:
    rows = report(section.scores)
    counted, idle = _rows_to_show(rows)
    return [
        f"## {section.title}",
        f"```\n{section.command}\n```",
        "One row alone: the same with `--exercise` and `--placement` of the row.",
        people_in_words(rows),
        _table(counted, _COLUMNS) if counted else "",
        *_by_gyroscope(counted),
        "### Without exercise" if idle else "",
        _table(idle, _IDLE_COLUMNS) if idle else "",
        _left_out(section.left_out),
        *(f"![{picture.title}]({picture.path})" for picture in section.pictures),
        *_inexact(section),
    ]


def _by_gyroscope(rows: Iterable[ReportRow]) -> list[str]:
    """How right and how late times are with and without a gyroscope: more is asked of one that has it."""
    lines = [
        f"| {_name(row.exercise)} | {row.placement} | {row.dataset.replace(ALL, f'**{ALL}**')} | {kind} "
        f"| {times.recordings} | {_agreement(times.eccentric_bias_s, times.eccentric_loa_s)} "
        f"| {_agreement(times.concentric_bias_s, times.concentric_loa_s)} | {_latency(times)} |"
        for row in rows
        for kind, times in (("yes", row.with_gyroscope), ("no", row.without_gyroscope))
        if times is not None and times.numbers
    ]
    if not lines:
        return []
    head = (
        "| exercise | placement | dataset | gyroscope | recordings | eccentric | concentric | latency |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    return ["### With and without a gyroscope", "\n".join([head, *lines])]


def _rows_to_show(rows: Sequence[ReportRow]) -> tuple[list[ReportRow], list[ReportRow]]:
    """Rows of exercise, and rows without; rows over all that say no more than the one they are over go."""
    single = [row for row in rows if ALL not in {row.dataset, row.exercise}]
    told = {replace(row, dataset=ALL) for row in single} | {
        replace(row, exercise=ALL) for row in rows if row.exercise != ALL
    }
    shown = [row for row in rows if row not in told]
    return [row for row in shown if row.recordings], [row for row in shown if not row.recordings]


def people_in_words(rows: Iterable[ReportRow]) -> str:
    """Say of which exercises there are few people, most telling first; empty where there are none."""
    over_all = [row for row in rows if row.dataset == ALL and row.exercise != ALL and row.sets]
    few = sorted((row for row in over_all if row.people < FEW_PEOPLE), key=lambda row: row.people)
    if not few:
        return ""
    each = "; ".join(
        f"{_name(row.exercise)} on the {row.placement}: {_counted(row.people, 'person', 'people')} "
        f"and {_counted(row.sets, 'set', 'sets')}"
        for row in few
    )
    return (
        f"**Few people.** {each}. These figures say what was counted right here, not what will be for others."
    )


def _counted(number: int, one: str, many: str) -> str:
    word = _WORDS[number] if number < len(_WORDS) else str(number)
    return f"{word} {one if number == 1 else many}"


def _name(exercise: str) -> str:
    return exercise.replace("_", " ")


def _percent(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.0%}".replace("%", " %")


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _agreement(bias_s: float | None, loa_s: float | None) -> str:
    if bias_s is None:
        return "-"
    return f"{bias_s:+.2f} s" if loa_s is None else f"{bias_s:+.2f} ± {loa_s:.2f} s"


def _found(row: ReportRow) -> str:
    return "-" if row.found_ratio is None else f"{_percent(row.found_ratio)} of {row.labelled_reps}"


def _latency(row: ReportRow | Times) -> str:
    if row.latency_p50_s is None:
        return "-"
    return f"{row.latency_p50_s:.2f} / {_number(row.latency_p95_s, 2)} s"


def _hold(row: ReportRow) -> str:
    if not row.labelled_holds:
        return "-"
    agreement = _agreement(row.hold_bias_s, row.hold_loa_s)
    return f"{agreement}; {_percent(row.hold_within_half_s_ratio)} of {row.labelled_holds} within 0.5 s"


_Column = tuple[str, Callable[[ReportRow], str]]

_NAMES: tuple[_Column, ...] = (
    ("exercise", lambda row: _name(row.exercise)),
    ("placement", lambda row: row.placement),
    ("dataset", lambda row: f"**{ALL}**" if row.dataset == ALL else row.dataset),
    ("people", lambda row: str(row.people)),
)
_FALSE: tuple[_Column, ...] = (
    ("false/h", lambda row: _number(row.false_reps_per_hour, 1)),
    ("retracted/h", lambda row: _number(row.said_and_retracted_per_hour, 1)),
)
_COLUMNS: tuple[_Column, ...] = (
    *_NAMES,
    ("sets", lambda row: str(row.sets)),
    ("reps", lambda row: str(row.reps)),
    ("exact", lambda row: _percent(row.exact_ratio)),
    ("within one", lambda row: _percent(row.within_one_ratio)),
    ("MAE", lambda row: _number(row.mae_reps, 2)),
    *_FALSE,
    ("found", _found),
    ("extra", lambda row: "-" if row.extra_reps is None else str(row.extra_reps)),
    ("eccentric", lambda row: _agreement(row.eccentric_bias_s, row.eccentric_loa_s)),
    ("concentric", lambda row: _agreement(row.concentric_bias_s, row.concentric_loa_s)),
    ("latency", _latency),
    ("hold", _hold),
)
_IDLE_COLUMNS: tuple[_Column, ...] = (*_NAMES, ("hours", lambda row: _number(row.hours, 1)), *_FALSE)


def _table(rows: Iterable[ReportRow], columns: Sequence[_Column]) -> str:
    lines = [[head for head, _ in columns], ["---"] * len(columns)]
    lines += [[cell(row) for _, cell in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _left_out(recordings: Counter[str]) -> str:
    if not recordings:
        return ""
    each = "; ".join(f"{reason}: {n}" for reason, n in sorted(recordings.items()))
    return f"Recordings left out: {each}."


def _inexact(section: Section) -> list[str]:
    """The sets to be looked at one by one, the worst first."""
    trusted = [s for s in section.scores if not s.is_null and s.reps_true is not None]
    wrong = [s for s in trusted if s.counted != s.reps_true]
    if not trusted:
        return []
    if not wrong:
        return ["### Sets that are not exact", f"None of {len(trusted)}."]
    wrong.sort(key=lambda s: (-abs(s.counted - (s.reps_true or 0)), s.exercise, s.placement, s.file))
    head = (
        "| file | exercise | placement | true | counted | taken back |\n| --- | --- | --- | --- | --- | --- |"
    )
    lines = [
        f"| `{s.file}` | {_name(s.exercise)} | {s.placement} | {s.reps_true} | {s.counted} "
        f"| {s.said_and_retracted} |"
        for s in wrong
    ]
    draw = "" if section.plot is None else f"To look at the first: `{section.plot(wrong[0])}`"
    return [
        "### Sets that are not exact",
        f"{len(wrong)} of {len(trusted)}. {draw}".rstrip(),
        "\n".join([head, *lines]),
    ]
