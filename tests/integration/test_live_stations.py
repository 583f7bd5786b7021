"""Several people at once from one configuration, changed while it runs: virtual radio, real broker."""

import asyncio
import json

import pytest
from live_gym import REPS, LiveGym, station
from mqtt_tools import until

pytestmark = pytest.mark.system

ANNA = station("anna", ("Band A", "wrist"), name='"Anna"', exercise='"pull_up" # her favourite')
BEN = station("ben", ("Band B", "wrist"), exercise='"pull_up"', rest_target_s=60)
TEMPO = "[station.tempo]\npull_up = 2.5\n"


@pytest.fixture
def gym(mosquitto, tmp_path):
    return lambda text, **spoken: LiveGym(mosquitto, tmp_path, text, **spoken)


async def test_two_people_are_counted_at_once_each_by_their_own_sensor(gym):
    async with gym(ANNA + TEMPO + BEN) as here:
        bands = [await here.sensor("Band A", 1), await here.sensor("Band B", 2)]
        await here.connected("anna")
        await here.connected("ben")
        await asyncio.gather(*(here.pull_up(band) for band in bands))
        await here.counted("anna")
        await here.counted("ben")
        targets = [
            here.watcher.last(f"{one}/state/exercise")["eccentric_target_s"] for one in ("anna", "ben")
        ]
        assert targets == [2.5, 2.0]
        assert here.watcher.last("ben/state/rest")["target_s"] == 60
        assert here.watcher.last("anna/state/sensors")["name"] == "Anna"
        assert here.watcher.last("anna/state/exercise")["wear"].startswith("On the wrist")
        status = here.status("anna")
        assert (status["latency_s"], status["live_cues"], status["why"]) == (0.2, True, None)
        (discovery,) = [
            json.loads(one.payload)
            for one in here.watcher.heard
            if one.topic.endswith("repcount_anna/config")
        ]
        assert discovery["device"]["name"] == "Anna"


async def test_a_sensor_is_found_given_to_a_person_and_counted_with(gym):
    async with gym(ANNA) as here:
        await here.sensor("Band A", 1)
        new = await here.sensor("Band C", 3)
        await here.connected("anna")

        answers = await here.ask("scan", seconds=1)
        assert [one["ok"] for one in answers] == [True] * len(answers)
        assert answers[0]["done"] is False
        found = {one["name"]: one for one in answers[-1]["result"]["found"]}
        assert found["Band C"]["profile"] == "repcount_reference"
        assert (found["Band C"]["use"], found["Band C"]["worn_by"]) == ("Band C", None)
        assert found["Band C"]["live_cues"] is True
        assert (found["Band A"]["connected"], found["Band A"]["worn_by"]) == (True, "anna")

        carla = {
            "name": "Carla Ä.",
            "exercise": "pull_up",
            "tempo": {"pull_up": "3-1-1-0"},
            "sensor": [{"name": found["Band C"]["use"], "placement": "wrist", "side": "left"}],
        }
        (saved,) = await here.ask("save_station", station=carla)
        assert (saved["ok"], saved["result"]) == (True, {"id": "carla-a"})
        await here.connected("carla-a")
        await here.pull_up(new)
        await here.counted("carla-a")
        assert here.watcher.last("carla-a/state/exercise")["eccentric_target_s"] == 3
        assert "# her favourite" in here.path.read_text()
        (told,) = await here.ask("stations")
        assert [one["id"] for one in told["result"]["stations"]] == ["anna", "carla-a"]
        assert told["result"]["stations"][1]["tempo"] == {"pull_up": "3-1-1-0"}


async def test_who_is_removed_leaves_nothing_at_the_broker_and_the_others_go_on(gym):
    async with gym(ANNA + BEN) as here:
        band_a = await here.sensor("Band A", 1)
        await here.sensor("Band B", 2)
        await here.connected("anna")
        await here.connected("ben")
        assert len(here.retained("ben")) >= 7
        begun = list(band_a.said)

        (removed,) = await here.ask("remove_station", id="ben")
        assert removed["ok"]
        await until(lambda: here.retained("ben") == [], "nothing of ben")
        assert len(here.retained("anna")) >= 7
        assert band_a.said == begun
        await here.pull_up(band_a)
        await here.counted("anna")
        assert '"ben"' not in here.path.read_text()
        (again,) = await here.ask("remove_station", id="ben")
        assert "there is no station 'ben'" in again["error"]


async def test_wishes_are_changed_without_touching_the_sensor_and_another_sensor_is_taken_up(gym):
    async with gym(ANNA) as here:
        band = await here.sensor("Band A", 1)
        await here.connected("anna")
        begun = list(band.said)
        anna = {"id": "anna", "name": "Annika", "exercise": "deadlift", "rest_target_s": 120}
        worn = [{"name": "Band A", "placement": "wrist"}]
        (saved,) = await here.ask("save_station", station=anna | {"sensor": worn, "tempo": {"deadlift": 4}})
        assert saved["ok"], saved
        await until(lambda: here.watcher.last("anna/state/exercise")["eccentric_target_s"] == 4, "the tempo")
        assert here.watcher.last("anna/state/exercise")["exercise"] == "deadlift"
        await until(lambda: here.watcher.last("anna/state/rest")["target_s"] == 120, "the rest")
        await until(lambda: here.watcher.last("anna/state/sensors")["name"] == "Annika", "the name")
        assert here.status("anna")["connected"]
        assert band.said == begun

        other = await here.sensor("Band Z", 9)
        await here.ask(
            "save_station",
            station=anna | {"exercise": "pull_up", "sensor": [{"name": "Band Z", "placement": "wrist"}]},
        )
        await until(lambda: other.said, "the other sensor's start")
        await here.connected("anna")
        await here.pull_up(other)
        await here.counted("anna")


