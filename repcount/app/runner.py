"""One station running: its pipeline fed by whatever the data comes from, its sinks told what it says."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from repcount.commands import Command
from repcount.edges.recording import Connected, RecordingWriter, SensorMeta, to_microsecond
from repcount.events import (
    Event,
    LiveStatus,
    NotificationRejected,
    RepCounted,
    SetEnded,
    SetStarted,
    StreamGap,
    StreamLost,
    StreamResumed,
)
from repcount.pipeline import Pipeline
from repcount.profile import Profile
from repcount.samples import Notification, SampleBatch

log = logging.getLogger(__name__)

CLOCK_SLIP = 1e-3
"""A sensor's clock runs slower than ours by less than this, s a s; crystals differ by a fifth of it."""

MOST_LAG_S = 1.0
"""What comes later than the quickest by more than this has waited for us: while we lag, time does too."""


class Sink(Protocol):
    """Takes what a station says; it must not block, and when it fails the count goes on without it.

    A `BrokenPipeError` is no failure: whoever reads the output has enough, and the program ends.
    """

    def events(self, events: Sequence[Event]) -> None:
        """Take new facts, in order."""

    def status(self, status: LiveStatus) -> None:
        """Take what is true now."""


class Runner:
    """Feeds one pipeline and tells its sinks.

    Stream time runs on between notifications: it is the host's clock, shifted by the least delay with which
    notifications came. A program that lags behind its sensors does not take them for lost.

    Attributes
    ----------
    sinks
        Told of every event and of what is true now.
    recorder
        What comes is recorded here before it is decoded; None keeps no recording.
    on_first
        Called once, when the first samples came, with stream time now, s.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        sinks: Sequence[Sink] = (),
    ) -> None:
        self.pipeline = pipeline
        self.sinks = list(sinks)
        self.recorder: RecordingWriter | None = None
        self.on_first: Callable[[float], object] = lambda _stream_s: None
        self._shift_s: float | None = None
        self._shifted_at_s = 0.0
        self._doubted: set[str] = set()
        self._warn_of_doubt()

    @property
    def sensors(self) -> list[str]:
        """Keys of the station's sensors."""
        return self.pipeline.sensors

    def stream_s(self, host_s: float) -> float:
        """Stream time at a moment of the host's clock, s; what has passed never comes back."""
        if self._shift_s is None:
            return self.pipeline.now_s
        silent_s = host_s - self._shifted_at_s
        now_s = min(host_s + self._shift_s, self.pipeline.heard_s + silent_s + MOST_LAG_S)
        return max(self.pipeline.now_s, now_s)

    def notification(self, sensor: str, notification: Notification) -> list[Event]:
        """Record a notification, then count with it, to the microsecond as recordings have it."""
        arrival_s = to_microsecond(notification.arrival_s)
        notification = Notification(notification.characteristic, notification.payload, arrival_s)
        self._record(lambda recorder: recorder.write(sensor, notification))
        return self._say(self.advanced(arrival_s) + self._fed(sensor, notification))

    def connected(
        self,
        sensor: str,
        connected: Connected,
        profile: Profile | None = None,
        worn: SensorMeta | None = None,
    ) -> list[Event]:
        """A sensor sends from now on: record that, with how it is worn, then make ready.

        Time has passed until then, also for what came while it was being started: otherwise it would depend
        on the ticks in between where that lies. Without `profile` it is the one known.
        """
        connected = replace(connected, arrival_s=to_microsecond(connected.arrival_s))
        if worn is not None:
            self._record(lambda recorder: recorder.add_sensor(sensor, worn))
        self._record(lambda recorder: recorder.write_connected(sensor, connected))
        events = self.advanced(connected.arrival_s)
        self.pipeline.connected(sensor, profile, connected.values)
        return self._say(events)

    def samples(self, sensor: str, batch: SampleBatch) -> list[Event]:
        """Count with ready samples."""
        return self._say(self.pipeline.feed(sensor, batch))

    def command(self, command: Command, host_s: float | None = None) -> list[Event]:
        """Do as asked; InputError when it cannot be done. What is given a host's time is recorded."""
        events = self.pipeline.command(command)
        if host_s is not None:
            self._record(lambda recorder: recorder.write_command(host_s, command))
        return self._say(events)

    def tick(self, host_s: float) -> list[Event]:
        """Let time pass."""
        return self._say(self.advanced(host_s))

    def listened_until(self, host_s: float) -> list[Event]:
        """Nothing more is listened to: record that, since silence says something too; time has passed."""
        host_s = to_microsecond(host_s)
        self._record(lambda recorder: recorder.end(host_s))
        return self.tick(host_s)

    def finish(self) -> list[Event]:
        """End the session."""
        return self._say(self.pipeline.finish())

    def advanced(self, host_s: float) -> list[Event]:
        """Events of time passing alone, not told to the sinks."""
        return [] if self._shift_s is None else self.pipeline.advance(self.stream_s(host_s))

    def _fed(self, sensor: str, notification: Notification) -> list[Event]:
        heard_s = self.pipeline.heard_s
        events = self.pipeline.feed(sensor, notification)
        if self.pipeline.heard_s > heard_s:
            self._learn_shift(notification.arrival_s)
        return events

    def _learn_shift(self, arrival_s: float) -> None:
        """Learn from samples alone, never from how often time was let pass: replay equals live."""
        shift_s = self.pipeline.heard_s - arrival_s
        if self._shift_s is None:
            self._shift_s = shift_s
            self.on_first(self.pipeline.heard_s)
        else:
            slipped_s = self._shift_s - CLOCK_SLIP * (arrival_s - self._shifted_at_s)
            self._shift_s = max(shift_s, slipped_s)
        self._shifted_at_s = arrival_s

    def _record(self, write: Callable[[RecordingWriter], None]) -> None:
        if self.recorder is None:
            return
        try:
            write(self.recorder)
        except OSError as error:
            log.warning("recording ends here, the count goes on: %s", error.strerror or error)
            self.recorder = None

    def _warn_of_doubt(self) -> None:
        """Say once why the counts are unreliable, where somebody forced them."""
        doubt = self.pipeline.doubt
        if doubt is not None and doubt not in self._doubted:
            self._doubted.add(doubt)
            log.warning("%s: %s", self.pipeline.params.station, doubt)

    def _say(self, events: list[Event]) -> list[Event]:
        self._warn_of_doubt()
        for event in events:
            _log(event)
        status = self.pipeline.status()
        for sink in list(self.sinks):
            try:
                if events:
                    sink.events(events)
                sink.status(status)
            except BrokenPipeError:
                raise
            except Exception:
                # Whatever is wrong with one listener, the count and the others go on.
                log.exception("%s failed and is left out from now on", type(sink).__name__)
                self.sinks.remove(sink)
        return events


def _log(event: Event) -> None:
    match event:
        case SetStarted():
            log.info("%s: set %d of %s started", event.station, event.set_index, event.exercise)
        case SetEnded():
            log.info("%s: set %d ended with %d reps", event.station, event.set_index, event.rep_count)
        case StreamGap():
            log.warning(
                "%s: %s sent nothing for %.1f s", event.station, event.sensor, event.end_s - event.start_s
            )
        case StreamLost():
            log.warning("%s: nothing comes from the sensor at the %s", event.station, event.sensor)
        case StreamResumed():
            log.info("%s: the sensor at the %s sends again", event.station, event.sensor)
        case NotificationRejected() if event.rejected & (event.rejected - 1) == 0:
            # At 1, 2, 4, 8, ...: a broken sensor is said, not shouted.
            log.warning(
                "%s: %s sent %d notifications so far that cannot be used, the last for its %s. If they go "
                "on: is it another firmware, or the wrong profile? 'repcount scan' names the one it matches",
                event.station,
                event.sensor,
                event.rejected,
                event.reason,
            )
        case RepCounted():
            log.debug("%s: %d", event.station, event.rep_count)
        case _:
            pass
