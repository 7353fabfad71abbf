"""What a refusal covers: worked examples, alone and by the mask of a catalogue."""

import pytest

from index.columns import Columns
from index.filters import Condition, Op, holds
from index.items import Item

CASES = [
    ("leather", "Suede Boots", "", {}, True),
    ("leather", "Chelsea Boot", "", {"material": ("Nubuck",)}, True),
    ("leather", "Tote", "", {"material": ("Vegan Leather",)}, False),
    ("leather", "Faux-Leather Tote", "", {"material": ("PU Leather",)}, False),
    ("leather", "Faux Suede Jacket with Leather Trim", "", {}, True),
    ("leather", "Oxfords", "", {"material": ("Full-grain leather",)}, True),
    ("leather", "Leather-free belt", "", {}, False),
    ("wool", "Merino Hat", "", {}, True),
    ("wool", "Steel Wool Pads", "", {}, False),
    ("wool", "Hat", "", {"material": ("Cashmere",)}, True),
    ("wool", "Hat", "", {"material": ("Lambswool",)}, True),
    ("wool", "Hat", "", {"material": ("Cotton",)}, False),
    ("nuts", "Almond Biscuits", "", {}, True),
    ("nuts", "Peanut Butter", "", {}, True),
    ("nuts", "Coconut Water", "", {}, False),
    ("nuts", "Butternut Squash", "", {}, False),
    ("nuts", "Doughnuts", "Soft, with nutmeg.", {}, False),
    ("nuts", "Nut-Free Granola", "", {}, False),
    ("nuts", "Granola", "Free from nuts and milk.", {}, False),
    ("nuts", "Granola", "May contain nuts.", {}, True),
    ("nuts", "Granola", "", {"contains nuts": ("no",)}, False),
    ("nuts", "Granola", "", {"allergens": ("gluten", "nuts")}, True),
    ("peanuts", "Almond Biscuits", "", {}, False),
    ("peanuts", "Peanut-free spread", "", {}, False),
    ("peanuts", "Satay", "With roasted peanuts.", {}, True),
    ("dairy", "Almond Milk", "", {}, False),
    ("dairy", "Oat Milk Chocolate", "Contains milk powder.", {}, True),
    ("dairy", "Cheddar", "", {}, True),
    ("dairy", "Peanut Butter", "", {}, False),
    ("dairy", "Biscuits", "Made with butter. No added sugar.", {}, True),
    ("dairy", "Vegan Cheese", "", {}, False),
    ("dairy", "Crackers", "Serve with cheese.", {}, False),
    ("dairy", "Cheese", "", {"diet": ("Vegan",)}, False),
    ("dairy", "Cheese", "", {"vegan": ("no",)}, True),
    ("dairy", "Coconut Cream", "", {}, False),
    ("dairy", "Lactose-free Milk", "", {}, True),
    ("lactose", "Lactose-free Milk", "", {}, False),
    ("gluten", "Spelt Bread", "", {}, True),
    ("gluten", "Rice Cakes", "Gluten-free.", {}, False),
    ("gluten", "Bread", "Wheat flour, free of nuts.", {}, True),
    ("alcohol", "Red Wine", "", {}, True),
    ("alcohol", "Wine Glasses", "", {}, False),
    ("animal products", "Wool Socks", "", {}, True),
    ("animal products", "Plant Burger", "Tastes like beef? It is all peas.", {"diet": ("vegan",)}, False),
    ("animal products", "Canvas Coat", "", {"color": ("Cream", "Salmon")}, False),
    ("sugar", "Juice", "No added sugar.", {}, False),
    ("added sugar", "Juice", "Water, sugar, lemon.", {}, True),
    ("parabens", "Cream", "Paraben-free.", {}, False),
    ("parabens", "Cream", "With parabens.", {}, True),
    ("small parts", "Doll", "Without small parts.", {}, False),
    ("small parts", "Doll", "Has small parts.", {}, True),
    ("hood", "Jacket", "No hood.", {}, False),
    ("meat and fish", "Ham Pizza", "", {}, True),
    ("meat and fish", "Cheese Pizza", "", {}, False),
]


@pytest.mark.parametrize(("refused", "title", "description", "facts", "expected"), CASES)
def test_a_refusal_covers_its_family_and_nothing_else(
    refused: str, title: str, description: str, facts: dict[str, tuple[str, ...]], expected: bool
) -> None:
    item = Item("a", title, description=description, attributes=facts)
    condition = Condition("text", Op.NE, refused)
    assert holds(item, condition) is not expected
    assert list(Columns([item]).mask([condition])) == [not expected]


@pytest.mark.parametrize(
    ("title", "materials", "expected"),
    [
        ("Ankle Boots", ("Suede",), True),
        ("Suede Ankle Boots", (), True),
        ("Ankle Boots", ("Vegan Leather",), False),
        ("Ankle Boots", ("Rubber", "Canvas"), False),
    ],
)
def test_a_refused_material_covers_its_family_in_the_field_and_in_the_title(
    title: str, materials: tuple[str, ...], expected: bool
) -> None:
    item = Item("a", title, description="Keep leather conditioner away.", attributes={"material": materials})
    for condition in (Condition("material", Op.NE, "Leather"), Condition("material", Op.NOT_IN, ("Leather", "Fur"))):
        assert holds(item, condition) is not expected
        assert list(Columns([item]).mask([condition])) == [not expected]


def test_what_is_eaten_is_looked_for_in_the_whole_record() -> None:
    condition = Condition("allergens", Op.NE, "nuts")
    items = [
        Item("a", "Granola", description="Oats, honey and almonds."),
        Item("b", "Granola", description="Oats and honey.", attributes={"allergens": ("gluten",)}),
        Item("c", "Granola", attributes={"allergens": ("nuts",)}),
        Item("d", "Granola", description="Almond taste.", attributes={"diet": ("nut-free",)}),
    ]
    assert [holds(item, condition) for item in items] == [False, True, False, True]
    assert list(Columns(items).mask([condition])) == [False, True, False, True]


def test_who_asks_for_leather_is_not_shown_suede() -> None:
    assert not holds(Item("a", "Boots", attributes={"material": ("Suede",)}), Condition("material", Op.EQ, "Leather"))
    assert not holds(Item("a", "Suede Boots"), Condition("text", Op.EQ, "leather"))
