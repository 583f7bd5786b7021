"""Home Assistant itself, without its web page, at a broker: `python homeassistant_run.py PORT BLUEPRINTS`.

Sets up its MQTT integration and an automation of each blueprint in a folder of its own, then prints what
becomes true as lines of JSON: `["state", entity, state]` of every entity, and of every service that the
automations call `["call", domain, service, data]`. Each line of its standard input is a service it calls,
`[domain, service, data]`; it ends with that.
"""

import asyncio
import json
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType

from homeassistant import bootstrap, config_entries, loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

CALLED = (("tts", "speak"), ("light", "turn_on"), ("scene", "create"), ("scene", "turn_on"))
EVENTS = "event.rack_1_event"


def tell(*what):
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


def folder_with(blueprints):
    folder = Path(tempfile.mkdtemp())
    there = folder / "blueprints" / "automation" / "repcount"
    there.mkdir(parents=True)
    (folder / "configuration.yaml").touch()
    for file in Path(blueprints).glob("*.yaml"):
        shutil.copy(file, there)
    return folder


async def started(folder):
    hass = HomeAssistant(str(folder))
    hass.config.skip_pip = True
    loader.async_setup(hass)
    hass.config_entries = config_entries.ConfigEntries(hass, {})
    await bootstrap.async_load_base_functionality(hass)
    hass.auth = await auth_manager_from_config(hass, [], [])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        page = {"server_host": ["127.0.0.1"], "server_port": probe.getsockname()[1]}
    await async_setup_component(hass, "http", {"http": page})
    return hass


async def connected(hass, port):
    """Its MQTT, as the dialogue in its settings sets it up."""
    entry = config_entries.ConfigEntry(
        data={"broker": "127.0.0.1", "port": port, "discovery": True, "discovery_prefix": "homeassistant"},
        discovery_keys=MappingProxyType({}),
        domain="mqtt",
        minor_version=2,
        options={},
        source="user",
        title="MQTT",
        unique_id=None,
        version=1,
    )
    await hass.config_entries.async_add(entry)


def automation(name, **inputs):
    return {"id": name, "use_blueprint": {"path": f"repcount/{name}.yaml", "input": inputs}}


async def main(port, blueprints):
    hass = await started(folder_with(blueprints))

    async def called(call):
        tell("call", call.domain, call.service, dict(call.data))

    for domain, service in CALLED:
        hass.services.async_register(domain, service, called)
    hass.bus.async_listen(
        EVENT_STATE_CHANGED,
        lambda event: tell(
            "state", event.data["entity_id"], event.data["new_state"] and event.data["new_state"].state
        ),
    )
    await connected(hass, int(port))
    speak = automation("speak-the-count", events=EVENTS, speaker="media_player.hall", voice="tts.voice")
    light = automation("red-light-on-a-fast-lowering", events=EVENTS, light="light.hall")
    tell("automations", await async_setup_component(hass, "automation", {"automation": [speak, light]}))
    await hass.async_start()
    await hass.async_block_till_done()
    while line := await asyncio.to_thread(sys.stdin.readline):
        domain, service, data = json.loads(line)
        await hass.services.async_call(domain, service, data)
    await hass.async_stop(force=True)


asyncio.run(main(*sys.argv[1:]))
