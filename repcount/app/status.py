"""`repcount status`: asks the running service how it is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from repcount.app.output import say
from repcount.edges.health import OK
from repcount.errors import InputError, Problem

LIMIT_S = 5.0
_PLACE = "--url"
_MOST_BYTES = 1_000_000
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400
_STARTED = (
    "Is the service running ('repcount live', or 'systemctl status repcount')? At its start it prints its "
    "address: give that with --url."
)

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions:
    """Whom to ask, at the page's address, which may hold its token; and in what form to say the answer."""

    url: str
    as_json: bool = False


def status(options: StatusOptions) -> int:
    """Print how the service is; 0 when all is well, 1 when not; InputError when it cannot be asked."""
    health = ask(options.url)
    if options.as_json:
        print(json.dumps(health))
    else:
        print("\n".join(_table(health)))
        for problem in health["problems"]:
            say(f"repcount: {problem}")
    return 0 if health["status"] == OK else 1


def ask(url: str) -> Data:
    """What `/healthz` of the service at `url` tells.

    Raises
    ------
    InputError
        When there is none, or it does not tell us.
    """
    try:
        with urlopen(Request(_health_url(url)), timeout=LIMIT_S) as answer:  # noqa: S310 - checked to be http
            raw = answer.read(_MOST_BYTES)
    except HTTPError as error:  # 503 is an answer too
        raw = error.read(_MOST_BYTES)
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        why = getattr(reason, "strerror", None) or str(reason) or "it does not answer"
        raise _problem(f"nothing answers at {_without_token(url)} ({why})", _STARTED) from error
    return _read(raw, url)


def _read(raw: bytes, url: str) -> Data:
    try:
        health = json.loads(raw)
    except ValueError:
        health = None
    if not isinstance(health, dict) or "status" not in health:
        raise _problem(f"what answers at {_without_token(url)} is not repcount", _STARTED)
    if "problems" not in health:
        mend = "Give the whole address that it printed, with ?token=..., or ask on its own machine."
        raise _problem(f"the service says {health['status']!r}, and to strangers no more", mend)
    return health


def _health_url(url: str) -> str:
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        mend = "Write one such as http://127.0.0.1:8321."
        raise _problem(f"{_without_token(url)!r} is no address of a page", mend)
    return urlunsplit((parts.scheme, parts.netloc, "/healthz", parts.query, ""))


def _without_token(url: str) -> str:
    return url.partition("?")[0]


def _problem(message: str, mend: str) -> InputError:
    return InputError([Problem(_PLACE, message, mend)])


def _table(health: Data) -> Iterator[str]:
    broker = health["broker"]
    waiting = sum(station["outbox_events"] for station in health["stations"].values())
    link = "connected" if broker["connected"] else "not connected"
    yield f"repcount {health['version']}  {health['status']}, up {_duration(health['uptime_s'])}"
    reached = f", connected anew {broker['reconnects']} times" if broker["reconnects"] else ""
    yield f"broker   {broker['url']}  {link}{reached}; {waiting} events wait for it"
    if not health["stations"]:
        yield "no station is served"
        return
    rows: list[tuple[str, ...]] = [("STATION", "SENSOR", "STATE", "LAST SAMPLE", "SET")]
    for name, station in health["stations"].items():
        rows += _rows(name, station)
    yield from _aligned(rows)


def _rows(name: str, station: Data) -> Iterator[tuple[str, ...]]:
    doing = _set(station)
    for place, sensor in station["sensors"].items():
        age_s = sensor["last_sample_age_s"]
        yield name, place, _sensor(sensor), "-" if age_s is None else f"{_duration(age_s)} ago", doing
        name = doing = ""


def _sensor(sensor: Data) -> str:
    if not sensor["connected"]:
        return "not connected"
    parts = ["connected", sensor["profile"]]
    if sensor["battery_percent"] is not None:
        parts.append(f"battery {sensor['battery_percent']} %")
    return ", ".join(part for part in parts if part)


def _set(station: Data) -> str:
    exercise = station["exercise"] or "no exercise chosen"
    if station["set_open"]:
        return f"{station['set_index']} open: {station['rep_count']} of {exercise}"
    return f"none open ({exercise})"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _duration(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004 - two digits are enough
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    if seconds < _DAY_S:
        return f"{seconds // _HOUR_S:.0f} h {seconds % _HOUR_S / _MINUTE_S:.0f} min"
    return f"{seconds // _DAY_S:.0f} d {seconds % _DAY_S / _HOUR_S:.0f} h"
