"""Whether reasons name what counts: `python -m bench.contributions [--catalogue FILE] [--requests 250] [--seed 0]`.

Every request is answered with reasons. Then what the first reason of a shown item names (a constraint, a past item, the
words, the item's rating) is taken out of the input, and the same candidates are ranked again: the item's score must
fall, and fall more than when another factor, drawn at random, is taken out. What a reason names is read off the kinds
of evidence it cites; nothing of what makes reasons is used.
"""

import argparse
import os
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, cast

from assistant.engine import Engine
from assistant.exchange import SceneAsk, Shelf
from assistant.furnishing import Furnished
from assistant.nouns import Event, EventKind, Recommendation
from assistant.recommend.recommender import Recommender
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue
from index.items import ItemId

_KINDS: tuple[EventKind, ...] = ("purchase", "view", "like", "cart", "click")
BEGAN = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing of the input that can be taken out: `which` is a ledger entry, a past item, or "" ."""

    kind: Literal["constraint", "past", "words", "rating", "popularity", "similar"]
    which: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much an item's score fell without what its first reason names, and without another factor (NaN: no other)."""

    named: Factor
    fall: float
    other_fall: float


def without(wish: Wish, factor: Factor) -> Wish:
    """The wish as if that factor had never been there."""
    match factor.kind:
        case "constraint":
            return replace(wish, ledger=tuple(entry for entry in wish.ledger if entry.id != factor.which))
        case "past":
            return replace(wish, history=tuple(event for event in wish.history if event.item_id != factor.which))
        case "words":
            return replace(wish, words="")
        case "popularity":
            return replace(wish, popularity={})
        case "similar":
            return replace(wish, like=None)
        case _:
            return wish


def named_by(shown: Recommendation, shelf: Shelf, wish: Wish) -> Factor | None:
    """What the first reason names, by its evidence; None when it tells of the record alone."""
    if not shown.reasons:
        return None
    cited = [entry for entry in shelf.evidence if entry.id in shown.reasons[0].evidence]
    events = {event.id: event for event in wish.history}
    for entry in cited:
        if entry.kind == "constraint":
            return Factor("constraint", entry.ref)
        if entry.kind == "event":
            return Factor("past", events[entry.ref].item_id)
    for entry in cited:
        if entry.kind == "contribution":
            match entry.name:
                case "query" | "words":
                    return Factor("words")
                case "rating" | "popularity" | "similar":
                    return Factor(entry.name)
                case _:
                    pass
    return None


def factors(wish: Wish) -> list[Factor]:
    """All of the request and the past that can be taken out, each once."""
    found = [Factor("constraint", entry.id) for entry in wish.ledger]
    found += [Factor("past", item_id) for item_id in dict.fromkeys(event.item_id for event in wish.history)]
    return [*found, *([Factor("words")] if wish.words else [])]


def score(recommender: Recommender, wish: Wish, candidates: Sequence[ItemId], item_id: ItemId) -> float:
    """The item's score among the same candidates."""
    return next(each.score for each in recommender.rank(wish, candidates) if each.item_id == item_id)


def examine(engine: Engine, recommender: Recommender, ask: SceneAsk, draw: random.Random) -> list[Outcome]:
    """The outcomes for every shown item of one request whose first reason names something that can be taken out."""
    wish, shelf = engine.wish(ask), engine.recommend(ask)
    candidates = [candidate.item_id for candidate in recommender.retrieve(wish)]
    found: list[Outcome] = []
    for shown in shelf.recommendations:
        named = named_by(shown, shelf, wish)
        if named is None:
            continue
        full = score(recommender, wish, candidates, shown.item.id)
        if named.kind == "rating":
            part = next(c.value for c in shown.ranked.contributions if c.name == "rating")
            fall = part  # the record cannot be asked for without it, so its own part must do
        else:
            fall = full - score(recommender, without(wish, named), candidates, shown.item.id)
        others = [factor for factor in factors(wish) if factor != named]
        other = draw.choice(others) if others else None
        other_fall = (
            full - score(recommender, without(wish, other), candidates, shown.item.id) if other else float("nan")
        )
        found.append(Outcome(named, fall, other_fall))
    return found


def made_requests(catalogue: Catalogue, draw: random.Random, count: int) -> list[tuple[str, list[Event]]]:
    """Queries of a catalogue's own words, and a past of none to eight events each."""
    words = catalogue.vocabulary()
    kinds = sorted(words.kinds, key=lambda kind: (-words.kinds[kind], kind))[:60]
    brands = sorted(words.brands, key=lambda brand: (-words.brands[brand], brand))[:40] or ["no brand"]
    colours = sorted(words.values.get("color", {"black": 1}))[:30]
    prices = sorted(item.price.amount_minor // 100 for item in catalogue if item.price)
    items = sorted(item.id for item in catalogue)
    shapes = (
        "{kind}", "{colour} {kind}", "{kind} under {price}", "{colour} {kind} under {price}", "{kind} from {brand}",
        "a {kind} for a present, not {brand}", "something warm for the weekend", "something {colour} under {price}",
        "gift for a friend who cooks, at most {price}",
    )  # fmt: skip
    made: list[tuple[str, list[Event]]] = []
    for number in range(count):
        text = draw.choice(shapes).format(
            kind=draw.choice(kinds),
            colour=draw.choice(colours).lower(),
            brand=draw.choice(brands),
            price=prices[int(len(prices) * draw.uniform(0.3, 0.95))],
        )
        past = [
            Event(f"e{n}", f"deletion-{number}", draw.choice(_KINDS), draw.choice(items), BEGAN + timedelta(hours=n))
            for n in range(draw.randrange(9))
        ]
        made.append((text, past))
    return made


def told(outcomes: Sequence[Outcome]) -> str:
    """The shares, and how often each sort of factor was named."""
    fell = [outcome.fall > 1e-6 for outcome in outcomes]
    more = [outcome.fall > outcome.other_fall for outcome in outcomes if outcome.other_fall == outcome.other_fall]
    kinds = Counter(outcome.named.kind for outcome in outcomes)
    return (
        f"{len(outcomes)} reasons: score falls {statistics.fmean(fell):.3f}, "
        f"more than for a random factor {statistics.fmean(more):.3f} of {len(more)}; {dict(kinds.most_common())}"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path)
    parser.add_argument("--requests", type=int, default=250)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="folder to keep the index in")
    given = parser.parse_args()
    from assistant.assembly import assemble
    from assistant.settings import load_settings

    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            data_dir=given.data or Path(folder),
            database_url=f"sqlite:///{folder}/whybuy.db",
            catalogue=given.catalogue,
            llm="none",
            refit_s=0,
        )
        house = assemble(settings, demo=True)
        room = cast(Furnished, house.engine.assistant)  # the index does not change while this runs
        draw = random.Random(given.seed)
        first: list[Outcome] = []
        every: list[Outcome] = []
        requests = made_requests(house.catalogue, draw, given.requests)
        for text, past in requests:
            house.events.add(past)
            ask = SceneAsk("search", past[0].shopper_id if past else None, text, k=4)
            found = examine(room.engine, room.recommender, ask, draw)
            every += found
            first += found[:1]
        house.close()
    print(f"{len(house.catalogue)} items, {len(requests)} requests, seed {given.seed}, load {os.getloadavg()[0]:.1f}")
    print(f"first item:  {told(first)}")
    print(f"every item:  {told(every)}")


if __name__ == "__main__":
    main()
