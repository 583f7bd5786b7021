"""Daily life with the back extension armed, as a guard: what is counted there is false."""

import pytest

from repcount.app.run import run_recording
from repcount.edges.collection import read_index
from repcount.events import SetEnded

BATCH_MS = 1000.0
MOST_AN_HOUR = 1.0


@pytest.mark.shared
@pytest.mark.parametrize(("dataset", "placement"), [("casale", "chest"), ("ha24", "wrist")])
def test_daily_life_is_hardly_ever_a_hold(shared_data, dataset, placement):
    hours, counted = 0.0, 0
    for row in read_index(shared_data / "index.csv"):
        if row.dataset != dataset:
            continue
        run = run_recording(shared_data / row.file, "back_extension", placement, BATCH_MS)
        counted += sum(event.rep_count for event in run.events if isinstance(event, SetEnded))
        hours += run.duration_s / 3600
    assert counted <= MOST_AN_HOUR * hours + 1
