"""Colours, sizes, brands, kinds, values and refusals, read with the words of two catalogues."""

import pytest
from dialogue_shops import attic, corner, outdoor, told

OUTDOOR_WISHES = [
    # kinds
    ("jackets", ["kind in jacket"]),
    ("I'm looking for a jacket", ["kind in jacket"]),
    ("Do you have hoodies?", ["kind in hoodie"]),
    ("running shoes please", ["kind in running shoe"]),
    ("a tee", ["kind in t shirt"]),
    ("T-Shirts", ["kind in t shirt"]),
    ("tshirt", ["kind in t shirt"]),
    ("back pack", ["kind in backpack"]),
    ("jackets or hoodies", ["kind in jacket|hoodie"]),
    ("boots and socks", ["kind in boot|sock"]),
    ("a strap for my watch", ["kind in strap"]),
    ("a bag for hiking boots", ["kind in bag"]),
    ("something for my tent", []),
    ("a watch strap", ["kind in strap"]),
    ("a shoe rack", []),
    ("a jacket to go with my blue boots", ["kind in jacket"]),
    ("I need socks for my boots", ["kind in sock"]),
    ("a pair of boots", ["kind in boot"]),
    ("a bag of crisps", []),
    # colours
    ("blue jacket", ["color = Blue", "kind in jacket"]),
    ("jacket in grey", ["kind in jacket", "color = Gray"]),
    ("navy blue hoodie", ["color = Navy Blue", "kind in hoodie"]),
    ("red or blue", ["color in Red|Blue"]),
    ("a black and white jacket", ["color in Black|White", "kind in jacket"]),
    ("pink hoodie", ["color = pink", "kind in hoodie"]),
    ("an orange tent", ["color = Orange", "kind in tent"]),
    ("orange juice", []),
    ("jacke in schwarz", ["kind in jacket", "color = Black"]),
    ("veste rouge", ["kind in jacket", "color = Red"]),
    ("chaqueta roja", ["kind in jacket", "color = Red"]),
    ("black tea", []),
    ("boots for red wine country", ["kind in boot"]),
    # sizes
    ("in M", ["size = M"]),
    ("a jacket in M or L", ["kind in jacket", "size in M|L"]),
    ("size XL", ["size = XL"]),
    ("size m", ["size = M"]),
    ("xl hoodie", ["size = XL", "kind in hoodie"]),
    ("size 10 boots", ["size = 10", "kind in boot"]),
    ("boots in 42", ["kind in boot", "size = 42"]),
    ("EU 42", ["size = EU 42"]),
    ("I wear a size 43", ["size = 43"]),
    ("in a large", ["size = L"]),
    ("medium please", ["size = M"]),
    ("a hoodie, extra large", ["kind in hoodie", "size = XL"]),
    ("x-small", ["size = XS"]),
    ("a small gift", []),
    ("a large tent", ["kind in tent"]),
    ("I need a large blue t-shirt", ["size = L", "color = Blue", "kind in t shirt"]),
    ("a medium jacket", ["size = M", "kind in jacket"]),
    ("boots 42 under 100", ["kind in boot", "size = 42", "price < 100.00 USD"]),
    ("2XL", ["size = 2XL"]),
    ("3x-large jacket", ["size = 3XL", "kind in jacket"]),
    ("Gr\u00f6\u00dfe L", ["size = L"]),
    ("taille 42", ["size = 42"]),
    ("talla M", ["size = M"]),
    ("I'm tall", []),
    # brands
    ("a Luma jacket", ["brand = Luma (fictional store)", "kind in jacket"]),
    ("luma jackets", ["brand = Luma (fictional store)", "kind in jacket"]),
    ("boots by Alba", ["kind in boot", "brand = Alba"]),
    ("something from teton works", ["brand = Teton Works"]),
    ("Alba or Luma", ["brand in Alba|Luma (fictional store)"]),
    ("a Black Diamond backpack", ["brand = Black Diamond", "kind in backpack"]),
    ("a B&R watch", ["brand = B&R", "kind in watch"]),
    ("do you have anything from God?", ["brand = God"]),
    ("oh my god a tent", ["kind in tent"]),
    ("a hiking legend needs boots", ["kind in boot"]),
    ("legend backpack", ["brand = Legend", "kind in backpack"]),
    ("backpack by legend", ["kind in backpack", "brand = Legend"]),
    ("the XE watch", ["brand = XE", "kind in watch"]),
    ("my next jacket", ["kind in jacket"]),
    ("a jacket from Next", ["kind in jacket", "brand = Next"]),
    ("Ridge Co tents", ["brand = The Ridge Co", "kind in tent"]),
    # departments and wearers
    ("women's jackets", ["category = Women", "kind in jacket"]),
    ("jackets for men", ["kind in jacket", "category = Men"]),
    ("a jacket for my husband", ["kind in jacket", "category = Men"]),
    ("a gift for my wife", ["~category = Women"]),
    ("kids boots", ["category = Kids", "kind in boot"]),
    ("show me footwear", ["category = Footwear"]),
    ("camping gear under 50", ["category = Camping Gear", "price < 50.00 USD"]),
    ("an outdoor jacket", ["kind in jacket"]),
    # values
    ("waterproof jacket", ["waterproof = Yes", "kind in jacket"]),
    ("water proof boots", ["waterproof = Yes", "kind in boot"]),
    ("a wool hoodie", ["material = wool", "kind in hoodie"]),
    ("organic cotton t-shirt", ["material = Organic Cotton", "kind in t shirt"]),
    ("leather or cotton", ["material in Leather|Cotton"]),
    ("a faux leather bag", ["kind in bag"]),
    ("backpack with a laptop sleeve", ["kind in backpack", "features = Laptop Sleeve"]),
    ("slim fit pants", ["fit = Slim", "kind in pants"]),
    ("a 20 L backpack", ["capacity = 20 L", "kind in backpack"]),
    ("a warm jacket for hiking", ["kind in jacket"]),
    # wishes
    ("preferably blue", ["~color = Blue"]),
    ("a jacket, ideally in red", ["kind in jacket", "~color = Red"]),
    ("maybe something by Alba", ["~brand = Alba"]),
    ("blue would be nice", ["~color = Blue"]),
    ("waterproof if possible", ["~waterproof = Yes"]),
    ("I'd prefer leather boots", ["~material = Leather", "kind in boot"]),
    (
        "a blue jacket, preferably Luma, under 80",
        ["color = Blue", "kind in jacket", "~brand = Luma (fictional store)", "price < 80.00 USD"],
    ),
    ("lieber in blau", ["~color = Blue"]),
    ("what kind of blue jackets do you have", ["color = Blue", "kind in jacket"]),
]

