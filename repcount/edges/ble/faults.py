"""What the radio's failures mean to a person: each a `LinkError` that says what to do."""

from collections.abc import Sequence

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from repcount.errors import LinkError

RADIO_ERRORS = (BleakError, OSError, EOFError)
"""All that bleak lets through: its own; a missing system bus, or time that ran out; a bus that died."""

NO_ADAPTER = (
    "no Bluetooth adapter found. Plug one in; on Linux 'bluetoothctl list' shows those that the system sees."
)
NO_LOW_ENERGY = "this Bluetooth adapter is too old for Bluetooth LE. Use one of version 4.0 or newer."
POWERED_OFF = (
    "Bluetooth is switched off. Switch it on in the system's settings; on Linux: "
    "rfkill unblock bluetooth && bluetoothctl power on"
)
NO_PERMISSION = (
    "no permission to use Bluetooth. macOS: allow the terminal in System Settings > Privacy & Security > "
    "Bluetooth. Windows: Settings > Privacy > Radios. Linux: add the user to the group 'bluetooth' and log "
    "in again."
)
NO_SYSTEM_BUS = (
    "the system bus (D-Bus), over which Linux offers Bluetooth, is not there. Start it with "
    "'sudo systemctl start dbus bluetooth'; in a container, mount /run/dbus."
)
NO_SERVICE = (
    "the system's Bluetooth service is not running. On Linux: install 'bluez', then "
    "sudo systemctl enable --now bluetooth"
)
RESTART = "Restart it; on Linux: sudo systemctl restart bluetooth"
IN_REACH = (
    "Is it switched on and charged, near, and not connected to a phone? One that is does not show itself."
)

_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: NO_LOW_ENERGY,
    BleakBluetoothNotAvailableReason.POWERED_OFF: POWERED_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: NO_PERMISSION,
}

_DBUS_REASONS = {
    "DBus.Error.ServiceUnknown": NO_SERVICE,
    "DBus.Error.NameHasNoOwner": NO_SERVICE,
    "DBus.Error.Spawn": NO_SERVICE,
    "systemd1": NO_SERVICE,
    "AccessDenied": NO_PERMISSION,
    "bluez.Error.NotReady": POWERED_OFF,
}
"""By part of the D-Bus error's name."""

_UNPAIRED = {
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
}


class UserMustActError(LinkError):
    """Waiting does not mend it."""


def link_error(error: Exception, sensor: str = "", step: str = "") -> LinkError:
    """Say what one of `RADIO_ERRORS` means.

    `sensor` is what it was wanted of, empty while scanning; `step` that of its profile at which it came.
    """
    if unusable := _unusable(error):
        # What is only switched off may be switched on while we wait.
        return LinkError(unusable) if unusable is POWERED_OFF else UserMustActError(unusable)
    who = sensor or "Bluetooth"
    if isinstance(error, BleakCharacteristicNotFoundError):
        return UserMustActError(
            f"{who} lacks the characteristic {error.char_specifier} that its profile uses. Is another "
            "program or firmware on the sensor, or the wrong profile chosen?"
        )
    if _is_unpaired(error):
        return UserMustActError(
            f"{who} wants to be paired first. Pair it in the system's Bluetooth settings, or set its program "
            "to need no pairing."
        )
    at = f" at {step}" if step else ""
    if isinstance(error, TimeoutError | BleakDeviceNotFoundError):
        return LinkError(f"{who} does not answer{at}. {IN_REACH if sensor else RESTART}")
    detail = str(error).rstrip(".") or type(error).__name__
    advice = "Switching it off and on may help." if sensor else RESTART
    return LinkError(f"{who} refused{at} ({detail}). {advice}")


def refused_error(reason: str, sensor: str, step: str) -> LinkError:
    """The sensor answered, but not as its profile wants; what it says may change while we wait."""
    return LinkError(
        f"{sensor} was not started: {reason} ({step}). Switch it off and on; is no phone or other program "
        "using it?"
    )


def small_mtu_error(sensor: str, told_bytes: int, needed_bytes: int) -> LinkError:
    """Notifications are cut, and none can be read; MTUs in bytes."""
    return LinkError(
        f"the link to {sensor} is too narrow: its MTU is {told_bytes}, notifications need {needed_bytes}. "
        "Remove the sensor from the system's Bluetooth settings and connect again; else use another "
        "Bluetooth adapter or a newer system."
    )


def wrong_profile_error(sensor: str, why_not: Sequence[str]) -> UserMustActError:
    """The sensor looked like one of a profile, and is not."""
    return UserMustActError(
        f"{sensor} is of no known profile ({'; '.join(why_not)}). Is its firmware another, or does another "
        "program run on it? firmware_profiles/_template.toml says how to add a profile."
    )


def _unusable(error: Exception) -> str | None:
    """Say why Bluetooth as a whole cannot be used, if that is what is wrong."""
    match error:
        case BleakBluetoothNotAvailableError():
            return _REASONS.get(error.reason, f"Bluetooth cannot be used: {error.args[0]}")
        case BleakDBusError():
            return next((text for part, text in _DBUS_REASONS.items() if part in error.dbus_error), None)
        case FileNotFoundError() | ConnectionRefusedError():
            return NO_SYSTEM_BUS
        case PermissionError():
            return NO_PERMISSION
        case _:
            return None


def _is_unpaired(error: Exception) -> bool:
    if isinstance(error, BleakGATTProtocolError):
        return error.code in _UNPAIRED
    return isinstance(error, BleakDBusError) and "Not paired" in str(error)
