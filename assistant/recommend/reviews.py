"""Review features for the ranker, from opinions read beforehand by `assistant.reviews.opinions.Reader.read`.

    book = open_reader(cache).read(items)                     # once, at start
    review_columns(book, item_ids, asked_aspects(wish.text))  # each turn; plain look-ups

`reviews` is the overall tone, `review:<aspect>` what reviewers say of an aspect the request cares for, all in [-1, 1].
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.reviews.aspects import asked_aspects
from assistant.reviews.opinions import ItemOpinions, Quote
from index.items import ItemId

__all__ = ["asked_aspects", "aspect_values", "behind", "review_columns", "tone_values"]

FloatsN = NDArray[np.float64]
_NOTHING = ItemOpinions()


def tone_values(book: Mapping[ItemId, ItemOpinions], item_ids: Sequence[ItemId]) -> FloatsN:
    """values_N in [-1, 1]: the tone of each item's reviews; 0 without any."""
    return np.array([book.get(item_id, _NOTHING).tone for item_id in item_ids], dtype=np.float64)


def aspect_values(book: Mapping[ItemId, ItemOpinions], item_ids: Sequence[ItemId], aspect: str) -> FloatsN:
    """values_N in [-1, 1]: what reviewers of each item say of `aspect`; 0 where nobody speaks of it."""
    found = (book.get(item_id, _NOTHING).of(aspect) for item_id in item_ids)
    return np.array([opinion.polarity if opinion else 0.0 for opinion in found], dtype=np.float64)


def review_columns(
    book: Mapping[ItemId, ItemOpinions], item_ids: Sequence[ItemId], aspects: Sequence[str]
) -> dict[str, FloatsN]:
    """Feature name -> values_N, `reviews` first; an aspect asked for that no candidate has reviews on is left out."""
    columns = {"reviews": tone_values(book, item_ids)}
    columns |= {f"review:{aspect}": aspect_values(book, item_ids, aspect) for aspect in dict.fromkeys(aspects)}
    return {name: values_N for name, values_N in columns.items() if values_N.any()}


def behind(book: Mapping[ItemId, ItemOpinions], item_id: ItemId, aspect: str) -> tuple[Quote, ...]:
    """The reviewers' sentences behind an item's `review:<aspect>`, clearest first; empty when nobody speaks of it."""
    opinion = book.get(item_id, _NOTHING).of(aspect)
    return opinion.quotes if opinion else ()
