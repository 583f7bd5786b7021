"""A configuration is written back: its owner's words stay, and a kill leaves the old file or the new one."""

import stat
import string

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from repcount.edges.config import EXAMPLE, ConfigFile, drop_station, parse_config, put_station
from repcount.errors import InputError
from repcount.exercises import EXERCISES

BEN = {
    "id": "ben",
    "name": "Ben",
    "exercise": "deadlift",
    "sensor": [{"name": "C0:FF:EE:00:11:22", "placement": "chest"}],
    "tempo": {"deadlift": 3},
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "repcount.toml"
    path.write_text(EXAMPLE)
    return ConfigFile(path)


def comments(text):
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def put(file, station):
    return file.change(lambda document: put_station(document, station))


def test_a_station_is_added_and_all_else_stays_letter_by_letter(file):
    config = put(file, BEN)
    assert [station.id for station in config.stations] == ["anna", "ben"]
    assert file.path.read_text().startswith(EXAMPLE)
    assert ConfigFile(file.path).config == config == file.config


def test_only_what_differs_is_written(file):
    put(file, {"id": "anna", "name": "Anna K.", "exercise": "pull_up", "rest_target_s": 90.0})
    changed = [
        (old, new)
        for old, new in zip(EXAMPLE.splitlines(), file.path.read_text().splitlines(), strict=True)
        if old != new
    ]
    assert [new.partition("#")[0].strip() for _, new in changed] == ['name = "Anna K."']
    assert comments(file.path.read_text()) == comments(EXAMPLE)


def test_a_sensor_is_exchanged_added_and_taken_away_again(file):
    strap = {"name": "Polar H10 AB", "placement": "chest"}
    band = {"name": "Band 7", "placement": "wrist", "side": "left"}
    put(file, {"id": "anna", "sensor": [band, strap]})
    assert [one.name for one in file.config.stations[0].sensors] == ["Band 7", "Polar H10 AB"]
    put(file, {"id": "anna", "sensor": [strap]})
    (one,) = file.config.stations[0].sensors
    assert (one.name, one.placement, one.side) == ("Polar H10 AB", "chest", None)
    assert "one, or one at the wrist and one at the chest" in file.path.read_text()


def test_what_is_none_is_taken_away(file):
    put(file, {"id": "anna", "rest_target_s": None, "tempo": {"deadlift": 2.5}})
    (anna,) = file.config.stations
    assert anna.rest_target_s is None
    assert list(anna.tempo) == ["deadlift"]


def test_a_station_is_taken_away_and_the_last_one_too(file):
    put(file, BEN)
    file.change(lambda document: drop_station(document, "anna"))
    assert [station.id for station in file.config.stations] == ["ben"]
    file.change(lambda document: drop_station(document, "ben"))
    assert file.config.stations == ()
    assert "[[station]]" not in file.path.read_text()
    put(file, BEN)
    assert [station.id for station in ConfigFile(file.path).config.stations] == ["ben"]


def test_what_would_be_wrong_is_refused_and_nothing_is_written(file):
    with pytest.raises(InputError, match="unknown exercise 'chin_up'"):
        put(file, BEN | {"exercise": "chin_up"})
    assert file.path.read_text() == EXAMPLE
    assert [station.id for station in file.config.stations] == ["anna"]


def test_a_file_changed_meanwhile_is_not_overwritten_and_can_be_read_again(file):
    theirs = EXAMPLE.replace('"Anna"', '"Annika"')
    file.path.write_text(theirs)
    with pytest.raises(InputError, match="changed on disk since it was read"):
        put(file, BEN)
    assert file.path.read_text() == theirs
    file.reload()
    assert [one.name for one in put(file, BEN).stations] == ["Annika", "Ben"]
    file.path.unlink()
    with pytest.raises(InputError, match="changed on disk"):
        put(file, BEN)


def test_a_file_that_is_wrong_now_is_not_taken_up(file):
    file.path.write_text("schema = 9")
    with pytest.raises(InputError, match="9 is unknown"):
        file.reload()
    assert [station.id for station in file.config.stations] == ["anna"]


def test_permissions_and_links_stay_and_no_draft_is_left(file, tmp_path):
    file.path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(file.path)
    put(ConfigFile(link), BEN)
    assert link.is_symlink()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.toml", "repcount.toml"]


def test_a_folder_that_cannot_be_written_is_said_and_the_file_stays(file, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("repcount.edges.config.file.tempfile.mkstemp", refuse)
    with pytest.raises(InputError, match="cannot be written: Read-only file system"):
        put(file, BEN)
    assert file.path.read_text() == EXAMPLE


def test_a_list_of_stations_written_in_one_line_can_be_changed_too(tmp_path):
    path = tmp_path / "short.toml"
    path.write_text(
        'schema = 1\nstation = [{ id = "anna", sensor = [{ name = "A", placement = "wrist" }] }] # short\n'
    )
    file = ConfigFile(path)
    put(file, BEN)
    put(
        file, {"id": "anna", "sensor": [{"name": "B", "placement": "chest"}], "tempo": {"pull_up": "2-0-2-0"}}
    )
    assert [one.sensors[0].name for one in ConfigFile(path).config.stations] == ["B", "C0:FF:EE:00:11:22"]
    assert "# short" in path.read_text()


IDS = st.sampled_from(["anna", "ben", "c-3"])
TEMPOS = st.one_of(st.floats(0.5, 10), st.integers(1, 9), st.sampled_from(["3-1-1-0", "2-0-2-0"]))
NAMES = st.text(string.ascii_letters + "äß日#\"'\\[]= ", min_size=1, max_size=20).filter(str.strip)


@st.composite
def stations(draw):
    """A station that is right: alone, and beside others, whose sensors have other names."""
    key = draw(IDS)
    worn = draw(st.lists(st.sampled_from(["wrist", "chest"]), min_size=1, max_size=2, unique=True))
    optional = {
        "name": draw(st.none() | NAMES.map(str.strip)),
        "rest_target_s": draw(st.none() | st.integers(0, 600)),
        "tempo": draw(st.dictionaries(st.sampled_from(sorted(EXERCISES)), TEMPOS, max_size=3)) or None,
    }
    sensors = [
        {"name": f"{key} {place}", "placement": place}
        | draw(st.sampled_from([{}, {"side": "left"}, {"params": {"rate_hz": 50.0}}]))
        for place in worn
    ]
    return {"id": key, "sensor": sensors} | optional


ANNA = """
# she trains on Mondays
[[station]]   # the first
id = "anna"   # for ever
name = "Anna" # her choice
[[station.sensor]] # worn
name = "anna wrist"
placement = "wrist" # where
"""


@given(st.lists(st.tuples(st.booleans(), stations()), max_size=6))
def test_whatever_is_changed_comments_stay_and_it_says_what_was_meant(changes):
    begun = EXAMPLE.partition("# One for each person")[0]
    document = tomlkit.parse(begun + ANNA)
    meant = {"anna": document.unwrap()["station"][0]}
    kept = set(comments(begun)) | {" the first", " for ever", " worn"}
    for drops, station in changes:
        document = tomlkit.parse(tomlkit.dumps(document))
        if drops:
            drop_station(document, station["id"])
            meant.pop(station["id"], None)
            if station["id"] == "anna":
                kept = set(comments(begun))
        else:
            put_station(document, station)
            meant[station["id"]] = meant.get(station["id"], {}) | station
    text = tomlkit.dumps(document)

    assert kept <= set(comments(text))
    plain = [{key: value for key, value in one.items() if value is not None} for one in meant.values()]
    wanted = parse_config({"schema": 1, "station": plain}, "wanted").stations
    found = parse_config(tomlkit.parse(text).unwrap(), "found").stations
    assert {one.id: one for one in found} == {one.id: one for one in wanted}
