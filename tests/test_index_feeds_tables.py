"""Tables: CSV corner cases read exactly, with the lines rows start on, and columns mapped to our fields."""

import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from index.errors import CatalogueError
from index.feeds.fields import Fault
from index.feeds.mapping import mapping_from
from index.feeds.open import read_feed
from index.feeds.raw import Raw
from index.feeds.tables import csv_rows, table_header
from index.items import Item, Money, Variant


def test_csv_spectrum_is_read_exactly(shared_data: Path) -> None:
    files = sorted((shared_data / "security/csv_spectrum/csvs").glob("*.csv"))
    assert len(files) == 12
    for path in files:
        expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if path.stem == "location_coordinates":  # its JSON has another telephone number than its CSV
            expected["Contact Phone Number"] = "2095257564"
        header = table_header(path)
        rows = list(csv_rows(path))
        assert all(isinstance(row, Raw) for row in rows), path.name
        found = [{name: row.cells.get(name, "") for name in header} for row in rows if isinstance(row, Raw)]
        assert found == (expected if isinstance(expected, list) else [expected]), path.name


def test_quoted_line_breaks_and_blank_lines_count(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfid,title\r\n\r\n1,"two\r\nlines"\r\n2,b,c\r\n3,\xff\r\n4,d\r\n')
    assert list(csv_rows(path)) == [
        Raw(3, {"id": "1", "title": "two\r\nlines"}),
        Fault(5, "", "['c']", "2 cells, as in the header"),
        Fault(6, "title", "'\\udcff'", "UTF-8 text"),
        Raw(7, {"id": "4", "title": "d"}),
    ]


def test_a_row_with_too_few_cells_is_a_fault_and_a_blank_one_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,price\n1,Mug,5.00\n2,Cup\n \t\n,,\n\n3\n4,Pot,\n", encoding="utf-8")
    assert list(csv_rows(path)) == [
        Raw(2, {"id": "1", "title": "Mug", "price": "5.00"}),
        Fault(3, "", "2 cells", "3 cells, as in the header"),
        Fault(7, "", "1 cell", "3 cells, as in the header"),
        Raw(8, {"id": "4", "title": "Pot"}),
    ]


def test_a_quote_that_is_never_closed_swallows_no_rows_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,title\n1,whole\n2,"cut\n3,next\n4,last\n', encoding="utf-8")
    assert list(csv_rows(path)) == [
        Raw(2, {"id": "1", "title": "whole"}),
        Fault(3, "", "['2', 'cut\\n3,next\\n4,last\\n']", "a quote that is closed again"),
    ]
    path.write_text('id,title\n1,"a screen of 5"" and\nmore"\n2,last', encoding="utf-8")
    assert list(csv_rows(path)) == [
        Raw(2, {"id": "1", "title": 'a screen of 5" and\nmore'}),
        Raw(4, {"id": "2", "title": "last"}),
    ]


def test_a_line_of_absurd_length_is_a_fault_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,title\n1," + b"x" * (9 * 1024 * 1024) + b"\n2,b\n")
    fault, row = csv_rows(path)
    assert isinstance(fault, Fault)
    assert (fault.line, row) == (2, Raw(3, {"id": "2", "title": "b"}))


def test_a_mapping_names_columns_constants_lists_and_units(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Nr;Name;Cent;Art;Stoff;Bild;Maß\n1;Stuhl;129900;Möbel,Sitzen;Holz|Leder;;3\n".encode("cp1252"))
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'encoding = "cp1252"\n[columns]\nid = "Nr"\ntitle = "Name"\nprice = "Cent"\ncategories = "Art"\n'
        '"attributes.material" = "Stoff"\n"options.size" = "Maß"\n[constants]\ncurrency = "EUR"\nbrand = "Alba"\n'
        '[lists]\ncategories = ","\n"attributes.material" = "|"\n[units]\nprice = "minor"\n',
        encoding="utf-8",
    )
    assert read_feed(path, mapping=mapping).items == (
        Item(
            "1",
            "Stuhl",
            brand="Alba",
            categories=("Möbel", "Sitzen"),
            price=Money(129900, "EUR"),
            attributes={"material": ("Holz", "Leder")},
            options={"size": ("3",)},
        ),
    )


def test_a_mapping_reports_all_it_says_wrong() -> None:
    said = {"columns": {"titel": "x", "id": 5}, "units": {"price": "cents"}, "decimal": ";", "extra": 1}
    with pytest.raises(CatalogueError) as caught:
        mapping_from(said)
    assert [row.split(":")[0] for row in caught.value.rows] == [
        "extra",
        "columns.titel",
        "columns.id",
        "units.price",
        "decimal",
    ]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="no column 'c', which the mapping takes for id"):
        read_feed(path, mapping=mapping_from({"columns": {"id": "c", "title": "b"}}))
    with pytest.raises(CatalogueError, match="no column that is clearly the id"):
        read_feed(path)


