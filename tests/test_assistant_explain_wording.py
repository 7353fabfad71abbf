"""The model words reasons and nothing else: items, order and evidence are the template's, whatever it answers."""

import random
import re

import pytest

from assistant.errors import ModelUnavailableError
from assistant.explain.evidence import EvidenceBook, gather
from assistant.explain.reasons import PlannedReason, plan_reasons, write_reasons
from assistant.explain.wording import Worded, Wording
from assistant.llm.chat_model import ChatModel, Generation
from assistant.llm.testing import FailingModel, GarbageModel, LyingModel, ScriptedModel, SilentModel
from assistant.nouns import Reason
from index.filters import Op
from index.items import Item
from tests.explain_cases import BUDGET, HISTORY, PAST, RIDGE, SANDAL, TRAIL, constraint, ranked, shelf

PLAIN = Item("plain-1", "Plain Thing")
Plans = dict[str, tuple[PlannedReason, ...]]


def planned() -> tuple[Plans, EvidenceBook]:
    """Four items: a budget, a past purchase, a wanted colour, and one with nothing but that many bought it."""
    shown = shelf(
        (RIDGE, ranked("boot-2", budget=0.3)),
        (TRAIL, ranked("boot-1", history__v1=0.4, rating=0.3)),
        (SANDAL, ranked("sandal-1", preference__c2=0.3)),
        (PLAIN, ranked("plain-1", popularity=0.2)),
    )
    ledger = [BUDGET, constraint("c2", "color", Op.EQ, "blue")]
    book = gather(shown, ledger=ledger, history=HISTORY, past=PAST, crowd=lambda _: "bought")
    return plan_reasons(shown, book), book


def word(model: ChatModel) -> tuple[Worded, dict[str, tuple[Reason, ...]]]:
    plans, book = planned()
    templates = {item_id: write_reasons(found, book) for item_id, found in plans.items()}
    return Wording(model).word(plans, book, deadline_s=1.0), templates


def by_slots(prompt: Generation) -> str:
    """What a willing model would write."""
    facts = prompt.messages[-1].content
    if "{budget}" in facts:
        return "This one is {price}, inside your {budget} limit."
    if "{past_item}" in facts:
        return "You bought {past_item} {when}, and this one is also {shared_kind}."
    return "This one is available in {color}."


def test_accepted_sentences_are_filled_and_marked_as_the_models() -> None:
    worded, templates = word(ScriptedModel(by_slots))
    assert list(worded.reasons) == list(templates)
    assert worded.reasons["boot-2"][0].text == "This one is 59.90 EUR, inside your 60.00 EUR limit."
    assert worded.reasons["sandal-1"][0].text == "This one is available in blue."
    assert [reasons[0].source for reasons in worded.reasons.values()] == ["model", "model", "model", "template"]
    assert worded.by_model
    assert (worded.trace, worded.degraded) == ((), "")


@pytest.mark.parametrize(
    "model", [SilentModel(), GarbageModel(1), LyingModel(), ScriptedModel(lambda _: "It costs {budget}.")]
)
def test_a_model_that_says_nothing_true_leaves_the_templates(model: ChatModel) -> None:
    worded, templates = word(model)
    assert dict(worded.reasons) == templates
    assert not worded.by_model
    assert worded.degraded == "llm.wording: template"
    assert len(worded.trace) == 3


@pytest.mark.parametrize(
    "model",
    [
        FailingModel(),
        FailingModel(ModelUnavailableError("busy")),
        FailingModel(ValueError("grammar")),
        ScriptedModel([]),
    ],
)
def test_a_model_that_fails_leaves_the_templates(model: ChatModel) -> None:
    worded, templates = word(model)
    assert (dict(worded.reasons), worded.degraded) == (templates, "llm.wording: template")


def test_one_bad_sentence_costs_only_itself_and_is_told_in_the_trace() -> None:
    def mixed(prompt: Generation) -> str:
        return "It is free." if "{budget}" in prompt.messages[-1].content else by_slots(prompt)

    worded, templates = word(ScriptedModel(mixed))
    assert worded.reasons["boot-2"] == templates["boot-2"]
    assert worded.reasons["boot-1"][0].source == "model"
    assert worded.trace == ("wording of boot-2 dropped: does not name price",)
    assert worded.degraded == ""


