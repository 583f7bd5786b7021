"""Sensors and people on the page: real Chromium, the real service, a virtual radio, a real broker."""

import os
import re
from pathlib import Path

import pytest
import pytest_asyncio
from live_gym import LiveGym, station
from mqtt_tools import LIMIT_S, until
from test_dashboard_chromium import CONTRAST, REPORT_VIOLATIONS, sees

from repcount.edges.ble import Scan
from repcount.errors import LinkError

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 360, "height": 740}
ANNA = station("anna", ("Band A", "wrist"), name='"Anna"', exercise='"pull_up" # her favourite')
LOOKS = os.environ.get("REPCOUNT_SCREENSHOTS")
"""Folder for pictures of what the tests see, for whoever wants to look at it."""


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium, mosquitto, tmp_path):
    """Start a service with this configuration, and open its page; nothing may have complained at the end."""
    gyms, complaints = [], []

    async def opened(text, **options):
        gym = await LiveGym(mosquitto, tmp_path, text).__aenter__()
        gyms.append(gym)
        context = await chromium.new_context(**({"viewport": PHONE} | options))
        page = await context.new_page()
        page.set_default_timeout(LIMIT_S * 1000)
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        await page.add_init_script(REPORT_VIOLATIONS)
        await page.goto(gym.url)
        await page.wait_for_selector("[data-link=online]")
        return gym, page

    yield opened
    for context in chromium.contexts:
        await context.close()
    for gym in gyms:
        await gym.__aexit__()
    assert complaints == []


async def look(page, name):
    """Keep a picture, where somebody asked for it."""
    if LOOKS:
        await page.screenshot(path=Path(LOOKS) / f"{name}.png")


async def fits(page):
    """Nothing is cut off at the side."""
    assert await page.evaluate(
        "() => [...document.querySelectorAll('body, dialog[open]')]"
        ".every((e) => e.scrollWidth <= e.clientWidth + 1)"
    )


async def test_a_sensor_is_found_given_a_name_saved_and_the_count_comes_in(visit):
    gym, page = await visit("# nobody yet\n")
    assert await page.locator("#setup .add").is_disabled()  # what can be chosen comes with the first answer
    await page.locator("#begin").click()
    await sees(page, "#setup .nobody", "Nobody yet. Add whoever trains here, and the sensor they wear.")
    await look(page, "empty")
    await page.locator("#setup .add").click()
    await page.locator("[name=person-name]").fill("Carla")
    await page.locator("#setup .choose").click()
    band = await gym.sensor("Band C", 3)
    await page.locator("#setup .known button").click()

    await sees(page, "#setup .which", "Band C")
    await page.locator("#setup .arm-side").select_option("left")
    await page.locator("[name=person-exercise]").select_option("pull_up")
    await sees(page, "#setup .wear-it", "On the wrist, strap snug, either side; or on the chest.")
    await page.locator("[name=person-tempo]").fill("3-1-1-0")
    await page.locator("[name=person-rest_target_s]").fill("90")
    assert await page.locator(".figure").get_attribute("data-worn") == "wrist-left"
    await fits(page)
    await look(page, "person")
    await page.locator("#setup .save").click()

    await sees(page, "#setup .list .who", "Carla")
    await page.locator("#setup .list [data-connected=true]").wait_for()
    await look(page, "people")
    await page.locator("#setup .close").click()
    await gym.connected("carla")
    await sees(page, ".station .name", "Carla")
    await gym.pull_up(band)
    await gym.counted("carla")
    await sees(page, ".number", "8")
    await look(page, "counted")
    assert gym.watcher.last("carla/state/exercise")["eccentric_target_s"] == 3
    assert "# nobody yet" in gym.path.read_text()


