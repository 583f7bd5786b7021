"""What the page is told of sensors in reach, and what it may not ask, without a radio."""

import json

import pytest

from repcount.app.settings import Spoken
from repcount.app.setup import MOST_FOUND_BYTES, NO_FILE, Setup, _new_id, tempo_text
from repcount.app.stations import Stations
from repcount.edges.ble import Found
from repcount.edges.config import read_tempo
from repcount.edges.mqtt.requests import read_request
from repcount.edges.profiles import load_profile
from repcount.errors import InputError

REFERENCE = load_profile("repcount_reference")


@pytest.fixture
def setup():
    """Of a service whose station the command line says."""
    return Setup(Stations(None), None, Spoken())


def ask(setup, cmd, **fields):
    return setup.answer(read_request("service", cmd, json.dumps(fields).encode()))


def found(name, number, rssi_dbm, *profiles):
    return Found(
        name=name, address=f"C0:{number:02X}", rssi_dbm=rssi_dbm, candidates=profiles, why="", why_not=""
    )


def test_those_with_a_profile_and_the_strongest_come_first_and_the_nameless_are_counted(setup):
    heard = [
        found("Kettle", 1, -20),
        found("Far", 2, -90, REFERENCE),
        found("Near", 3, -40, REFERENCE),
        found(None, 4, -10),
        found(None, 5, -95, REFERENCE),
    ]
    told = setup._found(heard)
    assert [one["name"] for one in told["found"]] == ["Near", "Far", None, "Kettle"]
    assert told["others"] == 1


def test_of_two_of_the_same_name_the_address_is_used(setup):
    told = setup._found([found("Band", 1, -40, REFERENCE), found("Band", 2, -50, REFERENCE)])
    assert [one["use"] for one in told["found"]] == ["C0:01", "C0:02"]


def test_a_gym_full_of_devices_fits_into_what_a_browser_takes(setup):
    told = setup._found([found("\N{SNOWMAN}" * 80, k, -k, REFERENCE) for k in range(250)])
    assert len(json.dumps(told)) < MOST_FOUND_BYTES + 100
    assert len(told["found"]) + told["others"] == 250


async def test_where_the_command_line_says_everything_people_are_shown_and_nothing_is_saved(setup):
    told = ask(setup, "stations")
    assert (told["editable"], told["stations"]) == (False, [])
    assert told["why_not"].startswith(NO_FILE)
    assert "pull_up" in [one["id"] for one in told["exercises"]]
    station = {"name": "Zoe", "sensor": [{"name": "B", "placement": "wrist"}]}
    for cmd, fields in (("save_station", {"station": station}), ("reload", {})):
        with pytest.raises(InputError, match="nothing can be saved here"):
            await anext(ask(setup, cmd, **fields))


@pytest.mark.parametrize(
    ("cmd", "fields", "wanted"),
    [
        ("scan", {"seconds": 0}, "seconds = 0 is not how long to listen"),
        ("scan", {"seconds": True}, "seconds = True"),
        ("scan", {"seconds": "5"}, "seconds = '5'"),
        ("scan", {"second": 5}, "unknown key 'second'. Did you mean 'seconds'?"),
        ("stations", {"all": 1}, "unknown key 'all'"),
        ("save_station", {}, "needs 'station'"),
        ("save_station", {"station": {"name": "Z", "sensor": {}}}, "sensor: must be a list of at least 1"),
        ("save_station", {"station": {"name": "Z", "sensor": [7]}}, "sensor: must be a list of at least 1"),
        ("save_station", {"station": {"name": {"a": 1}}}, "id: is missing"),
        ("remove_station", {"id": 7}, "there is no station 7"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(setup, cmd, fields, wanted):
    with pytest.raises(InputError) as caught:
        ask(setup, cmd, **fields)
    assert wanted in str(caught.value)


@pytest.mark.parametrize(
    ("name", "taken", "wanted"),
    [
        ("Anna", (), "anna"),
        ("Anna", ("anna", "anna-2"), "anna-3"),
        ("Jörg O'Neill!", (), "jorg-o-neill"),
        ("山田", (), "person"),
        ("service", (), "person-service"),
        ("x" * 90, (), "x" * 20),
        ("replay-1", (), "person-replay-1"),
    ],
)
def test_an_id_says_the_name_as_well_as_that_goes(name, taken, wanted):
    assert _new_id(name, taken) == wanted


@pytest.mark.parametrize("written", [2.5, 3, "3-1-1-0", "2.5-0-1-0"])
def test_a_tempo_is_told_as_it_is_written(written):
    assert tempo_text(read_tempo(written)) == written
