"""The verb `tune` on the command line."""

import argparse
from pathlib import Path

from repcount.evaluate.worth import WORDS

EPILOG = f"""\
Looked for: {WORDS}. A part of the people is held back (--by day: of each person's days); the search never
sees them, and a file is written only if it is better on the rest and no worse on those. Exit code 1: there
was nothing better."""


def add(verb: argparse.ArgumentParser) -> None:
    """Add the options."""
    verb.epilog = EPILOG
    verb.add_argument("index", type=Path, metavar="INDEX.csv", help="a collection, one recording a row")
    verb.add_argument("--exercise", required=True, metavar="E", help="see 'repcount exercise list'")
    verb.add_argument("--placement", metavar="P", help="default: the first the exercise is counted at")
    verb.add_argument("--trials", type=int, default=100, metavar="N", help="in all (default: %(default)s)")
    verb.add_argument("--jobs", type=int, metavar="N", help="processes (default: one a core)")
    verb.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, in place of processes")
    verb.add_argument("--seed", type=int, default=0, metavar="S", help="other draws (default: %(default)s)")
    verb.add_argument(
        "--study", type=Path, metavar="FILE", help="keep the search there, and go on with the one there is"
    )
    verb.add_argument(
        "--held-back", type=float, default=0.3, metavar="SHARE", help="of the sets (default: %(default)s)"
    )
    verb.add_argument(
        "--by",
        default="person",
        metavar="WHAT",
        help="person or day: what is never torn apart",
    )
    verb.add_argument(
        "--most-false",
        type=float,
        default=1.0,
        metavar="N",
        help="false reps an hour, the limit where today's parameters keep it, else theirs (default: 1)",
    )
    verb.add_argument(
        "--idle-hours",
        type=float,
        metavar="H",
        help="draw at most H hours without exercise for either part (default: all)",
    )
    verb.add_argument(
        "--out",
        type=Path,
        metavar="FILE.toml",
        help="default: named after exercise and placement, here; the report goes beside it, as .md and .png",
    )
    verb.add_argument("--json", action="store_true", help="print what came of it as a line of JSON to stdout")


def run(given: argparse.Namespace) -> int:
    """Search."""
    from repcount.app.tune import TuneOptions, tune

    return tune(
        TuneOptions(
            index=given.index,
            exercise=given.exercise,
            placement=given.placement,
            trials=given.trials,
            jobs=given.jobs,
            scheduler=given.scheduler,
            seed=given.seed,
            study=given.study,
            held_back=given.held_back,
            by=given.by,
            most_false_per_hour=given.most_false,
            idle_hours=given.idle_hours,
            out=given.out,
            as_json=given.json,
        )
    )
