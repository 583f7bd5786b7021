"""Events on their way to the broker, in order, until it has acknowledged them."""

from collections import deque

from repcount.edges.mqtt.payloads import Message

MOST_EVENTS = 10_000
"""Hours of training; some 5 MB."""
MOST_IN_FLIGHT = 100
"""Handed to the client at a time; it numbers messages with 16 bits."""


class Outbox:
    """A bounded queue in RAM: what is in it dies with the process.

    When it is full the oldest event is given up, and counted in `lost`.
    """

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self.lost = 0
        self._most = most
        self._waiting: deque[Message] = deque()
        self._in_flight: dict[int, Message] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._in_flight)

    def add(self, message: Message) -> None:
        """Append an event."""
        self._waiting.append(message)
        if len(self) > self._most:
            self._waiting.popleft()
            self.lost += 1

    def next(self) -> Message | None:
        """Return the event to be handed on now, if there is one; `sent` removes it."""
        return self._waiting[0] if self._waiting and len(self._in_flight) < MOST_IN_FLIGHT else None

    def sent(self, mid: int) -> None:
        """`next` was handed on under this message id."""
        self._in_flight[mid] = self._waiting.popleft()

    def acknowledged(self, mid: int) -> None:
        """The broker has it; ids of other messages are ignored."""
        self._in_flight.pop(mid, None)

    def rewind(self) -> None:
        """The connection is a new one: what was not acknowledged goes out again, in order."""
        self._waiting.extendleft(reversed(self._in_flight.values()))
        self._in_flight.clear()
