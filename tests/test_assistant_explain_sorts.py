"""A sort of thing is named in full, in the shop's own words, and in English."""

import pytest

from assistant.explain.sorts import as_thing, called, shared_sort
from index.items import Item


def item(title: str, category: str = "", brand: str = "") -> Item:
    return Item(title, title, brand=brand, categories=(category,) if category else ())


@pytest.mark.parametrize(
    ("one", "other", "sort"),
    [
        (item("Volt Power Bank", "Power banks"), item("Amp 20000 Power Bank", "Power banks"), "power bank"),
        (item("Copper Watering Can"), item("Zinc Watering Can 5 L"), "watering can"),
        (item("Tarn Down 400", "Sleep/Sleeping bags"), item("Fell Sleeping Bag", "Sleeping bags"), "sleeping bag"),
        (item("Plain T-Shirt", "T-shirts"), item("Logo Tee", "T-shirts"), "T-shirt"),
        (item("Alba Rain Trousers", "Trousers"), item("Cord Trousers", "Trousers"), "trousers"),
        (item("Women's Rain Jacket - Navy"), item("Women's Rain Jacket"), "rain jacket"),
        (item("Alba Boot", brand="Alba"), item("Alba Boot", brand="Alba"), "boot"),
        (item("Oak Bookshelves"), item("Pine Bookshelf"), "bookshelf"),
        (item("Long USB-C Cable"), item("USB-C Cable 2 m"), "USB-C cable"),
        (item("Fell Sleeping Bag"), item("City Tote Bag"), ""),
        (item("Volt Power Bank"), item("Piggy Bank"), ""),
        (item("Plain T Shirt"), item("Linen Shirt"), ""),
        (item("Plain T-Shirt"), item("Linen Shirt"), ""),
        (item("Ash Lamp"), item("Elm Table"), ""),
        (item("Ash Capri", "Performance Fabrics"), item("Elm Tank", "Performance Fabrics"), ""),
    ],
)
def test_what_two_items_both_are_is_told_in_full_or_not_at_all(one: Item, other: Item, sort: str) -> None:
    assert shared_sort(one, other) == sort


@pytest.mark.parametrize(
    ("noun", "told"),
    [
        ("power bank", "a power bank"),
        ("umbrella", "an umbrella"),
        ("T-shirt", "a T-shirt"),
        ("USB-C cable", "a USB-C cable"),
        ("LED strip", "an LED strip"),
        ("trousers", "a pair of trousers"),
        ("running shoes", "a pair of running shoes"),
        ("shoe", "a shoe"),
        ("headphones", "a pair of headphones"),
        ("dress", "a dress"),
        ("ground coffee", "ground coffee"),
        ("clothes", ""),
        ("", ""),
    ],
)
def test_a_noun_stands_after_it_is_as_in_english(noun: str, told: str) -> None:
    assert as_thing(noun) == told


def test_a_sort_asked_for_is_spelled_as_the_record_spells_it() -> None:
    assert called(item("Plain T-Shirt", "Tops/T-shirts"), "t shirt") == "T-shirt"
    assert called(item("Tarn 400", "Sleeping bags"), "sleeping bag") == "sleeping bag"
    assert called(item("Trail Runner", "Running"), "shoe") == "shoe"
