"""One door for all feeds: forms are recognised, ids are unique, memory is bounded, and nothing crashes it."""

import io
import json
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from index.errors import CatalogueError
from index.feeds.fields import Fault
from index.feeds.jsonl import read_items
from index.feeds.mapping import guessed_mapping
from index.feeds.open import FORMS, read_feed, stream_feed
from index.items import Item, Money

ROOT = Path(__file__).parents[1]

MEASURE = """
import sys
from pathlib import Path
from index.feeds.fields import Fault
from index.feeds.open import read_feed, stream_feed

path, rows, how = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with path.open("w") as file:
    file.write("id,title,description,price,colour,group\\n" if path.suffix == ".csv" else "")
    for at in range(rows):
        if path.suffix == ".csv":
            text = f'"A plain thing, made of wood and wool, the {at}th of its kind"'
            file.write(f'{at},Thing number {at},{text},{at % 900}.50,red,{"" if at % 2 else at}\\n')
        else:
            text = '"description": "A plain thing of wood and wool", "price": 9.5'
            file.write('{"id": "%d", "title": "Thing %d", %s}\\n' % (at, at, text))
calls = []
if how == "read":
    count = len(read_feed(path, default_currency="EUR").items)
else:
    stream = stream_feed(path, default_currency="EUR", progress=lambda items, share: calls.append((items, share)))
    count = sum(not isinstance(found, Fault) for found in stream)
    assert [share for _, share in calls] == sorted(share for _, share in calls) and calls[-1] == (rows, 1.0)
assert count == rows
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def _peak_mb(path: Path, rows: int, how: str) -> int:
    command = [sys.executable, "-c", MEASURE, str(path), str(rows), how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
@pytest.mark.parametrize("name", ["feed.csv", "feed.jsonl"])
def test_100_000_rows_are_streamed_in_300_mb(tmp_path: Path, name: str) -> None:
    assert _peak_mb(tmp_path / name, 100_000, "stream") <= 300


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_100_000_rows_are_read_as_a_whole_in_300_mb(tmp_path: Path) -> None:
    assert _peak_mb(tmp_path / "feed.csv", 100_000, "read") <= 300


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_a_million_rows_are_streamed_in_bounded_memory(tmp_path: Path) -> None:
    assert _peak_mb(tmp_path / "feed.csv", 1_000_000, "stream") <= 400


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"id": "1", "title": "Mug", "price": 5, "currency": "EUR"}'),
        ("a.txt", '{"id": "1", "title": "Mug", "price": 5, "currency": "EUR"}\n'),
        ("a.json", '[\n{"id": "1", "title": "Mug", "price": 5, "currency": "EUR"}]'),
        ("a.csv", "sku,name,price\n1,Mug,5.00 EUR"),
        ("a.csv", "SKU;Product Name;Price\n1;Mug;€ 5,00"),
        ("a.txt", "id\ttitle\tprice\tavailability\n1\tMug\t5.00 EUR\tin_stock"),
        ("feed", "<rss xmlns:g='http://base.google.com/ns/1.0'><channel><item><g:id>1</g:id><g:title>Mug</g:title>"
                 "<g:price>5 EUR</g:price></item></channel></rss>"),
        ("a.jsonld", '{"@type": "Product", "sku": "1", "name": "Mug", "offers": {"price": 5, "priceCurrency": "EUR"}}'),
        ("a.html", '<html><script type="application/ld+json">{"@type": "http://schema.org/Product", "sku": 1, '
                   '"name": "Mug", "offers": {"price": "5.00", "priceCurrency": "EUR"}}</script>'),
    ],
)  # fmt: skip
def test_a_form_is_recognised_from_name_and_content(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    feed = read_feed(tmp_path / name)
    assert feed.faults == ()
    assert feed.items == (Item("1", "Mug", price=Money(500, "EUR")),)


def test_our_own_form_reads_as_it_always_did(shared_data: Path) -> None:
    path = shared_data / "catalogue/catalogue.jsonl"
    assert read_feed(path) == read_items(path)


def test_utf_16_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("id\ttitle\n1\tKäse".encode("utf-16"))
    assert [item.title for item in read_feed(tmp_path / "a.txt").items] == ["Käse"]


def test_a_repeated_id_is_refused_and_the_first_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title\n7,First\n8,Other\n7,Second\n", encoding="utf-8")
    feed = read_feed(path, on_bad_row="skip")
    assert [item.title for item in feed.items] == ["First", "Other"]
    assert feed.faults == (Fault(4, "id", "'7'", "an id no other row has"),)
    with pytest.raises(CatalogueError, match="has 1 bad rows, so nothing was loaded: line 4, id"):
        read_feed(path)


def test_near_duplicates_are_reported_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "A warm jacket for wet days with taped seams and a hood that folds away"
    path.write_text(
        f"id,title,description\n1,Jacket,{text}\n2,JACKET!,{text}.\n3,Kettle,Boils water\n", encoding="utf-8"
    )
    feed = read_feed(path, near_duplicates=0.9)
    assert [item.id for item in feed.items] == ["1", "2", "3"]
    assert feed.faults == (Fault(3, "title", "'2 reads 100% like 1'", "an item unlike the others", loses_item=False),)


def test_pages_of_a_folder_are_one_feed(tmp_path: Path) -> None:
    for at in (1, 2):
        node = {"@context": "https://schema.org", "@type": "Product", "sku": f"p{at}", "name": f"Thing {at}"}
        page = f"<!doctype html>\n<script type='application/ld+json'>{json.dumps(node)}</script>"
        (tmp_path / f"{at}.html").write_text(page, encoding="utf-8")
    assert [item.id for item in read_feed(tmp_path).items] == ["p1", "p2"]


def test_what_is_no_page_in_a_folder_costs_no_page(tmp_path: Path) -> None:
    node = {"@type": "Product", "sku": "p", "name": "Thing"}
    page = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "b.html").symlink_to(tmp_path / "gone.html")
    (tmp_path / "x.html").mkdir()
    (tmp_path / "x.html" / "c.html").write_text(page.replace('"p"', '"q"'), encoding="utf-8")
    feed = read_feed(tmp_path, on_bad_row="skip")
    assert [item.id for item in feed.items] == ["p", "q"]
    assert [(fault.line, fault.field, fault.expected) for fault in feed.faults] == [
        (1, "b.html", "a page that can be read")
    ]


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.xml", "nothing.parquet", "nothing.json", "nothing.jsonl"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CatalogueError, match="nothing"):
        read_feed(tmp_path / name)


@pytest.mark.parametrize("name", ["empty.csv", "empty.xml", "empty.json", "empty.jsonl", "empty.html", "empty.parquet"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(CatalogueError, match="empty"):
        read_feed(tmp_path / name, on_bad_row="skip")


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("a.csv", "", "a header with at least an id and a title, and below it a row for each item"),
        ("a.tsv", "id\ttitle\n", "a header with at least an id and a title, and below it a row for each item"),
        ("a.xml", "<rss/>", "an item or entry for each item, with at least an id and a title"),
        ("a.html", "<html/>", "a script of type application/ld+json that holds schema.org products with"),
        ("a.json", "[]", "schema.org products with at least a name and an id such as sku, or an array of objects"),
        ("a.jsonl", "\n", "one JSON object a line with at least an id and a title"),
    ],
)
def test_a_feed_without_items_is_told_what_it_lacks(tmp_path: Path, name: str, text: str, hint: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match="holds no items") as caught:
        read_feed(tmp_path / name, on_bad_row="skip")
    assert caught.value.hint.startswith(f"expected {hint}")


def test_a_feed_of_bad_rows_only_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,title\n1,\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="holds no items") as caught:
        read_feed(tmp_path / "a.csv", on_bad_row="skip")
    assert caught.value.hint.startswith("each of its rows is bad; expected a header with at least an id and a title,")
    assert caught.value.rows == ("line 2, title: None where some text was expected",)


FILES = {
    "JSON Lines": ("a.jsonl", '{"id": "1", "title": "Mug"}'),
    "a JSON document": ("a.json", '[\n{"id": "1", "title": "Mug"}]'),
    "an HTML page": ("a.html", "<html><script type='application/ld+json'>{}</script>"),
    "XML": ("a.xml", "<rss><channel><item><id>1</id><title>Mug</title></item></channel></rss>"),
    "a table": ("a.csv", "id,title\n1,Mug\n"),
    "a folder of pages": (".", ""),
}


@pytest.mark.parametrize("called", [one for one in FILES if one != "a table"])
def test_a_mapping_is_refused_where_it_would_be_ignored(tmp_path: Path, called: str) -> None:
    name, text = FILES[called]
    (tmp_path / "page.html").write_text("<html/>", encoding="utf-8")
    if text:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=f"is {called}, which takes no mapping"):
        read_feed(tmp_path / name, mapping=guessed_mapping(["id", "title"]))


@pytest.mark.parametrize(
    ("called", "forms"),
    [
        ("JSON Lines", "merchant_center shopify table"),
        ("a JSON document", "merchant_center shopify table"),
        ("an HTML page", "jsonl merchant_center shopify table"),
        ("XML", "jsonl schema_org shopify table"),
        ("a table", "jsonl schema_org"),
        ("a folder of pages", "jsonl merchant_center shopify table"),
    ],
)
def test_a_form_is_refused_where_it_would_be_ignored(tmp_path: Path, called: str, forms: str) -> None:
    name, text = FILES[called]
    (tmp_path / "page.html").write_text("<html/>", encoding="utf-8")
    if text:
        (tmp_path / name).write_text(text, encoding="utf-8")
    refused: list[str] = []
    for form in FORMS:
        try:
            read_feed(tmp_path / name, form=form, default_currency="EUR", on_bad_row="skip")
        except CatalogueError as error:
            if str(error).endswith(f"is {called}, which cannot hold the form {form}"):
                refused.append(form)
    assert sorted(refused) == forms.split()


def test_a_form_settles_what_an_array_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"id": "1", "title": "Mug"},\n{"@type": "Product", "sku": "2", "name": "Pot"},\n5]')
    assert [item.id for item in read_feed(path).items] == ["1", "2"]
    assert [item.id for item in read_feed(path, form="schema_org").items] == ["2"]
    ours = read_feed(path, form="jsonl", on_bad_row="skip")
    assert [item.id for item in ours.items] == ["1"]
    assert ours.faults == (
        Fault(3, "id", "None", "an id of 1 to 512 printable characters"),
        Fault(4, "", "5", "a JSON object"),
    )


def test_formulas_and_control_characters_are_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'id,title,description\n1,"=HYPERLINK(""x"")",+1\x00\x1b[31m@SUM\n2,-Minus,@home\n', encoding="utf-8"
    )
    items = read_feed(path).items
    assert [(item.title, item.description) for item in items] == [
        ('=HYPERLINK("x")', "+1 [31m@SUM"),
        ("-Minus", "@home"),
    ]


def _corpus(shared_data: Path, kind: str) -> list[bytes]:
    with tarfile.open(shared_data / "security/fuzz_inputs.tar.gz") as archive:
        members = [one for one in archive if one.isfile() and one.name.startswith(f"{kind}/")]
        found = [archive.extractfile(one) for one in members]
        return [file.read() for file in found if isinstance(file, io.BufferedReader)]


@pytest.mark.parametrize(("kind", "count"), [("csv", 264), ("json", 1728)])
def test_no_fuzzed_file_crashes_or_hangs_the_reader(shared_data: Path, tmp_path: Path, kind: str, count: int) -> None:
    inputs = _corpus(shared_data, kind)
    assert len(inputs) == count
    started = time.process_time()
    for data in inputs:
        for suffix in (f".{kind}", "", ".xml"):
            path = tmp_path / f"fuzz{suffix}"
            path.write_bytes(data)
            try:
                for found in stream_feed(path, default_currency="EUR"):
                    assert isinstance(found, Item | Fault)
                    str(found)
            except CatalogueError:
                pass  # no feed at all, and said so
    assert time.process_time() - started < 60


def test_fuzzed_cells_do_not_crash_a_table_that_has_a_header(shared_data: Path, tmp_path: Path) -> None:
    header = b"id,title,price,images,stock,rating,in_stock,categories,group\n"
    for data in _corpus(shared_data, "csv"):
        path = tmp_path / "fuzz.csv"
        path.write_bytes(header + data)
        assert all(isinstance(found, Item | Fault) for found in stream_feed(path, default_currency="EUR"))
