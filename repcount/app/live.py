"""`repcount live`: the service. Reads a sensor, records, counts, publishes, serves the dashboard."""

import asyncio
import logging
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Self

from repcount.app.demo import TICK_S
from repcount.app.feeds import Feed, LiveSensor, open_feeds, sensor_problems
from repcount.app.folders import data_folder
from repcount.app.output import JsonLines, say
from repcount.app.remembered import load_remembered, save_remembered
from repcount.app.runner import Runner
from repcount.app.service import LOOPBACK, Service, ServiceOptions
from repcount.app.source import choice_problems
from repcount.edges.ble import Backend, LinkState
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.mqtt.station import StationPublisher
from repcount.edges.mqtt.topics import check_station
from repcount.edges.mqtt.url import parse_url
from repcount.edges.params_file import read_tuned
from repcount.edges.recording import META_NAME, Connected, RecordingMeta, RecordingWriter
from repcount.errors import InputError, LinkError, Problem
from repcount.motion.tracker import MotionParams
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.profile import Profile, Values
from repcount.samples import Notification

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""Long enough to look at last month's sets; a year of training would be gigabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """What to read and where to say it; one sensor or two of one wearer, each worn elsewhere."""

    sensors: tuple[LiveSensor, ...] = (LiveSensor(None, "wrist"),)
    exercise: str | None = None
    force: bool = False
    station: str = "station-1"
    broker_url: str | None = None
    page_port: int = 8321
    listen: str = LOOPBACK
    record: bool = True
    record_to: Path | None = None
    as_json: bool = False
    params: Sequence[Path] = ()


async def live(options: LiveOptions, backend: Backend | None = None) -> int:
    """Run until interrupted; InputError with all that is wrong, LinkError when there can be no link."""
    feeds = open_feeds(options.sensors, options.station, _problems(options), backend)
    tuned = read_tuned(options.params)
    service_options = ServiceOptions(
        broker_url=options.broker_url,
        keep=data_folder(),
        recordings=options.record_to or captures_folder(),
        page_port=options.page_port,
        listen=options.listen,
    )
    async with Service(service_options) as service:
        sensors = {feed.key: SensorConfig(None, feed.key) for feed in feeds}
        params = PipelineParams(
            station=options.station,
            exercise=options.exercise,
            force=options.force,
            remembered=load_remembered(options.station) if options.record else {},
        ).tuned_as(tuned)
        _say_tuned(params)
        runner = Runner(
            Pipeline(sensors, params), [JsonLines(outlive_reader=True)] if options.as_json else []
        )
        publisher = service.serve(options.station, runner)
        if options.exercise is None:
            say("exercise   none yet: choose it on the page, over MQTT or with --exercise")
        try:
            await _run(feeds, _Links(options, runner, publisher))
        finally:
            runner.finish()
            if options.record and runner.pipeline.remembered:
                save_remembered(options.station, runner.pipeline.remembered)
    return 0


def _say_tuned(params: PipelineParams) -> None:
    for key, values in params.tuned.items():
        exercise, _, placement = key.partition("/")
        say(f"params     {exercise} at the {placement}: {len(values)} of them are not the usual ones")
    if params.motion != MotionParams():
        say(f"           the pose is smoothed at {params.motion.cutoff_hz:g} Hz whatever is counted")


async def _run(feeds: Sequence[Feed], links: "_Links") -> None:
    """Feed the runner until cancelled; virtual sensors end by themselves."""
    ticking = asyncio.create_task(_tick(links))
    try:
        with links:
            async with asyncio.TaskGroup() as group:
                for feed in feeds:
                    group.create_task(feed.run(links))
    except* (InputError, LinkError) as errors:
        raise errors.exceptions[0] from errors
    finally:
        ticking.cancel()


