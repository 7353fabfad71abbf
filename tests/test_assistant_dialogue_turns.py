"""Limits and refusals said in roundabout ways: doubled noes, lists, stories with prices, slips in short words."""

import pytest
from test_assistant_dialogue_unseen import HOUSE

from assistant.dialogue import ledger as ledgers
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from assistant.nouns import Constraint

READER = CatalogueReader(HOUSE, "EUR")


def asked(message: str, before: str = "") -> list[str]:
    """What a message asks for but kinds, as `field op value`, those that are only preferred with a `~`."""
    ledger: tuple[Constraint, ...] = ()
    if before:
        ledger, _ = ledgers.add((), READER.read(before, ReadingContext()).constraints, 1)
    reading = READER.read(message, ReadingContext(ledger, (), None, 2 if before else 1))
    return [_said(entry) for entry in reading.constraints if entry.condition.field != "kind"]


def _said(entry: Constraint) -> str:
    value = entry.condition.value
    text = " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"{'~' * (entry.kind == 'soft')}{entry.condition.field} {entry.condition.op.value} {text}"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("don't show me chairs that aren't green", ["color = Green"]),
        ("we never buy sofas which are not leather", ["material = Leather"]),
        ("I refuse to look at a lamp that isn't steel", ["material = Steel"]),
        ("strike every chair that is not by Bosk", ["brand = Bosk"]),
        ("a sofa without velvet is worthless to me", ["material = Velvet"]),
        ("if it's not white forget it, a desk", ["color = White"]),
        ("no other colour than red for the chair", ["color = Red"]),
        ("a desk, but not velvet that is not plastic", ["material != Velvet", "material != Plastic"]),
    ],
)
def test_two_noes_demand_what_they_name(message: str, expected: list[str]) -> None:
    assert asked(message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("deal breakers for a desk: plastic, Bosk, anything over 300", ["material != Plastic", "brand != Bosk", 300]),
        ("what I can't have in a chair: leather and green", ["material != Leather", "color != Green"]),
        ("no-gos for the lamp: steel, red", ["material != Steel", "color != Red"]),
    ],
)
def test_a_list_is_refused_whole_where_its_head_says_so(message: str, expected: list[str | int]) -> None:
    assert asked(message) == [f"price <= {one}.00 EUR" if isinstance(one, int) else one for one in expected]


@pytest.mark.parametrize(
    "message",
    [
        "I have nothing against Bosk, any chair is fine",
        "a desk, I wouldn't say no to velvet",
        "don't rule out Lumo, a lamp please",
        "une lampe, je n'ai rien contre Lumo",
        "Lampe, gegen Lumo hab ich nichts",
        "a lamp, steel isn't off the table",
    ],
)
def test_what_nobody_minds_is_neither_wished_nor_refused(message: str) -> None:
    assert asked(message) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("a desk for 90 and not a penny more", "price <= 90.00 EUR"),
        ("the desk may cost 90. Not more.", "price <= 90.00 EUR"),
        ("a lamp (90 max)", "price <= 90.00 EUR"),
        ("a desk that doesn't break 90 euros", "price <= 90.00 EUR"),
        ("lamps, 90 is where I draw the line", "price <= 90.00 EUR"),
        ("bei 90 ist Schluss, Lampe", "price <= 90.00 EUR"),
        ("lampe, 90 euros et pas un centime de plus", "price <= 90.00 EUR"),
        ("lampada, 90 e neanche un centesimo di più", "price <= 90.00 EUR"),
        ("lámpara, 90 y ni un céntimo más", "price <= 90.00 EUR"),
        ("my husband will kill me if the lamp is more than 90", "price <= 90.00 EUR"),
        ("lamps, the floor is 90", "price >= 90.00 EUR"),
        ("leave out every lamp under 90", "price >= 90.00 EUR"),
        ("lámpara de 90 euros para arriba", "price >= 90.00 EUR"),
        ("no lamps with fewer than 4 stars", "rating >= 4.0"),
        ("at least 4 out of 5 in the reviews, a lamp", "rating >= 4.0"),
    ],
)
def test_limits_said_in_a_roundabout_way(message: str, expected: str) -> None:
    assert asked(message) == [expected]


def test_one_no_turns_both_ends_of_a_limit_round() -> None:
    assert asked("hide lamps under 4 stars and over 90") == ["rating >= 4.0", "price <= 90.00 EUR"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("the last lamp cost me 40, this time up to 90", ["price <= 90.00 EUR"]),
        ("my brother paid 75 for his, I can only do 50, a lamp", ["price <= 50.00 EUR"]),
        ("my old chair was red, this one should be green", ["color = Green"]),
        ("we always had Bosk but now it's time for a Makino drill", ["brand = Makino"]),
    ],
)
def test_what_was_had_or_paid_before_is_no_wish(message: str, expected: list[str]) -> None:
    assert asked(message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("lamps wihtout steel", ["material != Steel"]),
        ("i do nto want Bosk, a drill", ["brand != Bosk"]),
        ("anything xcept Bosk, a drill", ["brand != Bosk"]),
        ("a drill udner 90", ["price < 90.00 EUR"]),
        ("a drill les than 90", ["price < 90.00 EUR"]),
        ("a drill cheeper then 90", ["price < 90.00 EUR"]),
        ("lamps beetween 40 an 90", ["price >= 40.00 EUR", "price <= 90.00 EUR"]),
        ("lamps atleast 4 strars", ["rating >= 4.0"]),
    ],
)
def test_slips_in_short_words_change_no_sense(message: str, expected: list[str]) -> None:
    assert asked(message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("velvet is too delicate for me, a sofa", ["material != Velvet"]),
        ("I find green depressing, a chair", ["color != Green"]),
        ("I look dreadful in white, a hat", ["color != White"]),
        ("basta con Lumo, una lampada", ["brand != Lumo"]),
        ("estoy harto de Lumo, una lámpara", ["brand != Lumo"]),
        ("j'en ai marre de Lumo, une lampe", ["brand != Lumo"]),
        ("lampada, né Lumo né Bosk", ["brand != Lumo", "brand != Bosk"]),
        ("I don't want chairs that have velvet", ["material != Velvet"]),
        ("no chairs that come in red", ["color != Red"]),
        ("a drill that must not be 12 V", ["voltage != 12 V"]),
        ("two broken Lumo lamps, I want one by somebody else", ["brand != Lumo"]),
    ],
)
def test_refusals_said_in_a_roundabout_way(message: str, expected: list[str]) -> None:
    assert asked(message) == expected


def test_what_is_said_of_one_thing_refuses_no_sort_of_things() -> None:
    assert READER.read("the chairs are too heavy", ReadingContext()).constraints[0].condition.op.value == "in"


@pytest.mark.parametrize("message", ["doch lieber in schwarz", "finalement plutôt en noir", "anzi no, meglio in nero"])
def test_rather_another_value_changes_the_one_in_force(message: str) -> None:
    assert asked(message, before="a red chair") == ["color = Black"]


def test_a_hedge_after_a_comma_is_said_of_what_follows_it() -> None:
    assert asked("must be steel, ideally black, a lamp") == ["material = Steel", "~color = Black"]


def test_a_story_is_not_searched_for_and_a_wish_in_its_own_clause_is() -> None:
    told = READER.read(
        "my aunt moved house, so I need a lamp, it fell to bits, it should be breathable", ReadingContext()
    )
    assert told.words == "breathable"
