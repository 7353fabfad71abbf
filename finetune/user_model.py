"""Interactions -> a trained user model: `python -m finetune.user_model --help`.

The loss is the full softmax over all items of the log: with thousands of items it costs a third of a step, and needs
no choice of negatives and no correction for it.

Legend: S shoppers, N items, D numbers of a text vector, P of a picture vector, d of the model, M places with a target.
"""

import argparse
import hashlib
import json
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import normalize

from assistant.recommend.interactions import Interactions
from assistant.recommend.known import Known, sought
from assistant.recommend.sources.sequence import SequenceSource
from assistant.recommend.user_model import UserModel, UserModelShape, prepared, save
from finetune import checkpoints, interactions, metrics
from finetune.curves import curves
from finetune.held_out import are_repeated, held_ranks
from finetune.softmax import full_softmax_loss, narrow_type
from finetune.vectors import text_vectors
from finetune.windows import Batch, Line, shuffled, windows
from index.encoders import load_text_encoder

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Training:
    """What is trained, and how.

    Attributes:
        own: whether each item gets a vector of its own beside those given; such a model cannot move to another shop.
        dim, layers, heads, reach, whitened, taste: see `UserModelShape`.
        epochs: passes; the learning rate falls to nearly nothing over them. patience: passes without a better
            validation before it stops.
        tokens: events in a batch. rate: the highest learning rate. warmup: share of the steps it rises over.
        decay: AdamW's weight decay. dropout: share of activations left out.
        own_dropout, picture_dropout: share of items whose own vector or picture is hidden in a step, so that the rest
            must do. event_dropout: share of events left out of histories.
        validated: how many shoppers, drawn once, are validated on after each epoch.
        future: what the next, the second next ... event counts as a target. smoothing: of labels.
        seed: of all chance.
    """

    own: bool = True
    dim: int = 128
    layers: int = 2
    heads: int = 2
    reach: int = 50
    whitened: bool = True
    taste: bool = True
    epochs: int = 14
    patience: int = 4
    tokens: int = 4096
    rate: float = 2e-3
    warmup: float = 0.1
    decay: float = 0.05
    dropout: float = 0.3
    own_dropout: float = 0.2
    picture_dropout: float = 0.3
    event_dropout: float = 0.1
    future: tuple[float, ...] = (1.0, 0.5, 0.25)
    smoothing: float = 0.0
    validated: int = 5000
    seed: int = 0


def train(
    events: Interactions,
    text_ND: Vectors | None,
    plan: Training | None = None,
    *,
    picture_NP: Vectors | None = None,
    held_S: NDArray[np.int64] | None = None,
    start: UserModel | None = None,
    folder: Path | None = None,
) -> UserModel:
    """A user model trained on `events`, ready to serve: the best by validation, or the last without one.

    Args:
        text_ND, picture_NP: vectors of `events.items`, in their order; at least one, or `plan.own`.
        held_S: each shopper's next item after `events`, or -1: NDCG@10 on it says when to stop and which epoch was
            best; items of the past are left out, unless shoppers do seek things again. It is not learned from.
        start: a model to go on from, whose shape is taken (to tune one shop's model on another's few shoppers).
        folder: where checkpoints and TensorBoard's curves go; a run found there goes on.

    Raises:
        ValueError: nobody in `events` has two items.
        WeightsError: `folder` holds a checkpoint of another run.
    """
    return _Trainer(events, text_ND, picture_NP, plan or Training(), start).run(held_S, folder)


