"""Bluetooth LE: which sensors are in reach, and one of them as a stream of notifications."""

from repcount.edges.ble.faults import UserMustActError
from repcount.edges.ble.radio import Backend
from repcount.edges.ble.scan import Found, Scan, scan
from repcount.edges.ble.sensor import STOPPED, BleSensor, LinkState

__all__ = ["STOPPED", "Backend", "BleSensor", "Found", "LinkState", "Scan", "UserMustActError", "scan"]
