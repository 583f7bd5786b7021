"""The configuration: a TOML file that its owner writes, and the page changes."""

from repcount.edges.config.edit import drop_station, put_station
from repcount.edges.config.example import EXAMPLE
from repcount.edges.config.file import BrokerAccess, ConfigFile
from repcount.edges.config.model import Config, SensorEntry, StationEntry
from repcount.edges.config.parse import parse_config, read_tempo

__all__ = [
    "EXAMPLE",
    "BrokerAccess",
    "Config",
    "ConfigFile",
    "SensorEntry",
    "StationEntry",
    "drop_station",
    "parse_config",
    "put_station",
    "read_tempo",
]
