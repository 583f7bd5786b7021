"""One station live: its sensors read, recorded, counted and published, until it is stopped."""

import asyncio
import logging
import math
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from repcount.app.demo import TICK_S
from repcount.app.feeds import Feed, LiveSensor, open_feeds, sensor_problems
from repcount.app.folders import data_folder
from repcount.app.live_counts import LiveCounts
from repcount.app.output import say
from repcount.app.personal import load_personal
from repcount.app.remembered import load_remembered, save_remembered
from repcount.app.runner import Runner, Sink
from repcount.app.service import Service
from repcount.app.source import choice_problems
from repcount.app.targets import Targets
from repcount.commands import SelectExercise
from repcount.edges.ble import Backend, LinkState
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.mqtt.station import StationPublisher
from repcount.edges.mqtt.topics import check_station
from repcount.edges.recording import META_NAME, Connected, RecordingMeta, RecordingWriter
from repcount.errors import InputError, LinkError, Problem
from repcount.events import Tempo
from repcount.motion.tracker import MotionParams
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.reps.tuning import Tuned
from repcount.samples import Notification

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""Long enough to look at last month's sets; a year of training would be gigabytes."""
RETRY_S = 15.0
"""After an error that a person must mend, such as Bluetooth switched off: it is mended by hand."""
LOSS_EVERY_S = 5.0
"""What is lost changes with every gap; nobody looks more often."""
SOUGHT = "looking for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationOptions:
    """One wearer with one sensor or two, each worn elsewhere, and what is to be done.

    `wearer` None is the station's id. `persistent`: a sensor that cannot be used is said, and tried again,
    while all else goes on; else it ends the program. `tuned` is what was changed of how is counted.
    """

    sensors: tuple[LiveSensor, ...] = (LiveSensor(None, "wrist"),)
    exercise: str | None = None
    force: bool = False
    station: str = "station-1"
    name: str | None = None
    wearer: str | None = None
    tempo: Mapping[str, Tempo] = field(default_factory=dict)
    rest_target_s: float | None = None
    record: bool = True
    record_to: Path | None = None
    persistent: bool = False
    tuned: Tuned = field(default_factory=dict)

    @property
    def worn_by(self) -> str:
        """The wearer's pseudonym."""
        return self.wearer or self.station

    def differs_in_wishes_alone(self, other: "StationOptions") -> bool:
        """Whether one can become the other while its sensors go on sending."""
        wishes = {key: getattr(other, key) for key in ("name", "exercise", "tempo", "rest_target_s")}
        return replace(self, **wishes) == other


class LiveStation:
    """A station that is served; made before the service starts, so that all that is wrong is said at once.

    Made, then opened, then run.

    Raises
    ------
    InputError
        With all problems of its options.
    """

    def __init__(self, options: StationOptions, backend: Backend | None = None) -> None:
        self.options = options
        self.feeds = open_feeds(options.sensors, options.station, station_problems(options), backend)

    def open(self, service: Service, sinks: Sequence[Sink] = ()) -> None:
        """Be there: published, and heard; `run` reads the sensors.

        Raises
        ------
        InputError
            When the station is served already, here or by another process.
        """
        options = self.options
        sensors = {feed.key: SensorConfig(None, feed.key) for feed in self.feeds}
        personal = load_personal(options.worn_by) if options.record else {}
        params = PipelineParams(
            station=options.station,
            exercise=options.exercise,
            force=options.force,
            remembered=load_remembered(options.worn_by) if options.record else {},
        ).tuned_as({**options.tuned, **personal})
        _say_tuned(params)
        self._runner = Runner(Pipeline(sensors, params), sinks)
        self._counts = LiveCounts(self._runner) if options.record else None
        publisher = service.serve(options.station, self._runner, name=options.name, counts=self._counts)
        self._links = Links(options, self._runner, publisher)
        self._links.seek(self.feeds)

    async def run(self) -> None:
        """Read the sensors until cancelled, or until virtual ones end; then put everything away."""
        try:
            await self._feed()
        finally:
            self._runner.finish()
            if self.options.record and (remembered := self._runner.pipeline.remembered):
                save_remembered(self.options.worn_by, remembered)
            if self._counts is not None:
                self._counts.close()

    def adapt(self, options: StationOptions) -> None:
        """Do as other options wish, which differ in wishes alone."""
        self.options = options
        self._links.adapt(options)

    async def _feed(self) -> None:
        links = self._links
        ticking = asyncio.create_task(_tick(links))
        try:
            async with asyncio.TaskGroup() as group:
                for feed in self.feeds:
                    group.create_task(_persist(feed, links) if self.options.persistent else feed.run(links))
        except* (InputError, LinkError) as errors:
            raise errors.exceptions[0] from errors
        finally:
            ticking.cancel()
            links.close()


def _say_tuned(params: PipelineParams) -> None:
    for key, values in params.tuned.items():
        exercise, _, placement = key.partition("/")
        say(f"params     {exercise} at the {placement}: {len(values)} of them are not the usual ones")
    if params.motion != MotionParams():
        say(f"           the pose is smoothed at {params.motion.cutoff_hz:g} Hz whatever is counted")


async def _persist(feed: Feed, links: "Links") -> None:
    """Read a sensor; what a person must mend is tried again, what is configured wrong waits for a change."""
    while True:
        try:
            await feed.run(links)
        except LinkError as error:
            links.failed(feed, str(error))
            await asyncio.sleep(RETRY_S)
        except InputError as error:
            links.failed(feed, str(error))
            return
        else:
            return


async def _tick(links: "Links") -> None:
    while True:
        links.tick()
        await asyncio.sleep(TICK_S)


