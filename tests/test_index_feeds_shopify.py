"""Shopify product exports of both generations of headers."""

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from index.errors import CatalogueError
from index.feeds.fields import Fault
from index.feeds.jsonl import Feed
from index.feeds.open import read_feed
from index.items import Item, Money, Picture, Variant

OLD = {
    "handle": "Handle",
    "body": "Body (HTML)",
    "sku": "Variant SKU",
    "price": "Variant Price",
    "compared": "Variant Compare At Price",
    "tracker": "Variant Inventory Tracker",
    "quantity": "Variant Inventory Qty",
    "oversold": "Variant Inventory Policy",
    "image": "Image Src",
    "alt": "Image Alt Text",
    "published": "Published",
    "option": "Option1 Name",
    "value": "Option1 Value",
}
NEW = {
    "handle": "URL handle",
    "body": "Description",
    "sku": "SKU",
    "price": "Price",
    "compared": "Compare-at price",
    "tracker": "Inventory tracker",
    "quantity": "Inventory quantity",
    "oversold": "Continue selling when out of stock",
    "image": "Product image URL",
    "alt": "Image alt text",
    "published": "Published on online store",
    "option": "Option1 name",
    "value": "Option1 value",
}
SAME = ("Title", "Vendor", "Type", "Tags", "Status")


def _read(folder: Path, names: dict[str, str], *rows: dict[str, str], currency: str | None = "EUR") -> Feed:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*SAME, *names.values()], restval="")
    writer.writeheader()
    writer.writerows({names.get(key, key): value for key, value in row.items()} for row in rows)
    (folder / "products_export.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    return read_feed(folder / "products_export.csv", on_bad_row="skip", default_currency=currency)


@pytest.mark.parametrize(("names", "sells_on"), [(OLD, "continue"), (NEW, "TRUE")])
def test_rows_of_a_handle_are_one_item(tmp_path: Path, names: dict[str, str], sells_on: str) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    feed = _read(
        tmp_path,
        names,
        {"Title": "Tee", "handle": "tee", "body": "<p>Soft\ncotton</p>", "Vendor": "Alba", "Type": "Shirts",
         "Tags": "sun, new", "Status": "active", "published": "TRUE", "option": "Size", "value": "S", "sku": "T-S",
         "price": "12.00", "compared": "15.00", "tracker": "shopify", "quantity": "3", "image": "a.jpg",
         "alt": "A tee"},
        {"handle": "tee", "value": "M", "sku": "T-M", "price": "11.00", "tracker": "shopify", "quantity": "0"},
        {"handle": "tee", "value": "L", "sku": "T-L", "price": "13.00", "quantity": "-2", "oversold": sells_on},
        {"handle": "tee", "image": "https://cdn.example.com/b.jpg"},
        {"Title": "Mug", "handle": "mug", "option": "Title", "value": "Default Title", "price": "1,299.00",
         "quantity": "2"},
    )  # fmt: skip
    tee, mug = feed.items
    assert tee == Item(
        "tee",
        "Tee",
        brand="Alba",
        description="Soft\ncotton",
        categories=("Shirts",),
        price=Money(1200, "EUR"),
        list_price=Money(1500, "EUR"),
        attributes={"tags": ("sun", "new")},
        options={"size": ("S", "M", "L")},
        variants=(
            Variant("T-S", {"size": "S"}, Money(1200, "EUR"), 3),
            Variant("T-M", {"size": "M"}, Money(1100, "EUR"), 0),
            Variant("T-L", {"size": "L"}, Money(1300, "EUR")),
        ),
        pictures=(Picture((tmp_path / "a.jpg").resolve(), "A tee"),),
    )
    assert mug == Item("mug", "Mug", price=Money(129900, "EUR"), stock=2)
    (told,) = feed.faults
    assert (told.line, told.field, told.loses_item) == (6, names["image"], False)


def test_without_a_currency_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="names no currency") as caught:
        _read(tmp_path, OLD, {"Title": "Mug", "handle": "mug"}, currency=None)
    assert "default_currency" in caught.value.hint


def test_drafts_are_left_out_and_told_of(tmp_path: Path) -> None:
    feed = _read(
        tmp_path,
        OLD,
        {"Title": "Mug", "handle": "mug", "Status": "active"},
        {"Title": "Old", "handle": "old", "Status": "archived"},
        {"Title": "Off", "handle": "off", "published": "false"},
    )
    assert [item.id for item in feed.items] == ["mug"]
    assert feed.faults == (
        Fault(3, "Status", "'archived'", "an item for sale, to be loaded", loses_item=False),
        Fault(4, "Published", "'false'", "an item for sale, to be loaded", loses_item=False),
    )


