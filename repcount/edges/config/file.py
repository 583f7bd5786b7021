"""The configuration on disk: read, and written back so that a kill leaves the old file or the new one.

Rules: what was changed on disk since it was read is never overwritten; nothing is written that could not be
read again; secrets are looked up here, and stay out of every message.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import tomlkit
from tomlkit.exceptions import ParseError

from repcount.edges.config.lines import line_of
from repcount.edges.config.model import BrokerConfig, Config
from repcount.edges.config.parse import parse_config
from repcount.edges.mqtt.url import parse_url
from repcount.edges.problems import read_bytes
from repcount.errors import InputError, Problem

MOST_SECRET_BYTES = 4096
BEGINNING = """\
# Written by the page of repcount; what you write here, comments too, stays.
# 'repcount config example' says every key there is.
schema = 1
"""
MISSING = "'repcount config example' prints one to begin with."

Change = Callable[[tomlkit.TOMLDocument], object]
Check = Callable[[Config], object]


def _is_good(_config: Config) -> None:
    """Whatever the parser lets through is."""


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """How to reach the broker: `url` with user and password, None for one of our own."""

    url: str | None = field(default=None, repr=False)
    ca_file: Path | None = None


class ConfigFile:
    """A configuration and the file it is from; with `may_lack` it may not exist until it is first changed.

    Attributes
    ----------
    path
        Where it is.
    config
        What it says, as last read or written.
    """

    def __init__(self, path: Path, *, may_lack: bool = False) -> None:
        """Read the file.

        Raises
        ------
        InputError
            With everything that is wrong with it, each with its line and path.
        """
        self.path = path
        self._text: str | None = None
        self.config = Config()
        if path.exists() or not may_lack:
            self._text, self.config = self._read()

    @property
    def exists(self) -> bool:
        """Whether it was read or written yet."""
        return self._text is not None

    def reload(self, check: Check = _is_good) -> None:
        """Read it again; InputError, and all stays as it was, when it is wrong now, or `check` says so."""
        text, config = self._read()
        check(config)
        self._text, self.config = text, config

    def change(self, change: Change, check: Check = _is_good) -> Config:
        """Change the file as `change` does its document, and return what it says then.

        Raises
        ------
        InputError
            When the result would be wrong, or `check` says so, when the file was changed on disk since it was
            read, or when it cannot be written; the file is then as it was.
        """
        if self._on_disk() != self._text:
            mend = "Read it again, then change it."
            raise InputError([Problem(self.path.name, "was changed on disk since it was read", mend)])
        document = tomlkit.parse(BEGINNING if self._text is None else self._text)
        change(document)
        text = tomlkit.dumps(document)
        config = _parsed(text, self.path.name)
        check(config)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, text)
        except OSError as error:
            message = f"cannot be written: {error.strerror or error}"
            raise InputError([Problem(self.path.name, message)]) from error
        self._text, self.config = text, config
        return config

    def access(self, environ: Mapping[str, str]) -> BrokerAccess:
        """Look up how to reach the broker.

        Raises
        ------
        InputError
            When a password or a certificate is not where it should be.
        """
        return _access(self.config.broker, self.path, environ)

    def _read(self) -> tuple[str, Config]:
        text = _text(read_bytes_of(self.path), self.path)
        return text, _parsed(text, str(self.path))

    def _on_disk(self) -> str | None:
        """What the file holds now; None when that cannot be told."""
        try:
            return self.path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return None


def read_bytes_of(path: Path) -> bytes:
    """Read the file; where there is none, also say how to get one."""
    try:
        return read_bytes(path)
    except InputError as error:
        if path.exists():
            raise
        found = [Problem(one.place, one.message, one.mend or MISSING) for one in error.problems]
        raise InputError(found) from None


def write_atomically(path: Path, text: str) -> None:
    """Replace a file whole, with the permissions it has; what a link leads to, not the link."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Let the new name outlive a power cut; Windows sees to that by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(raw: bytes, path: Path) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError([Problem(f"{path}:{line}", "is not UTF-8 text")]) from None


def _parsed(text: str, place: str) -> Config:
    """What a text says; each problem with its line."""
    try:
        data = tomlkit.parse(text).unwrap()
    except ParseError as error:
        message = str(error).partition(" at line ")[0]
        raise InputError([Problem(f"{place}:{error.line}", f"is not TOML: {message}")]) from None
    try:
        return parse_config(data, place)
    except InputError as error:
        raise InputError([_with_line(problem, text, place) for problem in error.problems]) from None


def _with_line(problem: Problem, text: str, place: str) -> Problem:
    path = problem.place.removeprefix(f"{place}: ")
    line = line_of(text, path)
    where = place if line is None else f"{place}:{line}"
    return Problem(f"{where}: {path}", problem.message, problem.mend)


def _access(broker: BrokerConfig, path: Path, environ: Mapping[str, str]) -> BrokerAccess:
    problems: list[Problem] = []
    password = _password(broker, path, environ, problems)
    ca_file = None if broker.ca_file is None else path.parent / broker.ca_file
    if ca_file is not None and not ca_file.is_file():
        problems.append(Problem(f"{path}: broker.ca_file", f"there is no file {ca_file}"))
    if problems:
        raise InputError(problems)
    return BrokerAccess(None if broker.url is None else _url(broker.url, broker.user, password), ca_file)


def _password(
    broker: BrokerConfig, path: Path, environ: Mapping[str, str], problems: list[Problem]
) -> str | None:
    if broker.password_env is not None:
        if not environ.get(broker.password_env):
            message = f"the environment variable {broker.password_env} is not set"
            problems.append(Problem(f"{path}: broker.password_env", message))
        return environ.get(broker.password_env)
    if broker.password_file is None:
        return None
    secret = path.parent / broker.password_file
    try:
        with secret.open(encoding="utf-8") as file:
            return file.read(MOST_SECRET_BYTES).strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        problems.append(Problem(f"{path}: broker.password_file", f"{secret} cannot be read: {why}"))
        return None


def _url(url: str, user: str | None, password: str | None) -> str:
    """The address with user and password in it."""
    if user is None:
        return url
    broker = parse_url(url)
    scheme, _, host = str(broker).partition("://")
    secret = "" if password is None else f":{quote(password, safe='')}"
    return f"{scheme}://{quote(user, safe='')}{secret}@{host}"
