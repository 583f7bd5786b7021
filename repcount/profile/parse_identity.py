"""`[identity]` of a profile."""

from repcount.profile.identity import PROPERTIES, REVISIONS, Characteristic, Firmware, Identity, dotted
from repcount.profile.reader import Table

COMPANIES = 1 << 16
"""Company identifiers have 16 bits (Bluetooth SIG, Assigned Numbers)."""


def parse_identity(top: Table) -> Identity:
    """Read what tells the sensor from others; something of it must be advertised."""
    with top.table("identity") as table:
        identity = Identity(
            name_patterns=_name_patterns(table),
            manufacturer_id=_manufacturer(table),
            advertises=table.uuid("advertises") if "advertises" in table else None,
            characteristics=tuple(_characteristic(one) for one in table.tables("characteristics")),
            firmware=_firmware(table) if "firmware" in table else None,
        )
        if not (identity.name_patterns or identity.advertises or identity.manufacturer_id is not None):
            table.notes.add(table.path, "needs name_patterns, manufacturer_id or advertises, one at least")
    return identity


def _name_patterns(table: Table) -> tuple[str, ...]:
    """`name_patterns`, or `name_pattern` for one alone."""
    short = (table.text("name_pattern"),) if "name_pattern" in table else ()
    if "name_patterns" not in table:
        return short
    if short:
        table.note("name_pattern", "is there beside name_patterns", "Put it into the list.")
    return table.texts("name_patterns")


def _manufacturer(table: Table) -> int | None:
    if "manufacturer_id" not in table:
        return None
    company = table.whole("manufacturer_id")
    if company >= COMPANIES:
        table.note("manufacturer_id", f"{company:#x} has more than 16 bits")
    return company


def _characteristic(table: Table) -> Characteristic:
    with table:
        uuid = table.uuid("uuid")
        return Characteristic(uuid=uuid, properties=frozenset(table.choices("properties", PROPERTIES)))


def _firmware(identity: Table) -> Firmware:
    with identity.table("firmware") as table:
        firmware = Firmware(
            revision=table.choice("revision", REVISIONS),
            least=_version(table, "least"),
            below=_version(table, "below"),
            patterns=table.texts("is") if "is" in table else (),
        )
        bounded = firmware.least is not None or firmware.below is not None
        if bounded == bool(firmware.patterns):
            table.notes.add(table.path, "needs 'least' or 'below', or else 'is'")
    return firmware


def _version(table: Table, key: str) -> str | None:
    if key not in table:
        return None
    text = table.text(key)
    if text and dotted(text) is None:
        table.note(key, f"{text!r} is no dotted number", 'Such as "3.1".')
    return text
