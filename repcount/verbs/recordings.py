"""Verbs of one recording."""

import argparse
from pathlib import Path

from repcount.verbs.kind import Verbs
from repcount.verbs.options import add_ca, add_movement, add_params, port


def _add_replay(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, help="a recording folder, a .csv or a .npz")
    add_movement(verb)
    add_params(verb)
    verb.add_argument("--speed", type=float, metavar="X", help="1 is as it was; default: as fast as it goes")
    verb.add_argument("--broker", metavar="URL", help="publish there too, as station replay-file")
    add_ca(verb)
    verb.add_argument(
        "--batch-ms", type=float, default=40, help="cut samples like this (default: %(default)s)"
    )
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")
    verb.add_argument("--json", action="store_true", help="print each event as a line of JSON to stdout")


def _replay(given: argparse.Namespace) -> int:
    from repcount.app.replay import ReplayOptions, replay

    options = ReplayOptions(
        path=given.path,
        exercise=given.exercise,
        placement=given.placement,
        force=given.force,
        speed=given.speed,
        broker_url=given.broker,
        ca_file=given.mqtt_ca,
        batch_ms=given.batch_ms,
        as_json=given.json,
        salvage=given.salvage,
        params=given.params or (),
    )
    return replay(options)


def _add_plot(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, help="a recording folder, a .csv or a .npz")
    add_movement(verb)
    verb.add_argument("--labels", type=Path, metavar="FILE.csv", help="default: those of a recording folder")
    verb.add_argument("--out", type=Path, metavar="FILE.png", help="default: named after the recording, here")
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")


def _plot(given: argparse.Namespace) -> int:
    from repcount.app.plot import PlotOptions, plot

    options = PlotOptions(
        path=given.path,
        exercise=given.exercise,
        placement=given.placement,
        force=given.force,
        labels=given.labels,
        out=given.out,
        salvage=given.salvage,
    )
    return plot(options)


def _add_label(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "path", type=Path, help="a recording folder; without --count or --undo the studio opens on it"
    )
    verb.add_argument("--count", type=int, metavar="N", help="a set had so many reps")
    verb.add_argument(
        "--set", type=int, metavar="I", help="which set, from 1; needed where there are several"
    )
    verb.add_argument("--undo", action="store_true", help="take the last count back, and what it changed")
    _add_studio_options(verb)


def _label(given: argparse.Namespace) -> int:
    from repcount.app.label import LabelOptions, label

    if given.count is None and given.set is None and not given.undo:
        return _studio(given)
    options = LabelOptions(
        path=given.path, count=given.count, which=given.set, undo=given.undo, salvage=given.salvage
    )
    return label(options)


def _add_studio(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, metavar="DIR", help="a folder of recordings, or one recording")
    _add_studio_options(verb)


def _add_studio_options(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--port", type=port, default=8331, help="of the page (default: %(default)s)")
    verb.add_argument("--no-browser", action="store_true", help="only print the address of the page")
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")


def _studio(given: argparse.Namespace) -> int:
    from repcount.app.interrupt import run_until_interrupted
    from repcount.app.studio import StudioOptions, studio

    options = StudioOptions(
        path=given.path, port=given.port, browser=not given.no_browser, salvage=given.salvage
    )
    return run_until_interrupted(studio(options))


VERBS: Verbs = {
    "replay": (_add_replay, _replay, "count a recording"),
    "plot": (_add_plot, _plot, "draw a recording: curve, reps, phases, what was lost over a set"),
    "label": (_add_label, _label, "say how many reps a recorded set had, or open it in the studio"),
    "studio": (_add_studio, _studio, "look at recordings, label them, and try other parameters"),
}