def test_what_a_shop_paid_is_never_guessed_to_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("SKU,Product Name,Cost,Margin,Supplier,Colour\n1,Mug,2.00,50%,Acme,blue\n", encoding="utf-8")
    assert read_feed(path).items == (Item("1", "Mug", attributes={"color": ("blue",)}),)


def test_rows_that_stand_apart_become_one_item(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["id,title,parent_id,size,price", "a1,Tee,T,S,5.00", "b,Mug,,,3.00", "a2,Tee,T,M,4.00", "c,Pen,,,-1"]
    path.write_text("\n".join(rows), encoding="utf-8")
    feed = read_feed(path, default_currency="EUR", on_bad_row="skip")
    mug, tee = feed.items
    assert (mug.id, tee.id, tee.price) == ("b", "T", Money(400, "EUR"))
    assert tee.variants == (
        Variant("a1", {"size": "S"}, Money(500, "EUR")),
        Variant("a2", {"size": "M"}, Money(400, "EUR")),
    )
    assert feed.faults == (Fault(5, "price", "'-1'", "a price such as 15.00 USD"),)


GROUPED = (
    "parent,sku,name,price,sale price,currency,size,qty\n"
    "P,1,Hose,10,,EUR,S,1\n"
    "P,2,Hose,20,,USD,M,1\n"  # another currency
    "P,1,Hose,30,,EUR,L,1\n"  # an id again
    "P,4,Hose,8,9,EUR,XL,1\n"  # dearer when reduced
    "P,5,Hose,8,6,EUR,XXL,1\n"
    "P,6,Hose,7,,EURO,XS,1\n"
)


def test_a_bad_row_of_an_item_costs_that_row_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GROUPED, encoding="utf-8")
    feed = read_feed(path, on_bad_row="skip")
    assert feed.items == (
        Item(
            "P",
            "Hose",
            price=Money(600, "EUR"),
            list_price=Money(800, "EUR"),
            options={"size": ("S", "XXL")},
            variants=(
                Variant("1", {"size": "S"}, Money(1000, "EUR"), 1),
                Variant("5", {"size": "XXL"}, Money(600, "EUR"), 1),
            ),
        ),
    )
    assert feed.faults == (
        Fault(3, "price", "'20.00 USD'", "an amount in EUR, as on line 2 of the same item"),
        Fault(4, "sku", "'1'", "an id that line 2 of the same item does not have"),
        Fault(5, "sale price", "'9'", "at most the price, 8.00 EUR"),
        Fault(7, "currency", "'EURO'", "an ISO 4217 currency code such as EUR"),
    )


