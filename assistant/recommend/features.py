"""Named features of candidates for a wish: what the ranker weighs and reasons speak of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Event
from assistant.recommend.wish import Wish, taste
from index.catalogue import Catalogue
from index.filters import Op
from index.items import Item, ItemId, Money

FloatsN = NDArray[np.float64]

NAMED_PAST_ITEMS = 6
"""Past events that get a column of their own; the rest share `history:rest`, so that scores stay exact and short."""

NEUTRAL_STARS = 3.5
STARS_PRIOR_COUNT = 10.0
"""A rating is drawn towards `NEUTRAL_STARS` as if this many people had given it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One feature over N candidates. `weight` names the ranker's weight for it; `name` the contribution it makes."""

    name: str
    weight: str
    values_N: FloatsN


def columns(catalogue: Catalogue, wish: Wish, item_ids: Sequence[ItemId]) -> list[Column]:
    """All features of `item_ids` for `wish`, in a fixed order. A feature that has nothing to go by is left out."""
    items = [catalogue.item(item_id) for item_id in item_ids]
    if not items:
        return []
    return [
        *_request(catalogue, wish, item_ids),
        *_asked(catalogue, wish, items),
        *_past(catalogue, wish, items),
        *_standing(wish, items),
    ]


def _request(catalogue: Catalogue, wish: Wish, item_ids: Sequence[ItemId]) -> list[Column]:
    found: list[Column] = []
    if wish.text:
        cosines = catalogue.text_similarity(item_ids, catalogue.encode_text(wish.text))
        found.append(_column("query", cosines))
        found.append(_column("words", catalogue.word_scores(wish.text, item_ids)))
    if wish.picture is not None:
        cosines = catalogue.picture_similarity(item_ids, catalogue.encode_picture(wish.picture))
        found.append(_column("picture", cosines))
    if wish.like is not None:
        found.append(_column("similar", catalogue.item_similarity(item_ids, [wish.like])[:, 0]))
    return found


def _asked(catalogue: Catalogue, wish: Wish, items: Sequence[Item]) -> list[Column]:
    """One column per ledger entry that any candidate satisfies; `budget` also says how far below it a price stays."""
    found: list[Column] = []
    for entry in wish.ledger:
        condition = entry.condition
        holds = np.array([catalogue.satisfies(item.id, condition) for item in items], dtype=np.float64)
        if condition.field == "price" and isinstance(condition.value, Money) and condition.op in (Op.LE, Op.LT):
            limit = max(condition.value.amount_minor, 1)
            prices = np.array([item.price.amount_minor if item.price else limit for item in items])
            found.append(Column("budget", "budget", holds * (1.0 + np.clip(1.0 - prices / limit, 0.0, 1.0))))
        elif condition.field == "kind":
            found.append(Column("kind", "kind", holds))
        elif condition.field not in ("id", "text"):
            found.append(Column(f"preference:{entry.id}", f"preference.{entry.kind}", holds))
    return found


def _past(catalogue: Catalogue, wish: Wish, items: Sequence[Item]) -> list[Column]:
    known = [(event, weight) for event, weight in taste(wish.history) if event.item_id in catalogue]
    if not known:
        return []
    cosines_NE = catalogue.item_similarity([item.id for item in items], [event.item_id for event, _ in known])
    kinship_NE = np.square(np.clip((cosines_NE - 0.35) / 0.65, 0.0, 1.0))  # only real likeness counts, and the more so
    for column, (event, _) in enumerate(known):
        if event.kind == "purchase":  # likeness to itself is no reason to buy a thing again
            kinship_NE[[item.id == event.item_id for item in items], column] = 0.0
    parts_NE = kinship_NE * np.array([weight for _, weight in known])
    named = np.argsort(-np.abs(parts_NE).max(axis=0), kind="stable")[:NAMED_PAST_ITEMS]
    found = [Column(f"history:{known[e][0].id}", "history", parts_NE[:, e]) for e in sorted(named.tolist())]
    rest = np.delete(parts_NE, named, axis=1).sum(axis=1)
    if rest.any():
        found.append(Column("history:rest", "history", rest))
    return [*found, *_habits(known, catalogue, items)]


def _habits(known: list[tuple[Event, float]], catalogue: Catalogue, items: Sequence[Item]) -> list[Column]:
    brands: dict[str, float] = {}
    seen: dict[ItemId, float] = {}
    log_prices: list[float] = []
    for event, weight in known:
        past = catalogue.item(event.item_id)
        if past.brand:
            brands[past.brand] = brands.get(past.brand, 0.0) + weight
        if event.kind == "purchase":
            seen[past.id] = 1.0
        elif event.kind in ("dislike", "not_interested"):
            seen[past.id] = 8.0
        if event.kind in ("purchase", "cart") and past.price and past.price.amount_minor > 0:
            log_prices.append(math.log(past.price.amount_minor))
    found = [
        Column("brand_habit", "brand_habit", np.array([brands.get(item.brand, 0.0) for item in items])),
        Column("seen", "seen", np.array([seen.get(item.id, 0.0) for item in items])),
    ]
    if log_prices:
        usual = float(np.median(log_prices))
        distance = [
            abs(math.log(item.price.amount_minor) - usual) if item.price and item.price.amount_minor > 0 else 1.0
            for item in items
        ]
        found.append(Column("price_habit", "price_habit", np.maximum(0.0, 1.0 - np.array(distance))))
    return [column for column in found if column.values_N.any()]


def _standing(wish: Wish, items: Sequence[Item]) -> list[Column]:
    """What an item brings whoever asks: its rating, drawn to the middle while raters are few, and its popularity."""
    stars = np.array([item.rating if item.rating is not None else NEUTRAL_STARS for item in items])
    counts = np.array([max(item.rating_count, 1) if item.rating is not None else 0 for item in items])
    sought = np.array([math.log1p(wish.popularity.get(item.id, 0.0)) for item in items])
    most = math.log1p(max(wish.popularity.values(), default=0.0)) or 1.0
    found = [
        Column("rating", "rating", (stars - NEUTRAL_STARS) * counts / (counts + STARS_PRIOR_COUNT)),
        Column("popularity", "popularity", sought / most),
    ]
    return [column for column in found if column.values_N.any()]


def _column(name: str, values_N: NDArray[np.floating]) -> Column:
    return Column(name, name, np.asarray(values_N, dtype=np.float64))
