"""A service of one station that a test kills: `python mqtt_victim.py URL [OUTBOXES SESSION]`.

With a folder for outboxes it says an event every few milliseconds, and prints each one's id once it was said.
"""

import asyncio
import sys
from pathlib import Path

from repcount.edges.mqtt.client import MqttService
from repcount.edges.mqtt.payloads import Source, WallClock
from repcount.events import RepCounted

PAUSE_S = 0.003


def rep(number):
    at_s = number * PAUSE_S
    return RepCounted(
        station="victim", happened_s=at_s, said_s=at_s, set_index=1, rep_index=number, rep_count=number
    )


async def main(url, outboxes=None, session="v1"):
    service = MqttService(
        url,
        on_command=lambda _request: None,
        on_link=lambda _up, _reason: None,
        outboxes=outboxes and Path(outboxes),
    )
    station = service.station("victim", session=session, source=Source.LIVE, clock=WallClock(0.0))
    service.start()
    number = 0
    while outboxes:
        number += 1
        station.events([rep(number)])
        sys.stdout.write(f"{session}-{number:010d}\n")
        sys.stdout.flush()
        await asyncio.sleep(PAUSE_S)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
