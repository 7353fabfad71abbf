"""Two small shops for the dialogue tests: what their catalogues say, and a shelf of three items."""

from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from assistant.nouns import Constraint
from index.filters import Condition, Op
from index.items import Item, Money
from index.language.vocabulary import Vocabulary

OUTDOOR = Vocabulary(
    brands={
        "Alba": 5,
        "Luma (fictional store)": 9,
        "Teton Works": 3,
        "Legend": 4,
        "B&R": 3,
        "Black Diamond": 2,
        "God": 1,
        "XE": 1,
        "Next": 2,
        "The Ridge Co": 2,
    },
    categories={
        "Women": 9,
        "Men": 9,
        "Kids": 2,
        "Women/Jackets": 5,
        "Men/Jackets": 5,
        "Jackets": 10,
        "Footwear": 6,
        "Outdoor": 8,
        "Bags": 5,
        "Outdoor/Bags": 5,
        "Camping Gear": 3,
    },
    kinds={
        "jacket": 10,
        "rain jacket": 4,
        "backpack": 4,
        "boot": 5,
        "hiking boot": 3,
        "shoe": 6,
        "running shoe": 3,
        "hoodie": 3,
        "tent": 2,
        "t shirt": 4,
        "strap": 1,
        "pants": 3,
        "watch": 2,
        "bag": 5,
        "sock": 2,
    },
    values={
        "color": {"Black": 5, "Navy Blue": 3, "Red": 4, "Blue": 2, "Gray": 2, "White": 2, "Green": 3, "Orange": 1},
        "size": {"XS": 2, "S": 5, "M": 5, "L": 5, "XL": 3, "42": 3, "43": 2, "10": 1},
        "material": {"Merino Wool": 3, "Cotton": 3, "Leather": 2, "Polyester": 5, "Organic Cotton": 1},
        "waterproof": {"Yes": 5, "No": 3},
        "gender": {"Men": 3, "Unisex": 2},
        "activity": {"Hiking": 3, "Travel": 2},
        "features": {"Laptop Sleeve": 2, "Hooded": 3, "Warm": 1},
        "capacity": {"20 L": 2, "35 L": 2},
        "weight": {"1.2 kg": 2, "2 kg": 1},
        "fit": {"Slim": 2, "Regular": 3},
    },
)

CORNER = Vocabulary(
    brands={"Apple": 3, "Samsung": 2, "Oatly": 2, "Bravo": 2, "Tropicana": 2},
    categories={"Grocery": 20, "Grocery/Fruit": 8, "Fruit": 8, "Electronics": 9, "Electronics/Phones": 4, "Phones": 4},
    kinds={
        "apple": 3,
        "orange": 2,
        "orange juice": 2,
        "juice": 4,
        "tea": 3,
        "coffee": 2,
        "phone": 4,
        "phone case": 2,
        "laptop": 2,
        "headphone": 3,
        "milk": 4,
        "chocolate": 2,
        "pepper": 2,
    },
    values={
        "colour": {"Black": 3, "White": 2, "Red": 1},
        "storage": {"128 GB": 2, "256 GB": 2},
        "diet": {"vegan": 3, "gluten-free": 2},
        "allergens": {"nuts": 3, "milk": 2, "soy": 1},
        "organic": {"yes": 4, "no": 9},
        "flavour": {"vanilla": 1, "dark chocolate": 1},
    },
)

ATTIC = Vocabulary(
    brands={"Brindlemoor": 6, "Ossian": 3, "Quillet & Sons": 2},
    categories={"Clothing": 9, "Music": 3, "Care": 4},
    kinds={"jacket": 5, "boot": 3, "tent": 3, "sleeping bag": 2, "cream": 3, "scarf": 2, "shoe": 3, "mug": 3},
    values={
        "color": {"Green": 3, "Red": 3, "Rose": 1},
        "material": {"Wool": 4, "Cotton": 4, "Goose Down": 2, "Leather": 2},
        "filling": {"Down": 2, "Wool": 1, "Feather": 1},
        "scent": {"Cotton": 1, "Rose": 2},
        "perfumed": {"yes": 2, "no": 2},
        "length": {"180 cm": 1, "200 cm": 1},
        "width": {"30 cm": 1, "40 cm": 1},
        "sleeves": {"half": 1, "long": 2},
        "size": {"S": 2, "M": 3, "42": 2, "43": 2, "1/4": 1},
        "gender": {"Kids": 2, "Unisex": 2},
        "waterproof": {"yes": 3, "no": 2},
    },
)


def _item(item_id: str, title: str, brand: str, price: str, currency: str = "USD", **options: tuple[str, ...]) -> Item:
    return Item(item_id, title, brand, price=Money.of(price, currency), options=options)


STORM = _item("j1", "Alba Storm Jacket", "Alba", "80", color=("Red", "Blue"))
RIDGE = _item("j2", "Ridge Rain Jacket", "Teton Works", "60", color=("Green",))
SUMMIT = _item("j3", "Glacier Shell Jacket", "Luma (fictional store)", "120", color=("Black",))
SHELF = (STORM, RIDGE, SUMMIT)

_OUTDOOR_READER = CatalogueReader(OUTDOOR, "USD")
_CORNER_READER = CatalogueReader(CORNER, "EUR")
_ATTIC_READER = CatalogueReader(ATTIC, "EUR")


def outdoor(message: str, context: ReadingContext | None = None) -> Reading:
    """The message as read in the outdoor shop, whose prices are in USD."""
    return _OUTDOOR_READER.read(message, context or ReadingContext())


def corner(message: str, context: ReadingContext | None = None) -> Reading:
    """The message as read in the corner shop, whose prices are in EUR."""
    return _CORNER_READER.read(message, context or ReadingContext())


def attic(message: str, context: ReadingContext | None = None) -> Reading:
    """The message as read in a shop whose fields share their values, and whose prices are in EUR."""
    return _ATTIC_READER.read(message, context or ReadingContext())


def on_shelf(message: str, *, focus: Item | None = None, ledger: tuple[Constraint, ...] = ()) -> Reading:
    """The message as read in the outdoor shop with three jackets shown."""
    return outdoor(message, ReadingContext(ledger=ledger, shown=SHELF, focus=focus, turn=2))


def told(reading: Reading) -> list[str]:
    """The constraints in one line each, e.g. `price < 60.00 USD`, `~color = Blue`; `~` marks a soft one."""
    return [said(entry) for entry in reading.constraints]


def said(entry: Constraint) -> str:
    """One constraint in one line."""
    value = entry.condition.value
    text = "|".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"{'~' if entry.kind == 'soft' else ''}{entry.condition.field} {entry.condition.op.value} {text}"


def entry(
    entry_id: str, field: str, op: Op, value: str | float | Money | tuple[str, ...], *, soft: bool = False
) -> Constraint:
    """An entry of a ledger."""
    return Constraint(entry_id, "soft" if soft else "hard", Condition(field, op, value), 1, "said before")
