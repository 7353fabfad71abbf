"""What an id may be, at every door: the API, files of events, and the catalogue's own items."""

import unicodedata

MOST_ITEM_ID = 512
"""Characters of an item's id: as many as a catalogue may give it."""

MOST_ID = 255
"""Characters of every other id: of shoppers, events and conversations. Two of them make a key of the database, and
PostgreSQL keeps keys below 2,704 bytes."""


def holds_controls(text: str) -> bool:
    """Whether a text has control characters or line breaks, which no id may have."""
    return not text.isprintable() and any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in text)


def is_id(text: str, most: int = MOST_ID) -> bool:
    """Whether a text of at least one character may be an id."""
    return 0 < len(text) <= most and not holds_controls(text)