def test_the_model_cannot_change_the_evidence() -> None:
    worded, templates = word(ScriptedModel(by_slots))
    for item_id, reasons in worded.reasons.items():
        for mine, template in zip(reasons, templates[item_id], strict=True):
            assert set(mine.evidence) <= set(template.evidence) | set(mine.evidence) & _point_evidence(item_id)


def _point_evidence(item_id: str) -> set[str]:
    plans, _ = planned()
    return {one for plan in plans[item_id] for one in plan.point.evidence}


def test_no_text_of_the_shop_or_the_shopper_reaches_the_prompt() -> None:
    canary = "Zanzibar"
    items = [
        Item(
            f"i{n}",
            f"{canary} Boot",
            brand=canary,
            description=canary,
            categories=(canary,),
            price=TRAIL.price,
            attributes={"material": (canary,), canary: ("yes",)},
            options={"color": (canary,)},
        )
        for n in range(3)
    ]
    shown = shelf(*((item, ranked(item.id, budget=0.3, words=0.4, query=0.2, history__v1=0.3)) for item in items))
    ledger = [BUDGET, constraint("c2", "material", Op.EQ, canary), constraint("c3", canary, Op.EQ, "yes")]
    book = gather(shown, ledger=ledger, words=canary, history=HISTORY, past={"boot-0": items[0]})
    model = ScriptedModel(by_slots)
    Wording(model).word(plan_reasons(shown, book), book, deadline_s=1.0)
    assert model.prompts
    assert canary.lower() not in repr(model.prompts).lower()
    assert not re.search(r"\d", "".join(message.content for p in model.prompts for message in p.messages))


def test_the_same_points_are_worded_once() -> None:
    plans, book = planned()
    model = ScriptedModel(by_slots)
    wording = Wording(model)
    first = wording.word(plans, book, deadline_s=1.0)
    again = wording.word(plans, book, deadline_s=1.0)
    assert again == first
    assert len(model.prompts) == 3


def test_a_dropped_sentence_is_not_remembered() -> None:
    plans, book = planned()
    model = SilentModel()
    wording = Wording(model)
    wording.word(plans, book, deadline_s=1.0)
    wording.word(plans, book, deadline_s=1.0)
    assert len(model.prompts) == 6


def test_all_prompts_go_in_one_call_and_share_their_beginning() -> None:
    _, book = planned()
    plans, _ = planned()
    model = ScriptedModel(by_slots)
    Wording(model).word(plans, book, deadline_s=1.0)
    assert len({prompt.messages[:-1] for prompt in model.prompts}) == 1
    assert all(prompt.grammar for prompt in model.prompts)


def test_items_with_the_same_point_begin_differently() -> None:
    items = [Item(f"i{n}", f"Boot {n}", price=TRAIL.price) for n in range(4)]
    shown = shelf(*((item, ranked(item.id, budget=0.3)) for item in items))
    book = gather(shown, ledger=[BUDGET])
    model = ScriptedModel(by_slots)
    Wording(model).word(plan_reasons(shown, book), book, deadline_s=1.0)
    assert len({prompt.grammar for prompt in model.prompts}) == 4


def test_any_sentence_a_grammar_allows_is_accepted_by_the_checker() -> None:
    """A grammar is a pattern: sentences drawn from it at random must pass, or the model's time would be wasted."""
    from assistant.explain.checker import check
    from assistant.explain.language import language_of

    chance = random.Random(5)
    plans, _ = planned()
    for point in [plan.point for found in plans.values() for plan in found]:
        for grammar in language_of(point).grammars:
            pattern = grammar.removeprefix("start: /").removesuffix("/")
            for _ in range(50):
                sentence = _draw(pattern, chance)
                verdict = check(sentence, point)
                assert verdict.accepted, (sentence, verdict.why)


def _draw(pattern: str, chance: random.Random) -> str:
    """A random string of a pattern made of groups, alternatives and escapes only."""
    text, rest = _draw_part(pattern, chance)
    assert rest == ""
    return text


def _draw_part(pattern: str, chance: random.Random) -> tuple[str, str]:
    choices: list[str] = []
    text = ""
    while pattern and pattern[0] != ")":
        if pattern[0] == "|":
            choices.append(text)
            text, pattern = "", pattern[1:]
        elif pattern[0] == "(":
            inner, pattern = _draw_part(pattern[1:], chance)
            text, pattern = text + inner, pattern[1:]
        elif pattern[0] == "\\":
            text, pattern = text + pattern[1], pattern[2:]
        else:
            text, pattern = text + pattern[0], pattern[1:]
    return chance.choice([*choices, text]), pattern
