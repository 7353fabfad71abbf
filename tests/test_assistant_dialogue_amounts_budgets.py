"""Numbers in messages: budgets, ranges, ratings and measures, and the numbers that are none of these."""

from decimal import Decimal

import pytest
from dialogue_shops import attic, corner, entry, outdoor, told

from assistant.dialogue.amounts.numbers import parse_number
from assistant.dialogue.reader import ReadingContext
from index.filters import Op
from index.items import Money

SAID_OTHERWISE = [
    ("my sister takes an M but I need an L, a jacket", ["size = L", "kind in jacket"]),
    ("shoes for my son, he takes a 42 and I need them by Friday", ["kind in shoe", "size = 42"]),
    ("a tent, 4.5* or more", ["kind in tent", "rating >= 4.5"]),
    ("jackets for a fiver", ["kind in jacket", "price <= 5.00 USD"]),
    ("a tent for two tenners", ["kind in tent", "price <= 20.00 USD"]),
    ("jackets, 20ish max", ["kind in jacket", "price <= 20.00 USD"]),
    ("two jackets at 50 each max", ["kind in jacket", "price <= 50.00 USD"]),
    ("I'd go as high as 350 for a tent", ["price <= 350.00 USD", "kind in tent"]),
    ("a tent, ceiling 80", ["kind in tent", "price <= 80.00 USD"]),
    ("2k is my absolute ceiling for a tent", ["price <= 2000.00 USD", "kind in tent"]),
    ("a tent, even if it costs 300", ["kind in tent", "price <= 300.00 USD"]),
    ("a backpack for 150", ["kind in backpack", "price <= 150.00 USD"]),
    ("a backpack for the 75 I got for my birthday", ["kind in backpack", "price <= 75.00 USD"]),
    ("a tent for 4", ["kind in tent"]),
    ("mein Limit ist 60", ["price <= 60.00 USD"]),
    ("niente oltre i 60", ["price <= 60.00 USD"]),
    ("boots with reviews of 4 and above", ["kind in boot", "rating >= 4"]),
    ("boots with reveiws of four and above", ["kind in boot", "rating >= 4"]),
    ("boots rated at least four and a half stars", ["kind in boot", "rating >= 4.5"]),
    ("my budget is 120 for a tent that is pack of 2", ["price <= 120.00 USD", "kind in tent"]),
    ("anything from Alba except boots under 40", ["brand = Alba", "kind not in boot", "price < 40.00 USD"]),
    ("one size 42 boot", ["size = 42", "kind in boot"]),
    ("shoes, no 42 ones", ["kind in shoe", "size != 42"]),
    ("shoes, 42, black, <90", ["kind in shoe", "size = 42", "color = Black", "price < 90.00 USD"]),
    ("please, we're looking for black boots with fast delivery", ["color = Black", "kind in boot"]),
    ("boots with a touch of red", ["kind in boot", "~color = Red"]),
]


@pytest.mark.parametrize(("message", "expected"), SAID_OTHERWISE)
def test_reads_limits_as_people_also_say_them(message: str, expected: list[str]) -> None:
    assert sorted(told(outdoor(message))) == sorted(expected)


