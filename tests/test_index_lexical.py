"""BM25 over items: where a word stands counts, how often it is repeated does not."""

import numpy as np
import pytest

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


def test_top_gives_the_best_allowed_rows_that_match() -> None:
    titles = ("Rain coat", "Mug", "Rain boots", "Rain coat", "Rain coat for rain days")
    index = WordIndex([Item(id=str(row), title=title) for row, title in enumerate(titles)])
    scores = index.scores("rain coat")
    rows, found = index.top("rain coat", 2)
    assert rows.tolist() == [0, 3]  # equal scores by row
    np.testing.assert_array_equal(found, scores[rows])
    rows, found = index.top("rain coat", 9, np.array([False, True, True, True, False]))
    assert rows.tolist() == [3, 2]  # the mug shares no word
    np.testing.assert_array_equal(found, scores[rows])
    assert index.top("zebra", 3)[0].tolist() == []


def test_top_refuses_wrong_arguments() -> None:
    index = WordIndex([Item(id="x", title="Mug")])
    with pytest.raises(ValueError, match="k is 0"):
        index.top("mug", 0)
    with pytest.raises(ValueError, match=r"mask has shape \(2,\), expected \(1,\)"):
        index.top("mug", 1, np.ones(2, dtype=np.bool_))


def test_no_items_are_an_index_too() -> None:
    assert WordIndex([]).scores("mug").shape == (0,)
