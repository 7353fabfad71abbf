"""What the stance model learns from: every name of a message with what the reading says of it; and that it learns."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant import deltas
from assistant.dialogue import stances as served
from assistant.dialogue.reading_lines import Lines, Wish
from assistant.spans import Marked
from finetune import low_rank, material, stances
from finetune.dialogues import split_of
from finetune.examples import Example
from finetune.shops import Shop
from index.errors import WeightsError

SHOP = Shop(
    kinds=("coat", "rain coat", "lamp"),
    brands=("Alder", "Corden"),
    colors=("red", "navy blue", "blue"),
    materials=("wool", "oak"),
    sizes=("M", "42"),
    attributes={"fit": ("slim", "loose"), "washable": ("yes", "no")},
)


def told(message: str, words: str, *wishes: Wish, language: str = "en") -> dict[str, tuple[str, str]]:
    """Each name of the message with manner and field."""
    example = Example(message, "", Lines("search", words, wishes), SHOP.fields, "made")
    one = stances.told(example, SHOP, language)
    return {message[start:end]: truth for (start, end), truth in zip(one.marked.spans, one.truths, strict=True)}


def test_every_name_is_told_whether_or_not_it_is_asked_for() -> None:
    found = told(
        "my red Alder is worn; a rain coat in navy blue, no wool, up to 60 euros, slim maybe",
        "rain coat",
        Wish("color", "=", "navy blue"),
        Wish("material", "!=", "wool"),
        Wish("price", "<=", "60 euros"),
        Wish("fit", "~", "slim"),
    )
    assert found == {
        "red": ("told", ""),
        "Alder": ("told", ""),
        "rain coat": ("words", ""),
        "navy blue": ("=", "color"),
        "wool": ("!=", "material"),
        "60": ("<=", "price"),
        "slim": ("~", "attribute"),
    }


def test_values_of_one_condition_are_names_of_their_own() -> None:
    found = told("a coat in red or blue", "coat", Wish("color", "=", "red or blue"))
    assert found == {"coat": ("words", ""), "red": ("=", "color"), "blue": ("=", "color")}


def test_what_no_list_has_is_a_name_where_it_is_asked_for() -> None:
    assert told("a coat in oxblood", "coat", Wish("color", "=", "oxblood"))["oxblood"] == ("=", "color")


def test_flags_and_small_words_are_no_names() -> None:
    assert told("yes a coat, no wool", "coat", Wish("material", "!=", "wool")) == {
        "coat": ("words", ""),
        "wool": ("!=", "material"),
    }


def test_names_of_another_language_are_found() -> None:
    own = material.words()["de"]
    kind, color = own["kinds"][0], own["colors"][0]
    found = told(f"{kind} in {color}", kind, Wish("color", "=", color), language="de")
    assert found == {kind: ("words", ""), color: ("=", "color")}


def test_no_split_is_learned_from_but_the_one_for_training() -> None:
    chosen = [template for template in material.templates() if split_of(template) == "train"]
    assert not any(template.kept_for for template in chosen)
    made = list(stances.rows(chosen, 200, random.Random(0)))
    again = list(stances.rows(chosen, 200, random.Random(0)))
    assert made == again
    assert len(made) == 200
    assert all(0 <= start < end <= len(one.marked.text) for one in made for start, end in one.marked.spans)
    assert {manner for one in made for manner, _ in one.truths} == set(served.MANNERS)


def test_the_report_counts_what_is_right() -> None:
    one = stances.told(
        Example("red", "", Lines("search", "", (Wish("color", "=", "red"),)), SHOP.fields, "made"), SHOP, "en"
    )
    text = stances.report(served.shipped(), [one])
    assert text.startswith("1 names: manner ")


@pytest.mark.slow
def test_training_learns_and_its_file_says_the_same(tmp_path: Path) -> None:
    chosen = [template for template in material.templates() if split_of(template) == "train"]
    network, tokenizer = stances.train(list(stances.rows(chosen, 3000, random.Random(1))), epochs=1, seed=0)
    aside = list(stances.rows(chosen, 150, random.Random(2)))
    temperature = stances.fitted_temperature(network, tokenizer, aside)
    teller = served.Stances(network, tokenizer, temperature=temperature)
    truths = [truth[0] for one in aside for truth in one.truths]
    found = [stance for one in teller.tell_all([one.marked for one in aside]) for stance in one]
    right = np.mean([one.manner == truth for one, truth in zip(found, truths, strict=True)])
    commonest = max(truths.count(manner) for manner in set(truths)) / len(truths)
    assert right > commonest + 0.15
    low_rank.save(network, tmp_path, {"temperature": temperature})
    again = [stance for one in served.load(tmp_path).tell_all([one.marked for one in aside]) for stance in one]
    assert np.mean([one.manner == other.manner for one, other in zip(found, again, strict=True)]) > 0.99


def test_training_goes_on_from_weights_of_the_same_rank() -> None:
    backbone, tokenizer = deltas.open_encoder()
    network = served.StanceNetwork(backbone)
    low_rank.attach(backbone, stances.RANK)
    shipped = deltas.read(served.MODEL_FOLDER)
    low_rank.resume(network, shipped.tensors)
    asked = [Marked("no wool please, a red coat", ((3, 7), (18, 21)))]
    temperature = float(shipped.manifest["temperature"])
    [resumed] = served.Stances(network, tokenizer, temperature=temperature).tell_all(asked)
    [merged] = served.load(served.MODEL_FOLDER).tell_all(asked)
    assert [one[:2] for one in resumed] == [one[:2] for one in merged]
    assert [one.probability for one in resumed] == pytest.approx([one.probability for one in merged], abs=1e-4)
    with torch.no_grad():
        network.manner.bias.add_(1.0)
    low_rank.blend(network, shipped.tensors, 0.25)
    torch.testing.assert_close(network.manner.bias.detach(), shipped.tensors["manner.bias"].float() + 0.25)
    with pytest.raises(WeightsError, match=r"name inner\.1\.weight otherwise"):
        low_rank.resume(network, {"inner.1.weight": torch.zeros(2, 2)})
