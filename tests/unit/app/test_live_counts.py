"""A count corrected while it goes on is kept with the recording, calibrated elsewhere, and taken back."""

import asyncio
from pathlib import Path

import pytest

from repcount.app.live_counts import LiveCounts
from repcount.app.playing import feed_item
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.commands import CorrectCount, EndSet
from repcount.edges.recording import RecordingWriter, read_meta, read_recording
from repcount.edges.recording.corrections import read_corrections
from repcount.errors import InputError
from repcount.events import CountCorrected

RECORDING = Path(__file__).parents[3] / "recordings" / "wrist_pull_up_strict_01"
LIMIT_S = 120.0


@pytest.fixture
def runner(tmp_path):
    """Eight pull-ups, recorded anew while they are counted, and the set ended."""
    source = open_source(RECORDING, None, None)
    running = Runner(source.pipeline("rack-1"))
    running.recorder = RecordingWriter(tmp_path / "captures" / "now", read_meta(RECORDING))
    running.recorder.write_reps_true(None)
    for item in source.items:
        feed_item(running, item)
    yield running
    running.recorder.close()


@pytest.fixture
def counts(runner):
    keeper = LiveCounts(runner)
    runner.sinks.append(keeper)
    runner.command(EndSet(at_s=0.0), 0.0)
    yield keeper
    keeper.close()


def correct(runner, rep_count):
    runner.command(CorrectCount(at_s=0.0, rep_count=rep_count), 100.0)


async def calibrated(counts):
    async with asyncio.timeout(LIMIT_S):
        while counts.told()["running"]:  # noqa: ASYNC110 - as the page asks
            await asyncio.sleep(0.01)
    return counts.told()


@pytest.mark.slow  # a real process, which counts what is stored several times
async def test_a_corrected_count_is_kept_at_once_and_what_came_of_it_is_told(runner, counts, capsys):
    correct(runner, 8)
    assert read_meta(runner.recorder.folder).reps_true == (8,)
    assert counts.told()["running"]
    told = await calibrated(counts)
    assert told["rows"] == [["now", "8", "8", "8", ""]]
    assert told["words"] == "Every labelled set is counted right: nothing to change."
    assert "corrected  Every labelled set" in capsys.readouterr().err
    recorded = read_recording(runner.recorder.folder)
    assert [type(item) for item in recorded.items()].count(CorrectCount) == 1


@pytest.mark.slow  # likewise
async def test_the_count_goes_on_while_it_is_calibrated(runner, counts):
    correct(runner, 20)
    turns = 0
    while counts.told()["running"]:
        turns += 1
        await asyncio.sleep(0)
    assert turns > 100
    assert not counts.told()["kept"]


@pytest.mark.slow  # likewise
async def test_taking_back_restores_label_and_count(runner, counts):
    correct(runner, 9)
    with pytest.raises(InputError, match="still being calibrated"):
        counts.take_back()
    await calibrated(counts)
    assert runner.pipeline.status().rep_count == 9
    assert counts.take_back() == {"reps_true": None, "undoable": 0}
    assert read_meta(runner.recorder.folder).reps_true is None
    assert read_corrections(runner.recorder.folder) == []
    said = [event for event in runner.finish() if isinstance(event, CountCorrected)]
    assert [(event.was, event.rep_count) for event in said] == [(9, 8)]
    assert read_meta(runner.recorder.folder).reps_true is None
    with pytest.raises(InputError, match="no count of this session was corrected"):
        counts.take_back()


async def test_without_a_recording_nothing_is_kept(runner, counts):
    runner.recorder, recorder = None, runner.recorder
    correct(runner, 9)
    assert counts.told() == {"running": False, "words": None, "kept": False, "rows": [], "undoable": 0}
    runner.recorder = recorder
