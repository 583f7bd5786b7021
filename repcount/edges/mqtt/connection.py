"""paho's client, tamed: the only module that knows paho, and all that runs in its thread.

What was not acknowledged when a connection broke is forgotten here: paho would put old states on top of new
ones. Whoever wants it said again says it again in `connected`.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import sys
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
    """Connects, and again; tells `listener` through `call`, which leads to the caller's thread."""

    def __init__(
        self,
        url: BrokerUrl,
        tls: ssl.SSLContext | None,
        client_id: str,
        will: Message,
        listener: Listener,
        call: Callable[..., object],
    ) -> None:
        self._url, self._listener, self._call = url, listener, call
        self._left = False
        self._greeted: bool | None = False
        """Whether the broker has said anything on this connection; None when that it does not want us."""
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv311)
        if url.user is not None:
            client.username_pw_set(url.user, url.password)
        if tls is not None:
            client.tls_set_context(tls)
        client.will_set(will.topic, will.payload, will.qos, will.retain)
        client.reconnect_delay_set(RECONNECT_FIRST_S, RECONNECT_LAST_S)
        client.connect_timeout = CONNECT_LIMIT_S
        client.max_queued_messages_set(MOST_QUEUED)
        client.on_socket_open = _send_at_once
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        self._client = client

    def start(self) -> None:
        """Begin to connect, in paho's thread."""
        self._client.connect_async(self._url.host, self._url.port, KEEPALIVE_S)
        self._client.loop_start()

    def publish(self, message: Message) -> int | None:
        """Hand a message on; the id it will be acknowledged by, or None when it was not taken."""
        info = self._client.publish(message.topic, message.payload, message.qos, message.retain)
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
        connected = self._client.is_connected()
        self._client.disconnect()
        if connected:
            await asyncio.to_thread(self._client.loop_stop)
        else:  # paho's thread waits for the network or sleeps, for some seconds; it ends by itself
            threading.Thread(target=self._client.loop_stop, daemon=True).start()

    def _tell(self, function: Callable[..., None], *args: object) -> None:
        if not self._left:  # after that the caller's loop may be closed
            self._call(function, *args)

    def _on_connect(
        self, client: paho.Client, _data: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        if code.is_failure:
            self._tell(self._listener.disconnected, refused(code, self._url))
            self._greeted = None  # the end that follows says nothing new
            return
        self._greeted = True
        client.drop_out_messages()
        self._tell(self._listener.connected)

    def _on_connect_fail(self, _client: paho.Client, _data: object) -> None:
        error = sys.exception()  # paho calls this while it handles the error, and does not hand it on
        self._tell(self._listener.disconnected, failed(error, self._url))

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        if self._greeted is not None:
            self._tell(self._listener.disconnected, broke(code, greeted=self._greeted))
        self._greeted = False

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
