"""The page in a real browser: how soon it shows what was said, what it weighs, how smoothly it draws.

    python tests/bench/bench_page.py [latency] [weight] [frames]

Needs Chromium; with mosquitto its latency is measured beside that of the embedded broker. `latency`: from an
event handed to MQTT to the count in the page's DOM. `weight`: bytes over the wire until the page is ready, in
gzip where the browser takes it, and when it first painted, in a fresh browser. `frames`: between two frames
while eight stations count at 100 Hz and one shows its plot; headless Chromium draws in software.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import numpy as np
from playwright.async_api import async_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

from fixtures_chromium import ARGS
from fixtures_mosquitto import Mosquitto, free_port, mosquitto_path
from gym_watch import Gym, percentiles, say

from repcount.app.runner import Runner
from repcount.app.service import Service, ServiceOptions
from repcount.events import RepCounted, SetStarted
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig

EVENTS, EVERY_S = 400, 0.1
LOADS = 10
STATIONS, FRAMES_S = 8, 20.0
WATCH_NUMBER = """addEventListener("DOMContentLoaded", () => {
  window.shown = [];
  new MutationObserver(() => {
    const number = document.querySelector(".number")?.textContent;
    if (number !== window.shown.at(-1)?.[0]) {
      window.shown.push([number, (performance.timeOrigin + performance.now()) / 1000]);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});"""
PAINTS = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
FRAMES = """(seconds) => new Promise((done) => {
  const gaps = [];
  let last = null;
  const end = performance.now() + seconds * 1000;
  const frame = (now) => {
    if (last !== null) gaps.push(now - last);
    last = now;
    if (now < end) requestAnimationFrame(frame); else done(gaps);
  };
  requestAnimationFrame(frame);
})"""


@asynccontextmanager
async def chromium():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        await browser.close()


@contextmanager
def brokers():
    """The addresses to try, by name; None is the embedded one."""
    found = {"embedded broker": None}
    with tempfile.TemporaryDirectory() as folder:
        broker = None
        if (path := mosquitto_path()) is not None:
            broker = Mosquitto(path, folder)
            broker.start()
            found["mosquitto"] = f"mqtt://127.0.0.1:{broker.port}"
        yield found
        if broker is not None:
            broker.kill()


def rep(number):
    at_s = number * EVERY_S
    said = {"station": "rack-1", "happened_s": at_s, "said_s": at_s}
    return RepCounted(**said, set_index=1, rep_index=number, rep_count=number)


async def latency(browser, url):
    """Seconds from each event's being said to its number in the DOM."""
    async with Service(ServiceOptions(broker_url=url, page_port=0)) as service:
        runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}, PipelineParams(station="rack-1")))
        publisher = service.serve("rack-1", runner)
        context = await browser.new_context()
        page = await context.new_page()
        await page.add_init_script(WATCH_NUMBER)
        await page.goto(service.url)
        await page.wait_for_selector("[data-link=online]")
        said = {"station": "rack-1", "happened_s": 0.0, "said_s": 0.0}
        publisher.events([SetStarted(**said, set_index=1, exercise="pull_up", start_s=0.0)])
        at_s = {}
        for number in range(1, EVENTS + 1):
            await asyncio.sleep(EVERY_S)
            at_s[str(number)] = time.time()
            publisher.events([rep(number)])
        await page.wait_for_function(f"() => window.shown.at(-1)?.[0] === '{EVENTS}'")
        shown = await page.evaluate("() => window.shown")
        await context.close()
    return [seen_s - at_s[number] for number, seen_s in shown if number in at_s]


async def say_latency(browser):
    with brokers() as found:
        for name, url in found.items():
            say(f"event said to number in the DOM, {name}: {percentiles(await latency(browser, url))}")


async def load(browser, url):
    """Bytes over the wire and first paint in ms, of one fresh browser."""
    context = await browser.new_context()
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("Network.enable")
    sizes = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(url)
    await page.wait_for_selector("[data-link=online]")
    painted_ms = await page.evaluate(PAINTS)
    await context.close()
    return sum(sizes), painted_ms


async def say_weight(browser):
    async with Service(ServiceOptions(page_port=0)) as service:
        found = [await load(browser, service.url) for _ in range(LOADS)]
    weight, painted_ms = max(size for size, _ in found), [ms for _, ms in found]
    p50, most = np.percentile(painted_ms, (50, 100))
    say(f"page: {weight / 1000:.0f} kB over the wire, first paint p50 {p50:.0f} ms, most {most:.0f} ms")


async def say_frames(browser):
    port = free_port()
    gym = Gym("--stations", STATIONS, "--page", port, "--seconds", FRAMES_S * 4)
    try:
        context = await browser.new_context(viewport={"width": 1920, "height": 1080})
        page = await context.new_page()
        page.set_default_timeout(60_000)
        while True:
            try:
                await page.goto(f"http://127.0.0.1:{port}/")
            except Exception:  # noqa: BLE001 - playwright's own, while nothing listens yet
                await asyncio.sleep(0.2)
            else:
                break
        await page.wait_for_function(f"() => document.querySelectorAll('.station').length >= {STATIONS}")
        for shows in ("eight cards", "eight cards, the plot of one open"):
            if "plot" in shows:
                await page.locator(".station button.more").first.click()
                await page.locator("dialog[open] button.signal").first.click()
                await page.locator("dialog[open] canvas").first.wait_for()
            gaps_ms = await page.evaluate(FRAMES, FRAMES_S)
            say(f"between frames, {shows}: {percentiles(np.array(gaps_ms) / 1000)}")
        await context.close()
    finally:
        gym.end()


async def main(asked):
    async with chromium() as browser:
        for name, measure in (("latency", say_latency), ("weight", say_weight), ("frames", say_frames)):
            if not asked or name in asked:
                await measure(browser)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
