"""What a catalogue measures: limits and values by name, dimension and other units; what things are to be."""

import pytest
from dialogue_shops import told

from assistant.dialogue import ledger as ledgers
from assistant.dialogue.amounts.units import scales
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from index.language.units import factor, unit_name
from index.language.vocabulary import Vocabulary

LOFT = Vocabulary(
    brands={"Hollin": 4, "Skarn": 3},
    categories={"Furniture": 9, "Electronics": 8},
    kinds={
        "bookshelf": 3,
        "desk": 2,
        "laptop": 4,
        "monitor": 3,
        "sunscreen": 2,
        "puzzle": 2,
        "dining table": 2,
        "toy": 1,
    },
    values={
        "color": {"Black": 3, "White": 3},
        "width": {"60 cm": 2, "80 cm": 2, "120 cm": 1},
        "height": {"100 cm": 2, "180 cm": 2},
        "max load": {"100 kg": 2, "120 kg": 1},
        "weight": {"900 g": 2, "1800 g": 1},
        "storage": {"256 GB": 2, "512 GB": 1},
        "ram": {"8 GB": 2, "16 GB": 2},
        "screen size": {"14 inch": 2, "27 inch": 2, "32 inch": 1},
        "battery life": {"8 h": 2, "30 h": 1},
        "pieces": {"500 pieces": 2, "1000 pieces": 1},
        "spf": {"30": 2, "50": 2},
        "persons": {"2": 2, "4": 2},
        "thickness": {"6 mm": 1, "8 mm": 1},
        "water column": {"3000 mm": 1},
        "surface": {"firm ground": 2, "grass": 1},
        "shape": {"round": 2, "square": 1},
        "season": {"winter": 2, "summer": 1},
        "skin type": {"dry": 2, "sensitive": 2},
        "audience": {"0-6 months": 1, "6-12 months": 1},
        "batteries required": {"yes": 3, "no": 2},
        "material": {"kraft paper": 1, "cotton": 3, "wood": 2, "plastic": 2},
    },
)
READER = CatalogueReader(LOFT, "EUR")

MEASURES = [
    ("a bookshelf at least 180 cm tall", ["kind in bookshelf", "height >= 180"]),
    ("bookshelf, max height 100 cm", ["kind in bookshelf", "height <= 100"]),
    ("ein Regal, maximal 80 cm breit", ["width <= 80"]),
    ("desk, width 60-80 cm", ["kind in desk", "width >= 60", "width <= 80"]),
    ("a desk 120 cm wide", ["kind in desk", "width = 120 cm"]),
    ("we have 90 cm of space in width", ["width <= 90"]),
    ("a laptop with storage 256 GB minimum", ["kind in laptop", "storage >= 256"]),
    ("Laptop mit mindestens 16 GB RAM", ["kind in laptop", "ram >= 16"]),
    ("laptop with 512 GB storage", ["kind in laptop", "storage = 512 GB"]),
    ("battery life of 30 hours or longer", ["battery life >= 30"]),
    ("a laptop, it can't be more than 1.2 kg", ["kind in laptop", "weight <= 1200"]),
    ("laptop no bigger than 14 inches", ["kind in laptop", "screen size <= 14"]),
    ("a chair that carries 120 kg or more", ["max load >= 120"]),
    ("SPF 30 or higher", ["spf >= 30"]),
    ("sunscreen spf50", ["kind in sunscreen", "spf = 50"]),
    ("Puzzle ab 500 Teile, höchstens 20 Euro", ["kind in puzzle", "pieces >= 500", "price <= 20.00 EUR"]),
    ("laptop, no 512 GB ones", ["kind in laptop", "storage != 512 GB"]),
    ("a toy for four people", ["kind in toy", "persons = 4"]),
    ("ein Tisch für 2 Personen", ["persons = 2"]),
    ("a desk thicker than 6 mm", ["kind in desk", "thickness > 6"]),
    ("a toy from 35 litri", ["kind in toy"]),
    ("need 512 GB of storage at the very least", ["storage >= 512"]),
    ("a monitor under 50 in black", ["kind in monitor", "price < 50.00 EUR", "color = Black"]),
]


@pytest.mark.parametrize(("message", "expected"), MEASURES)
def test_reads_what_is_measured(message: str, expected: list[str]) -> None:
    assert sorted(told(READER.read(message, ReadingContext()))) == sorted(expected)


def test_a_limit_that_fits_two_fields_is_left_unread() -> None:
    reading = READER.read("a bookshelf of at most 90 cm", ReadingContext())
    assert (told(reading), reading.unread) == (["kind in bookshelf"], ("at most 90 cm",))


