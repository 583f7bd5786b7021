"""`repcount config`: check a configuration, or give one to begin with."""

import os
from pathlib import Path

from repcount.app.folders import own_config
from repcount.app.output import say
from repcount.app.settings import Spoken, stations_of
from repcount.edges.config import EXAMPLE, ConfigFile
from repcount.errors import InputError, Problem


def check(path: Path | None) -> int:
    """Say what a configuration serves, by default the page's own; InputError with all that is wrong."""
    path = path or own_config()
    file = ConfigFile(path)
    broker = file.config.broker
    environ = dict(os.environ)
    if broker.password_env is not None and broker.password_env not in environ:
        say(f"{path}: {broker.password_env} is not set here; where the service runs it must be")
        environ[broker.password_env] = "unknown"
    file.access(environ)
    stations_of(file, file.config, Spoken())
    print(f"{path}: good, broker {broker.url or 'of our own'}")
    for station in file.config.stations:
        sensors = ", ".join(f"{one.name or 'any sensor'} ({one.placement})" for one in station.sensors)
        print(f"  {station.id:16} {station.name or station.id}: {sensors}")
    if not file.config.stations:
        print("  no station yet: add one here, or on the page")
    return 0


def example(path: Path | None) -> int:
    """Print a configuration that says every key, or write it to a file that does not exist yet."""
    if path is None:
        print(EXAMPLE, end="")
        return 0
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        mend = "Give another name."
        raise InputError([Problem(str(path), "is there already, and stays as it is", mend)]) from None
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be written: {error.strerror or error}")]) from None
    say(f"written to {path}; change it, then: repcount config check {path}")
    return 0
