"""Fifty sensors at 100 Hz, each one's signal watched, on one core: how late is what is said.

    python tests/bench/bench_gym.py [--stations 50] [--seconds 60] [--core 0]

Needs mosquitto, taskset and two cores: the service is held to one, this listener and the broker have the
rest. Late is the time from when a notification was due to its event at a subscriber; what the sensors send is
encoded before it begins. The first 5 s, in which all connect, are left out.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

from fixtures_mosquitto import Mosquitto, mosquitto_path
from gym_watch import WATCH_AGAIN_S, Ear, Gym, percentiles, say

SETTLED_S = 5.0
ASKED_S = 0.1


def measure(broker, folder, given):
    broker.start()
    ear = Ear(broker.port, signal=True)
    words = ["--stations", given.stations, "--broker", f"mqtt://127.0.0.1:{broker.port}", "--keep", folder]
    gym = Gym(*words, "--seconds", given.seconds + 60, core=given.core)
    while not ear.heard:
        time.sleep(0.1)
    begun_s, cpu_s, frames = time.monotonic(), gym.cpu_s, ear.frames
    while time.monotonic() < begun_s + given.seconds:
        ear.watch(given.stations)
        time.sleep(WATCH_AGAIN_S)
    took_s = time.monotonic() - begun_s
    share, frames = (gym.cpu_s - cpu_s) / took_s, (ear.frames - frames) / took_s
    gym.end()
    ear.leave()
    said = [one for one in gym.said.values() if SETTLED_S < one["said_s"] - begun_s < took_s]
    way_s = np.array([ear.heard[one["id"]] - one["said_s"] for one in said])
    late_s = np.array([one["late_s"] for one in said]) + way_s
    say(f"{given.stations} sensors at 100 Hz: {100 * share:.0f} % of a core, {frames:.0f} frames a second")
    say(f"late at a subscriber: {percentiles(late_s)}; {sum(late_s > ASKED_S)} by more than 100 ms")
    say(f"of it from said to heard: {percentiles(way_s)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stations", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--core", type=int, default=0)
    given = parser.parse_args()
    rest = set(range(os.cpu_count())) - {given.core}
    os.sched_setaffinity(0, rest or {given.core})
    with tempfile.TemporaryDirectory() as folder:
        broker = Mosquitto(mosquitto_path(), folder)
        try:
            measure(broker, Path(folder, "kept"), given)
        finally:
            broker.kill()


if __name__ == "__main__":
    sys.exit(main())
