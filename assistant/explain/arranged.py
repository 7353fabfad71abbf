"""What arranging the shelf did to an item, as a point and the sentences that make it.

An item may stand on the shelf though others have higher scores. That is no contribution, so it has to be said apart:
which wish of the arrangement it serves, and where its score alone would have put it.
"""

from assistant.explain.frame import Frame
from assistant.explain.notes import Notes
from assistant.explain.points import Point, Slot
from assistant.nouns import Placement
from index.items import Item

_PLACE = {"place": "the place its score alone would have given it"}

ARRANGED: dict[str, Frame] = {
    "arranged:variety": Frame(
        _PLACE,
        (
            "It is here for variety, as by score alone it would come {place}.",
            "It makes this shelf less of a kind, and by score alone it would come {place}.",
        ),
        statements=(
            "it is here for variety, as by score alone it would come {place}",
            "it makes this shelf less of a kind, and by score alone it would come {place}",
        ),
        worded=False,
    ),
    "arranged:taste": Frame(
        _PLACE,
        (
            "It is here to show more of what you look for, as by score alone it would come {place}.",
            "It brings this shelf nearer to all you look for, and by score alone it would come {place}.",
        ),
        statements=(
            "it is here to show more of what you look for, as by score alone it would come {place}",
            "it brings this shelf nearer to all you look for, and by score alone it would come {place}",
        ),
        worded=False,
    ),
}
"""Why arranging moved an item -> what is said of it."""


def arranged_point(item: Item, placement: Placement, notes: Notes) -> Point | None:
    """The point that an item stands here by arrangement; None where its score alone put it here."""
    if placement.why == "score":
        return None
    told = ordinal(placement.by_score)
    evidence = notes.enter("fact", "arrangement", placement.by_score, f"by score alone it would come {told}")
    return Point(item.id, f"arranged:{placement.why}", (Slot("place", told, (evidence,)),), (evidence,), 0.0)


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `13th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
