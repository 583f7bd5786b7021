"""`repcount export`: a recording, or what was counted in it, for other programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from repcount.app.output import say
from repcount.app.playing import feed_item, play
from repcount.app.replay import STATION
from repcount.app.runner import Runner
from repcount.app.source import Source, open_path, open_source
from repcount.edges.formats import TARGETS
from repcount.edges.formats.fit import write_fit
from repcount.edges.formats.fit_sets import sets_done
from repcount.edges.formats.tables_out import (
    Columns,
    rep_columns,
    sample_columns,
    write_csv,
    write_parquet,
)
from repcount.edges.recording import META_NAME, RecordingMeta, read_meta
from repcount.errors import InputError, Problem, did_you_mean
from repcount.pipeline import Pipeline, PipelineParams
from repcount.samples import SampleBatch

SAMPLES, REPS = "samples", "reps"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What to write and as what; `table` None is the samples, `sensor` None the only one."""

    path: Path
    target: str
    file: Path
    exercise: str | None = None
    placement: str | None = None
    force: bool = False
    table: str | None = None
    sensor: str | None = None
    salvage: bool = False


def export(options: ExportOptions) -> int:
    """Write the file and say what is in it; InputError with all that is wrong."""
    _check(options)
    try:
        if options.target == "fit":
            said = _fit(options)
        elif options.table == REPS:
            said = _reps(options)
        else:
            said = _samples(options)
    except OSError as error:
        message = f"cannot be written ({error.strerror})"
        raise InputError([Problem(str(options.file), message)]) from error
    say(f"{options.file}: {said}")
    return 0


def _check(options: ExportOptions) -> None:
    problems = []
    if options.target not in TARGETS:
        mend = did_you_mean(options.target, TARGETS)
        problems.append(Problem("--to", f"there is no form {options.target!r}", mend))
    if options.target == "fit" and options.table is not None:
        problems.append(Problem("--table", "is for csv and parquet", "FIT holds the sets"))
    if options.file.exists():
        problems.append(Problem(str(options.file), "is there already", "Nothing is overwritten"))
    if problems:
        raise InputError(problems)


def _samples(options: ExportOptions) -> str:
    source = open_path(options.path, salvage=options.salvage)
    sensor = _sensor(options, source)
    samples = _concatenated(list(_batches(source, sensor)), options.path)
    about = {"sensor": sensor, "placement": source.sensors[sensor].placement}
    _write(options, sample_columns(samples), about | _about(options.path))
    return f"{len(samples)} samples of {sensor}, {samples.t_s[-1] - samples.t_s[0]:.1f} s"


def _sensor(options: ExportOptions, source: Source) -> str:
    if options.sensor in source.sensors:
        return str(options.sensor)
    if options.sensor is None and len(source.sensors) == 1:
        return next(iter(source.sensors))
    message = "the recording is of several" if options.sensor is None else f"there is no {options.sensor!r}"
    raise InputError([Problem("--sensor", message, did_you_mean(options.sensor or "", source.sensors))])


def _batches(source: Source, sensor: str) -> Iterator[SampleBatch]:
    """Samples on stream time, as the pipeline counts with them."""
    found: list[SampleBatch] = []
    pipeline = Pipeline(source.sensors, PipelineParams(station=STATION))
    pipeline.tap = lambda key, batch: found.append(batch) if key == sensor else None
    runner = Runner(pipeline)
    for item in source.items:
        if isinstance(item, tuple):
            feed_item(runner, item)
            yield from found
            found.clear()


def _concatenated(batches: list[SampleBatch], path: Path) -> SampleBatch:
    if not batches:
        raise InputError([Problem(str(path), "holds no samples")])
    gyros = [batch.gyro_rad_s for batch in batches if batch.gyro_rad_s is not None]
    return SampleBatch(
        np.concatenate([batch.t_s for batch in batches]),
        np.concatenate([batch.acc_m_s2 for batch in batches]),
        np.concatenate(gyros) if len(gyros) == len(batches) else None,
    )


def _reps(options: ExportOptions) -> str:
    source, runner = _counted(options)
    columns = rep_columns(play(source, runner))
    _write(options, columns, _about(options.path))
    return f"{len(columns['kind'])} reps and holds"


def _fit(options: ExportOptions) -> str:
    source, runner = _counted(options)
    sets = sets_done(play(source, runner))
    meta = _meta(options.path)
    if meta is None:
        say(f"{options.path}: does not tell when it was: the time of the file is taken")
    began = meta.when if meta else datetime.fromtimestamp(options.path.stat().st_mtime, UTC)
    write_fit(options.file, sets, began, runner.pipeline.now_s)
    reps = sum(one.reps for one in sets)
    return f"{len(sets)} sets, {reps} reps"


def _counted(options: ExportOptions) -> tuple[Source, Runner]:
    source = open_source(
        options.path, options.exercise, options.placement, salvage=options.salvage, force=options.force
    )
    return source, Runner(source.pipeline(STATION))


def _write(options: ExportOptions, columns: Columns, about: Mapping[str, str]) -> None:
    if options.target == "csv":
        write_csv(options.file, columns)
    else:
        write_parquet(options.file, columns, about)


def _meta(path: Path) -> RecordingMeta | None:
    return read_meta(path) if path.is_dir() and (path / META_NAME).is_file() else None


def _about(path: Path) -> dict[str, str]:
    """What a table keeps beside its columns: no name of a person but the pseudonym in the recording."""
    meta = _meta(path)
    if meta is None:
        return {"recording": path.name}
    about = {"recording": path.name, "wearer": meta.wearer, "when": meta.when.isoformat()}
    return about | ({"exercise": meta.exercise} if meta.exercise else {})
