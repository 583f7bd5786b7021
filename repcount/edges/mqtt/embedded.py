"""A broker of our own for one household: amqtt on loopback, in the caller's event loop.

Rules: TCP on loopback only, MQTT 3.1.1, no accounts, nothing kept when it stops. amqtt does not notice
silent clients and shows retained messages to anybody: harmless where service and broker live and die
together, and reason enough to use mosquitto everywhere else. The sockets are ours: amqtt leaves some open.
"""

import asyncio
import contextlib
import errno
import logging
from collections.abc import Iterator
from ipaddress import ip_address

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.session import Session

_log = logging.getLogger(__name__)

WISHED_PORT = 1883
PORTS_TRIED = 10
"""From the wished one on; after them any free port will do."""
STOP_LIMIT_S = 0.4
"""For each of the two halves of stopping, which must stay below 1 s together."""

_LISTENER = "default"
_CONFIG = {
    "listeners": {_LISTENER: {"type": "external"}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
}


class _Subscriptions(dict[str, list[tuple[Session, int]]]):
    """Lets amqtt walk all subscriptions while others come and go.

    It does so when a client connects, waiting for the network in between: without this, whoever subscribes at
    that moment throws the newcomer out.
    """

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().__iter__()))


class EmbeddedBroker:
    """An anonymous MQTT broker on a loopback address.

    Parameters
    ----------
    host
        A loopback address.
    port
        The wished port: the next free one is taken when it is in use; None for MQTT's own, 0 for any.

    Raises
    ------
    ValueError
        When `host` can be reached from other machines.
    """

    def __init__(self, host: str = "127.0.0.1", port: int | None = None) -> None:
        if not ip_address(host).is_loopback:
            raise ValueError(f"a broker without accounts must stay on this machine, not on {host}")
        self.host = host
        self.port = WISHED_PORT if port is None else port
        self._server: asyncio.Server | None = None
        self._broker: Broker | None = None
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        """Where clients find it, once started."""
        return f"mqtt://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    async def start(self) -> None:
        """Listen; `port` then says where.

        Raises
        ------
        OSError
            When not even any free port can be had.
        """
        for name in ("amqtt", "transitions"):  # they narrate every packet, and call a closed socket an error
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._broker = Broker(_CONFIG)
        self._broker._subscriptions = _Subscriptions()  # noqa: SLF001 - see there
        await self._broker.start()
        self._server = await self._listen()
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Disconnect everybody and stop listening, within 1 s."""
        broker, server, self._broker, self._server = self._broker, self._server, None, None
        if server is not None:
            server.close()
        if broker is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_LIMIT_S):
                    await broker.shutdown()
        for writer in self._clients.values():
            writer.transport.abort()
        if self._clients:
            await asyncio.wait(self._clients, timeout=STOP_LIMIT_S)

    async def _listen(self) -> asyncio.Server:
        for port in range(self.port, self.port + PORTS_TRIED) if self.port else ():
            try:
                return await asyncio.start_server(self._serve, self.host, port)
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
        return await asyncio.start_server(self._serve, self.host, 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or self._broker is None:
            writer.close()
            return
        self._clients[task] = writer
        try:
            with contextlib.suppress(OSError):  # the client is gone, and amqtt says goodbye to it
                await self._broker.external_connected(
                    StreamReaderAdapter(reader), StreamWriterAdapter(writer), _LISTENER
                )
        except asyncio.CancelledError:
            if self._broker is not None:
                raise  # else the loop ends, and Python 3.11 would log who was let go of as an error
        except Exception as error:  # noqa: BLE001 - amqtt's own, of whatever kind: one client is not the broker
            if self._broker is not None:  # else it stops, and whoever was about to connect is let go
                _log.warning("the broker let go of a client that it could not serve: %r", error)
        finally:
            del self._clients[task]
            writer.close()
