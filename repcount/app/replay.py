"""`repcount replay`: a recording through the pipeline, as fast as it goes or at a pace."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from repcount.app.interrupt import run_watching_sockets
from repcount.app.output import JsonLines, Sentences
from repcount.app.playing import feed_item, finish, play
from repcount.app.runner import Runner
from repcount.app.service import Service, ServiceOptions
from repcount.app.source import Source, open_source
from repcount.edges.clock import monotonic_s
from repcount.edges.mqtt import payloads
from repcount.edges.mqtt.url import parse_url, tls_context
from repcount.edges.params_file import read_tuned
from repcount.edges.recording import Connected
from repcount.errors import InputError, Problem
from repcount.samples import Notification, SampleBatch

STATION = "replay-file"
"""Replays never speak for a live station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """What to play and how; `speed` None is as fast as it goes. `params` are parameter files."""

    path: Path
    exercise: str | None = None
    placement: str | None = None
    force: bool = False
    speed: float | None = None
    broker_url: str | None = None
    ca_file: Path | None = None
    batch_ms: float = 40
    as_json: bool = False
    salvage: bool = False
    params: Sequence[Path] = ()


def replay(options: ReplayOptions) -> int:
    """Play a recording and print what is said; InputError with all that is wrong."""
    source = _open(options)
    sink = JsonLines() if options.as_json else Sentences()
    runner = Runner(source.pipeline(STATION), [sink])
    if options.broker_url is None and options.speed is None:
        play(source, runner)
    else:
        run_watching_sockets(_play_outside(source, runner, options))
    if isinstance(sink, Sentences):
        sink.ended(runner.pipeline.now_s)
    return 0


async def _play_outside(source: Source, runner: Runner, options: ReplayOptions) -> None:
    if options.broker_url is None:
        await _play_paced(source, runner, options.speed)
        return
    service_options = ServiceOptions(
        broker_url=options.broker_url, ca_file=options.ca_file, page=False, source=payloads.Source.REPLAY
    )
    async with Service(service_options) as service:
        service.serve(STATION, runner)
        await _play_paced(source, runner, options.speed)


async def _play_paced(source: Source, runner: Runner, speed: float | None) -> None:
    async for item in _paced(source, speed):
        feed_item(runner, item)
    finish(source, runner)


async def _paced(source: Source, speed: float | None) -> AsyncIterator[object]:
    """Items of the source, each when its time has come; the only place that waits for a recording."""
    began_s, first_s = monotonic_s(), None
    for item in source.items:
        at_s = _time_s(item)
        if at_s is not None and first_s is None:
            first_s = at_s
        wait_s = 0.0
        if speed is not None and at_s is not None and first_s is not None:
            wait_s = (at_s - first_s) / speed - (monotonic_s() - began_s)
        await asyncio.sleep(max(0.0, wait_s))  # also when late: the network wants to run
        yield item


def _time_s(item: object) -> float | None:
    match item:
        case (_, (Notification() | Connected()) as came):
            return came.arrival_s
        case (_, SampleBatch() as batch) if len(batch):
            return float(batch.t_s[-1])
        case _:
            return None


def _open(options: ReplayOptions) -> Source:
    """Open the recording; InputError with all that is wrong with it and with the options."""
    problems, tuned = _problems(options), None
    try:
        tuned = read_tuned(options.params)
    except InputError as error:
        problems += error.problems
    try:
        source = open_source(
            options.path,
            options.exercise,
            options.placement,
            options.batch_ms,
            salvage=options.salvage,
            force=options.force,
            tuned=tuned,
        )
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if problems:
        raise InputError(problems)
    return source


def _problems(options: ReplayOptions) -> list[Problem]:
    problems = []
    if options.speed is not None and not options.speed > 0:
        problems.append(Problem("--speed", f"is {options.speed}", "Give a number above 0."))
    if not options.batch_ms > 0:
        problems.append(Problem("--batch-ms", f"is {options.batch_ms}", "Give a number above 0."))
    if options.broker_url is not None:
        try:
            tls_context(parse_url(options.broker_url), options.ca_file)
        except InputError as error:
            problems += error.problems
    return problems
