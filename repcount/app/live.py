"""`repcount live`: the service. Reads a sensor, records, counts, publishes, serves the dashboard."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from repcount.app.demo import TICK_S, load_show
from repcount.app.folders import data_folder
from repcount.app.output import JsonLines, say
from repcount.app.remembered import load_remembered, save_remembered
from repcount.app.runner import Runner
from repcount.app.service import LOOPBACK, Service, ServiceOptions
from repcount.app.source import choice_problems
from repcount.edges.ble import BleSensor, LinkState
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.mqtt.station import StationPublisher
from repcount.edges.mqtt.topics import check_station
from repcount.edges.mqtt.url import parse_url
from repcount.edges.profiles import load_profile, profile_names
from repcount.edges.recording import META_NAME, RecordingMeta, RecordingWriter, SensorMeta
from repcount.edges.virtual import VirtualSensor
from repcount.errors import InputError, LinkError, Problem
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.profile import Profile

log = logging.getLogger(__name__)

VIRTUAL = "virtual:"
MOST_SENSORS = 2
KEPT = timedelta(days=30)
"""Long enough to look at last month's sets; a year of training would be gigabytes."""


@dataclass(frozen=True, slots=True)
class LiveSensor:
    """A sensor to read and where it is worn; `name` None is the first in reach that a profile knows."""

    name: str | None
    placement: str


def live_sensors(words: Sequence[str], placement: str) -> tuple[LiveSensor, ...]:
    """Read `NAME`, worn at `placement`, or `PLACEMENT=NAME`, each a sensor; none is the first in reach."""
    return tuple(_live_sensor(word, placement) for word in words) or (LiveSensor(None, placement),)


def _live_sensor(word: str, placement: str) -> LiveSensor:
    before, equals, after = word.partition("=")
    named = equals and before.replace("_", "").isalpha()
    return LiveSensor(after, before) if named else LiveSensor(word, placement)


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


async def live(options: LiveOptions) -> int:
    """Run until interrupted; InputError with all that is wrong, LinkError when there can be no link."""
    feeds = _open(options)
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
        )
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


async def _run(feeds: Sequence["_Feed"], links: "_Links") -> None:
    """Feed the runner until cancelled; virtual sensors end by themselves."""
    ticking = asyncio.create_task(_tick(links.runner))
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
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def changed(self, sensor: str, state: LinkState, profile: Profile | None) -> None:
        """A sensor was connected, or its link broke."""
        if state.connected and profile is not None:
            self.runner.pipeline.connected(sensor, profile)
            self._record(sensor, SensorMeta(profile=profile.name, placement=sensor))
        self._statuses[sensor] = SensorStatus(
            connected=state.connected,
            profile=profile.name if profile else None,
            placement=sensor,
            rssi_dbm=state.rssi_dbm,
            rate_hz=profile.stream.rate_hz if profile else None,
        )
        self._publisher.sensors(self._statuses)

    def _record(self, sensor: str, worn: SensorMeta) -> None:
        if not self.options.record:
            return
        if self.runner.recorder is None:
            self.runner.recorder = self._stack.enter_context(self._new_recording(sensor, worn))
        else:
            self.runner.recorder.add_sensor(sensor, worn)

    def _new_recording(self, sensor: str, worn: SensorMeta) -> RecordingWriter:
        parent, kept = self.options.record_to, "kept until you delete it"
        if parent is None:
            parent, kept = captures_folder(), f"kept {KEPT.days} days"
            _forget_old(parent)
        folder = parent / f"{utc_now():%Y%m%dT%H%M%S}_{self.options.station}"
        meta = RecordingMeta(
            sensors={sensor: worn},
            station=self.options.station,
            wearer=self.options.station,
            when=utc_now(),
            made_by="sensor",
            exercise=self.options.exercise,
            force=self.options.force,
            remembered={key: one.to_data() for key, one in self.runner.pipeline.params.remembered.items()},
        )
        writer = RecordingWriter(folder, meta)
        say(f"recording  {folder} ({kept}; --no-record keeps none)")
        return writer


class _Feed:
    """One sensor and its link; its key is where it is worn."""

    def __init__(self, sensor: LiveSensor, station: str) -> None:
        self.key = sensor.placement
        self._station = station
        self._source, self._profile_of = _open_sensor(sensor, self._link_changed)
        self._links: _Links | None = None

    async def run(self, links: _Links) -> None:
        """Feed the runner until cancelled; a virtual sensor ends by itself."""
        self._links = links
        if isinstance(self._source, VirtualSensor):
            self._link_changed(LinkState(connected=True, name="virtual"))
        async with aclosing(aiter(self._source)) as notifications:
            async for notification in notifications:
                links.runner.notification(self.key, notification)

    def _link_changed(self, state: LinkState) -> None:
        if state.connected:
            log.info("%s: connected to %s at the %s", self._station, state.name or state.address, self.key)
        else:
            log.warning("%s: no sensor at the %s: %s", self._station, self.key, state.why)
        if self._links is not None:
            self._links.changed(self.key, state, self._profile_of())


async def _tick(runner: Runner) -> None:
    while True:
        runner.tick(monotonic_s())
        await asyncio.sleep(TICK_S)


def _open_sensor(
    sensor: LiveSensor, on_state: Callable[[LinkState], None]
) -> tuple[BleSensor | VirtualSensor, Callable[[], Profile | None]]:
    if sensor.name is not None and sensor.name.startswith(VIRTUAL):
        show = load_show(Path(sensor.name.removeprefix(VIRTUAL)), sensor.placement)
        return VirtualSensor(show.profile, show.notifications), lambda: show.profile
    profiles = [load_profile(name) for name in profile_names()]
    link = BleSensor(sensor.name, profiles, clock=monotonic_s, on_state=on_state)
    return link, lambda: link.profile


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


def _open(options: LiveOptions) -> list[_Feed]:
    """Open the sensors; InputError with all that is wrong with them and with the other options."""
    problems, feeds = _problems(options), []
    for sensor in options.sensors:
        try:
            feeds.append(_Feed(sensor, options.station))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return feeds


def _problems(options: LiveOptions) -> list[Problem]:
    problems = _sensor_problems(options)
    for check in (
        lambda: check_station(options.station, "--station"),
        lambda: parse_url(options.broker_url or "mqtt://x"),
    ):
        try:
            check()
        except InputError as error:
            problems += error.problems
    return problems


def _sensor_problems(options: LiveOptions) -> list[Problem]:
    """What is wrong with where the sensors are worn, and with the exercise for whichever suits it best."""
    worn = [sensor.placement for sensor in options.sensors]
    known = [choice_problems(None, placement) for placement in worn]
    problems = [problem for one in known for problem in one]
    if len(set(worn)) < len(worn) or len(worn) > MOST_SENSORS:
        mend = "Say where each is worn: --sensor wrist=NAME --sensor chest=NAME."
        problems.append(Problem("--sensor", "has two at the same place, or more than two", mend))
    per_sensor = [choice_problems(options.exercise, placement, force=options.force) for placement in worn]
    return problems or min(per_sensor, key=len)
