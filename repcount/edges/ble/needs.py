"""What the streams of a profile ask of a link."""

from collections.abc import Collection, Iterator, Mapping

from repcount.profile import Profile, Values


def data_characteristics(profile: Profile, values: Values | None = None) -> frozenset[str]:
    """Characteristics whose notifications are samples, of a sensor started with these values."""
    return frozenset(stream.characteristic for stream in profile.active_streams(values))


def mtu_bytes(profile: Profile, values: Values | None = None) -> int:
    """The MTU that its notifications need."""
    return max(stream.mtu_bytes for stream in profile.active_streams(values))


def lacking(profile: Profile, has: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Say which of the streams' characteristics a connected device cannot notify."""
    for uuid in sorted(data_characteristics(profile)):
        if uuid not in has:
            yield f"has no characteristic {uuid}"
        elif not {"notify", "indicate"}.intersection(has[uuid]):
            yield f"its characteristic {uuid} does not notify"
