"""What the tests of the MQTT edge look through: a subscriber, and a gate between service and broker."""

import asyncio
import contextlib
import json
import threading

import paho.mqtt.client as mqtt

from repcount.edges.mqtt.client import MqttService
from repcount.edges.mqtt.embedded import EmbeddedBroker

LIMIT_S = 15.0


async def until(condition, what):
    """Wait until `condition()` is true; other threads and processes give no event to wait for."""
    try:
        async with asyncio.timeout(LIMIT_S):
            while not condition():  # noqa: ASYNC110 - as said above
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"in vain waited for: {what}") from None


class Watcher:
    """A client of the broker that keeps what it hears, in order."""

    def __init__(self):
        self.heard = []
        self._subscribed = threading.Event()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _c, _u, message: self.heard.append(message)

    async def hear(self, port, topic="#"):
        self._client.on_connect = lambda client, *_: client.subscribe(topic, 1)
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()
        await until(self._subscribed.is_set, "the subscription")
        return self

    def publish(self, topic, payload, *, retain=False):
        self._client.publish(topic, payload, 1, retain)

    async def leave(self):
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def on(self, topic):
        """Payloads heard on `repcount/v1/<topic>`, JSON where it is."""
        return [
            _value(message.payload) for message in list(self.heard) if message.topic == f"repcount/v1/{topic}"
        ]

    def last(self, topic):
        return (self.on(topic) or [None])[-1]


def _value(payload):
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode()


class Embedded:
    """The embedded broker as one that can die and come back on the same port."""

    def __init__(self):
        self._broker = EmbeddedBroker(port=0)
        self.port = 0

    async def start(self):
        await self._broker.start()
        assert self.port in {0, self._broker.port}
        self.port = self._broker.port

    async def kill(self):
        await self._broker.stop()


class System:
    """A `Mosquitto` with the same handles."""

    def __init__(self, mosquitto):
        self._broker = mosquitto
        self.port = mosquitto.port

    async def start(self):
        self._broker.start()

    async def kill(self):
        self._broker.kill()


class Gate:
    """A port in front of the broker's, so that a test says when the service finds it.

    `mute` swallows what the service says without breaking the connection, `deaf` what it is told; `heard` is
    what it said.
    """

    def __init__(self, port):
        self.port, self._target, self.heard = port, 0, bytearray()
        self.mute = self.deaf = False
        self._server, self._writers = None, set()

    async def open(self, target):
        self._target, self.mute, self.deaf = target, False, False
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    @property
    def carries(self):
        """Whether a connection goes through."""
        return bool(self._writers)

    async def shut(self):
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await until(lambda: not self._writers, "the gate to shut")

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError):
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._target)
            both = {writer, to_writer}
            self._writers |= both
            await asyncio.gather(
                self._carry(reader, to_writer, out=True), self._carry(to_reader, writer, out=False)
            )
            self._writers -= both
        writer.close()

    async def _carry(self, reader, writer, *, out):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if out:
                    self.heard += data
                if not (self.mute if out else self.deaf):
                    writer.write(data)
                    await writer.drain()
        writer.close()


class Desk:
    """A service under test, and what it told its caller."""

    def __init__(self, url, answer=lambda _request: None, **kwargs):
        self.links, self.requests = [], []
        self._answer = answer
        self.service = MqttService(
            url,
            on_command=self._command,
            on_link=lambda up, reason: self.links.append((up, reason)),
            **kwargs,
        )

    def _command(self, request):
        self.requests.append(request)
        return self._answer(request)

    @property
    def ups(self):
        return [up for up, _ in self.links]
