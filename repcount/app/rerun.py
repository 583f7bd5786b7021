"""A recording counted again with other parameters, without its bytes being read again.

Wire and motion do not depend on what is changed, but for the cut-off of the pose: they run once, and what
comes after them is run again.
"""

from dataclasses import replace

from repcount.app.playing import play
from repcount.app.runner import Runner
from repcount.app.source import Source
from repcount.events import Event, TempoCue
from repcount.motion.tracker import MotionParams
from repcount.pipeline import Pipeline, PipelineParams, new_station
from repcount.reps.tuning import Tuned
from repcount.session.tape import Tape

_MOST_TAPES = 8
"""Of so many cut-offs the motion is kept."""


class Rerun:
    """A recording in memory; `events` counts it with any parameters, in a tenth of a second a minute."""

    def __init__(self, source: Source, station: str = "replay-file") -> None:
        self._source = replace(source, items=list(source.items))
        self._params = replace(source, tuned={}).params(station)
        self._tapes: dict[MotionParams, Tape] = {}
        self._live_cues = True

    def events(self, tuned: Tuned | None = None) -> list[Event]:
        """All that is said of the recording, with what is changed by `tuning_key`; None: as it was recorded.

        ValueError where values do not go together; `value_problems` tells before.
        """
        params = self._params.tuned_as(self._source.tuned if tuned is None else tuned)
        worn = {key: sensor.placement for key, sensor in self._source.sensors.items()}
        events = self._tape(params).play(new_station(params, worn))
        return [event for event in events if self._live_cues or not isinstance(event, TempoCue)]

    def _tape(self, params: PipelineParams) -> Tape:
        tape = self._tapes.get(params.motion)
        if tape is None:
            if len(self._tapes) >= _MOST_TAPES:
                self._tapes.pop(next(iter(self._tapes)))
            tape = self._tapes[params.motion] = self._taped(params)
        return tape

    def _taped(self, params: PipelineParams) -> Tape:
        pipeline = Pipeline(self._source.sensors, params)
        tape = pipeline.taped()
        play(self._source, Runner(pipeline))
        self._live_cues = pipeline.live_cues
        return tape
