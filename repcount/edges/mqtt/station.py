"""One station's voice: numbers its events, and keeps its states."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from repcount.edges.mqtt.homeassistant import ha_event
from repcount.edges.mqtt.payloads import Envelope, Message, WallClock, event_message
from repcount.edges.mqtt.signal import Signal
from repcount.edges.mqtt.state import SensorStatus, StationState
from repcount.events import Event, LiveStatus


class StationPublisher:
    """Says what one station has to say; made by `MqttService.station`.

    Parameters
    ----------
    state
        The station's states, none yet.
    say_events
        Takes messages that must arrive.
    say_now
        Takes messages that are worth nothing later.
    leave
        Called once the station is closed.

    Attributes
    ----------
    sensor_statuses
        How the sensors are, as it was last told.
    """

    def __init__(
        self,
        state: StationState,
        *,
        say_events: Callable[[Iterable[Message]], None],
        say_now: Callable[[Iterable[Message]], None],
        leave: Callable[[], None],
    ) -> None:
        self._state = state
        self._said = Envelope(state.session, state.source, state.clock.at(0.0))
        self._say_events, self._say_now, self._leave = say_events, say_now, leave
        self.sensor_statuses: Mapping[str, SensorStatus] = {}

    @property
    def session(self) -> str:
        """Name of this run of the station."""
        return self._state.session

    @property
    def name(self) -> str | None:
        """What people call the station."""
        return self._state.name

    @name.setter
    def name(self, name: str | None) -> None:
        self._state.name = name

    @property
    def clock(self) -> WallClock:
        """Stream time in UTC; set it anew once the first sample has come."""
        return self._state.clock

    @clock.setter
    def clock(self, clock: WallClock) -> None:
        self._state.clock = clock

    def events(self, events: Sequence[Event]) -> None:
        """Publish facts, and the states they change."""
        messages = []
        for event in events:
            self._said = self._said.next(self.clock.at(event.said_s))
            messages.append(event_message(event, self._said))
            self._state.take_event(event)
        self._say_events(messages)
        told = [message for message in map(ha_event, events) if message is not None]
        self._say_now([*told, *self._state.changed()])

    def status(self, status: LiveStatus) -> None:
        """Publish what is true now, where it changed."""
        self._state.take_status(status)
        self._say_now(self._state.changed())

    def sensors(self, sensors: Mapping[str, SensorStatus]) -> None:
        """Publish how the sensors are, by sensor key, where it changed."""
        self.sensor_statuses = dict(sensors)
        self._state.take_sensors(sensors)
        self._say_now(self._state.changed())

    def say_all(self) -> None:
        """Publish every state as it is now."""
        self._say_now(self._state.present())

    def history(self, sets: Iterable[Mapping[str, object]]) -> None:
        """Begin with the sets that this day already has, from before this session."""
        self._state.take_history(sets)
        self._say_now(self._state.changed())

    def signal(self, now_s: Callable[[], float]) -> Signal:
        """Make what says the raw signal while somebody watches."""
        return Signal(self._state.station, self._say_now, now_s)

    def close(self) -> None:
        """Say that the station is offline; its states stay as they were."""
        self._leave()
