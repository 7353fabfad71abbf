"""Logs to learn from and to measure on: the shared sets, CSV and Parquet files, our own events; and their splits.

A file of interactions has a header and one line an interaction, in any order:
  shopper (or user_id, customer_id), item (or item_id, sku)     required
  at (or timestamp, time, date): seconds or milliseconds since 1970, or an ISO date, none of them in the future; without
    it lines are in time order
  kind: view, click, cart, purchase, rating, like, dislike, not_interested; without it `weight`, or 1
  value: the stars of a rating; title: the item's
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Interactions
from assistant.recommend.wish import EVENT_WEIGHTS
from index.errors import SetupError

_DAY_S = 86_400.0
_SHOPPER = ("shopper", "shopper_id", "user_id", "user", "customer_id")
_ITEM = ("item", "item_id", "sku", "product_id")
_AT = ("at", "timestamp", "time", "date")


@dataclass(frozen=True, slots=True)
class Material:
    """A log and what is known of its items.

    Attributes:
        licence: of the set, as stated by who published it; weights may ship only if it allows that.
        titles_N, prices_N: in the order of `log.items`; "" and NaN where unknown.
        basket_E: which purchase an interaction belongs to, or None where the set does not say.
    """

    name: str
    licence: str
    log: Interactions
    titles_N: tuple[str, ...]
    prices_N: NDArray[np.float64]
    basket_E: NDArray[np.int64] | None = None


def load(name: str, shared: Path) -> Material:
    """The set `beauty` or `online_retail` of the folder `shared/data`, or any CSV or Parquet file by its path.

    Raises:
        SetupError: there is no such set or file, or it lacks what it needs.
    """
    if name in _SETS:
        folder = shared / "data" / name
        if not folder.is_dir():
            raise SetupError(f"no folder {folder}", hint="give the folder that holds data/ with --shared")
        return _SETS[name](folder)
    path = Path(name)
    if not path.is_file():
        raise SetupError(f"no set or file {name!r}", hint=f"give one of {', '.join(sorted(_SETS))}, or a file")
    return read_table(path)


def beauty(folder: Path) -> Material:
    """Amazon Beauty 5-core: items in the order of its list; the order of a shopper's items is known, times are not."""
    items = _json_lines(folder / "items.jsonl")
    order = [str(item["item_id"]) for item in items]
    sequences = _json_lines(folder / "sequences.jsonl")
    lines = [(str(line["user_id"]), str(item), 1.0, 0.0) for line in sequences for item in line["items"]]
    log = Interactions.of(lines, order)
    titles = tuple(str(item["title"]) for item in items)
    return Material("beauty", "research use, no explicit licence", log, titles, np.full(len(order), np.nan))


def online_retail(folder: Path) -> Material:
    """UCI Online Retail: one interaction for each item of a basket, in the order of its first line.

    Lines without a customer and of cancelled (negative) quantities are dropped; a title is the most frequent one,
    a price the median.
    """
    import pyarrow as pa
    from pyarrow import parquet

    columns = ["CustomerID", "StockCode_mapped", "InvoiceDate", "basket_id", "Quantity", "Description", "UnitPrice"]
    table: Any = parquet.read_table(folder / "transactions.parquet", columns=columns)
    us = table["InvoiceDate"].cast(pa.timestamp("us")).cast(pa.int64())  # as numbers: moments are slow, and local
    table = table.set_column(table.column_names.index("InvoiceDate"), "InvoiceDate", us).to_pydict()
    rows = zip(*(cast("list[Any]", table[column]) for column in columns), strict=True)
    lines: dict[tuple[str, str, int], float] = {}
    titles: dict[str, Counter[str]] = {}
    prices: dict[str, list[float]] = {}
    for customer, item, at, basket, quantity, title, price in rows:
        if customer is None or np.isnan(customer) or quantity <= 0 or not item:
            continue
        lines.setdefault((str(int(customer)), item, int(basket)), at / 1e6 / _DAY_S)
        titles.setdefault(item, Counter())[title or ""] += 1
        prices.setdefault(item, []).append(price)
    baskets = [basket for _, _, basket in lines]
    events = [(shopper, item, 1.0, at) for (shopper, item, _), at in lines.items()]
    log, taken = _log(events)
    return Material(
        "online_retail",
        "CC BY 4.0, UCI Online Retail, Daqing Chen, doi.org/10.24432/C5BW33",
        log,
        tuple(titles[item].most_common(1)[0][0] for item in log.items),
        np.array([np.median(prices[item]) for item in log.items]),
        np.array(baskets, dtype=np.int64)[taken],
    )


