"""Items whose words are nearly the same: found like the slow comparison of all with all, few missed, few made up."""

import random
import re
from collections.abc import Callable

import numpy as np
import pytest

from index.duplicates import item_words, near_duplicates, shingles
from index.items import Item

NOUNS = "jacket lamp kettle chair table tent boot mug scarf blanket drill saw pan knife shelf rug clock radio".split()
WORDS = (
    "warm dry light heavy soft round oak steel linen cotton bright quiet folding taped seams pocket lid base cord "
    "switch timer washable lined padded brushed woven curved slim wide narrow sturdy simple classic modern "
    "garden kitchen travel office winter summer reading walking family guest wall floor desk"
).split()


def _item(rng: random.Random, name: str) -> Item:
    text = ". ".join(" ".join(rng.choices(WORDS, k=rng.randint(6, 12))).capitalize() for _ in range(rng.randint(3, 6)))
    return Item(
        name, f"{rng.choice(WORDS).title()} {rng.choice(WORDS)} {rng.choice(NOUNS)} {rng.randint(1, 99)}", "", text
    )


def _typo(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


MUTATIONS: dict[str, Callable[[random.Random, str], str]] = {
    "case and marks": lambda rng, text: text.upper().replace(". ", " - ") + "!!",
    "a typing error": _typo,
    "a word left out": lambda rng, text: re.sub(rf"\b{rng.choice(text.split())}\b", "", text, count=1),
    "sentences in another order": lambda rng, text: ". ".join(rng.sample(text.split(". "), len(text.split(". ")))),
    "praise put before": lambda rng, text: "New! " + text,
}


def _mutated(rng: random.Random, item: Item, change: Callable[[random.Random, str], str]) -> Item:
    return Item(f"{item.id}'", item.title, item.brand, change(rng, item.description))


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutations_are_found(name: str) -> None:
    rng = random.Random(7)
    items = [_item(rng, str(at)) for at in range(400)]
    copies = [_mutated(rng, item, MUTATIONS[name]) for item in items[:200]]
    found = {(first, second) for first, second, _ in near_duplicates([*items, *copies], 0.8)}
    expected = {(item.id, copy.id) for item, copy in zip(items, copies, strict=False)}
    assert len(found & expected) >= 0.95 * len(expected)
    assert len(found & expected) >= 0.99 * len(found)


def test_pairs_are_those_of_the_slow_comparison() -> None:
    rng = random.Random(3)
    items = [_item(rng, str(at)) for at in range(60)]
    items += [_mutated(rng, item, _typo) for item in items[:30]]
    slow: dict[str, float] = {}
    for later in range(len(items)):
        for first in range(later):
            a, b = (set(shingles(item_words(items[at])).tolist()) for at in (first, later))
            if (likeness := len(a & b) / len(a | b)) >= 0.9:
                slow[items[later].id] = max(likeness, slow.get(items[later].id, 0))
    assert {later: likeness for _, later, likeness in near_duplicates(items, 0.9)} == pytest.approx(slow)


def test_a_different_number_in_the_title_is_a_different_item() -> None:
    text = "A phone with a bright screen, two cameras and a battery that lasts the day"
    items = [Item("a", "Phone 128 GB", description=text), Item("b", "Phone 256 GB", description=text)]
    assert near_duplicates(items) == []
    assert near_duplicates([items[0], Item("c", "Phone 128 GB", description=text)]) == [("a", "c", 1.0)]


def test_many_copies_are_each_told_of_once() -> None:
    items = [Item(str(at), "Plain white mug", description="Holds tea, coffee and soup") for at in range(2_000)]
    assert near_duplicates(items) == [("0", str(at), 1.0) for at in range(1, 2_000)]


def test_nothing_short_or_empty_breaks_it() -> None:
    assert near_duplicates([]) == []
    assert near_duplicates([Item("a", "x"), Item("b", "y"), Item("c", "!")]) == []
    assert shingles("ab").dtype == np.uint64
    with pytest.raises(ValueError, match="least is 0"):
        near_duplicates([], 0)
