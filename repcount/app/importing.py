"""`repcount import`: a recording of another program becomes one of ours."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from repcount.app.output import say
from repcount.app.source import choice_problems
from repcount.edges.files import write_samples
from repcount.edges.formats import KINDS
from repcount.edges.formats.kinds import How, read_foreign
from repcount.edges.formats.plain import Units
from repcount.edges.recording import SAMPLES_NAME, RecordingMeta, SensorMeta, write_meta
from repcount.edges.recording.meta import SIDES
from repcount.errors import InputError, Problem, did_you_mean
from repcount.samples import SampleBatch

STATION = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What to read, of which kind, and the folder it becomes; the rest is what the file does not tell.

    `start` is the wall clock of the first sample, `timezone` that of clock readings, as `Europe/Berlin`.
    """

    path: Path
    kind: str
    folder: Path
    gyro: Path | None = None
    exercise: str | None = None
    placement: str = "wrist"
    side: str | None = None
    wearer: str = "imported"
    start: str | None = None
    timezone: str | None = None
    stream: str | None = None
    units: dict[str, str | None] = field(default_factory=dict)


def import_recording(options: ImportOptions) -> int:
    """Read, write, and say what was assumed; InputError with all that is wrong."""
    problems = _problems(options)
    zone = _zone(options.timezone, problems)
    start = _start(options.start, zone, problems)
    try:
        units = Units(**options.units)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    read = read_foreign(options.path, options.kind, How(units, zone, options.stream), options.gyro)
    when = start or read.when
    notes = [*read.notes, *_when_notes(options, when)]
    _write(options, read.samples, when or _modified(options.path))
    for note in notes:
        say(f"{options.path}: {note}")
    say(f"imported: {options.folder}")
    return 0


def _problems(options: ImportOptions) -> list[Problem]:
    problems = choice_problems(options.exercise, options.placement, force=True)
    if options.kind not in KINDS:
        problems.append(
            Problem("--from", f"there is no form {options.kind!r}", did_you_mean(options.kind, KINDS))
        )
    if options.side is not None and options.side not in SIDES:
        problems.append(Problem("--side", f"{options.side!r} is no side", did_you_mean(options.side, SIDES)))
    if not options.wearer:
        problems.append(Problem("--wearer", "is empty"))
    if options.folder.exists() and (not options.folder.is_dir() or any(options.folder.iterdir())):
        problems.append(
            Problem(str(options.folder), "is there already", "Name a new folder; nothing is overwritten")
        )
    return problems


def _zone(name: str | None, problems: list[Problem]) -> tzinfo:
    """The zone of that name; without one that of this machine."""
    if name is None:
        return datetime.now().astimezone().tzinfo or UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        mend = did_you_mean(name, available_timezones() or {"Europe/Berlin"})
        problems.append(Problem("--timezone", f"there is no zone {name!r}", mend))
        return UTC


def _start(text: str | None, zone: tzinfo, problems: list[Problem]) -> datetime | None:
    if text is None:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        problems.append(Problem("--start", f"{text!r} is no time", "Write 2026-11-24T18:30:00"))
        return None
    return start if start.tzinfo is not None else start.replace(tzinfo=zone)


def _when_notes(options: ImportOptions, when: datetime | None) -> list[str]:
    if when is None:
        return ["it does not tell when it was: the time of the file is taken; --start says it better"]
    begins = f"begins {when.isoformat(timespec='seconds')}"
    if when.tzinfo is not UTC and options.start is None and options.timezone is None:
        return [f"{begins}: its clock is taken to be in this machine's zone; --timezone says another"]
    return [begins]


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _write(options: ImportOptions, samples: SampleBatch, when: datetime) -> None:
    """The samples first: a folder without `meta.toml` is no recording yet."""
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        write_samples(options.folder / SAMPLES_NAME, samples)
        worn = SensorMeta(
            profile=None,
            placement=options.placement,
            side=options.side,
            device={"model": KINDS[options.kind].partition(":")[0]},
        )
        meta = RecordingMeta(
            sensors={options.placement: worn},
            station=STATION,
            wearer=options.wearer,
            when=when,
            made_by="sensor",
            exercise=options.exercise,
        )
        write_meta(options.folder, meta)
    except OSError as error:
        message = f"cannot be written ({error.strerror})"
        raise InputError([Problem(str(options.folder), message)]) from error
