"""What lies between the antennas: distance, connection events, and controllers that answer as real ones do.

Bumble's own link is lossless, endless and infinitely quick; what goes wrong between antennas is added here.
What Bumble 0.0.236 does otherwise than a radio, and is mended here: a connect that is cancelled never ends,
nor does the disconnecting of a link that has ended already; a packet's sender is told by the address it uses
now, not by that of its connection.
"""

import asyncio
import random
from collections import deque

from bumble import hci, ll
from bumble.controller import Controller
from bumble.link import LocalLink

CONNECTION_FAILED = hci.HCI_CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
CONNECTION_TIMEOUT = hci.HCI_CONNECTION_TIMEOUT_ERROR


class Chip(Controller):
    """A controller; `name` is its own in an `Air`."""

    def on_hci_le_create_connection_cancel_command(self, _command):
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            asyncio.get_running_loop().call_soon(self.send_hci_packet, _cancelled(pending.peer_address))
        return hci.HCI_StatusReturnParameters(hci.HCI_SUCCESS)

    def on_hci_disconnect_command(self, command):
        if self.find_le_connection_by_handle(command.connection_handle) is None:
            self._send_hci_command_status(hci.HCI_UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code)
        else:
            super().on_hci_disconnect_command(command)

    def create_le_connection(self, peer_address):
        """Go on listening while the last link to that peer is not over here: Bumble calls that an error."""
        if peer_address not in self.le_connections:
            super().create_le_connection(peer_address)


def _cancelled(peer):
    return hci.HCI_LE_Connection_Complete_Event(
        status=hci.HCI_UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=peer.address_type,
        peer_address=peer,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )


class Air(LocalLink):
    """Carries what controllers send.

    Parameters
    ----------
    interval_s
        From one connection event to the next: what is sent waits for the next one. 0: nothing waits.
    supervision_s
        A link ends when nothing of the peer came for this long. What was sent in the meantime is tried again
        and again, and comes in a burst if the peer is back in time.
    missed_ratio
        Share of advertisements that nobody hears; `seed` says which.

    Attributes
    ----------
    on_advertisement
        Called when one is heard.
    """

    def __init__(self, *, interval_s=0.0, supervision_s=2.0, missed_ratio=0.0, seed=0):
        super().__init__()
        self._interval_s, self._supervision_s = interval_s, supervision_s
        self._missed_ratio, self._luck = missed_ratio, random.Random(seed)  # noqa: S311 - the same in every run
        self.on_advertisement = lambda: None
        self._away = {}
        self._ways = {}

    def lose(self, chip):
        """Take out of range; each end of its links is over when it has heard nothing for long enough."""
        since = self._away[chip] = object()
        for end in self.controllers:
            for connection in end.le_connections.values():
                if end is chip or connection.peer_address in {chip.random_address, chip.public_address}:
                    asyncio.get_running_loop().call_later(
                        self._supervision_s, self._time_out, end, connection, chip, since
                    )

    def find(self, chip):
        """Bring back in range."""
        self._away.pop(chip, None)
        for ends, way in self._ways.items():
            if chip in ends:
                way.plan()

    def hold(self, chip, held=True):
        """Let nothing through from and to `chip`, as when others shout; shorter than the supervision time."""
        (self.lose if held else self.find)(chip)

    def is_away(self, chip):
        return chip in self._away

    # ---- what controllers ask for ----

    def send_acl_data(self, sender_controller, destination_address, transport, data):
        mine = sender_controller.le_connections.get(destination_address)
        self._send(mine, lambda peer, theirs: peer.on_link_acl_data(theirs.peer_address, transport, data))

    def send_ll_control_pdu(self, sender_address, receiver_address, packet):
        for chip in self.controllers:
            mine = chip.le_connections.get(receiver_address)
            if mine is not None and mine.self_address == sender_address:
                self._send(mine, lambda peer, theirs: peer.on_ll_control_pdu(theirs.peer_address, packet))

    def send_advertising_pdu(self, sender_controller, packet):
        if isinstance(packet, ll.ConnectInd):
            self._connect(sender_controller, packet)
        elif sender_controller not in self._away and self._luck.random() >= self._missed_ratio:
            self.on_advertisement()
            for chip in self.controllers - self._away.keys() - {sender_controller}:
                asyncio.get_running_loop().call_soon(chip.on_ll_advertising_pdu, packet)

    # ---- how it goes through ----

    def _connect(self, sender, packet):
        address = packet.advertiser_address
        peer = next(
            (chip for chip in self.controllers - self._away.keys() if _advertises(chip, address)), None
        )
        loop = asyncio.get_running_loop()
        if peer is None or sender in self._away:
            loop.call_soon(self._not_established, sender, address)
        else:
            loop.call_soon(peer.on_le_connect_ind, packet)

    def _not_established(self, sender, address):
        if connection := sender.le_connections.get(address):
            sender.on_le_disconnected(connection, CONNECTION_FAILED)

    def _send(self, mine, deliver):
        found = None if mine is None else self._peer(mine)
        if found is None:
            return
        theirs = found.le_connections[mine.self_address]

        def arrive():
            # What is on its way when a link ends belongs to no later one.
            if found.le_connections.get(mine.self_address) is theirs:
                deliver(found, theirs)

        ends = (mine.controller, found)
        if ends not in self._ways:
            self._ways[ends] = _Way(lambda: self._away.keys().isdisjoint(ends), self._interval_s)
        self._ways[ends].put(arrive)

    def _peer(self, connection):
        """Return the controller at the other end."""
        for chip in self.controllers:
            other = chip.le_connections.get(connection.self_address)
            if other is not None and other.self_address == connection.peer_address:
                return chip
        return None

    def _time_out(self, end, connection, chip, since):
        """End a link at one end, unless it ended there, or `chip` was heard, in the meantime."""
        if self._away.get(chip) is since and end.le_connections.get(connection.peer_address) is connection:
            end.on_le_disconnected(connection, CONNECTION_TIMEOUT)


class _Way:
    """One way between two controllers: first in, first out, at connection events while it `is_open`."""

    def __init__(self, is_open, interval_s):
        self._is_open, self._interval_s = is_open, interval_s
        self._waiting, self._planned = deque(), False

    def put(self, arrive):
        self._waiting.append(arrive)
        self.plan()

    def plan(self):
        if self._planned or not self._waiting or not self._is_open():
            return
        loop, self._planned = asyncio.get_running_loop(), True
        if self._interval_s:
            loop.call_at((loop.time() // self._interval_s + 1) * self._interval_s, self._event)
        else:
            loop.call_soon(self._event)

    def _event(self):
        self._planned = False
        if self._is_open():
            for _ in range(len(self._waiting)):
                self._waiting.popleft()()
        self.plan()


def _advertises(chip, address):
    advertisers = [chip.le_legacy_advertiser, *chip.advertising_sets.values()]
    return any(one.enabled and one.address == address for one in advertisers)
