"""Loading logs and splitting them: what is kept, in which order, and that splits do not leak."""

from pathlib import Path

import numpy as np
import pytest

from assistant.recommend.interactions import Interactions
from finetune import interactions
from index.errors import SetupError

CSV = """shopper_id,sku,at,kind,value,title
b,x,2026-01-02T00:00:00,purchase,,Xylophone
a,y,2026-01-01T12:00:00Z,rating,1,Yoyo
b,y,2026-01-01 06:00:00,view,,Yoyo
"""


def test_a_csv_file_of_events_is_read_with_weights_times_and_titles(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(CSV)
    material = interactions.load(str(tmp_path / "log.csv"), tmp_path)
    log = material.log
    assert (log.shoppers, log.items, material.titles_N) == (("a", "b"), ("x", "y"), ("Xylophone", "Yoyo"))
    assert log.row_E.tolist() == [1, 1, 0]
    assert log.weight_E.tolist() == [-1.0, 0.2, 1.0]  # one star; a view; a purchase
    day = interactions.day_of("2026-01-01")
    assert log.at_E - day == pytest.approx([0.5, 0.25, 1.0])


def test_parquet_with_seconds_reads_as_csv_with_dates(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"user_id": ["u", "u"], "item_id": [7, 8], "timestamp": [1_767_225_600_000, 1_767_312_000_000]})
    parquet.write_table(table, tmp_path / "log.parquet")
    log = interactions.read_table(tmp_path / "log.parquet").log
    assert log.items == ("7", "8")
    assert log.at_E.tolist() == [interactions.day_of("2026-01-01"), interactions.day_of("2026-01-02")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("item,at\nx,1\n", "no column 'shopper'"),
        ("shopper,item,kind\na,x,stolen\n", "event 'stolen'"),
        ("shopper,item,at\na,x,yesterday\n", "no ISO date"),
        ("shopper,item,weight\na,x,much\n", "weight that is no number"),
        ("shopper,item,weight\na,x,inf\n", "weight that is no number"),
        ("shopper,item\n", "log.csv has no events"),
        ("shopper,item\na,x\n,y\n", "event 2 has no shopper"),
        ("shopper,item\na,x\nb,  \n", "event 2 has no item"),
        ("shopper,item,at\na,x,1\na,y,inf\n", "event 2 has a moment before 1970, in the future"),
        ("shopper,item,at\na,x,-5\n", "event 1 has a moment before 1970"),
        ("shopper,item,at\na,x,2099-01-01\n", "event 1 has a moment before 1970, in the future"),
        ("shopper,item,at\na,x,1\na,x,\n", "moment"),
        ("shopper,item,Item\na,x,y\n", "two columns 'item'"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "log.csv").write_text(text)
    with pytest.raises(SetupError, match=says):
        interactions.read_table(tmp_path / "log.csv")


def test_moments_of_any_unit_and_zone_are_read(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    day, path = interactions.day_of("2026-01-01"), tmp_path / "log.parquet"
    for kind, per_day in (
        (pa.timestamp("us", "Mars/X"), 86_400 * 10**6),
        (pa.timestamp("s"), 86_400),
        (pa.date32(), 1),
    ):
        storage = pa.int32() if pa.types.is_date32(kind) else pa.int64()
        at = pa.array([int(day * per_day)], type=storage).cast(kind)
        parquet.write_table(pa.table({"shopper": ["a"], "item": ["x"], "at": at}), path)
        assert interactions.read_table(path).log.at_E.tolist() == [day]
    beyond = pa.array([2**62], type=pa.int64()).cast(pa.timestamp("us"))
    parquet.write_table(pa.table({"shopper": ["a"], "item": ["x"], "at": beyond}), path)
    with pytest.raises(SetupError, match="event 1 has a moment"):
        interactions.read_table(path)


def test_an_unknown_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no set or file 'nothing'"):
        interactions.load("nothing", tmp_path)


def test_a_split_by_day_puts_every_event_on_its_side() -> None:
    events = [("s", "x", 1.0, interactions.day_of(f"2026-01-0{d}")) for d in (1, 2, 3)]
    before, later = interactions.split_at(Interactions.of(events), interactions.day_of("2026-01-02"))
    assert (len(before), len(later)) == (1, 2)
    assert before.at_E.max() < interactions.day_of("2026-01-02") <= later.at_E.min()


def test_beauty_is_whole_and_its_last_items_are_held_out(shared_data: Path) -> None:
    material = interactions.load("beauty", shared_data.parent)
    assert (len(material.log.shoppers), len(material.log.items), len(material.log)) == (22_363, 12_101, 176_139)
    first = material.log.shoppers.index("1")
    assert [material.log.items[row] for row in material.log.past(first).rows_L] == ["1", "2", "3", "4"]
    kept, held = material.log.leave_last_out()
    assert len(kept) == 176_139 - 22_363
    assert material.log.items[held[first]] == "4"


def test_online_retail_has_no_nameless_customers_and_no_cancellations(shared_data: Path) -> None:
    material = interactions.load("online_retail", shared_data.parent)
    log = material.log
    assert material.basket_E is not None
    assert len(material.basket_E) == len(log)
    assert (np.diff(log.at_E)[np.diff(log.shopper_E) == 0] >= 0).all()
    assert log.at_E.max() < interactions.day_of("2011-11-01")
    # an interaction is one item of one basket: no pair of basket and item comes twice
    assert len({(int(b), int(r)) for b, r in zip(material.basket_E, log.row_E, strict=True)}) == len(log)
