"""What a service tells systemd, where it runs under it: that it is ready, that it is alive, that it stops.

Source: sd_notify(3). Where there is no `NOTIFY_SOCKET`, nothing is told.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable

log = logging.getLogger(__name__)

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
_US_PER_S = 1e6


def tell(*states: str) -> None:
    """Tell systemd; that it does not hear is said once in the log, and no reason to stop."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.connect(f"\0{address[1:]}" if address.startswith("@") else address)
            to.send("\n".join(states).encode())
    except OSError as error:
        log.warning("systemd does not hear us at %s: %s", address, error)


def watchdog_s() -> float | None:
    """How often to say that we are alive, s: twice as often as it asks for; None when it does not."""
    pid, period_us = os.environ.get("WATCHDOG_PID"), os.environ.get("WATCHDOG_USEC", "")
    if not period_us.isdigit() or pid not in {None, str(os.getpid())}:
        return None
    return int(period_us) / _US_PER_S / 2


async def stay_alive(summary: Callable[[], str]) -> None:
    """Say that the event loop turns, for as long as it does, with a line for `systemctl status`."""
    every_s = watchdog_s()
    while every_s is not None:
        tell(ALIVE, f"STATUS={summary()}")
        await asyncio.sleep(every_s)
