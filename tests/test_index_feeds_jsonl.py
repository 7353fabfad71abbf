"""JSON Lines catalogues: what is read from good rows, and what is said of bad ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import CatalogueError
from index.feeds.fields import Fault
from index.feeds.jsonl import Feed, read_items
from index.items import Item, Money, Picture, Review, Variant

GOOD: dict[str, Any] = {"id": "good", "title": "Good thing"}


def _file(folder: Path, *rows: dict[str, Any] | bytes) -> Path:
    path = folder / "feed.jsonl"
    path.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows) + b"\n")
    return path


def _read(folder: Path, *rows: dict[str, Any] | bytes) -> Feed:
    return read_items(_file(folder, *rows), on_bad_row="skip")


def test_a_full_row_becomes_an_item(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    row = {
        "id": 7,
        "title": "Rain <b>Jacket</b>",
        "brand": "Alba",
        "description": "<p>Dry &amp; warm.</p><script>x()</script><ul><li>Light</li></ul>",
        "categories": ["Women > Jackets", "Sale"],
        "price": 80.0,
        "special_price": 59.99,
        "currency": "eur",
        "attributes": {"Material": ["nylon", "nylon", ""], "waterproof": True, "weight": 340, "note": None},
        "variants": {"size": ["S", "M"], "color": "Red"},
        "images": ["a.jpg", "a.jpg"],
        "links": {"related": ["8", "9", "7"]},
        "reviews": [
            {"rating": 5, "title": "Fine", "text": "Dry.", "reviewer": "Ann"},
            {"id": "r2", "rating": 4, "text": "ok", "date": "2026-01-02"},
        ],
        "stock": 3,
        "unheard_of": [1, 2],
    }
    feed = read_items(_file(tmp_path, row, {"id": "8", "title": "Other"}))
    assert feed.faults == ()
    assert feed.items[0] == Item(
        id="7",
        title="Rain Jacket",
        brand="Alba",
        description="Dry & warm.\nLight",
        categories=("Women/Jackets", "Sale"),
        price=Money(5999, "EUR"),
        list_price=Money(8000, "EUR"),
        attributes={"material": ("nylon",), "waterproof": ("Yes",), "weight": ("340",)},
        options={"size": ("S", "M"), "color": ("Red",)},
        stock=3,
        rating=4.5,
        rating_count=2,
        pictures=(Picture((tmp_path / "a.jpg").resolve()),),
        related={"related": ("8",)},
        reviews=(
            Review("7#1", "Fine", "Dry.", 5.0, "Ann"),
            Review("r2", "", "ok", 4.0, "", "2026-01-02"),
        ),
    )


def test_listed_variants_name_the_options_and_the_lowest_price(tmp_path: Path) -> None:
    variants = [
        {"id": "v1", "options": {"Size": "M"}, "stock": 0, "price": 5},
        {"options": {"Size": "L"}, "in_stock": True, "price": 9.5},
        {"options": {"Size": 44}, "in_stock": False},
    ]
    (item,) = _read(tmp_path, GOOD | {"currency": "USD", "variants": variants}).items
    assert item.variants == (
        Variant("v1", {"size": "M"}, Money(500, "USD"), 0),
        Variant("good/2", {"size": "L"}, Money(950, "USD"), None),
        Variant("good/3", {"size": "44"}, None, 0),
    )
    assert item.options == {"size": ("M", "L", "44")}
    assert item.price == Money(950, "USD")


def test_a_stated_rating_beats_the_reviews(tmp_path: Path) -> None:
    reviews = [{"text": "bad", "rating": 1}]
    rows = [
        {"id": "a", "title": "A", "rating": {"value": 4.5, "count": 12}, "reviews": reviews},
        {"id": "b", "title": "B", "rating": 3},
        {"id": "c", "title": "C", "rating": {"value": 0, "count": 0}},
        {"id": "d", "title": "D", "reviews": reviews},
        {"id": "e", "title": "E", "rating": {"value": 5, "count": 0}},  # of nobody
        {"id": "f", "title": "F", "rating": {"value": 5, "count": 0}, "reviews": reviews},
    ]
    found = [(item.rating, item.rating_count) for item in _read(tmp_path, *rows).items]
    assert found == [(4.5, 12), (3.0, 0), (None, 0), (1.0, 1), (None, 0), (1.0, 1)]


def test_a_default_currency_prices_what_names_none(tmp_path: Path) -> None:
    path = _file(tmp_path, GOOD | {"price": 1500})
    assert read_items(path, default_currency="JPY").items[0].price == Money(1500, "JPY")
    with pytest.raises(CatalogueError, match="line 1, currency: None where the currency of price was expected"):
        read_items(path)
    with pytest.raises(ValueError, match="default_currency is 'euros'"):
        read_items(path, default_currency="euros")


def test_attributes_do_not_pose_as_price_or_stock(tmp_path: Path) -> None:
    row = GOOD | {"attributes": {"Price": "0.10", "stock": [999], "special_price": ["3.90"], "color": "red"}}
    assert _read(tmp_path, row).items[0].attributes == {"color": ("red",)}


def test_a_price_in_single_precision_is_the_price_that_was_meant(tmp_path: Path) -> None:
    feed = _read(tmp_path, GOOD | {"price": 14.949999809265137, "currency": "EUR"})
    assert (feed.faults, feed.items[0].price) == ((), Money(1495, "EUR"))
    feed = _read(tmp_path, GOOD | {"price": 1299.989990234375, "currency": "EUR"})
    assert (feed.faults, feed.items[0].price) == ((), Money(129999, "EUR"))


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"title": "No id"}, "id"),
        ({"id": " ", "title": "Blank id"}, "id"),
        ({"id": True, "title": "Id of no kind"}, "id"),
        ({"id": "a\nb", "title": "Two lines"}, "id"),
        ({"id": "x"}, "title"),
        ({"id": "x", "title": "<br>"}, "title"),
        ({"id": "x", "title": 5}, "title"),
        ({"id": "x", "title": "\ud800"}, "title"),
        (GOOD | {"id": "x", "price": -1, "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": "12.50", "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": True, "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": 1, "currency": "EURO"}, "currency"),
        (GOOD | {"id": "x", "price": 1, "currency": 978}, "currency"),
        (GOOD | {"id": "x", "special_price": -1, "currency": "EUR"}, "special_price"),
        (GOOD | {"id": "x", "special_price": 20, "price": 10, "currency": "EUR"}, "special_price"),
        (GOOD | {"id": "x", "price": 10.5, "currency": "JPY"}, "price"),
        (GOOD | {"id": "x", "price": 12345.678, "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": 99999.999, "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": 123456.784, "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": 1e-9, "currency": "EUR"}, "price"),
        (GOOD | {"id": "x", "price": 1.2345, "currency": "KWD"}, "price"),
        (b'{"id": "x", "title": "T", "stock": 1, "stock": 2}', "stock"),
        (GOOD | {"id": "x", "rating": 7}, "rating"),
        (GOOD | {"id": "x", "rating": {"value": 4, "count": -2}}, "rating.count"),
        (GOOD | {"id": "x", "stock": -1}, "stock"),
        (GOOD | {"id": "x", "stock": 1.5}, "stock"),
        (GOOD | {"id": "x", "in_stock": "yes"}, "in_stock"),
        (GOOD | {"id": "x", "categories": {"a": 1}}, "categories"),
        (GOOD | {"id": "x", "attributes": ["a"]}, "attributes"),
        (GOOD | {"id": "x", "attributes": {"a": {"b": 1}}}, "attributes.a"),
        (GOOD | {"id": "x", "variants": [{"id": "v"}, {"id": "v"}]}, "variants"),
        (GOOD | {"id": "x", "variants": [{"options": {"size": ["S", "M"]}}]}, "variants[0].options.size"),
        (GOOD | {"id": "x", "reviews": ["nice"]}, "reviews[0]"),
        (GOOD | {"id": "x", "reviews": [{"text": "nice", "rating": 9}]}, "reviews[0].rating"),
        (b'{"id": "x", "title": "T", "price": NaN, "currency": "EUR"}', ""),
        (b'{"id": "x", "title": "T", "price": 1e999, "currency": "EUR"}', "price"),
        (b'{"id": "x", "title": "T", "stock": ' + b"9" * 5000 + b"}", ""),
        (b'{"id": "x", ', ""),
        (b"[]", ""),
        (b"null", ""),
        (b"[" * 100_000, ""),
        (b'{"id": "x", "title": "\xff"}', ""),
        (GOOD, "id"),
    ],
)
def test_a_bad_row_is_named_and_skipped(tmp_path: Path, row: dict[str, Any] | bytes, field: str) -> None:
    feed = _read(tmp_path, GOOD, b"", row, {"id": "last", "title": "Last"})
    assert [item.id for item in feed.items] == ["good", "last"]
    assert [(fault.line, fault.field) for fault in feed.faults] == [(3, field)]
    assert len(feed.faults[0].value) <= 60
    assert feed.faults[0].expected


def test_refusing_names_every_bad_row_and_loads_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, GOOD, {"id": "a"}, {"id": "b", "title": "B", "price": -3, "currency": "EUR"})
    with pytest.raises(CatalogueError, match=r"feed.jsonl has 2 bad rows") as caught:
        read_items(path)
    assert caught.value.rows == (
        "line 2, title: None where some text was expected",
        "line 3, price: -3 where a number from 0 to 1e+12 was expected",
    )
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused_with_a_hint(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match="holds no items") as caught:
        read_items(path)
    assert "one JSON object a line" in caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read: No such file"):
        read_items(tmp_path / "none.jsonl")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n")
    assert [item.id for item in read_items(path).items] == ["good"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret.jpg",
        "/etc/hostname",
        "missing.jpg",
        "http://127.0.0.1/a.jpg",
        "out.jpg",
        ".",
        "a\x00.jpg",
        "x" * 9000,
    ],
)
def test_pictures_outside_the_folder_are_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    feed = read_items(_file(folder, GOOD | {"images": [name]}))
    assert feed.items[0].pictures == ()
    assert [(fault.line, fault.field, fault.loses_item) for fault in feed.faults] == [(1, "images[0]", False)]


def test_traversal_strings_at_hand_reach_nothing(tmp_path: Path, shared_data: Path) -> None:
    names = (shared_data / "security/payloads/path_traversal_sample.txt").read_text(errors="replace").splitlines()
    assert len(names) == 486
    feed = read_items(_file(tmp_path, GOOD | {"images": [name for name in names if name.strip()]}))
    assert all(picture.path.is_relative_to(tmp_path.resolve()) for picture in feed.items[0].pictures)


def test_json_bodies_at_hand_never_break_the_reader(tmp_path: Path, shared_data: Path) -> None:
    bodies = sorted((shared_data / "security/json_test_suite/test_parsing").glob("*.json"))
    assert len(bodies) == 318
    feed = _read(tmp_path, GOOD, *(path.read_bytes().replace(b"\n", b" ") for path in bodies))
    assert [item.id for item in feed.items] == ["good"]


def test_the_shared_catalogue_reads_without_fault(shared_data: Path) -> None:
    feed = read_items(shared_data / "catalogue/catalogue.jsonl")
    assert len(feed.items) == 481
    assert feed.faults == ()
    assert sum(item.price is None for item in feed.items) == 83


def test_faults_read_as_sentences() -> None:
    assert str(Fault(3, "", "'x'", "a list")) == "line 3: 'x' where a list was expected"
