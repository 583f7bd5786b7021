"""`repcount tune`: search the parameters of an exercise, and judge what was found on recordings held back."""

import hashlib
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from repcount.app.folders import cache_folder
from repcount.app.output import say
from repcount.app.race import Course, Runner, race
from repcount.app.trials import Recorded, Trials
from repcount.app.tuning_report import TuningReport
from repcount.app.workers import open_workers
from repcount.edges.clock import utc_now
from repcount.edges.code import digest
from repcount.edges.collection import read_index, read_truth
from repcount.edges.params_file import ParamsFile, write_params
from repcount.edges.problems import read_bytes
from repcount.edges.study import Study, Told
from repcount.errors import InputError, Problem, did_you_mean
from repcount.evaluate.choice import choose
from repcount.evaluate.collection import NULL, PLACEMENT_WORDS, IndexRow
from repcount.evaluate.split import By, Part, split
from repcount.evaluate.tuning import Change, Side, Tuning
from repcount.evaluate.worth import Worth, worth
from repcount.events import SCHEMA
from repcount.exercises import EXERCISES, exercise_problems
from repcount.reps.tuning import Values, parameters

EXIT_GOOD, EXIT_NOT_BETTER, EXIT_INTERRUPTED = 0, 1, 130
_S_PER_H = 3600.0
_AT_A_TIME = 4
"""Trials proposed at once, whatever the workers are, or the search would depend on how many there are."""
_SLACK = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneOptions:
    """What to search and how; None stands for the exercise's own placement, and for a file of its name."""

    index: Path
    exercise: str
    placement: str | None = None
    trials: int = 100
    jobs: int | None = None
    scheduler: str | None = None
    seed: int = 0
    study: Path | None = None
    held_back: float = 0.3
    by: str = By.PERSON
    most_false_per_hour: float = 1.0
    idle_hours: float | None = None
    out: Path | None = None
    as_json: bool = False


def tune(options: TuneOptions) -> int:
    """Search, report, write the parameter file if it is better; return the exit code.

    Raises
    ------
    InputError
        With all that is wrong with the arguments, the collection or the study.
    """
    placement = _placement(options)
    out = options.out or Path(f"{options.exercise}-{placement}.toml")
    report = TuningReport(out.with_suffix(".md"))
    searched, held = _parts(options, placement)
    recorded = _recorded(options.index, [*searched.rows, *held.rows])
    search = _Search(options, placement, searched, held, recorded)
    study = Study(options.study, search.identity(), search.space, options.seed)
    with open_workers(options.jobs, options.scheduler) as workers:
        trials = Trials(recorded, options.exercise, workers, cache_folder() / "tapes")
        try:
            tuning = search.run(study, trials)
        except KeyboardInterrupt:
            _say_kept(study, options)
            return EXIT_INTERRUPTED
    if tuning.is_better:
        write_params(out, _params_file(tuning, search))
    report.write(tuning, out if tuning.is_better else None, study.tried(), search.today)
    _tell(tuning, out, report.path, as_json=options.as_json)
    return EXIT_GOOD if tuning.is_better else EXIT_NOT_BETTER


def _placement(options: TuneOptions) -> str:
    """Check all arguments and return the placement."""
    placement = options.placement
    known = placement in {None, *PLACEMENT_WORDS}
    problems = exercise_problems(options.exercise, placement if known else None, "--exercise")
    if placement is not None and not known:
        mend = did_you_mean(placement, PLACEMENT_WORDS)
        problems.append(Problem("--placement", f"unknown placement {placement!r}", mend))
    known_by = [str(by) for by in By]
    if options.by not in known_by:
        problems.append(Problem("--by", f"is {options.by!r}", did_you_mean(options.by, known_by)))
    if not 0 < options.held_back < 1:
        problems.append(Problem("--held-back", f"is {options.held_back:g}", "Give a share between 0 and 1"))
    for name, number in (("--trials", options.trials), ("--jobs", options.jobs)):
        if number is not None and number < 1:
            problems.append(Problem(name, f"is {number}", "Give a whole number from 1 up"))
    if options.jobs is not None and options.scheduler is not None:
        problems.append(Problem("--jobs", "is for this machine alone", "Leave it out with --scheduler"))
    for name, value in (("--most-false", options.most_false_per_hour), ("--idle-hours", options.idle_hours)):
        if value is not None and not value >= 0:
            problems.append(Problem(name, f"is {value:g}", "Give a number from 0 up"))
    if problems:
        raise InputError(problems)
    return options.placement or EXERCISES[options.exercise].placements[0]


