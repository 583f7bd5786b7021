"""paho's client, tamed: the only module that knows paho.

The event loop watches its socket: a thread of paho's own is woken by every message, and takes its turns from
whoever counts. Only connecting, which looks up names and shakes hands, has a thread, for as long as it takes.

What was not acknowledged when a connection broke is forgotten here: paho would put old states on top of new
ones. Whoever wants it said again says it again in `connected`.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from repcount.edges.mqtt.faults import Fault, broke, failed, refused
from repcount.edges.mqtt.payloads import Message
from repcount.edges.mqtt.url import BrokerUrl

KEEPALIVE_S = 15
"""A vanished network is noticed within one and a half of these."""
CONNECT_LIMIT_S = 3.0
"""A broker in the house answers in milliseconds, one on the internet in a second."""
RECONNECT_FIRST_S, RECONNECT_LAST_S = 1, 10
"""Quick enough that a broker's restart is hardly seen, slow enough not to bother one that is down."""
TICK_S = 1.0
"""How often paho looks whether the broker is still there."""
LEAVE_S = 0.5
"""A network that has not taken the goodbye by then will not."""
MOST_QUEUED = 2000
"""In paho: the outbox's share, and states that a silent broker did not acknowledge."""

_log = logging.getLogger(__name__)
_TAKEN = {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN}
"""No connection: `disconnected` is about to come, and `connected` after it."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom a connection tells what happens; `disconnected` also when connecting failed, each time."""

    connected: Callable[[], None]
    disconnected: Callable[[Fault], None]
    acknowledged: Callable[[int], None]
    heard: Callable[[str, bytes], None]


