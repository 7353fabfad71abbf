"""Who was shown what for which wish, and what they then did: what the ranker of the engine is learned from.

A log of impressions is JSON Lines, in any order:
  {"shopper": "s1", "at": "2026-03-01T10:00:00Z", "words": "rain jacket", "shown": ["jacket-1", "jacket-7"],
   "acted": [{"item": "jacket-7", "kind": "purchase"}]}
`shown` is what the shopper saw, in that order, of which `acted` says what was clicked, put in the cart or bought.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.recommend.interactions import Interactions
from assistant.recommend.wish import EVENT_WEIGHTS
from finetune.interactions import Material, split_at
from index.errors import SetupError
from index.items import ItemId
from index.language.words import tokens


@dataclass(frozen=True, slots=True)
class Impression:
    """One request.

    Attributes:
        at: days since 1970; only what the shopper did before counts as history.
        shown: the candidates; empty: those that our own sources bring.
        wanted: item -> how much was done with it, above 0.
    """

    shopper: str
    at: float
    words: str
    shown: tuple[ItemId, ...]
    wanted: Mapping[ItemId, float]


def read(path: Path) -> list[Impression]:
    """The impressions of a log of which something was acted upon.

    Raises:
        SetupError: a line is no impression.
    """
    found: list[Impression] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told: dict[str, Any] = json.loads(line)
            wanted: dict[ItemId, float] = {}
            for act in told["acted"]:
                weight = EVENT_WEIGHTS[act["kind"]]  # a KeyError for a kind that is none
                if weight > 0:
                    wanted[str(act["item"])] = max(weight, wanted.get(str(act["item"]), 0.0))
            moment = datetime.fromisoformat(told["at"])
            if moment.tzinfo is None:
                raise ValueError("a moment without its zone")
            shown = tuple(str(item) for item in told["shown"])
            if not set(wanted) <= set(shown):
                raise ValueError("acted upon what was not shown")
            if wanted:
                at = moment.timestamp() / 86400.0
                found.append(Impression(str(told["shopper"]), at, str(told.get("words", "")), shown, wanted))
        except (ValueError, KeyError, TypeError) as error:
            raise SetupError(f"line {number} of {path.name} is no impression: {error}") from error
    return found


@dataclass(frozen=True, slots=True)
class Simulation:
    """How requests are made up for a log that has none.

    Attributes:
        wordless: share of requests that name nothing, so that history alone decides.
        most_words: at most so many words are taken from the title of what was bought; least is one.
        vague: share of requests whose one word is the most usual one of the title, as in `a mug`.
        of_basket: at most so many items of a basket make a request each.
        count: requests in all; the rest are left out by chance.
    """

    wordless: float = 0.35
    most_words: int = 2
    vague: float = 0.4
    of_basket: int = 2
    count: int = 4000
    seed: int = 0


def simulate(material: Material, day: float, plan: Simulation | None = None) -> list[Impression]:
    """Known-item requests: from `day` on, somebody asks for what the log says was bought, a moment before it was.

    The moment is that of the basket, so that nothing bought in it is history.
    """
    plan = plan or Simulation()
    chance = np.random.default_rng(plan.seed)
    usual = _usual(material.titles_N)
    _, later = split_at(material.log, day)
    found: list[Impression] = []
    for shopper, row, at in _picked(later, plan.of_basket, chance):
        words = _words(material.titles_N[row], usual, plan, chance)
        wanted = {material.log.items[row]: 1.0}
        found.append(Impression(material.log.shoppers[shopper], at, words, (), wanted))
    kept = np.sort(chance.permutation(len(found))[: plan.count])
    return [found[number] for number in kept]


def _picked(later: Interactions, of_basket: int, chance: np.random.Generator) -> list[tuple[int, int, float]]:
    """(shopper, row, moment) of some lines of each basket: lines of one shopper at one moment."""
    found: list[tuple[int, int, float]] = []
    fresh = (np.diff(later.shopper_E) != 0) | (np.diff(later.at_E) > 1e-9)
    for lines in np.split(np.arange(len(later)), np.flatnonzero(fresh) + 1):
        for line in chance.permutation(lines)[:of_basket]:
            found.append((int(later.shopper_E[line]), int(later.row_E[line]), float(later.at_E[line])))
    return found


def _usual(titles: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for title in titles:
        for word in set(tokens(title)):
            counts[word] = counts.get(word, 0) + 1
    return counts


def _words(title: str, usual: Mapping[str, int], plan: Simulation, chance: np.random.Generator) -> str:
    words = [word for word in dict.fromkeys(tokens(title)) if word.isalpha() and len(word) > 2]
    if not words or chance.random() < plan.wordless:
        return ""
    if chance.random() < plan.vague:
        return max(words, key=lambda word: usual[word])
    size = min(int(chance.integers(1, plan.most_words + 1)), len(words))
    return " ".join(words[number] for number in sorted(chance.permutation(len(words))[:size]))
