"""Kills a service at random moments, and reads at the broker what came through."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from mqtt_tools import Watcher, until

VICTIM = Path(__file__).with_name("mqtt_victim.py")
LONGEST_LIFE_S = 0.5


@dataclass
class Trial:
    """What was said, and what was heard of it, by id, in order of arrival."""

    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @property
    def lost(self):
        return sorted(set(self.said) - set(self.heard))

    @property
    def repeated(self):
        return len(self.heard) - len(set(self.heard))

    @property
    def out_of_order(self):
        """Events heard for the first time after a later one of theirs."""
        first = list(dict.fromkeys(self.heard))
        return sum(later < earlier for earlier, later in pairwise(first))


async def kill_often(broker, folder, kills, seed):
    """Run the service `kills` times to a violent end, then once until all has arrived."""
    rng, trial = np.random.default_rng(seed), Trial()
    watcher = await Watcher().hear(broker.port, "repcount/v1/victim/event/rep")
    for life in range(kills):
        trial.said += await _one_life(broker.port, folder, f"v{life:05d}", rng.uniform(0.0, LONGEST_LIFE_S))
    trial.said += await _last_life(broker.port, folder, watcher, trial)
    trial.heard = _ids(watcher)
    await watcher.leave()
    return trial


async def _one_life(port, folder, session, seconds):
    victim = await _start(port, folder, session)
    said = [await _line(victim)]  # it lives from its first word on
    try:
        async with asyncio.timeout(seconds):
            while line := await _line(victim):
                said.append(line)
    except TimeoutError:
        pass
    victim.kill()
    rest = (await victim.stdout.read()).decode()
    await victim.wait()
    return [*said, *(line for line in rest.split("\n")[:-1] if line)]  # the last line may be half a word


async def _last_life(port, folder, watcher, trial):
    victim = await _start(port, folder, "w")
    said = [await _line(victim)]
    await until(lambda: set(trial.said + said) <= set(_ids(watcher)), "what was said before")
    victim.kill()
    await victim.communicate()
    return said


async def _start(port, folder, session):
    return await asyncio.create_subprocess_exec(
        sys.executable, VICTIM, f"mqtt://127.0.0.1:{port}", folder, session, stdout=subprocess.PIPE
    )


async def _line(victim):
    return (await victim.stdout.readline()).decode().strip()


def _ids(watcher):
    return [event["id"] for event in watcher.on("victim/event/rep")]
