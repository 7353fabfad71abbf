"""Increments while serving: seen at once, embedded once, acknowledged for good, and one moment per reader."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from index import snapshot
from index.build import build, update
from index.catalogue import Catalogue, Query
from index.durable.changes import Numbers
from index.encoders import Encoders
from index.errors import SnapshotError, UnknownItemError
from index.feeds.jsonl import read_items
from index.filters import Condition, Op
from index.items import Item, Money, Picture
from index.live import LiveCatalogue
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS: list[dict[str, Any]] = [
    {"id": "coat", "title": "Rain coat", "brand": "Alba", "description": "Dry in the rain.", "price": 50,
     "images": ["red.png"],
     "variants": [{"id": "s", "options": {"size": "S"}, "stock": 1},
                  {"id": "m", "options": {"size": "M"}, "stock": 0}]},
    {"id": "mug", "title": "Mug", "description": "Holds tea.", "images": ["blue.png"], "price": 6, "stock": 3},
    {"id": "tent", "title": "Tent", "description": "Sleeps two.", "price": 70},
    {"id": "lamp", "title": "Camping lamp", "description": "Shines.", "price": 20},
]  # fmt: skip


def under(amount: int) -> Condition:
    return Condition("price", Op.LE, Money(amount * 100, "EUR"))


class Shop:
    """A built shop with encoders that count."""

    def __init__(self, folder: Path, rows: list[dict[str, Any]] = ROWS) -> None:
        self.home = folder
        self.folder = folder / "snapshots"
        for colour in ("red", "blue", "green"):
            Image.new("RGB", (8, 8), colour).save(folder / f"{colour}.png")
        self.feed = folder / "feed.jsonl"
        self.feed.write_text("".join(json.dumps({"currency": "EUR"} | row) + "\n" for row in rows))
        self.encoders = Encoders(HashingTextEncoder(), ColourImageEncoder())
        build(self.feed, self.folder, self.encoders)

    def open(self) -> LiveCatalogue:
        return LiveCatalogue.open(self.folder, self.encoders.text, self.encoders.picture)

    def seen(self) -> tuple[int, int]:
        """Texts and pictures embedded since this was last asked."""
        text, picture = self.encoders.text, self.encoders.picture
        assert isinstance(text, HashingTextEncoder)
        assert isinstance(picture, ColourImageEncoder)
        found = (text.texts_seen, picture.images_seen)
        text.texts_seen = picture.images_seen = 0
        return found


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def live(shop: Shop) -> Iterator[LiveCatalogue]:
    opened = shop.open()
    shop.seen()
    yield opened
    opened.close()


def ids(catalogue: Catalogue, text: str, k: int = 9, *conditions: Condition) -> list[str]:
    return [hit.item_id for hit in catalogue.search(Query(text), k, conditions)]


def test_every_question_of_a_catalogue_is_answered_by_the_view(live: LiveCatalogue) -> None:
    for name in vars(Catalogue):
        if not name.startswith("_") or name in ("__len__", "__iter__", "__contains__"):
            assert name in vars(LiveCatalogue), name
    assert [item.id for item in live] == ["coat", "mug", "tent", "lamp"]
    assert (len(live), "mug" in live, live.currency) == (4, True, "EUR")
    assert live.version == live.view.version


def test_price_and_stock_are_seen_by_the_next_search_without_embedding(shop: Shop, live: LiveCatalogue) -> None:
    assert "tent" not in ids(live, "tent", 9, under(60))
    live.set_price("tent", Money(5500, "EUR"), Money(7000, "EUR"))
    assert ids(live, "tent", 1, under(60)) == ["tent"]
    assert (live.item("tent").price, live.item("tent").list_price) == (Money(5500, "EUR"), Money(7000, "EUR"))
    live.set_stock("mug", 0)
    assert "mug" not in ids(live, "mug")
    assert live.item("mug").stock == 0
    live.set_stock("mug", 1)
    assert ids(live, "mug", 1) == ["mug"]
    assert shop.seen() == (4, 0)  # the four queries
    with pytest.raises(UnknownItemError):
        live.set_stock("gone", 1)


def test_stock_of_a_variant_moves_its_options(live: LiveCatalogue) -> None:
    medium = Condition("size", Op.EQ, "M")
    assert live.matching([medium]) == []
    numbers = Numbers.of(live.item("coat"))
    live.set_numbers([replace(numbers, variants={"s": (None, 0), "m": (None, 2)})])
    assert live.matching([medium]) == ["coat"]
    assert live.matching([Condition("size", Op.EQ, "S")]) == []
    live.set_numbers([replace(numbers, variants={"m": (None, 0)})])
    assert live.matching([]) == ["mug", "tent", "lamp"]


def test_only_what_changed_is_embedded(shop: Shop, live: LiveCatalogue) -> None:
    mug = live.item("mug")
    assert live.upsert([mug]).upserted == 0
    assert live.upsert([replace(mug, rating=4.5)]).embedded == 0
    assert shop.seen() == (0, 0)
    done = live.upsert([replace(mug, rating=4.5, description="Holds tea. And coffee.")])
    assert (done.upserted, done.embedded) == (1, 1)
    assert shop.seen() == (1, 0)
    live.upsert([replace(mug, pictures=(Picture(shop.home / "green.png"),))])
    assert shop.seen() == (0, 1)
    live.upsert([replace(mug, pictures=(Picture(shop.home / "red.png"),))])
    assert shop.seen() == (0, 0)
    assert [item.id for item in live].count("mug") == 1


def test_new_items_are_found_and_deleted_ones_are_not(live: LiveCatalogue) -> None:
    live.upsert([Item("sled", "Wooden sled", price=Money(3000, "EUR")), Item("skis", "Skis", brand="Borea")])
    assert (ids(live, "wooden sled", 1), len(live)) == (["sled"], 6)
    assert live.matching([Condition("brand", Op.EQ, "Borea")]) == ["skis"]
    assert live.word_scores("skis", ["skis", "mug"]).tolist() == [1.0, 0.0]
    assert live.delete(["tent", "gone"]).deleted == 1
    assert "tent" not in live
    assert sorted(ids(live, "tent")) == ["coat", "lamp", "mug", "skis", "sled"]
    assert live.vocabulary().brands == {"Alba": 1, "Borea": 1}
    with pytest.raises(UnknownItemError):
        live.item("tent")
    live.upsert([Item("tent", "Tent again")])
    assert ids(live, "tent", 1) == ["tent"]


def test_the_best_of_the_living_scores_one_in_words(live: LiveCatalogue) -> None:
    before = live.word_scores("camping lamp tent", ["lamp", "tent", "mug"])
    assert before[0] == 1.0 > before[1] > before[2] == 0
    live.delete(["lamp"])
    assert live.word_scores("camping lamp tent", ["tent", "mug"]).tolist() == [1.0, 0.0]
    live.delete(["tent", "mug", "coat"])
    assert (len(live), ids(live, "tent"), live.currency) == (0, [], "")


def test_a_picture_that_cannot_be_read_costs_the_picture_only(shop: Shop, live: LiveCatalogue) -> None:
    (shop.home / "bad.png").write_bytes(b"no picture")
    wanted = Item("sled", "Sled", pictures=(Picture(shop.home / "bad.png"), Picture(shop.home / "none.png")))
    done = live.upsert([wanted])
    assert sorted(fault.value for fault in done.faults) == ["bad.png", "none.png"]
    assert live.item("sled").pictures == ()


def test_acknowledged_increments_are_there_after_a_restart_and_not_embedded_again(
    shop: Shop, live: LiveCatalogue
) -> None:
    live.upsert([Item("sled", "Wooden sled"), replace(live.item("mug"), title="Big mug")])
    live.set_price("coat", Money(100, "EUR"))
    live.delete(["lamp"])
    shop.seen()
    again = shop.open()
    assert shop.seen() == (0, 0)
    assert again.version == live.version
    assert {item.id: item for item in again} == {item.id: item for item in live}
    assert again.search(Query("mug sled"), 9) == live.search(Query("mug sled"), 9)
    plain = Catalogue.open(shop.folder, shop.encoders.text, shop.encoders.picture)
    assert plain.search(Query("mug sled"), 9) == live.search(Query("mug sled"), 9)
    assert build(shop.feed, shop.folder, shop.encoders).reused  # the same feed does not undo what came after it
    assert len(shop.open()) == 4


def test_increments_and_compaction_end_where_a_fresh_build_does(
    shop: Shop, live: LiveCatalogue, tmp_path: Path
) -> None:
    final = [ROWS[0] | {"price": 44}, ROWS[1] | {"title": "Big mug", "images": ["green.png"]}, ROWS[3]]
    final.append({"id": "sled", "title": "Wooden sled", "price": 30, "images": ["red.png"]})
    wanted = tmp_path / "final.jsonl"
    wanted.write_text("".join(json.dumps({"currency": "EUR"} | row) + "\n" for row in final))
    items = {item.id: item for item in read_items(wanted).items}
    live.set_price("coat", Money(4400, "EUR"))
    live.upsert([items["mug"]])
    live.delete(["tent"])
    live.upsert([items["sled"]])
    before = [live.search(Query(text), 9) for text in ("mug", "coat rain", "wooden")]
    shop.seen()
    report = live.compact()
    assert shop.seen() == (0, 0)
    assert (report.items, live.version) == (4, report.version)
    build(wanted, tmp_path / "fresh", shop.encoders)
    fresh = Catalogue.open(tmp_path / "fresh", shop.encoders.text, shop.encoders.picture)
    assert list(live) == list(fresh)
    for text, was in zip(("mug", "coat rain", "wooden"), before, strict=True):
        assert live.search(Query(text), 9) == fresh.search(Query(text), 9)
        assert [hit.item_id for hit in was] == [hit.item_id for hit in fresh.search(Query(text), 9)]
    one, two = shop.folder / report.version, tmp_path / "fresh" / fresh.version
    for name in ("vectors.safetensors", "features.safetensors", "index.faiss"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_view_never_changes_and_a_pin_holds_for_its_thread(live: LiveCatalogue) -> None:
    view = live.view
    with live.pinned() as pinned:
        threading.Thread(target=live.delete, args=(["mug"],)).start()
        while live._view is view:  # pyright: ignore[reportPrivateUsage]
            pass
        assert pinned is view
        assert ("mug" in live, len(live), ids(live, "mug", 1)) == (True, 4, ["mug"])
    assert ("mug" in live, len(live)) == (False, 3)
    assert ("mug" in view, ids(view, "mug", 1)) == (True, ["mug"])


def test_readers_never_see_half_an_increment(live: LiveCatalogue) -> None:
    """Two items always change their prices together; no search may find them apart."""
    stop, torn = threading.Event(), list[object]()

    def look() -> None:
        while not stop.is_set():
            with live.pinned():
                prices = {live.item(one).price for one in ("mug", "lamp")}
                cheap = set(live.matching([under(10)])) & {"mug", "lamp"}
            if len(prices) != 1 or len(cheap) == 1:
                torn.append((prices, cheap))

    live.set_numbers([replace(Numbers.of(live.item(one)), price=Money(500, "EUR")) for one in ("mug", "lamp")])
    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(40):
        price = Money(500 if number % 2 else 5000, "EUR")
        live.set_numbers([replace(Numbers.of(live.item(one)), price=price) for one in ("mug", "lamp")])
    stop.set()
    for reader in readers:
        reader.join()
    assert torn == []


def test_two_openers_see_each_other(shop: Shop, live: LiveCatalogue) -> None:
    other = shop.open()
    other.set_stock("mug", 7)
    assert live.item("mug").stock == 3
    assert live.refresh()
    assert live.item("mug").stock == 7
    live.set_stock("tent", 1)
    other.set_stock("lamp", 1)
    live.refresh()
    assert [live.item(one).stock for one in ("mug", "tent", "lamp")] == [7, 1, 1]
    update(shop.folder, shop.encoders, delete=["tent"])
    other.set_stock("lamp", 2)  # on the version that came into use meanwhile
    live.refresh()
    assert (live.version, len(live), live.item("lamp").stock) == (other.version, 3, 2)


def test_what_is_acknowledged_during_a_build_is_carried_over(
    shop: Shop, live: LiveCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import build as building

    live.set_stock("mug", 11)
    real = building.embed_texts

    def and_meanwhile(*arguments: Any) -> None:
        live.set_stock("lamp", 12)
        real(*arguments)

    monkeypatch.setattr(building, "embed_texts", and_meanwhile)
    shop.feed.write_text(shop.feed.read_text().replace("Tent", "Big tent"))
    build(shop.feed, shop.folder, shop.encoders)
    live.refresh()
    assert live.item("tent").title == "Big tent"
    assert live.item("lamp").stock == 12  # acknowledged while the feed was being built
    assert live.item("mug").stock == 3  # the feed is newer than this


def test_a_damaged_journal_is_refused_and_a_rollback_leaves_it_behind(shop: Shop, live: LiveCatalogue) -> None:
    live.set_stock("mug", 3)
    live.set_stock("tent", 2)
    live.compact()
    live.set_stock("mug", 9)
    journal = snapshot.journal_of(shop.folder, live.version.partition("+")[0])
    whole = journal.read_bytes()
    journal.write_bytes(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    with pytest.raises(SnapshotError, match="is damaged at byte"):
        shop.open()
    snapshot.rollback(shop.folder)
    assert shop.open().item("mug").stock == 3


@pytest.mark.parametrize(
    "numbers",
    [
        Numbers("mug", Money(-5, "EUR"), None, 1),
        Numbers("mug", Money(5, "ZZZ"), None, 1),
        Numbers("mug", -5, None, 1),  # pyright: ignore[reportArgumentType]
        Numbers("mug", None, None, -3),
        Numbers("mug", None, None, True),
        Numbers("coat", None, None, None, {"s": (None, -1)}),
    ],
)
def test_a_price_or_stock_that_cannot_be_is_refused(shop: Shop, live: LiveCatalogue, numbers: Numbers) -> None:
    before = live.version
    with pytest.raises(ValueError, match="expected"):
        live.set_numbers([Numbers("tent", Money(1, "EUR"), None, 1), numbers])
    assert (live.version, shop.open().item("tent").stock) == (before, None)


def test_an_item_without_a_name_is_refused(live: LiveCatalogue) -> None:
    for item in (Item("", "Cup"), Item("cup", " ")):
        with pytest.raises(ValueError, match="neither may be empty"):
            live.upsert([item])


def test_a_refused_increment_changes_nothing(shop: Shop, live: LiveCatalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    version = live.version
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(SnapshotError, match="No space left"):
            live.set_stock("mug", 0)
    assert (live.version, live.item("mug").stock) == (version, 3)
    live.set_stock("mug", 5)
    assert (live.item("mug").stock, shop.open().item("mug").stock) == (5, 5)


def test_an_increment_after_another_process_has_switched_is_embedded_for_the_new_version(
    shop: Shop, live: LiveCatalogue
) -> None:
    live.upsert([Item("stove", "Camping stove")])
    update(shop.folder, shop.encoders)
    live.upsert([Item("pan", "Frying pan")])
    assert [item.id for item in shop.open()][-2:] == ["stove", "pan"]


def test_an_increment_that_was_refused_once_can_be_read_back(
    shop: Shop, live: LiveCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("index.durable.journal.os.fsync", full)
        with pytest.raises(SnapshotError, match="No space left"):
            live.upsert([Item("pan", "Frying pan")])
    live.upsert([Item("pan", "Frying pan")])
    assert ids(shop.open(), "frying pan", 1) == ["pan"]


def test_an_item_put_back_during_a_compaction_brings_its_vectors_along(
    shop: Shop, live: LiveCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import build as building

    tent, real = live.item("tent"), building.embed_texts
    live.delete(["tent"])

    def and_put_back(*arguments: Any) -> None:
        monkeypatch.setattr(building, "embed_texts", real)
        real(*arguments)
        live.upsert([tent])

    monkeypatch.setattr(building, "embed_texts", and_put_back)
    update(shop.folder, shop.encoders)
    assert ids(shop.open(), "tent", 1) == ["tent"]


def test_closing_twice_does_not_close_another_file(live: LiveCatalogue, tmp_path: Path) -> None:
    live.close()
    with (tmp_path / "other").open("w") as other:
        live.close()
        other.write("still open")
    assert (tmp_path / "other").read_text() == "still open"
