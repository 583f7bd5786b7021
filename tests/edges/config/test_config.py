"""A configuration as its owner writes it: read whole, or refused with everything that is wrong."""

import json
from pathlib import Path

import pytest

from repcount.edges.config import EXAMPLE, ConfigFile, SensorEntry, StationEntry
from repcount.edges.config.lines import line_of
from repcount.errors import InputError
from repcount.events import Tempo

ANNA = """\
schema = 1
[[station]]
id = "anna"
[[station.sensor]]
name = "Band 7"
placement = "wrist"
"""
CHEST = '\n[[station.sensor]]\nname = "B"\nplacement = "chest"'


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "repcount.toml"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def problems(written):
    """Everything said of a text, without the folder it is in."""

    def said(text):
        path = written(text)
        with pytest.raises(InputError) as caught:
            ConfigFile(path)
        return [str(problem).replace(f"{path}", "FILE") for problem in caught.value.problems]

    return said


def test_the_example_is_a_configuration_and_says_what_it_seems_to(written):
    (anna,) = ConfigFile(written(EXAMPLE)).config.stations
    assert anna == StationEntry(
        id="anna",
        name="Anna",
        wearer="anna",
        exercise="pull_up",
        rest_target_s=90,
        tempo={
            "pull_up": Tempo(eccentric_s=3, pause_lengthened_s=1, concentric_s=1, pause_shortened_s=0),
            "deadlift": Tempo(
                eccentric_s=2.5, pause_lengthened_s=None, concentric_s=None, pause_shortened_s=None
            ),
        },
        sensors=(SensorEntry(name="Polar Sense 12345678", placement="wrist", side="left"),),
    )


def test_everything_the_example_only_mentions_can_be_said_too(written):
    keys = ("url", "ca_file", "user", "password_env", "folder", "params")
    lines = [
        line.removeprefix("# ") if line.startswith(tuple(f"# {key} " for key in keys)) else line
        for line in EXAMPLE.splitlines()
    ]
    config = ConfigFile(written("\n".join(lines))).config
    assert (config.broker.url, config.broker.ca_file) == ("mqtts://broker.example:8883", Path("ca.pem"))
    assert (config.broker.user, config.broker.password_env) == ("repcount", "REPCOUNT_PASSWORD")
    assert config.recording.folder == Path("recordings")
    assert config.stations[0].sensors[0].params == {"rate_hz": 52}


def test_only_the_schema_must_be_there(written):
    config = ConfigFile(written("schema = 1")).config
    assert (config.stations, config.broker.url, config.dashboard.listen) == ((), None, "127.0.0.1")
    assert config.recording.keep


def test_everything_that_is_wrong_is_said_at_once_with_its_line(problems):
    said = problems("""\
schema = 2
[broker]
url = "mqtt://me:secret@host"
pasword_env = "X"
[dashboard]
port = 99999
[recording]
keep = "yes"
[[station]]
id = "Anna B"
name = ""
exercise = "pullup"
rest_target_s = -5
[[station.sensor]]
name = "Band 7"
placement = "wirst"
side = "lefft"
[station.tempo]
deadlifts = 2.5
pull_up = "3-1"
""")
    wanted = [
        ("FILE:1: schema", "2 is unknown", "reads 1"),
        ("FILE:3: broker.url", "keys of their own", "password_env"),
        ("FILE:4: broker.pasword_env", "unknown key", "Did you mean 'password_env'?"),
        ("FILE:6: dashboard.port", "99999 is not from 0", "65535"),
        ("FILE:8: recording.keep", "must be true or false", "'yes'"),
        ("FILE:10: station[0].id", "'Anna B' cannot be part of a topic", "a-z"),
        ("FILE:11: station[0].name", "a name of 1 to 40 characters", ""),
        ("FILE:12: station[0].exercise", "unknown exercise 'pullup'", "Did you mean 'pull_up'?"),
        ("FILE:13: station[0].rest_target_s", "seconds from 0 to 3600", "-5"),
        ("FILE:16: station[0].sensor[0].placement", "'wirst'", "Did you mean 'wrist'?"),
        ("FILE:17: station[0].sensor[0].side", "unknown value 'lefft'", "Did you mean 'left'?"),
        ("FILE:19: station[0].tempo.deadlifts", "unknown exercise", "Did you mean 'deadlift'?"),
        ("FILE:20: station[0].tempo.pull_up", "seconds of lowering", "'3-1'"),
    ]
    for place, *parts in wanted:
        (one,) = [line for line in said if line.startswith(f"{place}:")]
        assert all(part in one for part in parts)
    assert len(said) == len(wanted)
    assert not any("secret" in line for line in said)


