"""A radio that is not there: real Bluetooth hosts and controllers (Bumble) that hear each other in memory.

Below bleak's own `backend=` parameters everything runs: scanning, connecting, discovery, ATT, L2CAP, HCI.
"""

from virtual_radio.air import Air, Chip
from virtual_radio.bleak_backend import backend_of
from virtual_radio.peripheral import Peripheral, Phone, central
from virtual_radio.reader import Reader
from virtual_radio.table import name_of

__all__ = ["Air", "Chip", "Peripheral", "Phone", "Reader", "backend_of", "central", "name_of"]
