"""What a new turn does to the ledger, and how its entries are worded."""

import pytest
from dialogue_shops import entry, said

from assistant.dialogue.ledger import add, describe, remove
from assistant.nouns import Constraint
from index.filters import Op
from index.items import Money

USD = "USD"


def _after(old: list[Constraint], new: list[Constraint]) -> list[str]:
    ledger, _ = add(tuple(old), new, 2)
    return [said(one) for one in ledger]


def _price(op: Op, amount: int, *, soft: bool = False) -> Constraint:
    return entry("", "price", op, Money.of(amount, USD), soft=soft)


def test_ids_follow_one_another_and_carry_the_turn() -> None:
    ledger, replaced = add((), [_price(Op.LE, 60), entry("", "brand", Op.NE, "Alba")], 3)
    assert [(one.id, one.turn) for one in ledger] == [("c1", 3), ("c2", 3)]
    assert replaced == ()


def test_ids_are_never_used_again() -> None:
    ledger, _ = add((), [_price(Op.LE, 60), entry("", "brand", Op.NE, "Alba")], 1)
    kept = remove(ledger, ("c2",))
    again, _ = add(kept, [entry("", "brand", Op.NE, "Luma")], 2, taken=("c1", "c2"))
    assert [one.id for one in again] == ["c1", "c3"]


def test_a_new_limit_replaces_the_old_one_of_its_direction() -> None:
    old = [entry("c1", "price", Op.LE, Money.of(60, USD)), entry("c2", "price", Op.GE, Money.of(20, USD))]
    ledger, replaced = add(tuple(old), [_price(Op.LT, 80)], 2)
    assert [said(one) for one in ledger] == ["price >= 20.00 USD", "price < 80.00 USD"]
    assert [one.id for one in replaced] == ["c1"]


def test_limits_that_cannot_both_hold_leave_the_new_one() -> None:
    assert _after([entry("c1", "price", Op.LE, Money.of(60, USD))], [_price(Op.GE, 100)]) == ["price >= 100.00 USD"]
    assert _after([entry("c1", "price", Op.LT, Money.of(60, USD))], [_price(Op.GT, 60)]) == ["price > 60.00 USD"]


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        (("color", Op.EQ, "Red"), ("color", Op.EQ, "Blue"), ["color = Blue"]),
        (("color", Op.IN, ("Red", "Blue")), ("color", Op.NE, "Red"), ["color in Blue", "color != Red"]),
        (("color", Op.EQ, "Red"), ("color", Op.NE, "Red"), ["color != Red"]),
        (("color", Op.NE, "Red"), ("color", Op.EQ, "Red"), ["color = Red"]),
        (("color", Op.NE, "Red"), ("color", Op.EQ, "Blue"), ["color != Red", "color = Blue"]),
        (("color", Op.NE, "Red"), ("color", Op.NE, "Blue"), ["color != Red", "color != Blue"]),
        (("brand", Op.NE, "Alba"), ("brand", Op.EQ, "Luma"), ["brand != Alba", "brand = Luma"]),
        (("size", Op.EQ, "M"), ("size", Op.EQ, "L"), ["size = L"]),
        (("kind", Op.IN, ("jacket",)), ("kind", Op.IN, ("boot",)), ["kind in boot"]),
        (("kind", Op.IN, ("jacket",)), ("category", Op.EQ, "Electronics"), ["category = Electronics"]),
        (("kind", Op.IN, ("jacket",)), ("category", Op.EQ, "Women"), ["kind in jacket", "category = Women"]),
        (("category", Op.EQ, "Women"), ("kind", Op.IN, ("boot",)), ["category = Women", "kind in boot"]),
        (("features", Op.EQ, "Hooded"), ("features", Op.EQ, "Lockable"), ["features = Hooded", "features = Lockable"]),
        (("text", Op.NE, "zip"), ("text", Op.NE, "fur"), ["text != zip", "text != fur"]),
        (("id", Op.NE, "a"), ("id", Op.NE, "b"), ["id != a", "id != b"]),
        (("waterproof", Op.EQ, "Yes"), ("waterproof", Op.NE, "Yes"), ["waterproof != Yes"]),
    ],
)
def test_a_new_value_against_an_old_one(
    old: tuple[str, Op, str | tuple[str, ...]], new: tuple[str, Op, str | tuple[str, ...]], left: list[str]
) -> None:
    assert _after([entry("c1", *old)], [entry("", *new)]) == left


