"""A real browser: the system's Chromium, driven by Playwright, one for the whole run.

Tests that use it run in the session's event loop: `pytest.mark.asyncio(loop_scope="session")`.
"""

import shutil

import pytest
import pytest_asyncio

ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium():
    """A Playwright `Browser`; skips where there is no Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        await browser.close()