BUDGETS = [
    ("under 60 dollars", ["price < 60.00 USD"]),
    ("below 60", ["price < 60.00 USD"]),
    ("less than $60", ["price < 60.00 USD"]),
    ("cheaper than 50", ["price < 50.00 USD"]),
    ("<50", ["price < 50.00 USD"]),
    ("<= $50", ["price <= 50.00 USD"]),
    ("up to 75", ["price <= 75.00 USD"]),
    ("max 100", ["price <= 100.00 USD"]),
    ("100 max", ["price <= 100.00 USD"]),
    ("$100 tops", ["price <= 100.00 USD"]),
    ("at most 40 dollars", ["price <= 40.00 USD"]),
    ("no more than 100", ["price <= 100.00 USD"]),
    ("not more than $35.50", ["price <= 35.50 USD"]),
    ("not over 80", ["price <= 80.00 USD"]),
    ("within 90 dollars", ["price <= 90.00 USD"]),
    ("my budget is 120", ["price <= 120.00 USD"]),
    ("My budget is around $120", ["~price >= 96.00 USD", "~price <= 144.00 USD"]),
    ("budget: 50", ["price <= 50.00 USD"]),
    ("a budget of $300", ["price <= 300.00 USD"]),
    ("with a 60 dollar budget", ["price <= 60.00 USD"]),
    ("I have 100 dollars", ["price <= 100.00 USD"]),
    ("I've got $45 to spend", ["price <= 45.00 USD"]),
    ("I only have 30 bucks", ["price <= 30.00 USD"]),
    ("I can't spend more than 50", ["price <= 50.00 USD"]),
    ("I don't want to pay more than $70", ["price <= 70.00 USD"]),
    ("I do not want to spend over 70", ["price <= 70.00 USD"]),
    ("nothing above 50", ["price <= 50.00 USD"]),
    ("nothing over $50 please", ["price <= 50.00 USD"]),
    ("not a penny over 50", ["price <= 50.00 USD"]),
    ("keep it below 55", ["price < 55.00 USD"]),
    ("keep it under $55", ["price < 55.00 USD"]),
    ("sub-100", ["price < 100.00 USD"]),
    ("50 dollars or less", ["price <= 50.00 USD"]),
    ("50 or under", ["price <= 50.00 USD"]),
    ("$60 and below", ["price <= 60.00 USD"]),
    ("two hundred bucks", ["price <= 200.00 USD"]),
    ("under a hundred", ["price < 100.00 USD"]),
    ("under two hundred and fifty dollars", ["price < 250.00 USD"]),
    ("under a couple hundred dollars", ["price < 200.00 USD"]),
    ("for under a thousand dollars", ["price < 1000.00 USD"]),
    ("under 1,500.00", ["price < 1500.00 USD"]),
    ("under $1,500", ["price < 1500.00 USD"]),
    ("under $2k", ["price < 2000.00 USD"]),
    ("less than 1.5k dollars", ["price < 1500.00 USD"]),
    ("USD 80", ["price <= 80.00 USD"]),
    ("80 USD max", ["price <= 80.00 USD"]),
    ("up to US$ 80", ["price <= 80.00 USD"]),
    ("for $50", ["price <= 50.00 USD"]),
    ("over 50", ["price > 50.00 USD"]),
    ("more than 200 dollars", ["price > 200.00 USD"]),
    ("at least 50 dollars", ["price >= 50.00 USD"]),
    ("starting at $50", ["price >= 50.00 USD"]),
    ("$50 and up", ["price >= 50.00 USD"]),
    ("50 dollars or more", ["price >= 50.00 USD"]),
    ("nothing under 50", ["price >= 50.00 USD"]),
    ("no less than 50 dollars", ["price >= 50.00 USD"]),
    ("between 50 and 100", ["price >= 50.00 USD", "price <= 100.00 USD"]),
    ("between $50 and $100", ["price >= 50.00 USD", "price <= 100.00 USD"]),
    ("50-100", ["price >= 50.00 USD", "price <= 100.00 USD"]),
    ("50 to 100 dollars", ["price >= 50.00 USD", "price <= 100.00 USD"]),
    ("$50\u2013$100", ["price >= 50.00 USD", "price <= 100.00 USD"]),
    ("from 20 to 40", ["price >= 20.00 USD", "price <= 40.00 USD"]),
    ("price range 20-45", ["price >= 20.00 USD", "price <= 45.00 USD"]),
    ("between 100 and 50", ["price >= 50.00 USD", "price <= 100.00 USD"]),
    ("for around 50", ["~price >= 40.00 USD", "~price <= 60.00 USD"]),
    ("about $100", ["~price >= 80.00 USD", "~price <= 120.00 USD"]),
    ("roughly 25 dollars", ["~price >= 20.00 USD", "~price <= 30.00 USD"]),
    ("100ish dollars", ["~price >= 80.00 USD", "~price <= 120.00 USD"]),
    ("around 50 max", ["price <= 50.00 USD"]),
    ("up to about 50", ["price <= 50.00 USD"]),
    ("preferably under $25", ["~price < 25.00 USD"]),
    ("ideally below 30", ["~price < 30.00 USD"]),
    ("unter 50 Dollar", ["price < 50.00 USD"]),
    ("h\u00f6chstens 80 $", ["price <= 80.00 USD"]),
    ("nicht mehr als 80", ["price <= 80.00 USD"]),
    ("nicht \u00fcber 80", ["price <= 80.00 USD"]),
    ("zwischen 20 und 40", ["price >= 20.00 USD", "price <= 40.00 USD"]),
    ("moins de 30 dollars", ["price < 30.00 USD"]),
    ("pas plus de 30 $", ["price <= 30.00 USD"]),
    ("entre 20 et 40 dollars", ["price >= 20.00 USD", "price <= 40.00 USD"]),
    ("jusqu'\u00e0 60 dollars", ["price <= 60.00 USD"]),
    ("menos de 30", ["price < 30.00 USD"]),
    ("no m\u00e1s de 30 d\u00f3lares", ["price <= 30.00 USD"]),
    ("entre 20 y 40", ["price >= 20.00 USD", "price <= 40.00 USD"]),
    ("hasta 60", ["price <= 60.00 USD"]),
]


