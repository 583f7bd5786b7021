"""Every recording of the project, replayed once for all tests."""

from functools import cache

import pytest
from recorded import FOLDERS

from repcount.app.playing import play
from repcount.app.replay import STATION
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.pipeline import Pipeline, PipelineParams


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


@pytest.fixture
def events_of():
    return replay
