"""The command line: people read stderr, programs read stdout."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from repcount import __version__, cli_tune
from repcount.errors import InputError, LinkError, Problem, did_you_mean

EXIT_FAILED = 1
EXIT_WRONG_INPUT = 2
EXIT_INTERRUPTED = 130
_LAST_PORT = 65535

Verb = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong the way the rest of the program does."""

    def error(self, message: str) -> NoReturn:
        raise InputError([Problem(self.place, message, f"See {self.prog} --help.")])

    @property
    def place(self) -> str:
        """The verb, empty before there is one."""
        return self.prog.partition(" ")[2]

    def unknown(self, words: Sequence[str]) -> list[Problem]:
        """A problem for each option that is none or, if there is no such, each word too many."""
        known = [option for option in self._option_string_actions if option.startswith("--")]
        options = [
            Problem(self.place, f"unknown option {word!r}", did_you_mean(word.partition("=")[0], known))
            for word in words
            if word.startswith("-")
        ]
        mend = f"See {self.prog} --help."
        return options or [Problem(self.place, f"{word!r} is one too many", mend) for word in words]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code: 0 good, 1 failed, 2 wrong input, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        given = _parse(words)
        _log_to_stderr(logging.DEBUG if given.verbose else given.log_level)
        run: Verb = given.run
        return run(given)
    except InputError as error:
        for problem in error.problems:
            print(f"repcount: {problem}", file=sys.stderr)
        return EXIT_WRONG_INPUT
    except LinkError as error:
        print(f"repcount: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        from repcount.app.output import forget_stdout

        forget_stdout()  # whoever read it has enough
        return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    _check_verb(words)
    given, unknown = _parser().parse_known_args(words)
    if unknown:
        raise InputError(given.parser.unknown(unknown))
    return given


def _check_verb(words: Sequence[str]) -> None:
    verb = next((word for word in words if not word.startswith("-")), None)
    if verb is not None and verb not in _VERBS:
        raise InputError([Problem("", f"there is no {verb!r}", did_you_mean(verb, _VERBS))])


def _log_to_stderr(level: int) -> None:
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)-7s %(message)s", force=True)
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="repcount", description="Count repetitions and measure their tempo, live over MQTT."
    )
    parser.add_argument("--version", action="version", version=f"repcount {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_Parser)
    for name, (add, run, summary) in _VERBS.items():
        verb = verbs.add_parser(name, help=summary, description=summary.capitalize() + ".")
        add(verb)
        verb.set_defaults(
            run=run, parser=verb, log_level=logging.INFO if name in _SERVICES else logging.WARNING
        )
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{port} is not from 0 (any free one) to {_LAST_PORT}")
    return port


def _add_demo(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--headless", action="store_true", help="without the dashboard")
    verb.add_argument("--seconds", type=float, metavar="N", help="end after N seconds")
    verb.add_argument("--json", action="store_true", help="print each event as a line of JSON to stdout")
    verb.add_argument("--port", type=_port, default=8321, help="of the dashboard (default: %(default)s)")
    verb.add_argument("--speed", type=float, default=1.0, help=argparse.SUPPRESS)  # for tests


def _demo(given: argparse.Namespace) -> int:
    from repcount.app.demo import DemoOptions, demo
    from repcount.app.interrupt import run_until_interrupted

    options = DemoOptions(
        headless=given.headless,
        seconds=given.seconds,
        as_json=given.json,
        page_port=given.port,
        speed=given.speed,
    )
    return run_until_interrupted(demo(options))


def _add_sensors(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--sensor",
        metavar="[PLACEMENT=]NAME-OR-ADDRESS",
        action="append",
        help="default: the first in reach that a profile knows; virtual:FOLDER plays a recording; twice for "
        "two, as wrist=NAME and chest=NAME",
    )
    verb.add_argument(
        "--set",
        metavar="[PLACEMENT.]NAME=NUMBER",
        action="append",
        help="a parameter of the sensor's profile, such as rate_hz=100",
    )


def _add_live(verb: argparse.ArgumentParser) -> None:
    _add_sensors(verb)
    _add_movement(verb)
    _add_params(verb)
    verb.add_argument(
        "--config", type=Path, metavar="FILE", help="serve what it says; options here go above it"
    )
    verb.add_argument(
        "--station", metavar="ID", help="whose counts these are (default: station-1, or the only one of FILE)"
    )
    verb.add_argument("--name", help="what people call the station")
    verb.add_argument(
        "--broker",
        metavar="URL",
        help="mqtt://host:port; default: that in REPCOUNT_BROKER, else a broker of our own",
    )
    _add_ca(verb)
    verb.add_argument("--port", type=_port, help="of the dashboard (default: 8321)")
    verb.add_argument(
        "--listen",
        metavar="ADDRESS",
        help="show the page to others, such as a phone: 0.0.0.0 for all of this machine's addresses; what is "
        "printed then holds a token (default: this machine alone)",
    )
    verb.add_argument(
        "--public-metrics",
        action="store_true",
        help="with --listen: show /metrics to whoever reaches the address, without the token",
    )
    record = verb.add_mutually_exclusive_group()
    record.add_argument("--record", type=Path, metavar="DIR", help="where recordings go")
    record.add_argument("--no-record", action="store_true", help="keep no recording")
    verb.add_argument("--json", action="store_true", help="print each event as a line of JSON to stdout")


def _live(given: argparse.Namespace) -> int:
    import os

    from repcount.app.interrupt import run_until_interrupted
    from repcount.app.live import live
    from repcount.app.settings import Spoken, live_options

    spoken = Spoken(
        config=given.config,
        station=given.station,
        name=given.name,
        sensors=tuple(given.sensor or ()),
        settings=tuple(given.set or ()),
        placement=given.placement,
        exercise=given.exercise,
        force=given.force,
        broker=given.broker,
        ca_file=given.mqtt_ca,
        port=given.port,
        listen=given.listen,
        public_metrics=given.public_metrics,
        record=given.record,
        no_record=given.no_record,
        as_json=given.json,
        params=given.params or (),
    )
    return run_until_interrupted(live(live_options(spoken, os.environ)))


def _add_ca(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--mqtt-ca",
        type=Path,
        metavar="FILE",
        help="certificate (PEM) of the authority behind an mqtts:// broker",
    )


def _add_status(verb: argparse.ArgumentParser) -> None:
    page = "http://127.0.0.1:8321"
    verb.add_argument("--url", default=page, help="of its page, as it printed it (default: %(default)s)")
    verb.add_argument("--json", action="store_true", help="print all of it as a line of JSON to stdout")


def _status(given: argparse.Namespace) -> int:
    from repcount.app.status import StatusOptions, status

    return status(StatusOptions(url=given.url, as_json=given.json))


def _add_record(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("folder", type=Path, metavar="DIR", help="the recording folder, which is made")
    _add_sensors(verb)
    verb.add_argument("--placement", metavar="P", help="where the sensor is worn (default: wrist)")
    verb.add_argument("--exercise", metavar="E", help="what will be done, to be kept with it")
    verb.add_argument("--station", default="station-1", help="whose sensors these are (default: %(default)s)")
    verb.add_argument("--seconds", type=float, metavar="N", help="end after N seconds")


def _record(given: argparse.Namespace) -> int:
    from repcount.app.feeds import live_sensors
    from repcount.app.interrupt import run_until_interrupted
    from repcount.app.record import RecordOptions, record

    options = RecordOptions(
        folder=given.folder,
        sensors=live_sensors(given.sensor or (), given.placement or "wrist", given.set or ()),
        seconds=given.seconds,
        exercise=given.exercise,
        station=given.station,
    )
    return run_until_interrupted(record(options))


def _add_scan(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seconds", type=float, default=5.0, help="how long to listen (default: %(default)s)")
    verb.add_argument("--json", action="store_true", help="print each sensor as a line of JSON to stdout")


def _scan(given: argparse.Namespace) -> int:
    from repcount.app.scan import scan

    return scan(given.seconds, as_json=given.json)


def _add_movement(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--exercise", metavar="E", help="what is done; see 'repcount exercise list'")
    verb.add_argument("--placement", metavar="P", help="where the sensor is worn (default: wrist)")
    verb.add_argument(
        "--force", action="store_true", help="count also where the sensor cannot see the exercise, badly"
    )


def _add_params(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--params",
        type=Path,
        metavar="FILE",
        action="append",
        help="a parameter file, as 'repcount tune' writes; again for one of another exercise or placement",
    )


def _add_replay(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, help="a recording folder, a .csv or a .npz")
    _add_movement(verb)
    _add_params(verb)
    verb.add_argument("--speed", type=float, metavar="X", help="1 is as it was; default: as fast as it goes")
    verb.add_argument("--broker", metavar="URL", help="publish there too, as station replay-file")
    _add_ca(verb)
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


def _add_evaluate(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "index", type=Path, nargs="*", metavar="INDEX.csv", help="a collection, one recording a row"
    )
    simulate = verb.add_argument_group("in place of INDEX.csv")
    simulate.add_argument("--simulate", type=int, metavar="N", help="simulate N sets of all exercises")
    simulate.add_argument("--seed", type=int, metavar="S", help="other sets, other people (default: 0)")
    simulate.add_argument("--out", type=Path, metavar="DIR", help="keep the simulated recordings there")
    _add_movement(verb)
    verb.add_argument(
        "--batch-ms", type=float, default=40, help="cut samples like this (default: %(default)s)"
    )
    _add_params(verb)
    verb.add_argument("--jobs", type=int, metavar="N", help="processes (default: one a core)")
    verb.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster to spread the recordings over"
    )
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")
    verb.add_argument("--predictions", type=Path, metavar="OUT.jsonl", help="write all events there")
    verb.add_argument("--report", type=Path, metavar="OUT.md", help="write a report with plots beside it")
    verb.add_argument("--json", action="store_true", help="print the report card as lines of JSON to stdout")


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


def _add_plot(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, help="a recording folder, a .csv or a .npz")
    _add_movement(verb)
    verb.add_argument("--labels", type=Path, metavar="FILE.csv", help="default: those of a recording folder")
    verb.add_argument("--out", type=Path, metavar="FILE.png", help="default: named after the recording, here")


def _plot(given: argparse.Namespace) -> int:
    from repcount.app.plot import PlotOptions, plot

    options = PlotOptions(
        path=given.path,
        exercise=given.exercise,
        placement=given.placement,
        force=given.force,
        labels=given.labels,
        out=given.out,
    )
    return plot(options)


def _add_label(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, help="a recording folder; without --count or --undo it is opened")
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
    verb.add_argument("--port", type=_port, default=8331, help="of the page (default: %(default)s)")
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")


def _studio(given: argparse.Namespace) -> int:
    from repcount.app.interrupt import run_until_interrupted
    from repcount.app.studio import StudioOptions, studio

    options = StudioOptions(path=given.path, port=given.port, salvage=given.salvage)
    return run_until_interrupted(studio(options))


def _add_import(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("path", type=Path, metavar="FILE", help="a file of another program, its zip or folder")
    verb.add_argument("--from", dest="kind", required=True, metavar="KIND", help="see below")
    verb.add_argument("folder", type=Path, metavar="DIR", help="the recording folder, which is made")
    verb.add_argument("--gyro", type=Path, metavar="FILE", help="the gyroscope's file, where it is another")
    verb.add_argument("--exercise", metavar="E", help="what was done; see 'repcount exercise list'")
    verb.add_argument(
        "--placement", default="wrist", metavar="P", help="where the sensor was (default: wrist)"
    )
    verb.add_argument("--side", metavar="left|right", help="of the body")
    verb.add_argument(
        "--wearer", default="imported", metavar="NAME", help="a pseudonym (default: %(default)s)"
    )
    verb.add_argument("--start", metavar="TIME", help="of the first sample, where the file does not tell")
    verb.add_argument(
        "--timezone", metavar="ZONE", help="of its clock, as Europe/Berlin (default: this machine's)"
    )
    verb.add_argument("--stream", metavar="NAME", help="which sensor, where the file holds several")
    for name, known in (("time", "s, ms, us, ns"), ("acc", "g, mg, m/s2"), ("gyro", "deg/s, rad/s")):
        verb.add_argument(
            f"--{name}-unit", metavar="UNIT", help=f"of a csv or xdf that does not tell: {known}"
        )
    from repcount.edges.formats import KINDS

    verb.formatter_class = argparse.RawDescriptionHelpFormatter
    verb.epilog = "kinds:\n" + "\n".join(f"  {kind:14} {what}" for kind, what in KINDS.items())


def _import(given: argparse.Namespace) -> int:
    from repcount.app.importing import ImportOptions, import_recording

    options = ImportOptions(
        path=given.path,
        kind=given.kind,
        folder=given.folder,
        gyro=given.gyro,
        exercise=given.exercise,
        placement=given.placement,
        side=given.side,
        wearer=given.wearer,
        start=given.start,
        timezone=given.timezone,
        stream=given.stream,
        units={"time": given.time_unit, "acc": given.acc_unit, "gyro": given.gyro_unit},
    )
    return import_recording(options)


def _add_export(verb: argparse.ArgumentParser) -> None:
    from repcount.edges.formats import TARGETS

    verb.add_argument("path", type=Path, help="a recording folder, a .csv or a .npz")
    verb.add_argument("--to", dest="target", required=True, metavar="KIND", help="see below")
    verb.add_argument("file", type=Path, metavar="FILE", help="which is made")
    _add_movement(verb)
    verb.add_argument("--table", choices=["samples", "reps"], help="of csv and parquet (default: samples)")
    verb.add_argument("--sensor", metavar="KEY", help="whose samples, where a recording has several")
    verb.add_argument("--salvage", action="store_true", help="leave out what cannot be read")
    verb.formatter_class = argparse.RawDescriptionHelpFormatter
    verb.epilog = "kinds:\n" + "\n".join(f"  {kind:8} {what}" for kind, what in TARGETS.items())


def _export(given: argparse.Namespace) -> int:
    from repcount.app.exporting import ExportOptions, export

    options = ExportOptions(
        path=given.path,
        target=given.target,
        file=given.file,
        exercise=given.exercise,
        placement=given.placement,
        force=given.force,
        table=given.table,
        sensor=given.sensor,
        salvage=given.salvage,
    )
    return export(options)


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


def _add_config(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=["check", "example"], help="say what is wrong with one; give one")
    verb.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="where left out, check what the page saved, print the example",
    )


def _config(given: argparse.Namespace) -> int:
    from repcount.app.config import check, example

    return check(given.file) if given.action == "check" else example(given.file)


_VERBS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], Verb, str]] = {
    "demo": (_add_demo, _demo, "the whole service with a virtual sensor"),
    "live": (_add_live, _live, "the service: read a sensor, count, publish, serve the dashboard"),
    "status": (_add_status, _status, "ask the running service how it is"),
    "scan": (_add_scan, _scan, "list the sensors in reach"),
    "record": (_add_record, _record, "record the bytes of sensors, and count nothing"),
    "replay": (_add_replay, _replay, "count a recording"),
    "evaluate": (_add_evaluate, _evaluate, "count a whole collection and print its report card"),
    "tune": (cli_tune.add, cli_tune.run, "search the parameters of an exercise"),
    "plot": (_add_plot, _plot, "draw a recording: pose, reps, phases"),
    "label": (_add_label, _label, "say how many reps a recorded set had, or open it in the studio"),
    "studio": (_add_studio, _studio, "look at recordings, label them, and try other parameters"),
    "import": (_add_import, _import, "make a recording of a file of another program"),
    "export": (_add_export, _export, "write a recording, or what was counted in it, for other programs"),
    "config": (_add_config, _config, "check a configuration of `live`, or give one to begin with"),
    "profile": (_add_profile, _profile, "check firmware profiles"),
    "exercise": (_add_exercise, _exercise, "list the exercises"),
}

_SERVICES = {"demo", "live"}
"""Verbs that run for long: what happens is logged."""
