"""`samples.npz`: a recording made elsewhere, without bytes.

`t` (N,) s, `acc` (N, 3) g, and `gyro` (N, 3) deg/s where the sensor has a gyroscope.
"""

import zipfile
from pathlib import Path

import numpy as np

from repcount.errors import InputError, Problem
from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch

SAMPLES_NAME = "samples.npz"


def read_samples(path: Path) -> SampleBatch:
    """Read ready samples into SI units; `gyro` may be absent, other arrays are passed over.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    arrays = _load(path)
    problems = [
        Problem(str(path), f"array {name!r} is missing") for name in ("t", "acc") if arrays.get(name) is None
    ]
    if problems:
        raise InputError(problems)
    t_s, acc_g, gyro_deg_s = arrays["t"], arrays["acc"], arrays.get("gyro")
    if t_s.ndim != 1 or len(t_s) < 1 or not np.isfinite(t_s).all() or (np.diff(t_s) <= 0.0).any():
        problems.append(Problem(str(path), "t is not a strictly increasing list of times"))
    for name, values in (("acc", acc_g), ("gyro", gyro_deg_s)):
        if values is not None and (values.shape != (len(t_s), 3) or not np.isfinite(values).all()):
            problems.append(Problem(str(path), f"{name} is not three finite numbers for each time in t"))
    if problems:
        raise InputError(problems)
    gyro_rad_s = None if gyro_deg_s is None else np.radians(gyro_deg_s)
    return SampleBatch(t_s, acc_g * STANDARD_GRAVITY_M_S2, gyro_rad_s)


def _load(path: Path) -> dict[str, Array]:
    try:
        with np.load(path, allow_pickle=False) as file:
            wanted = [name for name in ("t", "acc", "gyro") if name in file]
            return {name: np.atleast_1d(np.asarray(file[name], dtype=np.float64)) for name in wanted}
    except FileNotFoundError as error:
        raise InputError([Problem(str(path), "is missing")]) from error
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError([Problem(str(path), f"is no .npz of numbers ({error})")]) from error
