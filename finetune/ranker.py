"""The engine's ranker, learned from what shoppers chose: `python -m finetune.ranker --data online_retail`.

Weights are the most probable ones of a conditional logit under a Gaussian prior around the weights set by hand. The
scale of a ranker is free, so the hand-set weights are first brought to the scale of the choices, and the result back:
features that the choices never vary keep exactly what was set by hand.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Event
from assistant.recommend.features import columns
from assistant.recommend.history import REACH, Felt
from assistant.recommend.interactions import HistorySource, Interactions
from assistant.recommend.learned import LearnedSource
from assistant.recommend.ranker import FORMAT, WEIGHTS, content_hash
from assistant.recommend.sources import complements, neighbours
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import Wish
from finetune import impressions, interactions, metrics
from finetune.additive import Choices, Fit, fit_weights
from finetune.impressions import Impression
from finetune.interactions import Material
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders, load_image_encoder, load_text_encoder
from index.errors import SetupError

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parents[1] / "assistant" / "models" / "ranker" / "ranker.json"
FREE = frozenset({"seen", "price_habit", "brand_habit", "popularity", "novelty", "stock"})
"""Features that may count against an item; more of any other is a reason for it, and must never lower its score."""


HELD = frozenset({"seen", "popularity", "history"})
"""Features whose weights stay as set by hand, since another shop differs too much. Online Retail's customers are
resellers who order the same again: learned there, `seen` would show most shoppers what they have at home. And its
popularity rests on 220,000 events, beside which likeness of words to past items says little; in a young
shop the same weights would follow a single click, and leave a shopper's past unheard."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What requests are answered from: what is learned in it ends before the day the requests begin."""

    catalogue: Catalogue
    table: ItemTable
    sources: tuple[HistorySource, ...]
    sought_N: NDArray[np.float64]
    depth: int = 50


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn the engine's ranker from imported history (requests are made up) or from a log of impressions."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    material = interactions.load(options.data, options.shared)
    day = interactions.day_of(options.day)
    plan = impressions.Simulation(seed=options.seed, count=options.requests)
    asked = impressions.read(options.impressions) if options.impressions else impressions.simulate(material, day, plan)
    with tempfile.TemporaryDirectory() as folder:
        catalogue = catalogue_of(material, options.index or Path(folder), options.items)
        shop = shop_before(catalogue, material.log, day)
        names, made = choices(shop, material.log, asked)
    log.info("%d requests, %d with the wanted item among their candidates", len(asked), len(made.starts_Q1) - 1)
    half_Q = np.random.default_rng(options.seed).permutation(len(made.starts_Q1) - 1) % 2
    prior_F = np.array([WEIGHTS[name] for name in names])
    figures = _measured(made, half_Q, prior_F, options.tightness)
    weights_F, fit, scale = learn(made, prior_F, options.tightness)
    command = " ".join(["python -m finetune.ranker", *(sys.argv[1:] if arguments is None else arguments)])
    facts = {
        "trained_on": {"name": material.name, "licence": material.licence, "requests": len(made.starts_Q1) - 1},
        "requests": "a log of impressions" if options.impressions else "made up from words of items bought later",
        "prior": f"Gaussian around the weights set by hand times {scale:.3f}; result divided by it",
        "kept from the prior": sorted(set(WEIGHTS) - set(names) | HELD),
        "metrics": figures,
        "log_likelihood": fit.log_likelihood,
        "seed": options.seed,
        "command": command,
    }
    learned = {name: weight for name, weight in zip(names, weights_F.tolist(), strict=True) if name not in HELD}
    save(options.out, learned, facts)
    print(json.dumps(facts["metrics"], indent=1))
    for name, weight in zip(names, weights_F, strict=True):
        print(f"{name:20s} {WEIGHTS[name]:7.3f} -> {weight:7.3f}")


def learn(made: Choices, prior_F: NDArray[np.float64], tightness: float) -> tuple[NDArray[np.float64], Fit, float]:
    """Weights on the scale of the prior, the fit, and the scale that the choices have beside it."""
    hand_T1 = (made.values_TF @ prior_F.astype(np.float32))[:, None]
    one = np.ones(1)
    scaled = fit_weights(hand_T1, made.starts_Q1, made.wanted_T, prior_P=one, tightness_P=one * 1e-3)
    scale = max(float(scaled.weights_P[0]), 1e-3)
    spread_F = np.maximum(made.values_TF.std(axis=0), 1e-3).astype(np.float64)
    fit = fit_weights(
        made.values_TF,
        made.starts_Q1,
        made.wanted_T,
        prior_P=prior_F * scale,
        tightness_P=tightness * spread_F**2,
        rising_P=np.array([name not in FREE for name in made.names]),
        fixed_P=np.array([name in HELD for name in made.names]),
    )
    return fit.weights_P / scale, fit, scale


