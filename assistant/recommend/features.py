"""Named features of candidates for a wish: what the ranker weighs and reasons speak of.

Legend: R rows asked for, N rows of the catalogue.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Constraint
from assistant.recommend.history import Felt, habits, kinship, source_features
from assistant.recommend.interactions import HistorySource
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue
from index.filters import NEGATIVE, Condition, Op, has_own_prices, holds
from index.items import Money
from index.offers import as_offered

FloatsR = NDArray[np.float64]
Rows = NDArray[np.int64]

_SLACK = 0.25
"""What staying far below a budget adds to keeping it."""
_KIN = 0.5
"""What a title close to the kind asked for adds to being of that kind."""


@dataclass(frozen=True, slots=True)
class Column:
    """One feature over R candidates.

    Attributes:
        name: the contribution it makes, e.g. `preference:c2`.
        feature: what the ranker knows it as, e.g. `preference.soft`.
        of_history: made from the shopper's past, and so shared out over past items.
    """

    name: str
    feature: str
    values_R: FloatsR
    of_history: bool = False


@dataclass(frozen=True, slots=True)
class Aspects:
    """What buyers say of items, from -1 (complaints) to 1 (praise); 0 where nobody says anything.

    Attributes:
        tone_N: of an item as a whole.
        sentiment_N: aspect -> of that alone.
        named: words of a request -> the aspects they name.
    """

    tone_N: FloatsR
    sentiment_N: Mapping[str, FloatsR]
    named: Callable[[str], Sequence[str]]


def columns(
    catalogue: Catalogue,
    table: ItemTable,
    wish: Wish,
    rows_R: Rows,
    *,
    felt: Felt,
    sought_N: FloatsR,
    learned: Sequence[HistorySource] = (),
    weighed: Collection[str] = (),
    aspects: Aspects | None = None,
) -> list[Column]:
    """All features of the rows for a wish, in a fixed order. A feature that has nothing to go by is left out.

    Args:
        felt: the wish's history.
        sought_N: how sought each item is by everybody, from 0 to 1.
        learned: history sources. weighed: those of their features (see `source_features`) that the ranker weighs.
    """
    if not len(rows_R):
        return []
    found = [
        *_request(catalogue, table, wish, rows_R),
        *_asked(catalogue, table, wish, rows_R),
        *_past(table, felt, rows_R, learned, weighed),
        *_standing(table, rows_R, sought_N),
        *_said(wish, rows_R, aspects),
    ]
    return [column for column in found if column.values_R.any()]


def _request(catalogue: Catalogue, table: ItemTable, wish: Wish, rows_R: Rows) -> list[Column]:
    found: list[Column] = []
    if wish.words.strip():
        found.append(_column("query", table.text_NT[rows_R] @ catalogue.encode_text(wish.words)))
        found.append(_column("words", catalogue.word_scores_N(wish.words)[rows_R]))
    if wish.picture is not None:
        found.append(_column("picture", table.looks_NP[rows_R] @ catalogue.encode_picture(wish.picture)))
    if wish.like is not None:
        like = np.array([table.rows[wish.like]], dtype=np.int64)
        found.append(_column("similar", table.likeness(rows_R, like)[:, 0]))
    return found


def _asked(catalogue: Catalogue, table: ItemTable, wish: Wish, rows_R: Rows) -> list[Column]:
    """A column for each ledger entry that says something of items by its field; upper limits of price make one."""
    found: list[Column] = []
    budget_R = np.zeros(len(rows_R))
    for entry in wish.ledger:
        condition = entry.condition
        holds_R = _holding(catalogue, condition, rows_R)
        if condition.field == "price" and isinstance(condition.value, Money) and condition.op in (Op.LE, Op.LT):
            limit = max(condition.value.amount_minor, 1)
            share_R = np.nan_to_num(_prices(catalogue, table, wish, rows_R) / limit, nan=1.0)
            budget_R += holds_R * (1.0 + _SLACK * np.clip(1.0 - share_R, 0.0, 1.0))
        elif condition.field == "kind":
            found.append(Column(_own(entry, wish, "kind"), "kind", _kind(catalogue, table, entry, holds_R, rows_R)))
        elif condition.field not in ("id", "text"):
            found.append(Column(f"preference:{entry.id}", f"preference.{entry.kind}", holds_R))
    return [Column("budget", "budget", budget_R), *found]


def _prices(catalogue: Catalogue, table: ItemTable, wish: Wish, rows_R: Rows) -> FloatsR:
    """What each item costs in minor units; where variants have prices of their own, what is shown for this wish."""
    prices_R = table.price_minor_N[rows_R].astype(np.float64)
    for at, row in enumerate(rows_R.tolist()):
        item = catalogue.item_at(row)
        if has_own_prices(item):
            price = as_offered(item, wish.conditions, wish.preferences).price
            prices_R[at] = price.amount_minor if price else np.nan
    return prices_R


def _own(entry: Constraint, wish: Wish, name: str) -> str:
    """`kind` for the first entry of that field, and a name of its own for any other."""
    first = next(other for other in wish.ledger if other.condition.field == name)
    return name if first.id == entry.id else f"preference:{entry.id}"


def _kind(catalogue: Catalogue, table: ItemTable, entry: Constraint, holds_R: FloatsR, rows_R: Rows) -> FloatsR:
    """Being of the kind asked for, and how near the item's words come to it."""
    value = entry.condition.value
    if entry.condition.op in NEGATIVE or isinstance(value, Money):
        return holds_R
    named = " ".join(value) if isinstance(value, tuple) else str(value)
    cosines_R = table.text_NT[rows_R] @ catalogue.encode_text(named)
    return holds_R * (1.0 + _KIN * np.clip(cosines_R.astype(np.float64), 0.0, 1.0))