class Connection:
    """Connects, and again, in the running event loop, which must watch sockets; tells `listener`, later."""

    def __init__(
        self, url: BrokerUrl, tls: ssl.SSLContext | None, client_id: str, will: Message, listener: Listener
    ) -> None:
        self._url, self._listener = url, listener
        self._left = False
        self._greeted: bool | None = False
        """Whether the broker has said anything on this connection; None when that it does not want us."""
        self._watched: paho.SocketLike | None = None
        self._closed = asyncio.Event()
        self._delay_s = RECONNECT_FIRST_S
        self._again: asyncio.TimerHandle | None = None
        self._ticking: asyncio.TimerHandle | None = None
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv311)
        if url.user is not None:
            client.username_pw_set(url.user, url.password)
        if tls is not None:
            client.tls_set_context(tls)
        client.will_set(will.topic, will.payload, will.qos, will.retain)
        client.connect_timeout = CONNECT_LIMIT_S
        client.max_queued_messages_set(MOST_QUEUED)
        client.on_socket_open = _send_at_once
        client.on_socket_close = self._on_socket_close
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        self._client = client

    def start(self) -> None:
        """Begin to connect."""
        self._loop = asyncio.get_running_loop()
        self._client.connect_async(self._url.host, self._url.port, KEEPALIVE_S)
        self._connect()
        self._tick()

    def publish(self, message: Message) -> int | None:
        """Hand a message on; the id it will be acknowledged by, or None when it was not taken."""
        info = self._client.publish(message.topic, message.payload, message.qos, message.retain)
        if self._client.want_write():  # paho writes at once what the network takes
            self._write_later()
        if info.rc in _TAKEN:
            return info.mid
        _log.warning("%s was not published: %s", message.topic, paho.error_string(info.rc))
        return None

    def subscribe(self, topic: str) -> None:
        """Hear a topic until the connection breaks."""
        rc, _ = self._client.subscribe(topic, qos=1)
        if rc not in _TAKEN:
            _log.warning("%s is not heard: %s", topic, paho.error_string(rc))

    async def leave(self) -> None:
        """Disconnect for good; the last will is not said."""
        self._left = True
        for timer in (self._again, self._ticking):
            if timer is not None:
                timer.cancel()
        self._client.disconnect()
        if self._watched is None:
            return
        self._closed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), LEAVE_S)
        if self._watched is not None:
            self._unwatch(self._watched).close()

    def _connect(self) -> None:
        self._again = None
        threading.Thread(target=self._reconnect, daemon=True).start()

    def _reconnect(self) -> None:
        """In a thread of its own."""
        try:
            self._client.reconnect()
        except OSError as error:
            self._hand_over(self._ended, failed(error, self._url))
        else:
            self._hand_over(self._watch)
        if self._left:  # meanwhile
            self._client.disconnect()
            self._client.loop_write()

    def _hand_over(self, function: Callable[..., None], *args: object) -> None:
        """From whatever thread to the loop, which may be closed once we left."""
        if not self._left:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function, *args)

    def _ended(self, fault: Fault | None) -> None:
        """There is no connection, for a reason that is told already where it is None: try again later."""
        if self._left:
            return
        if fault is not None:
            self._listener.disconnected(fault)
        if self._again is None:
            self._again = self._loop.call_later(self._delay_s, self._connect)
            self._delay_s = min(2 * self._delay_s, RECONNECT_LAST_S)

    def _tick(self) -> None:
        self._client.loop_misc()
        self._write_later()
        self._ticking = self._loop.call_later(TICK_S, self._tick)

    def _watch(self) -> None:
        sock = self._client.socket()
        if sock is not None and sock is not self._watched and not self._left:
            self._watched = sock
            self._loop.add_reader(sock, self._read)
            self._write_later()

    def _unwatch(self, sock: "paho.SocketLike") -> "paho.SocketLike":
        self._loop.remove_reader(sock)
        self._loop.remove_writer(sock)
        self._watched = None
        return sock

    def _read(self) -> None:
        self._client.loop_read()
        self._watch()  # where the broker speaks only an older MQTT, paho connected anew
        self._write_later()
        if isinstance(self._watched, ssl.SSLSocket) and self._watched.pending():
            self._loop.call_soon(self._read)

    def _write(self) -> None:
        self._client.loop_write()
        self._write_later()

    def _write_later(self) -> None:
        """What the network has not taken yet is written once it does."""
        if self._watched is None:
            return
        if self._client.want_write():
            self._loop.add_writer(self._watched, self._write)
        else:
            self._loop.remove_writer(self._watched)

    def _tell(self, function: Callable[..., None], *args: object) -> None:
        """Later: paho is in the middle of something."""
        if not self._left:
            self._loop.call_soon(function, *args)

    def _on_socket_close(self, _client: paho.Client, _data: object, sock: "paho.SocketLike") -> None:
        if sock is self._watched:
            self._unwatch(sock)
            self._closed.set()

    def _on_connect(
        self, client: paho.Client, _data: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        if code.is_failure:
            self._tell(self._listener.disconnected, refused(code, self._url))
            self._greeted = None  # the end that follows says nothing new
            return
        self._greeted, self._delay_s = True, RECONNECT_FIRST_S
        client.drop_out_messages()
        self._tell(self._listener.connected)

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        greeted, self._greeted = self._greeted, False
        self._hand_over(self._ended, None if greeted is None else broke(code, greeted=greeted))

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, codes: list[ReasonCode], _: object
    ) -> None:
        if any(code.is_failure for code in codes):
            _log.warning(
                "the broker at %s does not let us hear commands: the page's buttons will do nothing. Let "
                "this user read repcount/v1/+/cmd/+ (examples/mosquitto/repcount.acl)",
                self._url,
            )

    def _on_publish(self, _client: paho.Client, _data: object, mid: int, _code: object, _: object) -> None:
        self._tell(self._listener.acknowledged, mid)

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        if message.retain:  # said before we came, and said again at every connect
            return
        with contextlib.suppress(UnicodeDecodeError):
            self._tell(self._listener.heard, message.topic, message.payload)


def _send_at_once(_client: paho.Client, _data: object, sock: object) -> None:
    """Do not wait to fill a packet: a cue is worth nothing half a second later."""
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
