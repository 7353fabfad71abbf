"""Reasons judged over whole replies, kept as they come, with the model wording, off and lying."""

import json
from pathlib import Path

import pytest

from assistant.assembly import House, assemble
from assistant.llm.chat_model import ChatModel, Generation, Message
from assistant.llm.prompts import load
from assistant.llm.testing import LIES, ScriptedModel
from assistant.settings import load_settings
from finetune.llm_replies import Record, Statement, figures, judge
from finetune.llm_words_only import WordsOnly
from index.encoders import Encoders
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS = [
    {"id": f"i{n}", "title": f"{brand} {color} {kind}", "brand": brand, "price": 10 * n + 9, "currency": "EUR",
     "categories": [f"{kind}s"], "attributes": {"color": color, "material": material}}
    for n, (brand, color, kind, material) in enumerate(
        [("Alba", "Red", "Jacket", "Wool"), ("Teton", "Blue", "Jacket", "Cotton"), ("Alba", "Green", "Tent", "Nylon"),
         ("Teton", "Red", "Tent", "Nylon"), ("Orly", "Blue", "Lamp", "Glass"), ("Orly", "Green", "Lamp", "Oak")]
    )
]  # fmt: skip


def house_of(folder: Path, model: ChatModel) -> House:
    catalogue = folder / "shop.jsonl"
    catalogue.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    settings = load_settings(catalogue=catalogue, data_dir=folder / "data", llm="none", refit_s=0.0)
    return assemble(settings, llm=model, encoders=Encoders(HashingTextEncoder(), ColourImageEncoder()))


@pytest.mark.slow
def test_sentences_are_judged_shelves_compared_and_a_stopped_run_goes_on(tmp_path: Path) -> None:
    model = WordsOnly(ScriptedModel(lambda _: "It costs 12 euros."))
    house = house_of(tmp_path, model)
    kept = tmp_path / "records.jsonl"
    try:
        part = judge(house, 5, 1, model, kept)
        asked = model.asked
        assert judge(house, 5, 1, model, kept) == part
        assert model.asked == asked  # what is kept is not asked for again
        found = judge(house, 12, 1, model, kept)
        with pytest.raises(ValueError, match="of another run"):
            judge(house, 12, 2, model, kept)
    finally:
        house.close()
    assert found[:5] == part
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 12
    told = figures(found)
    assert (told["replies"], asked > 0) == (12, True)
    assert told["statements"] > 5
    assert (told["backed"], told["wrong numbers"], told["items named that were not offered"]) == (1.0, 0, 0)
    assert told["items with a reason the model worded"] == 0.0  # its sentence names a price: templates stand
    assert told["shelves that are others without the model or with a lying one"] == 0


def test_faults_and_moved_shelves_are_counted() -> None:
    true = Statement("It is red.", "It is _.", True, "a", (), "color: red")
    false = Statement("It is 9 grams light.", "It is _ grams light.", False, "b", (("number", "9"),), "")
    records = [
        Record("one", None, ("a", "b"), False, 0, (), 10.0, (true, false)),
        Record("two", "kim", ("a", "b"), True, 1, ("lying",), 30.0, (true,)),
    ]
    told = figures(records)
    assert told["backed"] == round(2 / 3, 5)
    assert (told["wrong numbers"], told["items named that were not offered"]) == (1, 1)
    assert told["items with a reason the model worded"] == 2 / 4
    assert told["shelves that are others without the model or with a lying one"] == 1
    assert (told["replies with wording degraded"], told["different ways to say it"]) == (1, 2)
    assert (told["words a statement"], told["cpu ms a reply, median"]) == (3.7, 20.0)


def test_readings_are_not_answered_and_modes_are_kept_apart() -> None:
    inner = ScriptedModel(lambda _: "inner")
    model = WordsOnly(inner)
    wording, reading = Generation(load("wording").fill(slots="x")), Generation((Message("system", "Read."),))
    assert [one.text for one in model.complete([reading, wording], deadline_s=1)] == ["", "inner"]
    model.mode = "off"
    assert [one.text for one in model.complete([wording], deadline_s=1)] == [""]
    model.mode = "lying"
    assert [one.text for one in model.complete([wording], deadline_s=1)] == [LIES[0]]
    assert len(inner.prompts) == 1


def test_figures_of_nothing_are_no_error() -> None:
    assert figures([])["statements"] == 0
