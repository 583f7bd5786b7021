"""Count repetitions and measure their tempo from Bluetooth LE motion sensors, live over MQTT."""

__version__ = "0.1.0"
