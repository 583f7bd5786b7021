"""The firmware profiles on disk: which there are, and reading one."""

import re
import sys
import tomllib
from pathlib import Path

import repcount
from repcount.edges.problems import read_bytes
from repcount.errors import InputError, Problem, did_you_mean
from repcount.profile import Profile, parse_profile

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def profiles_folder() -> Path:
    """`firmware_profiles` of the checkout, or where an installed wheel put it."""
    checkout = Path(repcount.__file__).parent.parent / "firmware_profiles"
    return checkout if checkout.is_dir() else Path(sys.prefix, "share", "repcount", "firmware_profiles")


def profile_names() -> list[str]:
    """Names of the profiles that come with the program, sorted; templates are none."""
    return sorted(path.stem for path in profiles_folder().glob("*.toml") if not path.stem.startswith("_"))


def load_profile(name_or_path: str | Path) -> Profile:
    """Read a profile by its name, or any file by its path (which ends in `.toml` or names a folder).

    Raises
    ------
    InputError
        With every problem of the file; for an unknown name, the one that may be meant.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" or len(path.parts) > 1:
        return read_profile(path, str(path))
    names = profile_names()
    if path.name not in names:
        raise InputError([Problem("", f"unknown profile {path.name!r}", did_you_mean(path.name, names))])
    path = profiles_folder() / f"{path.name}.toml"
    return read_profile(path, f"firmware_profiles/{path.name}")


def read_profile(path: Path, place: str) -> Profile:
    """Read a profile file, called `place` in messages.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    data = _read_toml(path, place)
    named = path.stem.lstrip("_")
    wrong_name = "name" in data and data["name"] != named
    renamed = (
        [Problem(f"{place}: name", f"{data['name']!r} is not the file's", f"Write {named!r}.")]
        if wrong_name
        else []
    )
    try:
        profile = parse_profile(data, place)
    except InputError as error:
        raise InputError([*renamed, *error.problems]) from None
    if renamed:
        raise InputError(renamed)
    return profile


def _read_toml(path: Path, place: str) -> dict[str, object]:
    try:
        return tomllib.loads(read_bytes(path).decode())
    except UnicodeDecodeError as error:
        raise InputError([Problem(place, f"is not UTF-8 text (byte {error.start})")]) from None
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        where = f"{place}:{found[1]}:{found[2]}" if found else place
        message = _LINE.sub("", str(error)).strip()
        raise InputError([Problem(where, f"is not TOML: {message}")]) from None
