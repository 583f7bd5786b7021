"""Tapes are kept whole or not at all, whoever writes and whoever is killed."""

import os

import numpy as np
import pytest

from repcount.edges.tapes import TapeFolder, pack
from repcount.motion.tracker import MotionParams
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig, new_station
from repcount.samples import SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, simulate

MOTION = MotionParams()


@pytest.fixture(scope="module")
def samples():
    """A set with a gap in it, and one so long that all before it is over."""
    parts = (SetOf(exercise="pull_up", reps=4), StandStill(duration_s=25.0))
    batch = simulate(Plan(parts=parts), np.random.default_rng(2)).batch
    kept = (batch.t_s < 9) | ((batch.t_s > 9.6) & (batch.t_s < 30)) | (batch.t_s > 38)
    return SampleBatch(batch.t_s[kept], batch.acc_m_s2[kept], batch.gyro_rad_s[kept])


@pytest.fixture(scope="module")
def tape(samples):
    return pack(samples, MOTION)


def same(one, other):
    return (
        one.rest == other.rest
        and np.array_equal(one.signals, other.signals)
        and np.array_equal(one.hidden_s, other.hidden_s, equal_nan=True)
    )


def test_a_packed_tape_says_what_the_pipeline_says_gaps_included(samples, tape):
    params = PipelineParams(exercise="pull_up")
    pipeline = Pipeline({"wrist": SensorConfig(None, "wrist")}, params)
    said = pipeline.feed("wrist", samples) + pipeline.finish()
    assert any(event.type == "stream_gap" for event in said)
    assert tape.play(new_station(params, {"wrist": "wrist"})) == said


def test_a_tape_is_made_once(tmp_path, tape):
    folder, made = TapeFolder(tmp_path / "new"), []

    def make():
        made.append(1)
        return tape

    for _ in range(3):
        assert same(folder.get("abc", MOTION, make), tape)
    assert made == [1]
    folder.get("other", MOTION, make)
    folder.get("abc", MotionParams(cutoff_hz=1.0), make)
    assert len(made) == 3
    assert not list((tmp_path / "new").glob("*.draft"))


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"PK\3\4"])
def test_one_that_is_damaged_is_made_anew(tmp_path, tape, damage):
    folder = TapeFolder(tmp_path)
    folder.get("abc", MOTION, lambda: tape)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert same(folder.get("abc", MOTION, lambda: tape), tape)
    assert path.read_bytes() == whole


def test_the_oldest_used_go_first_and_the_drafts_of_the_dead_with_them(tmp_path, tape):
    folder = TapeFolder(tmp_path)
    folder.get("one", MOTION, lambda: tape)
    (one,) = tmp_path.iterdir()
    size = one.stat().st_size
    folder = TapeFolder(tmp_path, most_bytes=int(2.5 * size))
    draft = tmp_path / "dead.1.draft"
    draft.write_bytes(b"x" * (size // 4))
    for age_s, path in ((50, draft), (40, one)):
        os.utime(path, (path.stat().st_mtime - age_s,) * 2)
    folder.get("two", MOTION, lambda: tape)
    folder.get("one", MOTION, lambda: pytest.fail("it was there"))
    for path in tmp_path.iterdir():  # the newest use is that of the first
        if path not in {one, draft}:
            os.utime(path, (path.stat().st_mtime - 20,) * 2)
    folder.get("three", MOTION, lambda: tape)
    kept = set(tmp_path.iterdir())
    assert one in kept
    assert draft not in kept
    assert sum(path.stat().st_size for path in kept) <= folder.most_bytes


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path, tape):
    (tmp_path / "file").write_text("")
    assert same(TapeFolder(tmp_path / "file" / "tapes").get("abc", MOTION, lambda: tape), tape)
