"""How readings are compared: plain terms, matching, and figures worked out by hand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.dialogue.lines_reader import prompt_of
from assistant.dialogue.reader import ReadingContext
from assistant.dialogue.reading_lines import Lines, Wish, written
from assistant.llm.testing import ScriptedModel
from finetune.examples import Example
from finetune.llm_readers import Rules, Shop, generate, joined, plain_of, read_cases
from finetune.llm_readings import RELATIVE, Plain, Scores, Slot, plain, quoted_value, scores, table, without_drops
from index.items import Item, Money


@pytest.mark.parametrize(
    ("field", "quote", "value"),
    [
        ("price", "€1,200", {"1200"}),
        ("price", "1.200 EUR", {"1200"}),
        ("price", "19,90 €", {"19.9"}),
        ("price", "under 80 euros", {"80"}),
        ("rating", "four stars", {"4"}),
        ("price", "cheaper than the second", RELATIVE),
        ("price", "cheaper than the second one", RELATIVE),
        ("rating", "fewer than four stars, forget it", {"4"}),
        ("color", "in red or blue", {"red", "blue"}),
        ("brand", "not by Alba", {"alba"}),
        ("size", "size 42", {"42"}),
    ],
)
def test_what_a_quote_says_of_a_field(field: str, quote: str, value: set[str]) -> None:
    assert quoted_value(field, quote) == value


def test_a_drop_of_what_is_asked_for_anew_is_none() -> None:
    reading = Lines("search", "", (Wish("colour", "=", "blue"),), ("color", "brand"))
    assert plain(reading).atoms == {("color", "=", frozenset({"blue"})), ("drop", "=", frozenset({"brand"}))}


def test_words_of_a_question_are_its_subject() -> None:
    assert plain(Lines("ask_item", "waterproof", (), (), (2,))) == Plain(
        "ask_item", frozenset({("items", "=", frozenset({"2"}))}), frozenset({"waterproof"})
    )


def test_figures_of_two_messages_by_hand() -> None:
    gold = [
        Lines("search", "jacket", (Wish("price", "<=", "80"), Wish("color", "!=", "red"))),
        Lines("more", "", (), (), (3,)),
    ]
    found = [
        Lines("search", "jacket", (Wish("price", "<=", "80"), Wish("brand", "=", "Alba"))),
        Lines("search", "", (), (), (3,)),
    ]
    one = scores([plain(each) for each in found], [plain(each) for each in gold])
    assert one.slots == {"words": Slot(1, 1, 1), "price": Slot(1, 1, 1), "refused": Slot(0, 1, 0),
                         "brand": Slot(1, 0, 0), "items": Slot(1, 1, 1)}  # fmt: skip
    assert (one.messages, one.intents, one.exact) == (2, 1, 0)
    assert one.hard == Slot(2, 2, 1)  # a limit and a brand found, a limit and a refusal wanted, the limit in both
    assert (one.overall.precision, one.overall.recall, one.overall.f1) == (3 / 4, 3 / 4, 3 / 4)
    assert "| all slots | 4 | 0.750 / 0.750 / 0.750 |" in table({"reader": one})


def test_a_condition_on_the_whole_record_holds_an_item_to_the_word() -> None:
    gold = plain(Lines("search", "", (Wish("material", "!=", "wool"),)))
    found = Plain("search", frozenset({("text", "!=", frozenset({"wool"}))}), frozenset())
    assert Scores().add(found, gold)
    assert not Scores().add(replace(found, atoms=frozenset({("text", "=", frozenset({"wool"}))})), gold)


def test_a_preference_is_no_condition() -> None:
    gold = plain(Lines("search", "", (Wish("color", "=", "red"),)))
    assert not Scores().add(plain(Lines("search", "", (Wish("color", "~", "red"),))), gold)


def test_where_nothing_was_said_before_nothing_is_taken_back() -> None:
    assert without_drops(plain(Lines("release", "", (), ("price",)))).atoms == frozenset()


def _item(item_id: str, title: str, brand: str, color: str) -> Item:
    return Item(item_id, title, brand, price=Money.of("20", "EUR"), options={"color": (color,)})


SHOP = Shop(
    [_item("a", "Alba Rain Jacket", "Alba", "red"), _item("b", "Teton Tent", "Teton", "green"),
     _item("c", "Alba Wool Hat", "Alba", "blue")],
    "EUR",
)  # fmt: skip
FIELDS = ("price", "rating", "brand", "color", "size", "material")


def _file(folder: Path, *examples: Example) -> Path:
    path = folder / "test.jsonl"
    path.write_text("".join(json.dumps(each.record()) + "\n" for each in examples), encoding="utf-8")
    return path


def test_cases_are_read_back_with_the_prompt_that_serving_asks(tmp_path: Path) -> None:
    example = Example("not red", "a tent", Lines("search", "", (Wish("color", "!=", "red"),)), FIELDS, "refine")
    [case] = read_cases(_file(tmp_path, example))
    assert (case.message, case.before, case.gold, case.family) == ("not red", "a tent", example.reading, "refine")
    assert case.messages == prompt_of("not red", "a tent", FIELDS)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text('{"text": "hello"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1 is no example"):
        read_cases(path)


def test_rules_are_read_in_the_conversation(tmp_path: Path) -> None:
    second = Example(
        "is the second one waterproof?", "a tent", Lines("ask_item", "waterproof", (), (), (2,)), FIELDS, ""
    )
    third = Example("any colour is fine", "a red tent", Lines("release", "", (), ("color",)), FIELDS, "")
    cases = read_cases(_file(tmp_path, second, third))
    assert SHOP.context("a red tent").shown[0].id == "b"  # the tent shares a word
    pairs = zip(Rules(SHOP).read(cases), cases, strict=True)
    found = [plain_of(reading, SHOP.context(case.before)) for reading, case in pairs]
    assert [Scores().add(one, plain(case.gold)) for one, case in zip(found, cases, strict=True)] == [True, True]


def test_batches_come_back_in_the_order_of_the_cases(tmp_path: Path) -> None:
    examples = [
        Example(f"{word} tent", "", Lines("search", f"{word} tent"), fields, "")
        for word, fields in (("large", FIELDS), ("a", FIELDS[:2]), ("my", FIELDS))
    ]
    cases = read_cases(_file(tmp_path, *examples))
    model = ScriptedModel(lambda prompt: f"search: {prompt.messages[-1].content}")
    assert [one.lines.words for one in generate(cases, model, batch=2)] == ["large tent", "a tent", "my tent"]


def test_what_serving_makes_of_both(tmp_path: Path) -> None:
    reading = Lines("search", "tent", (Wish("brand", "=", "Teton"),))
    cases = read_cases(_file(tmp_path, Example("a tent, not red, of the Teton sort", "", reading, FIELDS, "")))
    read = generate(cases, ScriptedModel([written(reading)]))
    [joint] = joined(cases, read, SHOP)
    found = plain_of(joint, ReadingContext())
    assert ("color", "!=", frozenset({"red"})) in found.atoms  # the rules'
    assert ("brand", "=", frozenset({"teton"})) in found.atoms
