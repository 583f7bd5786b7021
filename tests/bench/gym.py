"""A gym in one process: the real service, and as many stations as asked for, each with a virtual sensor.

Run as a program by the benches of this folder. Each event it says is a line of JSON on stdout: `id` as the
broker hears it, `type`, `said_s` (the machine's monotonic clock when it was handed to MQTT), `late_s` (how long
after its notification was due). It ends on SIGTERM, with the sets that are open.
"""

import argparse
import asyncio
import json
import math
import sys
import time
from pathlib import Path

import numpy as np

from repcount.app.interrupt import run_until_interrupted
from repcount.app.runner import Runner
from repcount.app.service import Service, ServiceOptions
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.profiles import load_profile
from repcount.edges.virtual import VirtualSensor
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.simulate import Plan, SetOf, StandStill, Walk, simulate

RATE_HZ = 100
SAMPLES = 4
"""In a notification: 25 of them a second."""
PROFILE = load_profile("repcount_reference")
EXERCISES = ("pull_up", "lat_pulldown", "bent_over_row", "deadlift")


class Said:
    """Prints what a station says, after it was handed to MQTT."""

    def __init__(self, publisher, start_s):
        self._publisher, self._start_s, self._seq = publisher, start_s, 0

    def events(self, events):
        now_s = time.monotonic()
        for event in events:
            self._seq += 1
            due_s = (math.floor(event.said_s * RATE_HZ / SAMPLES + 0.01) * SAMPLES + SAMPLES - 1) / RATE_HZ
            line = {
                "id": f"{self._publisher.session}-{self._seq:010d}",
                "type": event.type,
                "said_s": now_s,
                "late_s": now_s - self._start_s - due_s,
            }
            sys.stdout.write(json.dumps(line) + "\n")

    def status(self, _status):
        pass


async def station(service, number, batch, exercise):
    """Count for ever; stations do not begin at the same moment."""
    await asyncio.sleep(number * 0.13)
    sensors = {"wrist": SensorConfig(PROFILE, "wrist")}
    name = f"rack-{number}"
    runner = Runner(Pipeline(sensors, PipelineParams(station=name, exercise=exercise)))
    publisher = service.serve(name, runner)
    publisher.sensors({"wrist": SensorStatus(connected=True, profile=PROFILE.name, placement="wrist")})
    runner.sinks.append(Said(publisher, time.monotonic()))
    sensor = VirtualSensor(PROFILE, batch, loop=True, samples_per_notification=SAMPLES)
    try:
        async for notification in sensor:
            runner.notification("wrist", notification)
    finally:
        runner.finish()


def session(exercise, seed):
    """Two sets of eight and what is between them, about a minute and a half."""
    a_set = SetOf(exercise=exercise, reps=8)
    parts = (StandStill(duration_s=4.0), a_set, Walk(duration_s=12.0), a_set, StandStill(duration_s=12.0))
    return simulate(Plan(parts=parts, rate_hz=float(RATE_HZ)), np.random.default_rng(seed)).batch


async def gym(given):
    sessions = [(session(exercise, seed), exercise) for seed, exercise in enumerate(EXERCISES)]
    options = ServiceOptions(
        broker_url=given.broker, keep=given.keep, page=given.page is not None, page_port=given.page or 0
    )
    async with Service(options) as service, asyncio.TaskGroup() as group:
        for number in range(given.stations):
            group.create_task(station(service, number, *sessions[number % len(sessions)]))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stations", type=int, default=1)
    parser.add_argument("--broker", help="default: the embedded one")
    parser.add_argument("--keep", type=Path, help="folder of the outboxes; default: in memory")
    parser.add_argument("--page", type=int, help="port of the page; default: none")
    sys.stdout.reconfigure(line_buffering=False)
    return run_until_interrupted(gym(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
