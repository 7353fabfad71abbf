"""A low-rank delta and two heads that tell how a message stands to what it names: from the material of the readings.

    python -m finetune.stances train --out FOLDER [--count 40000] [--epochs 2] [--seed 0] [--rate 1e-3]
                                     [--begin FOLDER [--blend 1]]
    python -m finetune.stances evaluate [--model FOLDER] [--count 1500] [--seed 1]

Every value of a made-up shop and every number that a message names is one to judge, whether the reading asks for it or
not. Training speaks of made-up shops alone; the temperature goes by the development split.
"""

import argparse
import logging
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from assistant import deltas
from assistant.dialogue.stances import FIELDS, MANNERS, MAX_TOKENS, MODEL_FOLDER, Manner, StanceNetwork, Stances, load
from assistant.spans import Marked, Span, collate
from finetune import low_rank, material
from finetune.dialogues import filled, roughened, split_of, typed
from finetune.examples import Example
from finetune.material import Template
from finetune.review_training import narrowly
from finetune.shops import Shop, made_shop

log = logging.getLogger(__name__)

RANK = 24
BATCH = 32
RATE = 1e-3
SHOPS = 200

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])|(?<=[$€£])\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*(?=[€$£*])")
_STARS = re.compile(r"\b(?:two|three|four|five)\b", re.IGNORECASE)
_NEVER = frozenset({"yes", "no", "a", "i"})


@dataclass(frozen=True, slots=True)
class Told:
    """A message with the names in it, and of each the manner and the field it is spoken of."""

    marked: Marked
    truths: tuple[tuple[Manner, str], ...]


def told(example: Example, shop: Shop, language: str) -> Told:
    """What a reading says of everything that its message names."""
    message, reading = example.message, example.reading
    gold: list[tuple[Span, Manner, str]] = []
    for wish in reading.wishes:
        field = wish.field if wish.field in FIELDS else "attribute"
        gold.append((_place(message, wish.quote), wish.sign, field))
    if reading.words:
        gold.append((_place(message, reading.words), "words", ""))
    names = _names(message, shop, language)
    meant = {name: next((one for one in gold if _overlap(one[0], name)), None) for name in names}
    # What is asked for in words that no list has is a name as well.
    unnamed = [one for one in gold if not any(one is other for other in meant.values())]
    for one in unnamed:
        meant[one[0]] = one
    spans = sorted(meant)
    truths: list[tuple[Manner, str]] = []
    for span in spans:
        found = meant[span]
        truths.append(("told", "") if found is None else (found[1], found[2]))
    return Told(Marked(message, tuple(spans)), tuple(truths))


def rows(templates: Sequence[Template], count: int, rng: random.Random, *, hurried: bool = True) -> Iterator[Told]:
    """`count` messages of made-up shops, every template as often as any other; `hurried`: some as typed in a hurry."""
    shops = [made_shop(rng) for _ in range(SHOPS)]
    made = 0
    while made < count:
        for template in rng.sample(templates, len(templates)):
            shop = rng.choice(shops)
            example = roughened(filled(template, shop, rng), rng)
            one = told(typed(example, rng) if hurried else example, shop, template.language)
            if one.truths:
                yield one
                made += 1
                if made == count:
                    return


