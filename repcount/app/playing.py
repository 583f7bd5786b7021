"""What a recording holds, given to a station in the order it came."""

from repcount.app.runner import Runner
from repcount.app.source import Source
from repcount.edges.recording import Connected
from repcount.events import Event
from repcount.samples import Notification, SampleBatch


def play(source: Source, runner: Runner) -> list[Event]:
    """Feed everything at once; return all events."""
    events = [event for item in source.items for event in feed_item(runner, item)]
    return events + finish(source, runner)


def finish(source: Source, runner: Runner) -> list[Event]:
    """End as the recording did, after whatever silence there was."""
    events = [] if source.ended_s is None else runner.listened_until(source.ended_s)
    return events + runner.finish()


def feed_item(runner: Runner, item: object) -> list[Event]:
    """Give one thing of a recording to the pipeline."""
    match item:
        case (str(sensor), Notification() as notification):
            return runner.notification(sensor, notification)
        case (str(sensor), Connected() as connected):
            return runner.connected(sensor, connected)
        case (str(sensor), SampleBatch() as batch):
            return runner.samples(sensor, batch)
        case command:
            return runner.command(command)  # type: ignore[arg-type]
