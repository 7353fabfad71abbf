"""Scenes: the places a shop shows recommendations outside a conversation, each as a wish."""

from collections.abc import Callable, Mapping
from typing import get_args

from assistant.crowd import Act
from assistant.errors import BadRequestError
from assistant.nouns import Constraint, Event, Scene
from assistant.recommend.wish import Wish, nothing
from index.items import ItemId

SERVED: tuple[Scene, ...] = ("home", "search", "similar")


def scene_wish(
    scene: Scene,
    words: str,
    item_id: ItemId | None,
    ledger: tuple[Constraint, ...],
    history: tuple[Event, ...],
    popularity: Mapping[ItemId, float],
    refused: frozenset[ItemId] = frozenset(),
    told: Callable[[ItemId], Act | None] = nothing,
) -> Wish:
    """What a scene wishes for: `home` the shopper's taste, `search` what was asked, `similar` an item's neighbours.

    Raises:
        BadRequestError: the scene is not served yet, or lacks the query or item it needs.
    """
    if scene not in SERVED:
        missing = ", ".join(name for name in get_args(Scene) if name not in SERVED)
        raise BadRequestError(f"this scene is not served yet ({missing})", hint=f"served: {', '.join(SERVED)}")
    if scene == "search" and not (words.strip() or ledger):
        raise BadRequestError("scene search needs a query", hint="send `query`")
    if scene == "similar" and item_id is None:
        raise BadRequestError("scene similar needs an item", hint="send `item_id`")
    return Wish(
        words=words if scene == "search" else "",
        ledger=ledger,
        history=history,
        like=item_id if scene == "similar" else None,
        popularity=popularity,
        refused=refused,
        told=told,
    )