def _holding(catalogue: Catalogue, condition: Condition, rows_R: Rows) -> FloatsR:
    return np.array([holds(catalogue.item_at(int(row)), condition) for row in rows_R], dtype=np.float64)


def _past(
    table: ItemTable, felt: Felt, rows_R: Rows, learned: Sequence[HistorySource], weighed: Collection[str]
) -> list[Column]:
    if not felt.events and not felt.refused:
        return []
    habit = habits(table, felt, rows_R)
    if not felt.events:
        return [Column("seen", "seen", habit.seen_R)]
    past = felt.past()
    return [
        Column("history", "history", kinship(table, felt, rows_R) @ felt.weights_E, of_history=True),
        *(
            Column(name, name, values_BR[0], of_history=True)
            for source in learned
            for name, values_BR in source_features(source, [past], rows_R).items()
            if name in weighed
        ),
        Column("brand_habit", "brand_habit", habit.brand_R),
        Column("price_habit", "price_habit", habit.price_R),
        Column("seen", "seen", habit.seen_R),
    ]


def _standing(table: ItemTable, rows_R: Rows, sought_N: FloatsR) -> list[Column]:
    """What an item brings whoever asks."""
    return [
        Column("rating", "rating", table.rating_N[rows_R]),
        Column("popularity", "popularity", sought_N[rows_R]),
        Column("novelty", "novelty", table.novelty_N[rows_R]),
        Column("stock", "stock", table.stock_N[rows_R] - 1.0),  # running out counts against; plenty is how it should be
    ]


def _said(wish: Wish, rows_R: Rows, aspects: Aspects | None) -> list[Column]:
    """What buyers say of items as a whole, and of each aspect the request names."""
    if aspects is None:
        return []
    named = dict.fromkeys(aspects.named(wish.words)) if wish.words else ()
    asked = [Column(f"review:{a}", "review", aspects.sentiment_N[a][rows_R]) for a in named if a in aspects.sentiment_N]
    return [Column("reviews", "reviews", aspects.tone_N[rows_R]), *asked]


def _column(name: str, values_R: NDArray[np.floating]) -> Column:
    return Column(name, name, np.asarray(values_R, dtype=np.float64))
