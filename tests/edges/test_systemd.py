"""What systemd hears of us, over a real socket such as it gives."""

import asyncio
import os
import socket

import pytest

from repcount.edges import systemd


@pytest.fixture(params=["a path", "an abstract name"])
def ear(request, tmp_path, monkeypatch):
    name = str(tmp_path / "notify") if request.param == "a path" else f"@repcount-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name[1:]}" if name.startswith("@") else name)
        listening.settimeout(5.0)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield listening


def test_states_arrive_together(ear):
    systemd.tell(systemd.READY, "STATUS=all is well")
    assert ear.recv(1000) == b"READY=1\nSTATUS=all is well"


async def test_it_hears_that_we_live_as_often_as_it_asks(ear, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    alive = asyncio.create_task(systemd.stay_alive(lambda: "2 stations"))
    for _ in range(3):
        assert await asyncio.to_thread(ear.recv, 1000) == b"WATCHDOG=1\nSTATUS=2 stations"
    alive.cancel()


@pytest.mark.parametrize(("period", "pid"), [(None, None), ("", None), ("soon", None), ("20000000", "1")])
async def test_nobody_who_does_not_ask_is_told(monkeypatch, period, pid):
    for name, value in (("WATCHDOG_USEC", period), ("WATCHDOG_PID", pid)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert systemd.watchdog_s() is None
    async with asyncio.timeout(5.0):
        await systemd.stay_alive(lambda: "never asked")


def test_without_systemd_nothing_is_told_and_a_deaf_one_ends_nothing(monkeypatch, tmp_path, caplog):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    systemd.tell(systemd.READY)
    assert caplog.text == ""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    systemd.tell(systemd.READY)
    assert "systemd does not hear us" in caplog.text
