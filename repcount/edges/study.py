"""The search itself: Optuna proposes, and keeps what came of it in a file that survives a kill.

Rules: a file belongs to one code, exercise, collection and split, and is never written to by another. Only
what was tried to an end is written, at once. What is proposed next depends on the seed and on what is known
alone: a search cut off between two rounds goes on to the same end. A few parameters are changed at a time,
since most recordings then need not be counted again; now and then all of them are.
"""

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from repcount.edges.problems import FileProblems
from repcount.errors import InputError, Problem
from repcount.evaluate.worth import Worth
from repcount.reps.tuning import Values
from repcount.tunable import Tunable

try:
    import optuna
    from optuna.distributions import BaseDistribution, FloatDistribution
    from optuna.trial import FrozenTrial, TrialState, create_trial
except ImportError as error:
    _mend = "Install repcount with its extra 'tune', or run: python -m pip install optuna matplotlib"
    raise InputError([Problem("tune", "needs Optuna", _mend)]) from error

_NAME = "repcount"
_IDENTITY, _WORTH, _FIRST = "identity", "worth", "first"
_FIRST_TRIALS = 24
"""Before there is anything to learn from, what is changed is drawn."""
_CHANGED_AT_A_TIME = 3
_ALL_EVERY = 5
"""Of so many trials one may change everything."""
_FEWEST_TO_WEIGH = 8
"""Of fewer trials nothing can be said of what matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of a trial: `first` is the cost of the recordings that every trial is asked first.

    `cost` and `worth` are None where it was given up before the end.
    """

    first: float
    cost: float | None = None
    worth: Worth | None = None


class Study:
    """What has been tried, in memory or at `path`; `identity` is what it belongs to, by what it is called.

    Raises
    ------
    InputError
        When the file is no study, or belongs to something else.
    """

    def __init__(
        self, path: Path | None, identity: Mapping[str, str], space: Mapping[str, Tunable], seed: int
    ) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space, self._seed = space, seed
        self._asked: dict[int, optuna.Trial] = {}
        self._distributions: dict[str, BaseDistribution] = {
            name: FloatDistribution(*one.within.around(one.value), step=one.within.step)
            for name, one in space.items()
        }
        self._study = optuna.create_study()
        self._kept = None if path is None else _opened(path)
        if self._kept is not None:
            _check_identity(self._kept, dict(identity), path)
            self._study.add_trials(self._kept.get_trials(deepcopy=False))

    @property
    def trials(self) -> int:
        """How many have been tried to an end."""
        return len(self._finished())

    def _finished(self) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))

    def best(self) -> tuple[Values, float] | None:
        """What was best so far, and its cost; of equals the first."""
        complete = [trial for trial in self._finished() if trial.state is TrialState.COMPLETE]
        best = min(complete, key=lambda trial: (trial.values[0], trial.number), default=None)
        return None if best is None else (_values(best), best.values[0])

    def ask(self, count: int, best: Values) -> list[tuple[int, Values]]:
        """Return so many numbers of trials and the values to try; the first of all are those of today.

        The others are `best` but for a few.
        """
        tried = self.trials
        self._study.sampler = optuna.samplers.TPESampler(
            seed=self._seed + _SEEDS_APART * tried, n_startup_trials=_FIRST_TRIALS
        )
        for k in range(tried, tried + count):
            self._study.enqueue_trial(self._fixed(k, best))
        asked = [self._study.ask(self._distributions) for _ in range(count)]
        self._asked = {trial.number: trial for trial in asked}
        return [(trial.number, _values(trial)) for trial in asked]

    def _fixed(self, k: int, best: Values) -> dict[str, float]:
        """What a trial is to have; the rest is Optuna's to choose."""
        if not k:
            return {name: one.value for name, one in self._space.items()}
        if k >= _FIRST_TRIALS and k % _ALL_EVERY == 0:
            return {}
        draw = random.Random(self._seed + _SEEDS_APART * k)  # noqa: S311 - no secret
        changed = draw.sample(sorted(self._space), min(_CHANGED_AT_A_TIME, len(self._space)))
        return {name: value for name, value in best.items() if name not in changed}

    def tell(self, number: int, told: Told) -> None:
        """Keep what came of a trial."""
        trial = self._asked.pop(number)
        trial.set_user_attr(_FIRST, told.first)
        if told.cost is None or told.worth is None:
            trial.report(told.first, 0)
            self._study.tell(number, state=TrialState.PRUNED)
        else:
            trial.set_user_attr(_WORTH, asdict(told.worth))
            self._study.tell(number, told.cost)
        if self._kept is not None:
            self._kept.add_trial(self._study.get_trials(deepcopy=False)[number])

    def tried(self) -> dict[str, list[tuple[float, float]]]:
        """Every value tried of each parameter, and the cost on the recordings that every trial was asked."""
        finished = self._finished()
        return {
            name: [(trial.params[name], trial.user_attrs[_FIRST]) for trial in finished]
            for name in self._space
        }

    def weights(self) -> dict[str, float]:
        """How much each parameter matters, largest first, together 1; empty where too little is known.

        Read off the recordings that every trial was asked, by how far what is best lies from the rest.
        """
        finished = self._finished()
        all_alike = len({trial.user_attrs[_FIRST] for trial in finished}) <= 1
        if all_alike or len(finished) < _FEWEST_TO_WEIGH:
            return {}
        study = optuna.create_study()
        study.add_trials(
            [
                create_trial(
                    params=trial.params, distributions=trial.distributions, value=trial.user_attrs[_FIRST]
                )
                for trial in finished
            ]
        )
        weights = optuna.importance.get_param_importances(
            study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
        )
        return dict(sorted(weights.items(), key=lambda item: -item[1]))