async def test_a_scan_says_of_each_sensor_how_it_is(visit):
    gym, page = await visit(ANNA)
    await gym.sensor("Band A", 1)
    await gym.sensor("Band B", 2)
    await gym.connected("anna")
    await page.locator("#people").click()
    await page.locator("#setup .add").click()
    await page.locator("#setup .choose").click()
    await page.wait_for_function("() => document.querySelectorAll('#setup .known button').length === 2")
    await sees(page, "#setup .summary", "2 sensors found")

    said = {
        await one.locator(".who").text_content(): await one.locator(".details").text_content()
        for one in await page.locator("#setup .known button").all()
    }
    assert "quick enough for live cues" in said["Band B"]
    assert "dBm" in said["Band B"]
    assert said["Band A"].endswith("connected · worn by Anna")
    await fits(page)
    await look(page, "scan")
    await page.keyboard.press("Escape")
    assert await page.locator("[name=person-name]").is_visible()
    await page.keyboard.press("Escape")
    await sees(page, "#setup .list .who", "Anna")
    await page.keyboard.press("Escape")
    await page.wait_for_function("() => !document.querySelector('#setup').open")


async def test_mistakes_are_shown_where_they_are_and_nothing_is_saved(visit):
    gym, page = await visit(ANNA)
    before = gym.path.read_text()
    await page.locator("#people").click()
    await page.locator("#setup .list button").click()
    await page.locator("[name=person-name]").fill("")
    await page.locator("#setup .save").click()
    await sees(page, "#wrong-name", "Give a name.")
    assert await page.evaluate("() => document.activeElement.name") == "person-name"
    assert await page.locator("[name=person-name]").get_attribute("aria-invalid") == "true"

    await page.locator("[name=person-name]").fill("Anna")
    await page.locator("[name=person-tempo]").fill("quick")
    await page.locator("#setup .save").click()
    await page.locator("#wrong-tempo", has_text=re.compile("^Must be seconds of lowering")).wait_for()
    await look(page, "wrong")
    await page.locator("[name=person-tempo]").fill("")
    await page.locator("#setup .place").select_option("chest")
    await page.locator("[name=person-exercise]").select_option("bent_over_row")
    await page.locator("#setup .save").click()
    await page.locator("#wrong-exercise", has_text="cannot be counted at the chest").wait_for()
    assert gym.path.read_text() == before


async def test_a_second_sensor_is_worn_at_the_chest_and_taken_away_again(visit):
    gym, page = await visit(ANNA)
    await gym.sensor("Band A", 1)
    await gym.sensor("Strap", 2)
    await gym.connected("anna")
    await page.locator("#people").click()
    await page.locator("#setup .list button").click()
    await page.locator("#setup .second").click()
    assert not await page.locator("#setup .second").is_visible()
    await page.locator("#setup .save").click()
    await page.locator("[data-wrong=name]", has_text="Choose a sensor.").nth(0).wait_for()
    await page.locator("#setup .choose").nth(1).click()
    await page.locator("#setup .known button", has_text="Strap").click()
    assert await page.locator("#setup .place").nth(1).input_value() == "chest"
    assert await page.locator(".figure").get_attribute("data-worn") == "wrist-either chest"
    await look(page, "two-sensors")
    await page.locator("#setup .save").click()
    await gym.connected("anna", "chest")
    await gym.connected("anna", "wrist")
    assert "# her favourite" in gym.path.read_text()
    assert "wearer" not in gym.path.read_text()

    await page.locator("#setup .list button").click()
    await page.locator("#setup .drop").nth(0).click()
    await page.locator("#setup .save").click()
    await until(lambda: list(gym.watcher.last("anna/state/sensors")["sensors"]) == ["chest"], "one sensor")
    await gym.connected("anna", "chest")


HOSTILE = '<img src=x onerror="alert(1)">#+/'


async def test_names_on_the_air_are_shown_as_they_are_and_cannot_harm(visit):
    gym, page = await visit(ANNA)
    await gym.sensor(HOSTILE, 5)
    await page.locator("#people").click()
    await page.locator("#setup .add").click()
    await page.locator("#setup .choose").click()
    await page.locator("#setup .known button").click()
    await sees(page, "#setup .which", HOSTILE)
    await page.locator("[name=person-name]").fill(HOSTILE)
    await page.locator("#setup .save").click()
    await page.locator("#setup .list [data-connected=true] .who", has_text=HOSTILE).wait_for()
    await sees(page, ".station:nth-of-type(2) .name", HOSTILE)
    assert await page.locator("img[src=x]").count() == 0
    assert [one.topic for one in gym.watcher.heard if not re.fullmatch("[a-z0-9_/-]+", one.topic)] == []


