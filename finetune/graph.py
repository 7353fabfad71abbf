"""Interactions -> item vectors smoothed over the graph of who sought what: `python -m finetune.graph --help`.

LightGCN without vectors for shoppers: they begin at zero and are made of their items, so that anybody can be folded
in. Trained by the full softmax of each item against the rest of its shopper's, nearer events counting more.

Legend: S shoppers, N items, E interactions, d numbers, B shoppers of a batch.
"""

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor
from torch.nn.functional import normalize

from assistant.recommend.interactions import Interactions
from assistant.recommend.sources.graph import GraphSource
from finetune import interactions, metrics
from finetune.held_out import are_repeated, held_ranks
from finetune.softmax import full_softmax_loss, narrow_type
from finetune.vectors import text_vectors
from finetune.windows import anything_follows
from index.encoders import load_text_encoder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphTraining:
    """How the graph's vectors are trained. Beginning with the vectors of words, two passes are enough.

    Attributes:
        dim: d. layers: how many hops from item to item (through their shoppers) are averaged.
        fading, asked_fading: what an event counts against the one after it, in training and when asked.
        scale: of the cosines in the softmax. epochs, events: passes, and events in a batch. rate, decay: of AdamW.
        edge_dropout: share of edges left out in a step. width: of a normal distribution the vectors begin with.
        seed: of all chance.
    """

    dim: int = 192
    layers: int = 1
    fading: float = 0.6
    asked_fading: float = 0.45
    scale: float = 20.0
    epochs: int = 2
    events: int = 4096
    rate: float = 1e-2
    decay: float = 0.05
    edge_dropout: float = 0.0
    width: float = 0.1
    seed: int = 0


class _Gather(torch.autograd.Function):
    """A constant sparse matrix times vectors."""

    # What torch declares takes any arguments at all, hence the ignores.
    @staticmethod
    def forward(ctx: Any, vectors_Nd: Tensor, matrix_BN: Any) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx.matrix_BN = matrix_BN
        return torch.from_numpy(matrix_BN @ vectors_Nd.detach().numpy())

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return torch.from_numpy(ctx.matrix_BN.T @ grad.numpy()), None


def adjacency(events: Interactions, keep_E: NDArray[np.bool_] | None = None) -> Any:  # a scipy.sparse.csr_array
    """half_SN: 1 / sqrt(degree of the shopper x degree of the item) where a shopper liked an item, else 0."""
    liked_E = events.weight_E > 0
    if keep_E is not None:
        liked_E &= keep_E
    shopper_E, row_E = events.shopper_E[liked_E], events.row_E[liked_E]
    shape = (len(events.shoppers), len(events.items))
    half = sparse.csr_array((np.ones(len(row_E), dtype=np.float32), (shopper_E, row_E)), shape=shape)
    half.data[:] = 1.0  # sought twice is one edge
    degree_S = np.maximum(half.sum(1), 1.0)
    degree_N = np.maximum(half.sum(0), 1.0)
    scaled = sparse.diags_array(degree_S**-0.5) @ half @ sparse.diags_array(degree_N**-0.5)
    return sparse.csr_array(scaled, dtype=np.float32)


def smoothed(vectors_Nd: Tensor, half_SN: Any, layers: int) -> Tensor:
    """items_Nd of unit length: the mean over 0 ... `layers` hops."""
    total = layer = vectors_Nd
    for _ in range(layers):
        layer = _Gather.apply(_Gather.apply(layer, half_SN), half_SN.T)
        total = total + layer
    return normalize(total, dim=-1)