REFUSALS = [
    ("no leather", ["material != Leather"]),
    ("not Luma", ["brand != Luma (fictional store)"]),
    ("nothing from Alba", ["brand != Alba"]),
    ("without wool", ["material != wool"]),
    ("anything but black", ["color != Black"]),
    ("any brand except Alba", ["brand != Alba"]),
    ("other than red", ["color != Red"]),
    ("avoid polyester", ["material != Polyester"]),
    ("I don't like red", ["color != Red"]),
    ("I don't want leather", ["material != Leather"]),
    ("I do not want anything from Luma", ["brand != Luma (fictional store)"]),
    ("I hate polyester", ["material != Polyester"]),
    ("I'm allergic to wool", ["text != wool"]),
    ("neither red nor black", ["color != Red", "color != Black"]),
    ("not red or black", ["color != Red", "color != Black"]),
    ("no red, no black", ["color != Red", "color != Black"]),
    ("not Luma, Alba or Legend", ["brand != Luma (fictional store)", "brand != Alba", "brand != Legend"]),
    ("no leather and under 60", ["material != Leather", "price < 60.00 USD"]),
    ("jacket but not waterproof", ["kind in jacket", "waterproof != Yes"]),
    ("a jacket, not blue but red", ["kind in jacket", "color != Blue", "color = Red"]),
    ("no red jackets", ["color != Red", "kind in jacket"]),
    ("no jackets", ["kind not in jacket"]),
    ("nothing from Luma under 50", ["brand != Luma (fictional store)", "price < 50.00 USD"]),
    ("leather-free boots", ["material != Leather", "kind in boot"]),
    ("a backpack without straps", ["kind in backpack", "text != straps"]),
    ("no zippers", ["text != zippers"]),
    ("no polka dots please", ["text != polka dots"]),
    ("a jacket without fur or velcro", ["kind in jacket", "text != fur", "text != velcro"]),
    ("never Luma again", ["brand != Luma (fictional store)"]),
    ("please exclude God", ["brand != God"]),
    ("not size M", ["size != M"]),
    ("instead of Luma show me Alba", ["brand != Luma (fictional store)", "brand = Alba"]),
    ("one that doesn't have a hood", ["text != hood"]),
    ("it shouldn't be leather", ["material != Leather"]),
    ("I can't wear wool", ["material != wool"]),
    ("no Black Diamond", ["brand != Black Diamond"]),
    ("nothing black", ["color != Black"]),
    ("keine Jacke von Alba", ["brand != Alba"]),
    ("ohne Leder, nicht in rot", ["material != Leather", "color != Red"]),
    ("sans polyester", ["material != Polyester"]),
    ("pas de rouge", ["color != Red"]),
    ("sin polyester, nada de Luma", ["material != Polyester", "brand != Luma (fictional store)"]),
    ("jackets that aren't red", ["kind in jacket", "color != Red"]),
    ("no jackets from Luma", ["brand != Luma (fictional store)"]),
    ("don't show me anything by alba or luma", ["brand != Alba", "brand != Luma (fictional store)"]),
    ("a hoodie that's not black, black looks bad on me", ["kind in hoodie", "color != Black"]),
    ("black is not ok", ["color != Black"]),
    ("Luma is a no-go", ["brand != Luma (fictional store)"]),
    ("leather is fine, wool isn't", ["material = Leather", "material != wool"]),
    ("black and red are out", ["color != Black", "color != Red"]),
    ("leather boots are not for me", ["material != Leather"]),
    ("exclude the brand Luma", ["brand != Luma (fictional store)"]),
    ("no shoes, boots or sandals", ["kind not in shoe", "kind not in boot", "text != sandals"]),
    ("ideally no leather", ["~material != Leather"]),
    ("busco algo que no sea Luma", ["brand != Luma (fictional store)"]),
]

