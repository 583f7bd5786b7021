"""What Home Assistant is told. Its own code checks it in `tests/integration/test_homeassistant.py`; here its
documented rules do, which hold without it."""

import json
import re

import pytest
from mqtt_samples import CLOCK, EVENTS, completed, counted, cue, ended, started, status

from repcount.commands import COMMANDS
from repcount.edges.mqtt.homeassistant import discovery, discovery_topic, ha_event, withdrawal
from repcount.edges.mqtt.payloads import Source
from repcount.edges.mqtt.state import SensorStatus, StationState
from repcount.exercises import EXERCISES

MESSAGE = discovery("rack-1", list(EXERCISES), name="Rack 1")
SAID = json.loads(MESSAGE.payload)
COMPONENTS = SAID["components"]

NEEDS = {
    "sensor": {"state_topic"},
    "binary_sensor": {"state_topic"},
    "event": {"state_topic", "event_types"},
    "select": {"command_topic", "options"},
    "number": {"command_topic"},
    "switch": {"command_topic"},
    "button": {"command_topic"},
}
"""What each platform asks for, by Home Assistant's documentation (home-assistant.io/integrations/*.mqtt)."""


def test_a_station_is_one_device_announced_in_one_retained_message():
    assert MESSAGE.topic == "homeassistant/device/repcount_rack-1/config"
    assert MESSAGE.retain
    assert SAID["device"]["identifiers"] == ["repcount_rack-1"]
    assert SAID["device"]["name"] == "Rack 1"
    assert SAID["origin"]["name"] == "repcount"


@pytest.mark.parametrize("key", COMPONENTS)
def test_a_component_has_all_that_its_platform_asks_for(key):
    component = COMPONENTS[key]

    assert component.keys() >= NEEDS[component["platform"]] | {"name", "unique_id"}
    assert re.fullmatch(r"[A-Za-z0-9_-]+", key)
    assert component["unique_id"] == f"repcount_rack-1_{key}"
    assert "object_id" not in component  # no longer read since 2026.4


def test_ids_of_two_stations_differ():
    other = json.loads(discovery("rack-2", list(EXERCISES)).payload)["components"]

    assert {c["unique_id"] for c in other.values()}.isdisjoint(c["unique_id"] for c in COMPONENTS.values())


def test_every_topic_read_is_published_and_every_command_exists():
    state = StationState("rack-1", "s1", Source.LIVE, CLOCK)
    state.take_status(status(1.0))
    state.take_sensors({"wrist": SensorStatus(connected=True)})
    for event in (started(), counted(1), completed(1), ended(1)):
        state.take_event(event)
    published = {message.topic for message in state.present()} | {"repcount/v1/rack-1/event/ha"}

    read = {component["state_topic"] for component in COMPONENTS.values() if "state_topic" in component}
    sent = {component["command_topic"] for component in COMPONENTS.values() if "command_topic" in component}

    assert read <= published
    assert sent <= {f"repcount/v1/rack-1/cmd/{cmd}" for cmd in COMMANDS}


def test_keys_that_templates_read_are_in_the_states():
    state = StationState("rack-1", "s1", Source.LIVE, CLOCK)
    state.take_status(status(1.0))
    state.take_sensors({"wrist": SensorStatus(connected=True)})
    for event in (started(), counted(1), completed(1), ended(1)):
        state.take_event(event)
    keys = {message.topic: json.loads(message.payload).keys() for message in state.present()}

    for component in COMPONENTS.values():
        for key in re.findall(r"value_json\.(\w+)", component.get("value_template", "")):
            assert key in keys[component["state_topic"]], component


def test_commands_can_be_given_and_the_link_be_seen_while_the_station_is_offline():
    for key in ("exercise", "armed", "end_set", "reset", "connected", "battery"):
        assert COMPONENTS[key]["availability"] == [{"topic": "repcount/v1/service/status"}]
    assert SAID["availability_mode"] == "all"
    assert len(SAID["availability"]) == 2


def test_a_station_is_taken_back_by_an_empty_retained_message():
    message = withdrawal("rack-1")

    assert (message.topic, message.payload, message.retain) == (discovery_topic("rack-1"), b"", True)


def test_events_of_the_entity_are_flat_of_a_declared_type_and_never_retained():
    declared = set(COMPONENTS["events"]["event_types"])
    told = [message for message in (ha_event(event) for _, event in EVENTS) if message is not None]

    assert told
    for message in told:
        said = json.loads(message.payload)
        assert said["event_type"] in declared
        assert not message.retain
        assert not any(isinstance(value, dict | list) for value in said.values())
    assert json.loads(ha_event(cue()).payload)["event_type"] == "slow_down"
