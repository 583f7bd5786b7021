"""What benches have in common that look at a gym from outside: its process, and a client of its broker."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import paho.mqtt.client as mqtt

GYM = Path(__file__).with_name("gym.py")
WATCH_AGAIN_S = 5.0


class Gym:
    """A `gym.py` in a process of its own, perhaps held to one core; `said` are its events, by id."""

    def __init__(self, *words, core=None):
        self.said = {}
        program = [sys.executable, str(GYM), *map(str, words)]
        held = [] if core is None else ["taskset", "-c", str(core)]
        self._process = subprocess.Popen([*held, *program], stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            event = json.loads(line)
            self.said[event["id"]] = event

    @property
    def rss_mib(self):
        """Memory that it holds now."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def cpu_s(self):
        """What it has used of a core, by Linux's count."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        """End it politely, and read all that it said."""
        self._process.terminate()
        self._process.wait(30)
        self._reader.join(30)


class Ear:
    """A client that notes when it heard each event, by id, and how often it was repeated."""

    def __init__(self, port, *, signal=False, protocol=mqtt.MQTTv311):
        self.heard, self.repeated, self.frames = {}, 0, 0
        self._signal = signal
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=protocol)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._connected
        self._client.on_message = self._message
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def _connected(self, client, *_):
        client.subscribe([("repcount/v1/+/event/+", 1), *([("repcount/v1/+/signal", 0)] * self._signal)])

    def _message(self, _client, _user, message):
        now_s = time.monotonic()
        if message.topic.endswith("/signal"):
            self.frames += 1
            return
        if message.topic.endswith("/event/ha"):
            return
        event = json.loads(message.payload)
        self.repeated += event["id"] in self.heard
        self.heard.setdefault(event["id"], now_s)

    def watch(self, stations):
        """Ask for the signal of all stations, as a page does that is open."""
        for number in range(stations):
            self._client.publish(f"repcount/v1/rack-{number}/cmd/watch", b"", 1)

    def leave(self):
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


def percentiles(values):
    """p50, p95, p99 and the largest, as text in ms."""
    p50, p95, p99, most = np.percentile(np.array(values) * 1e3, (50, 95, 99, 100))
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, most {most:.1f} ms of {len(values)}"


def say(text):
    """Print at once."""
    print(text, flush=True)  # noqa: T201 - it is what this is for
