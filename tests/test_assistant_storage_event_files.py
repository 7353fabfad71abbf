"""Histories from files: checked whole, kept once, every bad row told."""

from datetime import UTC, datetime
from pathlib import Path

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
        "line 5, shopper: nothing where an id of 1 to 255 characters was expected",
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
    assert first.output == "3 rows: 3 new, 0 known already, 0 left out\n"
    again = CliRunner().invoke(app, ["events", "import", str(path)])
    assert again.output == "3 rows: 0 new, 3 known already, 0 left out\n"
    elsewhere = CliRunner().invoke(app, ["events", "import", str(path), "--catalogue", str(tmp_path / "other.jsonl")])
    assert elsewhere.output == "3 rows: 3 new, 0 known already, 0 left out\n"  # another shop: its own history
    bad = CliRunner().invoke(app, ["events", "import", str(written(tmp_path, GOOD + "kim,,view,2026-05-03,\n" * 21))])
    assert bad.exit_code == 1
    assert bad.output.splitlines()[:2] == [
        "Error: log.csv has 21 bad rows of 24; nothing was kept",
        "  line 5, item: nothing where an id of 1 to 255 characters was expected",
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
