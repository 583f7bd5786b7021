"""The page behind a broker with TLS, accounts and an access list: the relay logs it in."""

import getpass
import secrets
import shutil
import ssl
import subprocess
from contextlib import asynccontextmanager

import aiohttp
import pytest
from fixtures_mosquitto import free_port
from mqtt_tools import Gate, until

from repcount.edges.dashboard import Dashboard, Upstream

CONNECT = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x0f\x00\x02ab"
ACCEPTED, REFUSED = b"\x20\x02\x00\x00", b"\x20\x02\x00\x05"
TRY_AGAIN_LATER = 1013
PASSWORD = secrets.token_hex()

pytestmark = pytest.mark.system


@pytest.fixture
def guarded(mosquitto, tmp_path):
    """A mosquitto with TLS of its own authority, that knows `gym` by its password."""
    for tool in ("openssl", "mosquitto_passwd"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    key, certificate, passwords = tmp_path / "key.pem", tmp_path / "cert.pem", tmp_path / "passwords"
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        f"-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, "gym", PASSWORD], check=True)
    broker = mosquitto(
        f"user {getpass.getuser()}",  # else one that root starts cannot read what is root's
        f"certfile {certificate}",
        f"keyfile {key}",
        f"password_file {passwords}",
        "allow_anonymous false",
    )
    broker.start()
    return broker, certificate


@asynccontextmanager
async def connected(upstream):
    """A browser that has connected through the page's server, and what the broker answered."""
    page = Dashboard(upstream, port=free_port())
    await page.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                f"{page.url}mqtt", protocols=("mqtt",), headers={"Origin": page.url[:-1]}
            ) as ws,
        ):
            await ws.send_bytes(CONNECT)
            yield ws, (await ws.receive(5)).data
    finally:
        await page.stop()


async def answer(upstream):
    async with connected(upstream) as (_, said):
        return said


def behind(broker, tls, password=PASSWORD):
    return Upstream(host="127.0.0.1", port=broker.port, user="gym", password=password, tls=tls)


async def test_a_browser_is_logged_in_over_tls(guarded):
    broker, certificate = guarded
    tls = ssl.create_default_context(cafile=str(certificate))

    assert await answer(behind(broker, tls)) == ACCEPTED


async def test_a_wrong_password_is_the_broker_s_to_refuse(guarded):
    broker, certificate = guarded
    tls = ssl.create_default_context(cafile=str(certificate))

    assert await answer(behind(broker, tls, PASSWORD[::-1])) == REFUSED


async def test_a_broker_whose_certificate_nobody_knows_is_not_believed(guarded):
    broker, _ = guarded

    assert await answer(behind(broker, ssl.create_default_context())) == TRY_AGAIN_LATER


async def test_a_broker_that_says_no_goodbye_is_let_go_of(guarded):
    broker, certificate = guarded
    gate = Gate(free_port())
    await gate.open(broker.port)
    tls = ssl.create_default_context(cafile=str(certificate))
    async with connected(behind(gate, tls)) as (browser, said):
        assert said == ACCEPTED
        gate.deaf = True
        await browser.close()
        await until(lambda: not gate.carries, "the broker to be let go of")
    await gate.shut()


def test_a_password_is_in_no_repr():
    assert PASSWORD not in repr(Upstream(host="x", port=1, user="gym", password=PASSWORD))
