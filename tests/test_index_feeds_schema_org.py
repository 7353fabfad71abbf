"""schema.org products: documents, graphs and pages; groups, offers, ratings and reviews."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.feeds.jsonl import Feed
from index.feeds.open import read_feed
from index.items import Item, Money, Review, Variant


def _read(folder: Path, document: Any) -> Feed:  # JSON of any shape
    (folder / "f.jsonld").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return read_feed(folder / "f.jsonld", on_bad_row="skip")


def _offer(price: object, availability: str = "https://schema.org/InStock") -> dict[str, Any]:
    return {"@type": "Offer", "price": price, "priceCurrency": "EUR", "availability": availability}


def test_a_product_with_all_we_read(tmp_path: Path) -> None:
    product = {
        "@context": "https://schema.org/",
        "@type": "Product",
        "sku": "L1",
        "name": "Lamp &amp; Shade",
        "brand": {"@type": "Brand", "name": "Alba"},
        "description": "<p>Warm light</p>",
        "category": "Home > Lamps",
        "material": ["brass", "linen"],
        "weight": {"@type": "QuantitativeValue", "value": 2.5, "unitText": "kg"},
        "additionalProperty": [{"@type": "PropertyValue", "name": "Socket", "value": "E27"}],
        "itemCondition": "https://schema.org/NewCondition",
        "image": ["https://example.com/a.jpg"],
        "offers": {
            "@type": "Offer",
            "availability": "InStock",
            "priceSpecification": [
                {"price": "80.00", "priceCurrency": "EUR", "priceType": "https://schema.org/ListPrice"},
                {"price": 64.5, "priceCurrency": "EUR"},
            ],
        },
        "aggregateRating": {"ratingValue": "8", "bestRating": 10, "worstRating": 0, "reviewCount": "12"},
        "review": {"author": {"name": "Ann"}, "reviewBody": "Fine.", "reviewRating": {"ratingValue": 5}},
    }
    feed = _read(tmp_path, product)
    assert feed.items == (
        Item(
            "L1",
            "Lamp & Shade",
            "Alba",
            "Warm light",
            ("Home/Lamps",),
            price=Money(6450, "EUR"),
            list_price=Money(8000, "EUR"),
            attributes={
                "material": ("brass", "linen"),
                "weight": ("2.5 kg",),
                "condition": ("new",),
                "socket": ("E27",),
            },
            rating=1 + 4 * 8 / 10,
            rating_count=12,
            reviews=(Review("L1#1", "", "Fine.", 5.0, "Ann"),),
        ),
    )
    assert [(fault.field, fault.loses_item) for fault in feed.faults] == [("image", False)]


def test_variants_are_found_inside_their_group_and_beside_it(tmp_path: Path) -> None:
    group = {
        "@type": "ProductGroup",
        "@id": "#coat",
        "productGroupID": "C",
        "name": "Coat",
        "variesBy": ["https://schema.org/size"],
        "hasVariant": [{"@type": "Product", "sku": "C-S", "size": "S", "offers": _offer("99.50")}, {"@id": "#m"}],
    }
    medium = {"@type": "Product", "@id": "#m", "sku": "C-M", "size": "M", "offers": _offer(90, "OutOfStock")}
    large = {"@type": "Product", "sku": "C-L", "size": "L", "isVariantOf": {"@id": "#coat"}, "offers": _offer("95")}
    feed = _read(tmp_path, {"@context": "https://schema.org", "@graph": [group, medium, large]})
    assert feed == Feed(
        (
            Item(
                "C",
                "Coat",
                price=Money(9500, "EUR"),
                options={"size": ("S", "M", "L")},
                variants=(
                    Variant("C-S", {"size": "S"}, Money(9950, "EUR")),
                    Variant("C-M", {"size": "M"}, Money(9000, "EUR"), 0),
                    Variant("C-L", {"size": "L"}, Money(9500, "EUR")),
                ),
            ),
        ),
        (),
    )


@pytest.mark.parametrize(
    ("offers", "price", "in_stock"),
    [
        ({"@type": "AggregateOffer", "lowPrice": "10", "highPrice": 20, "priceCurrency": "EUR"}, 1000, True),
        ([_offer(30), _offer(20), _offer(10, "SoldOut")], 2000, True),
        ([_offer(30, "OutOfStock"), _offer(20, "SoldOut")], 2000, False),
        ({"@type": "AggregateOffer", "priceCurrency": "EUR", "offers": [{"price": 7}]}, 700, True),
    ],
)
def test_the_best_offer_counts(tmp_path: Path, offers: Any, price: int, in_stock: bool) -> None:
    (item,) = _read(tmp_path, [{"@type": "Product", "sku": "1", "name": "Mug", "offers": offers}]).items
    assert (item.price, item.in_stock) == (Money(price, "EUR"), in_stock)


@pytest.mark.parametrize(
    ("node", "field"),
    [
        ({"name": "No id"}, "[1].sku"),
        ({"sku": "1", "name": "x", "offers": _offer(-1)}, "[1].offers.price"),
        ({"sku": "1", "name": "x", "offers": _offer(1, "Perhaps")}, "[1].offers.availability"),
        ({"sku": "1", "name": "x", "aggregateRating": {"ratingValue": 7}}, "[1].aggregateRating.ratingValue"),
    ],
)
def test_a_bad_product_is_named_by_line_and_place(tmp_path: Path, node: dict[str, Any], field: str) -> None:
    good = {"@type": "Product", "sku": "0", "name": "Good"}
    text = f"[{json.dumps({'@graph': [good, {'@type': 'Product'} | node]})}\n]"
    (tmp_path / "f.json").write_text("\n" + text, encoding="utf-8")
    feed = read_feed(tmp_path / "f.json", on_bad_row="skip")
    assert [item.id for item in feed.items] == ["0"]
    assert [(fault.line, fault.field) for fault in feed.faults] == [(2, f"@graph{field}")]


def test_malformed_scripts_of_a_page_do_not_hide_the_others(tmp_path: Path) -> None:
    page = (
        "<html>\n<script>var x = '<!--';</script><script type='application/ld+json'>{oops</script>\n"
        '<SCRIPT data-x="1" type="application/ld+json">\n{"@type":"Product","sku":"1","name":"Mug\nBlue"}</SCRIPT>'
    )
    (tmp_path / "p.html").write_text(page, encoding="utf-8")
    feed = read_feed(tmp_path / "p.html", on_bad_row="skip")
    assert [(item.id, item.title) for item in feed.items] == [("1", "Mug Blue")]
    assert [(fault.line, fault.expected) for fault in feed.faults] == [(2, "well-formed JSON-LD")]


def test_a_long_array_is_read_piece_by_piece(tmp_path: Path) -> None:
    nodes = [{"@type": "Product", "sku": f"p{at}", "name": "Thing " + "x" * 3000} for at in range(800)]
    (tmp_path / "f.json").write_text("[" + ",\n".join(json.dumps(node) for node in nodes) + ", {", encoding="utf-8")
    feed = read_feed(tmp_path / "f.json", on_bad_row="skip")
    assert [item.id for item in feed.items] == [f"p{at}" for at in range(800)]
    assert [(fault.line, fault.expected) for fault in feed.faults] == [(1, "well-formed JSON")]


@pytest.mark.parametrize(
    "node",
    [
        {"offers": {"@id": "#o", "@type": "AggregateOffer", "offers": {"@id": "#o"}}},
        {"aggregateRating": {"ratingValue": 4, "ratingCount": 1e300}},
        {"aggregateRating": {"ratingValue": 4, "ratingCount": float("1e999")}},
    ],
)
def test_circles_and_endless_numbers_are_faults(tmp_path: Path, node: dict[str, Any]) -> None:
    text = json.dumps({"@type": "Product", "sku": "1", "name": "x"} | node).replace("Infinity", "1e999")
    (tmp_path / "f.json").write_text(f'[{text}, {{"@type": "Product", "sku": "2", "name": "y"}}]', encoding="utf-8")
    feed = read_feed(tmp_path / "f.json", on_bad_row="skip")
    assert [item.id for item in feed.items] == ["2"]
    assert len(feed.faults) == 1


TEXT = st.text("abcäXYZ019 =+@-;,\"'", min_size=1, max_size=20).map(lambda t: " ".join(t.split())).filter(bool)


@settings(deadline=None, max_examples=60)
@given(
    TEXT, TEXT, TEXT, st.integers(0, 10**9), st.sampled_from(["EUR", "JPY", "KWD"]), st.integers(10, 50), st.booleans()
)
def test_an_item_written_as_json_ld_reads_back(
    title: str, brand: str, text: str, minor: int, code: str, tenths: int, sold_out: bool
) -> None:
    price = Money(minor, code)
    item = Item(
        "i1", title, brand, text, price=price, stock=0 if sold_out else None, rating=tenths / 10, rating_count=3
    )
    node = {
        "@type": "Product",
        "sku": item.id,
        "name": title,
        "brand": {"name": brand},
        "description": text,
        "offers": {
            "price": str(price.amount),
            "priceCurrency": code,
            "availability": "https://schema.org/" + ("OutOfStock" if sold_out else "InStock"),
        },
        "aggregateRating": {"ratingValue": tenths / 10, "ratingCount": 3},
    }
    with tempfile.TemporaryDirectory() as folder:
        assert _read(Path(folder), {"@context": "https://schema.org", "@graph": [node]}) == Feed((item,), ())


def _product(at: int, offers: object) -> dict[str, Any]:
    return {"@type": "Product", "sku": str(at), "name": "Lamp", "offers": offers}


@pytest.mark.parametrize(
    ("offers", "field", "value", "expected"),
    [
        (_offer("5.1299"), "offers.price", "'5.1299'", "an amount in EUR with at most 2 decimals"),
        (_offer(5.1299), "offers.price", "5.1299", "an amount in EUR with at most 2 decimals"),
        (
            _offer(10) | {"priceSpecification": {"price": 15, "priceType": "https://schema.org/SalePrice"}},
            "offers.priceSpecification.price",
            "'15.00 EUR'",
            "at most the price, 10.00 EUR",
        ),
        (
            {"priceCurrency": "EUR", "priceSpecification": [{"price": 15, "priceType": "SalePrice"},
                                                            {"price": 10, "priceType": "ListPrice"}]},
            "offers.priceSpecification.price",
            "'15.00 EUR'",
            "at most the price, 10.00 EUR",
        ),
    ],
)  # fmt: skip
def test_a_price_that_cannot_be_is_named(tmp_path: Path, offers: object, field: str, value: str, expected: str) -> None:
    feed = _read(tmp_path, [_product(1, _offer(5)), _product(2, offers)])
    assert [item.id for item in feed.items] == ["1"]
    assert [(fault.field, fault.value, fault.expected) for fault in feed.faults] == [(field, value, expected)]


def test_a_sale_reduces_the_price(tmp_path: Path) -> None:
    spec = [{"price": 7, "priceType": "SalePrice"}, {"price": 12, "priceType": "ListPrice"}]
    (item,) = _read(tmp_path, _product(1, _offer(10) | {"priceSpecification": spec})).items
    assert (item.price, item.list_price) == (Money(700, "EUR"), Money(1200, "EUR"))


def test_versions_in_two_currencies_cannot_be_compared(tmp_path: Path) -> None:
    versions = [_product(1, _offer(20)), _product(2, _offer(1000) | {"priceCurrency": "JPY"})]
    group = {"@type": "ProductGroup", "productGroupID": "G", "name": "Lamp", "hasVariant": versions}
    feed = _read(tmp_path, [group, _product(3, _offer(5))])
    assert [item.id for item in feed.items] == ["3"]
    (fault,) = feed.faults
    assert (fault.field, fault.value) == ("hasVariant[1].offers.priceCurrency", "'1000 JPY'")
    assert fault.expected == "an amount in EUR, as the item's other prices"


@pytest.mark.parametrize(
    ("other", "prices"),
    [("1,00", ["12900.00 EUR", "1.00 EUR"]), ("1.00", ["12.90 EUR", "1.00 EUR"]), ("1", ["1.00 EUR"])],
)
def test_a_price_in_doubt_is_read_as_the_others(tmp_path: Path, other: str, prices: list[str]) -> None:
    nodes = [_product(1, _offer("12.900")), _product(2, _offer(other))]
    assert [str(item.price) for item in _read(tmp_path, nodes).items] == prices
    path = tmp_path / "f.jsonl"
    path.write_text("\n".join(map(json.dumps, nodes)), encoding="utf-8")
    assert [str(item.price) for item in read_feed(path, on_bad_row="skip").items] == prices
    pages = tmp_path / "pages"
    pages.mkdir()
    for at, node in enumerate(nodes):
        page = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
        (pages / f"{at}.html").write_text(page, encoding="utf-8")
    assert [str(item.price) for item in read_feed(pages, on_bad_row="skip").items] == prices
