"""Why there is no connection to a broker, and what a person can do about it."""

import socket
import ssl
from dataclasses import dataclass

from paho.mqtt.reasoncodes import ReasonCode

from repcount.edges.mqtt.url import BrokerUrl

_REFUSED_US = {"Not authorized", "Bad user name or password", "Unauthorized", "Banned"}
_UNSAID = "Unspecified error"
"""paho's word for a socket that was closed."""
BROKE = "the connection broke. Is the broker still running, and the network up?"
HUNG_UP = (
    "it hung up before it said anything. Is this the port of something else, or one with TLS (mqtts://, "
    "mostly 8883)?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why, in words; `lasting` when waiting does not mend it."""

    text: str
    lasting: bool = False


def failed(error: BaseException | None, url: BrokerUrl) -> Fault:
    """Connecting failed with this error."""
    match error:
        case ssl.SSLCertVerificationError():
            return Fault(
                f"its certificate is not trusted ({error.verify_message}). Is the name the one in the "
                "certificate, and is its authority known here? One of your own is given with --mqtt-ca FILE.",
                lasting=True,
            )
        case ssl.SSLError():
            mend = "Is it a port without TLS (mqtt://, mostly 1883)?"
            return Fault(f"it does not speak TLS as we do ({_plain(error)}). {mend}", lasting=True)
        case socket.gaierror():
            return Fault(
                f"there is no computer called {url.host!r}. Is it spelled right, and the network up?"
            )
        case ConnectionRefusedError():
            return Fault(
                "connection refused: nothing listens there. Is the broker running, and the port right?"
            )
        case TimeoutError():
            return Fault("it does not answer. Is it switched on, and does no firewall keep it from us?")
        case _:
            return Fault(f"{_plain(error)}. Is the address right, and the network up?")


def refused(code: ReasonCode, url: BrokerUrl) -> Fault:
    """The broker answered, and does not want us."""
    if str(code) not in _REFUSED_US:
        return Fault(f"it does not want us ({code})", lasting=True)
    mend = (
        "It asks for user and password: --broker mqtt://USER:PASSWORD@host."
        if url.user is None
        else f"Is the password of {url.user!r} right, and is the user known to the broker?"
    )
    return Fault(f"not authorized. {mend}", lasting=True)


def broke(code: ReasonCode, *, greeted: bool) -> Fault:
    """The connection ended; `greeted` when there really had been one."""
    if not greeted:
        return Fault(HUNG_UP)
    return Fault(BROKE if str(code) == _UNSAID else f"{BROKE} ({code})")


def _plain(error: BaseException | None) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
