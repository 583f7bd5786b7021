"""The page in a real Chromium, behind the real relay, at a real broker: what a person would see."""

import json
import shutil

import pytest
import pytest_asyncio
from dashboard_stand_ins import LIMIT_S, Broker, Service, ago, tempo

from repcount.edges.dashboard import Dashboard, Upstream

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 390, "height": 844}
REPORT_VIOLATIONS = """;
addEventListener("securitypolicyviolation", (event) => console.error("CSP", event.violatedDirective));"""
CONTRAST = """() => {
  const channels = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const luminance = (colour) => {
    const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = channels(colour).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    const colour = getComputedStyle(node).backgroundColor;
    return channels(colour)[3] === 0 ? ground(node.parentElement) : colour;
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility()
    && [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim()));
  return texts.map((node) => {
    const [a, b] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort((x, y) => y - x);
    return [node.className || node.tagName, (a + 0.05) / (b + 0.05)];
  });
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def broker():
    if shutil.which("mosquitto") is None:
        pytest.skip("mosquitto is not installed")
    running = Broker()
    await running.start()
    yield running
    running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def service(broker):
    stand_in = Service(broker.port)
    yield stand_in
    stand_in.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(chromium, broker):
    """Open the page with given context options; at the end nothing may have complained or gone outside."""
    dashboard = Dashboard(Upstream(host="127.0.0.1", port=broker.port), port=0)
    await dashboard.start()
    complaints = []

    async def watched(script="", **options):
        context = await chromium.new_context(**({"viewport": PHONE} | options))
        page = await context.new_page()
        page.set_default_timeout(LIMIT_S * 1000)
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request", lambda request: request.url.startswith(dashboard.url) or complaints.append(request.url)
        )
        await page.add_init_script(script + REPORT_VIOLATIONS)
        await page.goto(dashboard.url)
        await page.wait_for_selector("[data-link=online]")
        return page

    yield watched
    for context in chromium.contexts:
        await context.close()
    await dashboard.stop()
    assert complaints == []


async def sees(page, selector, wanted):
    """Wait until the text of `selector`, with its white space in order, is `wanted`."""
    await page.wait_for_function(
        "([s, w]) => document.querySelector(s)?.textContent.replace(/\\s+/g, ' ').trim() === w",
        arg=[selector, wanted],
    )


async def test_page_waits_for_a_sensor_and_then_counts(service, open_page):
    page = await open_page()
    assert await page.locator("#empty").is_visible()
    service.count(0)
    await sees(page, ".number", "0")
    assert not await page.locator("#empty").is_visible()
    for reps in range(1, 13):
        service.count(reps)
    await sees(page, ".number", "12")
    await sees(page, ".set", "Set 1")


async def test_page_opened_late_shows_everything(service, open_page):
    service.everything()
    page = await open_page()
    await sees(page, ".number", "7")
    await sees(page, ".tempo", "2.4-0.5-1.0-·")
    await sees(page, ".verdict", "controlled · 2.4 of 2.0 s")
    await sees(page, ".word", "Lower")
    await sees(page, ".gloss", "eccentric")
    await sees(page, ".armed", "armed")
    await sees(page, ".sensor", "Wristconnected · battery 87 %")
    await sees(page, ".done .details", "2.3-0.4-1.0-0.6 · 9 controlled · 44 s")
    assert await page.locator(".done .reps").all_text_contents() == ["12", "11"]
    assert await page.locator(".exercise select").input_value() == "pull_up"
    assert await page.locator(".exercise option").all_text_contents() == ["Pull-up", "Lat pulldown"]


async def test_fast_lowering_is_said_in_words(service, open_page):
    page = await open_page()
    service.state("tempo", **tempo(eccentric_s=0.9, controlled=False))
    await sees(page, ".verdict", "too fast · 0.9 of 2.0 s")
    service.state("tempo", **tempo(eccentric_s=None, controlled=False))
    await sees(page, ".verdict", "no lowering seen")


async def test_what_was_measured_of_a_rep_is_shown_where_it_is_known(service, open_page):
    page = await open_page()
    service.state("tempo", **tempo())
    await sees(page, ".rom", "range 84°")
    service.state("tempo", **tempo(rom_m=0.583, mean_concentric_velocity_m_s=0.52, style="kipping"))
    await sees(page, ".rom", "range 84° · 0.58 m · 0.52 m/s · kipping")
    service.state("tempo", **tempo(depth_deg=81.6, style="strict"))
    await sees(page, ".rom", "depth 82°")


async def test_bar_and_shape_follow_the_phase(service, open_page):
    page = await open_page()
    for phase, word in [("eccentric", "Lower"), ("pause_lengthened", "Pause"), ("concentric", "Lift")]:
        service.state("phase", phase=phase, progress_ratio=0.25)
        await sees(page, ".word", word)
        shapes = page.locator(".shape > *")
        shown = [
            await shape.get_attribute("class") for shape in await shapes.all() if await shape.is_visible()
        ]
        assert shown == [phase]
    await page.wait_for_function(
        "() => { const w = (s) => document.querySelector(s).getBoundingClientRect().width;"
        "return Math.abs(w('.bar') / w('.track') - 0.25) < 0.01 }"
    )


async def test_rest_timer_counts_on_and_stops_with_the_rest(service, open_page):
    service.state("rest", resting=True, since=ago(65))
    page = await open_page()
    await sees(page, ".word", "Rest")
    shown = await page.locator(".timer").text_content()
    assert shown in {"1:05", "1:06", "1:07"}
    await page.wait_for_function("(was) => document.querySelector('.timer').textContent > was", arg=shown)
    service.state("rest", resting=False, since=None)
    await sees(page, ".timer", "")


@pytest.mark.parametrize("days", [-3, 3])
async def test_rest_timer_does_not_trust_a_phone_with_the_wrong_date(service, open_page, days):
    service.state("rest", resting=True, since=ago(65))
    page = await open_page(f"const now = Date.now; Date.now = () => now() + {days} * 864e5")
    await page.wait_for_function("() => /^1:0[5-9]$/.test(document.querySelector('.timer')?.textContent)")


async def test_slow_down_shows_at_once_and_goes_away(service, open_page):
    service.everything()
    page = await open_page()
    await sees(page, ".number", "7")
    service.event("cue", type="tempo_cue", cue="slow_down", set_index=3, rep_index=7)
    await sees(page, ".cue", "Slow down")
    assert await page.locator(".cue").is_visible()
    await page.locator(".cue").wait_for(state="hidden", timeout=4000)


async def test_cue_of_a_rep_long_over_is_not_shown(service, open_page):
    service.everything()
    page = await open_page(
        "addEventListener('DOMContentLoaded', () => new MutationObserver(() => {"
        "  if (document.querySelector('.cue')?.textContent) window.cued = true;"
        "}).observe(document.body, { subtree: true, childList: true, characterData: true }))"
    )
    await sees(page, ".number", "7")
    service.event("cue", type="tempo_cue", cue="slow_down", set_index=3, rep_index=5)
    service.event("cue", type="tempo_cue", cue="slow_down", set_index=2, rep_index=9)
    service.count(8, 3)
    await sees(page, ".number", "8")
    assert not await page.evaluate("() => window.cued === true")


async def test_each_rep_is_spoken_once(service, open_page):
    page = await open_page(
        "addEventListener('DOMContentLoaded', () => { window.spoken = []; new MutationObserver(() => "
        "window.spoken.push(document.getElementById('spoken').textContent))"
        ".observe(document.getElementById('spoken'), { childList: true }) })"
    )
    service.count(1)
    await sees(page, ".number", "1")
    for reps in (2, 2, 3):
        service.count(reps)
    await sees(page, "#spoken", "3")
    assert await page.evaluate("() => window.spoken") == ["2", "3"]
    assert await page.locator("#spoken").get_attribute("aria-live") == "polite"


async def test_broker_gone_is_said_and_the_page_comes_back_by_itself(broker, service, open_page):
    service.everything()
    page = await open_page()
    await sees(page, ".number", "7")
    live = await page.locator(".number").evaluate("(n) => getComputedStyle(n).color")
    broker.stop()
    await page.wait_for_selector("[data-link=gone]")
    await sees(page, "#banner", "No connection. Trying again …")
    assert await page.locator(".number").evaluate("(n) => getComputedStyle(n).color") != live
    assert await page.locator("button.end").is_disabled()
    await broker.start()
    await page.wait_for_selector("[data-link=online]")
    service.count(8, 3)
    await sees(page, ".number", "8")
    assert not await page.locator("#banner").is_visible()
    assert await page.locator(".number").evaluate("(n) => getComputedStyle(n).color") == live


async def test_offline_service_station_and_sensor_grey_the_number(service, open_page):
    service.everything()
    page = await open_page()
    service.say("service/status", "offline")
    await sees(page, "#banner", "The repcount service is offline")
    service.say("service/status", "online")
    await sees(page, "#banner", "")
    service.say("rack-1/status", "offline")
    await page.wait_for_selector("[data-stale=true]")
    await sees(page, ".set", "station offline")
    service.say("rack-1/status", "online")
    await page.wait_for_selector("[data-stale=false]")
    service.state("sensors", sensors={"wrist": {"connected": False}})
    await page.wait_for_selector("[data-stale=true]")
    await sees(page, ".sensor", "Wristnot connected")


async def test_cleared_status_takes_a_station_away(service, open_page):
    service.everything()
    page = await open_page()
    await sees(page, ".number", "7")
    service.say("rack-1/status", "")
    await page.locator(".station").wait_for(state="detached")
    assert await page.locator("#empty").is_visible()


async def test_choosing_an_exercise_and_ending_a_set_send_commands(service, open_page):
    service.everything()
    page = await open_page()
    await sees(page, ".number", "7")
    await page.locator(".exercise select").select_option("lat_pulldown")
    assert await service.asked() == ("exercise", {"exercise": "lat_pulldown"})
    await page.locator("button.end").click()
    assert await service.asked() == ("end_set", {})


async def test_refused_command_is_said_and_taken_back(service, open_page):
    service.everything()
    page = await open_page()
    await sees(page, ".number", "7")
    await page.locator(".exercise select").select_option("lat_pulldown")
    await service.asked(refused="The chest sensor cannot see this.")
    await sees(page, "#note", "The chest sensor cannot see this.")
    assert await page.locator(".exercise select").input_value() == "pull_up"


async def test_hostile_payloads_are_text_or_nothing(service, open_page):
    markup = "<img src=x onerror=alert(1)>"
    page = await open_page()
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    service.everything()
    for raw in (b"\xff\xfe", "{", "null", "[1]", "7", '"x"', '{"schema":2,"rep_count":99}', "x" * 70_000):
        service.say("rack-1/state/count", raw)
    for wrong in (-1, 1.5, 1e9, "12", None, True, [3], {"valueOf": 1}):
        service.state("count", rep_count=wrong)
    service.state("tempo", eccentric_s=markup, concentric_s=-5, controlled="yes", rom_deg=1e300)
    service.state("phase", phase="__proto__", progress_ratio=5)
    service.state("exercise", exercise=markup, available=[markup, "constructor", 7], armed="yes")
    service.state("today", sets=[None, 7, {"rep_count": 5, "exercise": markup, "mean_tempo": [1]}])
    sensor = {"connected": True, "placement": markup, "battery_percent": 1e9}
    service.say("rack-1/state/sensors", json.dumps({"sensors": {"__proto__": sensor, "b": 5}}))
    service.say("rack-1/state/constructor", "{}")
    service.say("BAD_station/state/count", '{"rep_count":3}')
    service.say("rack-1/cmd-result", {"ok": False, "error": markup}, retain=False)
    await sees(page, "#note", markup)
    await sees(page, ".sensor", f"{markup}connected")
    await sees(page, ".number", "7")
    await sees(page, ".done", "5Set")
    await sees(page, ".word", "Lower")
    assert await page.locator(".station").count() == 1
    assert await page.locator("main img").count() == 0
    assert dialogs == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_a_contrast_of_seven_in_both_schemes(service, open_page, scheme):
    service.everything()
    service.state("rest", resting=True, since=ago(5))
    page = await open_page(color_scheme=scheme)
    await sees(page, ".number", "7")
    ground = await page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 3 * 128) == (scheme == "dark")
    contrasts = await page.evaluate(CONTRAST)
    assert len(contrasts) > 20
    assert [found for found in contrasts if found[1] < 7] == []


async def test_nothing_is_wider_than_the_screen(service, open_page):
    page = await open_page()
    for station, reps in [("rack-1", 108), ("rack-2", 28), ("a-station-with-a-very-long-name1", 1)]:
        service.everything(station, reps)
        await page.locator(f"text='{reps}'").first.wait_for()
        for width, height in [(360, 640), (390, 844), (844, 390), (1280, 720), (1920, 1080)]:
            await page.set_viewport_size({"width": width, "height": height})
            assert await page.evaluate("() => document.documentElement.scrollWidth") <= width
            boxes = [
                await box.bounding_box()
                for box in await page.locator("select, button").all()
                if await box.is_visible()
            ]
            assert min(box["height"] for box in boxes) >= 48


async def test_growing_number_moves_nothing(service, open_page):
    page = await open_page()
    tops = set()
    for reps in (0, 9, 10, 99, 100, 1000):
        service.count(reps)
        await sees(page, ".number", str(reps))
        tops.add((await page.locator(".phase").bounding_box())["y"])
    assert len(tops) == 1


async def test_wall_shows_one_station_without_scrolling(service, open_page):
    service.everything()
    page = await open_page(viewport={"width": 1920, "height": 1080})
    await sees(page, ".number", "7")
    assert await page.evaluate("() => document.documentElement.scrollHeight") <= 1080
    assert (await page.locator(".number").bounding_box())["height"] > 400


async def test_reduced_motion_stops_what_moves(service, open_page):
    page = await open_page(reduced_motion="reduce")
    service.count(1)
    await sees(page, ".number", "1")
    service.count(2)
    await sees(page, ".number", "2")
    style = "(n) => [getComputedStyle(n).animationName, getComputedStyle(n).transitionDuration]"
    assert await page.locator(".number").evaluate(style) == ["none", "0s"]
    assert await page.locator(".bar").evaluate(style) == ["none", "0s"]
