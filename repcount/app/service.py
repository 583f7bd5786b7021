"""Broker, MQTT and dashboard around the stations, started in order and stopped in reverse."""

import asyncio
import gc
import logging
import secrets
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import segno

from repcount import __version__
from repcount.app.desk import Desk, HistoryKeeper
from repcount.app.live_counts import LiveCounts
from repcount.app.output import say
from repcount.app.runner import Runner
from repcount.app.vitals import Vitals
from repcount.edges import systemd
from repcount.edges.clock import monotonic_s, utc_now
from repcount.edges.dashboard import Dashboard, Looks, Tickets, Upstream
from repcount.edges.health import BrokerHealth, Health
from repcount.edges.history import History
from repcount.edges.metrics import Metrics
from repcount.edges.mqtt.answers import Parts, Result
from repcount.edges.mqtt.client import MqttService
from repcount.edges.mqtt.embedded import EmbeddedBroker
from repcount.edges.mqtt.homeassistant import discovery
from repcount.edges.mqtt.payloads import Message, Source, WallClock
from repcount.edges.mqtt.requests import TICKET, Request
from repcount.edges.mqtt.station import StationPublisher
from repcount.edges.mqtt.topics import SERVICE
from repcount.edges.mqtt.url import parse_url, tls_context
from repcount.edges.site import LOOPBACK, TOKEN_BYTES, is_loopback
from repcount.errors import InputError, Problem
from repcount.exercises import EXERCISES
from repcount.samples import SampleBatch

log = logging.getLogger(__name__)

