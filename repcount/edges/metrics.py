"""Counters of a running service, in the form that Prometheus reads: the only module that knows its client.

Names and units follow Prometheus' own rules (base units, `_total` of counters). Nothing here names a person:
labels are stations, sensors by where they are worn, and words of the program.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

from repcount.edges.health import Health
from repcount.events import (
    Event,
    LiveStatus,
    NotificationRejected,
    RepCompleted,
    RepCounted,
    StreamGap,
    TempoCue,
)

DETECTOR_BUCKETS_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 5.0)
PUBLISH_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a time beside every counter, which nobody reads


class Metrics:
    """What has been counted since the service started, and how it is now.

    Parameters
    ----------
    health
        How the service is, asked at every look.
    """

    def __init__(self, health: Callable[[], Health]) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Now(health))
        self._events = self._counter("events", "Events said", "station", "type")
        self._rejected = self._counter(
            "notifications_rejected", "Notifications that could not be used", "station", "sensor", "reason"
        )
        self._gaps = self._counter("stream_gaps", "Stretches without samples", "station", "sensor")
        self._missing = self._counter(
            "stream_gap_seconds", "Time without samples, of all gaps", "station", "sensor"
        )
        self._detector = self._histogram(
            "detector_latency_seconds",
            "From when it happened to when it was said",
            DETECTOR_BUCKETS_S,
            "type",
        )
        self._publish = self._histogram(
            "publish_latency_seconds",
            "From when an event was sent to the broker's word for it",
            PUBLISH_BUCKETS_S,
        )

    def sink(self, station: str) -> "MetricsSink":
        """Make what counts the events of a station."""
        return MetricsSink(self, station)

    def count(self, station: str, event: Event) -> None:
        """Count an event of a station."""
        self._events.labels(station, event.type).inc()
        match event:
            case RepCounted() | RepCompleted() | TempoCue():
                self._detector.labels(station, event.type).observe(event.said_s - event.happened_s)
            case StreamGap():
                self._gaps.labels(station, event.sensor).inc()
                self._missing.labels(station, event.sensor).inc(event.end_s - event.start_s)
            case NotificationRejected():
                self._rejected.labels(station, event.sensor, event.reason).inc()
            case _:
                pass

    def acknowledged(self, station: str, took_s: float) -> None:
        """The broker has an event, `took_s` s after it was sent."""
        self._publish.labels(station).observe(took_s)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All of it as text, and what kind of text, for whoever accepts `accept`."""
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind

    def _counter(self, name: str, documentation: str, *labels: str) -> Counter:
        return Counter(f"repcount_{name}", documentation, labels, registry=self._registry)

    def _histogram(self, name: str, documentation: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(
            f"repcount_{name}", documentation, ("station", *labels), registry=self._registry, buckets=buckets
        )


class MetricsSink:
    """Counts what one station says."""

    def __init__(self, metrics: Metrics, station: str) -> None:
        self._metrics, self._station = metrics, station

    def events(self, events: Sequence[Event]) -> None:
        """Count new facts."""
        for event in events:
            self._metrics.count(self._station, event)

    def status(self, status: LiveStatus) -> None:
        """Nothing of what is true now is counted."""


class _Now(Collector):
    """What is true at the moment somebody looks."""

    def __init__(self, health: Callable[[], Health]) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        health = self._health()
        yield _gauge("info", "The program", ["version"], [([health.version], 1.0)])
        yield _gauge("uptime_seconds", "Since the service started", [], [([], health.uptime_s)])
        yield _gauge(
            "healthy", "1 when nothing that a count needs is missing", [], [([], not health.problems)]
        )
        yield _gauge("broker_connected", "1 when the broker is there", [], [([], health.broker.connected)])
        reconnects = CounterMetricFamily("repcount_broker_reconnects", "Connections after the first one")
        reconnects.add_metric([], health.broker.reconnects)
        yield reconnects
        yield from _of_stations(health)
        yield from _of_sensors(health)


def _of_stations(health: Health) -> Iterator[Metric]:
    stations = health.stations.items()
    yield _gauge(
        "outbox_events",
        "Events that wait for the broker",
        ["station"],
        [([k], s.outbox_events) for k, s in stations],
    )
    yield _gauge("set_open", "1 during a set", ["station"], [([k], s.set_open) for k, s in stations])
    given_up = CounterMetricFamily(
        "repcount_outbox_given_up", "Events given up because the outbox was full", labels=["station"]
    )
    for name, station in stations:
        given_up.add_metric([name], station.outbox_given_up)
    yield given_up


def _of_sensors(health: Health) -> Iterator[Metric]:
    sensors = [
        ([k, at], one) for k, station in health.stations.items() for at, one in station.sensors.items()
    ]
    labels = ["station", "sensor"]
    yield _gauge("sensor_connected", "1 when it is", labels, [(key, one.connected) for key, one in sensors])
    ages = [(key, one.last_sample_age_s) for key, one in sensors if one.last_sample_age_s is not None]
    yield _gauge("sensor_last_sample_age_seconds", "Since the newest sample came", labels, ages)
    charge = [(key, one.battery_percent / 100) for key, one in sensors if one.battery_percent is not None]
    yield _gauge("sensor_battery_ratio", "What is left in the battery, 0 to 1", labels, charge)


def _gauge(
    name: str, documentation: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], float]]
) -> Metric:
    family = GaugeMetricFamily(f"repcount_{name}", documentation, labels=labels)
    for key, value in values:
        family.add_metric(key, float(value))
    return family
