"""A micro:bit at the bar, and a sensor that reads it."""

import asyncio

import pytest
from peripheral import Air, Peripheral
from virtual_time import now_s

from repcount.edges.ble import BleSensor
from repcount.edges.profiles import load_profile

REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")
TEMPLATE = load_profile("firmware_profiles/_template.toml")
ALL = [MICROBIT, REFERENCE, TEMPLATE]
DATA = MICROBIT.stream.characteristic
PERIOD = MICROBIT.start[1].characteristic
STARTED = [("connect",), ("subscribe", DATA), ("write", PERIOD, b"\x14\x00", True)]
NAME = "BBC micro:bit [vatug]"


class Gym:
    """A micro:bit, a sensor reading it, and what the sensor said of its link."""

    def __init__(self, target=NAME, profiles=ALL, *others, lacks=()):
        self.microbit = Peripheral(MICROBIT, name=NAME, lacks=lacks)
        self.air = Air(self.microbit, *others)
        self.states = []
        self.sensor = BleSensor(
            target, profiles, clock=now_s, backend=self.air.backend, on_state=self.states.append
        )
        self.stream = aiter(self.sensor)
        self._next = asyncio.ensure_future(anext(self.stream))

    async def until(self, held, limit_s=200.0):
        for _ in range(round(limit_s / 0.05)):
            if held():
                return
            await asyncio.sleep(0.05)
        pytest.fail("it did not come to that")

    async def connected(self):
        await self.until(lambda: self.sensor.state.connected)

    async def said(self, n_states):
        await self.until(lambda: len(self.states) >= n_states)

    async def read(self, most):
        """That many notifications."""
        came = []
        for _ in range(most):
            came.append(await self._next)
            self._next = asyncio.ensure_future(anext(self.stream))
        return came

    async def close(self):
        self._next.cancel()
        await asyncio.wait([self._next])
        await self.stream.aclose()

    @property
    def whys(self):
        return [state.why for state in self.states]


def numbered(n, first=0):
    return [bytes([k] * 6) for k in range(first, first + n)]