CLOSE_S = 0.8
"""How long the last events may take to leave; the whole service must stop within 2 s."""
PLAIN_HTTP = (
    "whoever has this address sees the counts and can command; over plain HTTP a phone's screen goes dark "
    "and the page cannot be installed: docs/tls.md shows how to put TLS in front"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """What to start: a broker of our own without `broker_url`, the page unless `page` is False.

    `ca_file` has the authorities that may have signed the broker's certificate. `listen` is the address the
    page listens on; `public_metrics` shows the metrics to whoever reaches that. `keep` is the folder in which
    events outlive the process and sets their day; None keeps them in memory. `recordings` is where those of
    the stations are.
    """

    broker_url: str | None = None
    ca_file: Path | None = None
    keep: Path | None = None
    recordings: Path | None = None
    page: bool = True
    page_port: int = 8321
    listen: str = LOOPBACK
    public_metrics: bool = False
    source: Source = Source.LIVE


class Service:
    """Everything around the stations; an async context manager.

    Attributes
    ----------
    url
        Where the page is, None without one.
    on_question
        Answers what the page asks of the service as a whole; None where there is nothing to set up.
    """

    def __init__(self, options: ServiceOptions) -> None:
        self.options = options
        self.url: str | None = None
        self._stack = AsyncExitStack()
        self.on_question: Callable[[Request], Result | Parts | None] | None = None
        self._tickets = Tickets(monotonic_s)
        self._desks: dict[str, Desk] = {}
        self._vitals: dict[str, Vitals] = {}
        self._metrics = Metrics(self.health)
        self._started_s = monotonic_s()
        self._names: dict[str, str | None] = {}
        self._publishers: dict[str, StationPublisher] = {}
        self._mqtt: MqttService | None = None

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as starting:
            broker_url = self.options.broker_url or await self._start_broker(starting)
            self._mqtt = MqttService(
                broker_url,
                on_command=self._on_command,
                on_link=_say_link,
                announce=self._announcement if self.options.source is Source.LIVE else None,
                outboxes=self.options.keep and self.options.keep / "outbox",
                ca_file=self.options.ca_file,
                on_acknowledged=self._metrics.acknowledged,
            )
            self._mqtt.start()
            starting.push_async_callback(self._close_mqtt, self._mqtt)
            if self.options.page:
                await self._start_page(starting, broker_url)
            starting.callback(systemd.tell, systemd.STOPPING)
            alive = asyncio.create_task(systemd.stay_alive(self._summary))
            starting.callback(alive.cancel)
            gc.freeze()  # what is loaded stays: to walk through it took 85 ms, in which nothing was said
            starting.callback(gc.unfreeze)
            systemd.tell(systemd.READY)
            self._stack = starting.pop_all()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    def serve(
        self, station: str, runner: Runner, name: str | None = None, counts: LiveCounts | None = None
    ) -> StationPublisher:
        """Publish what a station's runner says, and let commands that come for it reach its pipeline.

        `counts` keeps the counts that people correct; None keeps none.
        """
        self._names[station] = name
        session = f"{utc_now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        now = _wall_clock(0.0)
        publisher = self._publishers[station] = self._started.station(
            station, session=session, source=self.options.source, clock=now, name=name
        )

        def first_came(stream_s: float) -> None:
            publisher.clock = _wall_clock(stream_s)

        runner.on_first = first_came
        runner.sinks += [publisher, self._metrics.sink(station)]
        desk = self._desks[station] = self._desk(station, runner, publisher)
        vitals = Vitals(runner, publisher, self._started.outbox(station), monotonic_s)
        self._vitals[station] = vitals

        def tap(sensor: str, batch: SampleBatch) -> None:
            vitals.take(sensor, batch)
            desk.signal.take(sensor, batch)

        runner.pipeline.tap = tap
        if counts is not None:
            desk.counts = counts
            runner.sinks.append(counts)
        if desk.history is not None:
            publisher.history(desk.history.day(utc_now().astimezone(now.zone).date()))
            runner.sinks.append(HistoryKeeper(desk.history, publisher))
        publisher.status(runner.pipeline.status())
        return publisher

    def health(self) -> Health:
        """How everything is now."""
        mqtt = self._started
        broker = BrokerHealth(
            url=str(mqtt.url),
            connected=mqtt.up,
            why="" if mqtt.up else mqtt.why,
            reconnects=max(0, mqtt.connects - 1),
        )
        return Health(
            version=__version__,
            uptime_s=round(monotonic_s() - self._started_s, 3),
            broker=broker,
            stations={station: vitals.health() for station, vitals in self._vitals.items()},
        )

    def _summary(self) -> str:
        """One line for `systemctl status`."""
        health = self.health()
        return "; ".join(health.problems) or f"all is well; {len(health.stations)} stations are served"

    def leave(self, station: str) -> None:
        """Serve a station no more for now: it is offline."""
        self._desks.pop(station, None)
        self._vitals.pop(station, None)
        if (publisher := self._publishers.pop(station, None)) is not None:
            publisher.close()

    def forget(self, station: str) -> None:
        """Take back all that a station left at the broker, its device in Home Assistant too."""
        self.leave(station)
        self._names.pop(station, None)
        self._started.forget(station)

    def rename(self, station: str, name: str | None) -> None:
        """People call a station something else from now on."""
        self._names[station] = name
        self._started.announce(station)

    @property
    def _started(self) -> MqttService:
        if self._mqtt is None:
            raise RuntimeError("the service is not started")
        return self._mqtt

    def _desk(self, station: str, runner: Runner, publisher: StationPublisher) -> Desk:
        zone, keep = publisher.clock.zone, self.options.keep
        return Desk(
            station,
            runner,
            publisher.signal(monotonic_s),
            zone,
            None if keep is None else History(keep / "history" / f"{station}.jsonl", zone),
            self.options.recordings,
        )

    def _announcement(self, station: str) -> Message:
        return discovery(station, list(EXERCISES), name=self._names.get(station))

    def _on_command(self, request: Request) -> Result | Parts | None:
        if request.station == SERVICE:
            return self._asked(request)
        desk = self._desks.get(request.station)
        if desk is None:
            problem = Problem(f"cmd/{request.cmd}", f"station {request.station!r} takes no commands")
            raise InputError([problem])
        return desk.answer(request)

    def _asked(self, request: Request) -> Result | Parts | None:
        """Whoever has access to the broker can ask; only with a ticket of the page it is heard."""
        place = f"cmd/{request.cmd}"
        fields = dict(request.fields)
        if not self._tickets.take(fields.pop(TICKET, None)):
            mend = "Ask on the page, or take a ticket there: see docs/mqtt.md."
            raise InputError([Problem(place, "without a ticket of the page this is not done", mend)])
        if self.on_question is None:
            mend = "Start 'repcount live' for sensors of your own."
            raise InputError([Problem(place, "there are no sensors to set up here", mend)])
        return self.on_question(replace(request, fields=fields))

    async def _start_broker(self, starting: AsyncExitStack) -> str:
        broker = EmbeddedBroker(LOOPBACK)
        wished = broker.port
        await broker.start()
        starting.push_async_callback(broker.stop)
        taken = "" if broker.port == wished else f" (port {wished} is taken)"
        say(f"broker     {broker.url}{taken}")
        return broker.url

    async def _start_page(self, starting: AsyncExitStack, broker_url: str) -> None:
        broker, options = parse_url(broker_url), self.options
        shown = not is_loopback(options.listen)
        page = Dashboard(
            Upstream(
                host=broker.host,
                port=broker.port,
                user=broker.user,
                password=broker.password,
                tls=tls_context(broker, options.ca_file),
            ),
            host=options.listen,
            port=options.page_port,
            token=secrets.token_urlsafe(TOKEN_BYTES) if shown else None,
            looks=Looks(self.health, self._metrics.exposition, options.public_metrics),
            give_ticket=self._tickets.give,
        )
        await page.start()
        starting.push_async_callback(page.stop)
        self.url = page.url
        found = options.page_port in {0, urlsplit(page.url).port}
        taken = "" if found else f" (port {options.page_port} is taken)"
        say(f"dashboard  {page.url}{taken}")
        if page.url_elsewhere is not None:
            _invite(page.url_elsewhere)

    async def _close_mqtt(self, mqtt: MqttService) -> None:
        if undelivered := await mqtt.close(CLOSE_S):
            kept = (
                "they are on disk, and leave at the next start"
                if self.options.keep
                else "they are lost with us"
            )
            log.warning("%d events could not be delivered: the broker is away; %s", undelivered, kept)


def _invite(url: str) -> None:
    """Show the way to the page from a phone, and what it cannot do there."""
    say(f"phone      {url}")
    if sys.stderr.isatty():
        segno.make(url, error="l").terminal(out=sys.stderr, compact=True)
    say(f"           {PLAIN_HTTP}")


def _say_link(up: bool, reason: str) -> None:  # noqa: FBT001 - as the MQTT edge calls it
    if up:
        log.info("mqtt: %s", reason)
    else:
        log.warning("mqtt: %s Counting goes on, events wait; it is tried again every few seconds.", reason)


def _wall_clock(stream_s: float) -> WallClock:
    """The wall clock of a stream that is at `stream_s` s now."""
    now = utc_now()
    return WallClock(now.timestamp() - stream_s, now.astimezone().tzinfo or UTC)