def _parts(options: TuneOptions, placement: str) -> tuple[Part, Part]:
    choice = choose(read_index(options.index), options.exercise, placement)
    rows = [row for row, _ in choice.runs if row.exercise_ours == NULL or row.n_reps_true is not None]
    if not any(row.exercise_ours != NULL for row in rows):
        what = f"has no set of {options.exercise} at the {placement} whose count is known"
        raise InputError([Problem(str(options.index), what)])
    idle_s = None if options.idle_hours is None else options.idle_hours * _S_PER_H
    return split(rows, options.held_back, By(options.by), options.seed, idle_s)


def _recorded(index: Path, rows: Sequence[IndexRow]) -> list[Recorded]:
    truth = read_truth(rows, index)
    paths = [index.parent / row.file for row in rows]
    return [
        Recorded(path, hashlib.sha256(read_bytes(path)).hexdigest(), row, truth.get(row.file))
        for path, row in zip(paths, rows, strict=True)
    ]


class _Search:
    """One search: what is searched, and what is known before it."""

    def __init__(
        self,
        options: TuneOptions,
        placement: str,
        searched: Part,
        held: Part,
        recorded: Sequence[Recorded],
    ) -> None:
        self.options, self.placement, self.parts = options, placement, (searched, held)
        self.recorded = recorded
        self.space = parameters(EXERCISES[options.exercise], placement)
        self.today = {name: one.value for name, one in self.space.items()}

    def collection(self) -> str:
        """Digest of the recordings and their truth."""
        told = "\n".join(f"{one.content} {one.row!r} {one.labels!r}" for one in self.recorded)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def identity(self) -> Mapping[str, str]:
        """What a study belongs to."""
        options = self.options
        space = "\n".join(f"{name} {one.value} {one.within}" for name, one in self.space.items())
        split_by = (options.held_back, options.by, options.idle_hours, options.most_false_per_hour)
        return {
            "exercise": options.exercise,
            "placement": self.placement,
            "collection": self.collection(),
            "seed": str(options.seed),
            "split": f"{split_by}",
            "version of the code": digest(),
            "parameters": hashlib.sha256(space.encode()).hexdigest()[:16],
        }

    def run(self, study: Study, trials: Trials) -> Tuning:
        """Search until there are as many trials as asked for, then judge the best on what was held back."""
        courses, before = [], []
        for part, first in zip(self.parts, (0, len(self.parts[0].rows)), strict=True):
            course, today = self._course(trials, part, first)
            courses.append(course)
            before.append(today)
        best = self._searched(study, trials, courses[0], before[0])
        if best.cost is not None:
            best = self._without_idle_changes(trials, courses[0], best)
        after = [best.worth or before[0], before[1]]
        if self._changes(best.values):
            (held,) = race(trials, courses[1], [best.values], None)
            after[1] = held.worth or before[1]
        sides = [
            Side(part.groups, *worths, course.most_false_per_hour, course.idle_h)
            for part, course, worths in zip(self.parts, courses, zip(before, after, strict=True), strict=True)
        ]
        return Tuning(
            exercise=self.options.exercise,
            placement=self.placement,
            trials=study.trials,
            changes=self._changes(best.values),
            searched=sides[0],
            held_back=sides[1],
            weights=study.weights(),
            counted=trials.counted,
            spared=trials.spared,
            by=self.options.by,
        )

    def _course(self, trials: Trials, part: Part, first: int) -> tuple[Course, Worth]:
        """The recordings of a part, those first that are counted worst today, and what today is worth."""
        numbers = range(first, first + len(part.rows))
        outcomes = dict(zip(numbers, trials.outcomes((k, self.today) for k in numbers), strict=True))
        sets, idle = numbers[: len(part.sets)], numbers[len(part.sets) :]
        today = worth(outcomes.values())
        course = Course(
            sorted(sets, key=lambda k: (-worth([outcomes[k]]).cost(math.inf), k)),
            sorted(idle, key=lambda k: (-outcomes[k].counted, k)),
            sum(one.idle_s for one in outcomes.values()) / _S_PER_H,
            max(self.options.most_false_per_hour, today.false_per_hour or 0.0),
        )
        return course, today

    def _searched(self, study: Study, trials: Trials, course: Course, today: Worth) -> Runner:
        (best,) = race(trials, course, [self.today], None)  # known already, and in the order of the course
        if (known := study.best()) is not None and known[1] < (best.cost or 0.0) - _SLACK:
            (best,) = race(trials, course, [known[0]], None)
        hidden = True if self.options.as_json and not sys.stdout.isatty() else None
        with tqdm(total=self.options.trials, initial=study.trials, unit="trial", disable=hidden) as bar:
            while study.trials < self.options.trials:
                bar.set_postfix_str(_in_short(best.worth or today))
                asked = study.ask(min(_AT_A_TIME, self.options.trials - study.trials), best.values)
                runners = race(trials, course, [values for _, values in asked], best)
                for (number, _), runner in zip(asked, runners, strict=True):
                    study.tell(number, Told(first=runner.first, cost=runner.cost, worth=runner.worth))
                    bar.update()
                    if runner.cost is not None and runner.cost < (best.cost or 0.0) - _SLACK:
                        best = runner
            bar.set_postfix_str(_in_short(best.worth or today))
        return best

    def _without_idle_changes(self, trials: Trials, course: Course, best: Runner) -> Runner:
        """Take back every change without which it is as good: what matters stays."""
        for name in sorted(self.today):
            if best.values[name] == self.today[name]:
                continue
            values = {**best.values, name: self.today[name]}
            (runner,) = race(trials, course, [values], None)
            if runner.cost is not None and runner.cost <= (best.cost or 0.0) + _SLACK:
                best = runner
        return best

    def _changes(self, values: Values) -> tuple[Change, ...]:
        return tuple(
            Change(name, self.today[name], value, self.space[name].meaning)
            for name, value in sorted(values.items())
            if value != self.today[name]
        )