def shop_before(catalogue: Catalogue, told: Interactions, day: float) -> Shop:
    """The shop as it stood on the morning of `day`."""
    table = ItemTable.of(catalogue)
    before, _ = interactions.split_at(told, day)
    placed = Interactions.of(_lines(before), table.ids)
    sources = (neighbours.fit(placed), complements.fit(placed))
    sought_N = np.log1p(np.bincount(placed.row_E, placed.weight_E, minlength=len(table)))
    return Shop(catalogue, table, sources, sought_N / max(float(sought_N.max(initial=0.0)), 1.0))


def choices(shop: Shop, told: Interactions, asked: Sequence[Impression]) -> tuple[tuple[str, ...], Choices]:
    """The engine's own features of each request's candidates; requests without the wanted item are left out.

    Raises:
        SetupError: no request is left.
    """
    numbers = {shopper: number for number, shopper in enumerate(told.shoppers)}
    names = tuple(WEIGHTS)
    values: list[NDArray[np.float32]] = []
    wanted: list[NDArray[np.float32]] = []
    for request in asked:
        wish = Wish(words=request.words, history=_history(told, numbers.get(request.shopper), request))
        rows_R = _candidates(shop, wish, request)
        weight_R = np.array([request.wanted.get(shop.table.ids[row], 0.0) for row in rows_R], dtype=np.float32)
        if not weight_R.sum():
            continue
        felt = Felt.of(shop.table, wish.history)
        line = np.zeros((len(rows_R), len(names)), dtype=np.float32)
        for column in columns(
            shop.catalogue,
            shop.table,
            wish,
            rows_R,
            felt=felt,
            sought_N=shop.sought_N,
            learned=shop.sources,
            weighed=frozenset(WEIGHTS),
        ):
            line[:, names.index(column.feature)] += column.values_R
        values.append(line)
        wanted.append(weight_R / weight_R.sum())
    if not values:
        raise SetupError("no request has what was wanted among its candidates", hint="give another log, or another day")
    starts = np.concatenate([[0], np.cumsum([len(line) for line in values])]).astype(np.int64)
    made = Choices(names, np.concatenate(values), starts, np.concatenate(wanted))
    varied = tuple(name for f, name in enumerate(names) if _varies(made, f))
    return varied, made.only(varied)


def catalogue_of(material: Material, folder: Path, items: Path | None) -> Catalogue:
    """The catalogue of a log: its own feed where there is one, else titles and prices as the log has them."""
    folder.mkdir(parents=True, exist_ok=True)
    feed = items or folder / "items.jsonl"
    if items is None:
        lines: list[str] = []
        for item_id, title, price in zip(material.log.items, material.titles_N, material.prices_N, strict=True):
            line: dict[str, Any] = {"id": item_id, "title": title or item_id}
            if price > 0:
                line |= {"price": round(float(price), 2), "currency": "GBP"}
            lines.append(json.dumps(line))
        feed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    encoders = Encoders(load_text_encoder(), load_image_encoder())
    build(feed, folder / "index", encoders, on_bad_row="skip")
    return Catalogue.open(folder / "index", encoders.text, encoders.picture)


