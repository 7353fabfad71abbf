"""Values that a message speaks of without asking for them, refusals of food and materials, and what is taken back."""

import pytest
from dialogue_shops import OUTDOOR, entry, outdoor, told

from assistant.dialogue.combine import combined
from assistant.dialogue.ledger import add
from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from assistant.dialogue.reading_lines import Lines, Wish
from assistant.dialogue.resolve import Resolver
from index.filters import Op, holds_together
from index.items import Item, Money
from index.language.vocabulary import Vocabulary

PANTRY = Vocabulary(
    brands={"Moka": 6},
    categories={"Grocery": 20, "Dairy": 3},
    kinds={"fish": 2, "wood": 1, "chocolate": 3, "coffee": 2, "beer": 2, "pasta": 2, "milk": 2, "toy": 3, "lamp": 2},
    values={
        "allergens": {"nuts": 3, "fish": 2, "eggs": 1, "milk": 4},
        "material": {"wood": 3, "plastic": 2},
        "pattern": {"cable": 2, "dots": 2},
    },
)
_PANTRY = CatalogueReader(PANTRY, "GBP")
ITEMS = (
    Item("tuna", "Tuna in Olive Oil", attributes={"allergens": ("fish",)}),
    Item("bar", "Hazelnut Bar", attributes={"allergens": ("nuts",)}),
    Item("dark", "Dark Chocolate", description="May contain traces of nuts."),
    Item("plain", "Plain Chocolate", description="Nut free."),
    Item("house", "Doll House", attributes={"material": ("wood",)}),
    Item("train", "Wooden Train"),
    Item("decaf", "Decaf Coffee Beans", categories=("Coffee",), description="Without caffeine."),
    Item("coffee", "Ground Coffee", categories=("Coffee",)),
    Item("lager", "Lager Beer", description="5% vol."),
    Item("zero", "Alcohol Free Beer", description="0.0% vol."),
    Item("muesli", "Muesli, no added sugar"),
    Item("pasta", "Egg Pasta", attributes={"allergens": ("eggs",)}),
    Item("cheddar", "Cheddar", attributes={"allergens": ("milk",)}),
)

UNASKED = [
    ("leather? no thanks, boots", ["material != Leather", "kind in boot"], []),
    ("boots, leather? thanks but no", ["kind in boot", "material != Leather"], []),
    ("boots, not real leather", ["kind in boot", "material != Leather"], []),
    ("Luma jackets are ugly", ["brand != Luma (fictional store)"], []),
    ("that Luma jacket is overpriced", ["brand != Luma (fictional store)"], []),
    ("black looks so boring", ["color != Black"], []),
    ("leather gives me a rash", ["material != Leather"], []),
    ("my name is Luma", [], []),
    ("not only black shoes", ["kind in shoe"], []),
    ("not only red but also blue shoes", ["color in Red|Blue", "kind in shoe"], []),
    ("boots without shiny leather", ["kind in boot", "text != shiny"], ["without shiny leather"]),
    ("not a gift for men, a backpack", ["kind in backpack"], ["not a gift for men"]),
    ("una chaqueta que no sea negra", ["kind in jacket", "color != Black"], []),
    ("una giacca che non sia nera", ["kind in jacket", "color != Black"], []),
    ("des bottes qui ne soient pas en cuir", ["kind in boot", "material != Leather"], []),
    ("Luma is on my mind", [], ["Luma is on"]),
    ("red shoes. Actually make it blue", ["kind in shoe", "color = Blue"], []),
    ("red or black boots. Sorry, blue ones", ["kind in boot", "color = Blue"], []),
    ("size M. wait, size L", ["size = L"], []),
    ("red and blue shoes", ["color in Red|Blue", "kind in shoe"], []),
    ("wool allergy, hoodie", ["text != wool", "kind in hoodie"], []),
    ("ich bin gegen Wolle allergisch", ["text != wool"], []),
    ("allergic, cotton hoodie", ["kind in hoodie"], ["allergic, cotton"]),
    ("the jacket must be black", ["kind in jacket", "color = Black"], []),
    ("leather boots are great", ["material = Leather", "kind in boot"], []),
]


def pantry(message: str, ledger: tuple[str, ...] = ()) -> Reading:
    held = tuple(entry(f"c{n}", "allergens", Op.NE, value) for n, value in enumerate(ledger))
    return _PANTRY.read(message, ReadingContext(ledger=held, turn=2))


