"""Tables for other programs: samples, or a row a rep and hold; as CSV or Parquet (the extra `formats`)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from repcount.edges.files import ACC_COLUMNS, GYRO_COLUMNS
from repcount.errors import InputError, Problem
from repcount.events import Event, HoldEnded, Rep, SetEnded, SetStarted
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch

Columns = Mapping[str, Sequence[object]]
_SET_COLUMNS = ("set_index", "exercise", "kind", "load_kg", "side")
_REP_COLUMNS = tuple(field.name for field in fields(Rep))
_HOLD_COLUMNS = ("hold_s", "target_s", "sag_deg", "sway_deg")
_ARROW = {"set_index": "int64", "rep_index": "int64", "controlled": "bool_", "partial": "bool_"}
_TEXTS = ("exercise", "kind", "side", "style")
_DECIMALS = 7
"""Of a value in CSV: finer than any sensor, and the samples come back as they were counted with."""


def sample_columns(samples: SampleBatch) -> Columns:
    """Samples as `replay` reads them from a `.csv`: s, g, and degrees a second where there is a gyroscope."""
    columns = {"t_s": samples.t_s}
    for k, name in enumerate(ACC_COLUMNS):
        columns[name] = samples.acc_m_s2[:, k] / STANDARD_GRAVITY_M_S2
    if samples.gyro_rad_s is not None:
        columns |= {name: np.degrees(samples.gyro_rad_s[:, k]) for k, name in enumerate(GYRO_COLUMNS)}
    return {name: values.tolist() for name, values in columns.items()}


def rep_columns(events: Sequence[Event]) -> Columns:
    """What was counted, final: a row a rep or hold, in order; None where nothing is known."""
    names = (*_SET_COLUMNS, *_REP_COLUMNS, *_HOLD_COLUMNS)
    rows: list[Mapping[str, object]] = []
    exercises: dict[int, str] = {}
    for event in events:
        match event:
            case SetStarted():
                exercises[event.set_index] = event.exercise
            case SetEnded():
                rows += [_rep_row(rep, event) for rep in event.reps]
            case HoldEnded():
                rows.append(_hold_row(event, exercises[event.set_index]))
    return {name: [row.get(name) for row in rows] for name in names}


def _rep_row(rep: Rep, ended: SetEnded) -> Mapping[str, object]:
    told = {name: getattr(ended, name) for name in ("set_index", "exercise", "load_kg", "side")}
    return told | {name: getattr(rep, name) for name in _REP_COLUMNS} | {"kind": "rep"}


def _hold_row(ended: HoldEnded, exercise: str) -> Mapping[str, object]:
    known = {name: getattr(ended, name) for name in ("set_index", "start_s", "end_s", *_HOLD_COLUMNS)}
    return known | {"kind": "hold", "exercise": exercise}


def write_csv(path: Path, columns: Columns) -> None:
    """Write a CSV with a header; None is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if isinstance(value, float):
        return repr(round(value, _DECIMALS))
    return {None: "", True: 1, False: 0}[value] if value is None or isinstance(value, bool) else value


def write_parquet(path: Path, columns: Columns, about: Mapping[str, str]) -> None:
    """Write a Parquet file; `about` is kept with its schema.

    Raises
    ------
    InputError
        When pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(
            [Problem("--to parquet", "needs pyarrow", "pip install 'repcount[formats]'")]
        ) from error
    arrays = {name: pa.array(values, _type(name, pa)) for name, values in columns.items()}
    table = pa.table(arrays).replace_schema_metadata({f"repcount.{key}": text for key, text in about.items()})
    parquet.write_table(table, path)


def _type(name: str, arrow: object) -> object:
    kind = "string" if name in _TEXTS else _ARROW.get(name, "float64")
    return getattr(arrow, kind)()
