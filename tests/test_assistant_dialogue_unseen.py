"""Messages in words and shops that nobody prepared for: what they ask for, what they refuse, what they take back."""

import pytest
from dialogue_shops import ATTIC, CORNER, OUTDOOR, told

from assistant.dialogue import ledger as ledgers
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from index.language.vocabulary import Vocabulary

HOUSE = Vocabulary(
    brands={"Bosk": 4, "Makino": 3, "Lumo": 3, "Nordhus": 5, "Pixit": 2, "Oak & Ember": 2},
    categories={"Furniture": 9, "Tools": 8, "Toys": 6, "Lighting": 4},
    kinds={
        "sofa": 3,
        "desk": 2,
        "chair": 5,
        "lamp": 4,
        "drill": 3,
        "puzzle": 2,
        "bed": 2,
        "mattress": 2,
        "hat": 2,
        "serum": 1,
        "shampoo": 1,
        "moisturizer": 1,
    },
    values={
        "color": {"Black": 3, "White": 3, "Light Grey": 3, "Green": 2, "Red": 2},
        "material": {"Steel": 3, "Leather": 2, "Velvet": 2, "Plastic": 3},
        "bed size": {"90x200": 2, "140x200": 2, "king": 1, "queen": 1},
        "width": {"60 cm": 2, "120 cm": 2},
        "voltage": {"12 V": 2, "18 V": 3},
        "age": {"3+": 2, "8-12": 1},
        "power source": {"battery": 3, "usb-c": 2},
        "number of pieces": {"500": 1, "1000": 1},
        "skin type": {"dry": 2, "oily": 1, "sensitive": 2},
        "style": {"modern": 3, "rustic": 2, "scandinavian": 2},
    },
)

SHOPS = {
    "outdoor": CatalogueReader(OUTDOOR, "USD"),
    "corner": CatalogueReader(CORNER, "EUR"),
    "attic": CatalogueReader(ATTIC, "EUR"),
    "house": CatalogueReader(HOUSE, "EUR"),
}

