"""Replies of a whole assistant, and what a stranger says of the reasons in them: backed, varied, the model's own?"""

import logging
import random
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.assembly import House, assemble
from assistant.exchange import Ask
from assistant.nouns import Event, EventKind, Evidence, Reply
from assistant.settings import load_settings
from finetune import material
from finetune.dialogues import filled, shop_of
from finetune.llm_statements import Found, Judge, distinct, opened
from index.items import Item, ItemId

log = logging.getLogger(__name__)

_FAMILIES = frozenset(
    "plain need|need and colour|need and material|need and brand|need and most|need and least|need and between|"
    "need and size|need and rating|several at once|by use or person|long and wordy|short and sloppy".split("|")
)
"""What is asked for here: templates of all splits, as no reader is measured."""
_KINDS: tuple[EventKind, ...] = ("purchase", "view", "like", "cart")
_SHOPPERS = 40
_PAST = 8


@dataclass(slots=True)
class Judged:
    """What came of all replies.

    Attributes:
        statements: sentences of reasons, each with what it says without evidence.
        by_model: how many of them the model worded; `asked`: replies for which it was asked.
        strangers: items named in messages or reasons that were neither offered nor of the past.
    """

    replies: int = 0
    shelves: int = 0
    statements: int = 0
    by_model: int = 0
    items: int = 0
    items_by_model: int = 0
    asked: int = 0
    degraded: int = 0
    strangers: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])
    faulty: int = 0
    texts: list[str] = field(default_factory=list[str])
    bare: list[str] = field(default_factory=list[str])
    examples: list[str] = field(default_factory=list[str])
    milliseconds: list[float] = field(default_factory=list[float])

    def figures(self) -> dict[str, float]:
        """The figures of the table, by name."""
        words = [len(text.split()) for text in self.texts]
        return {
            "replies": self.replies,
            "replies with a shelf": self.shelves,
            "statements": self.statements,
            "backed": round(1 - self.faulty / max(self.statements, 1), 5),
            "wrong numbers": self.faults["number"],
            "items named that were not offered": self.strangers + self.faults["name"],
            "items with a reason the model worded": round(self.items_by_model / max(self.items, 1), 4),
            "statements the model worded": round(self.by_model / max(self.statements, 1), 4),
            "replies with wording degraded": self.degraded,
            "distinct-1": round(distinct(self.texts, 1), 4),
            "distinct-2": round(distinct(self.texts, 2), 4),
            "different ways to say it": len(set(self.bare)),
            "words a statement": round(sum(words) / max(len(words), 1), 1),
        }


def replies_report(catalogue: Path | None, count: int, seed: int, data_dir: Path | None = None) -> dict[str, float]:
    """Print what came of `count` replies on a catalogue; the figures."""
    with _house(catalogue, data_dir) as house:
        judged = judge(house, count, seed)
    figures = judged.figures()
    print(f"\nreasons, seed {seed}, {house.settings.llm}\n\n| | |\n|---|---|")
    for name, figure in figures.items():
        print(f"| {name} | {figure} |")
    print(f"faults: {dict(judged.faults)}")
    for example in judged.examples[:20]:
        print(f"  {example}")
    return figures


def judge(house: House, count: int, seed: int) -> Judged:
    """Ask for `count` replies, one message each, half of them as a shopper with a past, and judge their sentences."""
    rng = random.Random(seed)
    items = tuple(house.catalogue)
    judge_ = Judge(items)
    by_id = {item.id: item for item in items}
    shoppers = _shoppers(house, items, rng)
    judged = Judged()
    for message in _messages(house, count, rng):
        shopper = rng.choice(shoppers) if rng.random() < 0.5 else None
        reply = house.engine.respond(Ask(message, None, shopper))
        _judge(reply, judge_, by_id, judged, message)
        if judged.replies % 50 == 0:
            log.info("%d of %d replies", judged.replies, count)
    return judged


def _judge(reply: Reply, judge_: Judge, by_id: dict[ItemId, Item], judged: Judged, message: str) -> None:
    judged.replies += 1
    judged.shelves += bool(reply.recommendations)
    judged.degraded += any(part.startswith("llm.wording") for part in reply.degraded)
    evidence = {entry.id: entry for entry in reply.evidence}
    offered = [each.item.id for each in reply.recommendations]
    spoken = [entry.item_id for entry in reply.evidence if entry.item_id is not None]
    judged.strangers += len(judge_.strangers(reply.message, [*offered, *spoken]))
    for shown in reply.recommendations:
        judged.items += 1
        judged.items_by_model += any(reason.source == "model" for reason in shown.reasons)
        for reason in shown.reasons:
            cited = [evidence[name] for name in reason.evidence if name in evidence]
            found = judge_.faults(reason.text, shown.item, cited, offered)
            _note(judged, reason.text, reason.source == "model", found, cited, by_id, message)


def _note(
    judged: Judged,
    text: str,
    by_model: bool,
    found: Sequence[Found],
    cited: Sequence[Evidence],
    by_id: dict[ItemId, Item],
    message: str,
) -> None:
    judged.statements += 1
    judged.by_model += by_model
    judged.texts.append(text)
    judged.bare.append(opened(text, cited, {item_id: item.title for item_id, item in by_id.items()}))
    judged.faulty += bool(found)
    judged.faults.update(one.fault for one in found)
    if found:
        told = "; ".join(entry.text for entry in cited)
        judged.examples.append(
            f"{text} [{', '.join(f'{one.fault}: {one.what}' for one in found)}] <- {told} ({message})"
        )


@contextmanager
def _house(catalogue: Path | None, data_dir: Path | None) -> Generator[House]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(catalogue=catalogue, data_dir=data_dir or Path(folder), on_bad_row="skip", refit_s=0.0)
        house = assemble(settings, demo=True)
        try:
            yield house
        finally:
            house.close()


def _messages(house: House, count: int, rng: random.Random) -> Iterator[str]:
    shop = shop_of(house.catalogue.vocabulary())
    chosen = [each for each in material.templates() if each.family in _FAMILIES and not each.before]
    for _ in range(count):
        yield filled(rng.choice(chosen), shop, rng).message


def _shoppers(house: House, items: Sequence[Item], rng: random.Random) -> list[str]:
    """Ids of shoppers with a past: the demo's, or made ones that each turned to a few items alike."""
    if house.shoppers:
        return [shopper.id for shopper in house.shoppers]
    now = datetime.now(UTC)
    made: list[str] = []
    for number in range(_SHOPPERS):
        like = rng.choice(items)
        alike = [item for item in items if item.brand == like.brand or set(item.categories) & set(like.categories)]
        chosen = rng.sample(alike, min(_PAST, len(alike)))
        name = f"made-{number}"
        events = [
            Event(f"{name}-{at}", name, rng.choice(_KINDS), item.id, now - timedelta(days=3 * at + 1), None)
            for at, item in enumerate(chosen)
        ]
        house.events.add(events)
        made.append(name)
    return made
