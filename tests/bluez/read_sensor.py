"""Runs in the machine: the BLE edge reads one sensor, and each line of JSON says what came of it.

Argument: the sensor's name. Lines: {"connected", "why", "battery_percent"} of the link, {"payload"} in hex.
"""

import json
import sys
from contextlib import aclosing

from repcount.app.interrupt import run_until_interrupted
from repcount.edges.ble import BleSensor
from repcount.edges.clock import monotonic_s
from repcount.edges.profiles import load_profile, profile_names


def say(**told):
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def say_state(state):
    say(connected=state.connected, why=state.why, battery_percent=state.battery_percent)


async def read(name):
    profiles = [load_profile(one) for one in profile_names()]
    sensor = BleSensor(name, profiles, clock=monotonic_s, on_state=say_state)
    async with aclosing(aiter(sensor)) as notifications:
        async for one in notifications:
            say(payload=one.payload.hex())
    return 0


if __name__ == "__main__":
    sys.exit(run_until_interrupted(read(*sys.argv[1:])))
