"""Which notification is next, which comes late or twice, and which is from a sensor that started again."""

from typing import Any


class Order:
    """Follow the counter of a sensor, `bits` wide; None where it has none, and all is taken as it comes."""

    def __init__(self, bits: int | None, late_notifications: int) -> None:
        self._bits = bits
        self._most_late = late_notifications
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._last: int | None = None
        self._late_in_a_row = 0

    def ahead(self, counter: int | None) -> int | None:
        """How many on this one is: 1 is the next, 0 late or repeated, None out of all order."""
        if self._bits is None or self._last is None or counter is None:
            return 1
        half = 1 << (self._bits - 1)
        ahead = (counter - self._last + half) % (1 << self._bits) - half
        if ahead > 0:
            return ahead
        self._late_in_a_row += 1
        return 0 if max(-ahead, self._late_in_a_row) <= self._most_late else None

    def accept(self, counter: int | None) -> None:
        """Go on from this notification."""
        self._last = counter
        self._late_in_a_row = 0

    @property
    def counts(self) -> bool:
        """Whether the sensor has a counter."""
        return self._bits is not None

    def lost(self, ahead: int | None) -> int | None:
        """How many notifications are missing before one that is `ahead` on; None if nobody can know."""
        return ahead - 1 if self.counts and ahead is not None else None

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"last": self._last, "late_in_a_row": self._late_in_a_row}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._last, self._late_in_a_row = state["last"], state["late_in_a_row"]
