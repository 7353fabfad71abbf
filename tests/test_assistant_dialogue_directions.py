"""Which way a limit points where the sentence says no to it, and amounts that are for more than one thing."""

from decimal import Decimal

import pytest
from dialogue_shops import outdoor, told

from assistant.dialogue.amounts.numbers import parse_number
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from index.language.vocabulary import Vocabulary

MOST = "price <= 60.00 USD"
UNWILLING = [
    "I refuse to pay more than 60",
    "not willing to spend over 60",
    "unable to go above 60 dollars",
    "I can't afford more than 60",
    "no way I'd pay over 60",
    "my wife would kill me if I spent more than 60",
    "I decline anything above 60",
    "above 60 is too much",
    "over 60 is out of the question",
    "if it costs more than 60 I'm out",
    "more than 60 I won't pay",
    "prices over 60 put me off",
    "over 60? no thanks",
    "keep away from anything above 60",
    "I'd be mad to pay over 60",
    "we don't have more than 60",
    "without going over 60",
    "anything beyond 60 is too expensive",
    "je ne veux pas d\u00e9penser plus de 60 dollars",
    "plus de 60, c'est trop",
    "je refuse de payer plus de 60",
    "no quiero gastar m\u00e1s de 60",
    "m\u00e1s de 60 es demasiado",
    "me niego a pagar m\u00e1s de 60",
    "non voglio spendere pi\u00f9 di 60",
    "pi\u00f9 di 60 \u00e8 troppo",
    "mi rifiuto di spendere pi\u00f9 di 60",
    "mehr als 60 kann ich nicht ausgeben",
    "\u00fcber 60 ist mir zu teuer",
    "auf keinen Fall \u00fcber 60",
    "ich weigere mich, mehr als 60 zu zahlen",
]
TURNED = [
    ("a jacket not under 50", ["kind in jacket", "price >= 50.00 USD"]),
    ("I do not want it under 50", ["price >= 50.00 USD"]),
    ("under 50 is too cheap for me", ["price >= 50.00 USD"]),
    ("I wouldn't pay less than 50 for boots", ["price >= 50.00 USD", "kind in boot"]),
    ("60 dollars is too much", ["price < 60.00 USD"]),
    ("I can't afford 60", ["price < 60.00 USD"]),
    ("60 or more is too much", ["price < 60.00 USD"]),
]
NOT_TURNED = [
    ("jacket over 60, not black", ["kind in jacket", "price > 60.00 USD", "color != Black"]),
    ("boots not black over 60", ["kind in boot", "color != Black", "price > 60.00 USD"]),
    ("jacket over 60 without leather", ["kind in jacket", "price > 60.00 USD", "material != Leather"]),
    ("60 max, I can't pay more", ["price <= 60.00 USD"]),
    ("at least 60, I won't go lower", ["price >= 60.00 USD"]),
    ("why not over 60?", ["price > 60.00 USD"]),
    ("don't you have anything under 50?", ["price < 50.00 USD"]),
    ("I can't find a jacket under 50", ["kind in jacket", "price < 50.00 USD"]),
]
UNCLEAR = [
    ("not between 50 and 80", ["not between 50 and 80"]),
    ("I don't mind paying over 60", ["don't mind paying over 60"]),
    ("over 60 is no problem", ["over 60 is no problem"]),
    ("I wouldn't refuse to pay more than 60", ["wouldn't refuse to pay more than 60"]),
]
SEVERAL = [
    ("3 backpacks for 150 in total", ["kind in backpack"], ["150 in total"]),
    ("two jackets, 80 altogether", ["kind in jacket"], ["80 altogether"]),
    ("a tent under 300 and a bag under 100", ["kind in tent", "price < 300.00 USD"], ["under 100"]),
    ("jacket under 80. No wait, under 60", ["kind in jacket", "price < 60.00 USD"], []),
    ("shoes over 50 and under 100", ["kind in shoe", "price > 50.00 USD", "price < 100.00 USD"], []),
    ("under 2 million dollars", ["price < 2000000.00 USD"], []),
]
DINARS = [
    ("12.343", Decimal("12.343")),
    ("12,340", Decimal("12.340")),
    ("12,500", Decimal(12500)),
    ("12,343.500", Decimal("12343.500")),
    ("1.500,250", Decimal("1500.250")),
    ("7", Decimal(7)),
]


@pytest.mark.parametrize("message", UNWILLING)
def test_who_will_not_pay_more_has_said_the_most(message: str) -> None:
    assert told(outdoor(message)) == [MOST]


@pytest.mark.parametrize(("message", "expected"), TURNED)
def test_a_no_turns_a_limit_round(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(("message", "expected"), NOT_TURNED)
def test_a_no_to_something_else_leaves_the_limit(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(("message", "unread"), UNCLEAR)
def test_a_limit_of_unknown_direction_is_none_and_is_told(message: str, unread: list[str]) -> None:
    reading = outdoor(message)
    assert (told(reading), list(reading.unread)) == ([], unread)


@pytest.mark.parametrize(("message", "expected", "unread"), SEVERAL)
def test_amounts_of_several_things(message: str, expected: list[str], unread: list[str]) -> None:
    reading = outdoor(message)
    assert (told(reading), list(reading.unread)) == (expected, unread)


@pytest.mark.parametrize(("text", "value"), DINARS)
def test_three_decimals_tell_fils_from_thousands(text: str, value: Decimal) -> None:
    assert parse_number(text, 3) == value


@pytest.mark.parametrize(
    ("currency", "message", "expected"),
    [
        ("KWD", "scarf under 12.343", ["price < 12.343 KWD"]),
        ("KWD", "scarf under 5 dinars", ["price < 5.000 KWD"]),
        ("GBP", "moins de 3 livres", ["price < 3.00 GBP"]),
        ("USD", "under 1,500", ["price < 1500.00 USD"]),
    ],
)
def test_amounts_are_read_as_the_currency_writes_them(currency: str, message: str, expected: list[str]) -> None:
    reader = CatalogueReader(Vocabulary({}, {}, {}, {}), currency)
    assert told(reader.read(message, ReadingContext())) == expected
