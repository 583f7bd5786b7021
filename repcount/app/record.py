"""`repcount record`: the bytes of sensors as they come, into a recording folder, and nothing else."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from repcount.app.feeds import Feed, LiveSensor, open_feeds, sensor_problems
from repcount.app.output import say
from repcount.app.source import choice_problems
from repcount.edges.ble import Backend, LinkState
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.mqtt.topics import check_station
from repcount.edges.recording import CAPTURE_NAME, Connected, RecordingMeta, RecordingWriter
from repcount.errors import InputError, LinkError, Problem
from repcount.samples import Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions:
    """What to record, where to, for how long (None: until interrupted), and what it says of itself."""

    folder: Path
    sensors: tuple[LiveSensor, ...]
    seconds: float | None = None
    exercise: str | None = None
    station: str = "station-1"


async def record(
    options: RecordOptions, backend: Backend | None = None, clock: Callable[[], float] = monotonic_s
) -> int:
    """Record until interrupted, until the time is over, or until virtual sensors end.

    Raises
    ------
    InputError
        With all that is wrong; also when the folder cannot be written to.
    LinkError
        When there can be no link.
    """
    feeds = open_feeds(options.sensors, options.station, _problems(options), backend, clock)
    recorder = _Recorder(options)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(options.seconds):
                await _run(feeds, recorder)
    finally:
        recorder.close()
    return 0


async def _run(feeds: Sequence[Feed], recorder: "_Recorder") -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for feed in feeds:
                group.create_task(feed.run(recorder))
    except* (InputError, LinkError) as errors:
        raise errors.exceptions[0] from errors
    except* OSError as errors:
        why = Problem(str(recorder.folder), f"cannot be written to: {errors.exceptions[0]}")
        raise InputError([why]) from errors


class _Recorder:
    """Writes what comes, from the first connection on: a folder without a sensor is no recording."""

    def __init__(self, options: RecordOptions) -> None:
        self.folder = options.folder
        self._options = options
        self._writer: RecordingWriter | None = None
        self._came: Counter[str] = Counter()

    def notification(self, sensor: str, notification: Notification) -> None:
        """Append a notification."""
        if self._writer is not None:
            self._writer.write(sensor, notification)
            self._came[sensor] += 1

    def changed(self, feed: Feed, state: LinkState, *, anew: bool) -> None:
        """Append that a sensor was connected; say how it is. That its link broke is in the log."""
        if not anew:
            if state.connected:
                say(f"{feed.key:10} battery {state.battery_percent} %")
            return
        if self._writer is None:
            self._writer = RecordingWriter(self.folder, self._meta(feed))
            say(f"recording  {self.folder}; Ctrl-C ends it")
        self._writer.add_sensor(feed.key, feed.worn)
        self._writer.write_connected(feed.key, Connected(feed.values, state.since_s))
        of = feed.profile.title if feed.profile else "a sensor"
        say(f"{feed.key:10} {state.name or state.address}: {of}")

    def close(self) -> None:
        """Nothing more comes."""
        if self._writer is None:
            return
        self._writer.close()
        for sensor, count in sorted(self._came.items()):
            say(f"{sensor:10} {count} notifications")

    def _meta(self, feed: Feed) -> RecordingMeta:
        return RecordingMeta(
            sensors={feed.key: feed.worn},
            station=self._options.station,
            wearer=self._options.station,
            when=utc_now(),
            made_by="sensor",
            exercise=self._options.exercise,
        )


def _problems(options: RecordOptions) -> list[Problem]:
    problems = sensor_problems(options.sensors) + choice_problems(options.exercise, None)
    if options.seconds is not None and not 0 < options.seconds < math.inf:
        problems.append(Problem("--seconds", f"is {options.seconds}", "Give a number above 0."))
    if (options.folder / CAPTURE_NAME).exists():
        mend = "Give a folder that does not exist yet."
        problems.append(Problem(str(options.folder), "holds a recording already", mend))
    try:
        check_station(options.station, "--station")
    except InputError as error:
        problems += error.problems
    return problems
