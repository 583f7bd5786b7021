"""Sets done while radio and sensor misbehave in ways drawn by chance: `--ordeals N` says how many."""

import asyncio
import logging
from dataclasses import replace

import pytest
from virtual_radio.ordeal import live_through, movement_of, ordeal
from virtual_time import VirtualLoop

from repcount.app.playing import play
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.edges.profiles import load_profile
from repcount.edges.recording import read_recording
from repcount.evaluate.matching import match
from repcount.events import RepCounted, RepRetracted, SetEnded, SetStarted
from repcount.samples import Notification


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """What became of the ordeal of a seed."""

    def live(seed):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(live_through(ordeal(seed), tmp_path_factory.mktemp("ordeal")))

    return live


def test_whatever_befalls_a_sensor_nothing_fails_nothing_is_lost_and_no_rep_counts_twice(
    ordeal_seed, lived, caplog
):
    with caplog.at_level(logging.WARNING):
        outcome = lived(ordeal_seed)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert outcome.dropped == 0
    assert recorded(outcome) == outcome.came
    assert doubles(ordeal(ordeal_seed), outcome) == []
    assert counted_live(outcome) == [end.rep_count for end in ended(outcome)]
    assert replayed(outcome) == anonymous(outcome.events)


def recorded(outcome):
    return [(one.characteristic, one.payload) for one in notifications(outcome)]


def notifications(outcome):
    items = read_recording(outcome.folder).items()
    return [one for _, one in items if isinstance(one, Notification)]


def ended(outcome):
    return [event for event in outcome.events if isinstance(event, SetEnded)]


def counted_live(outcome):
    """Reps that were said and not taken back, by set."""
    counts = {}
    for event in outcome.events:
        match event:
            case SetStarted(set_index=k):
                counts[k] = 0
            case RepCounted(set_index=k):
                counts[k] += 1
            case RepRetracted(set_index=k):
                counts[k] -= 1
    return list(counts.values())


def doubles(given, outcome):
    """Reps that were counted within a true rep that another one counted already.

    Of a sensor that says neither time nor number, what was done while its link stalled is placed after that,
    and what came after uncounted losses before it: there only those count that are more than were done.
    """
    late_s = notifications(outcome)[0].arrival_s - outcome.began_s  # stream time is 0 there
    true = [replace(rep, **_moved(rep, -late_s)) for rep in movement_of(given).reps]
    reps = [rep for end in ended(outcome) for rep in end.reps]
    found = match(reps, true)
    counted = [truth for _, truth in found.matched]
    twice = [rep for rep in found.extra if any(truth.start_s < rep.turn_s < truth.end_s for truth in counted)]
    return twice if tells_when(given) else twice[: max(0, len(reps) - len(true))]


def tells_when(given):
    stream = load_profile(given.profile).stream
    return stream.clock is not None or stream.field("counter") is not None


def _moved(rep, by_s):
    return {name: getattr(rep, name) + by_s for name in ("start_s", "turn_s", "end_s")}


def replayed(outcome):
    """What a replay of the recording says."""
    source = open_source(outcome.folder, None, None)
    return anonymous(play(source, Runner(source.pipeline("replay-ordeal"))))


def anonymous(events):
    return [replace(event, station="") for event in events]
