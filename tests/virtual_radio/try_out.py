"""`repcount` by hand, with virtual sensors in reach that somebody wears who does pull-ups.

    python tests/virtual_radio/try_out.py scan
    python tests/virtual_radio/try_out.py live --sensor Strap --exercise pull_up
    python tests/virtual_radio/try_out.py --away 20 live --sensor Strap --exercise pull_up

Any words of `repcount`. `--away 20`: every 20 s all of them go out of range for 5 s. `--profile FILE`: one
more sensor, of that profile.
"""

import argparse
import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from repcount.edges.profiles import load_profile
from repcount.simulate import Plan, SetOf, StandStill, simulate
from repcount.simulate.plan import HIGHEST_RATE_HZ, LOWEST_RATE_HZ
from virtual_radio import Air, Peripheral, name_of, over_tcp
from virtual_radio.over_tcp import adapter

SENSORS = {"repcount_reference": "Strap", "polar_h10": "Polar H10 00000001", "microbit_accelerometer": None}
AWAY_S = 5.0


def pull_ups(profile):
    """Stand, a set, rest."""
    parts = (StandStill(duration_s=3.0), SetOf(exercise="pull_up", reps=5), StandStill(duration_s=10.0))
    rate_hz = min(max(profile.stream.rate_hz, LOWEST_RATE_HZ), HIGHEST_RATE_HZ)
    return simulate(Plan(parts=parts, rate_hz=rate_hz), np.random.default_rng(1)).batch


async def try_out(profiles, away_s, words):
    """Return the exit code of `repcount`."""
    air = Air(interval_s=0.045)
    async with AsyncExitStack() as stack:
        sensors = []
        for k, (profile, name) in enumerate(profiles):
            made = Peripheral(
                profile, air, name=name or name_of(profile), address=f"F0:00:00:00:00:{k + 1:02X}"
            )
            sensors.append(await stack.enter_async_context(made))
        port = await stack.enter_async_context(adapter(air))
        playing = [asyncio.create_task(one.play(pull_ups(one.profile), loop=True)) for one in sensors]
        going = asyncio.create_task(_come_and_go(sensors, away_s))
        process = await asyncio.create_subprocess_exec(sys.executable, over_tcp.__file__, str(port), *words)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)  # it is for `repcount`
        try:
            return await process.wait()
        finally:
            for task in (*playing, going):
                task.cancel()


async def _come_and_go(sensors, every_s):
    while every_s is not None:
        await asyncio.sleep(every_s)
        for one in sensors:
            one.leave()
        await asyncio.sleep(AWAY_S)
        for one in sensors:
            one.come_back()


def main():
    """Read the words before those of `repcount`, and do it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--away", type=float, metavar="SECONDS")
    asked.add_argument("--profile", action="append", default=[], metavar="FILE")
    asked.add_argument("words", nargs=argparse.REMAINDER)
    given = asked.parse_args()
    profiles = [(load_profile(name), called) for name, called in SENSORS.items()]
    profiles += [(load_profile(file), None) for file in given.profile]
    return asyncio.run(try_out(profiles, given.away, given.words))


if __name__ == "__main__":
    sys.exit(main())
