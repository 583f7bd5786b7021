"""What is wrong with a service, in words, and what its counters say of what it said."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from repcount.edges.health import BrokerHealth, Health, SensorHealth, StationHealth
from repcount.edges.metrics import Metrics
from repcount.events import FaultReason, NotificationRejected, RepCounted, SetStarted, StreamGap

SAID = {"station": "rack-1", "happened_s": 3.0, "said_s": 3.25}
THERE = SensorHealth(connected=True, profile="polar_h10", battery_percent=80, last_sample_age_s=0.1)

LABELS = ("version", "station", "sensor", "type", "reason", "le")


def health(sensor=THERE, connected=True, why="", **station):
    return Health(
        version="1.2.3",
        uptime_s=61.0,
        broker=BrokerHealth(url="mqtt://gym:1883", connected=connected, why=why, reconnects=2),
        stations={"rack-1": StationHealth(sensors={"wrist": sensor}, **station)},
    )


def test_a_service_that_lacks_nothing_is_well():
    assert (health().status, health().problems) == ("ok", [])
    assert health().to_data()["stations"]["rack-1"]["sensors"]["wrist"]["last_sample_age_s"] == 0.1


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (health(connected=False), "broker: no connection to mqtt://gym:1883 yet"),
        (health(connected=False, why="not authorized"), "broker: not authorized"),
        (health(SensorHealth(connected=False)), "rack-1: no sensor at the wrist: it is being looked for"),
        (health(SensorHealth(connected=False, why="no answer")), "rack-1: no sensor at the wrist: no answer"),
        (
            health(SensorHealth(connected=True, last_sample_age_s=31.4)),
            "rack-1: the sensor at the wrist has sent nothing for 31 s",
        ),
        (
            health(outbox_events=80_000, outbox_nearly_full=True),
            "rack-1: 80000 events wait for the broker; once the outbox is full the oldest are lost",
        ),
        (
            health(outbox_on_disk=False),
            "rack-1: events that wait for the broker are not on disk, and would die with the process",
        ),
    ],
)
def test_what_is_missing_is_said_with_its_place(now, said):
    assert now.problems == [said]
    assert now.to_data()["status"] == "degraded"


def test_a_sensor_just_connected_that_has_not_sent_yet_is_no_problem():
    assert health(SensorHealth(connected=True)).problems == []


def exposed(metrics):
    """Value by name and labels (those of `LABELS`, in that order), as a program of others reads the text."""
    text, kind = metrics.exposition("")
    assert kind.startswith("text/plain")
    return {
        (sample.name, *(sample.labels[name] for name in LABELS if name in sample.labels)): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_counters_follow_what_is_said_by_station():
    metrics = Metrics(health)
    one, other = metrics.sink("rack-1"), metrics.sink("rack-2")
    rep = RepCounted(**SAID, set_index=1, rep_index=1, rep_count=1)
    one.events([SetStarted(**SAID, set_index=1, exercise="pull_up", start_s=1.0), rep, rep])
    one.events([StreamGap(**SAID, sensor="wrist", start_s=1.0, end_s=2.5, lost_notifications=3)])
    other.events([NotificationRejected(**SAID, sensor="chest", reason=FaultReason.CHECKSUM, rejected=1)])
    metrics.acknowledged("rack-1", 0.004)

    said = exposed(metrics)

    assert said["repcount_events_total", "rack-1", "rep_counted"] == 2
    assert said["repcount_events_total", "rack-1", "set_started"] == 1
    assert said["repcount_stream_gaps_total", "rack-1", "wrist"] == 1
    assert said["repcount_stream_gap_seconds_total", "rack-1", "wrist"] == 1.5
    assert said["repcount_notifications_rejected_total", "rack-2", "chest", FaultReason.CHECKSUM] == 1
    assert said["repcount_detector_latency_seconds_sum", "rack-1", "rep_counted"] == 0.5
    assert said["repcount_publish_latency_seconds_bucket", "rack-1", "0.005"] == 1
    assert said["repcount_publish_latency_seconds_bucket", "rack-1", "0.002"] == 0


def test_what_is_true_now_is_asked_at_every_look():
    now = [health(outbox_events=7, outbox_given_up=2, set_open=True)]
    metrics = Metrics(lambda: now[0])
    said = exposed(metrics)
    assert said["repcount_outbox_events", "rack-1"] == 7
    assert said["repcount_outbox_given_up_total", "rack-1"] == 2
    assert said["repcount_set_open", "rack-1"] == 1
    assert said["repcount_broker_reconnects_total",] == 2
    assert said["repcount_sensor_battery_ratio", "rack-1", "wrist"] == 0.8
    assert said["repcount_healthy",] == said["repcount_sensor_connected", "rack-1", "wrist"] == 1
    assert said["repcount_info", "1.2.3"] == 1
    assert said["process_resident_memory_bytes",] > 0

    now[0] = health(SensorHealth(connected=False))
    said = exposed(metrics)
    assert said["repcount_healthy",] == said["repcount_sensor_connected", "rack-1", "wrist"] == 0
    assert ("repcount_sensor_battery_ratio", "rack-1", "wrist") not in said


def test_two_services_in_one_process_count_apart():
    first, second = Metrics(health), Metrics(health)
    first.sink("rack-1").events([RepCounted(**SAID, set_index=1, rep_index=1, rep_count=1)])
    assert ("repcount_events_total", "rack-1", "rep_counted") not in exposed(second)