def train(
    given: Sequence[Told],
    *,
    epochs: int,
    seed: int,
    rate: float = RATE,
    begin: Mapping[str, torch.Tensor] | None = None,
) -> tuple[StanceNetwork, Any]:
    """A network trained on the rows, and its tokenizer. `begin`: the weights to go on from, of the same rank.

    Cost: some 60 messages a second of one core that multiplies bfloat16 fast.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    backbone, tokenizer = deltas.open_encoder()
    set_attention: Any = backbone.set_attn_implementation  # Any: untyped library
    set_attention("eager")  # the fused one is as quick forwards, and much slower back
    network = StanceNetwork(backbone)
    low_rank.attach(backbone, RANK)
    if begin is not None:
        low_rank.resume(network, begin)
    params = [value for value in network.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(params, lr=rate, weight_decay=0.01)
    total, step, smooth, began = epochs * len(given) // BATCH, 0, 2.0, time.monotonic()
    network.train()
    for _ in range(epochs):
        for batch in _batches(given, rng):
            progress = step / max(total, 1)
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, progress / 0.05 + 0.02) * max(0.01, 1.0 - progress)
            with narrowly():
                loss = _loss(network, tokenizer, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(params, 1.0)
            optimiser.step()
            smooth, step = 0.98 * smooth + 0.02 * float(loss.detach()), step + 1
            if step % 100 == 0:
                log.info("step %d of %d: loss %.3f after %.0f s", step, total, smooth, time.monotonic() - began)
    return network.eval(), tokenizer


def _loss(network: StanceNetwork, tokenizer: Any, batch: Sequence[Told]) -> torch.Tensor:  # Any: untyped library
    manners_SM, fields_SF = network(collate(tokenizer, [one.marked for one in batch], MAX_TOKENS))
    manners_S = torch.tensor([MANNERS.index(manner) for one in batch for manner, _ in one.truths])
    fields_S = torch.tensor([FIELDS.index(field) for one in batch for _, field in one.truths])
    manner = functional.cross_entropy(manners_SM.float(), manners_S)
    return manner + 0.5 * functional.cross_entropy(fields_SF.float(), fields_S)


def _batches(given: Sequence[Told], rng: random.Random) -> list[list[Told]]:
    """Mixed batches, within each messages of like length, so that little is padding."""
    mixed = rng.sample(list(given), len(given))
    batches: list[list[Told]] = []
    for start in range(0, len(mixed), BATCH * 40):
        alike = sorted(mixed[start : start + BATCH * 40], key=lambda one: len(one.marked.text))
        batches += [alike[at : at + BATCH] for at in range(0, len(alike), BATCH)]
    rng.shuffle(batches)
    return batches


def fitted_temperature(network: StanceNetwork, tokenizer: Any, aside: Sequence[Told]) -> float:
    """The temperature of least log loss on rows that were not trained on."""
    logits: list[torch.Tensor] = []
    with torch.inference_mode():
        for start in range(0, len(aside), BATCH):
            batch = collate(tokenizer, [one.marked for one in aside[start : start + BATCH]], MAX_TOKENS)
            logits.append(network(batch)[0].float())
    logits_SM = torch.cat(logits)
    truth_S = torch.tensor([MANNERS.index(manner) for one in aside for manner, _ in one.truths])
    steps = [round(float(step), 2) for step in np.arange(0.6, 4.0, 0.1)]
    return min(steps, key=lambda step: float(functional.cross_entropy(logits_SM / step, truth_S)))


def report(teller: Stances, given: Sequence[Told]) -> str:
    """How often manner and field are right, and manner by what is told of it and by how sure the model is."""
    found = [stance for one in given for stance in teller.tell_all([one.marked])[0]]
    truths = [truth for one in given for truth in one.truths]
    pairs = list(zip(found, truths, strict=True))
    lines = [
        f"{len(pairs)} names: manner {sum(one.manner == truth[0] for one, truth in pairs) / len(pairs):.3f}, "
        f"field {_share([one.field == truth[1] for one, truth in pairs if truth[1]]):.3f}"
    ]
    for manner in MANNERS:
        said = [one.manner for one, truth in pairs if truth[0] == manner]
        lines.append(f"  {manner:5} {len(said):5}: {dict(Counter(said).most_common())}")
    for least in (0.0, 0.8, 0.9, 0.95, 0.98):
        sure = [one.manner == truth[0] for one, truth in pairs if one.probability >= least]
        lines.append(f"  at least {least:.2f} sure: {len(sure) / len(pairs):.3f} of them, {_share(sure):.3f} right")
    return "\n".join(lines)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / max(len(right), 1)


def _place(message: str, quote: str) -> Span:
    begin = message.find(quote)
    return begin, begin + len(quote)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _names(message: str, shop: Shop, language: str) -> list[Span]:
    """Where the message has a value of the shop or a number; none overlap."""
    found = [match.span() for match in _finder(shop, language).finditer(message)]
    for pattern in (_NUMBER, _STARS):
        found += [s for s in (m.span() for m in pattern.finditer(message)) if not any(_overlap(s, f) for f in found)]
    return found


@lru_cache(maxsize=2048)
def _pattern(values: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(values, key=lambda value: (-len(value), value))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?:s|es)?(?!\w)", re.IGNORECASE)


def _finder(shop: Shop, language: str) -> re.Pattern[str]:
    lists: list[Iterable[str]] = [shop.kinds, shop.brands, shop.colors, shop.materials, shop.sizes]
    lists += shop.attributes.values()
    if language != "en":
        own = material.words()[language]
        lists += [own.get(name, ()) for name in ("kinds", "colors", "materials")]
    return _pattern(frozenset(value.lower() for values in lists for value in values) - _NEVER)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("--out", type=Path, required=True)
    training.add_argument("--count", type=int, default=40_000, help="messages to train on")
    training.add_argument("--epochs", type=int, default=2)
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--rate", type=float, default=RATE, help="the highest learning rate")
    training.add_argument("--begin", type=Path, help="go on from the model in this folder")
    training.add_argument("--blend", type=float, default=1.0, help="the share of what was learned since, the rest "
                          "stays as it was: what is learned anew forgets less of what was known")  # fmt: skip
    measuring = commands.add_parser("evaluate")
    measuring.add_argument("--model", type=Path, default=MODEL_FOLDER)
    measuring.add_argument("--count", type=int, default=1500, help="messages to measure on")
    measuring.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.command == "train":
        _train(args)
    else:
        aside = list(rows(_of("dev"), args.count, random.Random(f"{args.seed} measured"), hurried=False))
        print(report(load(args.model), aside))


def _train(args: argparse.Namespace) -> None:
    given = list(rows(_of("train"), args.count, random.Random(f"{args.seed} stances")))
    begun = deltas.read(args.begin) if args.begin else None
    begin = None if begun is None else begun.tensors
    network, tokenizer = train(given, epochs=args.epochs, seed=args.seed, rate=args.rate, begin=begin)
    if begin is not None:
        low_rank.blend(network, begin, args.blend)
    aside = list(rows(_of("dev"), 1500, random.Random(f"{args.seed} aside"), hurried=False))
    temperature = fitted_temperature(network, tokenizer, aside)
    facts = {
        "what": "low-rank delta and heads of the stances of messages to what they name",
        "licence": "own",
        "rank": RANK,
        "temperature": temperature,
        "trained_on": {"requests.txt and phrasings.txt of finetune/material": "our own"},
        "command": f"python -m finetune.stances train --count {args.count} --epochs {args.epochs} --seed {args.seed} "
        f"--rate {args.rate:g}",
        "seed": args.seed,
        **({} if begun is None else {"blend": args.blend, "begun_with": _origin(begun.manifest)}),
    }
    low_rank.save(network, args.out, facts)
    print(report(Stances(network, tokenizer, temperature=temperature), aside))


def _origin(manifest: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
    """What a model that was gone on from was made by, and what that one was."""
    return {key: manifest[key] for key in ("sha256", "command", "blend", "begun_with") if key in manifest}


def _of(split: str) -> list[Template]:
    return [template for template in material.templates() if split_of(template) == split]


if __name__ == "__main__":
    main()