@pytest.mark.parametrize(
    ("broker", "wanted"),
    [
        ('user = "u"', "broker.url: is missing: the broker of our own has no users"),
        ('url = "mqtt://h"\npassword_env = "P"', "broker.user: is missing: a password needs a user"),
        (
            'url = "mqtt://h"\nuser = "u"\npassword_env = "P"\npassword_file = "f"',
            "broker.password_env: stands beside password_file. Give one of them.",
        ),
        (
            'url = "mqtt://h"\nuser = "u"\npassword = "hush"',
            "broker.password: a configuration holds no password. Name an environment variable",
        ),
        ('url = "http://h"', "broker.url: 'http' is no way to reach a broker"),
        ("url = 7", "broker.url: must be text that is not empty, not 7"),
    ],
)
def test_what_is_wrong_with_the_broker_is_said(problems, broker, wanted):
    (said,) = problems(f"schema = 1\n[broker]\n{broker}\n")
    assert wanted in said
    assert "hush" not in said


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (ANNA.partition("\n")[2], ["station[0].id: 'anna' is there 2 times", "station[1].id"]),
        (
            '[[station]]\nid = "ben"\n[[station.sensor]]\nname = "band 7"\nplacement = "chest"',
            ["station[1].sensor[0].name: 'band 7' is worn by 'anna' already"],
        ),
        (
            '[[station]]\nid = "ben"\n[[station.sensor]]\nplacement = "chest"',
            ["station[1].sensor[0].name: is missing: of several sensors each needs its name or address"],
        ),
        ('[[station]]\nid = "ben"', ["station[1].sensor: is missing. Write [[station.sensor]]"]),
        (
            '[[station.sensor]]\nname = "B"\nplacement = "wrist"',
            ["station[0].sensor[1].placement: another sensor is worn at the wrist already"],
        ),
        (
            '[[station]]\nid = "ben"\nexercise = "bent_over_row"' + CHEST,
            ["station[1].exercise: 'bent_over_row' cannot be counted at the chest"],
        ),
        (
            '[[station]]\nid = "replay-1"\n[[station.sensor]]\nname = "B"\nplacement = "chest"',
            ["station[1].id: 'replay-1' is a replay's"],
        ),
        (
            '[[station]]\nid = "service"\nwearer = "A/B"' + CHEST,
            ["station[1].id: 'service' is the service's own name", "station[1].wearer: 'A/B' cannot be"],
        ),
    ],
)
def test_what_only_shows_among_stations_is_said(problems, more, wanted):
    said = problems(ANNA + more)
    assert [part in one for part, one in zip(wanted, said, strict=True)] == [True] * len(wanted)


def test_the_first_sensor_in_reach_will_do_for_one_wearer_alone(written):
    text = 'schema = 1\n[[station]]\nid = "anna"\n[[station.sensor]]\nplacement = "wrist"'
    (anna,) = ConfigFile(written(text)).config.stations
    assert anna.sensors == (SensorEntry(name=None, placement="wrist"),)


def test_what_is_no_toml_is_said_with_its_line(problems):
    (said,) = problems('schema = 1\n[broker\nurl = "x"\n')
    assert said.startswith("FILE:2: is not TOML")


def test_what_is_no_text_is_said_with_its_line(tmp_path):
    path = tmp_path / "repcount.toml"
    path.write_bytes(b"schema = 1\n# \xff\n")
    with pytest.raises(InputError, match=r"repcount\.toml:2: is not UTF-8"):
        ConfigFile(path)


def test_a_file_that_is_not_there_comes_with_advice(written):
    with pytest.raises(InputError, match=r"Did you mean 'repcount\.toml'\?"):
        ConfigFile(written(ANNA).with_name("repcuont.toml"))
    with pytest.raises(InputError, match="repcount config example"):
        ConfigFile(written(ANNA).with_name("other"))


def test_paths_are_found_in_lists_of_tables_and_not_inside_texts():
    text = 'a = """\nid = 3\n"""\n[[s]]\nid = 1\n[[s.t]]\n"x" = 1\n[[s]]\n[s.u]\n[[s.t]]\ny = 2\n[[s.t]]\n'
    lines = {"s[0]": 4, "s[0].id": 5, "s[0].t[0].x": 7, "s[1]": 8, "s[1].u.q": 9, "s[1].t[0].y": 11}
    assert {path: line_of(text, path) for path in lines} == lines
    assert line_of(text, "s[1].t[1].name") == 12
    assert line_of(text, "nothing.of[3].it") is None


BROKER = '[broker]\nurl = "mqtts://host:1"\nuser = "a@b"\n'


def test_a_password_comes_from_the_environment_and_shows_nowhere(written):
    file = ConfigFile(written(f'{ANNA}{BROKER}password_env = "PW"\n'))
    access = file.access({"PW": "p/w:#"})
    assert access.url == "mqtts://a%40b:p%2Fw%3A%23@host:1"
    assert "p%2Fw" not in f"{access!r}{file.config!r}"
    with pytest.raises(InputError, match="password_env: the environment variable PW is not set"):
        file.access({})


def test_a_password_comes_from_a_file_beside_the_configuration(written, tmp_path):
    file = ConfigFile(written(f'{ANNA}{BROKER}password_file = "pw"\nca_file = "ca.pem"\n'))
    with pytest.raises(InputError) as caught:
        file.access({})
    assert [
        "pw cannot be read: No such file" in str(caught.value),
        "there is no file" in str(caught.value),
    ] == [
        True,
        True,
    ]
    (tmp_path / "pw").write_text("hush\n")
    (tmp_path / "ca.pem").write_text(json.dumps("not looked at here"))
    access = file.access({})
    assert (access.url, access.ca_file) == ("mqtts://a%40b:hush@host:1", tmp_path / "ca.pem")
