# pyright: basic
# torch, transformers, peft and trl leave most of their types open.
"""Preference tuning of an adapter: of two replies to the same conversation, the one that people kept becomes likelier.

    python -m finetune.preferences --adapter FOLDER --data FILE... --out FOLDER [--steps 100] [--beta 0.1] ...

Direct preference optimisation (Rafailov et al. 2023) by TRL; the adapter as it was is the reference. `--data` are JSON
lines of three sorts, each with the `messages` that were answered:

    {"messages": [...], "chosen": "...", "rejected": "..."}    a pair
    {"messages": [...], "drafted": "...", "edited": "..."}     an agent sent another text than was drafted
    {"messages": [...], "reply": "...", "thumb": "up"|"down"}  paired with opposite thumbs on the same messages
"""

import argparse
import json
import logging
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.llm.chat_model import Message
from assistant.llm.render import END, neutral, render
from index.errors import WeightsError
from index.weights import file_sha256, fingerprint, locate

log = logging.getLogger(__name__)

_HELD_OUT = 10  # one pair in so many is not trained on


@dataclass(frozen=True, slots=True)
class Pair:
    """Two replies to one prompt; the prompt as serving renders it."""

    prompt: str
    chosen: str
    rejected: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A run.

    Attributes:
        beta: how dearly moving away from the reference is paid for.
        likelihood: weight of the plain loss on the chosen replies, which keeps them from becoming unlikely too.
        longest: tokens of a prompt with a reply; longer pairs are left out.
    """

    steps: int = 100
    batch: int = 4
    rate: float = 5e-5
    beta: float = 0.1
    likelihood: float = 0.2
    longest: int = 512
    seed: int = 1


def pairs_in(lines: Iterable[str]) -> Iterator[Pair]:
    """The pairs that JSON lines of the three sorts make, in order; those from thumbs last.

    A text that was sent as it was drafted, and a thumb without its opposite, say nothing and give no pair.

    Raises:
        ValueError: a line is of none of the sorts; says which and what was expected.
    """
    thumbs: dict[str, dict[str, list[str]]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record: dict[str, Any] = json.loads(line)
            prompt = render([Message(each["role"], each["content"]) for each in record["messages"]])
            if "thumb" in record:
                if record["thumb"] not in ("up", "down"):
                    raise ValueError(f'thumb is "up" or "down", not {record["thumb"]!r}')
                given = thumbs.setdefault(prompt, {"up": [], "down": []})
                given[record["thumb"]].append(neutral(record["reply"]))
                continue
            good, bad = ("edited", "drafted") if "edited" in record else ("chosen", "rejected")
            pair = Pair(prompt, neutral(record[good]), neutral(record[bad]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number}: expected messages with chosen and rejected, drafted and edited, or reply "
                             f"and thumb; {error!r}") from error  # fmt: skip
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        if pair.chosen != pair.rejected:
            yield pair
    for prompt, given in thumbs.items():
        yield from (Pair(prompt, up, down) for up in given["up"] for down in given["down"] if up != down)


def tune(adapter: Path, pairs: Sequence[Pair], out: Path, recipe: Recipe, *, command: str = "") -> dict[str, float]:
    """Train the adapter on nine tenths of the pairs and write it to `out`; how it prefers on the tenth kept apart.

    Returns:
        `accuracy_before`, `accuracy_after`: share of held-out pairs whose chosen reply is likelier than the rejected;
        `margin_after`: mean difference of their rewards, in nats times beta.

    Raises:
        ValueError: fewer than ten pairs that are short enough.
        WeightsError: the adapter has no manifest that names its base, or was trained on another.
    """
    from datasets import Dataset
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    from finetune.sft import base_folder

    manifest = _manifest(adapter)
    folder = base_folder(manifest["recipe"]["model"])
    tokenizer = AutoTokenizer.from_pretrained(folder)
    shuffled = [pair for pair in pairs if _length(tokenizer, pair) <= recipe.longest]
    random.Random(recipe.seed).shuffle(shuffled)
    if len(shuffled) < _HELD_OUT:
        raise ValueError(f"{len(shuffled)} pairs are too few: one in {_HELD_OUT} is kept for measuring")
    held = max(1, len(shuffled) // _HELD_OUT)
    kept, learned = (Dataset.from_list([_row(pair) for pair in part]) for part in (shuffled[:held], shuffled[held:]))
    base = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True)
    model = PeftModel.from_pretrained(base, str(adapter), is_trainable=True)
    config = DPOConfig(
        str(out / "run"),
        max_steps=recipe.steps,
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=recipe.batch,
        learning_rate=recipe.rate,
        beta=recipe.beta,
        loss_type=["sigmoid", "sft"],
        loss_weights=[1.0, recipe.likelihood],
        max_length=recipe.longest,
        seed=recipe.seed,
        logging_steps=5,
        save_strategy="no",
        report_to="tensorboard",
        disable_tqdm=True,
        bf16=False,
        activation_checkpointing=False,
    )
    trainer = DPOTrainer(model, args=config, train_dataset=learned, eval_dataset=kept, processing_class=tokenizer)
    before = _preferring(model, tokenizer, shuffled[:held])
    trainer.train()
    judged = trainer.evaluate()
    metrics = {
        "accuracy_before": before,
        "accuracy_after": _preferring(model, tokenizer, shuffled[:held]),
        "margin_after": float(judged["eval_rewards/margins"]),
    }
    _finish(out, model, manifest, recipe, {"metrics": metrics, "command": command, "pairs": len(shuffled)})
    return metrics


def _row(pair: Pair) -> dict[str, str]:
    return {"prompt": pair.prompt, "chosen": pair.chosen + END, "rejected": pair.rejected + END}


def _length(tokenizer, pair: Pair) -> int:
    row = _row(pair)
    return max(len(tokenizer(row["prompt"] + row[reply])["input_ids"]) for reply in ("chosen", "rejected"))


def _preferring(model, tokenizer, pairs: Sequence[Pair]) -> float:
    """The share of pairs whose chosen reply the model finds likelier as a whole."""
    import torch

    def likelihood(prompt: str, reply: str) -> float:
        start = len(tokenizer(prompt, add_special_tokens=False)["input_ids"])
        ids = tokenizer(prompt + reply + END, add_special_tokens=False, return_tensors="pt")["input_ids"]
        logits = model(input_ids=ids).logits[0, start - 1 : -1].float().log_softmax(-1)
        return float(logits.gather(1, ids[0, start:, None]).sum())

    was_training = model.training
    model.eval()
    with torch.no_grad():
        better = sum(likelihood(one.prompt, one.chosen) > likelihood(one.prompt, one.rejected) for one in pairs)
    model.train(was_training)
    return better / len(pairs)


def _manifest(adapter: Path) -> dict[str, Any]:
    from assistant.llm.adapters import read_adapter

    try:
        manifest: dict[str, Any] = json.loads((adapter / "manifest.json").read_text(encoding="utf-8"))
        model = str(manifest["recipe"]["model"])
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(f"{adapter} has no manifest that names its base model", hint=str(error)) from error
    read_adapter(adapter, fingerprint(locate(model)))  # refuses what serving would refuse
    return manifest


def _finish(out: Path, model, manifest: dict[str, Any], recipe: Recipe, facts: dict[str, object]) -> None:
    """The adapter beside a manifest that keeps what was true of it and adds how it was tuned."""
    from finetune.sft import save_adapter

    save_adapter(model, out, Path(manifest["recipe"]["model"]).name)
    tuned = {"from": manifest["sha256"], "recipe": asdict(recipe), **facts}
    written = {**manifest, "sha256": file_sha256(out / "adapter_model.safetensors"), "preferences": tuned}
    (out / "manifest.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = vars(parser.parse_args())
    logging.basicConfig(level="INFO", format="%(message)s")
    adapter, data, out = args.pop("adapter"), args.pop("data"), args.pop("out")
    lines = [line for path in data for line in path.read_text(encoding="utf-8").splitlines()]
    command = " ".join(["python -m finetune.preferences", *sys.argv[1:]])
    for name, value in tune(adapter, list(pairs_in(lines)), out, Recipe(**args), command=command).items():
        print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
