"""What the wire stage gives, in order."""

from dataclasses import dataclass

from repcount.events import FaultReason
from repcount.samples import SampleBatch


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples are missing between those at `start_s` and `end_s`, s of sensor time.

    `lost_notifications` is None where the sensor does not count them, and where it started again.
    """

    start_s: float
    end_s: float
    lost_notifications: int | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A notification could not be used; `arrival_s` is the host's time of it."""

    reason: FaultReason
    arrival_s: float


WireItem = SampleBatch | Gap | Rejected
