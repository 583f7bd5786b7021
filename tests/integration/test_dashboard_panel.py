"""The page's controls, sound, wall and plot in a real Chromium: what a thumb does, and what is asked for."""

import asyncio

import pytest
from dashboard_stand_ins import ago
from test_dashboard_chromium import broker, open_page, sees, service  # noqa: F401 - fixtures

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

A_SET = {
    "set_index": 1,
    "exercise": "pull_up",
    "rep_count": 5,
    "start_at": "2026-03-01T10:00:00Z",
    "end_at": "2026-03-01T10:01:00Z",
    "rom_deg": [90.0, 88.0, 85.0, 80.0, 70.0],
    "mean_concentric_velocity_m_s": [0.6, 0.58, 0.5, 0.45, None],
    "rom_loss_ratio": 0.22,
    "velocity_loss_ratio": 0.25,
    "load_kg": 12.5,
    "side": "left",
}
SPOKEN = """
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", {
  value: { cancel() {}, speak(one) { window.spoken.push(one.text); } },
});
"""


async def opened(service, open_page, **options):  # noqa: F811 - the fixtures' values
    service.everything()
    page = await open_page(**options)
    await sees(page, ".number", "7")
    return page


async def panel(service, page, *, history=None, recordings=()):  # noqa: F811
    await page.locator("button.more").click()
    told = {"day": "2026-03-02", "sets": [], "days": {}} if history is None else history
    assert (await service.asked(result=told))[0] == "history"
    assert (await service.asked(result={"recordings": list(recordings)}))[0] == "recordings"


