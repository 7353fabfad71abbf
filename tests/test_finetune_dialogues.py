"""The training conversations: gold readings that stand in their messages, splits that share no phrasing."""

import json
import random
from pathlib import Path

import pytest

from assistant.dialogue.reading_lines import read_lines, written
from finetune import human_requests, material
from finetune.dialogues import (
    Example,
    examples,
    filled,
    repeated,
    roughened,
    split_of,
    write,
)
from finetune.shops import made_shop, shop_of
from index.language.vocabulary import Vocabulary

REQUESTS = Path(__file__).parents[1].parent / "shared/data/shopping_requests/requests.jsonl"


def made(count: int, seed: int = 3) -> list[Example]:
    rng = random.Random(seed)
    shops = [made_shop(rng) for _ in range(5)]
    return list(examples(material.templates(), shops, count, rng))


def test_every_template_is_read_and_there_are_hundreds() -> None:
    templates = material.templates()
    assert len(templates) > 370
    assert len({template.family for template in templates}) > 30
    assert {template.intent for template in templates} == {
        "search", "more", "ask_item", "ask_policy", "compare", "release", "greet", "thanks", "other",
    }  # fmt: skip


def test_what_is_taught_can_be_written_in_the_grammar_s_terms() -> None:
    for example in made(1500):
        assert read_lines(written(example.reading), example.message, example.fields) == example.reading, example


def test_each_template_can_be_filled_with_any_shop() -> None:
    rng = random.Random(1)
    bare = shop_of(Vocabulary({}, {}, {}, {}))
    for template in material.templates():
        for shop in (bare, made_shop(rng)):
            example = roughened(filled(template, shop, rng), rng)
            assert "{" not in example.message + written(example.reading), template


def test_a_shop_s_own_words_are_used() -> None:
    shop = shop_of(Vocabulary({"Zyx": 2}, {}, {"anvil": 3}, {"color": {"Puce": 1}, "mass": {"9 kg": 1}}))
    assert (shop.brands, shop.kinds, shop.colors) == (("Zyx",), ("anvil",), ("Puce",))
    assert shop.fields == ("price", "rating", "brand", "color", "size", "material", "mass")


def test_splits_share_no_template() -> None:
    splits = [split_of(template) for template in material.templates()]
    assert splits == [split_of(template) for template in material.templates()]
    assert all(splits.count(split) >= minimum for split, minimum in (("train", 250), ("dev", 10), ("test", 40)))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    shops = [made_shop(random.Random(1))]
    assert write(tmp_path / "a", shops, shops, 50, 7) == write(tmp_path / "b", shops, shops, 50, 7)
    for name in ("train", "dev", "test"):
        assert (tmp_path / f"a/{name}.jsonl").read_bytes() == (tmp_path / f"b/{name}.jsonl").read_bytes()
    first = json.loads((tmp_path / "a/train.jsonl").read_text().splitlines()[0])
    assert [message["role"] for message in first["messages"]] == ["system", "user"]
    assert first["messages"][1]["content"].endswith(first["message"])


@pytest.mark.parametrize(
    "line", ["a mug", "a mug => buy | mug |", "a mug => search | cup |", "a mug => search | mug | cheap"]
)
def test_a_bad_line_of_material_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each says something else; what matters is that none gets in)
        material._template("family", line)  # pyright: ignore[reportPrivateUsage]


def test_labelled_requests_are_learned_from_under_a_few_orders_of_the_fields(tmp_path: Path) -> None:
    if not REQUESTS.exists():
        pytest.skip("the requests that people wrote are not here (shared/data/shopping_requests)")
    more = tuple(repeated(REQUESTS, 2, random.Random(1)))
    assert len(more) == 2 * sum(label.split == "train" for label in human_requests.labels())
    assert len({example.fields for example in more}) == 2
    shops = [made_shop(random.Random(2))]
    alone = write(tmp_path / "alone", shops, shops, 50, 1)
    sizes = write(tmp_path / "both", shops, shops, 50, 1, more)
    assert sizes == {**alone, "train": alone["train"] + len(more)}
