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
        self._buffer = b""
        self._in_sync = True
        self._lost = False  # bytes were thrown away, and that was said

    def packets(self, payload: bytes) -> list[Piece]:
        """Packets that these bytes complete."""
        found: list[Piece] = []
        if self._buffer and self._cut(payload):
            found += self._out_of_sync(FaultReason.LENGTH)
            self._buffer = b""
        self._buffer += payload
        while self._buffer:
            cut = self._cut(self._buffer)
            if cut is None:
                if any(_may_begin(one.sync, self._buffer) for one in self._cuts):
                    break
                found += self._skip()
            elif not self._complete(cut):
                break
            elif self._in_sync or self._begins_at(cut.packet_bytes):
                found.append(self._buffer[: cut.packet_bytes])
                self._buffer = self._buffer[cut.packet_bytes :]
                self._in_sync, self._lost = True, False
            else:
                found += self._skip()
        return found

    def _cut(self, data: bytes) -> Cut | None:
        return next((cut for cut in self._cuts if cut.sync.matches(data)), None)

    def _complete(self, cut: Cut) -> bool:
        beyond = 0 if self._in_sync else max(len(one.sync.first) for one in self._cuts)
        return len(self._buffer) >= cut.packet_bytes + beyond

    def _begins_at(self, offset: int) -> bool:
        return self._cut(self._buffer[offset:]) is not None

    def _skip(self) -> list[Piece]:
        """Throw away bytes up to where a packet may begin."""
        said = self._out_of_sync(FaultReason.HEADER)
        rest = range(1, len(self._buffer))
        begin = next((k for k in rest if any(_may_begin(c.sync, self._buffer[k:]) for c in self._cuts)), None)
        self._buffer = b"" if begin is None else self._buffer[begin:]
        return said

    def _out_of_sync(self, reason: FaultReason) -> list[Piece]:
        said: list[Piece] = [] if self._lost else [reason]
        self._in_sync, self._lost = False, True
        return said

    def notifications(self, packet: bytes, most_bytes: int) -> list[bytes]:
        """The packet in pieces."""
        return _pieces(packet, most_bytes)

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"buffer": self._buffer.hex(), "in_sync": self._in_sync, "lost": self._lost}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._buffer = bytes.fromhex(state["buffer"])
        self._in_sync, self._lost = state["in_sync"], state["lost"]


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


def _may_begin(sync: Pattern, data: bytes) -> bool:
    """Whether the data, as far as it goes, is like the first bytes."""
    return Pattern(sync.first[: len(data)]).matches(data)


def _pieces(data: bytes, most_bytes: int) -> list[bytes]:
    return [data[k : k + most_bytes] for k in range(0, len(data), most_bytes)]
