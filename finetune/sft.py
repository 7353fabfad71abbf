# pyright: basic
# torch, transformers, peft and accelerate leave most of their types open.
"""LoRA fine-tuning of a chat model on conversations.

    python -m finetune.sft --data FOLDER --out FOLDER [--recipe cpu|gpu|FILE.toml] [--steps 600] [--seed 1] ...
    torchrun --nproc_per_node 2 -m finetune.sft ...

Loss on the assistant's tokens only; examples packed (`finetune.packing`); the prompt rendered as serving renders it.
Started again with the same arguments, training goes on from its last checkpoint and ends where it would have ended.
"""

import argparse
import json
import logging
import math
import random
import shlex
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from accelerate import Accelerator
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from assistant.llm.gguf import converted
from finetune import checkpoints
from finetune.curves import curves
from finetune.packing import Pack, grouped, loss_of, pack, packed, read_examples
from index.weights import CHAT_MODEL, file_sha256, fingerprint, locate

log = logging.getLogger(__name__)

ADAPTER, CONFIG = "adapter_model.safetensors", "adapter_config.json"
MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training run.

    Attributes:
        model: as `index.weights.locate` takes it.
        steps: optimizer steps; each sees `packs` packs a process.
        pack_tokens: most tokens of a pack.
        rate: highest learning rate, after `warmup` of the steps; then it falls along a cosine to a tenth.
        rank, alpha, dropout: of LoRA, on all linear layers of the decoder.
        clip: largest norm of the gradient.
        keep_every: steps between checkpoints.
        watched: packs of dev.jsonl that the loss is watched on.
        begin: folder of an adapter of the same base and rank to start from, or "": a fresh one.
        precision: of the arithmetic: no, bf16 or fp16. weights: of the base model in memory; LoRA's stay in float32.
        attention: eager or sdpa, as transformers names them; on a CPU, eager goes back faster through a pack's mask.
        compiled: let torch compile the layers, about half a minute at the start; on a CPU it takes a C++ compiler.
    """

    model: str = CHAT_MODEL
    steps: int = 600
    packs: int = 2
    pack_tokens: int = 640
    rate: float = 1e-3
    warmup: float = 0.05
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    clip: float = 1.0
    seed: int = 1
    keep_every: int = 50
    watched: int = 12
    begin: str = ""
    precision: str = "no"
    weights: str = "float32"
    attention: str = "sdpa"
    compiled: bool = False


def train(
    data: Path, out: Path, recipe: Recipe, *, command: str = "", licences: Sequence[str] = ()
) -> dict[str, float]:
    """Train an adapter on `data`/train.jsonl into `out`, watched on dev.jsonl; the last losses, per token.

    At every checkpoint the adapter as it is then is left in `out`/steps, to choose from.

    Raises:
        ValueError: there is nothing to train on, or not for every process; or `recipe.begin` has other matrices.
        WeightsError: the model cannot be loaded, or `out` holds the checkpoint of another run.
    """
    accelerator = Accelerator(mixed_precision=recipe.precision, cpu=not torch.cuda.is_available())
    torch.manual_seed(recipe.seed)
    folder = base_folder(recipe.model)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = with_lora(folder, recipe)
    examples = read_examples(data / "train.jsonl", tokenizer)
    watched = packed(read_examples(data / "dev.jsonl", tokenizer), recipe.pack_tokens, random.Random(0))[
        : recipe.watched
    ]
    model.to(accelerator.device)
    trained = torch.nn.ParameterList(parameter for parameter in model.parameters() if parameter.requires_grad)
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=0.0)
    run = checkpoints.Run(trained, optimizer, np.random.default_rng(recipe.seed))
    plan = {"recipe": asdict(recipe), "data": _hashes(data), "processes": accelerator.num_processes, **_begun(recipe)}
    if checkpoints.resume(run, out / "run", plan):
        log.info("going on from step %d", run.step)
    draw = curves(out if accelerator.is_main_process else None)
    stream = _stream(examples, recipe, accelerator.process_index, accelerator.num_processes)
    for _ in range(run.step * recipe.packs):  # what was learned already
        next(stream)
    seen, clock = 0, time.perf_counter()
    while run.step < recipe.steps:
        chosen = [next(stream) for _ in range(recipe.packs)]
        for group in optimizer.param_groups:
            group["lr"] = _rate(run.step, recipe)
        loss = one_step(accelerator, model, trained, optimizer, chosen, recipe)
        run.step += 1
        seen += sum(one.ids_1T.shape[1] for one in chosen) * accelerator.num_processes
        draw({"loss/train": loss, "tokens_per_second": seen / (time.perf_counter() - clock)}, run.step)
        if run.step % recipe.keep_every == 0 or run.step == recipe.steps:
            run.score = _watch(accelerator, model, watched)
            run.epoch += 1
            draw({"loss/dev": run.score}, run.step)
            if accelerator.is_main_process:
                log.info("step %d: train %.4f, dev %.4f", run.step, loss, run.score)
                facts = {"metrics": {"dev_loss": round(run.score, 5)}, "command": command, "licences": sorted(licences)}
                _finish(out / "steps" / f"{run.step:04d}", model, data, recipe, facts)
                checkpoints.save(run, out / "run", plan)
            accelerator.wait_for_everyone()
    metrics = {"dev_loss": round(run.score, 5), "processes": float(accelerator.num_processes)}
    if accelerator.is_main_process:
        facts = {"metrics": metrics, "command": command, "licences": sorted(licences)}
        _finish(out, model, data, recipe, facts)
    accelerator.wait_for_everyone()
    return metrics


def base_folder(name: str) -> Path:
    """Where the base model lies as transformers reads it; a GGUF file is converted first."""
    found = locate(name)
    return converted(found) if found.suffix == ".gguf" else found


def with_lora(folder: Path, recipe: Recipe):
    """The base model with an adapter on all linear layers of its decoder: a fresh one, or that of `recipe.begin`.

    Raises:
        ValueError: the adapter to start from has other matrices.
    """
    base = AutoModelForCausalLM.from_pretrained(
        folder, dtype=getattr(torch, recipe.weights), use_safetensors=True, attn_implementation=recipe.attention
    )
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules=list(MODULES),
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(base, config)
    if recipe.begin:
        _put_in(model, load_file(Path(recipe.begin) / ADAPTER), recipe.begin)
    if recipe.compiled:
        for layer in cast(Any, model).base_model.model.model.layers:
            layer.compile(dynamic=True)
    return model


def _put_in(model, tensors: dict[str, torch.Tensor], name: str) -> None:
    own = get_peft_model_state_dict(model)
    if {key: tensor.shape for key, tensor in tensors.items()} != {key: tensor.shape for key, tensor in own.items()}:
        raise ValueError(f"the adapter in {name} has other matrices than rank and base ask for")
    set_peft_model_state_dict(model, {key: tensor.float() for key, tensor in tensors.items()})


def _begun(recipe: Recipe) -> dict[str, object]:
    """Which adapter training started from, where it did from one, and how that came about, as far back as is known."""
    if not recipe.begin:
        return {}
    told = Path(recipe.begin) / "manifest.json"
    manifest = json.loads(told.read_text(encoding="utf-8")) if told.is_file() else {}
    kept = {
        name: manifest[name]
        for name in ("command", "data", "licences", "recipe", "metrics", "begun_with")
        if name in manifest
    }
    return {"begun_with": {"sha256": file_sha256(Path(recipe.begin) / ADAPTER), **kept}}


def _stream(examples, recipe: Recipe, process: int, processes: int):
    """Packs without end, epoch after epoch; the same for the same seed, and each process its own share."""
    epoch = 0
    while True:
        groups = grouped(examples, recipe.pack_tokens, random.Random(f"{recipe.seed} {epoch}"))
        if len(groups) < processes:
            raise ValueError(f"{len(groups)} packs are too few for {processes} processes")
        for group in groups[process : len(groups) - len(groups) % processes : processes]:
            yield pack(group)  # one at a time: the masks of an epoch's packs are gigabytes
        epoch += 1


def one_step(
    accelerator: Accelerator, model, trained: torch.nn.ParameterList, optimizer, chosen: list[Pack], recipe: Recipe
) -> float:
    """One optimizer step on the mean loss per label over all packs of all processes; that loss."""
    everywhere = float(_summed(accelerator, torch.tensor(float(sum(len(one.labels_P) for one in chosen)))))
    total = 0.0
    model.train()
    for one in chosen:
        with accelerator.autocast():
            loss = _loss(accelerator, model, one)
        (loss / everywhere).backward()
        total += float(loss.detach())
    _share_gradients(accelerator, trained)
    torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
    optimizer.step()
    optimizer.zero_grad()
    return float(_summed(accelerator, torch.tensor(total))) / everywhere


def _share_gradients(accelerator: Accelerator, trained: torch.nn.ParameterList) -> None:
    """Give every process the sum of all processes' gradients: a LoRA's are small enough to go as one vector."""
    if accelerator.num_processes == 1:
        return
    gradients = [parameter.grad if parameter.grad is not None else torch.zeros_like(parameter) for parameter in trained]
    flat = _summed(accelerator, torch.cat([gradient.flatten() for gradient in gradients]))
    for parameter, part in zip(trained, flat.split([gradient.numel() for gradient in gradients]), strict=True):
        parameter.grad = part.view_as(parameter)


def _summed(accelerator: Accelerator, number: torch.Tensor) -> torch.Tensor:
    return cast(torch.Tensor, accelerator.reduce(number.to(accelerator.device), "sum"))


def _loss(accelerator: Accelerator, model, one: Pack) -> torch.Tensor:
    return loss_of(model.base_model.model.model, model.get_output_embeddings(), one.to(accelerator.device))


def _rate(step: int, recipe: Recipe) -> float:
    warm = max(1, int(recipe.warmup * recipe.steps))
    if step < warm:
        return recipe.rate * (step + 1) / warm
    done = (step - warm) / max(1, recipe.steps - warm)
    return recipe.rate * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))


@torch.no_grad()
def _watch(accelerator: Accelerator, model, packs: list[Pack]) -> float:
    """The mean loss per label on packs that are not trained on; every process computes its share."""
    model.eval()
    mine = packs[accelerator.process_index :: accelerator.num_processes]
    total = torch.tensor(sum((float(_loss(accelerator, model, one)) for one in mine), 0.0))  # a process may have none
    labels = torch.tensor(float(sum(len(one.labels_P) for one in mine)))
    return float(_summed(accelerator, total)) / float(_summed(accelerator, labels))


def _finish(out: Path, model, data: Path, recipe: Recipe, facts: dict[str, object]) -> None:
    """Write the adapter, and last a manifest that says where it comes from."""
    out.mkdir(parents=True, exist_ok=True)
    save_adapter(model, out, Path(recipe.model).name)
    manifest = {
        "base": f"{Path(recipe.model).name}@{fingerprint(locate(recipe.model))}",
        "prompt": "reading_lines",
        "sha256": file_sha256(out / ADAPTER),
        "data": _hashes(data),
        "recipe": asdict(recipe),
        **_begun(recipe),
        **facts,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def save_adapter(model, out: Path, base: str) -> None:
    """Write a model's adapter as peft reads it, in half precision, naming its base and not where that lies here."""
    model.save_pretrained(out, safe_serialization=True, selected_adapters=["default"], save_embedding_layers=False)
    (out / "README.md").unlink(missing_ok=True)  # an empty form of peft's
    save_half(load_file(out / ADAPTER), out / ADAPTER)
    told = json.loads((out / CONFIG).read_text(encoding="utf-8"))
    told["base_model_name_or_path"] = base
    (out / CONFIG).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def save_half(tensors: dict[str, torch.Tensor], path: Path) -> None:
    """Write an adapter's matrices in half precision: half the size, and far finer than a quantised base."""
    halved = {name: tensor.detach().cpu().to(torch.float16).contiguous() for name, tensor in sorted(tensors.items())}
    save_file(halved, path)


