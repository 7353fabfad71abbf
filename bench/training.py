# pyright: basic
# torch and transformers leave most of their types open.
"""LoRA training, tokens a second: ours, which packs examples behind the prompt they share, against the plain Trainer.

    python -m bench.training --data FOLDER [--steps 12] [--precision bf16 --compiled]

Both train the same adapter from the same start on the same examples step by step (one pack a step, AdamW, constant
rate, the same clipping), so that their losses must agree; the plain Trainer gets the examples of a pack as one padded
batch. The first step is not timed: layers are compiled in it where `--compiled` says so (ours only, with the attention
that goes with it; the Trainer's batches differ in shape from step to step).
A token counts once for each example it stands in, and only the examples' own: prompts said twice earn nothing.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from accelerate import Accelerator
from transformers import AutoTokenizer, Trainer, TrainerCallback, TrainingArguments

from finetune.packing import Tokens, grouped, pack, read_examples
from finetune.sft import Recipe, base_folder, one_step, with_lora

_IGNORED = -100


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder made by finetune.dialogues")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--precision", choices=("no", "bf16"), default="no")
    parser.add_argument("--compiled", action="store_true")
    args = parser.parse_args()
    recipe = Recipe(packs=1, precision=args.precision)
    quick = replace(recipe, compiled=True, attention="eager") if args.compiled else recipe
    tokenizer = AutoTokenizer.from_pretrained(base_folder(recipe.model))
    examples = read_examples(args.data / "train.jsonl", tokenizer)
    groups = grouped(examples, recipe.pack_tokens, random.Random(recipe.seed))[: args.steps]
    ours_s, ours = _ours(groups, quick)
    plain_s, plain = _plain(groups, recipe, tokenizer.convert_tokens_to_ids("<|im_end|>"))
    timed = groups[1:]
    tokens = sum(len(example) for group in timed for example in group)
    print(f"{len(timed)} steps, {sum(map(len, timed))} examples, {tokens} own tokens; precision {args.precision}")
    print("| | tokens/s | seconds |\n|---|---|---|")
    print(f"| ours, packed | {tokens / ours_s:.0f} | {ours_s:.1f} |")
    print(f"| plain Trainer, padded | {tokens / plain_s:.0f} | {plain_s:.1f} |")
    print(f"| ratio | {plain_s / ours_s:.2f} | |")
    print("losses, ours / plain:", ", ".join(f"{a:.3f}/{b:.3f}" for a, b in zip(ours, plain, strict=True)))
    print(f"largest difference: {max(abs(a - b) for a, b in zip(ours, plain, strict=True)):.4f}")


def _ours(groups: Sequence[Sequence[Tokens]], recipe: Recipe) -> tuple[float, list[float]]:
    accelerator = Accelerator(mixed_precision=recipe.precision, cpu=True)
    torch.manual_seed(recipe.seed)
    model = with_lora(base_folder(recipe.model), recipe)
    trained = torch.nn.ParameterList(parameter for parameter in model.parameters() if parameter.requires_grad)
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=0.0)
    losses = [one_step(accelerator, model, trained, optimizer, [pack(groups[0])], recipe)]
    begun = time.perf_counter()
    losses += [one_step(accelerator, model, trained, optimizer, [pack(group)], recipe) for group in groups[1:]]
    return time.perf_counter() - begun, losses


def _plain(groups: Sequence[Sequence[Tokens]], recipe: Recipe, padding: int) -> tuple[float, list[float]]:
    torch.manual_seed(recipe.seed)
    model = with_lora(base_folder(recipe.model), recipe)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model,
            TrainingArguments(
                folder,
                max_steps=len(groups),
                per_device_train_batch_size=1,
                learning_rate=recipe.rate,
                lr_scheduler_type="constant",
                weight_decay=0.0,
                max_grad_norm=recipe.clip,
                train_sampling_strategy="sequential",
                bf16=recipe.precision == "bf16",
                use_cpu=True,
                logging_steps=1,
                save_strategy="no",
                report_to="none",
                disable_tqdm=True,
                remove_unused_columns=False,
                dataloader_pin_memory=False,
            ),
            train_dataset=[{"group": group} for group in groups],  # pyright: ignore[reportArgumentType] - a list will do
            data_collator=lambda rows: _padded(rows[0]["group"], padding),
            callbacks=[(ends := _Ends())],
        )
        trainer.train()
    return ends.at[-1] - ends.at[0], [float(row["loss"]) for row in trainer.state.log_history if "loss" in row]


class _Ends(TrainerCallback):
    """Notes when each step ended."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def on_step_end(self, *_: object, **__: object) -> None:
        """Called by the Trainer."""
        self.at.append(time.perf_counter())


def _padded(group: Sequence[Tokens], padding: int) -> dict[str, torch.Tensor]:
    """The examples one by one, each with its whole prompt, as rows of one batch."""
    rows = [[*each.shared, *each.prompt, *each.reply] for each in group]
    labels = [[_IGNORED] * (len(each.shared) + len(each.prompt)) + list(each.reply) for each in group]
    longest = max(map(len, rows))
    return {
        "input_ids": torch.tensor([row + [padding] * (longest - len(row)) for row in rows]),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows]),
        "labels": torch.tensor([row + [_IGNORED] * (longest - len(row)) for row in labels]),
    }


if __name__ == "__main__":
    main()
