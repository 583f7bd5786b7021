"""Tickets: what a page shows the service, over a broker where others listen, to be told from them.

A page takes one over HTTP, which only those who may see the page can, and puts it into a question. It is good
once: who reads it at the broker comes too late.
"""

import secrets
from collections.abc import Callable

GOOD_S = 30.0
"""From the tap until the question has gone through the broker, on a bad network."""
MOST_OUT = 100
TICKET_BYTES = 16


class Tickets:
    """Gives out tickets and takes each once; `now_s` is any clock that only goes forward."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._until_s: dict[str, float] = {}

    def give(self) -> str:
        """Make a new ticket; of too many the oldest is void."""
        while len(self._until_s) >= MOST_OUT:
            del self._until_s[next(iter(self._until_s))]
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        self._until_s[ticket] = self._now_s() + GOOD_S
        return ticket

    def take(self, ticket: object) -> bool:
        """Whether this is a ticket that was given out lately, and not taken yet."""
        until_s = self._until_s.pop(ticket, None) if isinstance(ticket, str) else None
        return until_s is not None and self._now_s() < until_s
