"""Nothing changed: what is said of a recording is what a person last agreed to.

`pytest --update-golden` writes it anew; look at the difference before committing it. Whether it is right is
another test's question.
"""

from repcount.edges.recording import EXPECTED_NAME, read_expected, write_expected
from repcount.events import event_to_dict

DIGITS = 6
NEAR = 2e-6
"""Two numbers that are the same may be rounded apart."""


def rounded(value):
    """Digits that another machine may compute otherwise are not kept."""
    match value:
        case float():
            return round(value, DIGITS)
        case dict():
            return {key: rounded(one) for key, one in value.items()}
        case list() | tuple():
            return [rounded(one) for one in value]
        case _:
            return value


def leaves(value, place=""):
    """`{".reps.0.start_s": 1.2, ...}`, so that a difference is shown with its place."""
    if not isinstance(value, dict | list):
        return {place: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {found: leaf for key, one in items for found, leaf in leaves(one, f"{place}.{key}").items()}


def same(a, b):
    return abs(a - b) <= NEAR if {type(a), type(b)} == {float} else a == b


def differences(said, expected):
    said, expected = leaves(said), leaves(expected)
    return {
        place: (expected.get(place, "nothing"), said.get(place, "nothing"))
        for place in expected | said
        if not (place in said and place in expected and same(said[place], expected[place]))
    }


def test_a_recording_says_what_it_said_before(folder, events, pytestconfig):
    said = [rounded(event_to_dict(event)) for event in events]
    path = folder / EXPECTED_NAME
    if pytestconfig.getoption("--update-golden"):
        write_expected(path, said)
    assert differences(said, list(read_expected(path))) == {}


def test_a_difference_is_shown_with_its_place():
    golden = [{"type": "a", "reps": [{"end_s": 1.0, "turn_s": None}], "count": 2}]
    now = [{"type": "a", "reps": [{"end_s": 1.00001, "turn_s": 1.0}], "count": 2}, {"type": "b"}]
    assert differences(golden, golden) == differences([{"at_s": 0.1 + 0.2}], [{"at_s": 0.3}]) == {}
    assert differences(now, golden) == {
        ".0.reps.0.end_s": (1.0, 1.00001),
        ".0.reps.0.turn_s": (None, 1.0),
        ".1.type": ("nothing", "b"),
    }
