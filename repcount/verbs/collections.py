"""Verbs of whole collections."""

import argparse
from pathlib import Path

from repcount.errors import InputError, Problem
from repcount.verbs import tune
from repcount.verbs.kind import Verbs
from repcount.verbs.options import add_movement, add_params


def _add_evaluate(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "index", type=Path, nargs="*", metavar="INDEX.csv", help="a collection, one recording a row"
    )
    simulate = verb.add_argument_group("in place of INDEX.csv")
    simulate.add_argument("--simulate", type=int, metavar="N", help="simulate N sets of all exercises")
    simulate.add_argument("--seed", type=int, metavar="S", help="other sets, other people (default: 0)")
    simulate.add_argument("--out", type=Path, metavar="DIR", help="keep the simulated recordings there")
    add_movement(verb)
    verb.add_argument(
        "--batch-ms", type=float, default=40, help="cut samples like this (default: %(default)s)"
    )
    add_params(verb)
    verb.add_argument("--jobs", type=int, metavar="N", help="processes (default: one a core)")
    verb.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster to spread the recordings over"
    )
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")
    verb.add_argument("--predictions", type=Path, metavar="OUT.jsonl", help="write all events there")
    verb.add_argument("--report", type=Path, metavar="OUT.md", help="write a report with plots beside it")
    verb.add_argument("--json", action="store_true", help="print the report card as lines of JSON to stdout")


def _check_evaluate(given: argparse.Namespace) -> None:
    """Make sure that there is one collection, and no option of another kind of one."""
    problems = []
    if given.simulate is None:
        if not given.index:
            problems.append(Problem("evaluate", "names no collection", "Give INDEX.csv or --simulate N"))
        useless = [name for name in ("seed", "out") if getattr(given, name) is not None]
        problems += [Problem(f"--{name}", "is for --simulate N alone") for name in useless]
    elif given.index:
        problems.append(Problem("evaluate", "has both INDEX.csv and --simulate", "Give one of them"))
    if problems:
        raise InputError(problems)


def _evaluate(given: argparse.Namespace) -> int:
    from repcount.app.evaluate import evaluate, evaluate_simulated
    from repcount.app.simulate_collection import SimulateOptions

    _check_evaluate(given)
    how = {
        "exercise": given.exercise,
        "placement": given.placement,
        "force": given.force,
        "batch_ms": given.batch_ms,
        "jobs": given.jobs,
        "scheduler": given.scheduler,
        "params": given.params or (),
        "predictions": given.predictions,
        "as_json": given.json,
        "write_report": None,
    }
    if given.report is not None:
        from repcount.app.report import ReportFile  # needs matplotlib, and says so before anything is run

        how["write_report"] = ReportFile(given.report).write
    if given.simulate is None:
        return evaluate(*given.index, **how, salvage=given.salvage)
    options = SimulateOptions(count=given.simulate, seed=given.seed or 0, out=given.out)
    return evaluate_simulated(options, **how)


VERBS: Verbs = {
    "evaluate": (_add_evaluate, _evaluate, "count a whole collection and print its report card"),
    "tune": (tune.add, tune.run, "search the parameters of an exercise"),
}
