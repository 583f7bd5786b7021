"""One notification's bytes -> its numbers, or the reason why they cannot be used.

Rules: never raises, whatever the bytes; all of a notification or nothing of it; no memory.
"""

from dataclasses import dataclass

import numpy as np

from repcount.events import FaultReason
from repcount.samples import Array
from repcount.wire.layout import Layout, Vectors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decoded:
    """What one notification says: samples in SI, and the sensor's own numbers where it sends them.

    `acc_m_s2` (N, 3), `gyro_rad_s` (N, 3) or None; `counter`, `time_ticks` and `period_ticks` as sent.
    """

    acc_m_s2: Array
    gyro_rad_s: Array | None
    counter: int | None
    time_ticks: int | None
    period_ticks: int | None

    def __len__(self) -> int:
        return len(self.acc_m_s2)


def decode(layout: Layout, payload: bytes) -> Decoded | FaultReason:
    """Decode one notification; the checks go from the outside in, and the first that fails is the reason."""
    if len(payload) < layout.payload_bytes(1):
        return FaultReason.LENGTH
    head = layout.read_head(payload)
    if any(field.equals not in (None, head[field.name]) for field in layout.stream.header):
        return FaultReason.HEADER
    n = head.get("count", layout.stream.samples_per_notification)
    if not 1 <= n <= layout.most_samples or len(payload) != layout.payload_bytes(n):
        return FaultReason.LENGTH
    if not layout.checksum_holds(payload):
        return FaultReason.CHECKSUM
    samples = layout.read_samples(payload, n)
    acc_m_s2 = _si(layout.acc, samples["acc"])
    gyro_rad_s = None if layout.gyro is None else _si(layout.gyro, samples["gyro"])
    if acc_m_s2 is None or (layout.gyro is not None and gyro_rad_s is None):
        return FaultReason.SANITY
    return Decoded(
        acc_m_s2=acc_m_s2,
        gyro_rad_s=gyro_rad_s,
        counter=head.get("counter"),
        time_ticks=head.get("time"),
        period_ticks=head.get("period"),
    )


def _si(vectors: Vectors, raw: Array) -> Array | None:
    with np.errstate(invalid="ignore"):  # a float may be a signalling NaN; it is not sane
        counts = raw.astype(np.float64)
    return vectors.to_si(counts) if vectors.sane(counts) else None
