"""What the studio asks of one recording. Runs in a process of its own; plain data goes in and out."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from repcount.app.correct import recalibrate, row_words, say_count, undo
from repcount.app.label import verdict as calibration_words
from repcount.app.shelf import Shelved, sets_of, shelved
from repcount.edges.recording import (
    LABELS_NAME,
    RecordingMeta,
    label_problems,
    outside_problems,
    read_recording,
    revision,
)
from repcount.edges.recording.corrections import read_corrections
from repcount.edges.recording.label_history import save_labels, undo_labels, undoable
from repcount.edges.studio.pyramid import levels, pack
from repcount.errors import InputError, Problem, did_you_mean
from repcount.evaluate.along import along
from repcount.evaluate.calibration import fit
from repcount.events import Event, SetEnded, event_to_dict
from repcount.exercises import EXERCISES, counting_sensor
from repcount.motion.merge import Thing, Tick
from repcount.reps.tuning import MOTION, parameters, tuning_key, value_problems
from repcount.reps.why import why_not
from repcount.samples import POSE, STANDARD_GRAVITY_M_S2, Array
from repcount.session.station import Station
from repcount.session.tape import Tape
from repcount.truth import TrueRep

WHOLE_S = 150.0
"""A recording of up to this is counted again whole, of a longer one the stretch that is looked at."""
LEAD_IN_S, LEAD_OUT_S = 15.0, 10.0
"""Around that stretch: the detector looks back, and waits for what comes after a set."""
CURVE = "curve"


@dataclass(frozen=True, slots=True)
class _Worn:
    """What is counted in a recording, and by which sensor."""

    exercise: str
    sensor: str
    placement: str


def verdict(path: Path, *, salvage: bool) -> dict[str, Any]:
    """What is counted, what a person says, and whether that is the same; None where nobody said."""
    recording, one = read_recording(path, salvage=salvage), shelved(path, salvage=salvage)
    sets = sets_of(one.count())
    counts, truth = tuple(done.rep_count for done in sets), recording.meta.reps_true
    labelled = None if recording.labels is None else sum(rep.kind == "rep" for rep in recording.labels)
    right = None
    if truth is not None and None not in truth:
        right = fit(truth, counts).off_reps == 0
    elif labelled is not None:
        right = sum(counts) == labelled
    worn = _worn(one, sets)
    return {
        "counts": counts,
        "truth": truth,
        "labelled": labelled,
        "right": right,
        "duration_s": one.end_s,
        "exercise": worn.exercise,
        "placement": worn.placement,
    }


def opened(path: Path, *, salvage: bool) -> dict[str, Any]:
    """Everything the page shows of a recording but the signal."""
    recording, one = read_recording(path, salvage=salvage), shelved(path, salvage=salvage)
    if salvage:
        deque(recording.items(), maxlen=0)  # to know what is left out
    worn = _worn(one, sets_of(one.events))
    model = EXERCISES[worn.exercise]
    labels_path = path / LABELS_NAME
    outside = outside_problems(labels_path, recording.labels or (), one.end_s)
    if outside and not salvage:
        raise InputError(outside)
    return {
        "name": path.name,
        "meta": _meta(recording.meta),
        "duration_s": one.end_s,
        "sensors": list(one.samples),
        "exercise": worn.exercise,
        "title": model.title,
        "placement": worn.placement,
        "sensor": worn.sensor,
        "first_phase": model.first_phase.value,
        "said": _said(one.events),
        "expected": None if recording.expected is None else list(recording.expected),
        "labels": None if recording.labels is None else [asdict(rep) for rep in recording.labels],
        "revision": revision(labels_path),
        "undoable": undoable(path),
        "correctable": len(read_corrections(path)),
        "tunings": _tunings(one, worn.exercise),
        "problems": [str(problem) for problem in (*recording.beside, *recording.left_out, *outside)],
    }


def doubts(path: Path, *, salvage: bool) -> dict[str, Any]:
    """Each stretch that recurred and was never taken for a set, with why."""
    one = shelved(path, salvage=salvage)
    return {"doubts": _counted(one.tape, one.station())[1]}


def _tunings(one: Shelved, first: str) -> list[dict[str, Any]]:
    """What may be changed of each exercise that was done, that of most sets first."""
    worn = {key: sensor.placement for key, sensor in one.source.sensors.items()}
    found = []
    for exercise in sorted(one.chosen, key=lambda exercise: exercise != first):
        model = EXERCISES[exercise]
        sensor = counting_sensor(model, worn, force=one.source.force)
        if sensor is None:
            continue
        key = tuning_key(exercise, worn[sensor])
        held = one.source.tuned.get(key, {})
        known = parameters(model, worn[sensor])
        told = [
            {
                "name": name,
                "value": tunable.value,
                "now": held.get(name, tunable.value),
                "low": tunable.within.low,
                "high": tunable.within.high,
                "step": tunable.within.step,
                "meaning": tunable.meaning,
            }
            for name, tunable in known.items()
            if not name.startswith(MOTION)  # the motion is made once
        ]
        found.append({"key": key, "parameters": told})
    return found


def _meta(meta: RecordingMeta) -> dict[str, Any]:
    return {
        "when": meta.when.isoformat(),
        "wearer": meta.wearer,
        "station": meta.station,
        "made_by": meta.made_by,
        "reps_true": meta.reps_true,
        "sensors": {
            key: {"placement": one.placement, "profile": one.profile} for key, one in meta.sensors.items()
        },
    }


def _worn(one: Shelved, sets: Iterable[SetEnded]) -> _Worn:
    """The exercise of most sets, else the first that was chosen, and the sensor that counts it."""
    done = [event.exercise for event in sets]
    exercise = max(done, key=done.count) if done else next(iter(sorted(one.chosen)))
    worn = {key: sensor.placement for key, sensor in one.source.sensors.items()}
    sensor = counting_sensor(EXERCISES[exercise], worn, force=one.source.force) or next(iter(worn))
    return _Worn(exercise, sensor, worn[sensor])


def _counted(tape: Tape, station: Station) -> tuple[list[Event], list[dict[str, Any]]]:
    """All that is said, and each stretch that recurred and was never taken for a set, with why."""
    watch = _Watch(station)
    return tape.play(watch), watch.doubts


class _Watch:
    """Tells a station what a tape holds, and looks at its detector after every tick."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.doubts: list[dict[str, Any]] = []
        self._open: dict[str, Any] | None = None
        self._reps = 0

    def take(self, sensor: str, thing: Any) -> list[Event]:  # noqa: ANN401 - whatever the tape holds
        events = self._station.take(sensor, thing)
        self._look()
        return events

    def command(self, command: Any) -> list[Event]:  # noqa: ANN401 - as above
        return self._station.command(command)

    def advance(self, now_s: float, lost_s: float) -> list[Event]:
        return self._station.advance(now_s, lost_s)

    def finish(self, now_s: float, heard_s: float) -> list[Event]:
        self._close()
        return self._station.finish(now_s, heard_s)

    def _look(self) -> None:
        detector = self._station.session.detector
        lead = detector.lead
        if lead is None or detector.convincing or self._station.session.open is not None:
            if lead is not None:
                self._open = None  # it was a set after all
            self._close()
            return
        start_s = lead.first_tick * detector.tick_s
        if self._open is not None and self._open["start_s"] != start_s:
            self._close()
        if self._open is None or self._reps != lead.reps:
            self._reps = lead.reps
            self._open = {
                "start_s": start_s,
                "end_s": lead.last_turn_tick * detector.tick_s,
                "reps": lead.reps,
                "why": why_not(detector),
            }

    def _close(self) -> None:
        """Note it; of stretches that overlap the one with the most reps tells enough."""
        found, self._open = self._open, None
        if found is None:
            return
        if self.doubts and found["start_s"] < self.doubts[-1]["end_s"]:
            before = self.doubts.pop()
            found = max(before, found, key=lambda one: int(one["reps"]))
        self.doubts.append(found)