async def test_what_is_wrong_is_refused_by_its_place_and_nothing_is_written(gym):
    async with gym(ANNA) as here:
        before = here.path.read_text()
        wrong = {"name": "", "exercise": "pullup", "sensor": [{"name": "Band A", "placement": "wirst"}]}
        (refused,) = await here.ask("save_station", station=wrong | {"id": "x"})
        assert [one["place"] for one in refused["problems"]] == ["name", "exercise", "sensor[0].placement"]
        assert refused["problems"][1]["mend"] == "Did you mean 'pull_up'?"
        taken = {"name": "Zoe", "sensor": [{"name": "band a", "placement": "wrist"}]}
        (refused,) = await here.ask("save_station", station=taken)
        assert [one["place"] for one in refused["problems"]] == ["sensor[0].name"]
        assert "is worn by 'anna' already" in refused["error"]
        folder = {"name": "Zoe", "sensor": [{"name": "virtual:/etc", "placement": "wrist"}]}
        (refused,) = await here.ask("save_station", station=folder)
        assert "a recording cannot be chosen here" in refused["error"]
        for hostile in (
            {"station": 7},
            {"station": {"id": ["a"]}},
            {"station": {"name": "\ud800"}},
            {"x": 1},
        ):
            (refused,) = await here.ask("save_station", **hostile)
            assert refused["ok"] is False
        assert here.path.read_text() == before


async def test_a_file_changed_by_hand_is_not_overwritten_but_read_again(gym):
    async with gym(ANNA) as here:
        await here.sensor("Band A", 1)
        await here.connected("anna")
        here.path.write_text(here.path.read_text() + BEN)
        zoe = {"name": "Zoe", "sensor": [{"name": "Band Z", "placement": "wrist"}]}
        (refused,) = await here.ask("save_station", station=zoe)
        assert "was changed on disk since it was read" in refused["error"]
        (read,) = await here.ask("reload")
        assert read["ok"]
        await until(lambda: here.watcher.last("ben/status") == "online", "ben")
        (saved,) = await here.ask("save_station", station=zoe)
        assert saved["ok"]
        assert here.path.read_text().endswith('placement = "wrist"\n')


async def test_nobody_sets_anything_up_without_a_ticket_of_the_page_and_each_is_good_once(gym):
    async with gym(ANNA) as here:
        for ticket in (None, "", "x" * 22, 7, ["a"]):
            (refused,) = await here.send("remove_station", id="anna", ticket=ticket)
            assert "without a ticket" in refused["error"]
        used = await here.ticket()
        assert (await here.send("stations", ticket=used))[0]["ok"]
        assert not (await here.send("remove_station", id="anna", ticket=used))[0]["ok"]
        here.watcher.publish("repcount/v1/anna/cmd/remove_station", json.dumps({"id": "anna"}))
        await until(lambda: here.watcher.last("anna/cmd-result"), "an answer")
        assert "there is no such command" in here.watcher.last("anna/cmd-result")["error"]


async def test_a_sensor_that_is_not_there_is_said_and_the_others_count(gym):
    async with gym(ANNA + BEN) as here:
        band = await here.sensor("Band A", 1)
        await here.connected("anna")
        assert here.status("ben")["connected"] is False
        await here.pull_up(band)
        await here.counted("anna", REPS)
        await until(lambda: "not in reach" in (here.status("ben")["why"] or ""), "why there is no sensor")


async def test_the_command_line_goes_above_the_file(gym):
    async with gym(ANNA + BEN, station="ben", exercise="deadlift", name="Benjamin") as here:
        topics = ("ben/state/exercise", "ben/state/sensors", "anna/state/exercise")
        await until(lambda: all(here.watcher.last(topic) for topic in topics), "their states")
        assert here.watcher.last("ben/state/exercise")["exercise"] == "deadlift"
        assert here.watcher.last("ben/state/sensors")["name"] == "Benjamin"
        assert here.watcher.last("anna/state/exercise")["exercise"] == "pull_up"
        assert "Benjamin" not in here.path.read_text()


async def test_with_nothing_said_the_first_sensor_counts_until_somebody_is_saved_on_the_page(gym):
    async with gym(None) as here:
        band = await here.sensor("Band A", 1)
        await here.connected("station-1")
        (told,) = await here.ask("stations")
        assert told["result"]["editable"]
        assert [one["id"] for one in told["result"]["stations"]] == ["station-1"]
        assert not here.path.exists()

        zoe = {"name": "Zoe", "exercise": "pull_up", "sensor": [{"name": "Band A", "placement": "wrist"}]}
        (saved,) = await here.ask("save_station", station=zoe)
        assert saved["ok"], saved
        await here.connected("zoe")
        await here.pull_up(band)
        await here.counted("zoe")
        assert here.retained("station-1") == []
        assert 'name = "Zoe"' in here.path.read_text()