async def test_a_count_is_corrected_by_thumb(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    await page.locator("button.correct").click()
    assert await page.locator(".was input").input_value() == "7"
    await page.locator(".was [data-by='1']").click()
    await page.locator(".was [type=submit]").click()

    assert await service.asked() == ("correct_count", {"rep_count": 8})
    assert await page.locator("button.correct").is_visible()


async def test_what_a_correction_came_to_is_told_and_can_be_taken_back(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    await page.locator("button.correct").click()
    await page.locator(".was [type=submit]").click()
    assert (await service.asked())[0] == "correct_count"
    service.event("set", type="count_corrected", set_index=3, rep_count=7, was=8)
    assert (await service.asked(result={"running": True, "undoable": 1}))[0] == "calibration"
    markup = "<img src=x onerror=alert(1)>"
    rows = [["monday", "8", "7", "8", "better"], [markup, "10", "10", "10", markup], 7]
    told = {"running": False, "undoable": 1, "words": "Kept, and no set worse.", "rows": rows}
    assert (await service.asked(result=told))[0] == "calibration"
    await sees(page, "#note", "Kept, and no set worse.")

    await page.locator("button.more").click()
    await service.asked(result={"sets": [], "days": {}})
    await service.asked(result={"recordings": []})
    shown = await page.locator(".corrected").all_text_contents()
    assert shown == [
        "mondayit was 8 · before 7 · after 8 · better",
        f"{markup}it was 10 · before 10 · after 10",
    ]
    await page.get_by_role("button", name="Take it back").click()
    assert await service.asked(result={"undoable": 0}) == ("undo_correction", {})
    await page.locator(".corrections").wait_for(state="hidden")


async def test_a_correction_can_be_left_by_escape_and_nothing_is_sent(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    await page.locator("button.correct").click()
    await page.keyboard.press("Escape")

    assert not await page.locator(".was").is_visible()
    assert service.commands.empty()


async def test_counting_is_armed_and_disarmed(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    await page.locator("button.arm").click()
    assert await service.asked() == ("arm", {"armed": False})

    service.state("exercise", exercise="pull_up", armed=False, available=["pull_up"])
    await sees(page, "button.arm", "Arm")
    await sees(page, ".armed", "not armed")
    await page.locator("button.arm").click()
    assert await service.asked() == ("arm", {"armed": True})


async def test_load_arm_and_targets_are_told(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    service.state(
        "exercise", exercise="pull_up", armed=True, available=["pull_up"], load_kg=10, wear="On the wrist."
    )
    await panel(service, page)
    await page.wait_for_function("() => document.querySelector('.panel .load').value === '10'")
    await sees(page, ".panel .wear", "On the wrist.")

    await page.locator("[data-step=load][data-by='2.5']").click()
    assert await service.asked() == ("load", {"load_kg": 12.5, "side": None})
    await page.locator(".panel .hand").select_option("left")
    assert await service.asked() == ("load", {"load_kg": 12.5, "side": "left"})
    await page.locator(".panel .lowering").fill("3")
    await page.locator(".panel .lowering").blur()
    assert await service.asked() == ("target_tempo", {"eccentric_s": 3})
    await page.locator("[data-step=rest][data-by='15']").click()
    assert await service.asked() == ("rest_target_s", {"rest_target_s": 15})


async def test_earlier_days_are_there_with_range_and_speed(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    days = {"2026-03-02": 1, "2026-03-01": 1}
    await panel(service, page, history={"day": "2026-03-02", "sets": [], "days": days})
    await page.locator(".panel .day").select_option("2026-03-01")
    answer = {"day": "2026-03-01", "sets": [A_SET], "days": days}
    assert await service.asked(result=answer) == ("history", {"day": "2026-03-01"})

    await sees(page, ".gone .reps", "5")
    await sees(page, ".gone .details", "12.5 kg · left")
    await sees(page, ".gone .sparks", "range \N{MINUS SIGN}22 %speed \N{MINUS SIGN}25 %")
    assert await page.locator(".gone polyline").count() == 2


async def test_a_recording_is_deleted_after_asking_twice(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    recordings = [
        {
            "name": "b",
            "when": "2026-03-02T10:00:00Z",
            "exercise": "pull_up",
            "bytes": 1_500_000,
            "open": True,
        },
        {"name": "a", "when": "2026-03-01T10:00:00Z", "exercise": "pull_up", "bytes": 900_000, "open": False},
    ]
    await panel(service, page, recordings=recordings)
    buttons = page.locator(".recording button")
    await sees(page, ".recording .details", "Pull-up · 1.5 MB")
    assert await buttons.nth(0).is_disabled()
    await buttons.nth(1).click()
    assert service.commands.empty()
    await buttons.nth(1).click()
    assert await service.asked(result={}) == ("delete_recording", {"name": "a"})
    await page.wait_for_function("() => document.querySelectorAll('.recording').length === 1")


async def test_nothing_is_said_aloud_before_a_tap_and_then_what_was_chosen(service, open_page):  # noqa: F811
    page = await opened(service, open_page, script=SPOKEN)
    service.count(8, 3)
    await sees(page, ".number", "8")
    assert await page.evaluate("() => window.spoken") == []

    await page.locator("#sound").click()
    await page.locator("#cues [value=rest]").uncheck()
    await page.locator("#cues [type=submit]").click()
    await sees(page, "#sound", "Sound on")
    service.count(9, 3)
    service.event("cue", type="tempo_cue", cue="slow_down", set_index=3, rep_index=10, id="c1")
    await sees(page, ".cue", "Slow down")
    service.state("rest", resting=True, since=ago(0), target_s=0.3)
    await page.wait_for_function("() => document.querySelector('.timer').dataset.over === 'true'")
    assert await page.evaluate("() => window.spoken") == ["Ready", "9", "Slow down"]


async def test_the_end_of_a_rest_is_said_once(service, open_page):  # noqa: F811
    page = await opened(service, open_page, script=SPOKEN)
    await page.locator("#sound").click()
    await page.locator("#cues [type=submit]").click()
    service.state("rest", resting=True, since=ago(0), target_s=0.5)
    await page.wait_for_function("() => window.spoken.includes('Rest over')")
    await asyncio.sleep(0.5)

    assert (await page.evaluate("() => window.spoken")).count("Rest over") == 1


async def test_the_wall_shows_the_number_and_little_else_also_after_a_reload(service, open_page):  # noqa: F811
    page = await opened(service, open_page, viewport={"width": 1920, "height": 1080})
    before = (await page.locator(".number").bounding_box())["height"]
    await page.locator("#wall").click()
    assert not await page.locator(".side").is_visible()
    assert (await page.locator(".number").bounding_box())["height"] > before
    assert await page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")

    await page.reload()
    await sees(page, ".number", "7")
    assert not await page.locator(".side").is_visible()


async def test_the_signal_is_asked_for_drawn_and_let_go(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    await panel(service, page)
    await page.locator(".panel .signal").click()
    assert await service.asked() == ("watch", {})
    await page.locator(".plot canvas").wait_for()
    empty = await page.evaluate("() => document.querySelector('.plot canvas').toDataURL().length")
    for k in range(20):
        t_s = [k / 10 + i / 100 for i in range(10)]
        restless = [[((10 * k + i) * step % 7) / 7 for i in range(10)] for step in (1, 2, 3)]
        frame = {"schema": 1, "sensor": "wrist", "t_s": t_s, "acc_g": restless}
        service.say("rack-1/signal", frame, retain=False)
    service.say("rack-1/signal", {"schema": 1, "sensor": "wrist", "t_s": [9], "acc_g": "<b>"}, retain=False)
    await page.wait_for_function(
        "(empty) => document.querySelector('.plot canvas').toDataURL().length > 1.2 * empty", arg=empty
    )
    await page.locator(".panel .close").click()
    await page.locator(".plot canvas").wait_for(state="detached")


async def test_a_plan_says_what_is_due(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    plan = [
        {"exercise": "pull_up", "reps": 8, "load_kg": None},
        {"exercise": "bent_over_row", "reps": 10, "load_kg": 40},
    ]
    service.state("exercise", exercise="pull_up", armed=True, available=["pull_up"], plan=plan, plan_done=1)
    await sees(page, ".plan", "Set 2 of 2 · Bent-over row · 10 reps · 40 kg")
    service.state("exercise", exercise="pull_up", armed=True, available=["pull_up"], plan=plan, plan_done=2)
    await sees(page, ".plan", "Plan done · 2 sets")


async def test_the_lowering_s_bar_is_measured_against_what_was_asked(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    service.state("tempo", eccentric_s=1.5, concentric_s=1.0, eccentric_target_s=3.0, controlled=False)
    await page.wait_for_function(
        "() => { const box = (s) => document.querySelector(s).getBoundingClientRect();"
        "return Math.abs(box('.bars i').height / box('.bars').height - 0.5) < 0.02; }"
    )
    assert await page.locator(".mark").is_visible()


async def test_a_hold_is_told_with_its_target(service, open_page):  # noqa: F811
    page = await opened(service, open_page)
    service.state("tempo", hold_s=21.34, hold_target_s=30)
    await sees(page, ".verdict", "held 21.3 of 30.0 s")


async def test_the_page_can_be_installed(open_page):  # noqa: F811
    page = await open_page()
    manifest = await page.evaluate("async () => (await fetch('/static/manifest.webmanifest')).json()")

    assert manifest["start_url"] == "/"
    assert manifest["icons"]
