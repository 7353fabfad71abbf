"""Top lists for every shopper of a log: `python -m finetune.recommend --data beauty --seed 1 --out lists.parquet`.

The ranker is learned on what each shopper turned to last (or, where times are known, in the last month), by sources
that have not seen it. Then the sources are fitted again on everything given, and the ranker weighs what they say.
"""

import argparse
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import RowsL
from finetune import history_sources, interactions, stack
from finetune.additive import scores
from finetune.candidates import SHOWN, top
from finetune.history_sources import Order
from finetune.stack import Task
from index.errors import SetupError

log = logging.getLogger(__name__)

DEFAULT = ("neighbours", "follow", "together", "complements", "wording", "popular_log", "sequence")
MONTH_DAYS = 30.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the lists as Parquet (user_id, rank from 1, item_id, score), and beside them what the ranker weighs."""
    told = parser("python -m finetune.recommend", str(main.__doc__))
    told.add_argument("--out", type=Path, default=Path("lists.parquet"))
    told.add_argument("--k", type=int, default=SHOWN, help="length of a list")
    told.add_argument("--keep-seen", action="store_true", help="items of the past may be recommended again")
    options = told.parse_args(arguments)
    names = sources_named(options.sources)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    begun = time.perf_counter()
    material = interactions.load(options.data, options.shared)
    text_ND = text_vectors_for(names, material.titles_N)
    learning = task(material, keep_seen=options.keep_seen)
    models = options.models
    found = stack.candidates(
        learning, history_sources.fit_all(names, order(learning, options.seed, text_ND, models, "held"))
    )
    curves, likelihood = stack.learn(found)
    log.info("ranker learned on %d requests, mean log likelihood %.4f", len(learning.requests), likelihood)
    asked = stack.everything(material, keep_seen=options.keep_seen)
    sources = history_sources.fit_all(names, order(asked, options.seed, text_ND, models, "all"))
    found = stack.candidates(asked, sources)
    score_T = scores(curves, found.choices.names, found.choices.values_TF)
    rows_Qk, scores_Qk = top(found.row_T, score_T, found.choices.starts_Q1, options.k)
    write(options.out, asked, rows_Qk, scores_Qk)
    facts: dict[str, Any] = {
        "data": {"name": material.name, "licence": material.licence},
        "sources": names,
        "seed": options.seed,
        "command": " ".join(["python -m finetune.recommend", *(sys.argv[1:] if arguments is None else arguments)]),
        "seconds": round(time.perf_counter() - begun, 1),
        "log_likelihood": likelihood,
        "features": {name: curve.to_json() for name, curve in curves.items()},
    }
    options.out.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"{len(rows_Qk)} lists written to {options.out} in {facts['seconds']} s")


def parser(prog: str, says: str) -> argparse.ArgumentParser:
    """What this command and the evaluation are both told."""
    made = argparse.ArgumentParser(prog=prog, description=says)
    made.add_argument("--data", required=True, help="beauty, online_retail, or a CSV or Parquet file of interactions")
    made.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds data/")
    made.add_argument("--seed", type=from_zero, default=1)
    others = ", ".join(name for name in history_sources.SOURCES if name not in DEFAULT)
    says = f"which sources, by name, with commas; default: {','.join(DEFAULT)}; there are also {others}"
    made.add_argument("--sources", default=",".join(DEFAULT), help=says)
    made.add_argument("--models", type=Path, help="folder where costly sources are kept, and taken from if they fit")
    return made


def from_zero(text: str) -> int:
    """The number that a text is.

    Raises:
        ValueError: it is no whole number of 0 or more; the parser says so.
    """
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def sources_named(text: str) -> list[str]:
    """The names of sources, each once.

    Raises:
        SetupError: there is no source of a name.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    unknown = next((name for name in names if name not in history_sources.SOURCES), None)
    if unknown is not None:
        raise SetupError(f"there is no source {unknown!r}", hint=f"sources are {', '.join(history_sources.SOURCES)}")
    return names


def task(material: interactions.Material, *, keep_seen: bool) -> Task:
    """What the ranker is learned on: the last month's first baskets where times are known, else last items."""
    at_E = material.log.at_E
    if float(np.ptp(at_E)) > 2 * MONTH_DAYS:
        day = float(np.floor(at_E.max())) - MONTH_DAYS
        return stack.next_baskets(material, day, keep_seen=keep_seen)
    return stack.last_items(material, keep_seen=keep_seen)


def order(asked: Task, seed: int, text_ND: NDArray[np.float32] | None, models: Path | None, part: str) -> Order:
    """The order for sources of a task; costly ones are kept in a folder of that part."""
    folder = None if models is None else models / part
    return Order(asked.material, asked.events, asked.basket_E, seed, text_ND, folder)


def text_vectors_for(names: Sequence[str], titles: Sequence[str]) -> NDArray[np.float32] | None:
    """The titles' vectors, if any of these sources reads them."""
    if not {"sequence", "graph"} & set(names):
        return None
    from finetune.vectors import text_vectors
    from index.encoders import load_text_encoder

    return text_vectors(titles, load_text_encoder())


def write(path: Path, asked: Task, rows_Qk: RowsL, scores_Qk: NDArray[np.float64]) -> None:
    """One line for each shopper and place: user_id, rank (from 1), item_id, score. Ids of digits only are numbers."""
    import pyarrow as pa
    from pyarrow import parquet

    line, place = np.nonzero(rows_Qk >= 0)
    shoppers = [asked.events.shoppers[asked.requests[q].shopper] for q in line]
    items = [asked.events.items[row] for row in rows_Qk[line, place]]
    table = pa.table(
        {
            "user_id": pa.array(_numbers(shoppers)),
            "rank": pa.array((place + 1).astype(np.int64)),
            "item_id": pa.array(_numbers(items)),
            "score": pa.array(scores_Qk[line, place]),
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path)


def _numbers(ids: list[str]) -> list[int] | list[str]:
    plain = all(each.isdecimal() and str(int(each)) == each for each in ids)
    return [int(each) for each in ids] if plain else ids


if __name__ == "__main__":
    main()
