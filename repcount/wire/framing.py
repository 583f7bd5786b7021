"""Notifications of one characteristic -> packets, and back for virtual sensors.

Rules: never raises, whatever the bytes; what cannot be part of a packet is told by its reason, a run of such
bytes once; bytes kept between notifications are fewer than one packet has.
"""

import binascii
from collections.abc import Sequence
from typing import Any, Protocol

from repcount.events import FaultReason
from repcount.profile.numbers import Pattern
from repcount.profile.stream import ByteStream, Capture2Go, Continued, Cut, Stream

Piece = bytes | FaultReason
"""A packet, or why bytes are none."""


class Framer(Protocol):
    """Cuts packets out of what arrives."""

    def packets(self, payload: bytes) -> list[Piece]:
        """Packets that the notification completes, in order."""

    def notifications(self, packet: bytes, most_bytes: int) -> list[bytes]:
        """The notifications, of at most so many bytes, in which a sensor would send a packet."""

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""


class WholeFramer:
    """Each notification is a packet."""

    def packets(self, payload: bytes) -> list[Piece]:
        """The notification."""
        return [payload]

    def notifications(self, packet: bytes, _most_bytes: int) -> list[bytes]:
        """The packet."""
        return [packet]

    def snapshot(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Nothing to go on from."""


class ByteStreamFramer:
    """Packets begin where their sync bytes are, and the next one right after.

    While it is not so, a packet is believed only when another begins right after it: sync bytes may also
    lie inside of one. A notification that begins with sync bytes while a packet is not complete means that
    bytes were lost, or that they are data: then, too, only the next packet will tell.
    """

    def __init__(self, framing: ByteStream) -> None:
        self._cuts = framing.cuts
        self._confirming_bytes = max(len(cut.sync.first) for cut in framing.cuts)
        self._buffer = b""
        self._in_sync = True

    def packets(self, payload: bytes) -> list[Piece]:
        """Packets that these bytes complete; bytes that are in none are told once a notification."""
        found: list[Piece] = []
        if self._cut(payload) is not None and self._holds_a_part():
            found.append(FaultReason.LENGTH)
            self._buffer, self._in_sync = b"", False
        self._buffer += payload
        skipped = False
        while self._buffer and not self._waits():
            cut = self._cut(self._buffer)
            if cut is not None and (self._in_sync or self._cut(self._buffer[cut.packet_bytes :])):
                found.append(self._buffer[: cut.packet_bytes])
                self._buffer, self._in_sync = self._buffer[cut.packet_bytes :], True
            else:
                skipped, self._in_sync = True, False
                self._skip()
        return [*found, FaultReason.HEADER] if skipped else found

    def _cut(self, data: bytes) -> Cut | None:
        return next((cut for cut in self._cuts if cut.sync.matches(data)), None)

    def _holds_a_part(self) -> bool:
        cut = self._cut(self._buffer)
        return bool(self._buffer) and (cut is None or len(self._buffer) < cut.packet_bytes)

    def _waits(self) -> bool:
        """Whether only further bytes will tell what those at hand are."""
        cut = self._cut(self._buffer)
        if cut is None:
            return self._may_begin(self._buffer)
        return len(self._buffer) < cut.packet_bytes + (0 if self._in_sync else self._confirming_bytes)

    def _may_begin(self, data: bytes) -> bool:
        return any(Pattern(cut.sync.first[: len(data)]).matches(data) for cut in self._cuts)

    def _skip(self) -> None:
        """Throw away bytes up to where a packet may begin."""
        places = (k for k in range(1, len(self._buffer)) if self._may_begin(self._buffer[k:]))
        self._buffer = self._buffer[next(places, len(self._buffer)) :]

    def notifications(self, packet: bytes, most_bytes: int) -> list[bytes]:
        """The packet in pieces."""
        return _pieces(packet, most_bytes)

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"buffer": self._buffer.hex(), "in_sync": self._in_sync}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._buffer, self._in_sync = bytes.fromhex(state["buffer"]), state["in_sync"]


class ContinuedFramer:
    """Packets of known lengths, whose later parts follow in notifications that begin otherwise."""

    def __init__(self, framing: Continued, lengths: frozenset[int]) -> None:
        self._first, self._following = framing.first, framing.following
        self._lengths = lengths
        self._held = b""

    def packets(self, payload: bytes) -> list[Piece]:
        """The packet that this part completes; a part that belongs to nothing is refused."""
        if self._first.matches(payload):
            cut_short: list[Piece] = [FaultReason.LENGTH] if self._held else []
            self._held = payload
            return cut_short + self._completed()
        if self._following.matches(payload):
            if not self._held:
                return [FaultReason.LENGTH]
            self._held += payload[len(self._following.first) :]
            return self._completed()
        return [payload]

    def _completed(self) -> list[Piece]:
        if len(self._held) < max(self._lengths) and len(self._held) not in self._lengths:
            return []
        packet, self._held = self._held, b""
        return [packet]

    def notifications(self, packet: bytes, most_bytes: int) -> list[bytes]:
        """The packet, what does not fit in notifications of its own."""
        mark = bytes(byte or 0 for byte in self._following.first)
        rest = _pieces(packet[most_bytes:], most_bytes - len(mark))
        return [packet[:most_bytes], *(mark + piece for piece in rest)]

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"held": self._held.hex()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._held = bytes.fromhex(state["held"])


class Capture2GoFramer:
    """The real-time packages of each notification, checked; its send buffer is of no use here.

    Source: SensorStim, Capture2Go Communication Protocol, "BLE Communication" and "SensorSerialPackage".
    """

    _NO_PACKAGES = 0xFF
    _START = 0x02
    _CRC, _SIZE, _HEADER, _CONTENT = slice(1, 5), 5, 6, 8

    def packets(self, payload: bytes) -> list[Piece]:
        """Packages up to the first that is wrong: its size, and so where the next begins, may be too."""
        if not payload:
            return [FaultReason.LENGTH]
        found: list[Piece] = []
        at = 1
        for _ in range(self._NO_PACKAGES - payload[0]):
            package = self._package(payload[at:])
            found.append(package)
            if isinstance(package, FaultReason):
                break
            at += len(package)
        return found

    def _package(self, data: bytes) -> Piece:
        if data and data[0] != self._START:
            return FaultReason.HEADER
        if len(data) < self._CONTENT or len(data) < self._CONTENT + data[self._SIZE]:
            return FaultReason.LENGTH
        package = data[: self._CONTENT + data[self._SIZE]]
        return package if package == self._sealed(package) else FaultReason.CHECKSUM

    def _sealed(self, package: bytes) -> bytes:
        crc = binascii.crc32(package[self._HEADER :]).to_bytes(4, "little")
        size = len(package) - self._CONTENT
        return bytes([self._START, *crc, size]) + package[self._HEADER :]

    def notifications(self, packet: bytes, _most_bytes: int) -> list[bytes]:
        """One real-time package, and nothing of the send buffer."""
        return [bytes([self._NO_PACKAGES - 1]) + self._sealed(packet)]

    def snapshot(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Nothing to go on from."""


def framer_of(streams: Sequence[Stream]) -> Framer:
    """Choose by what the streams of one characteristic say; they all say the same."""
    match streams[0].framing:
        case ByteStream() as framing:
            return ByteStreamFramer(framing)
        case Continued() as framing:
            lengths = {stream.payload_bytes(stream.samples_per_notification) for stream in streams}
            return ContinuedFramer(framing, frozenset(lengths))
        case Capture2Go():
            return Capture2GoFramer()
        case _:
            return WholeFramer()


def _pieces(data: bytes, most_bytes: int) -> list[bytes]:
    return [data[k : k + most_bytes] for k in range(0, len(data), most_bytes)]
