import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from mqtt_samples import CLOCK, ENVELOPE, EVENTS, completed, ended

from repcount.edges.mqtt import topics
from repcount.edges.mqtt.payloads import (
    Source,
    WallClock,
    event_message,
    iso,
    result_message,
    service_message,
    status_message,
    to_json,
)
from repcount.edges.mqtt.topics import State, check_station, event_topic, split_command, state_topic
from repcount.errors import InputError
from repcount.events import Event

ENVELOPE_KEYS = {"schema", "type", "id", "seq", "at", "session", "source"}


def strict(payload):
    def refuse(text):
        raise AssertionError(text)

    return json.loads(payload, parse_constant=refuse)


def test_the_samples_hold_every_event_class():
    assert {type(event) for _, event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize(("leaf", "event"), EVENTS, ids=[event.type for _, event in EVENTS])
def test_every_event_has_its_topic_and_keys_equal_to_its_field_names(leaf, event):
    message = event_message(event, ENVELOPE)

    assert message.topic == f"repcount/v1/rack-1/event/{leaf}"
    assert (message.qos, message.retain) == (1, False)
    data = strict(message.payload)
    assert set(data) == ENVELOPE_KEYS | {field.name for field in fields(event)}
    assert data["type"] == event.type
    assert data["schema"] == 1


def test_an_event_carries_when_it_was_said_and_by_whom():
    data = strict(event_message(completed(), ENVELOPE).payload)

    assert data["id"] == "20260301T120000Z-ab-0000000007"
    assert data["seq"] == 7
    assert data["at"] == "2026-03-01T12:00:01.500Z"
    assert data["session"] == "20260301T120000Z-ab"
    assert data["source"] == "live"
    assert (data["eccentric_s"], data["pause_lengthened_s"], data["controlled"]) == (2.0, None, True)


def test_a_set_lists_its_reps_and_its_tempo():
    data = strict(event_message(ended(2), ENVELOPE).payload)

    assert [rep["rep_index"] for rep in data["reps"]] == [1, 2]
    assert data["mean_tempo"]["eccentric_s"] == 2.0


def test_ids_are_unique_and_sort_as_they_were_said():
    ids, envelope = [], replace(ENVELOPE, seq=0)
    for _ in range(1200):
        envelope = envelope.next(CLOCK.at(0))
        ids.append(envelope.id)

    assert ids == sorted(ids)
    assert len(set(ids)) == 1200
    assert envelope.seq == 1200


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_know_is_never_written(value):
    with pytest.raises(ValueError, match="JSON"):
        event_message(completed(rom_deg=value), ENVELOPE)
    with pytest.raises(ValueError, match="JSON"):
        to_json({"a": [value]})


def test_times_are_utc_with_milliseconds():
    moment = datetime(2026, 7, 1, 1, 2, 3, 4000, tzinfo=timezone(timedelta(hours=2)))

    assert iso(moment) == "2026-06-30T23:02:03.004Z"
    assert iso(datetime(2026, 7, 1, tzinfo=UTC)) == "2026-07-01T00:00:00.000Z"


def test_the_wall_clock_counts_days_where_the_wearer_lives():
    utc = WallClock(datetime(2026, 3, 1, 23, 30, tzinfo=UTC).timestamp())
    east = WallClock(utc.unix_s_at_zero, timezone(timedelta(hours=1)))

    assert utc.at(90.0) == datetime(2026, 3, 1, 23, 31, 30, tzinfo=UTC)
    assert utc.day(0) + 1 == utc.day(1800) == east.day(0)


def test_statuses_are_retained_bare_words():
    assert status_message("rack-1", online=True).topic == "repcount/v1/rack-1/status"
    assert service_message(online=False).topic == "repcount/v1/service/status"
    for message in (status_message("rack-1", online=True), service_message(online=False)):
        assert (message.qos, message.retain) == (1, True)
    assert status_message("rack-1", online=True).payload == b"online"
    assert service_message(online=False).payload == b"offline"


def test_results_name_the_command_and_the_error():
    done = result_message("rack-1", "reset", None, None)
    refused = result_message("rack-1", "exercise", "k1", "no such exercise")

    assert (done.topic, done.qos, done.retain) == ("repcount/v1/rack-1/cmd-result", 1, False)
    assert strict(done.payload) == {"schema": 1, "cmd_id": None, "cmd": "reset", "ok": True, "error": None}
    assert strict(refused.payload) == {
        "schema": 1,
        "cmd_id": "k1",
        "cmd": "exercise",
        "ok": False,
        "error": "no such exercise",
    }


def test_state_topics_are_those_of_the_contract():
    names = ["count", "tempo", "phase", "rest", "exercise", "sensors", "today"]

    assert [state_topic("rack-1", state) for state in State] == [
        f"repcount/v1/rack-1/state/{name}" for name in names
    ]


@pytest.mark.parametrize("station", ["a", "rack-1", "replay-2026", "0" * 32, "-"])
def test_good_station_ids_pass_unchanged(station):
    assert check_station(station) == station


@pytest.mark.parametrize("station", ["", "a" * 33, "Rack", "rack 1", "a/b", "+", "#", "é", "a\n", "service"])
def test_other_station_ids_are_wrong_input(station):
    with pytest.raises(InputError) as caught:
        check_station(station, "stations[0]")
    assert caught.value.problems[0].place == "stations[0]"


def test_commands_are_known_by_their_topic():
    assert split_command("repcount/v1/rack-1/cmd/end_set") == ("rack-1", "end_set")


@pytest.mark.parametrize(
    "topic",
    [
        "repcount/v1/rack-1/cmd/",
        "repcount/v1/rack-1/cmd/a/b",
        "repcount/v1/Rack/cmd/reset",
        "repcount/v1/rack-1/state/count",
        "x/repcount/v1/rack-1/cmd/reset",
        "repcount/v1/rack-1/cmd/reset\n",
        f"repcount/v1/rack-1/cmd/{'a' * 33}",
        "",
    ],
)
def test_other_topics_are_no_commands(topic):
    assert split_command(topic) is None


def test_the_topic_of_an_event_is_its_stations():
    _, event = EVENTS[0]

    assert event_topic(replace(event, station="replay-x")).startswith("repcount/v1/replay-x/event/")
    assert topics.COMMANDS_OF_ALL == "repcount/v1/+/cmd/+"
    assert set(Source) == {"live", "replay"}