def _said(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [event_to_dict(event) for event in events]


def signal(path: Path, kind: str, *, salvage: bool) -> bytes:
    """The axes of a sensor in g, or the curve: how far along its way the limb is, at every width."""
    one = shelved(path, salvage=salvage)
    if kind == CURVE:
        return pack(levels(*_curve(one)))
    if kind not in one.samples:
        raise InputError([Problem("sensor", f"no sensor {kind!r}", did_you_mean(kind, one.samples))])
    batches = one.samples[kind]
    t_s = np.concatenate([batch.t_s for batch in batches])
    acc_g = np.concatenate([batch.acc_m_s2 for batch in batches]) / STANDARD_GRAVITY_M_S2
    return pack(levels(t_s, acc_g))


def _curve(one: Shelved) -> tuple[Array, Array]:
    """Times (N,) s and (N, 1): 0 where the reps start, 1 where they turn; where there are none, in g."""
    sets = sets_of(one.count())
    sensor = _worn(one, sets).sensor
    ticks = [thing for key, thing in one.tape.things if key == sensor and isinstance(thing, Tick)]
    if not ticks:
        return np.zeros(1), np.zeros((1, 1))
    delay_s = one.station().session.detector.delays.pose_s
    t_s = np.array([tick.t_s for tick in ticks]) - delay_s
    pose_g = np.array([tick.signals[POSE] for tick in ticks])
    return t_s, along(t_s, pose_g, [done.reps for done in sets])[:, np.newaxis]


def rerun(
    path: Path, key: str, values: Mapping[str, float], from_s: float, to_s: float, *, salvage: bool
) -> dict[str, Any]:
    """Count with other parameters of `key`: whole, or of a long recording from `from_s` to `to_s`."""
    one = shelved(path, salvage=salvage)
    exercise, _, placement = key.partition("/")
    if exercise not in EXERCISES:
        raise InputError(
            [Problem("key", f"unknown exercise {exercise!r}", did_you_mean(exercise, EXERCISES))]
        )
    if problems := value_problems(EXERCISES[exercise], placement, values, "parameters"):
        raise InputError(problems)
    whole = one.end_s <= WHOLE_S or to_s - from_s >= one.end_s
    tape = one.tape if whole else _part(one.tape, from_s - LEAD_IN_S, to_s + LEAD_OUT_S)
    events, found = _counted(tape, one.station({**one.source.tuned, key: values}))
    stretch = [0.0, one.end_s] if whole else [from_s, to_s]
    return {"said": _said(events), "doubts": found, "stretch": stretch, "whole": whole}


def _part(tape: Tape, from_s: float, to_s: float) -> Tape:
    """What was told of this stretch, and the commands: those before it first."""
    things: list[tuple[str, Thing]] = [
        (sensor, thing)
        for sensor, thing in tape.things
        if isinstance(thing, Tick) and from_s <= thing.t_s <= to_s
    ]
    return Tape(things, [(len(things), lambda station: station.finish(to_s, to_s))])


def correct(path: Path, rep_count: int, which: int | None, *, salvage: bool) -> dict[str, Any]:
    """Keep a count, calibrate, and tell what came of it."""
    worn_for = say_count(path, rep_count, which, salvage=salvage)
    corrected = recalibrate(path, worn_for)
    rows = [row_words(row) for row in corrected.calibration.rows] if corrected.calibration else []
    return {
        "reps_true": corrected.reps_true,
        "kept": corrected.calibration is not None and corrected.calibration.kept,
        "rows": rows,
        "words": calibration_words(corrected),
    }


def uncorrect(path: Path) -> dict[str, Any]:
    """Take the last count back."""
    taken = undo(path)
    return {"reps_true": taken.reps_true_before, "correctable": len(read_corrections(path))}


def save(path: Path, asked: Mapping[str, Any], *, salvage: bool) -> dict[str, Any]:
    """Write the labels, if those on disk are still what the page has read."""
    reps = labels_from_data(asked.get("labels"), "labels")
    problems = label_problems(reps, "label")
    problems += outside_problems(path / LABELS_NAME, reps, shelved(path, salvage=salvage).end_s)
    if problems:
        raise InputError(problems)
    save_labels(path, reps, str(asked.get("revision")))
    return {"revision": revision(path / LABELS_NAME), "undoable": undoable(path)}


def unsave(path: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Put back the labels that the last saving replaced."""
    reps = undo_labels(path, str(asked.get("revision")))
    labels = None if reps is None else [asdict(rep) for rep in reps]
    return {"labels": labels, "revision": revision(path / LABELS_NAME), "undoable": undoable(path)}


def labels_from_data(data: object, place: str) -> tuple[TrueRep, ...]:
    """Labels as the page sends them; InputError where they are something else."""
    try:
        return tuple(
            TrueRep(
                kind=str(one["kind"]), **{key: _time_s(value) for key, value in one.items() if key != "kind"}
            )
            for one in _listed(data)
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise InputError([Problem(place, f"these are no labels ({error})")]) from error


def _listed(data: object) -> list[Any]:
    if not isinstance(data, list):
        raise TypeError("no list")
    return data


def _time_s(value: object) -> Any:  # noqa: ANN401 - what is needed is checked with the others
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not np.isfinite(value):
        raise TypeError(f"{value!r} is no time")
    return round(float(value), 6)
