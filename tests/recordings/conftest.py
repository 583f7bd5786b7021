"""Every recording of the project, replayed once for all tests."""

from functools import cache
from pathlib import Path

import pytest

from repcount.app.replay import STATION, play
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.pipeline import Pipeline, PipelineParams

FOLDERS = sorted(path.parent for path in Path(__file__).parents[2].glob("recordings/*/meta.toml"))


@cache
def replay(folder):
    source = open_source(folder, None, None)
    params = PipelineParams(station=STATION, exercise=source.exercise)
    return play(source, Runner(Pipeline(source.sensors, params)))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request):
    return request.param


@pytest.fixture
def events(folder):
    return replay(folder)