IN_OUTDOOR = [
    ("a warm hat", []),
    ("a jacket w/o hood", ["kind in jacket", "text != hood"]),
    ("non-leather boots", ["material != Leather", "kind in boot"]),
    ("hide the red ones", ["color != Red"]),
    ("I boycott Luma", ["brand != Luma (fictional store)"]),
    ("cotton itches", ["material != Cotton"]),
    ("orange isn't me", ["color != Orange"]),
    ("red isn't what I usually wear", []),
    ("chaqueta menos roja", ["kind in jacket", "color != Red"]),
    ("menos de 50 dolares", ["price < 50.00 USD"]),
    ("giacca taglia M, non nera", ["kind in jacket", "size = M", "color != Black"]),
    ("veste taille L pas noire", ["kind in jacket", "size = L", "color != Black"]),
    ("Jacke Größe L, nicht rot, unter 80 Dollar", ["kind in jacket", "size = L", "color != Red", "price < 80.00 USD"]),
    ("hi, I'm after a tee, size M and I look awful in red", ["kind in t shirt", "size = M", "color != Red"]),
    ("my last Luma broke, anything else", []),
    ("my old black jacket ripped, need a new one in red", ["color = Red"]),
    ("it was too big, size M please", ["size = M"]),
    ("I refuse to pay over 80 for boots", ["price <= 80.00 USD", "kind in boot"]),
    ("no boots over 80", ["price <= 80.00 USD", "kind in boot"]),
    ("don't show me boots cheaper than 30", ["price >= 30.00 USD", "kind in boot"]),
    ("don't bother with boots under 4 stars", ["rating >= 4"]),
    ("hide everything under 4 stars", ["rating >= 4"]),
    ("boots people gave 4 or more", ["kind in boot", "rating >= 4"]),
    ("boots, 4.5/5 or better", ["kind in boot", "rating >= 4.5"]),
    ("boots, average of at least 4", ["kind in boot", "rating >= 4"]),
    ("no leather and under 60", ["material != Leather", "price < 60.00 USD"]),
    ("tent 100-$150", ["kind in tent", "price >= 100.00 USD", "price <= 150.00 USD"]),
    ("200 up to 600, tent", ["price >= 200.00 USD", "price <= 600.00 USD", "kind in tent"]),
    ("price cap 50", ["price <= 50.00 USD"]),
    ("jacket, 60 is all i have", ["kind in jacket", "price <= 60.00 USD"]),
    ("boots that's too dear, I have 60", ["kind in boot", "price <= 60.00 USD"]),
    ("backpack between 20 and 35 litres", ["kind in backpack", "capacity >= 20", "capacity <= 35"]),
    ("25-35 l backpack", ["capacity >= 25", "capacity <= 35", "kind in backpack"]),
    ("20 liter backpack, black", ["capacity = 20 L", "kind in backpack", "color = Black"]),
    ("a backpack with 35 litres", ["kind in backpack", "capacity = 35 L"]),
    ("hoodie m black", ["kind in hoodie", "size = M", "color = Black"]),
    ("i wear l", ["size = L"]),
    ("hoodie, s please", ["kind in hoodie", "size = S"]),
    ("jacket in m or l", ["kind in jacket", "size in M|L"]),
    ("men s shoes", ["category = Men", "kind in shoe"]),
    ("it s for my dad", ["~category = Men"]),
    ("i m looking for a jacket", ["kind in jacket"]),
    ("T-SHIRT S'IL VOUS PLAÎT", ["kind in t shirt"]),
    ("H and M jackets", ["kind in jacket"]),
    ("a tent 3 m long", ["kind in tent"]),
    ("boots in 42, not 43", ["kind in boot", "size = 42", "size != 43"]),
    ("a 42", ["size = 42"]),
    ("boots, my size is 42", ["kind in boot", "size = 42"]),
    ("a 3 person tent", ["kind in tent"]),
    ("I need 10 tents", ["kind in tent"]),
    ("wool, cotton or leather", ["material in wool|Cotton|Leather"]),
    ("leather boots would be nicest", ["~material = Leather", "kind in boot"]),
    ("a blue jacket would be great", ["color = Blue", "kind in jacket"]),
    ("vegan leather bag", ["kind in bag"]),
    ("I'm vegan, need hiking boots", ["text != animal products", "kind in hiking boot"]),
    ("a jacket, doesn't have to be vegan", ["kind in jacket"]),
    ("jacket without hood and pockets", ["kind in jacket", "text != hood", "text != pockets"]),
    ("jacket without hood and waterproof", ["kind in jacket", "text != hood", "waterproof = Yes"]),
    ("jackets that arent black, xl, <80", ["kind in jacket", "color != Black", "size = XL", "price < 80.00 USD"]),
    ("gift for my dad, about 40", ["~category = Men", "~price >= 32.00 USD", "~price <= 48.00 USD"]),
]

IN_CORNER = [
    ("my son has a nut allergy, chocolate for his birthday", ["text != nut", "kind in chocolate"]),
    ("lactose intolerant here, any ice cream?", ["text != lactose"]),
    ("shellfish and gluten intolerant", ["text != shellfish", "text != gluten"]),
    ("allergy relief tea", ["kind in tea"]),
    ("I am vegetarian, looking for lunch", ["text != meat and fish"]),
    ("coeliac friendly biscuits", ["diet = gluten-free"]),
    ("glutenfreie Schokolade", ["text != gluten", "kind in chocolate"]),
    ("laktoseintolerant, Tee?", ["text != laktose"]),
    ("halal snacks", ["text not in pork|alcohol"]),
    ("soy vegano", ["diet = vegan"]),
    ("anything without soy and gluten, max 5 euro", ["allergens != soy", "text != gluten", "price <= 5.00 EUR"]),
    ("palm oil free chocolate", ["text = palm oil free", "kind in chocolate"]),
    ("phone, not apple, under 400", ["kind in phone", "brand != Apple", "price < 400.00 EUR"]),
    ("no apples", ["kind not in apple"]),
    ("headphones, not in ear, <100€", ["kind in headphone", "text != in ear", "price < 100.00 EUR"]),
    ("phone, at least 128gb", ["kind in phone", "storage >= 128"]),
    ("whipped cream", []),
]

