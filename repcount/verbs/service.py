"""Verbs of the service: what reads sensors, counts and publishes."""

import argparse
import os
from pathlib import Path

from repcount.verbs.kind import Verbs
from repcount.verbs.options import add_ca, add_movement, add_params, add_sensors, port


def _add_demo(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--headless", action="store_true", help="without the dashboard")
    verb.add_argument("--seconds", type=float, metavar="N", help="end after N seconds")
    verb.add_argument("--json", action="store_true", help="print each event as a line of JSON to stdout")
    verb.add_argument("--port", type=port, default=8321, help="of the dashboard (default: %(default)s)")
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


def _add_live(verb: argparse.ArgumentParser) -> None:
    add_sensors(verb)
    add_movement(verb)
    add_params(verb)
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
    add_ca(verb)
    verb.add_argument("--port", type=port, help="of the dashboard (default: 8321)")
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


def _add_status(verb: argparse.ArgumentParser) -> None:
    page = "http://127.0.0.1:8321"
    verb.add_argument("--url", default=page, help="of its page, as it printed it (default: %(default)s)")
    verb.add_argument("--json", action="store_true", help="print all of it as a line of JSON to stdout")


def _status(given: argparse.Namespace) -> int:
    from repcount.app.status import StatusOptions, status

    return status(StatusOptions(url=given.url, as_json=given.json))


def _add_scan(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seconds", type=float, default=5.0, help="how long to listen (default: %(default)s)")
    verb.add_argument("--json", action="store_true", help="print each sensor as a line of JSON to stdout")


def _scan(given: argparse.Namespace) -> int:
    from repcount.app.scan import scan

    return scan(given.seconds, as_json=given.json)


def _add_record(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("folder", type=Path, metavar="DIR", help="the recording folder, which is made")
    add_sensors(verb)
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


VERBS: Verbs = {
    "demo": (_add_demo, _demo, "the whole service with a virtual sensor"),
    "live": (_add_live, _live, "the service: read a sensor, count, publish, serve the dashboard"),
    "status": (_add_status, _status, "ask the running service how it is"),
    "scan": (_add_scan, _scan, "list the sensors in reach"),
    "record": (_add_record, _record, "record the bytes of sensors, and count nothing"),
    "config": (_add_config, _config, "check a configuration of `live`, or give one to begin with"),
}