class _Trainer:
    def __init__(
        self,
        events: Interactions,
        text_ND: Vectors | None,
        picture_NP: Vectors | None,
        plan: Training,
        start: UserModel | None,
    ) -> None:
        self.plan, self.events = plan, events
        self.text_ND, self.picture_NP = text_ND, picture_NP
        torch.manual_seed(plan.seed)
        self.lines: list[Line] = windows(events, start.shape.reach if start else plan.reach)
        if not self.lines:
            raise ValueError("nobody in the log has two items: nothing follows anything")
        self.model = self._model(start)
        self.begun = _digest(
            text_ND, picture_NP, *(value.numpy() for value in start.state_dict().values()) if start else ()
        )
        self.narrow = narrow_type()
        self.inputs = [
            None if given is None else torch.from_numpy(prepared(self.model.shape, given)).to(self.narrow)
            for given in (text_ND, picture_NP)
        ]
        # Items nobody has sought are no negatives: they would be taught to be disliked for being new.
        seen_N = np.zeros(len(events.items), dtype=np.bool_)
        seen_N[np.concatenate(self.lines)] = True
        self.seen_K = torch.from_numpy(np.flatnonzero(seen_N))
        self.place_N = torch.from_numpy(np.cumsum(seen_N) - 1)

    def _model(self, start: UserModel | None) -> UserModel:
        if start is not None:
            model = UserModel(start.shape, dropout=self.plan.dropout)
            model.load_state_dict(start.state_dict())
            return model
        plan = self.plan
        shape = UserModelShape(
            text_dim=0 if self.text_ND is None else self.text_ND.shape[1],
            picture_dim=0 if self.picture_NP is None else self.picture_NP.shape[1],
            items=len(self.events.items) if plan.own else 0,
            dim=plan.dim,
            layers=plan.layers,
            heads=plan.heads,
            reach=plan.reach,
            whitened=plan.whitened,
            taste=plan.taste,
        )
        model = UserModel(shape, dropout=plan.dropout)
        for adapter, vectors in ((model.text, self.text_ND), (model.picture, self.picture_NP)):
            if adapter is not None and vectors is not None:
                _whiten(adapter.straight, prepared(shape, vectors))
        if model.own_Nd is not None and self.text_ND is None and self.picture_NP is None:
            torch.nn.init.normal_(model.own_Nd, std=plan.dim**-0.5)  # from zero, nothing would tell items apart
        return model

    def run(self, held_S: NDArray[np.int64] | None, folder: Path | None) -> UserModel:
        plan = self.plan
        optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=plan.rate, weight_decay=plan.decay, betas=(0.9, 0.98), fused=True
        )
        run = checkpoints.Run(self.model, optimiser, np.random.default_rng(plan.seed), history=[])
        identity = {**asdict(plan), "data": fingerprint(self.events), "from": self.begun, "validated": _digest(held_S)}
        if folder is not None and checkpoints.resume(run, folder, identity):
            log.info("goes on after epoch %d", run.epoch)
        write = curves(folder)
        if held_S is not None:
            held_S = _sample(held_S, plan.validated)
        while run.epoch < plan.epochs and (held_S is None or run.waited < plan.patience):
            began = time.perf_counter()
            figures = {"loss": self._epoch(run), "seconds": time.perf_counter() - began}
            if held_S is not None:
                figures |= self._validate(run, held_S)
            run.epoch += 1
            assert run.history is not None
            run.history.append(figures)
            log.info("epoch %d: %s", run.epoch, ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
            write(figures, run.epoch)
            if folder is not None:
                checkpoints.save(run, folder, identity)
        if run.best is not None:
            self.model.load_state_dict(run.best)
        return self.model.eval()

    def _epoch(self, run: checkpoints.Run) -> float:
        """The mean loss of one pass."""
        plan = self.plan
        self.model.train()
        drawn = shuffled(
            self.lines, run.generator, tokens=plan.tokens, future=plan.future, event_dropout=plan.event_dropout
        )
        batches = list(drawn)
        losses: list[float] = []
        for number, batch in enumerate(batches):
            done = (run.epoch + number / len(batches)) / plan.epochs
            rise = min(1.0, (done + 1e-3) / plan.warmup) if plan.warmup else 1.0
            for group in run.optimiser.param_groups:
                group["lr"] = plan.rate * rise * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
            loss = self._loss(batch)
            run.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            run.optimiser.step()
            run.step += 1
            losses.append(loss.item())
        return float(np.mean(losses))

    def _loss(self, batch: Batch) -> Tensor:
        text_ND, picture_NP = self.inputs
        count = len(self.events.items)
        if picture_NP is not None and self.plan.picture_dropout:
            picture_NP = picture_NP * (torch.rand(count, 1) >= self.plan.picture_dropout)
        own_Nd = self.model.own_Nd
        if own_Nd is not None and self.plan.own_dropout and (text_ND is not None or picture_NP is not None):
            own_Nd = own_Nd * (torch.rand(count, 1) >= self.plan.own_dropout)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.narrow == torch.bfloat16):
            items_Nd = normalize(self.model.items(text_ND, picture_NP, own_Nd).float(), dim=-1)
            states_BLd = self.model(items_Nd[torch.from_numpy(batch.rows_BL)])
        states_Md = states_BLd.flatten(0, 1)[torch.from_numpy(batch.at_M)]
        return full_softmax_loss(
            states_Md.to(self.narrow),
            items_Nd[self.seen_K].to(self.narrow),
            self.place_N[torch.from_numpy(batch.targets_MW)],
            torch.from_numpy(batch.weights_MW),
            smoothing=self.plan.smoothing,
        )

    def _validate(self, run: checkpoints.Run, held_S: NDArray[np.int64]) -> dict[str, float]:
        ranks_Q = held_ranks(
            SequenceSource(self.model, self.text_ND, self.picture_NP),
            self.events,
            held_S,
            keep_past=are_repeated(self.events, held_S),
        )
        score = float(metrics.gains(ranks_Q, 10).mean())
        run.waited += 1
        if score > run.score:
            run.score, run.waited = score, 0
            run.best = {name: tensor.detach().clone() for name, tensor in self.model.state_dict().items()}
        return {"recall@10": float(metrics.hits(ranks_Q, 10).mean()), "ndcg@10": score}


