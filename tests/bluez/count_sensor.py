"""Runs in the machine: what `repcount live` is without broker, page and workers, which a busy one starves of.

Arguments: the sensor's name, the exercise, and the folder of the recording. Lines: events as JSON.
"""

import asyncio
import sys
from pathlib import Path

from repcount.app.feeds import Feed, LiveSensor
from repcount.app.interrupt import run_until_interrupted
from repcount.app.output import JsonLines
from repcount.app.runner import Runner
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.recording import Connected, RecordingMeta, RecordingWriter
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig

STATION, PLACEMENT, TICK_S = "station-1", "wrist", 0.25


class Station:
    """Records and counts what comes."""

    def __init__(self, folder, exercise):
        self._folder, self._exercise = folder, exercise
        sensors = {PLACEMENT: SensorConfig(None, PLACEMENT)}
        pipeline = Pipeline(sensors, PipelineParams(station=STATION, exercise=exercise))
        self.runner = Runner(pipeline, [JsonLines()])

    def notification(self, sensor, notification):
        self.runner.notification(sensor, notification)

    def changed(self, feed, state, *, anew):
        sys.stderr.write(f"{state}\n")
        if not anew:
            return
        if self.runner.recorder is None:
            meta = RecordingMeta(
                sensors={feed.key: feed.worn},
                station=STATION,
                wearer="nobody",
                when=utc_now(),
                made_by="sensor",
                exercise=self._exercise,
            )
            self.runner.recorder = RecordingWriter(self._folder, meta)
        connected = Connected(feed.values, state.since_s)
        self.runner.connected(feed.key, connected, feed.profile, feed.worn)

    async def tick(self):
        while True:
            self.runner.tick(monotonic_s())
            await asyncio.sleep(TICK_S)

    def close(self):
        self.runner.listened_until(monotonic_s())
        self.runner.finish()
        if self.runner.recorder is not None:
            self.runner.recorder.close()


async def count(name, exercise, folder):
    station = Station(Path(folder), exercise)
    ticking = asyncio.create_task(station.tick())
    try:
        await Feed(LiveSensor(name, PLACEMENT), STATION).run(station)
    finally:
        ticking.cancel()
        station.close()
    return 0


if __name__ == "__main__":
    sys.exit(run_until_interrupted(count(*sys.argv[1:])))
