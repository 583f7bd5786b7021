"""Verbs that exchange recordings with other programs."""

import argparse
from pathlib import Path

from repcount.verbs.kind import Verbs
from repcount.verbs.options import add_movement


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
    add_movement(verb)
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


VERBS: Verbs = {
    "import": (_add_import, _import, "make a recording of a file of another program"),
    "export": (_add_export, _export, "write a recording, or what was counted in it, for other programs"),
}