def save(path: Path, weights: Mapping[str, float], facts: Mapping[str, Any]) -> None:
    """Write what `AdditiveRanker.load` reads, with its hash."""
    kept: dict[str, Any] = {
        **facts,
        "format": FORMAT,
        "base": 0.0,
        "features": {name: {"weight": round(weight, 6)} for name, weight in weights.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**kept, "sha256": content_hash(kept)}, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _lines(told: Interactions) -> Iterator[tuple[str, str, float, float]]:
    for shopper, row, weight, at in zip(told.shopper_E, told.row_E, told.weight_E, told.at_E, strict=True):
        yield told.shoppers[shopper], told.items[row], float(weight), float(at)


def _history(told: Interactions, shopper: int | None, request: Impression) -> tuple[Event, ...]:
    """What the shopper bought before the moment, newest first."""
    if shopper is None:
        return ()
    past = told.past(shopper)
    before = np.flatnonzero(past.at_L < request.at - 1e-9)[::-1][:REACH]
    return tuple(
        Event(
            f"e{place}",
            request.shopper,
            "purchase",
            told.items[past.rows_L[place]],
            datetime.fromtimestamp(float(past.at_L[place]) * 86400.0, UTC),
        )
        for place in before.tolist()
    )


def _candidates(shop: Shop, wish: Wish, request: Impression) -> NDArray[np.int64]:
    if request.shown:
        known = [shop.table.rows[item] for item in request.shown if item in shop.table.rows]
        return np.array(known, dtype=np.int64)
    allowed_N = np.ones(len(shop.table), dtype=np.bool_)
    rows = [shop.table.best(shop.sought_N, allowed_N, shop.depth // 2)]
    if wish.words:
        query_N = shop.table.text_NT @ shop.catalogue.encode_text(wish.words)
        rows += [shop.table.best(query_N, allowed_N, shop.depth)]
        rows += [shop.table.best(shop.catalogue.word_scores_N(wish.words), allowed_N, shop.depth)]
    for source in shop.sources:
        hits = LearnedSource(source, shop.table, shop.catalogue).find(Wish(history=wish.history), shop.depth)
        rows.append(np.array([shop.table.rows[hit.item_id] for hit in hits], dtype=np.int64))
    return np.unique(np.concatenate(rows))


def _varies(made: Choices, f: int) -> bool:
    """Whether a feature tells candidates of one request apart in at least one in a hundred requests."""
    heads = made.starts_Q1[:-1]
    line = made.values_TF[:, f]
    return float((np.maximum.reduceat(line, heads) > np.minimum.reduceat(line, heads)).mean()) >= 0.01


def _measured(
    made: Choices, half_Q: NDArray[np.int64], prior_F: NDArray[np.float64], tightness: float
) -> dict[str, str]:
    """NDCG@10 and HR@10 on each half by weights of the other, and by those set by hand; with words and without."""
    learned_Q = np.zeros(len(half_Q), dtype=np.int64)
    hand_Q = _ranks(made, prior_F)
    for half in (0, 1):
        weights_F, _, _ = learn(made.take(np.flatnonzero(half_Q != half)), prior_F, tightness)
        learned_Q = np.where(half_Q == half, _ranks(made, weights_F), learned_Q)
    worded_Q = np.zeros(len(half_Q), dtype=np.bool_)
    if "query" in made.names:
        worded_Q = np.maximum.reduceat(made.values_TF[:, made.names.index("query")], made.starts_Q1[:-1]) > 0
    found: dict[str, str] = {}
    for title, kept in (("all", np.ones_like(worded_Q)), ("with words", worded_Q), ("without words", ~worded_Q)):
        if kept.any():
            for name, ranks_Q in (("learned", learned_Q), ("by hand", hand_Q)):
                found[f"{title}, {name}: ndcg@10"] = str(metrics.interval(metrics.gains(ranks_Q[kept], 10)))
                found[f"{title}, {name}: hr@10"] = str(metrics.interval(metrics.hits(ranks_Q[kept], 10)))
            gained = metrics.difference(metrics.gains(learned_Q[kept], 10), metrics.gains(hand_Q[kept], 10))
            found[f"{title}, learned less by hand: ndcg@10"] = str(gained)
    return found


def _ranks(made: Choices, weights_F: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rank of the best wanted candidate of each request; ties count against it."""
    score_T = made.values_TF @ weights_F
    counts = np.diff(made.starts_Q1)
    wanted_T = made.wanted_T > 0
    best_Q = np.maximum.reduceat(np.where(wanted_T, score_T, -np.inf), made.starts_Q1[:-1])
    ahead_T = (score_T >= np.repeat(best_Q, counts)) & ~wanted_T
    return np.add.reduceat(ahead_T.astype(np.int64), made.starts_Q1[:-1])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m finetune.ranker", description=main.__doc__)
    parser.add_argument(
        "--data", default="online_retail", help="online_retail, or a CSV or Parquet file of interactions"
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds data/")
    parser.add_argument("--items", type=Path, help="the shop's feed (JSON Lines); else titles and prices of the log")
    parser.add_argument("--index", type=Path, help="folder where the index of the items is kept for the next time")
    parser.add_argument("--impressions", type=Path, help="a log of impressions; else requests are made up")
    parser.add_argument("--from", dest="day", default="2011-09-01", help="requests begin on this day, history ends")
    parser.add_argument("--requests", type=int, default=2000, help="how many requests are made up")
    parser.add_argument("--tightness", type=float, default=200.0, help="how many requests the hand-set weights weigh")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    return parser


if __name__ == "__main__":
    main()
