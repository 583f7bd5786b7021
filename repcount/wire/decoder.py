"""The notifications of one characteristic -> numbers, or the reasons why bytes cannot be used.

Rules: never raises, whatever the bytes; all of a packet or nothing of it; no memory but the framing's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from repcount.events import FaultReason
from repcount.profile.numbers import Pattern
from repcount.profile.stream import Stream
from repcount.samples import Array
from repcount.wire.framing import framer_of
from repcount.wire.layout import Layout


@dataclass(slots=True, kw_only=True, eq=False)
class Decoded:
    """What one packet says: samples in SI, and the sensor's own numbers where it sends them.

    `acc_m_s2` and `gyro_rad_s` are (N, 3), or None where the packet has none; `counter`, `time_ticks` and
    `period_ticks` as sent.
    """

    acc_m_s2: Array | None
    gyro_rad_s: Array | None
    counter: int | None
    time_ticks: int | None
    period_ticks: int | None

    def __len__(self) -> int:
        samples = self.acc_m_s2 if self.acc_m_s2 is not None else self.gyro_rad_s
        return 0 if samples is None else len(samples)


class Decoder:
    """All streams of one characteristic."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self._layouts = tuple(layouts)
        streams = [layout.stream for layout in layouts]
        self._ignored = tuple(pattern for stream in streams for pattern in stream.ignored)
        self._framer = framer_of(streams)

    def feed(self, payload: bytes) -> list[tuple[Stream, Decoded] | FaultReason]:
        """What each packet that the notification completes holds, with the stream it is of, in order."""
        found: list[tuple[Stream, Decoded] | FaultReason] = []
        for piece in self._framer.packets(payload):
            found += [piece] if isinstance(piece, FaultReason) else self._decoded(piece)
        return found

    def _decoded(self, packet: bytes) -> list[tuple[Stream, Decoded] | FaultReason]:
        layout = self._layout(packet)
        if layout is None or isinstance(layout, FaultReason):
            return [] if layout is None else [layout]
        decoded = decode(layout, packet)
        return [decoded if isinstance(decoded, FaultReason) else (layout.stream, decoded)]

    def _layout(self, packet: bytes) -> Layout | FaultReason | None:
        """Whose packet it is, by its first bytes; None when it is of no use."""
        for layout in self._layouts:
            if layout.stream.starts_with is None or layout.stream.starts_with.matches(packet):
                return layout
        if any(pattern.matches(packet) for pattern in self._ignored):
            return None
        starts = [layout.stream.starts_with for layout in self._layouts]
        cut_short = any(start is not None and _ends_within(packet, start) for start in starts)
        return FaultReason.LENGTH if cut_short else FaultReason.HEADER

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return self._framer.snapshot()

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._framer.restore(state)


def _ends_within(packet: bytes, start: Pattern) -> bool:
    """Whether the packet is like the first bytes but ends before them."""
    return len(packet) < len(start.first) and Pattern(start.first[: len(packet)]).matches(packet)


def decode(layout: Layout, packet: bytes) -> Decoded | FaultReason:
    """Decode one packet; the checks go from the outside in, and the first that fails is the reason."""
    if len(packet) < layout.least_bytes:
        return FaultReason.LENGTH
    head = layout.read_head(packet)
    if isinstance(head, FaultReason):
        return head
    counts = _counts(layout, packet, head)
    if isinstance(counts, FaultReason):
        return counts
    if not all(vectors.sane(counts[name]) for name, vectors in layout.vectors.items()):
        return FaultReason.SANITY
    si = {name: vectors.to_si(counts[name]) for name, vectors in layout.vectors.items()}
    return Decoded(
        acc_m_s2=si.get("acc"),
        gyro_rad_s=si.get("gyro"),
        counter=head.get("counter"),
        time_ticks=head.get("time"),
        period_ticks=head.get("period"),
    )


def _counts(layout: Layout, packet: bytes, head: Mapping[str, int]) -> dict[str, Array] | FaultReason:
    if layout.stream.decoder is not None:
        return layout.read_packed(packet)
    n = layout.samples_in(packet, head)
    if n is None:
        return FaultReason.LENGTH
    return layout.read_samples(packet, n) if layout.checksum_holds(packet) else FaultReason.CHECKSUM
