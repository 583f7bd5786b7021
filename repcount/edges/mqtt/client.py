"""The service on MQTT: events out, states kept current, commands in.

Everything here runs in the caller's event loop, so there are no locks.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from repcount.edges.clock import monotonic_s
from repcount.edges.mqtt.answers import Answers, Parts, Result
from repcount.edges.mqtt.connection import Connection, Listener
from repcount.edges.mqtt.faults import Fault
from repcount.edges.mqtt.homeassistant import BIRTH, BIRTH_TOPIC, withdrawal
from repcount.edges.mqtt.outbox import Outbox
from repcount.edges.mqtt.payloads import (
    MOST_ERROR,
    Message,
    Source,
    WallClock,
    cleared,
    refusal_message,
    result_message,
    service_message,
    status_message,
)
from repcount.edges.mqtt.requests import Refused, Request, read_request
from repcount.edges.mqtt.state import StationState
from repcount.edges.mqtt.station import StationPublisher
from repcount.edges.mqtt.topics import COMMANDS_OF_ALL, SERVICE, check_station, split_command
from repcount.edges.mqtt.url import parse_url, tls_context
from repcount.errors import InputError, Problem, did_you_mean

_SESSION = re.compile(r"[A-Za-z0-9-]{1,48}")


class MqttService:
    """One connection to a broker, for all stations of this service.

    Events (QoS 1) wait in an outbox for each station while the broker is away. States are not queued, but
    published anew at every connect. Nothing here waits for the network, and no broker makes it raise.
    All methods belong to one event loop, the one in which it was started; it must watch sockets.

    Parameters
    ----------
    url
        `mqtt://[user:password@]host[:port]` or `mqtts://...`.
    on_command
        Called with each well-formed request; returns what was asked for, None where nothing was, or the parts
        of what takes a while. Raises `InputError` when it cannot be done.
    on_link
        Called with (up, reason) once per change, a first failure to connect included.
    announce
        Makes a station's announcement to Home Assistant; None announces nothing.
    outboxes
        Folder of the outboxes, in which events outlive the process; None keeps them in memory.
    client_id
        Must be unique at the broker; random when None.
    ca_file
        Authorities that may have signed the broker's certificate, as PEM; None trusts the system's.
    on_acknowledged
        Called with the station of an event that the broker has, and how long after it was sent, s.

    Raises
    ------
    InputError
        Naming everything wrong with `url`, or `ca_file`.

    Attributes
    ----------
    why
        The last that was heard of the connection.
    connects
        How often the broker was reached.
    """

    def __init__(
        self,
        url: str,
        *,
        on_command: Callable[[Request], Result | Parts | None],
        on_link: Callable[[bool, str], object],
        announce: Callable[[str], Message] | None = None,
        outboxes: Path | None = None,
        client_id: str | None = None,
        ca_file: Path | None = None,
        on_acknowledged: Callable[[str, float], object] = lambda _station, _took_s: None,
    ) -> None:
        self.url = parse_url(url)
        self.why, self.connects = "", 0
        self._on_acknowledged = on_acknowledged
        self._sent_s: dict[int, float] = {}
        self._lost_told = 0
        self._on_command, self._on_link = on_command, on_link
        self._stations: dict[str, StationPublisher] = {}
        self._online: dict[str, bool] = {}
        self._sessions: set[str] = set()
        self._forgotten: set[str] = set()
        self._answers = Answers(self._say_now)
        self._announce = announce
        self._folder = outboxes
        self._outboxes: dict[str, Outbox] = {}
        self._up: bool | None = None
        self._closing = False
        self._farewell: int | None = None
        self._stirred = asyncio.Event()
        listener = Listener(self._connected, self._disconnected, self._acknowledged, self._heard)
        will = service_message(online=False)
        client_id = client_id or f"repcount-{secrets.token_hex(4)}"
        self._connection = Connection(self.url, tls_context(self.url, ca_file), client_id, will, listener)

    def start(self) -> None:
        """Begin to connect, for as long as it takes."""
        self._connection.start()

    def station(
        self, station: str, *, session: str, source: Source, clock: WallClock, name: str | None = None
    ) -> StationPublisher:
        """Begin to serve a station.

        Parameters
        ----------
        station
            Its id, `[a-z0-9-]{1,32}`.
        session
            A name new to this station and service, of letters, digits and `-`; a time in front makes the ids
            of events sortable across sessions.
        source
            Live, or a replay.
        clock
            Stream time in UTC.
        name
            What people call it.

        Raises
        ------
        InputError
            When the station's id is none, or served already, here or by another process.
        ValueError
            When the session's name is none, or not new.
        """
        check_station(station)
        if station in self._stations:
            raise InputError([Problem("station", f"{station!r} is served already", "Use another id.")])
        if not _SESSION.fullmatch(session) or session in self._sessions:
            raise ValueError(f"session {session!r} is not a new name of letters, digits and '-'")
        if station not in self._outboxes:
            self._outboxes[station] = Outbox(self._folder and self._folder / f"{station}.sqlite")
        self._sessions.add(session)
        self._forgotten.discard(station)
        self._stations[station] = publisher = StationPublisher(
            StationState(station, session, source, clock, name),
            say_events=partial(self._say_events, self._outboxes[station]),
            say_now=self._say_now,
            leave=partial(self._leave, station),
        )
        self._set_online(station, online=True)
        self._say_now(self._announcements([station]))
        return publisher

    def forget(self, station: str) -> None:
        """Take back all that a station left at the broker, now and at each connect: it is served no more."""
        if station in self._stations:
            self._stations[station].close()
        self._online.pop(station, None)
        self._forgotten.add(station)
        self._say_now(_taken_back(station))

    def announce(self, station: str) -> None:
        """Announce a station to Home Assistant anew: what people call it has changed."""
        self._say_now(self._announcements([station]))

    async def close(self, timeout_s: float) -> int:
        """Wait until the broker has every event or `timeout_s` s are over, say `offline`, and disconnect.

        Returns how many events could not be delivered.
        """
        self._closing = True
        await self._answers.close()
        try:
            async with asyncio.timeout(timeout_s):
                await self._until(lambda: not self._waiting)
                self._farewell = self._say_offline(qos=1)
                await self._until(lambda: self._farewell is None or not self._up)
        except TimeoutError:
            self._say_offline(qos=0)  # at once, past all that waits: after this there is no last will
        finally:
            await self._connection.leave()
            self._up = False
            waiting = self._waiting
            for outbox in self._outboxes.values():
                outbox.close()
        return waiting

    @property
    def up(self) -> bool:
        """Whether the broker is there."""
        return self._up is True

    def outbox(self, station: str) -> Outbox:
        """What waits of a station that is, or was, served; KeyError for others."""
        return self._outboxes[station]

    @property
    def _waiting(self) -> int:
        return sum(len(outbox) for outbox in self._outboxes.values())

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._stirred.clear()
            await self._stirred.wait()

    def _say_offline(self, qos: int) -> int | None:
        """Say it of all stations, then of the service; the id the last is acknowledged by."""
        self._online = dict.fromkeys(self._online, False)
        if not self._up:
            return None
        for station in self._online:
            self._connection.publish(replace(status_message(station, online=False), qos=qos))
        return self._connection.publish(replace(service_message(online=False), qos=qos))

    def _say_events(self, outbox: Outbox, messages: Iterable[Message]) -> None:
        outbox.add(messages)
        self._flush(outbox)

    def _say_now(self, messages: Iterable[Message]) -> None:
        if self._up:
            for message in messages:
                self._connection.publish(message)

    def _flush(self, outbox: Outbox) -> None:
        while self._up and (message := outbox.next()) is not None:
            mid = self._connection.publish(message)
            if mid is None:
                return
            outbox.sent(mid)
            self._sent_s[mid] = monotonic_s()

    def _set_online(self, station: str, *, online: bool) -> None:
        self._online[station] = online
        self._say_now([status_message(station, online=online)])

    def _leave(self, station: str) -> None:
        if self._stations.pop(station, None) is not None:
            self._set_online(station, online=False)

    def _connected(self) -> None:
        self.connects += 1
        self._sent_s.clear()
        self._set_up(True, f"connected to {self.url}{self._kept()}{self._lost()}")
        self._connection.subscribe(COMMANDS_OF_ALL)
        if self._announce is not None:
            self._connection.subscribe(BIRTH_TOPIC)
        if not self._closing:
            self._say_now([service_message(online=True)])
        self._say_now(status_message(station, online=online) for station, online in self._online.items())
        self._say_everything()
        for station in self._forgotten:
            self._say_now(_taken_back(station))
        for outbox in self._outboxes.values():
            outbox.rewind()
            self._flush(outbox)

    def _say_everything(self) -> None:
        self._say_now(self._announcements(self._stations))
        for publisher in self._stations.values():
            publisher.say_all()

    def _announcements(self, stations: Iterable[str]) -> list[Message]:
        return [] if self._announce is None else [self._announce(station) for station in stations]

    def _kept(self) -> str:
        return f"; {self._waiting} events that waited are on their way" if self._waiting else ""

    def _lost(self) -> str:
        total = sum(outbox.lost for outbox in self._outboxes.values())
        lost, self._lost_told = total - self._lost_told, total
        return f"; {lost} events were given up meanwhile, more than the outbox holds" if lost else ""

    def _disconnected(self, fault: Fault) -> None:
        self._set_up(False, f"no connection to {self.url}: {fault.text}", again=fault.lasting)

    def _set_up(self, up: bool, reason: str, *, again: bool = False) -> None:  # noqa: FBT001 - as `on_link` has it
        changed = self._up is not up or (again and reason != self.why)
        self._up, self.why = up, reason
        self._stirred.set()
        if changed and not self._closing:
            self._on_link(up, reason)

    def _acknowledged(self, mid: int) -> None:
        sent_s = self._sent_s.pop(mid, None)
        for station, outbox in self._outboxes.items():
            if outbox.acknowledged(mid):
                if sent_s is not None:
                    self._on_acknowledged(station, monotonic_s() - sent_s)
                self._flush(outbox)
        if mid == self._farewell:
            self._farewell = None
        self._stirred.set()

    def _heard(self, topic: str, payload: bytes) -> None:
        if topic == BIRTH_TOPIC:
            if payload == BIRTH and not self._closing:
                self._say_everything()
            return
        named = split_command(topic)
        if named is None or self._closing:
            return
        station, cmd = named
        if (answer := self._answer(station, cmd, payload)) is not None:
            self._say_now([answer])

    def _answer(self, station: str, cmd: str, payload: bytes) -> Message | None:
        """Do as asked; the answer, None where it comes later."""
        if station not in self._stations and station != SERVICE:
            error = f"There is no station {station!r} here. {did_you_mean(station, self._stations)}"
            return result_message(station, cmd, None, error[:MOST_ERROR])
        try:
            request = read_request(station, cmd, payload)
        except Refused as refused:
            return refusal_message(station, cmd, refused.cmd_id, refused)
        try:
            result = self._on_command(request)
        except InputError as wrong:
            return refusal_message(station, cmd, request.cmd_id, wrong)
        if isinstance(result, AsyncGenerator):
            self._answers.begin(request, result)
            return None
        return result_message(station, cmd, request.cmd_id, None, result)


def _taken_back(station: str) -> list[Message]:
    return [withdrawal(station), *cleared(station)]
