"""Recordings made elsewhere, `.npz` or `.csv`, checked whole."""

import io
import math
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repcount.edges.problems import FileProblems, closest_sibling, read_bytes
from repcount.edges.tables import read_numbers
from repcount.errors import did_you_mean
from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch

KINDS = (".npz", ".csv")
ACC_COLUMNS = ("ax_g", "ay_g", "az_g")
GYRO_COLUMNS = ("gx_dps", "gy_dps", "gz_dps")

_RAD_PER_DEG = math.pi / 180.0
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What numpy and zipfile raise on content that is no `.npz`."""

_LEAVE_OUT = "Leave out samples that were not measured"


def read_samples(path: Path) -> SampleBatch:
    """Read a recording: `.npz` (`t` s, `acc` g, perhaps `gyro` deg/s) or `.csv` (`t_s, ax_g, ..., gz_dps`).

    Raises
    ------
    InputError
        With every problem of the file, those of a `.csv` with the line.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        problems = FileProblems(path)
        if not kind and not path.exists():
            problems.add("file", "is missing", closest_sibling(path))
            raise problems.error()
        problems.add("kind", "is not a .npz or .csv recording", did_you_mean(kind, KINDS) if kind else "")
        raise problems.error()
    t_s, acc_g, gyro_deg_s = _read_npz(path) if kind == ".npz" else _read_csv(path)
    gyro_rad_s = None if gyro_deg_s is None else gyro_deg_s * _RAD_PER_DEG
    return SampleBatch(t_s, acc_g * STANDARD_GRAVITY_M_S2, gyro_rad_s)


def write_samples(path: Path, samples: SampleBatch) -> None:
    """Write a `.npz` as `read_samples` reads it."""
    arrays = {"t": samples.t_s, "acc": samples.acc_m_s2 / STANDARD_GRAVITY_M_S2}
    if samples.gyro_rad_s is not None:
        arrays["gyro"] = samples.gyro_rad_s / _RAD_PER_DEG
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _read_csv(path: Path) -> tuple[Array, Array, Array | None]:
    values, _ = read_numbers(path, ("t_s", *ACC_COLUMNS), GYRO_COLUMNS, _check_first_column)
    return values[:, 0], values[:, 1:4], values[:, 4:] if values.shape[1] > len(ACC_COLUMNS) + 1 else None


def _read_npz(path: Path) -> tuple[Array, Array, Array | None]:
    arrays = _arrays(path)
    problems = FileProblems(path)
    n = arrays["t"].size
    for name, shape in (("t", (n,)), ("acc", (n, 3)), ("gyro", (n, 3))):
        if name in arrays:
            _check_array(name, arrays[name], shape, problems)
    problems.raise_if_any()
    numbers = {name: array.astype(np.float64) for name, array in arrays.items()}
    for name, values in numbers.items():
        for k in np.unique(np.argwhere(~np.isfinite(values))[:, 0]):
            problems.add("not finite", f"{name}[{k}] is {values[k]}", _LEAVE_OUT)
    _check_times(numbers["t"], None, problems)
    problems.raise_if_any()
    return numbers["t"], numbers["acc"], numbers.get("gyro")


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """`t`, `acc` and, where present, `gyro`, as they are."""
    problems = FileProblems(path)
    content = read_bytes(path)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            for name in ("t", "acc"):
                if name not in archive.files:
                    problems.add("array", f"array {name!r} is missing", did_you_mean(name, archive.files))
            found = {name: archive[name] for name in ("t", "acc", "gyro") if name in archive.files}
    except _UNREADABLE as error:
        reason = str(error) if content else "empty"
        problems.add("unreadable", f"is no .npz of plain arrays ({reason})", "Write it with numpy.savez")
    problems.raise_if_any()
    return found


def _check_array(
    name: str, array: NDArray[np.generic], shape: tuple[int, ...], problems: FileProblems
) -> None:
    if array.shape != shape:
        problems.add("shape", f"array {name!r} has shape {array.shape}, not {shape}")
    if array.dtype.kind not in "fiu":
        problems.add("shape", f"array {name!r} holds {array.dtype}, not numbers")


def _check_first_column(values: Array, lines: NDArray[np.int64], problems: FileProblems) -> None:
    _check_times(values[:, 0], lines, problems)


def _check_times(t_s: Array, lines: NDArray[np.int64] | None, problems: FileProblems) -> None:
    """Note an empty recording and every time that does not increase, with its line or its index."""
    if not len(t_s):
        problems.add("empty", "holds no samples")
    for k in np.flatnonzero(np.diff(t_s) <= 0) + 1:
        how = "repeats" if t_s[k] == t_s[k - 1] else f"goes back from {t_s[k - 1]} s"
        where = "" if lines is not None else f" at t[{k}]"
        problems.add("time", f"time {t_s[k]} s{where} {how}", line=None if lines is None else int(lines[k]))
