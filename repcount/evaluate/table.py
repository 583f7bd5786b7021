"""The report card as text for people."""

from collections.abc import Sequence
from dataclasses import fields

from repcount.evaluate.report import ReportRow

_HEADS = {
    "exact_ratio": "exact",
    "within_one_ratio": "+-1",
    "mae_reps": "MAE",
    "false_reps_per_hour": "false/h",
    "said_and_retracted_per_hour": "retr/h",
    "eccentric_bias_s": "ecc bias",
    "eccentric_loa_s": "+-LoA s",
    "concentric_bias_s": "con bias",
    "concentric_loa_s": "+-LoA s",
    "latency_p50_s": "lat p50",
    "latency_p95_s": "p95 s",
    "recordings": "files",
    "labelled_reps": "labels",
    "found_ratio": "found",
    "extra_reps": "extra",
    "labelled_holds": "holds",
    "hold_bias_s": "hold bias",
    "hold_loa_s": "+-LoA s",
    "hold_within_half_s_ratio": "+-0.5 s",
}
"""Short heads of the columns whose names are long."""

_OF_LABELS = ("labelled_reps", "found_ratio", "extra_reps")
_OF_HOLDS = ("labelled_holds", "hold_bias_s", "hold_loa_s", "hold_within_half_s_ratio")

_OF_SENSORS = ("with_gyroscope", "without_gyroscope")
"""Many figures each: they are in the JSON and in the document."""

_NAMES = 3
"""The first columns are names, set to the left."""


def table(rows: Sequence[ReportRow]) -> str:
    """Lines of columns; a figure that is not known is a dash. Columns of labels need labels."""
    unused = {
        *_OF_SENSORS,
        *(() if any(row.labelled_reps for row in rows) else _OF_LABELS),
        *(() if any(row.labelled_holds for row in rows) else _OF_HOLDS),
    }
    names = [field.name for field in fields(ReportRow) if field.name not in unused]
    cells = [[_HEADS.get(name, name) for name in names]]
    cells += [[_cell(name, getattr(row, name)) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(_line(line, widths) for line in cells)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if k < _NAMES else cell.rjust(width)
        for k, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _cell(name: str, value: object) -> str:
    if value is None or (name == "hours" and not value):
        return "-"
    if not isinstance(value, float):
        return str(value)
    if name.endswith("_ratio"):
        return f"{value:.1%}"
    if name == "hours" or name.endswith("_per_hour"):
        return f"{value:.1f}"
    return f"{value:.2f}"
