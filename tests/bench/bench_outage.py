"""Mosquitto stopped for minutes under a gym that goes on counting: what is lost, doubled, and held in memory.

    python tests/bench/bench_outage.py [--minutes 10] [--stations 20]

Needs mosquitto; takes two minutes more than the outage, which is in real time: sensors do not send quicker.
The memory is that of the whole service, its stations counting at 50 Hz.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

from fixtures_mosquitto import Mosquitto, mosquitto_path
from gym_watch import Ear, Gym, say

BEFORE_S = 60.0
CATCH_UP_S = 300.0
LOOK_S = 5.0


def look(gym, seconds):
    """Memory in MiB every few seconds."""
    seen, end_s = [], time.monotonic() + seconds
    while time.monotonic() < end_s:
        time.sleep(min(LOOK_S, seconds))
        seen.append(gym.rss_mib)
    return seen


def outage(broker, folder, minutes, stations):
    broker.start()
    ear = Ear(broker.port)
    words = ["--stations", stations, "--broker", f"mqtt://127.0.0.1:{broker.port}", "--keep", folder]
    gym = Gym(*words, "--rate", 50, "--samples", 10, "--seconds", 2 * BEFORE_S + minutes * 60)
    before = look(gym, BEFORE_S)
    broker.kill()
    heard_before, away = len(ear.heard), look(gym, minutes * 60)
    broker.start()
    back_s, waiting = time.monotonic(), len(gym.said) - heard_before
    while time.monotonic() < back_s + CATCH_UP_S and set(gym.said) - set(ear.heard):
        time.sleep(0.01)
    caught_up_s, after = time.monotonic() - back_s, gym.rss_mib
    gym.end()
    time.sleep(1.0)
    ear.leave()
    lost = set(gym.said) - set(ear.heard)
    strange = set(ear.heard) - set(gym.said)
    say(
        f"{stations} stations, broker away for {minutes:g} min: {len(gym.said)} events said, "
        f"{waiting} of them meanwhile. {len(lost)} lost, {len(strange)} heard that were never said, "
        f"{ear.repeated} heard again under the same id. All there {caught_up_s:.1f} s after it was back"
    )
    say(
        f"memory of the service in MiB: {before[-1]:.0f} as the broker went, {min(away):.0f} to "
        f"{max(away):.0f} while it was away, {away[-1]:.0f} at the end of that, {after:.0f} after"
    )
    return 1 if lost else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--stations", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        broker = Mosquitto(mosquitto_path(), folder)
        try:
            return outage(broker, Path(folder, "kept"), given.minutes, given.stations)
        finally:
            broker.kill()


if __name__ == "__main__":
    sys.exit(main())
