"""The `/mqtt` WebSocket: bytes between a browser and the broker's TCP port, for pages of our own only.

Brokers do not check where a page came from, so any web page could drive a broker with a WebSocket port
of its own. This relay does check, understands no MQTT, and never logs what passes through it.
"""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from repcount.edges.dashboard.login import Login
from repcount.edges.site import refuse_strangers
from repcount.errors import InputError

SUBPROTOCOL = "mqtt"
FRAME_LIMIT_BYTES = 64 * 1024
"""No command or state is near this; a larger frame closes the connection with code 1009."""
CONNECT_LIMIT_S = 3.0
"""A broker on the same network answers in milliseconds; the page tries again by itself."""
CLOSE_LIMIT_S = 0.5
"""How long a browser, or the broker, may take to say goodbye; stopping must stay below 1 s."""
HEARTBEAT_S = 20.0
"""A phone that left the network is noticed within one and a half of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The broker behind the relay; with `user` browsers are logged in, with `tls` the way there is safe."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class Relay:
    """Carries bytes between WebSockets and a broker; browsers never learn its name and password."""

    def __init__(self, broker: Upstream) -> None:
        self._broker = broker
        self._open: set[web.WebSocketResponse] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one browser until it or the broker leaves."""
        if SUBPROTOCOL not in request.headers.get("Sec-WebSocket-Protocol", "").replace(" ", "").split(","):
            raise web.HTTPBadRequest(text="This is a WebSocket with the subprotocol 'mqtt'.\n")
        refuse_strangers(request)
        socket = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,),
            timeout=CLOSE_LIMIT_S,
            heartbeat=HEARTBEAT_S,
            max_msg_size=FRAME_LIMIT_BYTES,
            compress=False,
        )
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._serve(socket)
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Say goodbye to every browser, within `CLOSE_LIMIT_S` even to those that do not listen."""
        goodbyes = [
            asyncio.wait_for(
                socket.close(code=WSCloseCode.GOING_AWAY, message=b"the dashboard stops"), CLOSE_LIMIT_S
            )
            for socket in self._open
        ]
        await asyncio.gather(*goodbyes, return_exceptions=True)

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                reader, writer = await asyncio.open_connection(
                    self._broker.host, self._broker.port, limit=FRAME_LIMIT_BYTES, ssl=self._broker.tls
                )
        except OSError:  # refused, unreachable, unknown name, untrusted, or a TimeoutError
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"no broker")
            return
        to_browser = asyncio.create_task(_to_browser(reader, socket))
        try:
            await _to_broker(socket, writer, self._login())
        finally:
            to_browser.cancel()
            await asyncio.gather(to_browser, return_exceptions=True)
            await _let_go(writer)

    def _login(self) -> Login | None:
        return None if self._broker.user is None else Login(self._broker.user, self._broker.password)


async def _to_broker(
    socket: web.WebSocketResponse, writer: asyncio.StreamWriter, login: Login | None
) -> None:
    """Until the browser closes; `drain` holds it back while the broker is slow."""
    async for message in socket:
        if message.type is not WSMsgType.BINARY:  # MQTT over WebSocket has binary frames only
            await socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b"binary frames only")
            return
        data: bytes | None = message.data
        if login is not None:
            try:
                data = login.take(message.data)
            except InputError:
                await socket.close(code=WSCloseCode.PROTOCOL_ERROR, message=b"not MQTT 3.1.1")
                return
            if data is None:
                continue
            login = None
        try:
            writer.write(data or b"")
            await writer.drain()
        except ConnectionError:
            await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"broker gone")
            return


async def _let_go(writer: asyncio.StreamWriter) -> None:
    """Close the way to the broker: one silent at the goodbye of TLS would keep it open for half a minute."""
    try:
        writer.close()
        with contextlib.suppress(OSError):  # it was broken already, or a TimeoutError
            async with asyncio.timeout(CLOSE_LIMIT_S):
                await writer.wait_closed()
    finally:
        writer.transport.abort()


async def _to_browser(reader: asyncio.StreamReader, socket: web.WebSocketResponse) -> None:
    """Until the broker closes; `send_bytes` drains, so a slow browser holds the broker back."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(FRAME_LIMIT_BYTES):
            await socket.send_bytes(data)
    await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"broker gone")