@pytest.mark.parametrize(("message", "expected"), BUDGETS)
def test_reads_a_budget(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("\u20ac80", ["price <= 80.00 EUR"]),
        ("80\u20ac max", ["price <= 80.00 EUR"]),
        ("under 80,50 \u20ac", ["price < 80.50 EUR"]),
        ("unter 1.500,00 \u20ac", ["price < 1500.00 EUR"]),
        ("moins de 1 500 \u20ac", ["price < 1500.00 EUR"]),
        ("mein Budget ist 200 Euro", ["price <= 200.00 EUR"]),
        ("fifty euros at most", ["price <= 50.00 EUR"]),
        ("50 cents or less", ["price <= 0.50 EUR"]),
        ("under 5", ["price < 5.00 EUR"]),
        # Another currency stays what it is: there are no rates here, so nothing can be shown to hold it.
        ("under \u00a350", ["price < 50.00 GBP"]),
        ("fifty quid max", ["price <= 50.00 GBP"]),
        ("under 60 dollars", ["price < 60.00 USD"]),
        ("less than 5000 yen", ["price < 5000 JPY"]),
        # ... but a word that leaves the currency open means the shop's.
        ("under 60 bucks", ["price < 60.00 EUR"]),
    ],
)
def test_reads_currencies(message: str, expected: list[str]) -> None:
    assert told(corner(message)) == expected


@pytest.mark.parametrize(
    "message",
    [
        "for 2 people",
        "a 13 inch screen",
        "with a 6.5 inch display",
        "iPhone 15",
        "500 ml",
        "from 2019",
        "top 3",
        "for a 5 year old",
        "call me on 555-1234",
        "ages 3 and up",
        "less than 2 hours",
        "up to 8 people",
        "at most 3 buttons",
        "at least 4 pockets",
        "delivery within 3 days",
        "Air Max 90",
        "WH-1000",
        "20 x 30 cm",
        "about 22 by 22",
        "the 2 pack",
        "100%",
        "a 2 pound bag",
        "model 90210",
        "for kids under 5",
        "show me 3 of them",
        "up to 50 lbs",
        "under 300 ohm",
        "over 600 gsm",
        "24/7",
        "25+ hours",
        "more than 100 reviews",
        "1990-2000",
        "I have 2 kids",
    ],
)
def test_numbers_that_are_no_budget(message: str) -> None:
    assert [line for line in told(outdoor(message)) if "price" in line] == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("make it 80", ["price <= 80.00 USD"]),
        ("actually up to 75 is fine", ["price <= 75.00 USD"]),
        ("raise it to 100", ["price <= 100.00 USD"]),
        ("let's say $90", ["price <= 90.00 USD"]),
        ("I can go up to 120", ["price <= 120.00 USD"]),
        ("80", ["price <= 80.00 USD"]),
        ("lower it to 40 please", ["price <= 40.00 USD"]),
    ],
)
def test_a_new_budget_is_read_against_the_old_one(message: str, expected: list[str]) -> None:
    before = (entry("c1", "price", Op.LE, Money.of(60, "USD")),)
    assert told(outdoor(message, ReadingContext(ledger=before, turn=2))) == expected


