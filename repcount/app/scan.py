"""`repcount scan`: which sensors are in reach, which profile each is of, and why none is."""

import json
import math
from collections.abc import Sequence

from repcount.app.interrupt import run_until_interrupted
from repcount.app.output import say
from repcount.edges.ble import Backend, Found
from repcount.edges.ble import scan as scan_radio
from repcount.edges.profiles import load_profile, profile_names
from repcount.errors import InputError, Problem
from repcount.profile import Profile

NOTHING = (
    "No sensor in reach. Switch it on, bring it near, and disconnect it from any phone: a sensor that is "
    "connected does not show itself."
)
NONE_KNOWN = (
    "None of them is a sensor that a profile knows. Is yours switched on, and not connected to a phone? "
    "firmware_profiles/_template.toml says how to add a profile."
)


def scan(timeout_s: float, *, as_json: bool, backend: Backend | None = None) -> int:
    """List what is in reach; LinkError when Bluetooth cannot be used."""
    if not 0 < timeout_s < math.inf:
        raise InputError([Problem("--seconds", f"is {timeout_s}", "Give a number above 0.")])
    return run_until_interrupted(_scan(timeout_s, as_json=as_json, backend=backend))


async def _scan(timeout_s: float, *, as_json: bool, backend: Backend | None) -> int:
    say(f"listening for {timeout_s:g} s ...")
    profiles = [load_profile(name) for name in profile_names()]
    found = await scan_radio(profiles, timeout_s, backend)
    if as_json:
        for one in found:
            print(json.dumps(told(one)))
    else:
        _print_table(found)
    return 0


def _print_table(found: Sequence[Found]) -> None:
    known = [one for one in found if one.profile]
    named = [one for one in found if one.name and not one.profile]
    for one in (*known, *named):
        what = f"{_suits(one.profile)}: {one.why}" if one.profile else f"none: {one.why_not}"
        battery = "" if one.battery_percent is None else f"{one.battery_percent} %"
        print(f"{one.rssi_dbm:4} dBm  {one.name or '(no name)':28}  {one.address:17}  {battery:5}  {what}")
    if nameless := len(found) - len(known) - len(named):
        say(f"and {nameless} without a name, which no profile knows")
    if not known:
        say(NONE_KNOWN if found else NOTHING)


def _suits(profile: Profile) -> str:
    latency_s = profile.latency_s
    if profile.is_quick():
        return f"{profile.name}, quick enough for live cues"
    return f"{profile.name}, too slow for live cues ({latency_s:.1f} s late)"


def told(found: Found) -> dict[str, object]:
    """What is found of a sensor, for programs."""
    profile = found.profile
    return {
        "name": found.name,
        "address": found.address,
        "rssi_dbm": found.rssi_dbm,
        "battery_percent": found.battery_percent,
        "profile": profile.name if profile else None,
        "why": found.why or None,
        "why_not": found.why_not or None,
        "latency_s": profile.latency_s if profile else None,
        "live_cues": profile.is_quick() if profile else None,
    }