def read_table(path: Path) -> Material:
    """The interactions of a CSV or Parquet file; the module's docstring says its columns.

    Raises:
        SetupError: a required column is missing, there is no line, or one cannot be read.
    """
    columns = _columns(path)
    shoppers, items = _ids(columns, _SHOPPER, path), _ids(columns, _ITEM, path)
    if not items:
        raise SetupError(f"{path.name} has no events", hint="give a file with a line for each event")
    at = next((columns[name] for name in _AT if name in columns), None)
    days = _days(at, path) if at is not None else np.zeros(len(shoppers))
    kinds = columns.get("kind")
    if kinds is None:
        try:
            weights = [float(weight) for weight in columns.get("weight", [1.0] * len(items))]
        except (TypeError, ValueError) as error:
            raise SetupError(f"{path.name} has a weight that is no number", hint=str(error)) from error
        if not np.isfinite(weights).all():
            raise SetupError(f"{path.name} has a weight that is no number", hint="leave the column out for equal ones")
    else:
        stars = columns.get("value", [None] * len(items))
        weights = [_weight(str(kind), value, path) for kind, value in zip(kinds, stars, strict=True)]
    log, _ = _log(list(zip(shoppers, items, weights, days.tolist(), strict=True)))
    named = dict(zip(items, [str(title or "") for title in columns.get("title", [""] * len(items))], strict=True))
    titles = tuple(named[item] for item in log.items)
    return Material(path.stem, "the owner's", log, titles, np.full(len(titles), np.nan))


def split_at(log: Interactions, day: float) -> tuple[Interactions, Interactions]:
    """What was before `day` (days since 1970), and what was from it on; shoppers and items stay as they are."""
    return log.kept(log.at_E < day), log.kept(log.at_E >= day)


def day_of(date: str) -> float:
    """Days since 1970 of an ISO date, taken as UTC.

    Raises:
        ValueError: it is none.
    """
    return float(np.datetime64(date, "s").astype(np.int64)) / _DAY_S


def _log(events: list[tuple[str, str, float, float]]) -> tuple[Interactions, NDArray[np.int64]]:
    """The log, and which line each of its interactions was."""
    log = Interactions.of(events)
    numbers = {shopper: number for number, shopper in enumerate(log.shoppers)}
    shopper_E = np.array([numbers[event[0]] for event in events], dtype=np.int64)
    return log, np.lexsort((np.arange(len(events)), np.array([event[3] for event in events]), shopper_E))


def _weight(kind: str, value: Any, path: Path) -> float:  # Any: a cell of a file
    """As `weight_of` has it of our own events: a rating from -1 (one star) to 1 (five)."""
    try:
        weight = EVENT_WEIGHTS[cast(Any, kind)]  # a KeyError for a kind that is none
        return weight * (float(value if value not in (None, "") else 3.0) - 3.0) / 2.0 if kind == "rating" else weight
    except (KeyError, TypeError, ValueError) as error:
        known = ", ".join(EVENT_WEIGHTS)
        raise SetupError(f"{path.name} has an event {kind!r} of value {value!r}", hint=f"kinds are {known}") from error


def _columns(path: Path) -> dict[str, list[Any]]:
    import pyarrow as pa
    from pyarrow import csv, parquet

    try:
        table = parquet.read_table(path) if path.suffix == ".parquet" else csv.read_csv(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise SetupError(f"{path.name} cannot be read as a table", hint="give CSV with a header, or Parquet") from error
    names = [str(name).strip().lower() for name in table.column_names]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SetupError(f"{path.name} has two columns {twice!r}", hint="leave one of them out")
    return {name: _cells(table.column(at)) for at, name in enumerate(names)}


_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def _cells(column: Any) -> list[Any]:  # Any: pyarrow has no types
    """The cells; moments as seconds since 1970, for there are more of them than Python's own can hold."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        per_second = _PER_SECOND[column.type.unit]
        return [None if one is None else one / per_second for one in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_date32(column.type):
        return [None if one is None else one * _DAY_S for one in column.cast(pa.int32()).to_pylist()]
    return column.to_pylist()


def _ids(columns: dict[str, list[Any]], names: Sequence[str], path: Path) -> list[str]:
    """The ids of a column that goes by any of these names."""
    found = next((columns[name] for name in names if name in columns), None)
    if found is None:
        raise SetupError(f"{path.name} has no column {names[0]!r}", hint=f"any of {', '.join(names)} will do")
    texts = ["" if one is None or one != one else str(one) for one in found]  # NaN is no id
    blank = next((at for at, text in enumerate(texts) if not text.strip()), None)
    if blank is not None:
        raise SetupError(f"{path.name}: event {blank + 1} has no {names[0]}", hint="leave such lines out")
    return texts


def _days(values: list[Any], path: Path) -> NDArray[np.float64]:
    days = _read_days(values, path)
    odd = np.flatnonzero(~((days >= 0) & (days <= time.time() / _DAY_S + 1)))  # one day ahead, for clocks elsewhere
    if len(odd):
        told = f"{path.name}: event {int(odd[0]) + 1} has a moment before 1970, in the future, or none"
        raise SetupError(told, hint="seconds since 1970 or ISO dates; leave the column out where they are not known")
    return days


def _read_days(values: list[Any], path: Path) -> NDArray[np.float64]:
    try:
        if all(isinstance(value, int | float) for value in values):
            seconds = np.array(values, dtype=np.float64)
            return np.where(seconds > 1e11, seconds / 1000.0, seconds) / _DAY_S  # past 1e11 they are milliseconds
        naive = [str(value).replace(" ", "T").removesuffix("Z").removesuffix("+00:00") for value in values]
        return np.array(naive, dtype="datetime64[us]").astype(np.int64) / 1e6 / _DAY_S
    except (ValueError, TypeError) as error:
        raise SetupError(f"{path.name} has a moment that is no number and no ISO date", hint=str(error)) from error


def _json_lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read", hint="check the shared folder") from error


_SETS = {"beauty": beauty, "online_retail": online_retail}
