"""Merchant Center feeds, as tables and as XML: variants, sales with dates, availability, and a round trip."""

import csv
import io
import string
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CatalogueError
from index.feeds.fields import Fault
from index.feeds.jsonl import Feed
from index.feeds.open import read_feed, stream_feed
from index.items import Item, Money, Picture, Variant

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _table(folder: Path, *rows: dict[str, str]) -> Feed:
    names = list(dict.fromkeys(("id", "title", "availability", *(name for row in rows for name in row))))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter="\t", restval="")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "feed.tsv").write_text(text.getvalue(), encoding="utf-8", newline="")
    return read_feed(folder / "feed.tsv", on_bad_row="skip", now=NOW)


def test_rows_of_a_group_are_variants_of_one_item(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    common = {"brand": "Alba", "product_type": "Women > Jackets", "item_group_id": "J", "material": "wool/nylon"}
    feed = _table(
        tmp_path,
        common
        | {
            "id": "J1",
            "title": "Rain Jacket - Red - S",
            "description": "<p>Dry &amp; warm</p>",
            "price": "80.00 EUR",
            "color": "Red",
            "size": "S",
            "availability": "out_of_stock",
            "image_link": "a.jpg",
            "product_detail": "General:Weight:300 g,Care:Wash:30 degrees",
        },
        {
            "id": "M",
            "title": "Mug",
            "price": "1500 JPY",
            "color": "Blue/White",
            "image_link": "https://example.com/m.jpg",
        },
        common
        | {
            "id": "J2",
            "title": "Rain Jacket - Blue - M",
            "price": "90.00 EUR",
            "sale_price": "70.00 EUR",
            "sale_price_effective_date": "2026-05-30T10:00+0100/2026-06-02T10:00+0100",
            "color": "Blue",
            "size": "M",
            "availability": "in_stock",
        },
    )
    mug, jacket = feed.items
    assert mug == Item("M", "Mug", price=Money(1500, "JPY"), attributes={"color": ("Blue", "White")})
    assert jacket == Item(
        "J",
        "Rain Jacket",
        brand="Alba",
        description="Dry & warm",
        categories=("Women/Jackets",),
        price=Money(7000, "EUR"),
        list_price=Money(9000, "EUR"),
        attributes={"material": ("wool", "nylon"), "weight": ("300 g",), "wash": ("30 degrees",)},
        options={"color": ("Red", "Blue"), "size": ("S", "M")},
        variants=(
            Variant("J1", {"color": "Red", "size": "S"}, Money(8000, "EUR"), 0),
            Variant("J2", {"color": "Blue", "size": "M"}, Money(7000, "EUR")),
        ),
        pictures=(Picture((tmp_path / "a.jpg").resolve()),),
    )
    (told,) = feed.faults
    assert (told.line, told.field, told.loses_item) == (3, "image_link", False)


@pytest.mark.parametrize(
    ("dates", "price", "regular"),
    [
        ("", 500, 800),
        ("2026-05-01T00:00Z/2026-07-01T00:00Z", 500, 800),
        ("2026-05-01T00:00Z/2026-05-31T00:00Z", 800, None),
        ("2026-06-02/2026-07-01", 800, None),
    ],
)
def test_a_sale_holds_while_it_lasts(tmp_path: Path, dates: str, price: int, regular: int | None) -> None:
    row = {"id": "1", "title": "Mug", "price": "8 USD", "sale_price": "5 USD", "sale_price_effective_date": dates}
    (item,) = _table(tmp_path, row).items
    assert item.price == Money(price, "USD")
    assert item.list_price == (Money(regular, "USD") if regular else None)


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"price": "-5 USD"}, "price", "'-5 USD'"),
        ({"price": "5"}, "currency", "None"),
        ({"price": "5.1299 EUR"}, "price", "'5.1299 EUR'"),
        ({"price": "0.001 EUR"}, "price", "'0.001 EUR'"),
        ({"price": "12900.50 JPY"}, "price", "'12900.50 JPY'"),
        ({"price": "12,345 EUR"}, "price", "'12,345 EUR'"),
        ({"price": "5 USD", "sale_price": "4 EUR"}, "sale_price", "'4 EUR'"),
        ({"price": "5 USD", "sale_price": "5.01 USD"}, "sale_price", "'5.01 USD'"),
        ({"availability": "maybe"}, "availability", "'maybe'"),
        (
            {"price": "5 USD", "sale_price": "4 USD", "sale_price_effective_date": "soon"},
            "sale_price_effective_date",
            "'soon'",
        ),
        ({"title": ""}, "title", "None"),
        ({"id": ""}, "id", "None"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_line_and_field(tmp_path: Path, cells: dict[str, str], field: str, value: str) -> None:
    feed = _table(tmp_path, {"id": "0", "title": "Good"}, {"id": "1", "title": "Bad"} | cells)
    assert [item.id for item in feed.items] == ["0"]
    assert [(fault.line, fault.field, fault.value) for fault in feed.faults] == [(3, field, value)]


def test_a_sale_that_is_over_may_be_higher_than_the_price_now(tmp_path: Path) -> None:
    dates = "2026-05-01T00:00Z/2026-05-31T00:00Z"
    row = {"id": "1", "title": "Mug", "price": "8 USD", "sale_price": "9 USD", "sale_price_effective_date": dates}
    assert [str(item.price) for item in _table(tmp_path, row).items] == ["8.00 USD"]


def test_a_bad_row_of_a_group_costs_that_row_only(tmp_path: Path) -> None:
    common = {"title": "Tee", "item_group_id": "G"}
    feed = _table(
        tmp_path,
        common | {"id": "1", "price": "9 EUR", "size": "S"},
        common | {"id": "1", "price": "6 EUR", "size": "M"},
        {"id": "mug", "title": "Mug"},
        common | {"id": "3", "price": "500 JPY", "size": "L"},
        common | {"id": "4", "price": "7 EUR", "size": "XL"},
        common | {"id": "5", "price": "7 EUR", "sale_price": "8 EUR", "size": "XXL"},
    )
    mug, tee = feed.items
    assert (mug.id, tee.id, tee.price) == ("mug", "G", Money(700, "EUR"))
    assert tee.variants == (
        Variant("1", {"size": "S"}, Money(900, "EUR")),
        Variant("4", {"size": "XL"}, Money(700, "EUR")),
    )
    assert feed.faults == (
        Fault(3, "id", "'1'", "an id that line 2 of the same item does not have"),
        Fault(5, "price", "'500 JPY'", "an amount in EUR, as on line 2 of the same item"),
        Fault(7, "sale_price", "'8 EUR'", "at most the price, 7.00 EUR"),
    )


def test_faults_name_the_columns_as_the_file_spells_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ID,Title,Availability,Sale price,Price\n1,Mug,in stock,6 EUR,5 EUR\n2,Pot,maybe,,\n")
    faults = [(found.line, found.field) for found in stream_feed(path) if isinstance(found, Fault)]
    assert faults == [(2, "Sale price"), (3, "Availability")]


def test_prices_of_xml_in_doubt_are_read_as_the_others(tmp_path: Path) -> None:
    path = tmp_path / "f.xml"

    def read(other: str) -> list[str]:
        prices = ("12.900 EUR", other)
        items = "".join(_item(f"<id>{at}</id><title>T</title><price>{text}</price>") for at, text in enumerate(prices))
        path.write_text(f"<rss><channel>{items}</channel></rss>", encoding="utf-8")
        return [str(found.price) for found in stream_feed(path) if isinstance(found, Item)]

    assert read("1,00 EUR") == ["12900.00 EUR", "1.00 EUR"]
    assert read("1.00 EUR") == ["12.90 EUR", "1.00 EUR"]
    assert read("1 EUR") == ["1.00 EUR"]


def _item(cells: str) -> str:
    return f"<item>{cells}</item>\n"


def test_rss_and_atom_read_alike(tmp_path: Path) -> None:
    detail = (
        "<g:product_detail><g:section_name>A</g:section_name><g:attribute_name>Power</g:attribute_name>"
        "<g:attribute_value>5 W</g:attribute_value></g:product_detail>"
    )
    inner = (
        "<title>Kettle &amp; lid</title><g:id>K</g:id><g:price>5.00 EUR</g:price><g:brand>Alba</g:brand>"
        f"<g:shipping><g:country>DE</g:country><g:price>1 EUR</g:price></g:shipping>{detail}"
    )
    ns = 'xmlns:g="http://base.google.com/ns/1.0"'
    rss = (
        f'<?xml version="1.0"?>\n<rss version="2.0" {ns}><channel><title>Shop</title>\n<item><description>'
        f"<![CDATA[<b>Hot</b>]]></description>{inner}</item>\n<item><g:id>2</g:id></item></channel></rss>"
    )
    atom = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {ns}>\n\n<entry><summary>Hot</summary>{inner}</entry>\n'
        "<entry><g:id>2</g:id></entry></feed>"
    )
    for text in (rss, atom):
        (tmp_path / "f.xml").write_text(text, encoding="utf-8")
        feed = read_feed(tmp_path / "f.xml", on_bad_row="skip")
        price = Money(500, "EUR")
        assert feed.items == (Item("K", "Kettle & lid", "Alba", "Hot", price=price, attributes={"power": ("5 W",)}),)
        assert feed.faults == (Fault(4, "title", "None", "some text"),)