PREDICATES = [
    ("a desk, it needs to be round", ["kind in desk", "shape = round"]),
    ("a desk that's winter", ["kind in desk", "season = winter"]),
    ("a toy, no 0-6 months ones", ["kind in toy", "audience != 0-6 months"]),
    ("a round dining table", ["kind in dining table", "shape = round"]),
    ("that is round the corner", []),
    ("crème pour peau sèche", ["skin type = dry"]),
    ("my skin is sensitive", ["skin type = sensitive"]),
    ("a puzzle without batteries", ["kind in puzzle", "batteries required = no"]),
    ("kraft paper-free desk", ["material != kraft paper", "kind in desk"]),
    ("a toy for firm ground", ["kind in toy", "surface = firm ground"]),
    ("a desk, it would be nice if it was round", ["kind in desk", "~shape = round"]),
    ("a desk, it would be nice if it was oak or cotton", ["kind in desk", "~material = cotton"]),
    ("wooden toys", ["material = wood", "kind in toy"]),
    ("wood not plastic", ["material = wood", "material != plastic"]),
    ("a monitor that is not curved", ["kind in monitor", "text != curved"]),
    ("desk, Hollin no thanks", ["kind in desk", "brand != Hollin"]),
    ("any colour, but keep the price", []),
    ("un clavier sans fil", []),
    ("Ich bin allergisch, Laptop", ["kind in laptop"]),
]


@pytest.mark.parametrize(("message", "expected"), PREDICATES)
def test_reads_what_the_thing_is_said_to_be(message: str, expected: list[str]) -> None:
    assert sorted(told(READER.read(message, ReadingContext()))) == sorted(expected)


@pytest.mark.parametrize(
    ("before", "message", "expected"),
    [
        ("puzzle with 500 pieces", "1000 rather", ["kind in puzzle", "pieces = 1000 pieces"]),
        ("white desk", "black is fine too", ["kind in desk", "color in White, Black"]),
        ("white desk", "or black", ["kind in desk", "color in White, Black"]),
        ("white desk", "black would also be fine", ["kind in desk", "color in White, Black"]),
        ("white desk", "white or black", ["kind in desk", "color in White, Black"]),
        ("round desk", "no wait, without", ["kind in desk", "shape != round"]),
        ("white desk", "black instead", ["kind in desk", "color = Black"]),
        ("wooden desk", "plastic is ok as well", ["kind in desk", "material in wood, plastic"]),
        ("white desk by Hollin", "whichever brand", ["kind in desk", "color = White"]),
        ("desk under 80", "doesn't matter what they cost", ["kind in desk"]),
    ],
)
def test_a_later_message_widens_or_replaces(before: str, message: str, expected: list[str]) -> None:
    first, _ = ledgers.add((), READER.read(before, ReadingContext()).constraints, 1)
    reading = READER.read(message, ReadingContext(first, turn=2))
    held, _ = ledgers.add(ledgers.remove(first, reading.released), reading.constraints, 2)
    said = [
        f"{c.field} {c.op.value} {', '.join(c.value) if isinstance(c.value, tuple) else c.value}"
        for c in (entry.condition for entry in held)
    ]
    assert sorted(said) == sorted(expected)


@pytest.mark.parametrize(
    ("said", "held", "times"),
    [("kg", "g", 1000.0), ("cm", "m", 0.01), ("inch", "cm", 2.54), ("hour", "minute", 60.0), ("gb", "gb", 1.0)],
)
def test_units_of_one_kind_are_converted(said: str, held: str, times: float) -> None:
    assert factor(said, held) == pytest.approx(times)


def test_units_of_two_kinds_are_not() -> None:
    assert factor("kg", "cm") is None
    assert factor("seat", "piece") is None


def test_names_of_a_unit_are_one() -> None:
    assert [unit_name(word) for word in ("l", "Litres", "litros", "min", "Teile", '"')] == [
        "liter", "liter", "liter", "minute", "piece", "inch",
    ]  # fmt: skip


def test_a_field_with_two_units_of_a_kind_has_the_more_frequent_and_one_of_two_kinds_none() -> None:
    fields = {"weight": {"500 g": 1, "1 kg": 1}, "size": {"42 cm": 1}, "spf": {"30": 1}, "width": {"60 cm": 1}}
    fields |= {"load": {"30": 1, "10 kg": 2}, "volume": {"20 L": 2, "1 kg": 1}}
    assert scales(fields).units == {"spf": "", "width": "cm", "weight": "g"}
    assert scales(fields).mixed == {"weight"}


MIXED = Vocabulary(
    brands={},
    categories={},
    kinds={"backpack": 3, "rack": 2},
    values={"weight": {"1750 g": 2, "800 g": 3, "1.1 kg": 1}, "material": {"nylon": 3}, "load": {"10 kg": 1, "30": 1}},
)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("backpack under 1 kg", [("weight", "<", "1000 g")]),
        ("a backpack lighter than 900 g", [("weight", "<", "900 g")]),
        ("a backpack of 1.1 kg", [("weight", "=", "1.1 kg")]),
        ("a backpack of 1100 g", [("weight", "=", "1.1 kg")]),
        ("backpack between 0.5 and 1.5 kg", [("weight", ">=", "500 g"), ("weight", "<=", "1500 g")]),
        ("backpack between 800 g and 1.5 kg", [("weight", ">=", "800 g"), ("weight", "<=", "1500 g")]),
        ("a backpack, 800 g to 1.2 kg", [("weight", ">=", "800 g"), ("weight", "<=", "1200 g")]),
        ("backpack with a weight under 900", []),  # of which unit?
    ],
)
def test_a_limit_on_a_field_of_several_units_keeps_its_unit(message: str, expected: list[tuple[str, str, str]]) -> None:
    found = CatalogueReader(MIXED, "EUR").read(message, ReadingContext()).constraints
    held = [(one.condition.field, str(one.condition.op), one.condition.value) for one in found]
    assert [each for each in held if each[0] not in ("kind", "price")] == expected
