"""What a wearer is to aim at by the configuration: the tempo of each exercise, and the rest between sets."""

from collections.abc import Mapping
from dataclasses import asdict

from repcount.app.runner import Runner
from repcount.commands import SetRestTarget, SetTarget
from repcount.events import Tempo
from repcount.exercises import EXERCISES


class Targets:
    """Asks a station for them; a tempo whenever another exercise is chosen, since each has its own.

    What a person asks for meanwhile holds until then. All of it goes the way of commands, so that it is
    recorded and a replay says the same.
    """

    def __init__(self, runner: Runner, tempo: Mapping[str, Tempo], rest_target_s: float | None) -> None:
        self._runner = runner
        self._tempo, self._rest_target_s = tempo, rest_target_s
        self._asked_for: tuple[str | None, Tempo | None] = (None, None)

    def ask(self, host_s: float) -> None:
        """Ask for all of it, at the start and once a recording has begun."""
        self._asked_for = (None, None)
        if self._rest_target_s is not None:
            self._ask_rest(host_s)
        self.tick(host_s)

    def change(self, tempo: Mapping[str, Tempo], rest_target_s: float | None, host_s: float) -> None:
        """Aim at something else from now on."""
        self._tempo = tempo
        if rest_target_s != self._rest_target_s:
            self._rest_target_s = rest_target_s
            self._ask_rest(host_s)
        self.tick(host_s)

    def tick(self, host_s: float) -> None:
        """See whether another exercise was chosen, or is to be done otherwise."""
        exercise = self._runner.pipeline.status().exercise
        tempo = self._tempo.get(exercise or "")
        if (exercise, tempo) == self._asked_for:
            return
        is_new = exercise != self._asked_for[0]
        self._asked_for = exercise, tempo
        if exercise is None or (tempo is None and is_new):
            return  # a new exercise begins with its own
        own = {"eccentric_s": EXERCISES[exercise].eccentric_target_s}
        target = own if tempo is None else asdict(tempo)
        self._runner.command(SetTarget(at_s=self._runner.stream_s(host_s), **target), host_s)

    def _ask_rest(self, host_s: float) -> None:
        at_s = self._runner.stream_s(host_s)
        self._runner.command(SetRestTarget(at_s=at_s, rest_target_s=self._rest_target_s), host_s)
