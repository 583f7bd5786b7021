"""A gym in one process: the real service, and as many stations as asked for, each with a virtual sensor.

Run as a program by the benches of this folder. Each event it says is a line of JSON on stdout: `id` as the
broker hears it, `type`, `said_s` (the machine's monotonic clock when it was handed to MQTT) and `late_s` (how
long after its notification was due). It ends on SIGTERM, with the sets that are open.
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
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification, SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, Walk, simulate
from repcount.wire import encode

PROFILE = load_profile("repcount_reference")
EXERCISES = ("pull_up", "lat_pulldown", "bent_over_row", "deadlift")


class Said:
    """Prints what a station says, after it was handed to MQTT."""

    def __init__(self, publisher, start_s, player):
        self._publisher, self._start_s, self._player, self._seq = publisher, start_s, player, 0

    def events(self, events):
        now_s = time.monotonic()
        for event in events:
            self._seq += 1
            line = {
                "id": f"{self._publisher.session}-{self._seq:010d}",
                "type": event.type,
                "said_s": now_s,
                "late_s": now_s - self._start_s - self._player.due_s(event.said_s),
            }
            sys.stdout.write(json.dumps(line) + "\n")

    def status(self, _status):
        pass


class Player:
    """What a sensor sends, as long as asked for: made before anything is timed, and shared by stations."""

    def __init__(self, exercise, seed, given):
        self.exercise, self._rate_hz, self._samples = exercise, given.rate, given.samples
        a_set = SetOf(exercise=exercise, reps=8)
        rest = (Walk(duration_s=12.0), a_set, StandStill(duration_s=12.0))
        plan = Plan(parts=(StandStill(duration_s=4.0), a_set, *rest), rate_hz=given.rate)
        once = simulate(plan, np.random.default_rng(seed)).batch
        rounds = math.ceil(given.seconds * given.rate / len(once))
        t_s = np.arange(rounds * len(once)) / given.rate
        batch = SampleBatch(t_s, np.tile(once.acc_m_s2, (rounds, 1)), np.tile(once.gyro_rad_s, (rounds, 1)))
        self.sent = encode(PROFILE, batch, samples_per_notification=given.samples)

    def due_s(self, said_s):
        """When the notification was due whose samples reach to `said_s` of the stream."""
        index = math.floor(said_s * self._rate_hz / self._samples + 0.01)
        return ((index + 1) * self._samples - 1) / self._rate_hz

    async def notifications(self, start_s):
        """Each when it is due, or at once when that is over."""
        for one in self.sent:
            await asyncio.sleep(max(0.0, start_s + one.last_s - time.monotonic()))
            yield Notification(one.characteristic, one.payload, time.monotonic())


class Station:
    """Counts what a player plays."""

    def __init__(self, service, number, player):
        self._player = player
        sensors, name = {"wrist": SensorConfig(PROFILE, "wrist")}, f"rack-{number}"
        self._runner = Runner(Pipeline(sensors, PipelineParams(station=name, exercise=player.exercise)))
        self._publisher = service.serve(name, self._runner)
        status = SensorStatus(connected=True, profile=PROFILE.name, placement="wrist")
        self._publisher.sensors({"wrist": status})

    async def run(self, start_s):
        """Count until nothing more comes, or until cancelled."""
        self._runner.sinks.append(Said(self._publisher, start_s, self._player))
        try:
            async for notification in self._player.notifications(start_s):
                self._runner.notification("wrist", notification)
        finally:
            self._runner.finish()


async def gym(given):
    players = [Player(exercise, seed, given) for seed, exercise in enumerate(EXERCISES)]
    options = ServiceOptions(
        broker_url=given.broker, keep=given.keep, page=given.page is not None, page_port=given.page or 0
    )
    async with Service(options) as service:
        stations = [Station(service, n, players[n % len(players)]) for n in range(given.stations)]
        start_s = time.monotonic() + 1.0
        async with asyncio.TaskGroup() as group:
            for number, one in enumerate(stations):  # not all at the same moment
                group.create_task(one.run(start_s + number * 0.137))
        await asyncio.Event().wait()
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stations", type=int, default=1)
    parser.add_argument("--broker", help="default: the embedded one")
    parser.add_argument("--keep", type=Path, help="folder of the outboxes; default: in memory")
    parser.add_argument("--seconds", type=float, default=60.0, help="sensors send at least so long")
    parser.add_argument("--rate", type=float, default=100.0, help="samples a second")
    parser.add_argument("--samples", type=int, default=4, help="in a notification")
    parser.add_argument("--page", type=int, help="port of the page; default: none")
    return run_until_interrupted(gym(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