def _sample(held_S: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """At most `count` of the held items, the same ones every time; the others -1."""
    asked = np.flatnonzero(held_S >= 0)
    chosen = np.random.default_rng(0).permutation(asked)[:count]
    sample_S = np.full_like(held_S, -1)
    sample_S[chosen] = held_S[chosen]
    return sample_S


def _digest(*arrays: NDArray[Any] | None) -> str:
    """SHA-256 over arrays of which some may be missing."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{None if array is None else array.shape}".encode())
        digest.update(b"" if array is None else array.tobytes())
    return digest.hexdigest()


def fingerprint(events: Interactions) -> str:
    """SHA-256 over who did what in which order."""
    digest = hashlib.sha256()
    for array in (events.shopper_E, events.row_E, events.weight_E, events.at_E):
        digest.update(array.tobytes())
    digest.update("\n".join(events.items).encode())
    return digest.hexdigest()


def _whiten(straight: torch.nn.Linear, vectors_ND: Vectors) -> None:
    """Begin where the directions of the vectors count alike, and what all have in common not at all."""
    centre_D = vectors_ND.mean(0)
    _, strengths, directions = np.linalg.svd(vectors_ND - centre_D, full_matrices=False)
    take = min(straight.out_features, len(strengths))
    spread = strengths[:take, None] / math.sqrt(len(vectors_ND)) + 0.01
    weight_dD = np.zeros((straight.out_features, vectors_ND.shape[1]), dtype=np.float32)
    weight_dD[:take] = directions[:take] / spread / math.sqrt(straight.out_features)
    with torch.no_grad():
        straight.weight.copy_(torch.from_numpy(weight_dD))
        straight.bias.copy_(torch.from_numpy(-weight_dD @ centre_D))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on a log and write the model to a folder."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    material = interactions.load(options.data, options.shared)
    encoder = load_text_encoder()
    text_ND = None if options.no_text else text_vectors(material.titles_N, encoder)
    plan = Training(
        own=not options.no_own, seed=options.seed, epochs=options.epochs, dim=options.dim, dropout=options.dropout
    )
    events, held_S = material.log, None
    for _ in range(options.hold):
        events, held_S = events.leave_last_out()
    model = train(events, text_ND, plan, held_S=held_S, folder=options.out / "run")
    facts: dict[str, object] = {
        "data": {"name": material.name, "licence": material.licence, "sha256": fingerprint(events)},
        "text_encoder": None if options.no_text else encoder.name,
        "plan": asdict(plan),
        "command": _command(options),
    }
    if held_S is not None:
        facts["metrics"] = _measured(SequenceSource(model, text_ND, events_N=sought(events)), events, held_S)
    save(model, options.out, facts, Known.of(events, text_ND))
    print(json.dumps(facts.get("metrics", {}), indent=1))


def _command(options: argparse.Namespace) -> str:
    """The command that makes the same weights, without the folders of this machine."""
    words = [f"python -m finetune.user_model --data {Path(options.data).name}"]
    words += [f"--{name} {getattr(options, name)}" for name in ("hold", "seed", "epochs", "dim", "dropout")]
    words += [f"--{name.replace('_', '-')}" for name in ("no_own", "no_text") if getattr(options, name)]
    return " ".join(words)


def _measured(source: SequenceSource, events: Interactions, held_S: NDArray[np.int64]) -> dict[str, str]:
    """What the manifest says of each shopper's last item, ranked among all; with 95 % intervals over shoppers."""
    found: dict[str, str] = {}
    for name, keep in (("past left out", False), ("past kept", True)):
        ranks_Q = held_ranks(source, events, held_S, keep_past=keep)
        found[f"validation recall@10, {name}"] = str(metrics.interval(metrics.hits(ranks_Q, 10)))
        found[f"validation ndcg@10, {name}"] = str(metrics.interval(metrics.gains(ranks_Q, 10)))
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m finetune.user_model", description=main.__doc__)
    parser.add_argument("--data", required=True, help="beauty, online_retail, or a CSV or Parquet file of interactions")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds data/")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights; run/ in it holds checkpoints")
    parser.add_argument("--seed", type=int, default=Training().seed)
    parser.add_argument("--epochs", type=int, default=Training().epochs)
    parser.add_argument("--dim", type=int, default=Training().dim)
    parser.add_argument("--dropout", type=float, default=Training().dropout)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-own", action="store_true", help="no vector of each item's own: can move to another shop")
    parser.add_argument("--no-text", action="store_true", help="nothing but items' own vectors")
    parser.add_argument(
        "--hold",
        type=int,
        choices=(0, 1, 2),
        default=1,
        help="how many last items of each shopper to keep from training; validated on the first of them, if any",
    )
    return parser


if __name__ == "__main__":
    main()