def test_booleans_and_lists_of_a_parquet_copy_cost_no_item(tmp_path: Path) -> None:
    columns = {
        "Handle": ["mug", "off"],
        "Title": ["Mug", "Off"],
        "Published": [True, False],
        "Variant Price": [5.0, 6.0],
        "Variant Taxable": [True, True],
        "Notes": [["a", "b"], []],
        "Warehouse": [{"row": 1}, {"row": 2}],
    }
    parquet.write_table(pa.table(columns), tmp_path / "products.parquet")
    feed = read_feed(tmp_path / "products.parquet", on_bad_row="skip", default_currency="EUR")
    assert feed.items == (Item("mug", "Mug", price=Money(500, "EUR")),)
    assert feed.faults == (Fault(2, "Published", "'false'", "an item for sale, to be loaded", loses_item=False),)


def test_a_status_that_is_no_text_is_a_fault_of_its_row(tmp_path: Path) -> None:
    table = pa.table({"Handle": ["mug"], "Title": ["Mug"], "Variant Price": [5.0], "Status": [{"live": True}]})
    parquet.write_table(table, tmp_path / "products.parquet")
    with pytest.raises(CatalogueError, match=r"line 1, Status: .* where text was expected"):
        read_feed(tmp_path / "products.parquet", default_currency="EUR")


def test_a_bad_variant_is_named_and_the_others_stay(tmp_path: Path) -> None:
    feed = _read(
        tmp_path,
        OLD,
        {"Title": "Tee", "handle": "tee", "option": "Size", "value": "S", "price": "5", "quantity": "many"},
        {"handle": "tee", "value": "M", "price": "6"},
        {"Title": "Pen", "handle": "pen", "price": "cheap"},
    )
    assert [(item.id, [v.options["size"] for v in item.variants]) for item in feed.items] == [("tee", ["M"])]
    assert [(fault.line, fault.field, fault.value) for fault in feed.faults] == [
        (2, "Variant Inventory Qty", "'many'"),
        (4, "Variant Price", "'cheap'"),
    ]


@pytest.mark.parametrize(
    ("other", "prices"),
    [("1,00", ["12900.00 EUR", "1.00 EUR"]), ("1.00", ["12.90 EUR", "1.00 EUR"]), ("1", ["1.00 EUR"])],
)
def test_a_price_in_doubt_is_read_as_the_others(tmp_path: Path, other: str, prices: list[str]) -> None:
    rows = [{"Title": "Tee", "handle": "tee", "price": "12.900"}, {"Title": "Pen", "handle": "pen", "price": other}]
    assert [str(item.price) for item in _read(tmp_path, NEW, *rows).items] == prices


def test_prices_finer_than_the_currency_and_in_another_are_refused(tmp_path: Path) -> None:
    feed = _read(
        tmp_path,
        OLD,
        {"Title": "Tee", "handle": "tee", "option": "Size", "value": "S", "price": "5.9900"},
        {"handle": "tee", "value": "M", "price": "5.1299"},
        {"handle": "tee", "value": "L", "price": "3 USD"},
    )
    assert [item.variants for item in feed.items] == [(Variant("tee/1", {"size": "S"}, Money(599, "EUR")),)]
    assert feed.faults == (
        Fault(3, "Variant Price", "'5.1299'", "an amount in EUR with at most 2 decimals"),
        Fault(4, "Variant Price", "'3.00 USD'", "an amount in EUR, as on line 2 of the same item"),
    )


def test_a_row_cut_short_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Handle,Title,Variant Price\nmug,Mug,5.00\npen,Pen\n", encoding="utf-8")
    feed = read_feed(path, on_bad_row="skip", default_currency="EUR")
    assert feed.items == (Item("mug", "Mug", price=Money(500, "EUR")),)
    assert feed.faults == (Fault(3, "", "2 cells", "3 cells, as in the header"),)


TEXT = st.text("abcäXYZ019 =+@-;,\"'", min_size=1, max_size=20).map(lambda t: " ".join(t.split())).filter(bool)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from([OLD, NEW]))
def test_an_item_written_as_an_export_reads_back(data: st.DataObject, names: dict[str, str]) -> None:
    values = data.draw(st.lists(TEXT, min_size=2, max_size=4, unique=True))
    prices = [Money(data.draw(st.integers(1, 10**9)), "EUR") for _ in values]
    stocks = [data.draw(st.integers(0, 5)) for _ in values]
    variants = tuple(Variant(f"s{at}", {"colour": value}, prices[at], stocks[at]) for at, value in enumerate(values))
    there = [one.price for one in variants if one.in_stock and one.price]
    title, brand, text = data.draw(TEXT), data.draw(TEXT), data.draw(TEXT)
    price = min(there) if there else prices[0]
    item = Item("h", title, brand, text, price=price, options={"colour": tuple(values)}, variants=variants)
    rows = [
        {"handle": "h", "option": "Colour", "value": values[at], "sku": f"s{at}", "price": f"{prices[at].amount}",
         "tracker": "shopify", "quantity": str(stocks[at])}
        for at in range(len(values))
    ]  # fmt: skip
    rows[0] |= {"Title": title, "Vendor": brand, "body": text}
    with tempfile.TemporaryDirectory() as folder:
        assert _read(Path(folder), names, *rows) == Feed((item,), ())
