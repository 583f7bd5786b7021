"""When each sample was taken: by the sensor's own clock, or fitted to when the notifications arrived."""

from repcount.profile.stream import Stream
from repcount.wire.arrival import ArrivalTimeline
from repcount.wire.companion import CompanionTimeline
from repcount.wire.device import DeviceTimeline
from repcount.wire.params import WireParams

Timeline = DeviceTimeline | ArrivalTimeline


def timeline_of(stream: Stream, params: WireParams) -> Timeline:
    """Choose by what the sensor sends."""
    if stream.clock is None:
        return ArrivalTimeline(stream, params)
    return DeviceTimeline(stream, stream.clock, params)


def companion_of(stream: Stream, params: WireParams) -> ArrivalTimeline | CompanionTimeline:
    """Choose for turning rates that come apart from the accelerations."""
    if stream.clock is None:
        return ArrivalTimeline(stream, params)
    return CompanionTimeline(stream, stream.clock)