def test_broken_xml_keeps_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "f.xml").write_text(
        "<rss><channel>\n<item><id>1</id><title>A</title></item>\n<item><id>2", encoding="utf-8"
    )
    feed = read_feed(tmp_path / "f.xml", on_bad_row="skip")
    assert [item.id for item in feed.items] == ["1"]
    assert [(fault.line, fault.expected) for fault in feed.faults] == [(3, "well-formed XML")]


def test_entities_are_refused_before_they_grow(tmp_path: Path) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><item><id>1</id><title>&b;</title></item></rss>'
    (tmp_path / "f.xml").write_text(lol, encoding="utf-8")
    with pytest.raises(CatalogueError, match="declares XML entities"):
        read_feed(tmp_path / "f.xml")


WORDS = st.text(string.ascii_letters + string.digits + "äé,;\"'=+@\t-", min_size=1, max_size=20)
PLAIN = WORDS.map(lambda text: " ".join(text.split())).filter(
    lambda text: text.strip(" ,-|/\"'") == text and bool(text)
)


@st.composite
def _items(draw: st.DrawFn) -> Item:
    sizes = draw(st.lists(st.sampled_from(["S", "M", "L", "XL"]), min_size=2, max_size=4, unique=True))
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    prices = [Money(draw(st.integers(1, 10**8)), currency) for _ in sizes]
    stocks = [draw(st.sampled_from([None, 0])) for _ in sizes]
    variants = tuple(
        Variant(f"v{size}", {"size": size}, price, stock)
        for size, price, stock in zip(sizes, prices, stocks, strict=True)
    )
    open_ones = [v.price for v in variants if v.in_stock and v.price]
    return Item(
        id="group",
        title=draw(PLAIN),
        brand=draw(PLAIN),
        description=draw(PLAIN),
        price=min(open_ones) if open_ones else prices[0],
        options={"size": tuple(sizes)},
        variants=variants,
    )


def _cells(item: Item) -> list[dict[str, str]]:
    return [
        {
            "id": variant.id,
            "title": item.title,
            "brand": item.brand,
            "description": item.description,
            "price": str(variant.price),
            "availability": "in_stock" if variant.in_stock else "out_of_stock",
            "item_group_id": item.id,
            "size": variant.options["size"],
        }
        for variant in item.variants
    ]


@settings(deadline=None, max_examples=60)
@given(_items())
def test_an_item_written_as_table_or_xml_reads_back(item: Item) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert _table(folder, *_cells(item)) == Feed((item,), ())
        rows = [_item("".join(f"<g:{k}>{escape(v)}</g:{k}>" for k, v in row.items())) for row in _cells(item)]
        text = f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{"".join(rows)}</channel></rss>'
        (folder / "f.xml").write_text(text, encoding="utf-8")
        assert read_feed(folder / "f.xml") == Feed((item,), ())
