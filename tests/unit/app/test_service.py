"""The service around the stations."""

import gc

from repcount.app.service import Service, ServiceOptions


async def test_what_is_loaded_is_spared_from_garbage_collection_while_it_runs():
    before = gc.get_freeze_count()
    async with Service(ServiceOptions(page=False)):
        assert gc.get_freeze_count() > before + 10_000
    assert gc.get_freeze_count() == 0
