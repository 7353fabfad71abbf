"""A training run, saved so that it goes on as if it had never stopped: safetensors and JSON, no pickle."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from index.errors import WeightsError

_TENSORS, _FACTS = "checkpoint.safetensors", "checkpoint.json"
_MODEL, _BEST, _OPTIMISER, _CHANCE = "model.", "best.", "optimiser.", "chance"


@dataclass
class Run:
    """All that a run changes as it goes.

    Attributes:
        epoch, step: how many are done. score: the best validation, -1 before the first. waited: epochs since then.
        best: the weights of the best validation, or None.
        history: one line of figures for each epoch.
    """

    model: nn.Module
    optimiser: torch.optim.Optimizer
    generator: np.random.Generator
    epoch: int = 0
    step: int = 0
    score: float = -1.0
    waited: int = 0
    best: dict[str, Tensor] | None = None
    history: list[dict[str, float]] | None = None


def save(run: Run, folder: Path, plan: dict[str, Any]) -> None:
    """Write the run aside and switch to it; a crash leaves the one before. `plan` says what the run is of."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {_MODEL + name: tensor for name, tensor in run.model.state_dict().items()}
    tensors |= {_BEST + name: tensor for name, tensor in (run.best or {}).items()}
    for number, state in run.optimiser.state_dict()["state"].items():
        tensors |= {f"{_OPTIMISER}{number}.{name}": torch.as_tensor(value) for name, value in state.items()}
    tensors[_CHANCE] = torch.get_rng_state()
    name = f"{run.epoch:04d}-{_TENSORS}"
    save_file({key: tensor.detach().cpu().contiguous().clone() for key, tensor in tensors.items()}, folder / name)
    facts = {
        "plan": plan,
        "tensors": name,
        "epoch": run.epoch,
        "step": run.step,
        "score": run.score,
        "waited": run.waited,
        "history": run.history,
        "generator": run.generator.bit_generator.state,
    }
    aside = folder / f".{_FACTS}"
    aside.write_text(json.dumps(facts), encoding="utf-8")
    aside.replace(folder / _FACTS)
    for old in folder.glob(f"*-{_TENSORS}"):
        if old.name != name:
            old.unlink()


def resume(run: Run, folder: Path, plan: dict[str, Any]) -> bool:
    """Put the run where the checkpoint in `folder` left it; False where there is none.

    Raises:
        WeightsError: the checkpoint is damaged, or of another plan, data or shape.
    """
    if not (folder / _FACTS).is_file():
        return False
    hint = "give another folder, or remove this one to begin anew"
    try:
        facts: dict[str, Any] = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        if facts["plan"] != json.loads(json.dumps(plan)):
            raise WeightsError(f"the checkpoint in {folder} is of another run", hint=hint)
        tensors = load_file(folder / str(facts["tensors"]))
        run.model.load_state_dict(_under(tensors, _MODEL))
        run.best = _under(tensors, _BEST) or None
        state = run.optimiser.state_dict()
        state["state"] = {}
        for name, tensor in _under(tensors, _OPTIMISER).items():
            number, key = name.split(".", 1)
            state["state"].setdefault(int(number), {})[key] = tensor
        run.optimiser.load_state_dict(state)
        torch.set_rng_state(tensors[_CHANCE])
        run.generator.bit_generator.state = facts["generator"]
        run.epoch, run.step, run.waited = int(facts["epoch"]), int(facts["step"]), int(facts["waited"])
        run.score, run.history = float(facts["score"]), facts["history"]
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"the checkpoint in {folder} is damaged", hint=hint) from error
    return True


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