HARMLESS = [
    ("no problem, red is great", ["color = Red"]),
    ("not sure, maybe a tent", ["kind in tent"]),
    ("why not a red one?", ["color = Red"]),
    ("not only red", []),
    ("not too expensive", []),
    ("not without wool", ["material = wool"]),
    ("I don't want one without wool", ["material = wool"]),
    ("No, in blue", ["color = Blue"]),
    ("no, I want boots", ["kind in boot"]),
    ("no thanks", []),
    ("no idea", []),
    ("not bad", []),
    ("I don't know much about tents", ["kind in tent"]),
    ("I don't run much", []),
    ("why don't you show me red boots", ["color = Red", "kind in boot"]),
    ("I can't find a red jacket", ["color = Red", "kind in jacket"]),
    ("don't forget it must be waterproof", ["waterproof = Yes"]),
    ("I don't need it to be waterproof", []),
    ("feel free to show me boots", ["kind in boot"]),
    ("jacket with free delivery", ["kind in jacket"]),
]

CORNER_WISHES = [
    ("apples", ["kind in apple"]),
    ("an Apple phone", ["brand = Apple", "kind in phone"]),
    ("a phone from apple", ["kind in phone", "brand = Apple"]),
    ("orange juice", ["kind in orange juice"]),
    ("some oranges", ["kind in orange"]),
    ("a red phone", ["colour = Red", "kind in phone"]),
    ("red pepper", ["kind in pepper"]),
    ("black tea", ["kind in tea"]),
    ("green tea without milk", ["kind in tea", "allergens != milk"]),
    ("a coffee grinder", []),
    ("a phone case", ["kind in phone case"]),
    ("phone with 256 GB", ["kind in phone", "storage = 256 GB"]),
    ("phone, 256GB, black", ["kind in phone", "storage = 256 GB", "colour = Black"]),
    ("at least 256GB", ["storage >= 256"]),
    ("gluten-free chocolate", ["diet = gluten-free", "kind in chocolate"]),
    ("gluten free chocolate", ["diet = gluten-free", "kind in chocolate"]),
    ("sugar-free chocolate", ["text = sugar free", "kind in chocolate"]),
    ("nut-free chocolate", ["allergens != nuts", "kind in chocolate"]),
    ("chocolate free of nuts", ["kind in chocolate", "allergens != nuts"]),
    ("I'm allergic to nuts and soy", ["text != nuts", "text != soy"]),
    ("no nuts", ["allergens != nuts"]),
    ("organic milk", ["organic = yes", "kind in milk"]),
    ("vegan, please", ["diet = vegan"]),
    ("oatly", ["brand = Oatly"]),
    ("bravo!", []),
    ("Tropicana juice under 3", ["brand = Tropicana", "kind in juice", "price < 3.00 EUR"]),
    ("electronics", ["category = Electronics"]),
    ("what do you have in fruit", ["category = Fruit"]),
    ("not Samsung", ["brand != Samsung"]),
    ("a laptop bag", []),
    ("hands-free", ["text = hands free"]),
]


