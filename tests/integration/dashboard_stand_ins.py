"""A broker that can die and come back, and a stand-in for the service that publishes at it."""

import asyncio
import contextlib
import json
import socket
import subprocess
from datetime import UTC, datetime, timedelta

import paho.mqtt.client as mqtt

LIMIT_S = 10.0


class Broker:
    """mosquitto without persistence on one port, which can die and come back."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    async def start(self):
        self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
            ["mosquitto", "-p", str(self.port)], stderr=subprocess.DEVNULL
        )
        async with asyncio.timeout(LIMIT_S):
            while not self._listens():  # noqa: ASYNC110 - another process gives no event
                await asyncio.sleep(0.01)

    def stop(self):
        self._process.terminate()
        self._process.wait(LIMIT_S)

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


class Service:
    """Stands in for the service: publishes a station's state and events, hears the commands."""

    def __init__(self, port):
        self.commands = asyncio.Queue()
        loop = asyncio.get_running_loop()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(0.05, 0.2)
        self._client.on_connect = lambda client, *_: client.subscribe("repcount/v1/+/cmd/#", 1)
        self._client.on_message = lambda _c, _u, message: loop.call_soon_threadsafe(
            self.commands.put_nowait, (message.topic.removeprefix("repcount/v1/"), message.payload.decode())
        )
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._sent = 0

    def stop(self):
        self._client.disconnect()
        self._client.loop_stop()

    async def asked(self, station="rack-1", *, result=None, refused=None):
        """Name and content of the next command of a page; it is answered."""
        topic, payload = await asyncio.wait_for(self.commands.get(), LIMIT_S)
        cmd, data = topic.removeprefix(f"{station}/cmd/"), json.loads(payload)
        answer = {
            "schema": 1,
            "cmd_id": data.pop("cmd_id"),
            "cmd": cmd,
            "ok": refused is None,
            "error": refused,
        }
        self.say(
            f"{station}/cmd-result", answer | ({} if result is None else {"result": result}), retain=False
        )
        return cmd, data

    def say(self, topic, payload, *, retain=True):
        raw = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        self._client.publish(f"repcount/v1/{topic}", raw, qos=1, retain=retain).wait_for_publish(LIMIT_S)

    def state(self, name, station="rack-1", **fields):
        self.say(f"{station}/state/{name}", self._envelope() | fields)

    def event(self, name, station="rack-1", **fields):
        self.say(f"{station}/event/{name}", self._envelope() | fields, retain=False)

    def count(self, reps, set_index=1, station="rack-1", **fields):
        self.state(
            "count", station, rep_count=reps, set_index=set_index, set_open=True, exercise="pull_up", **fields
        )

    def everything(self, station="rack-1", reps=7):
        self.say("service/status", "online")
        self.say(f"{station}/status", "online")
        self.count(reps, 3, station)
        self.state("exercise", station, exercise="pull_up", armed=True, available=["pull_up", "lat_pulldown"])
        self.state("tempo", station, **tempo())
        self.state("phase", station, phase="eccentric", progress_ratio=0.5)
        self.state("rest", station, resting=False, since=None)
        self.state("sensors", station, sensors={"wrist": {"connected": True, "battery_percent": 87}})
        self.state("today", station, sets=[done_set(1), done_set(2)])

    def _envelope(self):
        self._sent += 1
        return {"schema": 1, "id": f"{self._sent:08d}", "at": ago(0), "session": "s", "source": "live"}


def ago(seconds):
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def tempo(**fields):
    return {
        "set_index": 3,
        "rep_index": 7,
        "eccentric_s": 2.44,
        "pause_lengthened_s": 0.5,
        "concentric_s": 1.0,
        "pause_shortened_s": None,
        "controlled": True,
        "partial": False,
        "rom_deg": 84.2,
        "eccentric_target_s": 2.0,
    } | fields


def done_set(index):
    mean = {"eccentric_s": 2.31, "pause_lengthened_s": 0.4, "concentric_s": 1.02, "pause_shortened_s": 0.6}
    return {
        "set_index": index,
        "exercise": "pull_up",
        "rep_count": 10 + index,
        "start_at": ago(600),
        "end_at": ago(550),
        "mean_tempo": mean,
        "controlled_reps": 9,
        "time_under_tension_s": 44.1,
    }
