"""The retained states of one station, folded from what was said and what is true.

Rules: pure; a state is published when its content changed, never because time went by; the newest message
of each is kept, since a broker that comes back may have forgotten them all.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields

from repcount.edges.mqtt.payloads import Message, Source, WallClock, iso, to_json
from repcount.edges.mqtt.topics import State, state_topic
from repcount.events import (
    SCHEMA,
    CountCorrected,
    Event,
    HoldEnded,
    LiveStatus,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
)
from repcount.exercises import EXERCISES

PHASE_INTERVAL_S = 0.1
"""Ten a second move a bar smoothly; more only fill the network."""
MOST_SETS = 60
MOST_REPS = 40
"""Of one day, and of each set for its sparklines. Keeps `state/today` below the 64 KiB a browser takes."""
_TEMPO_KEYS = (
    "set_index",
    "rep_index",
    "eccentric_s",
    "pause_lengthened_s",
    "concentric_s",
    "pause_shortened_s",
    "controlled",
    "partial",
    "rom_deg",
    "rom_m",
    "mean_concentric_velocity_m_s",
    "depth_deg",
    "trunk_sway_deg",
    "style",
)
_SPARK_KEYS = ("rom_deg", "eccentric_s", "mean_concentric_velocity_m_s")

Body = dict[str, object]
_NO_HOLD: Body = {"hold_s": None, "hold_target_s": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorStatus:
    """What is known of one sensor; None where it is not.

    `latency_s` is how late it tells of a movement, `live_cues` whether that is soon enough for them; `why` it
    is not connected.
    """

    connected: bool
    profile: str | None = None
    placement: str | None = None
    battery_percent: int | None = None
    rssi_dbm: int | None = None
    rate_hz: float | None = None
    lost_ratio: float | None = None
    heart_rate_bpm: float | None = None
    latency_s: float | None = None
    live_cues: bool | None = None
    why: str | None = None


@dataclass(slots=True)
class _Count:
    """Content of `state/count`; `reps_total` counts ended sets as they ended, so it never falls."""

    set_index: int = 0
    rep_count: int = 0
    exercise: str | None = None
    set_open: bool = False
    reps_total: int = 0


_COUNT_KEYS = tuple(one.name for one in fields(_Count))


@dataclass(slots=True)
class _DoneSet:
    """An entry of `state/today` and the day it belongs to."""

    day: int
    body: Body


class StationState:
    """Folds events, `LiveStatus` and sensors of one station into its retained states."""

    def __init__(
        self, station: str, session: str, source: Source, clock: WallClock, name: str | None = None
    ) -> None:
        self.clock = clock
        self.name = name
        self.session, self.source = session, source
        self.station = station
        self._now_s = 0.0
        self._count = _Count()
        self._tempos: dict[int, Body] = {}
        self._hold = _NO_HOLD
        self._today: list[_DoneSet] = []
        self._target_s: float | None = None
        self._phase_s = -PHASE_INTERVAL_S
        self._present: dict[State, Body] = {}
        self._said: dict[State, Body] = {}
        self._settled: tuple[object, ...] = ()
        self._day_ends: tuple[WallClock, float] | None = None

    def take_event(self, event: Event) -> None:
        """Fold one fact in."""
        self._now_s = event.said_s
        match event:
            case SetStarted():
                self._open_set(event)
            case RepCounted():
                self._count.rep_count = event.rep_count
            case RepCompleted():
                self._tempos[event.rep_index] = {key: getattr(event, key) for key in _TEMPO_KEYS}
                self._show_tempo()
            case RepRetracted():
                self._count.rep_count = max(0, self._count.rep_count - 1)
                if self._tempos.pop(event.rep_index, None):
                    self._show_tempo()
            case HoldEnded():
                self._hold = {"hold_s": event.hold_s, "hold_target_s": event.target_s}
                self._show_tempo()
            case SetEnded():
                self._end_set(event)
            case CountCorrected():
                self._correct(event)
            case _:
                return
        self._show_sets()

    def take_history(self, sets: Iterable[Mapping[str, object]]) -> None:
        """Take up sets of today from before this session, in order."""
        today = self.clock.day(self._now_s)
        self._today = [_DoneSet(today, dict(body)) for body in sets] + self._today
        self._show_sets()

    def take_status(self, status: LiveStatus) -> None:
        """Fold in what is true now."""
        self._now_s, self._target_s = status.now_s, status.eccentric_target_s
        if status.set_index != self._count.set_index:  # after a reset, or resumed in the middle of a session
            self._count.set_index = status.set_index
            self._count.rep_count = status.rep_count if status.set_index else 0
            self._count.set_open = status.set_index > 0 and status.rest_since_s is None
            self._count.exercise = status.exercise
            self._show_sets()
        if self._day_ends is None or self._day_ends[0] is not self.clock or self._now_s >= self._day_ends[1]:
            self._show_sets()
        settled = _settled(status, self.clock)
        if settled != self._settled:
            self._settled = settled
            self._show_settled(status)
        if not 0 <= status.now_s - self._phase_s < PHASE_INTERVAL_S:
            self._show_phase(status)

    def _show_settled(self, status: LiveStatus) -> None:
        since_s = status.rest_since_s
        self._present[State.REST] = {
            "resting": since_s is not None,
            "since": None if since_s is None else self._iso(since_s),
            "target_s": status.rest_target_s,
        }
        self._present[State.EXERCISE] = {
            "exercise": status.exercise,
            "armed": status.armed,
            "wear": EXERCISES[status.exercise].wear if status.exercise in EXERCISES else None,
            "available": list(EXERCISES),
            "eccentric_target_s": status.eccentric_target_s,
            "load_kg": status.load_kg,
            "side": status.side,
            "plan": [planned.to_data() for planned in status.plan],
            "plan_done": status.plan_done,
        }

    def take_sensors(self, sensors: Mapping[str, SensorStatus]) -> None:
        """Fold in how the sensors are."""
        told = {key: _rounded(sensor) for key, sensor in sensors.items()}
        self._present[State.SENSORS] = {"name": self.name, "sensors": told}

    def changed(self) -> list[Message]:
        """Return the states that changed since they were last returned."""
        return self._messages([state for state, body in self._present.items() if self._is_new(state, body)])

    def _is_new(self, state: State, body: Body) -> bool:
        said = self._said.get(state)
        return said is not body and said != body

    def present(self) -> list[Message]:
        """Return all states as they are now, for a broker that knows none of them."""
        return self._messages(self._present)

    def _open_set(self, event: SetStarted) -> None:
        self._count.set_index, self._count.exercise = event.set_index, event.exercise
        self._count.rep_count, self._count.set_open = 0, True
        self._tempos.clear()
        if self._hold is not _NO_HOLD:
            self._hold = _NO_HOLD
            self._show_tempo()

    def _end_set(self, event: SetEnded) -> None:
        self._count.set_index, self._count.exercise = event.set_index, event.exercise
        self._count.rep_count, self._count.set_open = event.rep_count, False
        self._count.reps_total += event.rep_count
        if event.rep_count > 0:  # else nobody did a set
            body = {"id": set_id(self.session, event.set_index)} | done_set(event, self.clock)
            self._today.append(_DoneSet(self.clock.day(event.end_s), body))

    def _correct(self, event: CountCorrected) -> None:
        if event.set_index == self._count.set_index:
            self._count.rep_count = event.rep_count
        for done in reversed(self._today):
            if done.body["id"] == set_id(self.session, event.set_index):
                done.body = done.body | {"rep_count": event.rep_count}
                return

    def _show_sets(self) -> None:
        today = self.clock.day(self._now_s)
        self._day_ends = self.clock, self.clock.midnight_s(self._now_s)
        self._today = [done for done in self._today if done.day >= today][-MOST_SETS:]
        self._present[State.COUNT] = {name: getattr(self._count, name) for name in _COUNT_KEYS}
        self._present[State.TODAY] = {"sets": [done.body for done in self._today]}

    def _show_tempo(self) -> None:
        last = self._tempos[max(self._tempos)] if self._tempos else dict.fromkeys(_TEMPO_KEYS)
        self._present[State.TEMPO] = last | self._hold | {"eccentric_target_s": self._target_s}

    def _show_phase(self, status: LiveStatus) -> None:
        body: Body = {"phase": status.phase, "progress_ratio": round(status.progress_ratio, 3)}
        if body != self._present.get(State.PHASE):
            self._present[State.PHASE] = body
            self._phase_s = status.now_s

    def _messages(self, states: Collection[State]) -> list[Message]:
        self._said |= {state: self._present[state] for state in states}
        return [self._message(state) for state in states]

    def _message(self, state: State) -> Message:
        head = {
            "schema": SCHEMA,
            "at": self._iso(self._now_s),
            "session": self.session,
            "source": self.source,
        }
        topic = state_topic(self.station, state)
        qos = 0 if state is State.PHASE else 1
        return Message(topic, to_json(head | self._present[state]), qos, retain=True)

    def _iso(self, stream_s: float) -> str:
        return iso(self.clock.at(stream_s))


def _settled(status: LiveStatus, clock: WallClock) -> tuple[object, ...]:
    """What decides what is shown of rest and exercise: unlike time and phase it seldom changes."""
    return (
        *(clock, status.exercise, status.armed, status.rest_since_s, status.rest_target_s),
        *(status.eccentric_target_s, status.load_kg, status.side, status.plan, status.plan_done),
    )


def set_id(session: str, set_index: int) -> str:
    """Name a set among all sets of a station."""
    return f"{session}-set-{set_index:04d}"


def done_set(event: SetEnded, clock: WallClock) -> Body:
    """Return a set as `state/today` and the history have it."""
    return {
        "set_index": event.set_index,
        "exercise": event.exercise,
        "rep_count": event.rep_count,
        "start_at": iso(clock.at(event.start_s)),
        "end_at": iso(clock.at(event.end_s)),
        "mean_tempo": None if event.mean_tempo is None else asdict(event.mean_tempo),
        "controlled_reps": sum(rep.controlled is True for rep in event.reps),
        "time_under_tension_s": event.time_under_tension_s,
        "load_kg": event.load_kg,
        "side": event.side,
        **{key: [_digits(getattr(rep, key)) for rep in event.reps[-MOST_REPS:]] for key in _SPARK_KEYS},
        "rom_loss_ratio": event.rom_loss_ratio,
        "velocity_loss_ratio": event.velocity_loss_ratio,
    }


def _digits(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _rounded(sensor: SensorStatus) -> Body:
    """Digits nobody reads would make every look at a sensor a change."""
    body = asdict(sensor)
    for key, digits in (("rate_hz", 1), ("lost_ratio", 3), ("latency_s", 2)):
        if body[key] is not None:
            body[key] = round(body[key], digits)
    return body