IN_ATTIC = [
    ("perfume free cream", ["perfumed = no", "kind in cream"]),
    (
        "sleeping bag w/o feathers or down",
        ["kind in sleeping bag", "filling != Feather", "material != down", "filling != Down"],
    ),
    ("violin 1/4", ["size = 1/4"]),
]

IN_HOUSE = [
    ("we need a desk; the last one from Bosk fell apart so please not them", ["kind in desk", "brand != Bosk"]),
    ("a chair, Bosk or Makino? avoid them", ["kind in chair", "brand != Bosk", "brand != Makino"]),
    ("a lamp; the Lumo one broke, so anything but them", ["kind in lamp", "brand != Lumo"]),
    ("the last one from Pixit was fine, a chair now", ["kind in chair"]),
    ("the sofas from Bosk are lovely but I can't afford them", ["kind in sofa", "brand = Bosk"]),
    ("our kitchen is red, need a black chair", ["color = Black", "kind in chair"]),
    ("my living room is all green so a white lamp would be great", ["color = White", "kind in lamp"]),
    ("my favourite colour is red, a chair please", ["color = Red", "kind in chair"]),
    ("the chair I want is red", ["kind in chair", "color = Red"]),
    ("toys for 3+", ["category = Toys", "age not in 8-12"]),
    ("king size bed", ["bed size = king", "kind in bed"]),
    ("queen bed under 400", ["bed size = queen", "kind in bed", "price < 400.00 EUR"]),
    ("bed in king size", ["kind in bed", "bed size = king"]),
    ("mattress, 140 x 200 cm", ["kind in mattress", "bed size = 140x200"]),
    ("90 x 200 or 140 x 200 mattress", ["bed size in 90x200|140x200", "kind in mattress"]),
    ("serum for dry skin", ["kind in serum", "skin type = dry"]),
    ("moisturizer, not for oily skin", ["kind in moisturizer", "skin type != oily"]),
    ("scandinavian style lamp", ["style = scandinavian", "kind in lamp"]),
    ("no rustic style", ["style != rustic"]),
    ("puzzle 1000 pieces", ["kind in puzzle", "number of pieces = 1000"]),
    ("drill without usb-c power source", ["kind in drill", "power source != usb-c"]),
    ("drill with at least 18 volts", ["kind in drill", "voltage >= 18"]),
    ("desk 120 cm wide max", ["kind in desk", "width <= 120"]),
    ("lamp between 15 and 30 pounds", ["kind in lamp", "price >= 15.00 GBP", "price <= 30.00 GBP"]),
    ("lamp under 20 pounds", ["kind in lamp", "price < 20.00 GBP"]),
    ("ich hätte gern eine Lampe in rot", ["kind in lamp", "color = Red"]),
    ("need a sofa that isn't leather and isn't black", ["kind in sofa", "material != Leather", "color != Black"]),
    ("drill not from makino or bosk", ["kind in drill", "brand != Makino", "brand != Bosk"]),
    ("shampoo without sulfates and parabens", ["kind in shampoo", "text != sulfates", "text != parabens"]),
]

