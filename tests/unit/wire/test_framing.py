import binascii

from repcount.events import FaultReason
from repcount.profile.numbers import parse_pattern
from repcount.profile.stream import ByteStream, Continued, Cut
from repcount.wire.framing import ByteStreamFramer, Capture2GoFramer, ContinuedFramer

FOUR = Cut(sync=parse_pattern("55 61"), packet_bytes=4)
SIX = Cut(sync=parse_pattern("55 71"), packet_bytes=6)


def _stream(*pieces):
    framer = ByteStreamFramer(ByteStream(cuts=(FOUR, SIX)))
    return [
        [
            piece if isinstance(piece, FaultReason) else piece.hex()
            for piece in framer.packets(bytes.fromhex(one))
        ]
        for one in pieces
    ]


def test_several_packets_and_pieces_of_them_in_a_notification():
    assert _stream("5561aabb 5571ccccdddd 5561", "ddee") == [["5561aabb", "5571ccccdddd"], ["5561ddee"]]


def test_bytes_that_are_no_packet_are_told_once_a_notification_and_a_packet_after_them_needs_another():
    assert _stream("000102", "5561aabb", "5561ccdd") == [
        [FaultReason.HEADER],
        [],
        ["5561aabb", "5561ccdd"],
    ]


def test_sync_bytes_inside_of_a_packet_do_not_begin_one():
    # The beginning was lost; what looks like one is the middle of it.
    assert _stream("00 5561 bb", "5561 ccdd", "5561 eeff")[-1] == ["5561ccdd", "5561eeff"]


def test_a_packet_whose_rest_was_lost_is_given_up_when_the_next_begins():
    assert _stream("5561aa", "5561ccdd", "5561eeff") == [[], [FaultReason.LENGTH], ["5561ccdd", "5561eeff"]]


def test_one_byte_at_a_time():
    assert [one for one in _stream(*["55", "61", "aa", "bb", "55", "61", "cc", "dd"]) if one] == [
        ["5561aabb"],
        ["5561ccdd"],
    ]


CONTINUED = Continued(first=parse_pattern("02 63"), following=parse_pattern("03 63"))


def _continued(*parts):
    framer = ContinuedFramer(CONTINUED, frozenset({8}))
    return [framer.packets(bytes.fromhex(one)) for one in parts]


def test_a_packet_goes_on_until_it_is_whole():
    assert _continued("0263 0102", "0363 0304", "0263 010203040506") == [
        [],
        [],
        [FaultReason.LENGTH, bytes.fromhex("0263010203040506")],
    ]
    assert _continued("0263 0102", "0363 03040506") == [[], [bytes.fromhex("0263010203040506")]]


def test_a_part_without_a_beginning_is_refused_and_other_packets_pass():
    assert _continued("0363 0304", "0163 c800") == [[FaultReason.LENGTH], [bytes.fromhex("0163c800")]]


def test_a_packet_that_does_not_fit_is_sent_in_parts_that_make_it_again():
    framer = ContinuedFramer(CONTINUED, frozenset({50}))
    packet = b"\x02\x63" + bytes(range(48))
    parts = framer.notifications(packet, 20)
    assert [len(part) for part in parts] == [20, 20, 14]
    assert [one for part in parts for one in framer.packets(part)] == [packet]


def _package(content):
    body = b"\x47\x02" + content
    return b"\x02" + binascii.crc32(body).to_bytes(4, "little") + bytes([len(content)]) + body


def test_capture2go_has_its_packages_counted_downwards_and_the_rest_is_none_of_ours():
    one, two = _package(b"abc"), _package(b"")
    framer = Capture2GoFramer()
    assert framer.packets(b"\xff" + b"anything") == []
    assert framer.packets(b"\xfd" + one + two + b"\x02\x00") == [one, two]
    assert framer.packets(b"") == [FaultReason.LENGTH]
    assert framer.packets(b"\xfd" + one + two[:-1]) == [one, FaultReason.LENGTH]
    assert framer.packets(b"\xfe" + one[:-1] + b"x") == [FaultReason.CHECKSUM]
    assert framer.notifications(one, 244) == [b"\xfe" + one]
