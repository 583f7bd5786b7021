"""A booted machine, where `make test-bluez` has made one."""

import os
import sys
from pathlib import Path

import pytest
import pytest_asyncio
from machine import booted
from virtual_radio import Air

IMAGE = os.environ.get("REPCOUNT_BLUEZ_IMAGE")


def pytest_collection_modifyitems(items):
    if IMAGE is None:
        slow = pytest.mark.skip(
            reason="takes minutes: make test-bluez runs it on a real Linux Bluetooth stack"
        )
        for item in items:
            if "machine" in item.fixturenames:
                item.add_marker(slow)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def machine(tmp_path_factory):
    air = Air(interval_s=0.03)
    async with booted(Path(IMAGE), tmp_path_factory.mktemp("machine"), air) as machine:
        sys.stderr.write(f"\n{machine.about}\n")
        yield machine
