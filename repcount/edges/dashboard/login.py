"""The first packet of a browser, with the name and password it does not know.

Rules: pure; only the CONNECT packet of MQTT 3.1.1 is understood, all else is left alone. Source: MQTT Version
3.1.1, OASIS Standard, sections 2.2 and 3.1.
"""

from repcount.errors import InputError, Problem

MOST_CONNECT_BYTES = 4096
"""A page's own is 40 bytes long; nobody is waited for longer than this."""

_CONNECT = 0x10
_LEVEL = b"\x00\x04MQTT\x04"
_FLAGS_AT = len(_LEVEL)
_CLIENT_AT = _FLAGS_AT + 3  # flags, then two bytes of keep alive
_USER, _PASSWORD, _WILL = 0x80, 0x40, 0x04


class Login:
    """Collects what a browser sends until its CONNECT packet is whole; gives that back with credentials."""

    def __init__(self, user: str, password: str | None) -> None:
        self._user, self._password = user, password
        self._held = bytearray()

    def take(self, data: bytes) -> bytes | None:
        """Take the next bytes; return all so far, logged in, once the packet is whole, else None.

        Raises
        ------
        InputError
            When this is no CONNECT packet of MQTT 3.1.1, or it has a will or credentials of its own.
        """
        self._held += data
        if len(self._held) > MOST_CONNECT_BYTES or (self._held and self._held[0] != _CONNECT):
            raise _strange()
        size = _remaining_length(self._held[1:5])
        if size is None:
            return None
        length, digits = size
        start, end = 1 + digits, 1 + digits + length
        if len(self._held) < end:
            return None
        return _with_credentials(bytes(self._held[start:end]), self._user, self._password) + bytes(
            self._held[end:]
        )


def _with_credentials(body: bytes, user: str, password: str | None) -> bytes:
    if (
        not body.startswith(_LEVEL)
        or len(body) < _CLIENT_AT + 2
        or body[_FLAGS_AT] & (_USER | _PASSWORD | _WILL)
    ):
        raise _strange()
    flags = body[_FLAGS_AT] | _USER | (0 if password is None else _PASSWORD)
    body = body[:_FLAGS_AT] + bytes([flags]) + body[_FLAGS_AT + 1 :] + _text(user)
    if password is not None:
        body += _text(password)
    return bytes([_CONNECT]) + _length(len(body)) + body


def _text(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def _length(value: int) -> bytes:
    digits = bytearray()
    while True:
        value, digit = divmod(value, 128)
        digits.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(digits)


def _remaining_length(data: bytes | bytearray) -> tuple[int, int] | None:
    """Read the length and how many bytes it takes; None while there are more to come."""
    value = 0
    for place, digit in enumerate(data):
        value |= (digit & 0x7F) << (7 * place)
        if not digit & 0x80:
            return value, place + 1
    return None


def _strange() -> InputError:
    return InputError([Problem("/mqtt", "this is no CONNECT packet of MQTT 3.1.1 without credentials")])
