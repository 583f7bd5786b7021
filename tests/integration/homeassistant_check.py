"""Home Assistant's own checks of a discovery message; runs in a Python that has `homeassistant`.

Reads {"discovery": {...}, "states": {topic: payload}} from standard input. Prints a JSON object: what each
component's template makes of the state. Whatever Home Assistant refuses is an error.
"""

import asyncio
import json
import sys
import tempfile
from importlib import import_module

from homeassistant.components.mqtt.schemas import DEVICE_DISCOVERY_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.helpers.template import Template

SHARED = ("availability", "availability_mode", "device", "origin", "qos")


async def main():
    given = json.load(sys.stdin)
    discovery = DEVICE_DISCOVERY_SCHEMA(given["discovery"])
    hass = HomeAssistant(tempfile.mkdtemp())
    shown = {}
    for key, component in discovery["components"].items():
        shared = {name: given["discovery"][name] for name in SHARED}
        config = shared | {name: value for name, value in component.items() if name != "platform"}
        platform = import_module(f"homeassistant.components.mqtt.{component['platform']}")
        checked = platform.DISCOVERY_SCHEMA(config)
        if strange := set(config) - set(checked) - {"origin"}:
            raise ValueError(f"{key}: Home Assistant ignores {strange}")
        if "value_template" in component:
            payload = given["states"][component["state_topic"]]
            template = Template(str(config["value_template"]), hass)
            shown[key] = template.async_render_with_possible_json_value(payload, parse_result=False)
    json.dump(shown, sys.stdout)
    await hass.async_stop(force=True)


asyncio.run(main())
