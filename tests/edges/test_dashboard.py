"""The dashboard's server and relay against a fake broker: plain asyncio TCP that answers in upper case."""

import asyncio
import contextlib
import hashlib
import re
import secrets
import socket
import time

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from repcount.edges.dashboard import Dashboard, Upstream
from repcount.edges.dashboard.relay import FRAME_LIMIT_BYTES, refuse_strangers
from repcount.edges.dashboard.server import STATIC
from repcount.errors import InputError, LinkError

LIMIT_S = 5.0


class FakeBroker:
    """Sends back what it gets, in upper case; hangs up on `QUIT`."""

    def __init__(self):
        self.got = asyncio.Queue()
        self.port = 0
        self._open = {}

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()
        for writer in self._open.values():
            writer.transport.abort()  # it may wait for somebody who is gone
        await asyncio.gather(*self._open)

    async def _serve(self, reader, writer):
        self._open[asyncio.current_task()] = writer
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(FRAME_LIMIT_BYTES):
                self.got.put_nowait(data)
                if data == b"QUIT":
                    break
                writer.write(data.upper())
                await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def broker():
    fake = FakeBroker()
    await fake.start()
    yield fake
    await fake.stop()


@pytest_asyncio.fixture
async def dashboard(broker):
    served = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=0)
    await served.start()
    yield served
    await served.stop()


@pytest_asyncio.fixture
async def http(dashboard):
    async with aiohttp.ClientSession(dashboard.url, timeout=aiohttp.ClientTimeout(LIMIT_S)) as session:
        yield session


def connect(http, **headers):
    return http.ws_connect("/mqtt", protocols=["mqtt"], headers=headers)


async def refusal(http, protocols=("mqtt",), **headers):
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await http.ws_connect("/mqtt", protocols=protocols, headers=headers)
    return caught.value.status


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The page and its files


async def test_page_is_served_with_a_policy_that_allows_only_its_own_files(http):
    async with http.get("/") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_policy_holds_on_errors_too(http):
    async with http.get("/nothing-here") as answer:
        assert answer.status == 404
        assert "Content-Security-Policy" in answer.headers


async def test_page_names_only_files_that_are_served(http):
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    paths = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(paths) >= 4
    for path in paths:
        async with http.get(path) as answer:
            assert answer.status == 200, path


async def test_modules_have_a_type_browsers_run(http):
    async with http.get("/static/app.js") as answer:
        assert answer.content_type in {"text/javascript", "application/javascript"}


async def test_vendored_library_is_kept_for_ever_and_sent_compressed_where_accepted(http):
    path = next(file.name for file in (STATIC / "vendor").glob("mqtt-*.js"))
    async with http.get(f"/static/vendor/{path}", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "immutable" in packed.headers["Cache-Control"]
        unpacked = await packed.read()  # the client unpacks
    async with http.get(f"/static/vendor/{path}", headers={"Accept-Encoding": "identity"}) as plain:
        assert "Content-Encoding" not in plain.headers
        assert await plain.read() == unpacked


def test_vendored_files_are_those_on_record():
    record = (STATIC / "vendor" / "VENDORED.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", record, re.MULTILINE))
    present = {
        file.name
        for file in (STATIC / "vendor").iterdir()
        if "LICENSE" not in file.name and file.suffix != ".md"
    }
    assert set(listed) == present
    for name, digest in listed.items():
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest


async def test_nothing_outside_the_static_folder_is_served(http):
    async with http.get("/static/%2e%2e/server.py") as answer:
        assert answer.status in {403, 404}


async def test_healthz_says_ok(http):
    async with http.get("/healthz") as answer:
        assert await answer.json() == {"status": "ok"}


# Who may come in


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", ""])
async def test_foreign_host_name_is_refused(http, host):
    async with http.get("/", headers={"Host": host}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8321", "[::1]:8321", "192.168.1.20:8321"]
)
async def test_own_names_and_plain_addresses_are_served(http, host):
    async with http.get("/", headers={"Host": host}) as answer:
        assert answer.status == 200