_SEEDS_APART = 1_000_003
"""Between the draws of two trials, so that two seeds share none."""
_DIGITS = 10
"""Of a value: steps added up are no longer those of the decimal number."""


def _values(trial: Any) -> Values:  # noqa: ANN401 - of either kind
    return {name: round(value, _DIGITS) for name, value in trial.params.items()}


def _opened(path: Path) -> optuna.Study:
    problems = FileProblems(path)
    if path.is_file() and path.stat().st_size and not _is_study(path):
        problems.add("study", "is no study of a search", "Give another name")
    if not path.absolute().parent.is_dir():
        problems.add("study", f"cannot be made: {path.absolute().parent} is no folder")
    problems.raise_if_any()
    try:
        storage = optuna.storages.RDBStorage(f"sqlite:///{path}")
        return optuna.create_study(storage=storage, study_name=_NAME, load_if_exists=True)
    except (OSError, sqlite3.Error) as error:
        problems.add("study", f"cannot be used ({error})")
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _OTHERS:
            raise
        problems.add("study", f"cannot be used ({str(error).splitlines()[0]})", "Give another name")
    raise problems.error()


def _is_study(path: Path) -> bool:
    """Whether it is one of ours, asked without writing to it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            named = file.execute("select study_id from studies where study_name = ?", [_NAME])
            return named.fetchone() is not None
    except sqlite3.Error:
        return False


_OTHERS = ("optuna", "sqlalchemy", "alembic")
"""Whose errors tell of a file that is damaged or of another version."""


def _check_identity(study: optuna.Study, identity: dict[str, str], path: Path | None) -> None:
    known: dict[str, str] | None = study.user_attrs.get(_IDENTITY)
    if known is None and not study.get_trials(deepcopy=False):
        study.set_user_attr(_IDENTITY, identity)
        return
    other = [
        f"{name} is {(known or {}).get(name, 'unknown')}, here {value}"
        for name, value in identity.items()
        if (known or {}).get(name) != value
    ]
    if other:
        what = f"is the study of another search: {'; '.join(other)}"
        raise InputError([Problem(str(path), what, "Give another name; it is left as it is")])
