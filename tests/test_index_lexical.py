"""BM25 over items: where a word stands counts, how often it is repeated does not."""

import numpy as np

from index.items import Item
from index.lexical import WordIndex, item_terms, terms


def test_terms_are_stems_without_function_words() -> None:
    assert terms("I am looking for the Hiking jackets") == ["am", "hike", "jacket"]


def test_a_word_counts_by_its_best_place() -> None:
    item = Item(
        id="x", title="Rain coat", brand="Rain", description="coat coat coat wool", attributes={"fit": ("slim",)}
    )
    assert item_terms(item) == ["coat"] * 3 + ["fit"] * 2 + ["rain"] * 3 + ["slim"] * 2 + ["wool"]


def test_scores_lie_between_0_and_1_and_the_best_is_1() -> None:
    items = [
        Item(id="a", title="Rain coat"),
        Item(id="b", title="Umbrella", description="For rain."),
        Item(id="c", title="Mug"),
    ]
    scores = WordIndex(items).scores("rain coats")
    assert scores[0] == 1.0
    assert 0 < scores[1] < 1
    assert scores[2] == 0
    np.testing.assert_array_equal(WordIndex(items).scores("zebra"), [0, 0, 0])
    np.testing.assert_array_equal(WordIndex(items).scores(""), [0, 0, 0])


def test_repeating_the_query_gains_nothing() -> None:
    query = "waterproof rain coat"
    honest = [Item(id=str(n), title=f"Rain coat {n}", description="It is waterproof.") for n in range(5)]
    once = Item(id="seller", title="Mug", description=f"Holds tea. {query}")
    often = Item(id="seller", title="Mug", description=f"Holds tea. {query * 10}".replace("coatwater", "coat water"))
    before, after = (WordIndex([*honest, item]).scores(query) for item in (once, often))
    np.testing.assert_allclose(before, after)
    assert after[-1] == after.min()


def test_items_without_words_are_indexed() -> None:
    np.testing.assert_array_equal(WordIndex([Item(id="x", title="!")]).scores("coat"), [0])