class _Links:
    """What all sensors of the station share: who counts, who publishes, and the recording."""

    def __init__(self, options: LiveOptions, runner: Runner, publisher: StationPublisher) -> None:
        self.options, self.runner, self._publisher = options, runner, publisher
        self._statuses: dict[str, SensorStatus] = {}
        self._begun = False
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def notification(self, sensor: str, notification: Notification) -> None:
        """A notification came."""
        self.runner.notification(sensor, notification)

    def changed(self, feed: Feed, state: LinkState, *, anew: bool) -> None:
        """A sensor was connected, or its link broke, or its battery changed."""
        profile = feed.profile
        if anew and profile is not None:
            self._begin_recording(feed)
            connected = Connected(feed.values, state.since_s)
            self.runner.connected(feed.key, connected, profile, feed.worn)
        self._statuses[feed.key] = SensorStatus(
            connected=state.connected,
            profile=profile.name if profile else None,
            placement=feed.key,
            battery_percent=state.battery_percent,
            rssi_dbm=state.rssi_dbm,
            rate_hz=_rate_hz(profile, feed.values) if profile else None,
            heart_rate_bpm=self.runner.pipeline.heart_rate_bpm(feed.key),
        )
        self._publisher.sensors(self._statuses)

    def show_hearts(self) -> None:
        """Publish the heart rate of each sensor that tells it, where it changed."""
        for sensor, status in self._statuses.items():
            bpm = self.runner.pipeline.heart_rate_bpm(sensor)
            if bpm != status.heart_rate_bpm:
                self._statuses[sensor] = replace(status, heart_rate_bpm=bpm)
                self._publisher.sensors(self._statuses)

    def _begin_recording(self, feed: Feed) -> None:
        """With the first sensor; one that broke off is not begun anew."""
        if self._begun or not self.options.record:
            return
        self._begun = True
        try:
            self.runner.recorder = self._stack.enter_context(self._new_recording(feed))
        except OSError as error:
            log.warning("nothing is recorded: %s", error)

    def _new_recording(self, feed: Feed) -> RecordingWriter:
        parent, kept = self.options.record_to, "kept until you delete it"
        if parent is None:
            parent, kept = captures_folder(), f"kept {KEPT.days} days"
            _forget_old(parent)
        folder = parent / f"{utc_now():%Y%m%dT%H%M%S}_{self.options.station}"
        params = self.runner.pipeline.params
        meta = RecordingMeta(
            sensors={feed.key: feed.worn},
            station=self.options.station,
            wearer=self.options.station,
            when=utc_now(),
            made_by="sensor",
            exercise=self.options.exercise,
            force=self.options.force,
            remembered={key: one.to_data() for key, one in params.remembered.items()},
            tuned=params.tuned,
        )
        writer = RecordingWriter(folder, meta)
        say(f"recording  {folder} ({kept}; --no-record keeps none)")
        return writer


def _rate_hz(profile: Profile, values: Values) -> float:
    """Of the acceleration, as the sensor was started."""
    streams = profile.active_streams(values or None)
    return next(stream.rate_hz for stream in streams if stream.acc is not None)


async def _tick(links: _Links) -> None:
    while True:
        links.runner.tick(monotonic_s())
        links.show_hearts()
        await asyncio.sleep(TICK_S)


def captures_folder() -> Path:
    """Where recordings go unless told otherwise."""
    return data_folder() / "captures"


def _forget_old(parent: Path) -> None:
    """Remove our own recordings in `parent` that are older than they are kept."""
    before = (utc_now() - KEPT).timestamp()
    for meta in parent.glob(f"*/{META_NAME}"):
        if meta.stat().st_mtime < before:
            shutil.rmtree(meta.parent)
            log.info("removed %s: older than %d days", meta.parent, KEPT.days)


def _problems(options: LiveOptions) -> list[Problem]:
    problems = _sensor_problems(options)
    for check in (
        lambda: check_station(options.station, "--station"),
        lambda: parse_url(options.broker_url or "mqtt://x"),
        lambda: read_tuned(options.params),
    ):
        try:
            check()
        except InputError as error:
            problems += error.problems
    return problems


def _sensor_problems(options: LiveOptions) -> list[Problem]:
    """What is wrong with where the sensors are worn, and with the exercise for whichever suits it best."""
    worn = [sensor.placement for sensor in options.sensors]
    per_sensor = [choice_problems(options.exercise, placement, force=options.force) for placement in worn]
    return sensor_problems(options.sensors) or min(per_sensor, key=len)
