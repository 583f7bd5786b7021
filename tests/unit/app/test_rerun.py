"""A recording counted again says what replaying it says."""

from pathlib import Path

import pytest

from repcount.app.playing import play
from repcount.app.rerun import Rerun
from repcount.app.runner import Runner
from repcount.app.source import open_source

RECORDINGS = sorted(meta.parent for meta in (Path(__file__).parents[3] / "recordings").glob("*/meta.toml"))


def replayed(source):
    return play(source, Runner(source.pipeline("replay-file")))


@pytest.mark.parametrize(
    "folder", [r for r in RECORDINGS if (r / "meta.toml").exists()], ids=lambda f: f.name
)
def test_counting_again_says_what_replaying_says(folder):
    rerun = Rerun(open_source(folder, None, None))
    said = replayed(open_source(folder, None, None))
    assert rerun.events() == said
    assert rerun.events() == said