def _in_short(one: Worth) -> str:
    parts = [f"best: {one.off_sets} of {one.sets} sets off"]
    if one.phase_error_s is not None:
        parts.append(f"phases {one.phase_error_s:.2f} s")
    if one.latency_s is not None:
        parts.append(f"said after {one.latency_s:.2f} s")
    return ", ".join(parts)


def _params_file(tuning: Tuning, search: _Search) -> ParamsFile:
    return ParamsFile(
        exercise=tuning.exercise,
        placement=tuning.placement,
        values={change.name: change.after for change in tuning.changes},
        provenance={
            "made_by": "repcount tune",
            "when": utc_now(),
            "code": digest(),
            "collection": search.collection(),
            "trials": tuning.trials,
            "seed": search.options.seed,
            "searched": _scores(tuning.searched),
            "held_back": _scores(tuning.held_back),
        },
    )


def _scores(side: Side) -> dict[str, object]:
    return {when: _known(asdict(one)) for when, one in (("before", side.before), ("after", side.after))}


def _known(figures: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in figures.items() if value is not None}


def _say_kept(study: Study, options: TuneOptions) -> None:
    if options.study is None:
        say("nothing is kept of it: with --study FILE it would go on where it was")
    else:
        say(f"{options.study} keeps {study.trials} trials: the same command goes on from there")


def _tell(tuning: Tuning, out: Path, report: Path, *, as_json: bool) -> None:
    """Print what came of it: a line of JSON to stdout, or sentences."""
    if as_json:
        data = {
            "schema": SCHEMA,
            "exercise": tuning.exercise,
            "placement": tuning.placement,
            "trials": tuning.trials,
            "values": {change.name: change.after for change in tuning.changes},
            "searched": _scores(tuning.searched),
            "held_back": _scores(tuning.held_back),
            "written": str(out) if tuning.is_better else None,
            "report": str(report),
        }
        print(json.dumps(data, allow_nan=False))
        return
    lines: Iterable[str] = (
        *tuning.lines(),
        f"written: {out}" if tuning.is_better else "no file is written",
        f"report: {report}",
    )
    print("\n".join(lines))
