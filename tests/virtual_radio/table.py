"""The GATT table of a sensor, as far as its profile speaks of it."""

from bumble.gatt import Characteristic

from repcount.profile import REVISIONS, Read, Subscribe, Wait, Write

Uses = Characteristic.Properties
DEVICE_INFORMATION = "0000180a-0000-1000-8000-00805f9b34fb"


def table_of(profile):
    """Properties by service and characteristic; what has no service of its own is in that of the data."""
    services = {stream.characteristic: stream.service for stream in profile.streams}
    uses = {}

    def used(uuid, use, service=None):
        place = service or services.get(uuid) or profile.stream.service, uuid
        services.setdefault(uuid, place[0])
        uses[place] = uses.get(place, Uses(0)) | use

    declared = {one.uuid: _flags(one.properties) for one in profile.identity.characteristics}
    for stream in profile.streams:
        used(stream.characteristic, _tells(declared, stream.characteristic))
    for step in (*profile.start, *profile.stop):
        match step:
            case Write():
                use = Uses.WRITE if step.with_response else Uses.WRITE_WITHOUT_RESPONSE
                used(step.characteristic, use, step.service)
            case Read():
                used(step.characteristic, Uses.READ, step.service)
            case Subscribe():
                used(step.characteristic, _tells(declared, step.characteristic), step.service)
            case Wait():
                used(step.characteristic, _tells(declared, step.characteristic))
    for uuid, flags in declared.items():
        used(uuid, flags)
    if (firmware := profile.identity.firmware) is not None:
        used(REVISIONS[firmware.revision], Uses.READ, DEVICE_INFORMATION)
    return uses


def name_of(profile):
    """A name that the profile knows; None where it goes by something else."""
    patterns = profile.identity.name_patterns
    return patterns[0].replace("*", "7").replace("?", "7") if patterns else None


def told_of(profile, uuid):
    """What Device Information says, so that it is the profile's."""
    firmware = profile.identity.firmware
    if firmware is None or uuid != REVISIONS[firmware.revision]:
        return b""
    if firmware.patterns:
        return firmware.patterns[0].replace("*", "").encode()
    return (firmware.least or "0.0.1").encode()


def _tells(declared, uuid):
    """Indicates where the profile says so, else notifies."""
    return declared.get(uuid, Uses.NOTIFY) & (Uses.NOTIFY | Uses.INDICATE) or Uses.NOTIFY


def _flags(words):
    flags = Uses(0)
    for word in words:
        flags |= Uses[word.upper().replace("-", "_")]
    return flags