async def test_further_names_are_served_when_given(broker):
    served = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=0, names=["gym.example"])
    await served.start()
    headers = {"Host": "gym.example"}
    async with aiohttp.ClientSession() as session, session.get(served.url, headers=headers) as answer:
        assert answer.status == 200
    await served.stop()


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "file://",
        "ftp://{host}",
        "http://[",
        "",
    ],
)
async def test_page_of_another_origin_cannot_reach_the_broker(http, dashboard, broker, origin):
    host = dashboard.url.removeprefix("http://").strip("/")
    assert await refusal(http, Origin=origin.format(host=host)) == 403
    assert broker.got.empty()


async def test_own_page_and_programs_of_this_machine_reach_the_broker(http, dashboard):
    for headers in ({"Origin": dashboard.url.rstrip("/")}, {}):
        async with connect(http, **headers) as ws:
            assert ws.protocol == "mqtt"
            await ws.send_bytes(b"hello")
            assert await ws.receive_bytes(timeout=LIMIT_S) == b"HELLO"


@pytest.mark.parametrize(("peer", "refused"), [("192.168.1.7", True), ("127.0.0.1", False), ("::1", False)])
def test_only_programs_of_this_machine_may_leave_out_the_origin(peer, refused):
    request = make_mocked_request("GET", "/mqtt", {"Sec-WebSocket-Protocol": "mqtt"}).clone(remote=peer)
    with pytest.raises(web.HTTPForbidden) if refused else contextlib.nullcontext():
        refuse_strangers(request)


async def test_socket_without_the_mqtt_subprotocol_is_refused(http):
    assert await refusal(http, protocols=("chat",)) == 400


async def test_a_ticket_is_given_to_the_page_alone_and_with_a_token_only_to_who_has_it(broker):
    upstream = Upstream(host="127.0.0.1", port=broker.port)
    served = Dashboard(upstream, port=0, token="t", give_ticket=lambda: "one")  # noqa: S106 - any will do
    await served.start()
    base = served.url.partition("?")[0]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.post(f"{base}ticket") as answer:
            assert answer.status == 403
        async with session.get(served.url) as answer:
            assert answer.status == 200
        async with session.post(f"{base}ticket", headers={"Origin": base.rstrip("/")}) as answer:
            assert await answer.json() == {"ticket": "one"}
        async with session.post(f"{base}ticket", headers={"Origin": "http://evil.example"}) as answer:
            assert answer.status == 403
        async with session.get(f"{base}ticket") as answer:
            assert answer.status == 405
    await served.stop()


async def test_token_is_asked_for_once_and_remembered(broker):
    served = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=0, token=secrets.token_urlsafe())
    await served.start()
    base = served.url.partition("?")[0]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        for path in ("", "?token=wrong", "static/app.js", "mqtt"):
            async with session.get(base + path) as answer:
                assert answer.status == 403, path
        async with session.get(base + "healthz") as answer:
            assert answer.status == 200
        async with session.get(served.url) as answer:
            assert answer.status == 200
            assert "token" not in str(answer.url)
        async with session.ws_connect(base + "mqtt", protocols=["mqtt"]) as ws:
            await ws.send_bytes(b"in")
            assert await ws.receive_bytes(timeout=LIMIT_S) == b"IN"
    await served.stop()


# Bytes


async def test_many_bytes_pass_unchanged_both_ways(http):
    data = bytes(range(256)) * 200
    async with connect(http) as ws:
        for _ in range(20):
            await ws.send_bytes(data)
        back = b""
        while len(back) < 20 * len(data):
            back += await ws.receive_bytes(timeout=LIMIT_S)
    assert back == data.upper() * 20


async def test_frame_beyond_the_limit_closes_the_connection(http):
    async with connect(http) as ws:
        await ws.send_bytes(bytes(FRAME_LIMIT_BYTES + 1))
        message = await ws.receive(timeout=LIMIT_S)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1009)


