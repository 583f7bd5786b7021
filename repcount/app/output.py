"""What a person or a program reads on the terminal."""

import json
import os
import sys
from collections.abc import Sequence

from repcount.events import (
    CountCorrected,
    Event,
    LiveStatus,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    StreamGap,
    Style,
    TempoCue,
    event_to_dict,
)


class JsonLines:
    """Prints each event as a line of JSON to stdout, at once.

    When the reader leaves, a `BrokenPipeError` ends the program, unless it is to `outlive_reader`.
    """

    def __init__(self, *, outlive_reader: bool = False) -> None:
        self._outlive_reader = outlive_reader

    def events(self, events: Sequence[Event]) -> None:
        """Print new facts."""
        try:
            for event in events:
                print(json.dumps(event_to_dict(event), allow_nan=False), flush=True)
        except BrokenPipeError:
            if not self._outlive_reader:
                raise
            forget_stdout()
            say("nobody reads the events any more; counting goes on")

    def status(self, status: LiveStatus) -> None:
        """Say nothing: a script reads facts."""


def can_show_a_page() -> bool:
    """Whether somebody sits at a terminal of this machine, with a screen for a browser to be shown on.

    Without a screen a browser would be one of text, and take the terminal.
    """
    has_screen = os.name == "nt" or sys.platform == "darwin" or _SCREENS & os.environ.keys()
    return sys.stderr.isatty() and bool(has_screen)


_SCREENS = {"DISPLAY", "WAYLAND_DISPLAY"}


class Sentences:
    """Prints each event as a line for people to stdout."""

    def __init__(self) -> None:
        self.sets = 0

    def ended(self, now_s: float) -> None:
        """Say so when there was nothing to say."""
        if not self.sets:
            print(f"no set in {now_s:.1f} s: is it the right exercise?")

    def events(self, events: Sequence[Event]) -> None:
        """Print new facts."""
        for event in events:
            self.sets += isinstance(event, SetEnded)
            if line := sentence(event):
                print(line, flush=True)

    def status(self, status: LiveStatus) -> None:
        """Say nothing: the page shows it."""


def sentence(event: Event) -> str:
    """One line about an event, empty for those that people do not miss."""
    said = _said(event)
    return f"{event.said_s:8.1f} s  {said}" if said else ""


def _said(event: Event) -> str:
    said = ""
    match event:
        case SetStarted():
            said = f"set {event.set_index}: {event.exercise}"
        case RepCounted():
            said = f"{event.rep_count:>6}"
        case RepCompleted():
            said = f"       rep {event.rep_index}: {_tempo(event)}"
        case RepRetracted():
            said = f"       rep {event.rep_index} taken back: {event.reason}"
        case TempoCue():
            said = "       slow down"
        case SetEnded():
            said = f"set {event.set_index} ended: {_reps(event.rep_count)} of {event.exercise}"
        case CountCorrected():
            said = f"set {event.set_index} corrected: {_reps(event.rep_count)}, not {event.was}"
        case StreamGap():
            said = f"{event.sensor} sent nothing for {event.end_s - event.start_s:.1f} s"
    return said


def _reps(count: int) -> str:
    return f"{count} rep{'' if count == 1 else 's'}"


def _tempo(rep: RepCompleted) -> str:
    eccentric = "no lowering" if rep.eccentric_s is None else f"eccentric {rep.eccentric_s:.1f} s"
    concentric = "" if rep.concentric_s is None else f", concentric {rep.concentric_s:.1f} s"
    judged = {True: ", controlled", False: ", not controlled", None: ""}[rep.controlled]
    return f"{eccentric}{concentric}{_measured(rep)}{', partial' if rep.partial else ''}{judged}"


def _measured(rep: RepCompleted) -> str:
    """What was measured of a rep that not every rep has, each after a comma."""
    said = "" if rep.depth_deg is None else f", {rep.depth_deg:.0f}° deep"
    if rep.rom_m is not None and rep.mean_concentric_velocity_m_s is not None:
        said += f", {rep.rom_m:.2f} m at {rep.mean_concentric_velocity_m_s:.2f} m/s"
    said += "" if rep.trunk_sway_deg is None else f", trunk {rep.trunk_sway_deg:.0f}°"
    return said + (f", {rep.style}" if rep.style is Style.KIPPING else "")


def forget_stdout() -> None:
    """Print to nowhere from now on: nobody reads it, and Python must not complain about that as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def say(text: str) -> None:
    """Tell the person at the terminal; programs read stdout and do not see it."""
    print(text, file=sys.stderr, flush=True)
