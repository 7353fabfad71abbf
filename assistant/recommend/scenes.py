"""Scenes: the places a shop shows recommendations outside a conversation, each as a wish."""

from collections.abc import Mapping, Sequence
from typing import get_args

from assistant.errors import BadRequestError
from assistant.nouns import Constraint, Event, Scene
from assistant.recommend.wish import Wish
from index.filters import Condition
from index.items import ItemId

SERVED: tuple[Scene, ...] = ("home", "search", "similar")


def scene_wish(
    scene: Scene,
    query: str,
    item_id: ItemId | None,
    constraints: Sequence[Condition],
    history: tuple[Event, ...],
    popularity: Mapping[ItemId, float],
) -> Wish:
    """What a scene wishes for: `home` the shopper's taste, `search` the query, `similar` the neighbours of an item.

    Raises:
        BadRequestError: the scene is not served yet, or lacks the query or item it needs.
    """
    if scene not in SERVED:
        missing = ", ".join(name for name in get_args(Scene) if name not in SERVED)
        raise BadRequestError(f"this scene is not served yet ({missing})", hint=f"served: {', '.join(SERVED)}")
    if scene == "search" and not query.strip():
        raise BadRequestError("scene search needs a query", hint="send `query`")
    if scene == "similar" and item_id is None:
        raise BadRequestError("scene similar needs an item", hint="send `item_id`")
    ledger = tuple(
        Constraint(f"c{place}", "hard", condition, 0, "", "caller")
        for place, condition in enumerate(constraints, start=1)
    )
    return Wish(
        words=query if scene == "search" else "",
        ledger=ledger,
        history=history,
        like=item_id if scene == "similar" else None,
        popularity=popularity,
    )
