"""Reasons follow the contributions, tell items apart, read as English, and rest on evidence."""

import random
from dataclasses import replace
from typing import Literal

import pytest

from assistant.crowd import Act
from assistant.explain.evidence import EvidenceBook, gather
from assistant.explain.points import Point, Slot
from assistant.explain.reasons import PlannedReason, explain, fill, finish, plan_reasons, write_reasons
from assistant.nouns import Constraint, Evidence, Placement, Reason
from index.filters import Op
from index.items import Item
from tests.explain_cases import BUDGET, HISTORY, PAST, RIDGE, SANDAL, SOCKS, TRAIL, constraint, eur, ranked, shelf


def reasons_of(
    pairs: list[tuple[Item, dict[str, float]]], *ledger: Constraint, words: str = ""
) -> dict[str, list[str]]:
    found, _ = explained(pairs, *ledger, words=words)
    return {item_id: [reason.text for reason in reasons] for item_id, reasons in found.items()}


def explained(
    pairs: list[tuple[Item, dict[str, float]]], *ledger: Constraint, words: str = ""
) -> tuple[dict[str, tuple[Reason, ...]], EvidenceBook]:
    shown = shelf(*((item, ranked(item.id, **contributions)) for item, contributions in pairs))
    book = gather(shown, ledger=ledger, words=words, history=HISTORY, past=PAST)
    return explain(shown, book), book


def test_the_largest_contribution_comes_first() -> None:
    assert reasons_of([(TRAIL, {"history__v1": 0.5, "rating": 0.2})]) == {
        "boot-1": [
            "You bought the Alba Summit Boot in March 2026, and this one is a boot too.",
            "It is rated 4.6 out of 5 over 23 ratings.",
        ]
    }
    assert reasons_of([(TRAIL, {"history__v1": 0.2, "rating": 0.5})])["boot-1"][0] == (
        "It is rated 4.6 out of 5 over 23 ratings."
    )


def test_a_contribution_too_small_beside_the_first_is_not_told() -> None:
    assert len(reasons_of([(TRAIL, {"rating": 0.5, "popularity": 0.05})])["boot-1"]) == 1


def told_of_others(act: Act | None) -> tuple[list[str], list[str]]:
    """The reasons of a sought item that nothing else speaks for, and the facts they cite."""
    shown = shelf((SOCKS, ranked("sock-1", popularity=0.3)))
    book = gather(shown, crowd=lambda item_id: act if item_id == "sock-1" else None)
    reasons = explain(shown, book)["sock-1"]
    cited = book.cited(i for reason in reasons for i in reason.evidence)
    return [reason.text for reason in reasons], [entry.text for entry in cited if entry.name == "others"]


@pytest.mark.parametrize(
    ("act", "said", "fact"),
    [
        ("bought", "Other shoppers have bought it lately.", "other shoppers, 3 or more, bought it lately"),
        ("carted", "Other shoppers have put it in their carts lately.", "3 or more, put it in their carts lately"),
        ("liked", "Other shoppers have liked it lately.", "3 or more, liked it or rated it well lately"),
        ("viewed", "Other shoppers have looked at it lately.", "3 or more, looked at it lately"),
    ],
)
def test_what_others_did_is_called_what_it_is(act: Act, said: str, fact: str) -> None:
    texts, facts = told_of_others(act)
    assert texts == [said]
    assert [entry.endswith(fact) for entry in facts] == [True]


def test_of_a_few_others_nothing_is_said_however_much_the_item_is_sought() -> None:
    texts, facts = told_of_others(None)
    assert not any("shoppers" in text or "sought" in text for text in texts)
    assert facts == []


def test_what_was_asked_for_is_told_even_when_it_weighs_nothing() -> None:
    texts = reasons_of([(TRAIL, {"rating": 0.5})], constraint("c1", "material", Op.EQ, "cotton"))["boot-1"]
    assert texts == ["It is rated 4.6 out of 5 over 23 ratings.", "It is made with organic cotton, as you asked."]


def test_what_sets_an_item_apart_goes_before_what_all_share() -> None:
    texts = reasons_of(
        [
            (TRAIL, {"budget": 0.30, "history__v1": 0.28}),
            (RIDGE, {"budget": 0.30}),
        ],
        BUDGET,
    )
    assert texts["boot-1"][0].startswith("You bought the Alba Summit Boot in March 2026")
    assert texts["boot-2"] == ["It costs 59.90 EUR, within the 60.00 EUR you set."]


