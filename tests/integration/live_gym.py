"""The service with a configuration: a virtual radio and its sensors, a real broker, a page's questions."""

import asyncio
import contextlib
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp
from fixtures_mosquitto import free_port
from mqtt_tools import Watcher, until
from virtual_radio import Air, Peripheral, backend_of, central

from repcount.app.folders import own_config
from repcount.app.live import live
from repcount.app.settings import Spoken, live_options
from repcount.edges.profiles import load_profile
from repcount.edges.recording import read_recording
from repcount.samples import Notification

PULL_UPS = Path(__file__).parents[2] / "recordings" / "wrist_pull_up_strict_01"
REPS = 8
SPEED = 20
REFERENCE = load_profile("repcount_reference")


def station(station, *sensors, **more):
    """A station as it is written in a configuration."""
    lines = ["[[station]]", f'id = "{station}"', *(f"{key} = {value}" for key, value in more.items())]
    for sensor, placement in sensors:
        lines += ["[[station.sensor]]", f'name = "{sensor}"', f'placement = "{placement}"']
    return "\n".join(lines) + "\n"


class LiveGym:
    """An async context manager: broker, radio and service run in it.

    Parameters
    ----------
    mosquitto
        Makes a broker.
    folder
        Where the configuration is kept.
    text
        The configuration, without schema and broker; None starts the service with nothing said.
    """

    def __init__(self, mosquitto, folder, text, **spoken):
        self.path = folder / "repcount.toml"
        self._text, self._spoken, self._broker = text, spoken, mosquitto()
        self.port = free_port()
        self.air, self.watcher, self._asked, self._stack = Air(), Watcher(), 0, AsyncExitStack()

    async def __aenter__(self):
        self._broker.start()
        url = f"mqtt://127.0.0.1:{self._broker.port}"
        if self._text is None:
            self.path, said = own_config(), {"broker": url}
        else:
            self.path.write_text(f'schema = 1\n[broker]\nurl = "{url}"\n{self._text}')
            said = {"config": self.path}
        self.backend = backend_of(await central(self.air))
        await self.watcher.hear(self._broker.port)
        self._stack.push_async_callback(self.watcher.leave)
        options = live_options(Spoken(port=self.port, **said, **self._spoken), {})
        self._serving = asyncio.create_task(live(options, self.backend))
        self._stack.push_async_callback(self._stop)
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession())
        await until(
            lambda: self.watcher.last("service/status") == "online" or self._serving.done(), "the service"
        )
        return self

    async def __aexit__(self, *_error):
        await self._stack.aclose()

    async def _stop(self):
        self._serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._serving

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    async def sensor(self, name, number):
        """Switch on a sensor of that name."""
        made = Peripheral(REFERENCE, self.air, name=name, address=f"F0:00:00:00:00:{number:02X}")
        return await self._stack.enter_async_context(made)

    async def pull_up(self, sensor):
        """Do a set with a sensor on the wrist, much quicker than anybody can."""
        came = [item[1] for item in read_recording(PULL_UPS).items() if isinstance(item, tuple)]
        quick = [
            replace(one, arrival_s=one.arrival_s / SPEED) for one in came if isinstance(one, Notification)
        ]
        await sensor.play(quick)

    async def connected(self, station, sensor="wrist"):
        await until(lambda: self.status(station, sensor).get("connected"), f"{station}'s sensor")

    def status(self, station, sensor="wrist"):
        said = self.watcher.last(f"{station}/state/sensors") or {"sensors": {}}
        return said["sensors"].get(sensor, {})

    async def counted(self, station, reps=REPS):
        await until(
            lambda: (self.watcher.last(f"{station}/state/count") or {}).get("rep_count") == reps,
            f"{reps} reps of {station}",
        )

    async def ticket(self):
        async with self._http.post(f"{self.url}ticket") as answer:
            return (await answer.json())["ticket"]

    async def ask(self, cmd, **fields):
        """Ask the service as a page does; all its answers."""
        return await self.send(cmd, ticket=await self.ticket(), **fields)

    async def send(self, cmd, **fields):
        self._asked += 1
        cmd_id = f"q{self._asked}"
        self.watcher.publish(f"repcount/v1/service/cmd/{cmd}", json.dumps({**fields, "cmd_id": cmd_id}))
        answers = lambda: [one for one in self.watcher.on("service/cmd-result") if one["cmd_id"] == cmd_id]  # noqa: E731
        await until(lambda: any(one.get("done", True) for one in answers()), f"the answer to {cmd}")
        return answers()

    def retained(self, station):
        """What a broker keeps of a station: its topics whose last message is not empty."""
        last = {}
        for message in list(self.watcher.heard):
            if message.topic.startswith(f"repcount/v1/{station}/") or f"repcount_{station}/" in message.topic:
                last[message.topic] = message.payload
        kept = ("/status", "/config", "/state/")
        return [topic for topic, payload in last.items() if payload and any(part in topic for part in kept)]
