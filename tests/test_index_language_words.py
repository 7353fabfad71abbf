"""Words read alike by filters, search and the reader of messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.sizes import is_size_field, same_size
from index.language.words import has_phrase, normalise, stem, stems, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Crème   BRÛLÉE ", "creme brulee"),
        ("Straße", "strasse"),
        ("\uff34-\uff53hirt", "t-shirt"),
        ("が", "が"),
    ],
)
def test_normalise_folds_case_accents_and_space(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Women's T-Shirt, 2.5 L", ["women", "t", "shirt", "2.5", "l"]),
        ("drivers\u2019 bags_of 3", ["drivers", "bags", "of", "3"]),
        ("雨衣 XL", ["雨", "衣", "xl"]),
        ("!?", []),
    ],
)
def test_tokens_are_words_and_numbers(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("jackets", "jacket"),
        ("dresses", "dress"),
        ("dress", "dress"),
        ("hoodies", "hoodie"),
        ("batteries", "battery"),
        ("ties", "tie"),
        ("knives", "knife"),
        ("gloves", "glove"),
        ("watches", "watch"),
        ("boxes", "box"),
        ("potatoes", "potato"),
        ("shoes", "shoe"),
        ("lenses", "lens"),
        ("lens", "lens"),
        ("canvas", "canvas"),
        ("shorts", "shorts"),
        ("skis", "ski"),
        ("tennis", "tennis"),
        ("women", "woman"),
        ("grey", "gray"),
        ("colours", "color"),
        ("gps", "gps"),
    ],
)
def test_stem_is_the_singular(plural: str, singular: str) -> None:
    assert stem(plural) == singular


@given(st.text())
def test_words_of_any_text_are_normalised_already(text: str) -> None:
    for word in tokens(text):
        assert tokens(word) == [word]
    assert len(stems(text)) == len(tokens(text))


def test_phrases_are_whole_consecutive_words() -> None:
    assert has_phrase(("dark", "navy", "blue"), ("navy", "blue"))
    assert not has_phrase(("navy", "dark", "blue"), ("navy", "blue"))
    assert not has_phrase(("bluebell",), ("blue",))
    assert not has_phrase(("blue",), ())


@pytest.mark.parametrize(
    ("held", "wanted", "same"),
    [
        ("M", "medium", True),
        ("X-Large", "xl", True),
        ("XL", "L", False),
        ("EU 42", "42", True),
        ("42", "EU 42", True),
        ("US 9", "UK 9", False),
        ("55cm", "55 cm", True),
        ("S/M", "m", True),
        ("32/34", "32", False),
        ("One Size", "one-size", True),
        ("42.5", "42", False),
        ("", "M", False),
    ],
)
def test_sizes_are_compared_whole(held: str, wanted: str, same: bool) -> None:
    assert same_size(held, wanted) is same


def test_size_fields_are_known_by_name() -> None:
    assert is_size_field("size")
    assert is_size_field("Shoe_Sizes")
    assert not is_size_field("capsized")
