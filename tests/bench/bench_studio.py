"""What an hour at 100 Hz costs in the studio: to open, to zoom a frame, and to count a set again.

Prints, measured in the system's Chromium without a screen: the wall clock of opening; main-thread processor
time and wall clock a frame over 240 wheel turns, into the hour and out again; the round trip of a slider, and
apart from it the processor time of counting a minute again.
"""

# ruff: noqa: T201 - it prints

import asyncio
import shutil
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.async_api import async_playwright

from repcount.app import bench
from repcount.app.processes import Workers
from repcount.app.shelf import decode
from repcount.app.studio import Table
from repcount.edges.files import write_samples
from repcount.edges.recording import RecordingMeta, SensorMeta, write_meta
from repcount.edges.studio import Studio
from repcount.samples import SampleBatch

RECORDING = Path(__file__).parents[2] / "recordings" / "wrist_pull_up_strict_01"
HOUR_S, RATE_HZ = 3600, 100
LIMIT_MS = 900_000
ZOOM = """async () => {
  const over = document.querySelector(".curve .u-over");
  const box = over.getBoundingClientRect();
  const times = [];
  let last = performance.now();
  for (let k = 0; k < 240; k += 1) {
    const clientX = box.left + 0.4 * box.width;
    const where = { clientX, clientY: box.top + 20, bubbles: true, cancelable: true };
    over.dispatchEvent(new WheelEvent("wheel", { deltaY: k < 120 ? -60 : 60, ...where }));
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times;
}"""


def write_hour(folder: Path) -> None:
    """Write an hour of sets, from one of ours again and again."""
    batches = decode(RECORDING).samples["wrist"]
    t_s = np.concatenate([batch.t_s for batch in batches])
    acc_m_s2 = np.concatenate([batch.acc_m_s2 for batch in batches])
    grid_s = np.arange(0, t_s[-1], 1 / RATE_HZ)
    one = np.stack([np.interp(grid_s, t_s, axis) for axis in acc_m_s2.T], axis=1)
    ticks = HOUR_S * RATE_HZ
    hour = np.tile(one, (-(-ticks // len(one)), 1))[:ticks]
    folder.mkdir()
    meta = RecordingMeta(
        sensors={"wrist": SensorMeta(profile=None, placement="wrist")},
        station="bench",
        wearer="bench",
        when=datetime(2026, 1, 1, tzinfo=UTC),
        made_by="simulated",
        exercise="pull_up",
    )
    write_meta(folder, meta)
    write_samples(folder / "samples.npz", SampleBatch(np.arange(ticks) / RATE_HZ, hour))


async def measure(folder: Path) -> None:
    """Open the hour, zoom, and move a slider."""
    with Workers() as workers:
        studio = Studio(Table(folder, workers, salvage=False), port=0)
        await studio.start()
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = await browser.new_page(viewport={"width": 1280, "height": 1000})
            page.set_default_timeout(LIMIT_MS)
            began = time.perf_counter()
            await page.goto(f"{studio.url}#hour")
            await page.wait_for_selector(".recording[data-ready]")
            print(f"opened in {time.perf_counter() - began:.1f} s", flush=True)
            await measure_frames(page)
            await measure_slider(page)
            await browser.close()
        await studio.stop()


async def measure_frames(page) -> None:
    """Zoom from the whole hour to a second or two and back."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def spent_s() -> dict[str, float]:
        metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
        return {one["name"]: one["value"] for one in metrics}

    before = await spent_s()
    frames_ms = await page.evaluate(ZOOM)
    after = await spent_s()
    for name in ("TaskDuration", "ScriptDuration", "LayoutDuration"):
        print(
            f"{name:15} {1000 * (after[name] - before[name]) / len(frames_ms):5.1f} ms a frame, main thread"
        )
    print(f"wall clock      {statistics.median(frames_ms):5.1f} ms a frame, median", flush=True)


async def measure_slider(page) -> None:
    """Move a slider and wait for what is counted again."""
    for value in ("-9", "-10", "-11"):
        await page.locator("[data-name='movement.least_log_odds']").fill(value)
        await page.wait_for_function("() => !!document.querySelector('.counted-again').dataset.ms")
        print(await page.locator(".counted-again").text_content(), flush=True)
        await page.evaluate("() => delete document.querySelector('.counted-again').dataset.ms")


def measure_counting() -> None:
    """Processor time of counting a minute again, which is what a slider waits for."""
    bench.opened(RECORDING, salvage=False)
    for least in (-9.0, -10.0, -11.0):
        began = time.process_time()
        values = {"movement.least_log_odds": least}
        bench.rerun(RECORDING, "pull_up/wrist", values, 0, 60, salvage=False)
        print(f"a minute counted again: {1000 * (time.process_time() - began):.0f} ms of processor time")


def main() -> None:
    """Print all of it."""
    measure_counting()
    with TemporaryDirectory() as folder:
        write_hour(Path(folder) / "hour")
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
