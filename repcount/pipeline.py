"""The one pipeline of a station: wire, motion, reps and session composed.

Rules: values in, events out; any cutting of the input gives the same events; live, record, replay, tune and
evaluate all feed this object. Stream time is sensor time in s from the first sample of the first sensor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from repcount.commands import (
    Arm,
    Command,
    SelectExercise,
    SelectPlacement,
    command_from_dict,
    command_to_dict,
)
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import (
    SCHEMA,
    Event,
    LiveStatus,
    NotificationRejected,
    StreamGap,
    StreamLost,
    StreamResumed,
)
from repcount.exercises import EXERCISES, counting_sensor, doubt, forced, worn_problems
from repcount.motion.track import SensorTrack
from repcount.motion.tracker import Motion, MotionParams, MotionPiece
from repcount.profile import Profile
from repcount.reps.detector import Delays
from repcount.samples import Array, Notification, SampleBatch
from repcount.session.session import Session, SessionParams
from repcount.wire import Gap, Rejected, Wire, WireItem


@dataclass(frozen=True, slots=True)
class SensorConfig:
    """One sensor of a station: its profile and where it is worn.

    `profile` is None for one that is fed ready samples, or whose profile is known when it has connected.
    """

    profile: Profile | None
    placement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineParams:
    """Parameters of a pipeline.

    Parameters
    ----------
    station
        Whose events these are.
    exercise
        What is counted first; None: nothing until `SelectExercise`.
    force
        Count any exercise also with a sensor that cannot see it, as well as that goes.
    motion, session
        Parameters of the stages.
    lost_s
        A sensor that sends nothing for this long is lost, s.
    """

    station: str = "station-1"
    exercise: str | None = None
    force: bool = False
    motion: MotionParams = field(default_factory=MotionParams)
    session: SessionParams = field(default_factory=SessionParams)
    lost_s: float = 3.0

    def __post_init__(self) -> None:
        if not self.lost_s > 0:
            raise ValueError(f"lost_s must be above 0, got {self.lost_s}")
        recurrence = self.session.detector.recurrence
        if (recurrence.tick_hz, recurrence.cutoff_hz) != (self.motion.tick_hz, self.motion.cutoff_hz):
            raise ValueError(f"motion and recurrence differ in tick_hz or cutoff_hz, got {self}")
        if self.session.holds.detector.tick_hz != self.motion.tick_hz:
            raise ValueError(f"motion and holds differ in tick_hz, got {self}")


@dataclass(frozen=True, slots=True, eq=False)
class CurveView:
    """The newest stretch for plots: `t_s` (N,), `pose_g` (N, 3)."""

    t_s: Array
    pose_g: Array


class Pipeline:
    """Counts one station.

    Parameters
    ----------
    sensors
        Sensor key -> its configuration. Keys are the caller's, `wrist` and `chest` by custom.
    params
        Parameters of all stages.

    Raises
    ------
    InputError
        When the exercise is unknown or cannot be counted at any of the placements.
    """

    def __init__(self, sensors: Mapping[str, SensorConfig], params: PipelineParams | None = None) -> None:
        self.params = params or PipelineParams()
        self._sensors = dict(sensors)
        self.reset()

    def reset(self) -> None:
        """Start again as if nothing had been fed."""
        self._tracks = {
            key: SensorTrack(
                config.placement,
                Wire(config.profile) if config.profile else None,
                Motion(self.params.motion),
            )
            for key, config in self._sensors.items()
        }
        self._now_s = 0.0
        self._pending: list[Command] = []
        self._force = self.params.force
        delays = Delays(*Motion(self.params.motion).delays_s)
        self._session = Session(self.params.station, delays, self.params.session)
        if self.params.exercise is not None:
            self._choose(self.params.exercise)

    @property
    def sensors(self) -> list[str]:
        """Keys of the sensors, in the order given."""
        return list(self._sensors)

    @property
    def now_s(self) -> float:
        """Stream time of the newest sample or `advance`, s."""
        return self._now_s

    @property
    def heard_s(self) -> float:
        """Stream time of the newest sample, s: what was said by then does not depend on `advance`."""
        return max((track.last_s for track in self._tracks.values()), default=0.0)

    def feed(self, sensor: str, data: Notification | SampleBatch) -> list[Event]:
        """Take a notification as it arrived, or ready samples; return what there is to say.

        Raises
        ------
        InputError
            When there is no such sensor, or it has no profile to read a notification with.
        """
        track = self._tracks.get(sensor)
        if track is None:
            raise InputError([Problem("sensor", f"no sensor {sensor!r}", did_you_mean(sensor, self._tracks))])
        if isinstance(data, SampleBatch):
            events = self._samples(sensor, track, data)
        elif track.wire is None:
            raise InputError([Problem("sensor", f"{sensor!r} has no profile to read notifications with")])
        else:
            events = self._items(sensor, track, track.wire.feed(data))
        # Gaps are found before the motion around them is made: any cutting says all in the order of time.
        return sorted(events, key=lambda event: event.said_s)

    def _items(self, sensor: str, track: SensorTrack, items: list[WireItem]) -> list[Event]:
        events: list[Event] = []
        for item in items:
            match item:
                case SampleBatch():
                    events += self._samples(sensor, track, item)
                case Gap():
                    events.append(self._gap(sensor, track, item.start_s, item.end_s, item.lost_notifications))
                case Rejected():
                    events.append(self._rejected(sensor, track, item))
        return events

    def connected(self, sensor: str, profile: Profile) -> None:
        """A sensor of this profile sends from now on; an earlier link's clock and counter are void."""
        track = self._tracks[sensor]
        track.origin_s, track.wire = None, Wire(profile)

    def command(self, command: Command) -> list[Event]:
        """Take what a person asks for; it is done when stream time reaches `at_s`.

        Raises
        ------
        InputError
            When it names an exercise, sensor or placement there is not.
        """
        if problems := self._command_problems(command):
            raise InputError(problems)
        self._pending.append(command)
        self._pending.sort(key=lambda c: c.at_s)
        return self._commands_until(self._session.state.now_s)

    def advance(self, now_s: float) -> list[Event]:
        """Let stream time pass without data, s; time that has passed already is ignored.

        Samples up to `now_s` may still be under way, so nothing is decided before a sensor is lost, and then
        as of the moment it was: the events do not depend on when this is called.
        """
        if now_s <= self._now_s:
            return []
        self._now_s = now_s
        events: list[Event] = []
        for key, track in self._tracks.items():
            if not track.lost and now_s - track.last_s > self.params.lost_s:
                track.lost = True
                if track.begun:
                    events.append(self._stream_lost(key, track))
        counting = self._tracks.get(self._counting_sensor() or "")
        if counting is None or counting.lost:
            lost_s = counting.last_s + self.params.lost_s if counting else now_s
            # A set that was over before a command came ended before it, whenever this is called.
            for at_s in [c.at_s for c in self._pending if c.at_s <= now_s]:
                events += self._session.advance(at_s, lost_s)
                events += self._commands_until(at_s)
            events += self._session.advance(now_s, lost_s)
        return events

    def _stream_lost(self, sensor: str, track: SensorTrack) -> StreamLost:
        return StreamLost(
            station=self.params.station,
            happened_s=track.last_s,
            said_s=track.last_s + self.params.lost_s,
            sensor=sensor,
        )

    def finish(self) -> list[Event]:
        """End the session: what is pending is done and the open set ends."""
        events = self._commands_until(max([self._now_s, *(c.at_s for c in self._pending)]))
        return events + self._session.end_set(max(self.heard_s, self._session.state.now_s))

    @property
    def doubt(self) -> str | None:
        """Why the counts are unreliable now, as a sentence; None where nothing is forced."""
        model = self._session.model
        return None if model is None else doubt(EXERCISES[model.id], self._session.placement)

    def status(self) -> LiveStatus:
        """What is true now."""
        return self._session.status(self._now_s)

    def curve(self, seconds: float = 10.0) -> CurveView:
        """Return the newest stretch of the pose, of the sensor that counts."""
        tick_s = self._session.detector.tick_s
        last = round(self._now_s / tick_s)
        pose_g = self._session.detector.recurrence.history.poses(last - round(seconds / tick_s), last)
        t_s = self._now_s - tick_s * np.arange(len(pose_g) - 1, -1, -1, dtype=np.float64)
        return CurveView(t_s, pose_g)

    def _samples(self, sensor: str, track: SensorTrack, batch: SampleBatch) -> list[Event]:
        if not len(batch):
            return []
        if track.origin_s is None:
            # A second sensor joins the clock of the first where that is now.
            track.origin_s = float(batch.t_s[0]) - self._now_s
        shifted = SampleBatch(batch.t_s - track.origin_s, batch.acc_m_s2, batch.gyro_rad_s)
        events: list[Event] = []
        resumes = track.lost and track.begun
        track.lost, track.begun = False, True
        if resumes:
            back_s = float(shifted.t_s[0])
            events.append(
                StreamResumed(station=self.params.station, happened_s=back_s, said_s=back_s, sensor=sensor)
            )
        track.last_s = float(shifted.t_s[-1])
        pieces, gaps = track.motion.feed(shifted)
        if track.wire is None:
            events += [self._gap(sensor, track, gap.start_s, gap.end_s, None) for gap in gaps]
        if sensor == self._counting_sensor():
            for piece in pieces:
                events += self._ticks(piece)
        self._now_s = max(self._now_s, track.last_s)
        return events

    def _ticks(self, piece: MotionPiece) -> list[Event]:
        events = self._session.restart(piece.restart_s) if piece.restart_s is not None else []
        for t_s, signals in zip(piece.motion.t_s.tolist(), piece.motion.signals, strict=True):
            events += self._commands_until(t_s)
            if piece.hidden_until_s is None:
                events += self._session.feed(t_s, signals)
            else:
                events += self._session.pass_over(t_s, signals, piece.hidden_until_s)
        return events

    def _gap(self, sensor: str, track: SensorTrack, start_s: float, end_s: float, lost: int | None) -> Event:
        origin_s = track.origin_s if track.wire is not None and track.origin_s is not None else 0.0
        return StreamGap(
            station=self.params.station,
            happened_s=start_s - origin_s,
            said_s=end_s - origin_s,
            sensor=sensor,
            start_s=start_s - origin_s,
            end_s=end_s - origin_s,
            lost_notifications=lost,
        )

    def _rejected(self, sensor: str, track: SensorTrack, item: Rejected) -> Event:
        track.rejected += 1
        return NotificationRejected(
            station=self.params.station,
            happened_s=track.last_s,
            said_s=track.last_s,
            sensor=sensor,
            reason=item.reason,
            rejected=track.rejected,
        )

    def _commands_until(self, t_s: float) -> list[Event]:
        events: list[Event] = []
        while self._pending and self._pending[0].at_s <= t_s:
            command = self._pending.pop(0)
            if self._is_so_already(command):
                continue
            if isinstance(command, SelectPlacement):
                events += self._move(command)
                continue
            events += self._session.command(command, max(command.at_s, self._session.state.now_s))
            if isinstance(command, SelectExercise):
                self._force = command.force or self.params.force
                self._take_up(command.exercise)
        return events

    def _move(self, command: SelectPlacement) -> list[Event]:
        """Wear the sensor elsewhere; that ends the open set only where another one counts after it."""
        model, counting = self._session.model, self._counting_sensor()
        place, self._tracks[command.sensor].placement = self._session.placement, command.placement
        self._force |= command.force
        if model is None:
            return []
        if command.sensor != counting and self._counts(model.id) == (counting, place):
            return []
        events = self._session.command(command, max(command.at_s, self._session.state.now_s))
        self._take_up(model.id)
        return events

    def _is_so_already(self, command: Command) -> bool:
        """Pages and brokers repeat themselves; that ends no set."""
        match command:
            case SelectExercise():
                chosen = self._session.model.id if self._session.model else None
                return chosen == command.exercise and self._force >= command.force
            case SelectPlacement():
                return self._tracks[command.sensor].placement == command.placement
            case Arm():
                return self._session.state.armed == command.armed
            case _:
                return False

    def _command_problems(self, command: Command) -> list[Problem]:
        place = f"command {command.name!r}"
        worn = {key: track.placement for key, track in self._tracks.items()}
        if isinstance(command, SelectExercise):
            force = command.force or self.params.force
            return worn_problems(command.exercise, worn.values(), place, force=force)
        if isinstance(command, SelectPlacement) and command.sensor not in worn:
            return [Problem(place, f"no sensor {command.sensor!r}", did_you_mean(command.sensor, worn))]
        if isinstance(command, SelectPlacement) and self._session.model is not None:
            worn[command.sensor] = command.placement
            force = command.force or self._force
            return worn_problems(self._session.model.id, worn.values(), place, force=force)
        return []

    def _choose(self, exercise: str) -> None:
        worn = [track.placement for track in self._tracks.values()]
        if problems := worn_problems(exercise, worn, "exercise", force=self._force):
            raise InputError(problems)
        self._take_up(exercise)

    def _take_up(self, exercise: str) -> None:
        """Count this from now on; nothing, if sensors were moved meanwhile to where it cannot be counted."""
        placement = self._counts(exercise)[1]
        self._session.choose(forced(EXERCISES[exercise], placement), placement)

    def _counts(self, exercise: str) -> tuple[str | None, str]:
        """Key and placement of the sensor that counts the exercise as all are worn now."""
        worn = {key: track.placement for key, track in self._tracks.items()}
        sensor = counting_sensor(EXERCISES[exercise], worn, force=self._force)
        return sensor, worn[sensor] if sensor is not None else ""

    def _counting_sensor(self) -> str | None:
        placement = self._session.placement
        worn_there = (key for key, track in self._tracks.items() if track.placement == placement)
        return next(worn_there, next(iter(self._tracks), None))

    def snapshot(self) -> dict[str, Any]:
        """Plain JSON-able data from which `restore` goes on with the same events."""
        model = self._session.model
        return {
            "schema": SCHEMA,
            "now_s": self._now_s,
            "exercise": model.id if model else None,
            "force": self._force,
            "pending": [command_to_dict(command) for command in self._pending],
            "session": self._session.snapshot(),
            "sensors": {key: track.snapshot() for key, track in self._tracks.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `snapshot` was taken, with the same sensors and parameters.

        Raises
        ------
        InputError
            When the snapshot is of another schema.
        """
        if state.get("schema") != SCHEMA:
            raise InputError([Problem("snapshot", f"schema {state.get('schema')!r} is not {SCHEMA}")])
        self.reset()
        for key, track in self._tracks.items():
            track.restore(state["sensors"][key])
        self._force = state["force"]
        if state["exercise"] is not None:
            self._take_up(state["exercise"])
        self._session.restore(state["session"])
        self._now_s = state["now_s"]
        self._pending = [command_from_dict(command, "snapshot") for command in state["pending"]]
