"""Which notification is next, which comes late or twice, and which is from a sensor that started again."""

from typing import Any


class Order:
    """Follow the counter of a sensor, `bits` wide; None where it has none, and all is taken as it comes.

    Notifications come at most `late_s` late, or they are not late ones but of a sensor that started again.
    """

    def __init__(self, bits: int | None, late_s: float) -> None:
        self._bits = bits
        self._late_s = late_s
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._last: int | None = None

    def ahead(self, counter: int | None, waited_s: float, length_s: float) -> int | None:
        """How many on this one is: 1 is the next, 0 late or repeated, None out of all order.

        It came `waited_s` after the last that was accepted, and holds samples of `length_s`.
        """
        if self._bits is None or self._last is None or counter is None:
            return 1
        half = 1 << (self._bits - 1)
        ahead = (counter - self._last + half) % (1 << self._bits) - half
        if ahead > 0:
            return ahead
        return 0 if max(-ahead * length_s, waited_s) <= self._late_s else None

    def accept(self, counter: int | None) -> None:
        """Go on from this notification."""
        self._last = counter

    @property
    def counts(self) -> bool:
        """Whether the sensor has a counter."""
        return self._bits is not None

    def lost(self, ahead: int | None) -> int | None:
        """How many notifications are missing before one that is `ahead` on; None if nobody can know."""
        return ahead - 1 if self.counts and ahead is not None else None

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"last": self._last}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._last = state["last"]
