"""Messages put together from parts: their quotes stand in them, and no part or phrasing crosses from split to split."""

import random

import pytest

from assistant.dialogue.reading_lines import read_lines, written
from finetune import compose, material
from finetune.compose import composed, parts
from finetune.dialogues import filled, roughened, split_of, typed
from finetune.shops import made_shop, shop_of
from index.language.vocabulary import Vocabulary


def test_every_section_has_parts_of_both_splits_or_none_that_asks() -> None:
    for name in ("openings", "tail", "sentences"):
        splits = {part.split for part in parts()[name]}
        assert splits == {"train", "dev"}, name


@pytest.mark.parametrize("split", ["train", "dev"])
def test_what_is_composed_is_read_back_as_it_was_meant(split: str) -> None:
    rng = random.Random(4)
    shops = [made_shop(rng) for _ in range(12)]
    for number in range(600):
        example = roughened(filled(composed(split, rng), shops[number % 12], rng), rng)
        for each in (example, typed(example, rng)):
            assert read_lines(written(each.reading), each.message, each.fields) == each.reading, each
            assert not set("{}[]|") & set(each.message), each


def test_a_field_is_asked_for_once_but_for_both_ends_of_a_range() -> None:
    rng = random.Random(2)
    for _ in range(300):
        template = composed("train", rng)
        asked = [(field, sign) for field, sign, _ in template.wishes if sign != "!="]
        assert len(asked) == len(set(asked)), template


def test_a_shop_without_fields_of_its_own_is_not_asked_for_any() -> None:
    rng = random.Random(3)
    bare = shop_of(Vocabulary({}, {}, {}, {}))
    for _ in range(200):
        example = filled(composed("train", rng, traits=bool(bare.traits)), bare, rng)
        assert {wish.field for wish in example.reading.wishes} <= set(bare.fields)


def test_parts_of_the_development_split_are_in_no_training_message() -> None:
    rng = random.Random(5)
    ahead = {part.text for part in parts()["sentences"] if part.split == "dev"}
    for _ in range(500):
        message = composed("train", rng).message
        assert not any(text in message for text in ahead)


def test_no_later_phrasing_is_one_of_the_test_split() -> None:
    kept_apart = {material.shape(each.message) for each in material.templates() if split_of(each) == "test"}
    later = [each for each in material.templates() if each.fresh and each.kept_for != "test"]
    assert len(later) > 400
    assert not [each for each in later if split_of(each) == "test"]
    said = [(each, material.shape(text)) for each in later for text in material.variants(each.message)]
    assert not [each for each, shape in said if shape in kept_apart]


def test_choices_are_written_out() -> None:
    assert list(material.variants("[a|an |]x [b|c]")) == ["ax b", "ax c", "an x b", "an x c", "x b", "x c"]
    assert material.shape("In {color2}, it's {kinds}!") == material.shape("in {color} its {kind}")


def test_a_broken_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> str:
        return "## openings\n{thing}\nin {color} => color = {size}\n"

    compose.parts.cache_clear()
    monkeypatch.setattr(material, "text_of", broken)
    with pytest.raises(ValueError, match=r"clauses\.txt line 3: a quote does not stand in it"):
        parts()
    compose.parts.cache_clear()