TALKS = [
    (["a red tent under 90", "I'll take the 90 back"], ["Red", "tent"]),
    (["a red tent under 90", "i take back the 90 limit"], ["Red", "tent"]),
    (["a red tent under 90", "not so important that it's red"], ["tent", "under 90.00 USD"]),
    (["a red tent under 90", "can I take it back after 90 days?"], ["Red", "tent", "under 90.00 USD"]),
    (["a red jacket", "doesn't have to be red"], ["jacket"]),
    (["waterproof jacket", "waterproof isn't necessary"], ["jacket"]),
    (["waterproof jacket", "skip the waterproof thing"], ["jacket"]),
    (["waterproof jacket", "waterproof or not, I don't care"], ["jacket"]),
    (["jacket not from Alba", "alba's fine too"], ["jacket"]),
    (["boots, no leather, no cotton", "forget what I said about leather"], ["boot", "not Cotton"]),
    (["boots, no leather", "you can include leather again"], ["boot"]),
    (["tent max 3 kg", "weight doesn't matter"], ["tent"]),
    (["tent max 3 kg", "forget the weight limit"], ["tent"]),
    (["slim fit pants", "fit doesn't matter"], ["pants"]),
    (["jacket size m", "show me every size"], ["jacket"]),
    (["jacket size m", "don't filter by size"], ["jacket"]),
    (["red jacket by Luma", "neither brand nor colour is important"], ["jacket"]),
    (["red jacket", "it can be another color"], ["jacket"]),
    (["jacket by Luma", "open to other makers"], ["jacket"]),
    (["jacket by Luma", "I take back the brand"], ["jacket"]),
    (["jacket under 50", "it may cost more"], ["jacket"]),
    (["jacket under 50", "spend whatever it takes"], ["jacket"]),
    (["jacket under 50", "without the price limit please"], ["jacket"]),
    (["jacket under 50", "undo the budget"], ["jacket"]),
    (["jacket under 50", "egal was es kostet"], ["jacket"]),
    (["jacket under 80", "turns out I only have 60"], ["jacket", "up to 60.00 USD"]),
    (["red jacket in M under 50", "drop all of that"], []),
    (["red jacket", "actually blue instead of red"], ["jacket", "Blue"]),
    (["leather boots", "swap leather for cotton"], ["boot", "Cotton"]),
    (["jacket", "boots in 42", "try 43"], ["boot", "size 43"]),
]


@pytest.mark.parametrize(("message", "expected"), IN_OUTDOOR)
def test_reads_an_outdoor_shop(message: str, expected: list[str]) -> None:
    assert told(SHOPS["outdoor"].read(message, ReadingContext())) == expected


@pytest.mark.parametrize(("message", "expected"), IN_CORNER)
def test_reads_a_corner_shop(message: str, expected: list[str]) -> None:
    assert told(SHOPS["corner"].read(message, ReadingContext())) == expected


@pytest.mark.parametrize(("message", "expected"), IN_ATTIC)
def test_reads_an_attic(message: str, expected: list[str]) -> None:
    assert told(SHOPS["attic"].read(message, ReadingContext())) == expected


@pytest.mark.parametrize(("message", "expected"), IN_HOUSE)
def test_reads_a_house(message: str, expected: list[str]) -> None:
    assert told(SHOPS["house"].read(message, ReadingContext())) == expected


@pytest.mark.parametrize(("turns", "expected"), TALKS)
def test_what_is_taken_back_is_gone_and_nothing_else(turns: list[str], expected: list[str]) -> None:
    ledger = ()
    for number, message in enumerate(turns, start=1):
        reading = SHOPS["outdoor"].read(message, ReadingContext(ledger, turn=number))
        ledger, _ = ledgers.add(ledgers.remove(ledger, reading.released), reading.constraints, number)
    assert [ledgers.describe(entry) for entry in ledger] == expected


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("a warm hat", "warm hat"),
        ("my girlfriend needs a rain jacket", ""),
        ("we're after boots, as long as they are red", ""),
        ("gift idea: a backpack", ""),
        ("a sturdy backpack for the office", "sturdy office"),
    ],
)
def test_only_what_says_something_of_the_thing_is_searched_by(message: str, words: str) -> None:
    assert SHOPS["outdoor"].read(message, ReadingContext()).words == words


def test_a_hat_is_a_thing_where_hats_are_sold_and_a_verb_in_german() -> None:
    assert told(SHOPS["house"].read("a warm hat", ReadingContext())) == ["kind in hat"]
    asked = told(SHOPS["house"].read("hat die Lampe Batterien?", ReadingContext()))
    assert asked == told(SHOPS["house"].read("has the lamp batteries?", ReadingContext()))
    assert "kind in hat" not in asked
