import asyncio
import random
import socket
import time

import pytest

from repcount.edges.mqtt.embedded import EmbeddedBroker

CONNECT = b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x0f\x00\x03%s"
CONNACK = b"\x20\x02\x00\x00"
SUBSCRIBE = b"\x82\x08\x00\x01\x00\x03a/b\x01"
SUBACK = b"\x90\x03\x00\x01\x01"
PUBLISH = b"\x32\x0a\x00\x03a/b\x00\x07hey"
PUBACK = b"\x40\x02\x00\x07"
LIMIT_S = 5.0


@pytest.fixture
async def broker():
    broker = EmbeddedBroker(port=0)
    await broker.start()
    yield broker
    await broker.stop()


class Client:
    """A few packets by hand, so that it may behave badly."""

    def __init__(self, port):
        self._port = port

    async def __aenter__(self):
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_):
        self._writer.transport.abort()

    def say(self, data):
        self._writer.write(data)

    async def expect(self, data):
        async with asyncio.timeout(LIMIT_S):
            assert await self._reader.readexactly(len(data)) == data

    async def seek(self, data):
        """Read up to and with `data`: what is retained may come before it."""
        async with asyncio.timeout(LIMIT_S):
            await self._reader.readuntil(data)

    async def join(self, name):
        self.say(CONNECT % name)
        await self.expect(CONNACK)


async def is_served(port):
    async with Client(port) as one:
        await one.join(b"new")
        one.say(SUBSCRIBE)
        await one.expect(SUBACK)
        one.say(PUBLISH)
        await one.expect(PUBACK)
    return True


async def test_it_says_where_it_listens_and_serves(broker):
    assert broker.url == f"mqtt://127.0.0.1:{broker.port}"
    assert await is_served(broker.port)


async def test_a_taken_port_is_left_alone_and_the_next_free_one_used():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        wished = other.getsockname()[1]
        broker = EmbeddedBroker(port=wished)
        await broker.start()
        assert broker.port != wished
        assert await is_served(broker.port)
        await broker.stop()


async def test_two_brokers_that_wish_for_the_usual_port_both_start():
    first, second = EmbeddedBroker(), EmbeddedBroker()
    await first.start()
    await second.start()
    ports = first.port, second.port
    await first.stop()
    await second.stop()

    assert ports[0] != ports[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "localhost"])
def test_only_an_address_of_this_machine_will_do(host):
    with pytest.raises(ValueError, match=r"this machine|appear"):
        EmbeddedBroker(host)


async def test_stopping_is_quick_whatever_the_clients_do():
    broker = EmbeddedBroker(port=0)
    await broker.start()
    async with Client(broker.port) as silent, Client(broker.port) as deaf, Client(broker.port) as halfway:
        silent.say(b"")
        halfway.say(CONNECT[:5])
        await deaf.join(b"one")
        deaf.say(SUBSCRIBE)
        await deaf.expect(SUBACK)
        for _ in range(30):  # comes back and is never acknowledged
            deaf.say(PUBLISH)
        await deaf.expect(PUBACK)

        started_s = time.monotonic()
        await broker.stop()

        assert time.monotonic() - started_s < 1.0
        with pytest.raises(OSError, match=r"refused|failed|reset"):
            await asyncio.open_connection("127.0.0.1", broker.port)


async def test_it_starts_again_on_its_port_knowing_nobody(broker):
    port = broker.port
    await broker.stop()
    await broker.start()

    assert broker.port == port
    assert await is_served(port)


async def test_stopping_twice_or_before_the_start_is_harmless():
    broker = EmbeddedBroker(port=0)
    await broker.stop()
    await broker.start()
    await broker.stop()
    await broker.stop()


async def test_nobody_is_thrown_out_when_many_come_at_once(broker):
    topics = [b"a/%c" % letter for letter in range(ord("0"), ord("z"))]

    async def come(number, topic):
        for _ in range(number):  # one after the other, each while others are still busy
            await asyncio.sleep(0)
        async with Client(broker.port) as guest:
            await guest.join(b"%03d" % number)
            guest.say(SUBSCRIBE.replace(b"a/b", topic))
            await guest.seek(SUBACK)

    async with Client(broker.port) as one:
        await one.join(b"one")
        for topic in topics:
            one.say(b"\x33" + PUBLISH[1:].replace(b"a/b", topic))  # retained
            await one.expect(PUBACK)
        await asyncio.gather(*(come(number, topic) for number, topic in enumerate(topics)))


async def test_rubbish_disturbs_nobody_and_is_not_logged(broker, caplog):
    chance = random.Random(11)  # noqa: S311 - seeded, no secret
    good = CONNECT % b"bad" + SUBSCRIBE + PUBLISH
    async with Client(broker.port) as guest:
        await guest.join(b"one")
        for _ in range(60):
            packets = bytearray(good)
            for _ in range(chance.randrange(1, 6)):
                packets[chance.randrange(len(packets))] = chance.randrange(256)
            async with Client(broker.port) as vandal:
                vandal.say(bytes(packets))
                vandal.say(chance.randbytes(30))
                await vandal._writer.drain()
        guest.say(SUBSCRIBE)
        await guest.expect(SUBACK)
    assert await is_served(broker.port)
    await broker.stop()

    assert [record.message for record in caplog.records if record.levelname != "DEBUG"] == []


async def test_a_client_that_amqtt_stumbles_over_is_let_go_and_others_are_served(broker, monkeypatch, caplog):
    async def stumble(*_):
        raise KeyError("its own mistake")

    with monkeypatch.context() as patch:
        patch.setattr(broker._broker, "external_connected", stumble)
        async with Client(broker.port) as one, asyncio.timeout(LIMIT_S):
            assert await one._reader.read() == b""
    assert "could not serve: KeyError" in caplog.text
    await is_served(broker.port)


async def test_who_is_still_served_when_the_loop_ends_is_let_go_without_an_error(monkeypatch):
    """Python 3.11 logs a cancelled connection with a traceback."""
    broker = EmbeddedBroker(port=0)
    await broker.start()

    async def for_ever(*_):
        await asyncio.Event().wait()

    monkeypatch.setattr(broker._broker, "external_connected", for_ever)
    async with Client(broker.port), asyncio.timeout(LIMIT_S):
        while not broker._clients:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
        (serving,) = broker._clients
        await broker.stop()
        serving.cancel()
        await serving
    assert not serving.cancelled()
