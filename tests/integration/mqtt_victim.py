"""A service of one station that a test kills: `python mqtt_victim.py URL`."""

import asyncio
import sys

from repcount.edges.mqtt.client import MqttService
from repcount.edges.mqtt.payloads import Source, WallClock


async def main():
    loop = asyncio.get_running_loop()
    service = MqttService(
        sys.argv[1],
        on_command=lambda _request: None,
        on_link=lambda _up, _reason: None,
        call=loop.call_soon_threadsafe,
    )
    service.station("victim", session="v1", source=Source.LIVE, clock=WallClock(0.0))
    service.start()
    await asyncio.Event().wait()


asyncio.run(main())
