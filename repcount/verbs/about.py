"""Verbs that tell what there is."""

import argparse
import json
from pathlib import Path

from repcount.verbs.kind import Verbs


def _add_profile(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=["check"], help="check files against their own vectors")
    verb.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a firmware profile")


def _profile(given: argparse.Namespace) -> int:
    from repcount.app.profile import check

    return check(given.files)


def _add_exercise(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=["list"], help="what there is")
    verb.add_argument("--json", action="store_true", help="print each exercise as a line of JSON to stdout")


def _exercise(given: argparse.Namespace) -> int:
    from repcount.exercises import EXERCISES

    for model in EXERCISES.values():
        if given.json:
            worn = list(model.placements)
            print(json.dumps({"exercise": model.id, "title": model.title, "placements": worn}))
        else:
            print(f"{model.id:15} {model.title}. {model.wear} {model.good}")
    return 0


VERBS: Verbs = {
    "profile": (_add_profile, _profile, "check firmware profiles"),
    "exercise": (_add_exercise, _exercise, "list the exercises"),
}
