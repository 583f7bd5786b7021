"""A real broker: the system's mosquitto on a free loopback port, which can die and come back."""

import contextlib
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

LIMIT_S = 10.0


class Mosquitto:
    """One mosquitto with its own configuration in `folder`; a restart keeps the port and forgets the rest."""

    def __init__(self, path, folder, *settings):
        self.port = free_port()
        self._log = Path(folder) / "mosquitto.log"
        config = Path(folder) / "mosquitto.conf"
        lines = [f"listener {self.port} 127.0.0.1", "set_tcp_nodelay true", "persistence false"]
        config.write_text("\n".join([*lines, "log_dest stderr", *(settings or ["allow_anonymous true"])]))
        self._command = [path, "-c", str(config)]
        self._process = None

    def start(self):
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline_s = time.monotonic() + LIMIT_S
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                pytest.fail(f"mosquitto does not listen:\n{self._log.read_text()}")
            time.sleep(0.005)

    def kill(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait(LIMIT_S)
            self._process = None

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


def mosquitto_path():
    """Where the program is; None where it is not installed."""
    return shutil.which("mosquitto") or shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mosquitto(tmp_path):
    """Makes a `Mosquitto` with the given settings, not started yet; skips where there is none."""
    path = mosquitto_path()
    if path is None:
        pytest.skip("mosquitto is not installed")
    made = []

    def make(*settings):
        made.append(Mosquitto(path, tmp_path, *settings))
        return made[-1]

    yield make
    for broker in made:
        broker.kill()
