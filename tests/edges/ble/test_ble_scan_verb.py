import json
import re

import pytest
from peripheral import Air, Peripheral

from repcount.app.scan import scan
from repcount.cli import main
from repcount.edges.ble.scan import BATTERY_SERVICE
from repcount.edges.profiles import load_profile

MICROBIT = load_profile("microbit_accelerometer")
REFERENCE = load_profile("repcount_reference")
SHORT_S = 0.01


def scanned(capsys, *peripherals, as_json=False):
    assert scan(SHORT_S, as_json=as_json, backend=Air(*peripherals).backend) == 0
    return capsys.readouterr()


def kettle(name="Kettle", address="C0:00:00:00:00:09"):
    made = Peripheral(MICROBIT, name=name, address=address, rssi_dbm=-30)
    made.services = []
    return made


def test_what_is_there_is_listed_with_its_profile_or_why_none_matches(capsys):
    nameless = kettle(None, "C0:00:00:00:00:0A")
    said = scanned(capsys, kettle(), Peripheral(MICROBIT, name="BBC micro:bit [vatug]"), nameless)
    known, unknown = said.out.splitlines()
    assert re.split(" {2,}", known.strip()) == [
        "-50 dBm",
        "BBC micro:bit [vatug]",
        "C0:00:00:00:00:01",
        "microbit_accelerometer, quick enough for live cues: it has a name like 'BBC micro:bit*'",
    ]
    assert unknown.endswith("none: no profile knows its name or services")
    assert "and 1 without a name" in said.err


def test_programs_get_a_line_each(capsys):
    sensor = Peripheral(REFERENCE, name=None)
    sensor.service_data = {BATTERY_SERVICE: b"\x40"}
    lines = scanned(capsys, kettle(), sensor, as_json=True).out.splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "name": "Kettle",
            "address": "C0:00:00:00:00:09",
            "rssi_dbm": -30,
            "battery_percent": None,
            "profile": None,
            "why": None,
            "why_not": "no profile knows its name or services",
            "latency_s": None,
            "live_cues": None,
        },
        {
            "name": None,
            "address": "C0:00:00:00:00:01",
            "rssi_dbm": -50,
            "battery_percent": 64,
            "profile": "repcount_reference",
            "why": f"it has the service {REFERENCE.identity.advertises}",
            "why_not": None,
            "latency_s": 0.2,
            "live_cues": True,
        },
    ]


def test_nothing_in_reach_comes_with_advice(capsys):
    said = scanned(capsys)
    assert said.out == ""
    assert "Switch it on, bring it near, and disconnect it from any phone" in said.err


def test_nothing_known_in_reach_comes_with_advice(capsys):
    assert "None of them is a sensor that a profile knows" in scanned(capsys, kettle()).err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_wrong_input(seconds, capsys):
    assert main(["scan", f"--seconds={seconds}"]) == 2
    assert "--seconds" in capsys.readouterr().err


def test_a_battery_that_is_advertised_is_shown(capsys):
    sensor = Peripheral(MICROBIT, name="BBC micro:bit [vatug]")
    sensor.service_data = {BATTERY_SERVICE: b"\x40"}
    assert "  64 %  " in scanned(capsys, sensor).out