def test_what_counts_clearly_more_comes_first_though_all_share_it() -> None:
    """Without the budget the boot would lose 0.30, without the past boot only 0.26: less than nine tenths of that."""
    texts = reasons_of([(TRAIL, {"budget": 0.30, "history__v1": 0.26}), (RIDGE, {"budget": 0.30})], BUDGET)
    assert texts["boot-1"][0].startswith("At 42.00 EUR")
    assert texts["boot-1"][1].startswith("You bought the Alba Summit Boot")


@pytest.mark.parametrize("why", ["variety", "taste"])
def test_an_item_that_stands_here_by_arrangement_says_so_beside_what_weighs_most(
    why: Literal["variety", "taste"],
) -> None:
    shown = shelf((TRAIL, ranked("boot-1", rating=0.5, budget=0.4)), (RIDGE, ranked("boot-2", budget=0.3)))
    placements = {"boot-1": Placement(1), "boot-2": Placement(13, why)}
    book = gather(shown, ledger=(BUDGET,), placements=placements)
    told = explain(shown, book)
    assert not any("score alone" in reason.text for reason in told["boot-1"])
    first, second = told["boot-2"]
    assert first.text.startswith(("At 59.90 EUR", "It costs 59.90 EUR"))
    assert second.text.endswith("by score alone it would come 13th.")
    cited = book.get(second.evidence[0])
    assert (cited.kind, cited.name, cited.value) == ("fact", "arrangement", 13)


def test_an_item_of_which_nothing_else_is_known_still_tells_of_its_arrangement() -> None:
    item = Item("x", "Thing")
    shown = shelf((item, ranked("x")))
    told = explain(shown, gather(shown, placements={"x": Placement(5, "variety")}))
    assert [reason.text for reason in told["x"]] == ["It is here for variety, as by score alone it would come 5th."]


def test_neighbours_do_not_read_alike() -> None:
    items = [Item(f"i{n}", f"Boot {n}", price=TRAIL.price) for n in range(4)]
    texts = reasons_of([(item, {"budget": 0.3}) for item in items], BUDGET)
    assert len({text for found in texts.values() for text in found}) == 4


def test_no_two_reasons_of_an_item_are_of_one_sort() -> None:
    texts = reasons_of([(TRAIL, {"history__v1": 0.5, "history__v2": 0.4, "brand_habit": 0.4})])["boot-1"]
    assert len(texts) == 1


def test_an_item_for_which_nothing_speaks_is_told_by_what_its_record_says() -> None:
    bare = [
        (SOCKS, {}),
        (SANDAL, {"seen": -0.5}),
        (Item("a", "Wide Hat", categories=("Hats",), price=TRAIL.price, stock=0), {"query": 0.4}),
        (Item("b", "Tall Hat", price=TRAIL.price, stock=0), {"history__v9": 0.1}),
        (Item("c", "Soft Hat", brand="Alba"), {"rating": 0.1}),
        (Item("d", "Red Hat", attributes={"brim": ("Narrow",)}), {}),
    ]
    found, book = explained(bare)
    assert {item_id: [reason.text for reason in reasons] for item_id, reasons in found.items()} == {
        "sock-1": ["It is in stock at 12.50 EUR."],
        "sandal-1": ["It is in Sandals."],
        "a": ["You find it in Hats, at 42.00 EUR."],
        "b": ["It costs 42.00 EUR."],
        "c": ["It is by Alba."],
        "d": ["Its record gives narrow as its brim."],
    }
    assert all(book.cited(reason.evidence) for reasons in found.values() for reason in reasons)


def test_a_number_that_was_only_read_into_the_request_is_not_told_as_a_limit() -> None:
    soft = [
        replace(constraint("c1", "rating", Op.GE, 4.0), kind="soft", quote="best rated"),
        replace(constraint("c2", "price", Op.LE, eur("60.00")), kind="soft", quote="not too dear"),
        replace(constraint("c3", "price", Op.GE, eur("10.00")), kind="soft", quote="nor too cheap"),
    ]
    found, book = explained([(TRAIL, {"preference__c1": 1.0, "budget": 0.4, "preference__c3": 1.0})], *soft)
    assert [reason.text for reason in found["boot-1"]] == ["It is rated 4.6 out of 5 over 23 ratings."]
    [reason] = found["boot-1"]
    assert "you asked: \u201cbest rated\u201d" in [entry.text for entry in book.cited(reason.evidence)]


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ("42.00", ["It costs 42.00 EUR, near the 40.00 EUR you had in mind."]),
        ("31.99", ["It is in stock at 31.99 EUR."]),
        ("69.00", ["It is in stock at 69.00 EUR."]),
    ],
)
def test_a_sum_named_roughly_is_told_only_of_a_price_near_it(price: str, told: list[str]) -> None:
    around = [
        replace(constraint("c1", "price", Op.GE, eur("32.00")), kind="soft", quote="around 40 euros"),
        replace(constraint("c2", "price", Op.LE, eur("48.00")), kind="soft", quote="around 40 euros"),
    ]
    item = Item("x", "Boot", price=eur(price))
    assert reasons_of([(item, {"preference__c1": 1.0, "budget": 0.3})], *around) == {"x": told}