@pytest.mark.parametrize(("message", "expected", "unread"), UNASKED)
def test_what_is_spoken_of_is_not_asked_for(message: str, expected: list[str], unread: list[str]) -> None:
    reading = outdoor(message)
    assert (told(reading), list(reading.unread)) == (expected, unread)


@pytest.mark.parametrize(
    ("message", "gone"),
    [
        ("no fish", {"tuna"}),
        ("I don't eat fish", {"tuna"}),
        ("no wood", {"house", "train"}),
        ("nicht aus Holz", {"house", "train"}),
        ("no wooden toys", {"house", "train"}),
        ("nuts make me sick", {"bar", "dark"}),
        ("my kid is nut-allergic", {"bar", "dark"}),
        ("ich habe eine Nussallergie", {"bar", "dark"}),
        ("Allergie gegen N\u00fcsse", {"bar", "dark"}),
        ("tengo alergia a los frutos secos", {"bar", "dark"}),
        ("hazelnut allergy", {"bar", "dark"}),
        ("egg allergy, noodles", {"pasta"}),
        ("no dairy", {"cheddar"}),
        ("without caffeine", {"coffee"}),
        ("no alcohol please", {"lager"}),
        ("no added sugar", set[str]()),
    ],
)
def test_a_refusal_leaves_out_what_the_record_names_anywhere(message: str, gone: set[str]) -> None:
    conditions = [one.condition for one in pantry(message).constraints if one.condition.op in (Op.NE, Op.NOT_IN)]
    assert conditions
    assert {item.id for item in ITEMS if not holds_together(item, conditions)} == gone


@pytest.mark.parametrize(
    ("message", "fit"),
    [
        ("decaf coffee", {"decaf"}),
        ("caffeine-free", {"decaf"}),
        ("non-alcoholic beer", {"zero"}),
        ("alcohol-free beer", {"zero"}),
    ],
)
def test_being_without_is_said_in_several_ways(message: str, fit: set[str]) -> None:
    conditions = [one.condition for one in pantry(message).constraints]
    assert {item.id for item in ITEMS if holds_together(item, conditions)} == fit


def test_what_shall_not_be_on_a_thing_is_no_pattern() -> None:
    assert told(pantry("a lamp without cable")) == ["kind in lamp", "text != cable"]


def test_everything_but_one_is_taken_back() -> None:
    reading = pantry("remove all restrictions except eggs", ("nuts", "eggs"))
    assert (reading.released, told(reading)) == (("c0",), [])


def test_what_nobody_knows_takes_nothing_back() -> None:
    assert pantry("remove all restrictions except zebra", ("nuts", "eggs")).released == ()


def test_a_remark_ends_no_refusal() -> None:
    held = (entry("c1", "color", Op.NE, "Black"),)
    assert add(held, [entry("", "color", Op.EQ, "Black", soft=True)], 2)[1] == ()
    assert add(held, [entry("", "color", Op.EQ, "Black")], 2)[1] == held


def test_two_refusals_are_taken_back_in_one_breath() -> None:
    held = (entry("c1", "color", Op.NE, "Red"), entry("c2", "material", Op.NE, "Leather"))
    reading = outdoor("no wait, red is fine after all, and leather too", ReadingContext(ledger=held, turn=2))
    assert (set(reading.released), told(reading)) == ({"c1", "c2"}, [])


def test_prices_stay_what_they_are() -> None:
    assert told(pantry("no fish under 5 pounds")) == [
        "kind not in fish",
        "allergens != fish",
        f"price < {Money.of(5, 'GBP')}",
    ]


@pytest.mark.parametrize(
    ("message", "wish", "kinds"),
    [
        ("boots, not some shiny leather", Wish("material", "=", "leather"), ["kind in boot"]),
        ("anything over 60 is fine, boots", Wish("price", "<=", "60"), ["kind in boot"]),
    ],
)
def test_no_model_asks_for_what_the_rules_left_open(message: str, wish: Wish, kinds: list[str]) -> None:
    reader = CatalogueReader(OUTDOOR, "USD")
    resolver, lines = Resolver(OUTDOOR, reader), Lines("search", "boots", (wish,))
    reading = reader.read(message, ReadingContext())
    assert told(reading) == kinds
    assert told(combined(reading, lines, message, ReadingContext(), resolver).reading) == kinds
