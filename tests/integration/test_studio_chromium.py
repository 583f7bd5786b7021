"""The studio in a real Chromium, what a person does with mouse and keys, and what is on disk after it."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from repcount.app.processes import Workers
from repcount.app.studio import Table
from repcount.edges.files import read_samples, write_samples
from repcount.edges.recording import (
    LABELS_NAME,
    RecordingMeta,
    SensorMeta,
    read_labels,
    read_meta,
    write_labels,
    write_meta,
)
from repcount.edges.studio import Studio

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

RECORDINGS = Path(__file__).parents[2] / "recordings"
LIMIT_MS = 180_000
"""A machine that does much else is slow; a condition is waited for, not a time."""
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
  return [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() && !node.disabled
    && !node.closest(".rep")
    && [...node.childNodes].some((c) => c.nodeType === Node.TEXT_NODE && c.textContent.trim()))
    .map((node) => {
      const [a, b] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort((x, y) => y - x);
      return [node.className || node.tagName, (a + 0.05) / (b + 0.05)];
    }).filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.fixture
def folder(tmp_path):
    """A folder of recordings: one counted right, one that nobody counted, one without labels."""
    for name in ("wrist_pull_up_strict_01", "wrist_deadlift_touch_and_go_01"):
        shutil.copytree(RECORDINGS / name, tmp_path / name)
    bare = tmp_path / "wrist_deadlift_touch_and_go_01"
    write_meta(bare, replace(read_meta(bare), reps_true=None))
    (bare / LABELS_NAME).unlink()
    return tmp_path


@pytest_asyncio.fixture(loop_scope="session")
async def open_studio(chromium):
    """Open the studio on a folder; at the end nothing may have complained or gone outside."""
    complaints, stack = [], []

    async def opened(folder, name="", **options):
        workers = Workers()
        studio = Studio(Table(folder, workers, salvage=False), port=0)
        await studio.start()
        stack.append((studio, workers))
        context = await chromium.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        page = await context.new_page()
        page.set_default_timeout(LIMIT_MS)
        base = studio.url.partition("/?")[0]
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("request", lambda request: request.url.startswith(base) or complaints.append(request.url))
        await page.goto(studio.url + (f"#{name}" if name else ""))
        if name:
            await page.wait_for_selector(".recording[data-ready]")
        return page

    yield opened
    for context in chromium.contexts:
        await context.close()
    for studio, workers in stack:
        await studio.stop()
        workers.close()
    assert [one for one in complaints if not any(f"status of {code}" in one for code in (409, 422))] == []


async def sees(page, selector, part):
    await page.wait_for_function(
        "([s, w]) => document.querySelector(s)?.textContent.includes(w)", arg=[selector, part]
    )


async def saved(page, folder, name):
    await page.keyboard.press("Control+s")
    await sees(page, ".state", "Saved")
    return read_labels(folder / name / LABELS_NAME)


async def test_list_tells_of_each_recording_what_is_counted_and_filters(folder, open_studio):
    page = await open_studio(folder)
    await sees(page, ".progress", "2 recordings, 0 counted wrong")
    rows = await page.locator(".row").all_text_contents()
    assert "counted 8, no label" in rows[0]
    assert "counted 8, it was 8" in rows[1]
    await page.locator("[value=unlabelled]").check()
    assert await page.locator(".row:visible").count() == 1
    await page.locator("[value=wrong]").check()
    await sees(page, ".empty", "None that is known to be wrong.")


async def test_labels_are_dragged_added_by_key_saved_reloaded_and_undone(folder, open_studio):
    name = "wrist_pull_up_strict_01"
    path = folder / name / LABELS_NAME
    before, bytes_before = read_labels(path), path.read_bytes()
    page = await open_studio(folder, name)
    await page.locator(".labels .rep").first.click()
    handle = page.locator('.handle[data-edge="start_s"]')
    box = await handle.bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.move(*at)
    await page.mouse.down()
    await page.mouse.move(at[0] - 20, at[1], steps=5)
    await page.mouse.up()
    await page.keyboard.press("Home")
    await page.keyboard.press("n")
    after = await saved(page, folder, name)
    assert len(after) == len(before) + 1
    lane_px = (await page.locator(".labels .lane").bounding_box())["width"]
    moved_s = 20 / lane_px * 59.44
    assert after[0].start_s == pytest.approx(0.0, abs=0.01)
    assert after[1].start_s == pytest.approx(before[0].start_s - moved_s, abs=0.1)
    assert after[1].concentric_s == pytest.approx(before[0].turn_s - after[1].start_s, abs=1e-4)
    assert after[2:] == before[1:]

    await page.reload()
    await page.wait_for_selector(".recording[data-ready]")
    assert await page.locator(".labels .rep").count() == len(after)
    await page.keyboard.press("u")
    await sees(page, ".state", "undone, on disk too")
    assert path.read_bytes() == bytes_before
    assert await page.locator(".labels .rep").count() == len(before)


async def test_everything_of_a_label_is_done_with_keys(folder, open_studio):
    name = "wrist_pull_up_strict_01"
    before = read_labels(folder / name / LABELS_NAME)
    page = await open_studio(folder, name)
    await page.keyboard.press("]")
    await page.keyboard.press("]")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Shift+ArrowRight")  # the start of the second, by 0.2 s
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("]")
    await page.keyboard.press("s")
    await page.keyboard.press("]")
    await page.keyboard.press("]")
    await page.keyboard.press("Delete")
    await page.keyboard.press("Delete")
    await page.keyboard.press("Control+z")
    await page.keyboard.press("Control+Shift+z")
    await page.keyboard.press("u")
    after = await saved(page, folder, name)
    assert len(after) == len(before)
    assert after[1].start_s == pytest.approx(before[1].start_s + 0.18, abs=1e-6)
    assert (after[2].start_s, after[3].end_s) == (before[2].start_s, before[2].end_s)
    assert after[2].end_s == after[3].start_s


async def test_labels_that_somebody_else_changed_are_not_overwritten(folder, open_studio):
    name = "wrist_pull_up_strict_01"
    path = folder / name / LABELS_NAME
    page = await open_studio(folder, name)
    await page.keyboard.press("]")
    await page.keyboard.press("Delete")
    others = read_labels(path)[:3]
    write_labels(path, others)
    await page.keyboard.press("Control+s")
    await sees(page, ".state", "somebody else changed the labels on disk")
    assert read_labels(path) == others
    assert await page.locator(".labels .rep").count() == 7  # what was done here is not lost


async def test_what_was_counted_becomes_the_labels_of_a_bare_recording(folder, open_studio):
    name = "wrist_deadlift_touch_and_go_01"
    page = await open_studio(folder, name)
    assert await page.locator(".labels .rep").count() == 0
    await page.get_by_role("button", name="Take what was counted").click()
    assert len(await saved(page, folder, name)) == 8


async def test_a_slider_counts_again_and_redraws(folder, open_studio):
    page = await open_studio(folder, "wrist_pull_up_strict_01")
    counted = page.get_by_role("group", name="Counted")
    assert await counted.get_attribute("data-count") == "8"
    await page.locator("[data-name='movement.least_log_odds']").fill("-3")
    await page.locator("[data-name='movement.arc_deg.low']").fill("42")
    await page.wait_for_selector("[aria-label=Counted][data-count='0']")
    assert int(await page.locator(".counted-again").get_attribute("data-ms")) > 0
    await sees(page, ".differs", "not as live")
    await page.get_by_role("button", name="As they were").click()
    await sees(page, ".counted-again", "As they were.")
    await sees(page, ".differs", "As live, word for word.")
    assert await counted.get_attribute("data-count") == "8"


async def test_play_pause_and_seek(folder, open_studio):
    page = await open_studio(folder, "wrist_pull_up_strict_01")
    await page.keyboard.press("Space")
    await page.wait_for_function("() => window.studio.view.at > 0.2")
    await sees(page, ".play", "Pause")
    await page.keyboard.press("Space")
    await sees(page, ".play", "Play")
    await page.locator(".seek input").fill("30")
    await sees(page, ".clock", "0:30.00 of 0:59.44")
    await page.keyboard.press("+")


async def test_it_was_n_shows_before_and_after_of_all_stored_sets_and_is_undone(folder, open_studio):
    name = "wrist_pull_up_strict_01"
    shutil.copytree(folder / name, folder / "another")
    page = await open_studio(folder, name)
    field = page.locator(".set-row input")
    assert await field.input_value() == "8"
    await field.fill("9")
    await page.get_by_role("button", name="Correct the count of set 1").click()
    await page.wait_for_selector(".outcome table")
    cells = await page.locator(".outcome td").all_text_contents()
    assert cells[:4] == ["another", "8", "8", "8"]
    assert cells[5:7] == [name, "9"]
    assert read_meta(folder / name).reps_true == (9,)
    await page.get_by_role("button", name="Take the last count back").click()
    await sees(page, ".outcome", "Taken back")
    assert read_meta(folder / name).reps_true == (8,)


async def test_what_cannot_be_read_is_said_on_the_page(folder, open_studio):
    broken = folder / "broken"
    shutil.copytree(folder / "wrist_pull_up_strict_01", broken)
    with (broken / LABELS_NAME).open("a") as file:
        file.write("rep,1,2,3,1,,1,\n")
    page = await open_studio(folder)
    await page.wait_for_function("() => document.querySelectorAll('[data-right=broken]').length === 1")
    await sees(page, "[data-right=broken]", "labels.csv:10: overlaps")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read_on_a_phone(folder, open_studio, scheme):
    page = await open_studio(
        folder, "wrist_pull_up_strict_01", viewport={"width": 360, "height": 740}, color_scheme=scheme
    )
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= 360


async def test_labels_stay_in_order_whatever_is_done_and_undo_leads_back(folder, open_studio):
    page = await open_studio(folder)
    wrong = await page.evaluate("""async () => {
      const { Labels } = await import("/static/labels.js");
      let seed = 7;
      const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
      const labels = new Labels("concentric", 60);
      labels.read([]);
      const edges = ["start_s", "turn_s", "end_s"];
      for (let k = 0; k < 400; k += 1) {
        const index = Math.floor(random() * (labels.list.length + 1));
        const verb = Math.floor(random() * 6);
        if (verb < 2) labels.add(60 * random());
        else if (verb === 2) labels.remove(index);
        else if (verb === 3) labels.split(index, 60 * random());
        else labels.move(index, edges[Math.floor(random() * 3)], 70 * random() - 5);
        for (const [n, one] of labels.list.entries()) {
          const before = labels.list[n - 1]?.end_s ?? 0;
          const ordered = before <= one.start_s && one.start_s < one.turn_s && one.turn_s <= one.end_s;
          if (!ordered || one.end_s > 60) return [k, one, before];
        }
      }
      const after = JSON.stringify(labels.list);
      const steps = labels.undoable;
      while (labels.undo());
      if (labels.list.length !== 0 || labels.dirty) return ["undo", labels.list.length];
      while (labels.redo());
      return steps > 100 && JSON.stringify(labels.list) === after ? null : ["redo", steps];
    }""")
    assert wrong is None


def real_recording(folder, samples_path):
    folder.mkdir()
    write_samples(folder / "samples.npz", read_samples(samples_path))
    worn = SensorMeta(profile=None, placement="wrist")
    when = datetime(2026, 1, 1, tzinfo=UTC)
    meta = {"station": "s", "wearer": "one", "when": when, "made_by": "sensor", "exercise": "pull_up"}
    write_meta(folder, RecordingMeta(sensors={"wrist": worn}, **meta))


@pytest.mark.shared
async def test_real_sets_are_shown_labelled_corrected_and_all_counted_again(
    shared_data, tmp_path, open_studio
):
    files = sorted((shared_data / "kaggle_gym").glob("*_APULL_*_R5-*.npz"))[:2]
    for name, file in zip(("first", "second"), files, strict=True):
        real_recording(tmp_path / name, file)
    page = await open_studio(tmp_path, "first")
    counted = int(await page.get_by_role("group", name="Counted").get_attribute("data-count"))
    assert counted > 0
    await page.get_by_role("button", name="Take what was counted").click()
    labels = await saved(page, tmp_path, "first")
    assert len(labels) == counted
    assert np.all(np.diff([rep.turn_s for rep in labels]) > 0)
    await page.locator(".set-row input").first.fill(str(counted))
    await page.get_by_role("button", name="Correct the count of set 1").click()
    await sees(page, ".outcome", "Every labelled set is counted right")
    cells = await page.locator(".outcome td").all_text_contents()
    assert (cells[0], cells[5]) == ("first", "second")
    assert cells[6] == "?"
    assert read_meta(tmp_path / "first").reps_true == (counted,)