@pytest.mark.parametrize(
    ("nearness", "told"), [(0.9, "It is in stock at 12.50 EUR."), (2.5, "closest to \u201csomething warm\u201d")]
)
def test_the_closest_to_a_request_is_told_only_where_it_is_close(nearness: float, told: str) -> None:
    texts = reasons_of([(SOCKS, {"query": nearness}), (RIDGE, {"query": 0.1})], words="something warm")
    assert told in texts["sock-1"][0]


def test_what_was_liked_is_not_called_alike() -> None:
    items = [Item(f"i{n}", f"Cap {n}", brand="Dune", categories=("Outdoor/Caps",)) for n in range(8)]
    texts = reasons_of([(item, {"history__v2": 0.5}) for item in items])
    assert len(texts) == 8
    assert all(found[0].startswith("You liked the Dune Cap in May 2026, and ") for found in texts.values())


def test_the_same_shelf_gets_the_same_reasons() -> None:
    pairs = [(TRAIL, {"budget": 0.3, "rating": 0.3}), (RIDGE, {"budget": 0.3}), (SOCKS, {"brand_habit": 0.2})]
    assert explained(pairs, BUDGET) == explained(pairs, BUDGET)


def test_values_read_well_in_sentences() -> None:
    texts = reasons_of(
        [(RIDGE, {"preference__c1": 0.3}), (TRAIL, {"preference__c2": 0.3})],
        constraint("c1", "brand", Op.NE, "Alba"),
        constraint("c2", "gender", Op.EQ, "F"),
    )
    assert texts["boot-2"][0] == "It is by Borea, not Alba."
    assert "women" in texts["boot-1"][0]


def test_an_abbreviation_at_the_end_keeps_one_full_stop() -> None:
    point = Point("i", "brand", (Slot("brand", "Acme Inc.", ("e1",)),), ("e1",), 0.1)
    assert fill("It is by {brand}.", point) == "It is by Acme Inc."


def test_a_sentence_whose_number_no_evidence_holds_is_dropped() -> None:
    point = Point("i", "budget", (Slot("price", "9.99 EUR", ("e1",)),), ("e1",), 0.1)
    book = EvidenceBook((Evidence("e1", "fact", "price", "42.00 EUR", "costs 42.00 EUR", "i"),), {"i": (point,)})
    assert finish("It costs {price}.", point, book) is None
    assert write_reasons([PlannedReason(point, "It costs {price}.")], book) == ()


@pytest.mark.parametrize("seed", range(20))
def test_every_reason_cites_a_contribution_or_what_was_asked_and_only_its_own_item_or_past(seed: int) -> None:
    chance = random.Random(seed)
    ledger = [
        BUDGET,
        constraint("c2", "color", Op.EQ, "blue"),
        constraint("c3", "brand", Op.NE, "Borea"),
        constraint("c4", "text", Op.EQ, "warm"),
    ]
    names = [
        "query",
        "words",
        "kind",
        "budget",
        "history__v1",
        "history__v2",
        "history__v3",
        "price_habit",
        "rating",
        "popularity",
        "preference__c2",
        "preference__c3",
        "brand_habit",
        "seen",
        "picture",
        "novelty",
    ]
    pairs = [
        (item, {name: chance.uniform(-0.2, 0.5) for name in chance.sample(names, 8)})
        for item in chance.sample([TRAIL, RIDGE, SANDAL, SOCKS], 4)
    ]
    found, book = explained(pairs, *ledger, words="warm boot")
    for item, _ in pairs:
        for reason in found[item.id]:
            cited = book.cited(reason.evidence)
            asked = {"contribution", "constraint", "review"} & {entry.kind for entry in cited}
            assert asked or reason.text.startswith("It is in ") or "stock" in reason.text
            assert all(entry.item_id in (item.id, None) or entry.item_id in PAST for entry in cited)
            assert all(
                entry.value > 0 for entry in cited if entry.kind == "contribution" and isinstance(entry.value, float)
            )
            assert reason.text.endswith(".")
            assert "{" not in reason.text
            assert reason.source == "template"


def test_plans_keep_the_order_of_the_shelf() -> None:
    shown = shelf((SOCKS, ranked("sock-1")), (TRAIL, ranked("boot-1", rating=0.1)))
    assert list(plan_reasons(shown, gather(shown))) == ["sock-1", "boot-1"]