def test_a_bare_number_is_no_budget_when_none_was_given() -> None:
    assert told(outdoor("make it 80")) == []
    assert told(outdoor("80")) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("at least 4 stars", ["rating >= 4"]),
        ("4+ stars", ["rating >= 4"]),
        ("4 stars or more", ["rating >= 4"]),
        ("4.5 stars and up", ["rating >= 4.5"]),
        ("rated 4 or higher", ["rating >= 4"]),
        ("more than 4 stars", ["rating > 4"]),
        ("well reviewed", ["~rating >= 4"]),
        ("a highly rated tent", ["~rating >= 4", "kind in tent"]),
        ("tent with at least 4 stars under 50", ["kind in tent", "rating >= 4", "price < 50.00 USD"]),
    ],
)
def test_reads_ratings(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("under 2 kg", ["weight < 2"]),
        ("at least 20 L", ["capacity >= 20"]),
        ("at least 20 litres", ["capacity >= 20"]),
        ("at most 1.5kg", ["weight <= 1.5"]),
        ("a backpack of 35 L or more", ["kind in backpack", "capacity >= 35"]),
    ],
)
def test_reads_measures_the_catalogue_has(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


def test_a_measure_nobody_can_check_is_said_unread_and_not_taken_for_a_value() -> None:
    reading = outdoor("a backpack under 35 cm")
    assert (told(reading), reading.unread) == (["kind in backpack"], ("under 35 cm",))


@pytest.mark.parametrize("message", ["my budget went down to 40", "can we raise the budget to 40?", "40 is my budget"])
def test_a_budget_may_be_named_behind_other_words(message: str) -> None:
    assert told(outdoor(message)) == ["price <= 40.00 USD"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,500.00", "1500"), ("1.500,00", "1500"), ("1,500", "1500"), ("1.500", "1500"), ("12,50", "12.5"),
     ("12.50", "12.5"),
     ("1.234.567", "1234567"), ("0.500", "0.5"), ("7", "7")],
)  # fmt: skip
def test_parses_numbers_of_both_habits(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.2.3", "1234567890123", "1,23,4567"])
def test_what_is_no_amount_parses_to_nothing(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("a tent up to EUR 60", ["kind in tent", "price <= 60.00 EUR"]),
        ("under EUR 60.00", ["price < 60.00 EUR"]),
        ("no more than EUR 60.00", ["price <= 60.00 EUR"]),
        ("shoes EU 42", ["kind in shoe", "size = EU 42"]),
        ("shoes in EUR 42", ["kind in shoe", "size = EUR 42"]),
        ("I can stretch to 65 but not a cent more", ["price <= 65.00 EUR"]),
        ("a hundred tops", ["price <= 100.00 EUR"]),
        ("a mug max. 2.50", ["kind in mug", "price <= 2.50 EUR"]),
        ("<b>jacket</b> under <i>100</i> euros", ["kind in jacket", "price < 100.00 EUR"]),
        ("a tent around 150 euros", ["kind in tent", "~price >= 120.00 EUR", "~price <= 180.00 EUR"]),
        ("best rated tent", ["~rating >= 4", "kind in tent"]),
        ("a scarf no longer than 180 cm", ["kind in scarf", "length <= 180"]),
        ("a scarf wider than 30 cm", ["kind in scarf", "width > 30"]),
    ],
)
def test_reads_limits_however_they_are_written(message: str, expected: list[str]) -> None:
    assert told(attic(message)) == expected
