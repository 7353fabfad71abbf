"""Reading item records for a reason's sake: which recorded value answers a wish, and how it is called."""

from functools import lru_cache

from assistant.explain.plain import field_label, mentions, speakable
from assistant.nouns import Event
from index.filters import field_name, same_value, values_of
from index.items import Item
from index.language.words import normalise, stems
from index.offers import cheapest

_AUDIENCE_FIELDS = frozenset({"gender", "gender affinity", "audience", "age group", "for whom", "department"})
_YES = frozenset({"yes", "true", "y", "1", "1.0"})
_NO = frozenset({"no", "false", "n", "0", "0.0", "none"})
_ADJECTIVE_ENDINGS = (
    "proof",
    "able",
    "ible",
    "-free",
    "less",
    "resistant",
    "friendly",
    "tight",
    "ed",
    "vegan",
    "organic",
)


def matching_value(item: Item, field: str, wanted: tuple[str, ...]) -> str | None:
    """The first recorded value that equals a wanted one, or else holds it by whole words; None when none does."""
    values = values_of(item, field)
    if (offered := cheapest(item)) is not None:  # the value that costs what is shown goes before others
        values = [*(value for name, value in offered.options.items() if field_name(name) == field_name(field)), *values]
        wanted = tuple(sorted(wanted, key=lambda want: not any(same_value(field, one, want) for one in values[:1])))
    for want in wanted:
        exact = next((value for value in values if normalise(value) == normalise(want)), None)
        found = exact or next((value for value in values if same_value(field, value, want)), None)
        if found is not None:
            return found
    return None


def where_mentioned(item: Item, phrase: str) -> tuple[str, str] | None:
    """The part of the record that has the phrase, in plain words, and the name of its field; None if none has."""
    if mentions(item.title, phrase):
        return "title", "title"
    for table in (item.attributes, item.options):
        for name, values in table.items():
            told = field_label(name) and any(
                mentions(f"{name} {value}", phrase) and not is_no(value) for value in values
            )
            if told:
                return "record", name
    if mentions(item.description, phrase):
        return "description", "description"
    return ("department", "categories") if any(mentions(path, phrase) for path in item.categories) else None


def is_yes(value: str) -> bool:
    """Whether a recorded value says yes."""
    return value.strip().casefold() in _YES


def is_no(value: str) -> bool:
    """Whether a recorded value says no."""
    return value.strip().casefold() in _NO


def is_audience(field: str) -> bool:
    """Whether the attribute says whom an item is for."""
    return field_label(field) in _AUDIENCE_FIELDS


def reads_as_adjective(feature: str) -> bool:
    """Whether `it is <feature>` is surely English, as for `waterproof`."""
    return " " not in feature and feature.endswith(_ADJECTIVE_ENDINGS)


def leaf_categories(item: Item) -> tuple[str, ...]:
    """The narrowest departments of the item, as written."""
    return leaves_of(item.categories)


@lru_cache(maxsize=16384)
def leaves_of(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The last step of each path, as written, each once."""
    return tuple(dict.fromkeys(path.rstrip("/").rsplit("/", 1)[-1].strip() for path in paths))


def shared_value(item: Item, other: Item) -> tuple[str, str] | None:
    """The first attribute both records give the same value, as (name, value); yes, no and bare numbers do not count."""
    for name, values in item.attributes.items():
        if (others := other.attributes.get(name)) is None:
            continue
        theirs = {stems(value) for value in others}
        for value in values:
            telling = not is_yes(value) and not is_no(value) and any(sign.isalpha() for sign in value)
            if telling and stems(value) in theirs and speakable(value) and field_label(name):
                return name, value
    return None


def month(event: Event) -> str:
    """When it happened, to the month: `in March 2026`."""
    return f"in {_MONTHS[event.at.month - 1]} {event.at.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
