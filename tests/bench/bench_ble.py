"""What the BLE edge does over a virtual radio, in virtual time.

    python tests/bench/bench_ble.py [flow] [eight] [back] [cost]

`flow`: one sensor, 100 notifications a second for 10 minutes. `eight`: eight of them for a minute. `back`:
how long it takes from when a sensor dropped the link, or came back into reach, to its next notification. Of
its advertisements three in ten are missed: of one that advertises once a second two in a row are in 9 of 100
cases, and 3 s are over before anybody can have heard it.
`cost`, in real time: the CPU that `repcount live` takes for a sensor that sends each of 100 samples a second
by itself, and first what of it the virtual radio's own host takes, which others have in their kernel.
"""

import asyncio
import os
import random
import sys
import time
from contextlib import AsyncExitStack
from itertools import product
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from virtual_radio import Air, Peripheral, Reader, backend_of, central, name_of, over_tcp
from virtual_radio.over_tcp import adapter
from virtual_time import VirtualLoop, now_s

from repcount.edges.profiles import load_profile, profile_names
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, simulate

INTERVAL_S = 0.045
"""Between connection events: what most hosts ask for."""
RATE_HZ = 100
BYTES = 20


async def flow(n_sensors, seconds):
    air = Air(interval_s=INTERVAL_S)
    backend = backend_of(await central(air))
    profile = load_profile("microbit_accelerometer")
    async with AsyncExitStack() as stack:
        pairs = []
        for k in range(n_sensors):
            made = Peripheral(profile, air, name=f"{name_of(profile)} {k}", address=f"F0:00:00:00:00:{k:02X}")
            sensor = await stack.enter_async_context(made)
            reader = await stack.enter_async_context(Reader(sensor.name, [profile], backend))
            pairs.append((sensor, reader))
        for _, reader in pairs:
            await reader.connected()
        for k in range(seconds * RATE_HZ):
            await asyncio.sleep(1 / RATE_HZ)
            for sensor, _ in pairs:
                await sensor.notify(k.to_bytes(BYTES, "big"))
        await asyncio.sleep(1.0)
        return [
            {
                "sent": len(sensor.sent),
                "in order": len(reader.came) if reader.payloads == sensor.sent else "NO",
                "dropped": reader.sensor.dropped,
            }
            for sensor, reader in pairs
        ]


async def back(name, way, advertising_s, seed):
    """Seconds from when the sensor could be heard again to its next notification."""
    luck = random.Random(seed)  # noqa: S311 - the same in every run
    air = Air(interval_s=INTERVAL_S, missed_ratio=0.3, supervision_s=4.0, seed=seed)
    backend = backend_of(await central(air))
    profile = load_profile(name)
    sensor = Peripheral(profile, air, name=name_of(profile), advertising_s=advertising_s)
    reader = Reader(sensor.name or sensor.address, [profile], backend)
    async with sensor, reader:
        playing = asyncio.create_task(sensor.play(at_rest(profile), loop=True))
        await reader.until(lambda: reader.came)
        await asyncio.sleep(luck.uniform(1.0, 2.0))
        if way == "dropped":
            await sensor.drop()
            since_s = now_s()
            await reader.until(lambda: not reader.sensor.state.connected)
        else:
            sensor.leave()
            await asyncio.sleep(luck.uniform(5.0, 60.0))
            sensor.come_back()
            since_s = now_s()
        n = len(reader.came)
        await reader.until(lambda: len(reader.came) > n)
        playing.cancel()
        return reader.came[n].arrival_s - since_s


def at_rest(profile):
    t_s = np.arange(100) / profile.stream.rate_hz
    return SampleBatch(t_s, np.tile([0.0, 0.0, STANDARD_GRAVITY_M_S2], (100, 1)), np.zeros((100, 3)))


async def cost(words, seconds):
    """Share of a core that a program takes which reads a sensor over a socket."""
    air = Air()
    profile = load_profile("repcount_reference")
    parts = (StandStill(duration_s=10.0), SetOf(exercise="pull_up", reps=8))
    batch = simulate(Plan(parts=parts, rate_hz=float(RATE_HZ)), np.random.default_rng(1)).batch
    async with Peripheral(profile, air) as sensor, adapter(air) as port:
        program = [sys.executable, over_tcp.__file__, str(port), *words]
        process = await asyncio.create_subprocess_exec(*program, stdout=DEVNULL, stderr=DEVNULL)
        playing = asyncio.create_task(sensor.play(batch, loop=True, samples_per_notification=1))
        while len(sensor.sent) < 5 * RATE_HZ:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
        n, before_s, since_s = len(sensor.sent), cpu_s(process.pid), now_s()
        await asyncio.sleep(seconds)
        used_s, took_s, n = cpu_s(process.pid) - before_s, now_s() - since_s, len(sensor.sent) - n
        playing.cancel()
        process.terminate()
        await process.wait()
    return used_s / took_s, n / took_s


def cpu_s(pid):
    """What a process has used, by Linux's count."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say_cost(seconds=60):
    with TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        live = ["live", "--sensor", "Sensor", "--exercise", "pull_up", "--port", "0"]
        for words in (["deaf", "Sensor"], [*live, "--no-record"], [*live, "--record", folder]):
            share, per_s = asyncio.run(cost(words, seconds))
            say(f"{100 * share:.1f} % of a core at {per_s:.0f} notifications a second: {' '.join(words)}")


def run(doing):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(doing)


def say(text):
    print(text, flush=True)  # noqa: T201 - it is what this is for


def say_flow(n_sensors, seconds):
    began_s = time.process_time()
    for one in run(flow(n_sensors, seconds)):
        say(one)
    say(f"  {time.process_time() - began_s:.1f} s of CPU for {seconds} s of {n_sensors}")


def say_back(n=100):
    for name in profile_names():
        for way, advertising_s in product(("dropped", "out of reach"), (0.1, 1.0)):
            took_s = [run(back(name, way, advertising_s, seed)) for seed in range(n)]
            p50, p95, most = np.percentile(took_s, (50, 95, 100))
            heard = f"advertises every {advertising_s} s"
            say(f"{name}, {heard}, {way}: p50 {p50:.2f} s, p95 {p95:.2f} s, most {most:.2f} s of {n}")


if __name__ == "__main__":
    asked = sys.argv[1:] or ["flow", "eight", "back", "cost"]
    if "flow" in asked:
        say_flow(1, 600)
    if "eight" in asked:
        say_flow(8, 60)
    if "back" in asked:
        say_back()
    if "cost" in asked:
        say_cost()
