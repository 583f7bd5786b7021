"""The only clocks: monotonic time for everything measured, wall time for what people read."""

import time
from datetime import UTC, datetime


def monotonic_s() -> float:
    """Host's monotonic time, s."""
    return time.monotonic()


def utc_now() -> datetime:
    """Wall time, with its zone."""
    return datetime.now(UTC)
