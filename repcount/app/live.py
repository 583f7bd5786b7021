"""`repcount live`: the service. Reads a sensor, records, counts, publishes, serves the dashboard."""

import asyncio
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from repcount.app.demo import TICK_S, load_show
from repcount.app.output import JsonLines, say
from repcount.app.runner import Runner
from repcount.app.service import Service, ServiceOptions
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
from repcount.errors import InputError, Problem
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.profile import Profile

log = logging.getLogger(__name__)

VIRTUAL = "virtual:"
KEPT = timedelta(days=30)
"""Long enough to look at last month's sets; a year of training would be gigabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """What to read and where to say it; `sensor` None is the first in reach that a profile knows."""

    sensor: str | None = None
    exercise: str | None = None
    placement: str = "wrist"
    force: bool = False
    station: str = "station-1"
    broker_url: str | None = None
    page_port: int = 8321
    record: bool = True
    record_to: Path | None = None
    as_json: bool = False


async def live(options: LiveOptions) -> int:
    """Run until interrupted; InputError with all that is wrong, LinkError when there can be no link."""
    feed = _open(options)
    service_options = ServiceOptions(broker_url=options.broker_url, page_port=options.page_port)
    async with Service(service_options) as service:
        sensors = {feed.key: SensorConfig(None, options.placement)}
        params = PipelineParams(station=options.station, exercise=options.exercise, force=options.force)
        runner = Runner(
            Pipeline(sensors, params), [JsonLines(outlive_reader=True)] if options.as_json else []
        )
        publisher = service.serve(options.station, runner)
        if options.exercise is None:
            say("exercise   none yet: choose it on the page, over MQTT or with --exercise")
        try:
            await feed.run(runner, publisher)
        finally:
            runner.finish()
    return 0


class _Feed:
    """The sensor, its link and its recording."""

    def __init__(self, options: LiveOptions) -> None:
        self.key = options.placement
        self._options = options
        self._source, self._profile_of = _open_sensor(options, self._link_changed)
        self._runner: Runner | None = None
        self._publisher: StationPublisher | None = None
        self._recordings = ExitStack()

    async def run(self, runner: Runner, publisher: StationPublisher) -> None:
        """Feed the runner until cancelled; a virtual sensor ends by itself."""
        self._runner, self._publisher = runner, publisher
        ticking = asyncio.create_task(_tick(runner))
        try:
            with self._recordings:
                await self._read(runner)
        finally:
            ticking.cancel()

    async def _read(self, runner: Runner) -> None:
        if isinstance(self._source, VirtualSensor):
            self._link_changed(LinkState(connected=True, name="virtual"))
        async with aclosing(aiter(self._source)) as notifications:
            async for notification in notifications:
                runner.notification(self.key, notification)

    def _link_changed(self, state: LinkState) -> None:
        profile = self._profile_of()
        if state.connected:
            log.info("%s: connected to %s", self._options.station, state.name or state.address)
        else:
            log.warning("%s: no sensor: %s", self._options.station, state.why)
        if self._runner is None or self._publisher is None:
            return
        if state.connected and profile is not None:
            self._runner.pipeline.connected(self.key, profile)
            self._record(self._runner, profile)
        self._publisher.sensors({self.key: self._status(state, profile)})

    def _status(self, state: LinkState, profile: Profile | None) -> SensorStatus:
        return SensorStatus(
            connected=state.connected,
            profile=profile.name if profile else None,
            placement=self._options.placement,
            rssi_dbm=state.rssi_dbm,
            rate_hz=profile.stream.rate_hz if profile else None,
        )

    def _record(self, runner: Runner, profile: Profile) -> None:
        if not self._options.record or runner.recorder is not None:
            return
        parent, kept = self._options.record_to, "kept until you delete it"
        if parent is None:
            parent, kept = captures_folder(), f"kept {KEPT.days} days"
            _forget_old(parent)
        folder = parent / f"{utc_now():%Y%m%dT%H%M%S}_{self._options.station}"
        meta = RecordingMeta(
            sensors={self.key: SensorMeta(profile=profile.name, placement=self._options.placement)},
            station=self._options.station,
            wearer=self._options.station,
            when=utc_now(),
            made_by="sensor",
            exercise=self._options.exercise,
            force=self._options.force,
        )
        runner.recorder = self._recordings.enter_context(RecordingWriter(folder, meta))
        say(f"recording  {folder} ({kept}; --no-record keeps none)")


async def _tick(runner: Runner) -> None:
    while True:
        runner.tick(monotonic_s())
        await asyncio.sleep(TICK_S)


def _open_sensor(
    options: LiveOptions, on_state: Callable[[LinkState], None]
) -> tuple[BleSensor | VirtualSensor, Callable[[], Profile | None]]:
    if options.sensor is not None and options.sensor.startswith(VIRTUAL):
        show = load_show(Path(options.sensor.removeprefix(VIRTUAL)))
        return VirtualSensor(show.profile, show.notifications), lambda: show.profile
    profiles = [load_profile(name) for name in profile_names()]
    sensor = BleSensor(options.sensor, profiles, clock=monotonic_s, on_state=on_state)
    return sensor, lambda: sensor.profile


def captures_folder() -> Path:
    """Where recordings go unless told otherwise."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "repcount" / "captures"


def _forget_old(parent: Path) -> None:
    """Remove our own recordings in `parent` that are older than they are kept."""
    before = (utc_now() - KEPT).timestamp()
    for meta in parent.glob(f"*/{META_NAME}"):
        if meta.stat().st_mtime < before:
            shutil.rmtree(meta.parent)
            log.info("removed %s: older than %d days", meta.parent, KEPT.days)


def _open(options: LiveOptions) -> _Feed:
    """Open the sensor; InputError with all that is wrong with it and with the other options."""
    problems = _problems(options)
    try:
        feed = _Feed(options)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if problems:
        raise InputError(problems)
    return feed


def _problems(options: LiveOptions) -> list[Problem]:
    problems = choice_problems(options.exercise, options.placement, force=options.force)
    for check in (
        lambda: check_station(options.station, "--station"),
        lambda: parse_url(options.broker_url or "mqtt://x"),
    ):
        try:
            check()
        except InputError as error:
            problems += error.problems
    return problems
