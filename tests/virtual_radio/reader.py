"""The unchanged BLE edge, reading one sensor over a virtual radio."""

import asyncio
from contextlib import aclosing

from virtual_time import now_s

from repcount.edges.ble import BleSensor


class Reader:
    """Reads until closed; an async context manager. `came`: notifications, `states`: said of the link."""

    def __init__(self, target, profiles, backend):
        self.came, self.states = [], []
        self.sensor = BleSensor(target, profiles, clock=now_s, backend=backend, on_state=self.states.append)
        self._task = None

    async def __aenter__(self):
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_error):
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _read(self):
        async with aclosing(aiter(self.sensor)) as stream:
            async for one in stream:
                self.came.append(one)

    async def until(self, held, limit_s=300.0):
        """Wait until `held()`; what ended the reading is raised."""
        async with asyncio.timeout(limit_s):
            while not held():
                if self._task.done():
                    await self._task
                await asyncio.sleep(0.01)

    async def connected(self):
        await self.until(lambda: self.sensor.state.connected)

    @property
    def payloads(self):
        return [one.payload for one in self.came]

    @property
    def whys(self):
        return [state.why for state in self.states if not state.connected]
