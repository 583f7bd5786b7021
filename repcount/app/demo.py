"""`repcount demo`: the whole service with nothing else installed, a virtual sensor playing a recording."""

import asyncio
import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from repcount.app.output import JsonLines, say
from repcount.app.runner import Runner
from repcount.app.service import Service, ServiceOptions
from repcount.commands import Command, SelectExercise
from repcount.edges.clock import monotonic_s
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.profiles import load_profile
from repcount.edges.recording import Recording, read_recording
from repcount.edges.virtual import VirtualSensor
from repcount.errors import InputError, Problem
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.profile import Profile
from repcount.samples import Notification

RECORDING = "wrist_demo_session_01"
STATION = "demo"
PAUSE_S = 10.0
"""Between two rounds of the recording: long enough to look at what the page says at rest."""
TICK_S = 0.25
"""How often time passes without data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """How to run: without the page, for a time, printing events as JSON."""

    headless: bool = False
    seconds: float | None = None
    as_json: bool = False
    page_port: int = 8321
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class _Clock:
    """The host's clock as the show has it, `speed` times as quick."""

    speed: float

    def now_s(self) -> float:
        return monotonic_s() * self.speed

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s / self.speed)


@dataclass(frozen=True, slots=True)
class Show:
    """What the virtual sensor plays."""

    sensor: str
    profile: Profile
    placement: str
    exercise: str
    notifications: Sequence[Notification]
    commands: Sequence[tuple[int, Command]]  # each before the notification of this index
    values: Mapping[str, float]


async def demo(options: DemoOptions) -> int:
    """Run until interrupted, or for `seconds`; InputError when there is nothing to play."""
    _check(options)
    show = load_show(recordings_folder() / RECORDING)
    async with Service(ServiceOptions(page=not options.headless, page_port=options.page_port)) as service:
        say(f"sensor     virtual, {show.profile.name} at the {show.placement}; Ctrl-C ends it")
        sensors = {show.sensor: SensorConfig(show.profile, show.placement, show.values)}
        params = PipelineParams(station=STATION, exercise=show.exercise)
        runner = Runner(Pipeline(sensors, params), [JsonLines()] if options.as_json else [])
        service.serve(STATION, runner).sensors({show.sensor: _status(show)})
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(options.seconds):
                    await _play_for_ever(runner, show, _Clock(options.speed))
        finally:
            runner.finish()
    return 0


def _check(options: DemoOptions) -> None:
    given = {"--seconds": options.seconds, "--speed": options.speed}
    problems = [
        Problem(name, f"is {number}", "Give a number above 0.")
        for name, number in given.items()
        if number is not None and not 0 < number < math.inf
    ]
    if problems:
        raise InputError(problems)


def recordings_folder() -> Path:
    """Where our recordings are: beside the package in a checkout, else where they were installed."""
    beside = Path(__file__).parents[2] / "recordings"
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "repcount" / "recordings"


async def _play_for_ever(runner: Runner, show: Show, clock: _Clock) -> None:
    sensor = VirtualSensor(show.profile, show.notifications, now_s=clock.now_s, sleep=clock.sleep)
    while True:
        begins_s = runner.stream_s(clock.now_s())
        runner.command(SelectExercise(at_s=begins_s, exercise=show.exercise))
        waiting = list(show.commands)
        index = 0
        async for notification in sensor:
            while waiting and waiting[0][0] <= index:
                _, command = waiting.pop(0)
                runner.command(replace(command, at_s=begins_s + command.at_s))
            runner.notification(show.sensor, notification)
            index += 1
        await _rest(runner, clock)


async def _rest(runner: Runner, clock: _Clock) -> None:
    until_s = clock.now_s() + PAUSE_S
    while clock.now_s() < until_s:
        runner.tick(clock.now_s())
        await clock.sleep(TICK_S)


def load_show(folder: Path, placement: str | None = None) -> Show:
    """Read what a virtual sensor plays: the sensor worn at `placement`, or else the first of the recording.

    Raises
    ------
    InputError
        When the recording has no bytes.
    """
    recording = read_recording(folder)
    sensors = list(recording.meta.sensors.items())
    sensor, worn = next((one for one in sensors if one[1].placement == placement), sensors[0])
    if worn.profile is None or recording.meta.exercise is None:
        raise InputError(
            [Problem(str(folder), "has no bytes of a sensor, or no exercise", "Give another recording.")]
        )
    notifications, commands = _sorted_out(recording, sensor)
    profile = load_profile(worn.profile)
    return Show(
        sensor, profile, worn.placement, recording.meta.exercise, notifications, commands, worn.values
    )


def _sorted_out(recording: Recording, sensor: str) -> tuple[list[Notification], list[tuple[int, Command]]]:
    notifications: list[Notification] = []
    commands: list[tuple[int, Command]] = []
    for item in recording.items():
        match item:
            case (key, Notification() as notification) if key == sensor:
                notifications.append(notification)
            case (_, _):
                pass
            case command:
                commands.append((len(notifications), command))
    return notifications, commands


def _status(show: Show) -> SensorStatus:
    return SensorStatus(
        connected=True,
        profile=show.profile.name,
        placement=show.placement,
        battery_percent=None,
        rate_hz=show.profile.stream.rate_hz,
    )
