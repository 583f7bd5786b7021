"""What the stream of a profile asks of a link."""

from collections.abc import Collection, Iterator, Mapping

from repcount.profile import Profile


def data_characteristics(profile: Profile) -> frozenset[str]:
    """Characteristics whose notifications are samples."""
    return frozenset({profile.stream.characteristic})


def mtu_bytes(profile: Profile) -> int:
    """The MTU that its notifications need."""
    return profile.stream.mtu_bytes


def lacking(profile: Profile, has: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Say which of the streams' characteristics a connected device cannot notify."""
    for uuid in sorted(data_characteristics(profile)):
        if uuid not in has:
            yield f"has no characteristic {uuid}"
        elif not {"notify", "indicate"}.intersection(has[uuid]):
            yield f"its characteristic {uuid} does not notify"
