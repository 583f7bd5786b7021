"""What every streaming stage promises, as tests that each stage's own class inherits."""

import json
from collections import defaultdict
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

INHERITED = settings(max_examples=3, suppress_health_check=[HealthCheck.differing_executors])
"""Each stage's class runs the inherited test for itself; that is the point of it."""

PLACES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6)
"""Where a stream is cut, as shares of it."""


@cache
def _whole(stage_class):
    """What comes of the stream in one batch; made once a stage."""
    stage = stage_class()
    return stage.run(stage.new())


class StageContract:
    """A stage, the stream it is shown, and what it made of it in a form that `==` compares exactly.

    `size` items make the stream; `feed(stage, first, last)` gives the stage the items from `first` to before
    `last`, as one batch where the stage takes batches, and returns `(kind, value)` pairs. Values of one kind
    must come in the same order however the stream is cut; a stage that returns one list uses one kind.
    """

    size: int
    params = None
    wrong_params = ()

    def new(self):
        raise NotImplementedError

    def feed(self, stage, first, last):
        raise NotImplementedError

    def end(self, stage):
        """What the stage says when the stream is over."""
        del stage
        return []

    def run(self, stage, cuts=()):
        said = defaultdict(list)
        edges = [0, *sorted(cuts), self.size]
        for first, last in pairwise(edges):
            self._add(said, self.feed(stage, first, last))
        self._add(said, self.end(stage))
        return said

    def _add(self, said, pairs):
        for kind, value in pairs:
            said[kind].append(value)

    @property
    def whole(self):
        return _whole(type(self))

    def test_something_comes_out(self):
        assert self.whole

    @INHERITED
    @given(places=PLACES)
    def test_any_cutting_gives_the_same(self, places):
        assert self.run(self.new(), [round(place * self.size) for place in places]) == self.whole

    def test_item_by_item_gives_the_same(self):
        assert self.run(self.new(), range(1, self.size)) == self.whole

    def test_empty_batches_change_nothing(self):
        cuts = [0, 0, 1, 1, self.size // 2, self.size // 2, self.size, self.size]
        assert self.run(self.new(), cuts) == self.whole

    def test_after_a_reset_it_is_as_new(self):
        stage = self.new()
        self.feed(stage, 0, 2 * self.size // 3)
        stage.reset()
        assert self.run(stage) == self.whole

    @INHERITED
    @given(places=PLACES)
    def test_it_goes_on_elsewhere_from_a_snapshot_taken_anywhere(self, places):
        said, stage, done = defaultdict(list), self.new(), 0
        for end in [*sorted(round(place * self.size) for place in places), self.size]:
            self._add(said, self.feed(stage, done, end))
            state = json.loads(json.dumps(stage.snapshot(), allow_nan=False))
            stage, done = self.new(), end
            stage.restore(state)
        self._add(said, self.end(stage))
        assert said == self.whole

    def test_a_snapshot_is_not_changed_by_what_comes_after_it(self):
        stage = self.new()
        self.feed(stage, 0, self.size // 2)
        state = stage.snapshot()
        before = json.dumps(state)
        self.feed(stage, self.size // 2, self.size)
        assert json.dumps(state) == before

    def test_wrong_parameters_are_refused(self):
        for wrong in self.wrong_params:
            with pytest.raises(ValueError, match=r"need|must|differ"):
                self.params(**wrong)
