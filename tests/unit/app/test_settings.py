"""What is served: the file, and above it the command line."""

from pathlib import Path

import pytest

from repcount.app.feeds import LiveSensor
from repcount.app.folders import own_config
from repcount.app.settings import Spoken, live_options
from repcount.edges.config import put_station
from repcount.edges.params_file import ParamsFile, write_params
from repcount.errors import InputError
from repcount.exercises import EXERCISES
from repcount.reps.tuning import parameters

FILE = """\
schema = 1
[broker]
url = "mqtts://host"
user = "u"
password_env = "PW"
ca_file = "ca.pem"
[dashboard]
listen = "0.0.0.0"
port = 9000
[recording]
keep = false
folder = "kept"
[[station]]
id = "anna"
name = "Anna"
exercise = "pull_up"
[[station.sensor]]
name = "A"
placement = "wrist"
side = "left"
params = { rate_hz = 50 }
"""
BEN = '[[station]]\nid = "ben"\n[[station.sensor]]\nname = "B"\nplacement = "chest"\n'


@pytest.fixture
def options(tmp_path):
    (tmp_path / "ca.pem").touch()

    def read(text=FILE, **spoken):
        (tmp_path / "c.toml").write_text(text)
        return live_options(Spoken(config=tmp_path / "c.toml", **spoken), {"PW": "secret"})

    return read


def problems(options, *args, **spoken):
    with pytest.raises(InputError) as caught:
        options(*args, **spoken)
    return [str(one) for one in caught.value.problems]


def test_the_file_alone(options, tmp_path):
    read = options()
    assert (read.broker_url, read.ca_file) == ("mqtts://u:secret@host:8883", tmp_path / "ca.pem")
    assert (read.listen, read.page_port, read.record_to) == ("0.0.0.0", 9000, tmp_path / "kept")
    (anna,) = read.stations
    assert (anna.station, anna.name, anna.wearer, anna.exercise) == ("anna", "Anna", "anna", "pull_up")
    assert anna.sensors == (LiveSensor("A", "wrist", {"rate_hz": 50.0}, "left"),)
    assert (anna.record, anna.persistent) == (False, True)


def test_the_command_line_alone():
    read = live_options(Spoken(sensors=("A",), exercise="deadlift", station="x", name="X"), {})
    (one,) = read.stations
    assert (one.station, one.name, one.exercise, one.record, one.persistent) == (
        "x",
        "X",
        "deadlift",
        True,
        False,
    )
    assert one.sensors == (LiveSensor("A", "wrist"),)
    assert (read.page_port, read.listen, read.broker_url) == (8321, "127.0.0.1", None)
    assert live_options(Spoken(no_record=True), {}).stations[0].record is False


def test_what_is_spoken_goes_above_the_file(options, tmp_path):
    read = options(broker="mqtt://other", port=0, listen="127.0.0.1", record=tmp_path / "here")
    assert (read.broker_url, read.ca_file, read.page_port, read.listen) == (
        "mqtt://other",
        None,
        0,
        "127.0.0.1",
    )
    assert (read.record_to, read.stations[0].record) == (tmp_path / "here", True)
    assert options(FILE.replace("false", "true"), no_record=True).stations[0].record is False


def test_with_another_broker_the_password_of_the_file_s_is_not_needed(tmp_path):
    (tmp_path / "c.toml").write_text(FILE)
    (tmp_path / "ca.pem").touch()
    with pytest.raises(InputError, match="PW is not set"):
        live_options(Spoken(config=tmp_path / "c.toml"), {})
    live_options(Spoken(config=tmp_path / "c.toml", broker="mqtt://other"), {})


def test_what_is_spoken_of_a_station_is_for_the_only_one_or_the_one_named(options):
    (anna,) = options(exercise="deadlift", placement="chest", settings=("range_g=8",)).stations
    assert anna.exercise == "deadlift"
    assert anna.sensors == (LiveSensor("A", "chest", {"rate_hz": 50.0, "range_g": 8.0}, "left"),)
    anna, ben = options(FILE + BEN, station="ben", sensors=("C",), force=True, name="B.").stations
    assert (anna.exercise, anna.force, anna.sensors[0].name) == ("pull_up", False, "A")
    assert (ben.sensors, ben.force, ben.name) == ((LiveSensor("C", "wrist"),), True, "B.")


def test_a_station_that_the_file_lacks_is_added(options):
    anna, new = options(station="new", sensors=("N",), exercise="deadlift").stations
    assert (anna.station, new.station, new.exercise, new.persistent) == ("anna", "new", "deadlift", True)


def test_what_fits_no_station_is_said(options):
    (said,) = problems(options, FILE + BEN, exercise="deadlift")
    assert said == "--station: which one are these options for. Name it: --station anna or ben."
    (said,) = problems(options, station="new")
    assert "each needs its sensor's name" in said
    (said,) = problems(options, station="new", sensors=("a",))
    assert "'a' is worn at two stations" in said
    two = FILE + '[[station.sensor]]\nname = "C"\nplacement = "chest"\n'
    (said,) = problems(options, two, placement="chest")
    assert "which of two sensors" in said


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(InputError, match="is missing"):
        live_options(Spoken(config=Path("nowhere.toml")), {})


def test_where_nothing_is_said_the_first_sensor_is_read_until_the_page_has_saved_somebody():
    first = live_options(Spoken(), {})
    assert [(one.station, one.sensors[0].name) for one in first.stations] == [("station-1", None)]
    assert first.config.path == own_config()
    assert not first.config.exists
    station = {"id": "anna", "sensor": [{"name": "A", "placement": "wrist"}]}
    first.config.change(lambda document: put_station(document, station))

    (anna,) = live_options(Spoken(port=0), {}).stations
    assert (anna.station, anna.sensors[0].name) == ("anna", "A")
    assert own_config().read_text().startswith("# Written by the page")
    spoken = live_options(Spoken(exercise="pull_up"), {})
    assert ([one.station for one in spoken.stations], spoken.config) == (["station-1"], None)


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten():
    first = live_options(Spoken(), {})
    own_config().parent.mkdir(parents=True)
    own_config().write_text("schema = 1")
    with pytest.raises(InputError, match="was changed on disk"):
        first.config.change(lambda document: document)


def test_a_person_s_parameter_files_lie_beside_the_configuration(options, tmp_path):
    text = FILE.replace('name = "Anna"\n', 'name = "Anna"\nparams = ["annas.toml"]\n')
    (said,) = problems(options, text)
    assert "annas.toml" in said
    values = {next(iter(parameters(EXERCISES["pull_up"], "wrist"))): 1.0}
    write_params(tmp_path / "annas.toml", ParamsFile(exercise="pull_up", placement="wrist", values=values))
    assert options(text).stations[0].tuned == {"pull_up/wrist": values}


def test_the_environment_s_broker_is_used_where_the_file_names_none(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text("schema = 1")
    environ = {"REPCOUNT_BROKER": "mqtt://elsewhere"}
    assert live_options(Spoken(config=path), environ).broker_url == "mqtt://elsewhere"
    assert live_options(Spoken(config=path, broker="mqtt://said"), environ).broker_url == "mqtt://said"
    path.write_text('schema = 1\n[broker]\nurl = "mqtt://written"')
    assert live_options(Spoken(config=path), environ).broker_url == "mqtt://written"
