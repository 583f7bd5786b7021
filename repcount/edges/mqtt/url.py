"""Addresses of brokers as people write them. A password never appears in a repr, a message or a log."""

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from repcount.errors import InputError, Problem, did_you_mean

PORTS = {"mqtt": 1883, "mqtts": 8883}
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.?", re.IGNORECASE
)
_ESCAPES = "In a user or password write '/' '?' '#' '@' ':' '%' as %2F %3F %23 %40 %3A %25."
_MOST_HOST = 253
CA_PLACE = "--mqtt-ca"


@dataclass(frozen=True, slots=True)
class BrokerUrl:
    """Where a broker is and who we are to it."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """The address without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


def parse_url(text: str, place: str = "--broker") -> BrokerUrl:
    """Read `mqtt://[user:password@]host[:port]` or `mqtts://...`.

    Raises
    ------
    InputError
        Naming every problem; what may be part of a password is not repeated.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise InputError([Problem(place, "the address cannot be read", "Write mqtt://host:port.")]) from None
    problems = [Problem(place, message, mend) for message, mend in _faults(parts)]
    if problems:
        raise InputError(problems)
    return BrokerUrl(
        host=parts.hostname or "",
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "mqtts",
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def tls_context(url: BrokerUrl, ca_file: Path | None = None) -> ssl.SSLContext | None:
    """How a broker proves who it is: by the system's authorities, or those in `ca_file`; None without TLS.

    Raises
    ------
    InputError
        When `ca_file` holds no certificate, or the address is of a broker without TLS.
    """
    if not url.tls:
        if ca_file is not None:
            mend = "Write mqtts://host, or leave it out."
            raise InputError([Problem(CA_PLACE, f"{url} is a broker without TLS", mend)])
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        mend = "Give the certificate of the authority that signed the broker's, as PEM."
        raise InputError([Problem(CA_PLACE, f"{ca_file} holds no certificate", mend)]) from None
    except OSError as error:
        problem = Problem(CA_PLACE, f"{ca_file} cannot be read: {error.strerror}")
        raise InputError([problem]) from error


def _faults(parts: SplitResult) -> list[tuple[str, str]]:
    faults = []
    if not parts.netloc:
        return [("the address names no broker", "Write mqtt://host:port or mqtts://host:port.")]
    if parts.scheme not in PORTS:
        faults.append((f"{parts.scheme!r} is no way to reach a broker", did_you_mean(parts.scheme, PORTS)))
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        faults.append(("nothing may follow the port", _ESCAPES))
    if not _is_host(parts.hostname or ""):
        faults.append(("the host is missing or no name of a computer", _ESCAPES))
    if not _has_good_port(parts):
        faults.append(("the port is not a number from 1 to 65535", _ESCAPES))
    if parts.password is not None and not parts.username:
        faults.append(("a password needs a user", "Write mqtt://user:password@host."))
    return faults


def _is_host(host: str) -> bool:
    """A name, or an IPv6 address, which `urlsplit` has checked."""
    return ":" in host or (len(host) <= _MOST_HOST and _HOST.fullmatch(host) is not None)


def _has_good_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False
