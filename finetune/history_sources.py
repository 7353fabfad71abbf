"""All history sources of a log, fitted or, where a folder holds them for the very same log, read."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Interactions
from assistant.recommend.sources import complements, factors, linear_autoencoder, neighbours, popular_log, wording
from assistant.recommend.sources.factors import FactorConfig, FactorSource
from assistant.recommend.sources.links import LinkSource
from assistant.recommend.sources.neighbours import NeighbourConfig
from finetune.interactions import Material
from finetune.windows import anything_follows
from index.errors import SetupError

log = logging.getLogger(__name__)

FOLLOW = NeighbourConfig(gap=0.5, back=0.0, length=0.0, source=0.7, target=0.2, recency=0.3)
"""What came right after the last items, and in that order only."""

TOGETHER = NeighbourConfig(gap=1.0, back=1.0, length=0.5, source=0.5, target=0.2, recency=0.8, reach=50)
"""What the same shoppers sought, in whatever order: close to cosine, but milder on the popular."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: sources of a log, for one seed.

    Attributes:
        material: where titles and baskets come from. basket_E: those of `events`, or None.
        text_ND: vectors of the titles, for the sources that read them; None: those begin with chance.
        folder: where costly sources are kept; None: nowhere.
    """

    material: Material
    events: Interactions
    basket_E: NDArray[np.int64] | None
    seed: int
    text_ND: NDArray[np.float32] | None = None
    folder: Path | None = None


def fit_all(names: Sequence[str], order: Order) -> list[HistorySource]:
    """The sources of these names, in this order.

    Raises:
        ValueError: a name is none of `SOURCES`.
        SetupError: a package that one needs is not installed, or the log is too small for one to learn from.
        WeightsError: what the folder holds is damaged.
    """
    unknown = [name for name in names if name not in SOURCES]
    if unknown:
        raise ValueError(f"no source {unknown[0]!r}; there are {', '.join(SOURCES)}")
    found: list[HistorySource] = []
    for name in names:
        begun = time.perf_counter()
        found.append(SOURCES[name](order))
        log.info("%s ready after %.1f s", name, time.perf_counter() - begun)
    return found


def _autoencoder(order: Order) -> HistorySource:
    kept = _kept(order, "autoencoder", "manifest.json")
    if kept is not None and (source := LinkSource.load(kept)).facts.get("log") == _digest(order):
        return source
    source = linear_autoencoder.fit(order.events)
    source = LinkSource(source.name, source.links, source.recency, {**source.facts, "log": _digest(order)})
    if order.folder is not None:
        source.save(order.folder / "autoencoder")
    return source


def _factors(order: Order) -> HistorySource:
    kept = _kept(order, f"factors-{order.seed}", "manifest.json")
    if kept is not None and (source := FactorSource.load(kept)).facts.get("log") == _digest(order):
        return source
    source = factors.fit(order.events, FactorConfig(seed=order.seed))
    facts = {**source.facts, "log": _digest(order)}
    source = FactorSource(source.items_Nd, source.ridge, source.trust, source.recency, facts, source.name)
    if order.folder is not None:
        source.save(order.folder / f"factors-{order.seed}")
    return source


def _sequence(order: Order) -> HistorySource:
    """The user model without its count of what it has seen: among other sources words have a source of their own, and
    the ranker over all was better without hearing them twice (docs/log.md)."""
    from assistant.recommend import user_model as served
    from assistant.recommend.known import Known
    from assistant.recommend.sources.sequence import SequenceSource
    from finetune import user_model

    kept = _kept(order, f"sequence-{order.seed}", served.MANIFEST_FILE)
    if kept is not None:
        model, facts = served.load(kept)
        if facts.get("data", {}).get("sha256") == _digest(order):
            return SequenceSource(model, order.text_ND)
    _refuse_if_nothing_follows("sequence", order)
    model = user_model.train(order.events, order.text_ND, user_model.Training(seed=order.seed))
    if order.folder is not None:
        data = {"name": order.material.name, "licence": order.material.licence, "sha256": _digest(order)}
        served.save(
            model, order.folder / f"sequence-{order.seed}", {"data": data}, Known.of(order.events, order.text_ND)
        )
    return SequenceSource(model, order.text_ND)


def _graph(order: Order) -> HistorySource:
    from assistant.recommend.sources.graph import GraphSource
    from finetune import graph

    kept = _kept(order, f"graph-{order.seed}", "graph.json")
    if kept is not None and (kept / "log.txt").is_file() and (kept / "log.txt").read_text() == _digest(order):
        return GraphSource.load(kept)
    _refuse_if_nothing_follows("graph", order)
    source = graph.train(order.events, graph.GraphTraining(seed=order.seed), vectors_ND=order.text_ND)
    if order.folder is not None:
        source.save(order.folder / f"graph-{order.seed}", {"data": {"name": order.material.name}})
        (order.folder / f"graph-{order.seed}" / "log.txt").write_text(_digest(order))
    return source


SOURCES: Mapping[str, Callable[[Order], HistorySource]] = {
    "neighbours": lambda order: neighbours.fit(order.events),
    "follow": lambda order: neighbours.fit(order.events, FOLLOW, name="follow"),
    "together": lambda order: neighbours.fit(order.events, TOGETHER, name="together"),
    "autoencoder": _autoencoder,
    "factors": _factors,
    "complements": lambda order: complements.fit(order.events, basket_E=order.basket_E),
    "wording": lambda order: wording.fit(order.material.titles_N),
    "popular_log": lambda order: popular_log.fit(order.events),
    "sequence": _sequence,
    "graph": _graph,
}
"""Every history source by name. `sequence` and `graph` are trained by PyTorch and take minutes."""


def _refuse_if_nothing_follows(name: str, order: Order) -> None:
    if not anything_follows(order.events):
        raise SetupError(
            f"the source {name} learns from shoppers with two items or more, and what may be learned from has none",
            hint=f"give a longer history, or leave {name} out with --sources",
        )


def _kept(order: Order, name: str, manifest: str) -> Path | None:
    folder = None if order.folder is None else order.folder / name
    return folder if folder is not None and (folder / manifest).is_file() else None


def _digest(order: Order) -> str:
    from finetune.user_model import fingerprint

    return fingerprint(order.events)