async def test_why_there_can_be_no_scan_is_shown_and_it_can_be_tried_again(visit, monkeypatch):
    async def off(*_args):
        raise LinkError("Bluetooth is switched off. Switch it on.")

    gym, page = await visit(ANNA)
    monkeypatch.setattr(Scan, "listen", off)
    await page.locator("#people").click()
    await page.locator("#setup .add").click()
    await page.locator("#setup .choose").click()
    await page.locator("[data-view=scan] .trouble", has_text="Bluetooth is switched off.").wait_for()
    monkeypatch.undo()
    await gym.sensor("Band C", 3)
    await page.locator("#setup .again").click()
    await page.locator("#setup .known button", has_text="Band C").wait_for()
    assert not await page.locator("[data-view=scan] .trouble").is_visible()


async def test_who_is_removed_after_asking_twice_leaves_the_page_and_home_assistant(visit):
    gym, page = await visit(ANNA + station("ben", ("Band B", "wrist")))
    await until(lambda: len(gym.retained("ben")) >= 7, "ben")
    await page.wait_for_function("() => document.querySelectorAll('.station').length === 2")
    await page.locator("#people").click()
    await page.locator("#setup .list button", has_text="ben").click()
    await page.locator("#setup .remove").click()
    assert "Home Assistant" in await page.locator("#setup .what-goes").text_content()
    assert "ben" in gym.path.read_text()
    await page.locator("#setup .remove").click()

    await page.wait_for_function("() => document.querySelectorAll('.station').length === 1")
    await until(lambda: gym.retained("ben") == [], "nothing of ben at the broker")
    discovery = [one.payload for one in gym.watcher.heard if one.topic.endswith("repcount_ben/config")]
    assert discovery[-1] == b""
    assert "ben" not in gym.path.read_text()


async def test_a_file_changed_by_hand_is_said_and_read_again_by_a_tap(visit):
    gym, page = await visit(ANNA)
    await page.locator("#people").click()
    await page.locator("#setup .list button").click()
    gym.path.write_text(gym.path.read_text() + "# by hand\n")
    await page.locator("[name=person-name]").fill("Annika")
    await page.locator("#setup .save").click()
    await page.locator("#setup .reload").click()
    await page.locator("#setup .trouble", has_text="read again").wait_for()
    await page.locator("#setup .save").click()
    await sees(page, ".station .name", "Annika")
    assert "# by hand" in gym.path.read_text()


async def test_everything_can_be_done_with_the_keyboard_and_read_in_the_dark(visit):
    gym, page = await visit(ANNA, color_scheme="dark", viewport={"width": 1280, "height": 800})
    await gym.sensor("Band A", 1)
    await gym.connected("anna")
    await page.locator("#people").focus()
    await page.keyboard.press("Enter")
    await page.locator("#setup .list button").wait_for()
    await look(page, "people-dark")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.locator("[name=person-name]").wait_for()
    await look(page, "person-dark")
    for _ in range(30):
        if await page.evaluate("() => document.activeElement.classList.contains('save')"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await sees(page, "#setup .list .who", "Anna")
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        await page.locator("#setup .list button").click()
        ratios = await page.evaluate(CONTRAST)
        await look(page, f"person-desktop-{scheme}")
        assert [one for one in ratios if one[1] < 4.5] == []
        await page.keyboard.press("Escape")
        await page.locator("#setup .list button").wait_for()


async def test_a_stranger_s_page_gets_no_ticket(visit):
    gym, page = await visit(ANNA)
    async with gym._http.post(f"{gym.url}ticket", headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403
    async with gym._http.get(f"{gym.url}ticket") as answer:
        assert answer.status == 405
    assert await page.locator(".station").count() == 1
