"""The formats that can be read, by the name given after `--from`."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path

from repcount.edges.formats import KINDS, forms
from repcount.edges.formats.movesense import read_movesense
from repcount.edges.formats.plain import Units, read_plain
from repcount.edges.formats.sensor_logger import read_sensor_logger
from repcount.edges.formats.series import Found, Imported, imported
from repcount.edges.formats.table import decoded
from repcount.edges.formats.xdf import read_xdf
from repcount.edges.problems import read_bytes
from repcount.errors import InputError, Problem

_TEXTS = (".csv", ".txt", ".json", ".tsv")
_LARGEST_BYTES = 1 << 30
"""Of one file in a zip, unpacked: days of samples; a larger one is a trap."""
_WANTED = "a table with columns such as t_s, ax_g, ay_g, az_g: see docs/formats.md"
_Read = Callable[[str, str, tzinfo], Found | None]


@dataclass(frozen=True, slots=True)
class How:
    """What a person says of a file: units where it does not tell, the zone of its clock, which sensor."""

    units: Units
    zone: tzinfo = UTC
    stream: str | None = None


_FORMS = {"metabase": forms.METABASE, "polar": forms.POLAR, "phyphox": forms.PHYPHOX, "dot": forms.DOT}


def read_foreign(path: Path, kind: str, how: How, gyro: Path | None = None) -> Imported:
    """Read a recording of another program.

    Parameters
    ----------
    path
        A file; a zip or a folder of its files where the program writes one a sensor.
    kind
        One of `KINDS`.
    gyro
        The gyroscope's file, where it lies elsewhere.

    Raises
    ------
    InputError
        With all that is wrong with the file.
    """
    if kind == "xdf":
        return imported(read_xdf(path, how.stream, how.units), str(path))
    files = _texts(path) | (_texts(gyro) if gyro is not None else {})
    if kind == "sensor_logger":
        found = read_sensor_logger(files, how.zone)
    else:
        found = _first_of(files, _reader(kind, how), how.zone)
    if found is None:
        mend = f"Wanted is {_WANTED if kind == 'csv' else 'a file of ' + KINDS[kind].partition(':')[0]}"
        raise InputError([Problem(str(path), f"is not in the form {kind!r}", mend)])
    return imported(found, str(path))


def _reader(kind: str, how: How) -> _Read:
    if kind == "movesense":
        return read_movesense
    if kind == "csv":
        return lambda text, place, zone: read_plain(text, place, how.units, zone)
    form = forms.WITMOTION if kind == "witmotion" else _FORMS[kind]
    return partial(forms.read_form, form, stream=how.stream)


def _first_of(files: Mapping[str, str], read: _Read, zone: tzinfo) -> Found | None:
    whole: Found | None = None
    refused: InputError | None = None
    for name, text in files.items():
        try:
            found = read(text, name, zone)
        except InputError as error:
            refused = refused or error
            continue
        if found is not None:
            whole = whole or Found()
            whole.take(found)
    if refused is not None and (whole is None or whole.acc is None or len(files) == 1):
        raise refused
    return whole


def _texts(path: Path) -> dict[str, str]:
    """The texts of a file, a zip or a folder, by their place."""
    if path.is_dir():
        inner = sorted(one for one in path.rglob("*") if one.suffix.lower() in _TEXTS)
        return {str(one): decoded(one.read_bytes(), str(one)) for one in inner}
    if path.suffix.lower() == ".zip":
        return _unzipped(path)
    return {str(path): decoded(read_bytes(path), str(path))}


def _unzipped(path: Path) -> dict[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            inner = [one for one in archive.infolist() if Path(one.filename).suffix.lower() in _TEXTS]
            if large := [one.filename for one in inner if one.file_size > _LARGEST_BYTES]:
                raise InputError([Problem(f"{path}/{large[0]}", "is too large to be a recording")])
            return {
                f"{path}/{one.filename}": decoded(archive.read(one), f"{path}/{one.filename}")
                for one in inner
            }
    except FileNotFoundError:
        read_bytes(path)  # says what may have been meant
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError([Problem(str(path), f"is no zip that can be read ({error})")]) from error