def _hashes(data: Path) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in sorted(data.glob("*.jsonl"))}


def recipe_in(name: str) -> Recipe:
    """The recipe of that name in `finetune/recipes`, or in that TOML file.

    Raises:
        ValueError: there is none, or it sets something that a recipe has not.
    """
    path = Path(name) if name.endswith(".toml") else Path(__file__).parent / "recipes" / f"{name}.toml"
    try:
        return Recipe(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, TypeError) as error:
        raise ValueError(f"no recipe in {path}: {error}") from error


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--licence", action="append", default=[], help="of the data, e.g. 'own' or 'MIT (name)'")
    parser.add_argument("--recipe", help="cpu, gpu or a TOML file; what is given beside it goes before it")
    for name, value in asdict(Recipe()).items():
        flag, told = f"--{name.replace('_', '-')}", f"usually {value}"
        if isinstance(value, bool):
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=told)
        else:
            parser.add_argument(flag, type=type(value), default=None, help=told)
    args = vars(parser.parse_args())
    logging.basicConfig(level="INFO", format="%(message)s")
    data, out, licences, named = (args.pop(name) for name in ("data", "out", "licence", "recipe"))
    recipe = replace(
        recipe_in(named) if named else Recipe(), **{name: value for name, value in args.items() if value is not None}
    )
    command = shlex.join(["python", "-m", "finetune.sft", *sys.argv[1:]])
    train(data, out, recipe, command=command, licences=sorted(set(licences)))


if __name__ == "__main__":
    main()
