"""Sets of parameters raced over recordings: who can no longer win is not asked for more.

Rules: all run the same recordings in the same order, those first that are counted worst today; what a race
says depends on the results alone, not on who computes them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from repcount.app.trials import Trials
from repcount.evaluate.worth import Outcome, Worth, least_cost, worth
from repcount.reps.tuning import Values

FIRST = 8
"""So many recordings are asked of everyone, so that there is something to compare."""
_AHEAD_AFTER = 2 * FIRST
"""Who is not ahead on so many of them, which have most to gain, will hardly be on those that go well."""
_IDLE_BLOCK = 24


@dataclass(frozen=True, slots=True)
class Course:
    """Numbers of the recordings: of sets, those first that have most to gain, and of those without exercise.

    `idle_h` are the hours of the latter, `most_false_per_hour` the limit.
    """

    sets: Sequence[int]
    idle: Sequence[int]
    idle_h: float
    most_false_per_hour: float


_BEHIND = 0.003
"""Who is further behind the leader on the first recordings will not be better in the end: about 0.1 s of
latency."""


@dataclass(slots=True)
class Runner:
    """One set of parameters on its way; `cost` and `worth` are None where it was given up.

    `outcomes` are in the order of the course.
    """

    values: Values
    outcomes: list[Outcome] = field(default_factory=list)
    first: float = 0.0
    cost: float | None = None
    worth: Worth | None = None


def race(trials: Trials, course: Course, field_: Sequence[Values], leader: Runner | None) -> list[Runner]:
    """Let sets of parameters race until they cannot be better than the leader; to the end where none is.

    Recordings without exercise are asked only of who is better with exercise: for the others the cost leaves
    out false reps, which would not make it smaller.
    """
    runners = [Runner(values) for values in field_]
    on_course = runners
    for k in range(0, len(course.sets), FIRST):
        _run(trials, on_course, course.sets[k : k + FIRST])
        for runner in on_course if k == 0 else ():
            runner.first = least_cost(runner.outcomes)
        on_course = [runner for runner in on_course if leader is None or _may_win(runner, leader)]
    for runner in on_course:
        runner.worth = worth(runner.outcomes)
        runner.cost = runner.worth.cost(course.most_false_per_hour)
    to_beat = math.inf if leader is None or leader.cost is None else leader.cost
    _rest(trials, course, [runner for runner in on_course if (runner.cost or 0.0) < to_beat])
    return runners


def _may_win(runner: Runner, leader: Runner) -> bool:
    """Whether it is not yet worse than the leader will be, nor clearly behind where it is, and soon ahead."""
    if leader.cost is not None and least_cost(runner.outcomes) >= leader.cost:
        return False
    here = worth(leader.outcomes[: len(runner.outcomes)])
    ahead = here.cost(math.inf) - worth(runner.outcomes).cost(math.inf)
    return ahead > 0 if len(runner.outcomes) >= _AHEAD_AFTER else ahead >= -_BEHIND


def _rest(trials: Trials, course: Course, runners: list[Runner]) -> None:
    """Go on without exercise until there are more false reps than may be."""
    most = course.most_false_per_hour * course.idle_h
    on_course = runners
    for k in range(0, len(course.idle), _IDLE_BLOCK):
        _run(trials, on_course, course.idle[k : k + _IDLE_BLOCK])
        on_course = [runner for runner in on_course if _false_reps(runner) <= most]
    for runner in runners:
        runner.worth = worth(runner.outcomes)
        runner.cost = runner.worth.cost(course.most_false_per_hour)


def _false_reps(runner: Runner) -> int:
    return sum(one.counted for one in runner.outcomes if one.idle_s)


def _run(trials: Trials, runners: Sequence[Runner], numbers: Sequence[int]) -> None:
    results = iter(trials.outcomes((number, runner.values) for runner in runners for number in numbers))
    for runner in runners:
        runner.outcomes += [next(results) for _ in numbers]
