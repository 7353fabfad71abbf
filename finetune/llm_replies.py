"""Replies of a whole assistant, and what a stranger says of the reasons in them: backed, varied, the model's own?

The rules read alone here, as what is judged is the wording; every message is asked three times, with the model wording,
with none, and with one that lies, and the shelves must be the same.
"""

import json
import logging
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.assembly import House, assemble
from assistant.exchange import Ask
from assistant.llm.opening import open_chat_model
from assistant.nouns import Event, EventKind, Reply
from assistant.settings import load_settings
from finetune import material
from finetune.dialogues import filled
from finetune.llm_statements import Judge, distinct, opened, without_quotes_of
from finetune.llm_words_only import MODES, Mode, WordsOnly
from finetune.shops import Shop, shop_of
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


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a reason. `bare`: with numbers and values left out; `told`: what its evidence says."""

    text: str
    bare: str
    by_model: bool
    item: ItemId
    faults: tuple[tuple[str, str], ...]
    told: str


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one message.

    Attributes:
        items: on the shelf, in their order.
        strangers: items named in the message that were neither offered nor of the past.
        moved: modes of the model in which the shelf was another than here.
        cpu_ms: processor time of the reply.
    """

    message: str
    shopper: str | None
    items: tuple[ItemId, ...]
    degraded: bool
    strangers: int
    moved: tuple[str, ...]
    cpu_ms: float
    statements: tuple[Statement, ...]


def figures(records: Sequence[Record]) -> dict[str, float]:
    """The figures of the table, by name."""
    said = [statement for record in records for statement in record.statements]
    texts = [statement.text for statement in said]
    faults = Counter(fault for statement in said for fault, _ in statement.faults)
    shown = sum(len(record.items) for record in records)
    worded = sum(len({one.item for one in record.statements if one.by_model}) for record in records)
    length = sum(len(text.split()) for text in texts) / max(len(texts), 1)
    return {
        "replies": len(records),
        "replies with a shelf": sum(bool(record.items) for record in records),
        "statements": len(said),
        "backed": round(1 - sum(bool(one.faults) for one in said) / max(len(said), 1), 5),
        "wrong numbers": faults["number"],
        "items named that were not offered": sum(record.strangers for record in records) + faults["name"],
        "shelves that are others without the model or with a lying one": sum(bool(each.moved) for each in records),
        "items with a reason the model worded": round(worded / max(shown, 1), 4),
        "statements the model worded": round(sum(one.by_model for one in said) / max(len(said), 1), 4),
        "replies with wording degraded": sum(record.degraded for record in records),
        "distinct-1": round(distinct(texts, 1), 4),
        "distinct-2": round(distinct(texts, 2), 4),
        "different ways to say it": len({one.bare for one in said}),
        "words a statement": round(length, 1),
        "cpu ms a reply, median": round(statistics.median(each.cpu_ms for each in records), 1) if records else 0.0,
    }


def replies_report(
    catalogue: Path | None, count: int, seed: int, data_dir: Path | None = None, records: Path | None = None
) -> dict[str, float]:
    """Print what came of `count` replies on a catalogue; the figures.

    Args:
        records: a file that each reply's record is added to; what is in it already is not asked again.

    Raises:
        ValueError: what is in that file are the records of another run.
    """
    with serving(catalogue, data_dir) as (house, model):
        found = judge(house, count, seed, model, records)
    measured = figures(found)
    print(f"\nreasons, seed {seed}, {house.settings.llm} ({house.settings.llm_engine})\n\n| | |\n|---|---|")
    for name, figure in measured.items():
        print(f"| {name} | {figure} |")
    faulty = [(record, one) for record in found for one in record.statements if one.faults]
    print(f"faults: {dict(Counter(fault for _, one in faulty for fault, _ in one.faults))}")
    for record, one in faulty[:20]:
        print(f"  {one.text} {list(one.faults)} <- {one.told} ({record.message})")
    return measured


def judge(
    house: House, count: int, seed: int, model: WordsOnly | None = None, kept: Path | None = None
) -> list[Record]:
    """Ask for `count` replies, one message each, half of them as a shopper with a past, and judge their sentences.

    Args:
        model: the house's; each message is then asked again with it off and lying, and the shelves are compared.
        kept: as `records` of `replies_report`.

    Raises:
        ValueError: what is in that file are the records of another run.
    """
    rng = random.Random(seed)
    items = tuple(house.catalogue)
    by_id = {item.id: item for item in items}
    bench = _Bench(house, Judge(items), by_id, model)
    shoppers = _shoppers(house, items, rng)
    asked = [
        (message, rng.choice(shoppers) if rng.random() < 0.5 else None) for message in _messages(house, count, rng)
    ]
    found = _read(kept)[:count]
    for record, (message, shopper) in zip(found, asked, strict=False):
        if (record.message, record.shopper) != (message, shopper):
            raise ValueError(f"{kept} holds the records of another run")
    with kept.open("a", encoding="utf-8") if kept else nullcontext() as file:
        for message, shopper in asked[len(found) :]:
            found.append(bench.record(message, shopper))
            if file is not None:
                file.write(json.dumps(asdict(found[-1]), ensure_ascii=False) + "\n")
                file.flush()
            if len(found) % 50 == 0:
                log.info("%d of %d replies", len(found), count)
    return found