def train(
    events: Interactions, plan: GraphTraining | None = None, *, vectors_ND: NDArray[np.float32] | None = None
) -> GraphSource:
    """The source trained on `events`.

    Args:
        vectors_ND: text vectors to begin with (reduced to d numbers) rather than with chance.

    Raises:
        ValueError: nobody in `events` has two items.
    """
    if not anything_follows(events):
        raise ValueError("nobody in the log has two items: nothing goes with anything")
    plan = plan or GraphTraining()
    torch.manual_seed(plan.seed)
    generator = np.random.default_rng(plan.seed)
    vectors_Nd = torch.nn.Parameter(_beginning(events, plan, vectors_ND, generator))
    optimiser = torch.optim.AdamW([vectors_Nd], lr=plan.rate, weight_decay=plan.decay, fused=True)
    seen_K = np.unique(events.row_E[events.weight_E > 0])
    place_N = np.full(len(events.items), -1, dtype=np.int64)
    place_N[seen_K] = np.arange(len(seen_K))
    narrow = narrow_type()
    batches = _batches(events, plan.events)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=plan.rate, total_steps=plan.epochs * len(batches) + 1, pct_start=0.1, anneal_strategy="cos"
    )
    for epoch in range(plan.epochs):
        total = 0.0
        for number in generator.permutation(len(batches)):
            half_SN = adjacency(events, generator.random(len(events)) >= plan.edge_dropout)
            items_Nd = smoothed(vectors_Nd, half_SN, plan.layers)
            others, targets_B = _others(events, batches[number], plan.fading)
            states_Bd = _Gather.apply(items_Nd, others)
            states_Bd = normalize(states_Bd, dim=-1) * plan.scale
            loss = full_softmax_loss(
                states_Bd.to(narrow),
                items_Nd[torch.from_numpy(seen_K)].to(narrow),
                torch.from_numpy(place_N[targets_B])[:, None],
                torch.ones(len(targets_B), 1),
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        log.info("epoch %d: loss %.4f", epoch + 1, total / len(batches))
    with torch.no_grad():
        items_Nd = smoothed(vectors_Nd, adjacency(events), plan.layers).numpy()
    if vectors_ND is None:
        items_Nd[place_N < 0] = 0.0  # what nobody sought has only the noise it began with
    return GraphSource(items_Nd, fading=plan.asked_fading, scale=plan.scale)


def _beginning(
    events: Interactions, plan: GraphTraining, vectors_ND: NDArray[np.float32] | None, generator: np.random.Generator
) -> Tensor:
    noise_Nd = generator.normal(0.0, plan.width, (len(events.items), plan.dim)).astype(np.float32)
    if vectors_ND is None:
        return torch.from_numpy(noise_Nd)
    centred_ND = vectors_ND - vectors_ND.mean(0)
    _, strengths, directions = np.linalg.svd(centred_ND, full_matrices=False)
    take = min(plan.dim, len(strengths))
    noise_Nd[:, :take] = (
        centred_ND @ directions[:take].T / (strengths[:take] / len(vectors_ND) ** 0.5 + 0.01) * plan.width
    )
    return torch.from_numpy(noise_Nd)


def _batches(events: Interactions, size: int) -> list[NDArray[np.int64]]:
    """Shoppers with two or more events, in groups of about `size` events."""
    counts_S = np.diff(events.starts_S1)
    shoppers = np.flatnonzero(counts_S >= 2)
    ends = np.cumsum(counts_S[shoppers]) // size
    return [shoppers[ends == number] for number in np.unique(ends)]


def _others(events: Interactions, shoppers: NDArray[np.int64], fading: float) -> tuple[Any, NDArray[np.int64]]:
    """matrix_BN: for each event of the shoppers, what the others count; and targets_B, the events' items."""
    weights: list[NDArray[np.float32]] = []
    columns: list[NDArray[np.int64]] = []
    lengths: list[int] = []
    targets: list[NDArray[np.int64]] = []
    for shopper in shoppers:
        past = events.past(int(shopper))
        rows_L = past.rows_L[past.weights_L > 0][-50:]
        n = len(rows_L)
        if n < 2:
            continue
        steps_LL = np.abs(np.arange(n)[:, None] - np.arange(n)[None, :])
        other_LL = (fading ** np.maximum(steps_LL - 1, 0)) * (rows_L[:, None] != rows_L[None, :])
        weights.append(other_LL.astype(np.float32).ravel())
        columns.append(np.tile(rows_L, n))
        lengths += [n] * n
        targets.append(rows_L)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    shape = (len(lengths), len(events.items))
    return sparse.csr_array((np.concatenate(weights), np.concatenate(columns), starts), shape=shape), np.concatenate(
        targets
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train the graph's item vectors on a log and write them to a folder."""
    parser = argparse.ArgumentParser(prog="python -m finetune.graph", description=main.__doc__)
    parser.add_argument("--data", required=True, help="beauty, online_retail, or a CSV or Parquet file of interactions")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds data/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hold", type=int, default=1, help="how many last items of each shopper to keep from training")
    parser.add_argument("--text", action="store_true", help="begin with the vectors of the items' titles")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    material = interactions.load(options.data, options.shared)
    events, held_S = material.log, None
    for _ in range(options.hold):
        events, held_S = events.leave_last_out()
    vectors_ND = text_vectors(material.titles_N, load_text_encoder()) if options.text else None
    plan = GraphTraining(seed=options.seed)
    source = train(events, plan, vectors_ND=vectors_ND)
    facts: dict[str, Any] = {
        "data": {"name": material.name, "licence": material.licence, "hold": options.hold},
        "plan": asdict(plan),
        "command": f"python -m finetune.graph --data {Path(options.data).name} --hold {options.hold}"
        f" --seed {options.seed}" + (" --text" if options.text else ""),
    }
    if held_S is not None:
        keep = are_repeated(events, held_S)
        ranks_Q = held_ranks(source, events, held_S, keep_past=keep)
        kind = "past kept" if keep else "past left out"
        facts["metrics"] = {
            f"validation recall@10, {kind}": str(metrics.interval(metrics.hits(ranks_Q, 10))),
            f"validation ndcg@10, {kind}": str(metrics.interval(metrics.gains(ranks_Q, 10))),
        }
    source.save(options.out, facts)
    print(json.dumps(facts.get("metrics", {}), indent=1))


if __name__ == "__main__":
    main()