@pytest.mark.parametrize(("message", "expected"), OUTDOOR_WISHES)
def test_reads_what_is_wished_for(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(("message", "expected"), REFUSALS)
def test_reads_what_is_refused(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(("message", "expected"), HARMLESS)
def test_a_no_that_refuses_nothing(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


@pytest.mark.parametrize(("message", "expected"), CORNER_WISHES)
def test_reads_in_the_words_of_another_catalogue(message: str, expected: list[str]) -> None:
    assert told(corner(message)) == expected


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("a warm jacket for hiking under 60", "warm hiking"),
        ("I need a gift for a runner", "gift runner"),
        ("something cosy for winter evenings", "cosy winter evenings"),
        ("Can you show me a lightweight two-person tent?", "lightweight two person"),
        ("hello, a jacket please, no problem if it is red", ""),
        ("an iPhone 15 under 800", "iPhone 15"),
    ],
)
def test_what_is_left_is_searched_by(message: str, words: str) -> None:
    assert outdoor(message).words == words


@pytest.mark.parametrize(
    ("message", "quotes"),
    [
        ("A jacket UNDER 60 Dollars, please", ["jacket", "UNDER 60 Dollars"]),
        ("Nothing from Luma!", ["Nothing from Luma"]),
        ("I don't want to spend more than $50.", ["don't want to spend more than $50"]),
        ("in  grey or\tblack", ["in  grey or\tblack"]),
        ("not red or black", ["not red", "not red or black"]),
    ],
)
def test_quotes_are_the_shoppers_own_words(message: str, quotes: list[str]) -> None:
    assert [entry.quote for entry in outdoor(message).constraints] == quotes


ATTIC_REFUSALS = [
    # a small word is refused where the catalogue has it as a value
    ("jacket without down", ["kind in jacket", "material != down", "filling != Down"]),
    ("also avoid down", ["material != down", "filling != Down"]),
    ("a jacket, not down-filled", ["kind in jacket", "material != down", "filling != Down"]),
    ("down is a no-go", ["material != down", "filling != Down"]),
    # refusals joined, and said behind
    ("He dislikes green and anything from Ossian", ["color != Green", "brand != Ossian"]),
    ("he hates red, green and everything by Ossian", ["color != Red", "color != Green", "brand != Ossian"]),
    ("Cotton is out of the question.", ["text != cotton"]),
    ("leather is a no-go", ["material != Leather"]),
    ("I can't stand leather", ["material != Leather"]),
    ("leather ok, cotton not", ["material = Leather", "text != cotton"]),
    # slips in the negation, in a brand, in a value
    ("nto red", ["color != Red"]),
    ("wihtout leather", ["material != Leather"]),
    ("excpet Ossian", ["brand != Ossian"]),
    ("no Brindelmoor", ["brand != Brindlemoor"]),
    ("a Brindlmoor jacket", ["brand = Brindlemoor", "kind in jacket"]),
    ("leathr free boots", ["material != Leather", "kind in boot"]),
    # other languages than the catalogue's
    ("ohne Baumwolle", ["text != cotton"]),
    ("sans coton", ["text != cotton"]),
    ("sin cuero", ["material != Leather"]),
    ("ohne Daunen", ["material != down", "filling != Down"]),
    ("eine wasserdichte Jacke", ["waterproof = yes", "kind in jacket"]),
    # one refusal for one word
    ("no wool", ["text != wool"]),
    ("not rose", ["text != rose"]),
    # a named thing is refused whole
    ("mugs, no Dotty Kids Mug", ["kind in mug", "text != dotty kids mug"]),
    ("perfume-free cream", ["perfumed = no", "kind in cream"]),
    ("unperfumed cream", ["perfumed = no", "kind in cream"]),
    # sizes
    ("shoes in size 42 or 43", ["kind in shoe", "size in 42|43"]),
    ("size 1/4", ["size = 1/4"]),
]

NEVER_ASKED = [
    ("He already has boots and a tent", []),
    ("He already has a tent. A sleeping bag", ["kind in sleeping bag"]),
    ("a jacket, it's fine if it is wool", ["kind in jacket"]),
    ("anything at half price?", []),
    ("to sit down is not fun", []),
    ("does the manufacturer use child labour?", []),
]

LOST = [
    ("no cheap stuff", "no cheap stuff"),
    ("a jacket, not too long", "not too long"),
    ("what is your cheapest tent?", "cheapest"),
    ("tents sorted by price", "sorted by price"),
    ("anything at half price?", "half price"),
    ("a tent lighter than 500 g", "lighter than 500 g"),
]


@pytest.mark.parametrize(("message", "expected"), ATTIC_REFUSALS)
def test_reads_refusals_however_they_are_written(message: str, expected: list[str]) -> None:
    assert told(attic(message)) == expected


@pytest.mark.parametrize(("message", "expected"), NEVER_ASKED)
def test_what_is_owned_allowed_or_asked_about_is_not_wished_for(message: str, expected: list[str]) -> None:
    assert told(attic(message)) == expected


@pytest.mark.parametrize(("message", "unread"), LOST)
def test_what_cannot_be_placed_is_said_to_be_unread(message: str, unread: str) -> None:
    reading = attic(message)
    assert (reading.unread, reading.intent) == ((unread,), "search")


@pytest.mark.parametrize("message", ["a heather scarf", "feathery boots", "bottom of the tent"])
def test_ordinary_words_are_not_taken_for_slips(message: str) -> None:
    assert not [entry for entry in attic(message).constraints if entry.condition.field not in ("kind",)]