@dataclass(frozen=True, slots=True)
class _Bench:
    house: House
    judge: Judge
    by_id: Mapping[ItemId, Item]
    model: WordsOnly | None

    def record(self, message: str, shopper: str | None) -> Record:
        """What came of one message."""
        begun = time.process_time()
        reply = self._reply(message, shopper, "on")
        spent = 1000 * (time.process_time() - begun)
        items = [each.item.id for each in reply.recommendations]
        moved = [
            mode
            for mode in (MODES[1:] if self.model is not None else ())
            if [each.item.id for each in self._reply(message, shopper, mode).recommendations] != items
        ]
        spoken = [entry.item_id for entry in reply.evidence if entry.item_id is not None]
        return Record(
            message=message,
            shopper=shopper,
            items=tuple(items),
            degraded=any(part.startswith("llm.wording") for part in reply.degraded),
            strangers=len(self.judge.strangers(without_quotes_of(message, reply.message), [*items, *spoken])),
            moved=tuple(moved),
            cpu_ms=round(spent, 1),
            statements=tuple(self._statements(reply, items, message)),
        )

    def _reply(self, message: str, shopper: str | None, mode: Mode) -> Reply:
        if self.model is not None:
            self.model.mode = mode
        return self.house.engine.respond(Ask(message, None, shopper))

    def _statements(self, reply: Reply, offered: Sequence[ItemId], asked: str) -> Iterator[Statement]:
        evidence = {entry.id: entry for entry in reply.evidence}
        titles = {item_id: item.title for item_id, item in self.by_id.items()}
        for shown in reply.recommendations:
            for reason in shown.reasons:
                cited = [evidence[name] for name in reason.evidence if name in evidence]
                found = self.judge.faults(reason.text, shown.item, cited, offered, asked)
                yield Statement(
                    text=reason.text,
                    bare=opened(reason.text, cited, titles),
                    by_model=reason.source == "model",
                    item=shown.item.id,
                    faults=tuple((one.fault, one.what) for one in found),
                    told="; ".join(entry.text for entry in cited),
                )


def _read(kept: Path | None) -> list[Record]:
    if kept is None or not kept.exists():
        return []
    rows: list[dict[str, Any]] = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    return [_record(row) for row in rows]


def _record(row: dict[str, Any]) -> Record:  # Any: JSON
    said = [_statement(one) for one in row.pop("statements")]
    items, moved = tuple(row.pop("items")), tuple(row.pop("moved"))
    return Record(**row, items=items, moved=moved, statements=tuple(said))


def _statement(row: dict[str, Any]) -> Statement:  # Any: JSON
    faults = tuple((str(fault), str(what)) for fault, what in row.pop("faults"))
    return Statement(**row, faults=faults)


@contextmanager
def serving(catalogue: Path | None, data_dir: Path | None) -> Generator[tuple[House, WordsOnly]]:
    """A house whose model words and does not read, and that model; `data_dir` None: a folder that goes with it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(catalogue=catalogue, data_dir=data_dir or Path(folder), on_bad_row="skip", refit_s=0.0)
        model = WordsOnly(open_chat_model(settings.llm, engine=settings.llm_engine, threads=settings.llm_threads))
        house = assemble(settings, llm=model, demo=True)
        try:
            yield house, model
        finally:
            house.close()


def _messages(house: House, count: int, rng: random.Random) -> Iterator[str]:
    """Requests in the words of the shop, three of four in the words of one of its items, so that something fits."""
    items = tuple(house.catalogue)
    shop = shop_of(house.catalogue.vocabulary())
    chosen = [each for each in material.templates() if each.family in _FAMILIES and not each.before]
    for _ in range(count):
        speaks_of = _words_of(rng.choice(items), shop) if rng.random() < 0.75 else shop
        yield filled(rng.choice(chosen), speaks_of, rng).message


def _words_of(item: Item, shop: Shop) -> Shop:
    """The shop as if it sold this item only; words that the item lacks stay the shop's."""
    held = {**item.attributes, **item.options}
    named = f"{item.title} {' '.join(item.categories)}".lower()
    kinds = tuple(kind for kind in shop.kinds if kind in named)
    return replace(
        shop,
        kinds=kinds * 2 or shop.kinds,  # templates name two
        brands=(item.brand,) if item.brand else shop.brands,
        colors=held.get("color") or shop.colors,
        materials=held.get("material") or shop.materials,
        sizes=held.get("size") or shop.sizes,
        attributes={name: values for name, values in held.items() if name in shop.attributes} or shop.attributes,
    )


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
        if not house.events.of(name, limit=1):  # those of an earlier run stay as they were
            house.events.add(events)
        made.append(name)
    return made