async def test_text_frame_closes_the_connection(http, broker):
    async with connect(http) as ws:
        await ws.send_str("no MQTT")
        message = await ws.receive(timeout=LIMIT_S)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1003)
    assert broker.got.empty()


async def test_absent_broker_closes_with_try_again_later():
    served = Dashboard(Upstream(host="127.0.0.1", port=free_port()), port=0)
    await served.start()
    async with aiohttp.ClientSession(served.url) as session, connect(session) as ws:
        message = await ws.receive(timeout=LIMIT_S)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1013)
    await served.stop()


async def test_broker_that_hangs_up_closes_the_websocket_and_a_new_one_works(http):
    async with connect(http) as ws:
        await ws.send_bytes(b"QUIT")
        message = await ws.receive(timeout=LIMIT_S)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1011)
    async with connect(http) as ws:
        await ws.send_bytes(b"again")
        assert await ws.receive_bytes(timeout=LIMIT_S) == b"AGAIN"


async def test_browser_that_leaves_frees_the_brokers_connection(http, dashboard):
    async with connect(http) as ws:
        await ws.send_bytes(b"x")
        await ws.receive_bytes(timeout=LIMIT_S)
        assert len(dashboard._relay._open) == 1
    async with asyncio.timeout(LIMIT_S):
        while dashboard._relay._open:  # noqa: ASYNC110 - nothing to wait on but the set itself
            await asyncio.sleep(0.01)


# Start and stop


async def test_stop_takes_less_than_a_second_with_open_websockets(broker):
    served = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=0)
    await served.start()
    async with aiohttp.ClientSession(served.url) as session:
        listening = await connect(session)
        deaf = [await connect(session) for _ in range(5)]  # never read, so never say goodbye
        begun = time.monotonic()
        _, message = await asyncio.gather(served.stop(), listening.receive(timeout=LIMIT_S))
        assert time.monotonic() - begun < 1.0
        assert message.data == 1001
        for ws in [listening, *deaf]:
            await ws.close()


async def test_browser_that_reads_nothing_does_not_delay_the_stop(broker):
    served = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=0)
    await served.start()
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", int(served.url.split(":")[2].strip("/")), limit=1
    )
    writer.write(
        b"GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"Sec-WebSocket-Protocol: mqtt\r\n\r\n"
    )
    frame = b"\x82\xfe\xff\xff" + bytes(4) + b"a" * 0xFFFF
    for _ in range(400):  # 26 MB that nobody fetches: every buffer on the way fills up
        writer.write(frame)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(writer.drain(), 0.05)
            continue
        break
    begun = time.monotonic()
    await served.stop()
    assert time.monotonic() - begun < 1.0
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    del reader


async def test_next_free_port_is_used_when_one_is_taken(dashboard, broker):
    taken = int(dashboard.url.rstrip("/").rpartition(":")[2])
    second = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=taken)
    await second.start()
    assert second.url != dashboard.url
    async with aiohttp.ClientSession() as session, session.get(second.url) as answer:
        assert answer.status == 200
    await second.stop()


async def test_no_free_port_is_said(broker, monkeypatch):
    monkeypatch.setattr("repcount.edges.site.PORTS_TRIED", 1)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        served = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=holder.getsockname()[1])
        with pytest.raises(LinkError, match="No free port"):
            await served.start()


async def test_foreign_address_is_an_input_error(broker):
    with pytest.raises(InputError, match=r"listen: cannot listen on 203\.0\.113\.1"):
        await Dashboard(Upstream(host="127.0.0.1", port=broker.port), host="203.0.113.1", port=0).start()


async def test_address_is_known_only_while_it_serves(dashboard):
    assert dashboard.url.startswith("http://127.0.0.1:")
    await dashboard.stop()
    await dashboard.stop()  # harmless
    with pytest.raises(RuntimeError):
        _ = dashboard.url
