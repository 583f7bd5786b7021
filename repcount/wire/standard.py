"""Bytes of the Bluetooth SIG's own characteristics that many sensors have: heart rate and battery.

Rules: never raises, whatever the bytes.
"""

from dataclasses import dataclass

from repcount.events import FaultReason

HEART_RATE_MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"

_RATE_IS_U16, _CONTACT_SEEN, _CONTACT_KNOWN, _HAS_ENERGY, _HAS_INTERVALS = 0x01, 0x02, 0x04, 0x08, 0x10
_RR_PER_S = 1024.0
_FULL_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartRate:
    """One Heart Rate Measurement (0x2A37).

    `bpm` beats a minute, 0 while the sensor has none; `contact` with the skin, None where the sensor cannot
    tell; `energy_kj` since it was reset, None where it is not sent; `rr_s` times between beats in s, oldest
    first.
    """

    bpm: int
    contact: bool | None
    energy_kj: int | None
    rr_s: tuple[float, ...]


def heart_rate(payload: bytes) -> HeartRate | FaultReason:
    """Read a Heart Rate Measurement; `LENGTH` when its flags announce other bytes than there are.

    Source: Bluetooth SIG, Heart Rate Service 1.0 and GATT Specification Supplement.
    """
    if not payload:
        return FaultReason.LENGTH
    flags = payload[0]
    rate_bytes, energy_bytes = 1 + (flags & _RATE_IS_U16), 2 if flags & _HAS_ENERGY else 0
    intervals = payload[1 + rate_bytes + energy_bytes :]
    if len(payload) < 1 + rate_bytes + energy_bytes or len(intervals) % 2:
        return FaultReason.LENGTH
    if intervals and not flags & _HAS_INTERVALS:
        return FaultReason.LENGTH
    energy = payload[1 + rate_bytes :][:energy_bytes]
    return HeartRate(
        bpm=int.from_bytes(payload[1 : 1 + rate_bytes], "little"),
        contact=bool(flags & _CONTACT_SEEN) if flags & _CONTACT_KNOWN else None,
        energy_kj=int.from_bytes(energy, "little") if energy else None,
        rr_s=tuple(
            int.from_bytes(intervals[k : k + 2], "little") / _RR_PER_S for k in range(0, len(intervals), 2)
        ),
    )


def battery_percent(payload: bytes) -> int | FaultReason:
    """Read a Battery Level (0x2A19): percent; `LENGTH` unless it is one byte, `SANITY` above 100."""
    if len(payload) != 1:
        return FaultReason.LENGTH
    return payload[0] if payload[0] <= _FULL_PERCENT else FaultReason.SANITY
