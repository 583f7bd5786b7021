"""The one pipeline of a station: wire, motion, reps and session composed.

Rules: values in, events out; any cutting of the input gives the same events; live, record, replay, tune and
evaluate all feed this object. Stream time is sensor time in s from the first sample of the first sensor.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from repcount.commands import Command
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import Event, LiveStatus, StreamGap, TempoCue
from repcount.motion.merge import Merge, Restart, Thing, Tick, known_s
from repcount.motion.track import SensorTrack
from repcount.motion.tracker import Motion, MotionPiece
from repcount.pipeline_params import PipelineParams, SensorConfig, new_station
from repcount.profile import Profile, Values
from repcount.samples import Array, Notification, SampleBatch
from repcount.session.link import LinkFacts
from repcount.session.tape import Tape, Taping, Told
from repcount.wire import Gap, Rejected, Wire
from repcount.wire.standard import HEART_RATE_MEASUREMENT

__all__ = ["CurveView", "Pipeline", "PipelineParams", "SensorConfig", "new_station"]

SNAPSHOT_SCHEMA = 13
"""Of `Pipeline.snapshot`; goes up whenever what is in it changes, anywhere down to a filter's state."""


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

    Attributes
    ----------
    tap
        Told of a sensor's samples as they come, on stream time, for plots; no part of the state.

    Raises
    ------
    InputError
        When the exercise is unknown or cannot be counted at any of the placements.
    """

    def __init__(self, sensors: Mapping[str, SensorConfig], params: PipelineParams | None = None) -> None:
        self.params = params or PipelineParams()
        self._sensors = dict(sensors)
        self._links = LinkFacts(self.params.station)
        self.tap: Callable[[str, SampleBatch], object] | None = None
        self.reset()

    def reset(self) -> None:
        """Start again as if nothing had been fed."""
        self._tracks = {key: SensorTrack(None, Motion(self.params.motion)) for key in self._sensors}
        for key, config in self._sensors.items():
            self.connected(key, config.profile, config.values)
        self._merge = Merge(self._tracks)
        self._now_s = 0.0
        self._clock: str | None = None  # the sensor whose clock is stream time
        worn = {key: config.placement for key, config in self._sensors.items()}
        self._station = new_station(self.params, worn)
        self._told: Told = self._station

    def taped(self) -> Tape:
        """Tape all that the station is told from now on, for `Tape.play`; to be called before anything is."""
        self._told = taping = Taping(self._station)
        return taping.tape

    @property
    def remembered(self) -> dict[str, dict[str, Any]]:
        """How this wearer's reps went, plain data by exercise and placement, for the next session."""
        return {key: one.to_data() for key, one in self._station.session.remembered.items()}

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
        return max([track.last_s for track in self._tracks.values()], default=0.0)

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
            things = self._samples(sensor, track, data, None)
        elif track.wire is None:
            raise InputError([Problem("sensor", f"{sensor!r} has no profile to read notifications with")])
        else:
            things = self._read(sensor, track, track.wire, data)
        # Gaps are found before the motion around them is made: any cutting takes all in the order of time.
        things.sort(key=known_s)
        if len(self._tracks) == 1:
            return [event for thing in things for event in self._taken(sensor, thing)]
        self._merge.add(sensor, things)
        return self._take(self._common_s())

    def _take(self, until_s: float) -> list[Event]:
        """Let the station take all that was known by then."""
        return [event for sensor, thing in self._merge.until(until_s) for event in self._taken(sensor, thing)]

    def _taken(self, sensor: str, thing: Thing) -> list[Event]:
        """What the station says of it; no cue that would come too late to be of use."""
        events = self._told.take(sensor, thing)
        if not events or self.live_cues:  # mostly there is nothing to say, and no sensor to be asked
            return events
        return [event for event in events if not isinstance(event, TempoCue)]

    def _common_s(self) -> float:
        """Up to when everything is there of all sensors that are still waited for, s of stream time."""
        awaited = [track.last_s for track in self._tracks.values() if self._is_awaited(track)]
        return max(min(awaited, default=math.inf), self._now_s - self.params.wait_s)

    def _is_awaited(self, track: SensorTrack) -> bool:
        begins = track.begun or self._now_s < self.params.wait_s
        return begins and not track.lost and self._now_s - track.last_s <= self.params.lost_s

    def _read(self, sensor: str, track: SensorTrack, wire: Wire, notification: Notification) -> list[Thing]:
        things: list[Thing] = []
        if notification.characteristic.lower() == HEART_RATE_MEASUREMENT:
            fault = track.take_heart_rate(notification.payload, self._now_s)
            return [] if fault is None else [self._links.rejected(sensor, track, fault)]
        for item in wire.feed(notification):
            match item:
                case SampleBatch():
                    things += self._samples(sensor, track, item, notification.arrival_s)
                case Gap():
                    things.append(self._gap(sensor, track, item))
                case Rejected():
                    things.append(self._links.rejected(sensor, track, item.reason))
        return things

    def _gap(self, sensor: str, track: SensorTrack, gap: Gap) -> StreamGap:
        """A gap of the sensor's own time, which is laid on stream time with the first samples."""
        origin_s = track.origin_s or 0.0
        return self._links.gap(sensor, gap.start_s - origin_s, gap.end_s - origin_s, gap.lost_notifications)

    def connected(self, sensor: str, profile: Profile | None = None, values: Values | None = None) -> None:
        """A sensor of this profile sends from now on; an earlier link's clock and counter are void.

        Without `profile` it is the one known, and nothing happens where none is.
        """
        track = self._tracks[sensor]
        known = profile or (track.wire.profile if track.wire else None)
        if known is not None:
            track.reconnected(known, values)

    def command(self, command: Command) -> list[Event]:
        """Take what a person asks for; it is done when stream time reaches `at_s`.

        Raises
        ------
        InputError
            When it names an exercise, sensor or placement there is not.
        """
        return self._told.command(command)

    def advance(self, now_s: float) -> list[Event]:
        """Let stream time pass without data, s; time that has passed already is ignored.

        Samples up to `now_s` may still be under way, so nothing is decided before a sensor is lost, and then
        as of the moment it was: the events do not depend on when this is called.
        """
        if now_s <= self._now_s:
            return []
        self._now_s = now_s
        for key, track in self._tracks.items():
            if not track.lost and now_s - track.last_s > self.params.lost_s:
                track.lost = True
                if track.begun:
                    said_s = track.last_s + self.params.lost_s
                    self._merge.add(key, [self._links.lost(key, track.last_s, said_s)])
        events = self._take(self._common_s())
        counting = self._tracks.get(self._station.counting or "")
        if counting is None or counting.lost:
            lost_s = counting.last_s + self.params.lost_s if counting else now_s
            events += self._told.advance(now_s, lost_s)
        return events

    def finish(self) -> list[Event]:
        """End the session: what is pending is done and the open set ends."""
        return self._take(math.inf) + self._told.finish(self._now_s, self.heard_s)

    @property
    def counting(self) -> str | None:
        """Key of the sensor that counts what is chosen; the others add what they see."""
        return self._station.counting

    @property
    def live_cues(self) -> bool:
        """Whether the sensor that counts tells of a movement in time for the cue to slow down."""
        track = self._tracks.get(self._station.counting or "")
        return track is None or track.wire is None or track.wire.profile.is_quick(track.values)

    @property
    def doubt(self) -> str | None:
        """Why the counts are unreliable now, as a sentence; None where nothing is forced."""
        return self._station.doubt

    def status(self) -> LiveStatus:
        """What is true now."""
        rates = (self.heart_rate_bpm(sensor) for sensor in self._tracks)
        bpm = next((rate for rate in rates if rate is not None), None)
        return self._station.status(self._now_s, bpm)

    def heart_rate_bpm(self, sensor: str) -> float | None:
        """What a sensor tells of the heart, beats a minute; None where it tells nothing."""
        return self._tracks[sensor].heart_rate_bpm(self._now_s)

    def lost_ratio(self, sensor: str) -> float | None:
        """Share of a sensor's samples that is missing lately, 0 to 1; None where nobody knows."""
        wire = self._tracks[sensor].wire
        return None if wire is None else wire.lost_ratio

    def curve(self, seconds: float = 10.0) -> CurveView:
        """Return the newest stretch of the pose, of the sensor that counts."""
        tick_s = self._station.session.detector.tick_s
        last = round(self._now_s / tick_s)
        pose_g = self._station.session.detector.recurrence.history.poses(last - round(seconds / tick_s), last)
        t_s = self._now_s - tick_s * np.arange(len(pose_g) - 1, -1, -1, dtype=np.float64)
        return CurveView(t_s, pose_g)

    def _samples(
        self, sensor: str, track: SensorTrack, batch: SampleBatch, arrival_s: float | None
    ) -> list[Thing]:
        if not len(batch):
            return []
        returns = track.begun and track.origin_s is None
        self._set_clock(sensor, track, batch, arrival_s)
        shifted = track.on_stream_time(batch)
        if self.tap is not None:
            self.tap(sensor, shifted)
        things: list[Thing] = []
        resumes = track.lost and track.begun
        track.lost, track.begun = False, True
        if resumes:
            things.append(self._links.resumed(sensor, float(shifted.t_s[0])))
        if returns:  # over another link, whose wire knows nothing of the last one
            things.append(self._links.gap(sensor, track.last_s, float(shifted.t_s[0])))
        track.last_s = float(shifted.t_s[-1])
        pieces, gaps = track.motion.feed(shifted)
        if track.wire is None:
            things += [self._links.gap(sensor, gap.start_s, gap.end_s) for gap in gaps]
        for piece in pieces:
            things += _ticks(piece)
        self._now_s = max(self._now_s, track.last_s)
        return things

    def _set_clock(
        self, sensor: str, track: SensorTrack, batch: SampleBatch, arrival_s: float | None
    ) -> None:
        """Find out, or follow, where this sensor's own clock is on stream time."""
        first_s = float(batch.t_s[0])
        if arrival_s is not None:
            track.arrived(float(batch.t_s[-1]), arrival_s)
        clock = self._tracks.get(self._clock or "")
        if clock is not None and (clock is not track or track.origin_s is None):
            if arrival_s is None and clock.wire is None and track.origin_s is None:
                track.origin_s = clock.origin_s  # ready samples are of one recording, with one clock
            track.follow(clock, batch.t_s)
        if track.origin_s is None:
            # The first sensor begins at 0; one that says nothing of its clock joins now.
            track.origin_s = first_s - self._now_s
            self._clock = self._clock or sensor

    def snapshot(self) -> dict[str, Any]:
        """Plain JSON-able data from which `restore` goes on with the same events."""
        return {
            "schema": SNAPSHOT_SCHEMA,
            "now_s": self._now_s,
            "clock": self._clock,
            "station": self._station.snapshot(),
            "sensors": {key: track.snapshot() for key, track in self._tracks.items()},
            "merge": self._merge.snapshot(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `snapshot` was taken, with the same sensors and parameters.

        Raises
        ------
        InputError
            When the snapshot is of another schema.
        """
        if state.get("schema") != SNAPSHOT_SCHEMA:
            problem = f"schema {state.get('schema')!r} is not {SNAPSHOT_SCHEMA}"
            raise InputError([Problem("snapshot", problem)])
        self.reset()
        for key, track in self._tracks.items():
            track.restore(state["sensors"][key])
        self._station.restore(state["station"])
        self._merge.restore(state["merge"])
        self._now_s, self._clock = state["now_s"], state["clock"]


def _ticks(piece: MotionPiece) -> list[Thing]:
    things: list[Thing] = [] if piece.restart_s is None else [Restart(piece.restart_s)]
    rows = zip(piece.motion.t_s.tolist(), piece.motion.signals, strict=True)
    return things + [Tick(t_s, signals, piece.hidden_until_s) for t_s, signals in rows]
