"""The program as people start it: another process, its words read as they come, its end awaited."""

import contextlib
import json
import math
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

LIMIT_S = 60.0
"""Nothing takes this long; a machine that does much else may."""


class Program:
    """`repcount <words>` in a process group of its own; `kill` leaves nothing of it."""

    def __init__(self, *words, **environment):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "repcount", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | environment,
        )
        self.out, self.err = [], []
        self._readers = [
            threading.Thread(target=_read, args=[stream, lines], daemon=True)
            for stream, lines in ((self._process.stdout, self.out), (self._process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    def events(self, kind):
        """Events of a type that were printed so far."""
        return [event for event in map(json.loads, list(self.out)) if event["type"] == kind]

    def said(self, pattern):
        """What the person at the terminal was told, where it matches."""
        return [found for line in list(self.err) if (found := re.search(pattern, line))]

    def wait_until(self, condition, what):
        """Wait until `condition()` is true; another process gives no event to wait for."""
        deadline_s = time.monotonic() + LIMIT_S
        while not condition():
            if time.monotonic() > deadline_s or self._process.poll() is not None:
                raise AssertionError(f"in vain waited for {what}; it said {self.err}")
            time.sleep(0.01)

    def wait_for(self, pattern):
        """Wait until the person is told this; return the match."""
        self.wait_until(lambda: self.said(pattern), pattern)
        return self.said(pattern)[0]

    def send(self, number):
        """Send the process, and nothing but it, a signal; Ctrl-C is SIGINT."""
        os.kill(self._process.pid, number)

    def ended(self, limit_s=LIMIT_S):
        """Wait for its end; return its exit code."""
        code = self._process.wait(limit_s)
        for reader in self._readers:
            reader.join(limit_s)
        return code

    def left_over(self):
        """Whether anything of its process group still runs."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self):
        """End it without a word, and whatever it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self.ended()
        self._process.stdout.close()
        self._process.stderr.close()


def _read(stream, lines):
    for line in stream:
        lines.append(line)


def hasten(source, folder, speed, until_s=math.inf):
    """Make a recording that came `speed` times as quick, until its `until_s`; returns its folder."""
    folder.mkdir()
    head, *lines = (source / "capture.jsonl").read_text().splitlines()
    came = [json.loads(line) for line in lines]
    first_s = came[0]["arrival_s"]

    def quick(arrival_s):
        quick_s = min(arrival_s - first_s, until_s)
        return arrival_s - quick_s + quick_s / speed

    hasty = [json.dumps(one | {"arrival_s": quick(one["arrival_s"])}) for one in came]
    (folder / "capture.jsonl").write_text("\n".join([head, *hasty]) + "\n")
    (folder / "meta.toml").write_bytes((source / "meta.toml").read_bytes())
    return folder


def is_open(port):
    """Whether anybody listens on a loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False