class Links:
    """What all sensors of the station share: who counts, who publishes, and the recording."""

    def __init__(self, options: StationOptions, runner: Runner, publisher: StationPublisher) -> None:
        self.options, self.runner, self._publisher = options, runner, publisher
        self._statuses: dict[str, SensorStatus] = {}
        self._loss_shown_s = -math.inf
        self._begun = False
        self._stack = ExitStack()
        self._targets = Targets(runner, options.tempo, options.rest_target_s)
        self._targets.ask(monotonic_s())

    def close(self) -> None:
        """End the recording."""
        self.runner.listened_until(monotonic_s())
        self._stack.close()

    def tick(self) -> None:
        """Let time pass, and publish what changed with it."""
        now_s = monotonic_s()
        self.runner.tick(now_s)
        self._targets.tick(now_s)
        self.show_readings(now_s)

    def seek(self, feeds: Sequence[Feed]) -> None:
        """Say which sensors there are to be, before any is connected."""
        for feed in feeds:
            self._statuses[feed.key] = SensorStatus(connected=False, placement=feed.key, why=SOUGHT)
        self._publisher.sensors(self._statuses)

    def adapt(self, options: StationOptions) -> None:
        """Do as options wish that differ in nothing else."""
        before, self.options, now_s = self.options, options, monotonic_s()
        if options.exercise is not None and options.exercise != before.exercise:
            chosen = SelectExercise(at_s=self.runner.stream_s(now_s), exercise=options.exercise)
            self.runner.command(chosen, now_s)
        self._targets.change(options.tempo, options.rest_target_s, now_s)
        self._publisher.name = options.name
        self._publisher.sensors(self._statuses)

    def notification(self, sensor: str, notification: Notification) -> None:
        """A notification came."""
        self.runner.notification(sensor, notification)

    def failed(self, feed: Feed, why: str) -> None:
        """A sensor cannot be used until a person mends it."""
        if self._statuses.get(feed.key, SensorStatus(connected=True)).why != why:  # said once, tried for ever
            log.error("%s: the sensor at the %s cannot be used: %s", self.options.station, feed.key, why)
        self._statuses[feed.key] = SensorStatus(connected=False, placement=feed.key, why=why)
        self._publisher.sensors(self._statuses)

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
            rate_hz=_rate_hz(feed),
            lost_ratio=self.runner.pipeline.lost_ratio(feed.key),
            heart_rate_bpm=self.runner.pipeline.heart_rate_bpm(feed.key),
            latency_s=profile.latency_with_s(feed.values or None) if profile else None,
            live_cues=profile.is_quick(feed.values or None) if profile else None,
            why=None if state.connected else state.why,
        )
        self._publisher.sensors(self._statuses)

    def show_readings(self, now_s: float) -> None:
        """Publish the heart rate and the loss of each sensor, where they changed."""
        shows_loss = now_s - self._loss_shown_s >= LOSS_EVERY_S
        if shows_loss:
            self._loss_shown_s = now_s
        pipeline, before = self.runner.pipeline, dict(self._statuses)
        for sensor, status in before.items():
            lost_ratio = pipeline.lost_ratio(sensor) if shows_loss else status.lost_ratio
            bpm = pipeline.heart_rate_bpm(sensor)
            self._statuses[sensor] = replace(status, heart_rate_bpm=bpm, lost_ratio=lost_ratio)
        if self._statuses != before:
            self._publisher.sensors(self._statuses)

    def _begin_recording(self, feed: Feed) -> None:
        """With the first sensor; one that broke off is not begun anew."""
        if self._begun or not self.options.record:
            return
        self._begun = True
        try:
            self.runner.recorder = self._stack.enter_context(self._new_recording(feed))
        except OSError as error:
            log.warning("%s: nothing is recorded, the count goes on: %s", self.options.station, error)
        else:
            self._targets.ask(monotonic_s())  # what was asked for before is not in it

    def _new_recording(self, feed: Feed) -> RecordingWriter:
        parent, kept = self.options.record_to, "kept until you delete it"
        if parent is None:
            parent, kept = captures_folder(), f"kept {KEPT.days} days"
            _forget_old(parent)
        folder = _free_folder(parent, f"{utc_now():%Y%m%dT%H%M%S}_{self.options.station}")
        pipeline = self.runner.pipeline
        meta = RecordingMeta(
            sensors={feed.key: feed.worn},
            station=self.options.station,
            wearer=self.options.worn_by,
            when=utc_now(),
            made_by="sensor",
            exercise=pipeline.status().exercise,
            force=self.options.force,
            remembered={key: one.to_data() for key, one in pipeline.params.remembered.items()},
            tuned=pipeline.params.tuned,
        )
        writer = RecordingWriter(folder, meta)
        say(f"recording  {folder} ({kept}; --no-record keeps none)")
        return writer


def _rate_hz(feed: Feed) -> float | None:
    """Of the acceleration, as the sensor was started."""
    if feed.profile is None:
        return None
    streams = feed.profile.active_streams(feed.values or None)
    return next(stream.rate_hz for stream in streams if stream.acc is not None)


def _free_folder(parent: Path, name: str) -> Path:
    """A folder that is not there yet: a station may begin twice in a second."""
    names = [name, *(f"{name}-{k}" for k in range(2, 100))]
    return next(folder for one in names if not (folder := parent / one).exists())


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


def station_problems(options: StationOptions) -> list[Problem]:
    """What is wrong with the id, where the sensors are worn, and the exercise for the best of them."""
    worn = [sensor.placement for sensor in options.sensors]
    per_sensor = [choice_problems(options.exercise, placement, force=options.force) for placement in worn]
    problems = sensor_problems(options.sensors) or min(per_sensor, key=len)
    try:
        check_station(options.station, "--station")
    except InputError as error:
        problems += error.problems
    return problems
