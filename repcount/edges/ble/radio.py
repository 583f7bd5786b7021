"""The one radio that all sensors of a program share."""

import asyncio
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner


@dataclass(frozen=True, slots=True)
class Backend:
    """Who speaks to the radio in place of the platform's own, by bleak's `backend=` parameters."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None


_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def radio_turn() -> asyncio.Lock:
    """Lock to hold while scanning or connecting: BlueZ refuses the second of two at once (`InProgress`)."""
    return _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())