def test_entries_of_one_turn_live_together() -> None:
    both = [entry("", "material", Op.EQ, "Wool"), entry("", "material", Op.EQ, "Cotton")]
    assert _after([], both) == ["material = Wool", "material = Cotton"]
    assert _after([], [_price(Op.GE, 50), _price(Op.LE, 100)]) == ["price >= 50.00 USD", "price <= 100.00 USD"]


def test_what_is_in_force_is_not_added_twice() -> None:
    old = (entry("c1", "color", Op.EQ, "Red"),)
    assert add(old, [entry("", "color", Op.EQ, "Red")], 2) == (old, ())


def test_a_soft_limit_does_not_lift_a_hard_one() -> None:
    hard = entry("c1", "price", Op.LE, Money.of(60, USD))
    assert _after([hard], [_price(Op.LE, 40, soft=True)]) == ["price <= 60.00 USD", "~price <= 40.00 USD"]


def test_nothing_the_model_read_ends_a_hard_entry() -> None:
    hard = (entry("c1", "brand", Op.NE, "Alba"), entry("c2", "color", Op.EQ, "Red"))
    proposed = [
        Constraint("", "soft", one.condition, 2, "x", "model")
        for one in (
            entry("", "brand", Op.EQ, "Alba"),
            entry("", "color", Op.EQ, "Blue"),
            entry("", "color", Op.NE, "Red"),
        )
    ]
    ledger, replaced = add(hard, proposed, 2)
    assert (ledger[:2], replaced) == (hard, ())


def test_removing_unknown_ids_changes_nothing() -> None:
    ledger = (entry("c1", "color", Op.EQ, "Red"),)
    assert remove(ledger, ("c9",)) == ledger
    assert remove(ledger, ("c1",)) == ()


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (entry("", "price", Op.LE, Money.of(60, "EUR")), "up to 60.00 EUR"),
        (entry("", "price", Op.LT, Money.of(60, "EUR")), "under 60.00 EUR"),
        (entry("", "price", Op.GE, Money.of(20, "EUR")), "at least 20.00 EUR"),
        (entry("", "price", Op.LE, Money.of(60, "EUR"), soft=True), "ideally up to 60.00 EUR"),
        (entry("", "brand", Op.NE, "Luma"), "not Luma"),
        (entry("", "brand", Op.NOT_IN, ("Luma", "Alba")), "not Luma or Alba"),
        (entry("", "size", Op.EQ, "M"), "size M"),
        (entry("", "size", Op.IN, ("M", "L")), "size M or L"),
        (entry("", "color", Op.EQ, "blue", soft=True), "prefers blue"),
        (entry("", "kind", Op.IN, ("jacket",)), "jacket"),
        (entry("", "kind", Op.NOT_IN, ("jacket",)), "not jacket"),
        (entry("", "waterproof", Op.EQ, "Yes"), "waterproof"),
        (entry("", "waterproof", Op.NE, "Yes"), "not waterproof"),
        (entry("", "eco_collection", Op.EQ, "Yes"), "eco collection"),
        (entry("", "rating", Op.GE, 4.0), "at least 4 stars"),
        (entry("", "weight", Op.LE, 1.5), "weight up to 1.5"),
        (entry("", "text", Op.NE, "zip"), "not zip"),
        (entry("", "text", Op.EQ, "sugar free"), "\u201csugar free\u201d"),
        (entry("", "id", Op.NE, "j2"), "not this one"),
    ],
)
def test_chips_say_it_in_plain_words(one: Constraint, text: str) -> None:
    assert describe(one) == text
