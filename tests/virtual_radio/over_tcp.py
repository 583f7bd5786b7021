"""`repcount` in a process of its own, its Bluetooth adapter a controller in another: HCI over a socket.

Run as a program, with the port and the words for `repcount`; the first word `deaf` instead reads the sensor
named after it and does nothing with what comes. The controller is made by `adapter`.
"""

import asyncio
import socket
import sys
from contextlib import aclosing, asynccontextmanager
from functools import wraps
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bumble.transport import open_transport
from bumble.transport.tcp_server import open_tcp_server_transport_with_socket

from repcount import cli
from repcount.app import live, record, scan
from repcount.edges.ble import BleSensor
from repcount.edges.clock import monotonic_s
from repcount.edges.profiles import load_profile, profile_names
from virtual_radio.air import Chip
from virtual_radio.bleak_backend import backend_of
from virtual_radio.peripheral import host_on

ADDRESS = "F0:00:00:00:00:AB"


@asynccontextmanager
async def adapter(air):
    """A controller that waits for its host on a port of this machine, which is given."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    async with await open_tcp_server_transport_with_socket(listening) as hci:
        Chip("adapter", hci.source, hci.sink, link=air)
        yield listening.getsockname()[1]


@asynccontextmanager
async def host_of(port):
    """Yield the host of the controller at `port`."""
    async with await open_transport(f"tcp-client:127.0.0.1:{port}") as hci:
        host = host_on(hci.source, hci.sink, "central", ADDRESS)
        await host.power_on()
        yield host


def _over(port, real):
    """What speaks to the radio, over the controller at `port`."""

    @wraps(real)
    async def run(*args, **how):
        async with host_of(port) as host:
            return await real(*args, **(how | {"backend": backend_of(host)}))

    return run


async def _read(port, name):
    profiles = [load_profile(one) for one in profile_names()]
    async with host_of(port) as host:
        sensor = BleSensor(name, profiles, clock=monotonic_s, backend=backend_of(host))
        async with aclosing(aiter(sensor)) as notifications:
            async for _ in notifications:
                pass


if __name__ == "__main__":
    _, at_port, verb, *words = sys.argv
    if verb == "deaf":
        asyncio.run(_read(at_port, *words))
    for module, name in ((live, "live"), (record, "record"), (scan, "_scan")):
        setattr(module, name, _over(at_port, getattr(module, name)))
    sys.exit(cli.main([verb, *words]))