def test_an_item_whose_id_is_taken_is_named_by_the_column_of_its_group(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,name,parent,size\nP,Mug,,\n1,Hose,P,S\n2,Hose,P,M\n", encoding="utf-8")
    feed = read_feed(path, on_bad_row="skip")
    assert [item.title for item in feed.items] == ["Mug"]
    assert feed.faults == (Fault(3, "parent", "'P'", "an id no other row has"),)


def test_rows_that_share_their_only_id_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nr,Name,Size\nP,Hose,S\nP,Hose,M\n", encoding="utf-8")
    mapping = mapping_from({"columns": {"id": "Nr", "group": "Nr", "title": "Name", "options.size": "Size"}})
    (item,) = read_feed(path, mapping=mapping).items
    assert item.variants == (Variant("P/1", {"size": "S"}), Variant("P/2", {"size": "M"}))


def test_a_price_in_doubt_is_settled_by_the_file_or_its_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def read(last: str, decimal: str = "") -> tuple[list[str], list[str]]:
        path.write_text(f"id;title;price\n1;Mug;12,340\n2;Pot;12.900\n3;Pan;{last}\n", encoding="utf-8")
        mapping = mapping_from({"decimal": decimal}) if decimal else None
        feed = read_feed(path, default_currency="EUR", on_bad_row="skip", mapping=mapping)
        return [str(item.price) for item in feed.items], [str(fault) for fault in feed.faults]

    clear = "where a price that is clear about thousands and decimals, such as 1299.00 was expected"
    in_doubt = [f"line 2, price: '12,340' {clear}", f"line 3, price: '12.900' {clear}"]
    assert read("5") == (["5.00 EUR"], in_doubt)
    assert read("1,00") == (["12.34 EUR", "12900.00 EUR", "1.00 EUR"], [])
    assert read("1.00") == (["12340.00 EUR", "12.90 EUR", "1.00 EUR"], [])
    assert read("5", decimal=",") == (["12.34 EUR", "12900.00 EUR", "5.00 EUR"], [])


def test_a_mapping_may_leave_the_columns_to_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,name,price\n1,Mug,599\n", encoding="utf-8")
    mapping = mapping_from({"constants": {"currency": "EUR", "brand": "Alba"}, "units": {"price": "minor"}})
    assert read_feed(path, mapping=mapping).items == (Item("1", "Mug", "Alba", price=Money(599, "EUR")),)


def test_a_mapping_of_no_columns_says_how_a_known_form_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id;title;price;availability\n1;Käse;1,299 EUR;in_stock\n".encode("cp1252"))
    said = {"encoding": "cp1252", "decimal": "."}
    assert read_feed(path, mapping=mapping_from(said)).items == (Item("1", "Käse", price=Money(129900, "EUR")),)
    named = {"columns": {"id": "id", "title": "title"}, "constants": {"brand": "Alba"}}
    with pytest.raises(CatalogueError, match=r"merchant_center, .* the mapping's columns and constants have no place$"):
        read_feed(path, mapping=mapping_from(said | named), form="merchant_center")


@pytest.mark.parametrize("apart", [False, True])
def test_more_rows_than_one_item_may_have_are_told_by_its_key(tmp_path: Path, apart: bool) -> None:
    rows = [f"t{at},Tee,T,{at}" + ("\nmug,Mug,," if apart and at == 7 else "") for at in range(5_001)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,title,parent_id,size", *rows]), encoding="utf-8")
    feed = read_feed(path, on_bad_row="skip")
    assert {item.id: len(item.variants) for item in feed.items} == {"T": 5_000} | ({"mug": 0} if apart else {})
    line = 2 if apart else 5_002
    assert feed.faults == (Fault(line, "", "'T'", "at most 5000 rows of one item"),)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2, 3]),
            "title": ["Mug", "Cup", None],
            "price": pa.array([Decimal("1299.99"), Decimal("0.50"), None]),
            "currency": ["EUR", "USD", None],
            "categories": [["Home/Mugs", "Sale"], [], None],
            "in_stock": [True, False, None],
            "rating": [4.5, float("nan"), None],
        }
    )
    path = tmp_path / "feed.bin"
    parquet.write_table(table, path)
    feed = read_feed(path, on_bad_row="skip")
    assert feed.items == (Item("1", "Mug", categories=("Home/Mugs", "Sale"), price=Money(129999, "EUR"), rating=4.5),)
    assert [(fault.line, fault.field) for fault in feed.faults] == [(2, "rating"), (3, "title")]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CatalogueError, match="not a Parquet file"):
        read_feed(path)
