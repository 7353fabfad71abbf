"""Histories from files: checked whole, kept once, every bad row told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.storage.database import Database
from assistant.storage.event_files import Columns, EventFileError, import_events
from assistant.storage.events import StoredEvents
from index.errors import SetupError

GOOD = """shopper,item,kind,time,value
kim,lamp-1,purchase,2026-05-01T10:00:00+02:00,2
kim,lamp-2,rating,1777640400,4.5
ali,lamp-1,view,2026-05-03,
"""


@pytest.fixture
def events(tmp_path: Path) -> StoredEvents:
    return StoredEvents(Database.open(f"sqlite:///{tmp_path / 'whybuy.db'}"))


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_become_events_and_a_second_import_changes_nothing(tmp_path: Path, events: StoredEvents) -> None:
    path = written(tmp_path, GOOD)
    first = import_events(path, events)
    assert (first.rows, first.stored, first.duplicates, first.left_out) == (3, 3, 0, 0)
    again = import_events(path, events)
    assert (again.rows, again.stored, again.duplicates) == (3, 0, 3)
    rated, bought = events.of("kim")
    assert (bought.item_id, bought.kind, bought.value) == ("lamp-1", "purchase", 2.0)
    assert bought.at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert (rated.kind, rated.value, rated.at) == ("rating", 4.5, datetime(2026, 5, 1, 13, tzinfo=UTC))
    assert [event.item_id for event in events.of("ali")] == ["lamp-1"]


def test_columns_of_other_names_and_constants_are_mapped(tmp_path: Path, events: StoredEvents) -> None:
    path = written(tmp_path, "Customer ID;StockCode;When\n17850;85123A;2011-10-31 08:26:00\n")
    columns = Columns.read("shopper=Customer ID, item=StockCode, time=When, kind:=purchase")
    assert import_events(path, events, columns).stored == 1
    assert [(e.item_id, e.kind) for e in events.of("17850")] == [("85123A", "purchase")]


def test_one_bad_row_refuses_the_file_and_every_bad_row_is_told(tmp_path: Path, events: StoredEvents) -> None:
    bad = GOOD + ",lamp-1,view,2026-05-03,\nkim,lamp-1,stare,2026-05-03,\nkim,lamp-1,view,soon,\n"
    bad += "kim,lamp-1,rating,2026-05-03,7\nkim,lamp-1\nkim,lamp-1,view,2126-05-03,\n"
    with pytest.raises(EventFileError, match="6 bad rows of 9; nothing was kept") as caught:
        import_events(written(tmp_path, bad), events)
    assert events.of("kim") == []
    kinds = "cart, click, dislike, like, not_interested, purchase, rating, view"
    times = "ISO 8601 or seconds since 1970, from 2000 until now"
    assert caught.value.rows == (
        "line 5, shopper: nothing where an id of 1 to 255 characters, without line breaks was expected",
        f"line 6, kind: 'stare' where one of {kinds} was expected",
        f"line 7, time: 'soon' where {times} was expected",
        "line 8, value: '7' where the stars of a rating, 1 to 5 was expected",
        "line 9: 2 cells where 5, as in the header was expected",
        f"line 10, time: '2126-05-03' where {times} was expected",
    )


def test_bad_rows_can_be_left_out(tmp_path: Path, events: StoredEvents) -> None:
    report = import_events(written(tmp_path, GOOD + "kim,lamp-1,stare,2026-05-03,\n"), events, skip_bad=True)
    assert (report.rows, report.stored, report.left_out, len(report.faults)) == (4, 3, 1, 1)


def test_a_file_without_the_columns_says_which_it_has(tmp_path: Path, events: StoredEvents) -> None:
    with pytest.raises(SetupError, match="no column for shopper, kind; its columns: user, item, time"):
        import_events(written(tmp_path, "user,item,time\n"), events)
    with pytest.raises(SetupError, match="neither"):
        import_events(written(tmp_path, "", "log.json"), events)
    with pytest.raises(SetupError, match="cannot be read"):
        Columns.read("buyer=Customer ID")


def test_parquet_is_read_as_csv_is(tmp_path: Path, events: StoredEvents) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    when = datetime(2026, 5, 1, 8)
    rows = {
        "shopper": [17850.0, 17851.0],
        "item": ["lamp-1", "lamp-2"],
        "kind": ["view", "cart"],
        "time": [when, when],
    }
    pq.write_table(pa.table(rows), tmp_path / "log.parquet")
    assert import_events(tmp_path / "log.parquet", events).stored == 2
    assert import_events(tmp_path / "log.parquet", events).duplicates == 2
    [event] = events.of("17850")
    assert (event.item_id, event.kind, event.at) == ("lamp-1", "view", when.replace(tzinfo=UTC))


def test_text_that_is_no_table_is_told_not_raised(tmp_path: Path, events: StoredEvents) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(GOOD.encode() + b'kim,"lamp"x,view,2026-05-03,\nkim,\xff\xfe,view,2026-05-03,\n')
    with pytest.raises(EventFileError, match="2 bad rows") as caught:
        import_events(path, events)
    assert len(caught.value.rows) == 2
    assert "UTF-8" in caught.value.rows[-1]


def test_the_command_imports_once_and_tells_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHYBUY_DATA_DIR", str(tmp_path / "data"))
    path = written(tmp_path, GOOD)
    first = CliRunner().invoke(app, ["events", "import", str(path)])
    strange = "of them are of items that this shop does not have: they are kept, and weigh nothing\n"
    assert first.output == f"3 rows: 3 new, 0 known already, 0 left out\n3 {strange}"
    again = CliRunner().invoke(app, ["events", "import", str(path)])
    assert again.output == f"3 rows: 0 new, 3 known already, 0 left out\n3 {strange}"
    other = written(tmp_path, '{"id": "lamp-1", "title": "Lamp"}\n', "other.jsonl")
    elsewhere = CliRunner().invoke(app, ["events", "import", str(path), "--catalogue", str(other)])
    assert elsewhere.output == f"3 rows: 3 new, 0 known already, 0 left out\n1 {strange}"  # its own history
    kept = sorted((tmp_path / "data").rglob("*.db"))
    nowhere = CliRunner().invoke(app, ["events", "import", str(path), "--catalogue", str(tmp_path / "none.jsonl")])
    assert nowhere.exit_code == 1
    assert "none.jsonl' is not a file" in nowhere.output
    damaged = str(written(tmp_path, '{"event": "x"\n', "damaged.jsonl"))
    broken = CliRunner().invoke(app, ["events", "import", str(path), "--catalogue", damaged])
    assert broken.exit_code == 1
    assert "damaged.jsonl holds no items" in broken.output
    assert "line 1" in broken.output
    assert sorted((tmp_path / "data").rglob("*.db")) == kept
    bad = CliRunner().invoke(app, ["events", "import", str(written(tmp_path, GOOD + "kim,,view,2026-05-03,\n" * 21))])
    assert bad.exit_code == 1
    assert bad.output.splitlines()[:2] == [
        "Error: log.csv has 21 bad rows of 24; nothing was kept",
        "  line 5, item: nothing where an id of 1 to 512 characters, without line breaks was expected",
    ]
    assert "  and 1 more" in bad.output.splitlines()


@pytest.mark.parametrize(("said", "kept"), [("2", 2.0), (" 4.5 ", 4.5), ("", None)])
def test_a_value_is_a_number_or_nothing(tmp_path: Path, events: StoredEvents, said: str, kept: float | None) -> None:
    import_events(written(tmp_path, f"shopper,item,kind,time,value\nkim,lamp-1,cart,2026-05-03,{said}\n"), events)
    assert [event.value for event in events.of("kim")] == [kept]


@pytest.mark.parametrize("said", ["nan", "inf", "-1", "two", "1000001"])
def test_what_is_no_value_is_refused(tmp_path: Path, events: StoredEvents, said: str) -> None:
    with pytest.raises(EventFileError, match="1 bad rows of 1"):
        import_events(written(tmp_path, f"shopper,item,kind,time,value\nkim,lamp-1,cart,2026-05-03,{said}\n"), events)


def test_an_id_for_two_things_is_found_before_anything_is_kept(tmp_path: Path, events: StoredEvents) -> None:
    rows = "".join(f"u{n % 7},lamp-1,view,2026-01-01,,p{n}\n" for n in range(2_500))
    path = written(tmp_path, f"shopper,item,kind,time,value,id\n{rows}u1,lamp-2,cart,2026-01-01,,p1\n")
    with pytest.raises(EventFileError, match="1 bad rows of 2501; nothing was kept") as caught:
        import_events(path, events)
    assert caught.value.rows == (
        "line 2502, id: 'p1' where an id that no other event of this shopper has was expected",
    )
    assert events.of("u1") == []
    report = import_events(path, events, skip_bad=True)
    assert (report.stored, report.left_out) == (2_500, 1)
    assert import_events(path, events, skip_bad=True).duplicates == 2_500
    assert {event.item_id for event in events.of("u1", limit=999)} == {"lamp-1"}


def test_an_id_that_the_database_has_for_something_else_is_found_too(tmp_path: Path, events: StoredEvents) -> None:
    import_events(written(tmp_path, "shopper,item,kind,time,id\nkim,lamp-1,view,2026-01-01,p1\n"), events)
    path = written(tmp_path, "shopper,item,kind,time,id\nkim,mug,view,2026-01-02,p2\nkim,mug,view,2026-01-01,p1\n")
    with pytest.raises(EventFileError) as caught:
        import_events(path, events)
    assert [row.partition(":")[0] for row in caught.value.rows] == ["line 3, id"]
    assert [event.id for event in events.of("kim")] == ["p1"]


def test_rows_of_one_day_keep_the_order_of_the_file(tmp_path: Path, events: StoredEvents) -> None:
    rows = "".join(f"kim,lamp-{n},view,2026-01-01\n" for n in range(40))
    import_events(written(tmp_path, f"shopper,item,kind,time\n{rows}"), events)
    assert [event.item_id for event in events.of("kim")] == [f"lamp-{n}" for n in reversed(range(40))]


def test_events_of_items_the_shop_lacks_are_counted(tmp_path: Path, events: StoredEvents) -> None:
    report = import_events(written(tmp_path, GOOD), events, sold={"lamp-1"})
    assert (report.stored, report.strangers) == (3, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("kim\0,lamp-1,view,2026-05-03,,", "shopper"),
        ('"kim\nlee",lamp-1,view,2026-05-03,,', "shopper"),
        (f"{'k' * 256},lamp-1,view,2026-05-03,,", "shopper"),
        (f"kim,{'l' * 513},view,2026-05-03,,", "item"),
        ("kim,la\u2028mp,view,2026-05-03,,", "item"),
        ('kim,lamp-1,view,2026-05-03,,"a\tb"', "id"),
        ("kim,lamp-1,purchase,2026-05-03,0,", "value"),
    ],
)
def test_what_the_api_refuses_files_do_not_bring_in(tmp_path: Path, events: StoredEvents, row: str, said: str) -> None:
    with pytest.raises(EventFileError) as caught:
        import_events(written(tmp_path, f"shopper,item,kind,time,value,id\n{row}\n"), events)
    assert caught.value.rows[0].startswith(f"line 2, {said}: ")


def test_ids_may_be_as_long_as_everywhere(tmp_path: Path, events: StoredEvents) -> None:
    rows = f"{'k' * 255},{'l' * 512},view,2026-05-03\n"
    assert import_events(written(tmp_path, f"shopper,item,kind,time\n{rows}"), events).stored == 1


class TestParquet:
    """What only Parquet can hold."""

    @staticmethod
    def imported(folder: Path, events: StoredEvents, **columns: Any) -> tuple[int, tuple[str, ...]]:
        """How many rows were kept, and what was said of the others; lists or arrays of one length."""
        pa = pytest.importorskip("pyarrow")
        pq = pytest.importorskip("pyarrow.parquet")
        [count] = {len(values) for values in columns.values()}
        usual = {"shopper": ["kim"] * count, "item": ["lamp-1"] * count, "kind": ["view"] * count}
        pq.write_table(pa.table(usual | {"time": ["2026-05-01"] * count} | columns), folder / "log.parquet")
        report = import_events(folder / "log.parquet", events, skip_bad=True)
        return report.stored, tuple(map(str, report.faults))

    def test_a_moment_beyond_all_years_costs_its_row_only(self, tmp_path: Path, events: StoredEvents) -> None:
        pa = pytest.importorskip("pyarrow")
        times = pa.array([2**62, 1_777_593_600_000_000, None]).cast(pa.timestamp("us"))
        stored, faults = self.imported(tmp_path, events, time=times)
        assert stored == 1
        assert [fault.partition(" where")[0] for fault in faults] == [
            "line 1, time: 4.61169e+12 seconds since 1970",
            "line 3, time: nothing",
        ]
        assert [event.at for event in events.of("kim")] == [datetime(2026, 5, 1, tzinfo=UTC)]

    def test_a_zone_nobody_knows_does_not_matter(self, tmp_path: Path, events: StoredEvents) -> None:
        pa = pytest.importorskip("pyarrow")
        times = pa.array([1_777_593_600_000]).cast(pa.timestamp("ms", "Mars/X"))
        assert self.imported(tmp_path, events, time=times) == (1, ())
        assert [event.at for event in events.of("kim")] == [datetime(2026, 5, 1, tzinfo=UTC)]

    def test_a_date_beyond_all_years_costs_its_row_only(self, tmp_path: Path, events: StoredEvents) -> None:
        pa = pytest.importorskip("pyarrow")
        stored, faults = self.imported(tmp_path, events, time=pa.array([2**30, 20_574], pa.int32()).cast(pa.date32()))
        assert (stored, len(faults)) == (1, 1)

    def test_lists_bytes_and_numbers_that_are_none_are_no_ids(self, tmp_path: Path, events: StoredEvents) -> None:
        assert self.imported(tmp_path, events, shopper=[["a"], ["b"]])[0] == 0
        assert self.imported(tmp_path, events, shopper=[b"a\xff", b"ann"])[0] == 1
        assert self.imported(tmp_path, events, shopper=[float("nan"), 17850.0])[0] == 1
        assert [len(events.of(who)) for who in ("ann", "17850", "['a']", "nan")] == [1, 1, 0, 0]

    def test_two_columns_of_one_name_are_told(self, tmp_path: Path, events: StoredEvents) -> None:
        pa = pytest.importorskip("pyarrow")
        pq = pytest.importorskip("pyarrow.parquet")
        names = ["shopper", "item", "kind", "time", "time"]
        pq.write_table(pa.table([pa.array(["x"])] * 5, names=names), tmp_path / "log.parquet")
        with pytest.raises(SetupError, match="more than one column 'time'"):
            import_events(tmp_path / "log.parquet", events)

    def test_damaged_pages_are_told(self, tmp_path: Path, events: StoredEvents) -> None:
        pa = pytest.importorskip("pyarrow")
        pq = pytest.importorskip("pyarrow.parquet")
        count = 5_000
        rows = {"shopper": ["kim"] * count, "kind": ["view"] * count, "time": ["2026-05-01"] * count}
        items = [f"lamp-{n * 7919 % 10_007}" for n in range(count)]
        path = tmp_path / "log.parquet"
        pq.write_table(pa.table(rows | {"item": items}), path, use_dictionary=False)
        whole = bytearray(path.read_bytes())
        middle = len(whole) // 3
        whole[middle : middle + 2_000] = b"\xff" * 2_000
        path.write_bytes(whole)
        with pytest.raises(SetupError, match="not a whole Parquet file"):
            import_events(path, events, skip_bad=True)
        assert events.of("kim") == []
