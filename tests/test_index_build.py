"""From a feed to a catalogue: what is reused, what is reported, and that damage never serves."""

import errno
import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from index import build as building
from index import embedding, snapshot
from index.build import BuildReport, build, update
from index.catalogue import Catalogue, Query
from index.durable.arrays import mapped
from index.encoders import Encoders, Vectors
from index.errors import CatalogueError, SnapshotError
from index.feeds.jsonl import read_items
from index.feeds.open import read_feed
from index.fusion import FusionWeights
from index.jobs import Embedded, LocalExecutor
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS: list[dict[str, Any]] = [
    {"id": "b", "title": "Rain coat", "description": "Dry in the rain.", "images": ["red.png"], "price": 5},
    {"id": "a", "title": "Mug", "description": "Holds tea.", "images": ["blue.png", "red.png"], "price": 6},
    {"id": "c", "title": "Tent", "price": 7},
]


class Shop:
    """A feed in a folder, encoders that count, and a place for snapshots."""

    def __init__(self, folder: Path) -> None:
        self.feed = folder / "feed.jsonl"
        self.folder = folder / "snapshots"
        self.text, self.picture = HashingTextEncoder(), ColourImageEncoder()
        for colour in ("red", "blue"):
            Image.new("RGB", (8, 8), colour).save(folder / f"{colour}.png")
        self.stock(ROWS)

    def stock(self, rows: list[dict[str, Any]]) -> None:
        self.feed.write_text("".join(json.dumps({"currency": "EUR"} | row) + "\n" for row in rows))

    def build(self, **options: Any) -> BuildReport:
        self.text.texts_seen = self.picture.images_seen = 0
        return build(self.feed, self.folder, Encoders(self.text, self.picture), **options)

    def open(self) -> Catalogue:
        return Catalogue.open(self.folder, self.text, self.picture)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_build_opens_in_feed_order(shop: Shop) -> None:
    report = shop.build()
    catalogue = shop.open()
    assert (report.items, report.faults, report.reused) == (3, (), False)
    assert [item.id for item in catalogue] == ["b", "a", "c"]
    assert (catalogue.version, catalogue.currency, len(catalogue)) == (report.version, "EUR", 3)


def test_the_same_feed_is_not_built_twice(shop: Shop) -> None:
    first = shop.build()
    again = shop.build()
    assert (again.version, again.items, again.reused) == (first.version, 3, True)
    assert (shop.text.texts_seen, shop.picture.images_seen) == (0, 0)


def test_only_what_changed_is_encoded_again(shop: Shop) -> None:
    shop.build()
    shop.stock([ROWS[0], ROWS[1] | {"price": 8}, ROWS[2] | {"title": "Big tent"}])
    report = shop.build()
    assert not report.reused
    assert (shop.text.texts_seen, shop.picture.images_seen) == (1, 0)
    again = shop.open()
    fresh = Shop(shop.feed.parent)
    fresh.folder = shop.feed.parent / "fresh"
    fresh.stock([ROWS[0], ROWS[1] | {"price": 8}, ROWS[2] | {"title": "Big tent"}])
    fresh.build()
    for query in (Query("coat"), Query(picture=Image.new("RGB", (8, 8), "blue"))):
        assert again.search(query, 3) == fresh.open().search(query, 3)


def test_equal_builds_have_equal_vectors(shop: Shop, tmp_path: Path) -> None:
    one = shop.folder / shop.build().version
    shop.folder = tmp_path / "elsewhere"
    two = shop.folder / shop.build().version
    for name in ("vectors.safetensors", "features.safetensors", "index.faiss", "items.jsonl"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_other_models_or_weights_build_anew(shop: Shop) -> None:
    first = shop.build().version
    second = shop.build(weights=FusionWeights(0.5, 0.5)).version
    shop.text = HashingTextEncoder(name="other")
    third = shop.build().version
    assert len({first, second, third}) == 3
    assert shop.picture.images_seen == 0


class Killed(BaseException):
    """Stands for kill -9: nothing of ours may catch it."""


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_a_build_that_was_cut_short_goes_on_where_it_stopped(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(embedding, "_TEXTS_AT_ONCE", 1)
    monkeypatch.setattr(embedding, "_PICTURES_AT_ONCE", 1)
    (shop.feed.parent / "fresh").mkdir()
    whole = Shop(shop.feed.parent / "fresh")
    whole.build()
    texts, pictures = whole.text.texts_seen, whole.picture.images_seen
    assert (texts, pictures) == (5, 2)
    calls = 0
    real = LocalExecutor.embed

    def embed(self: LocalExecutor, *arguments: Any) -> Iterator[Embedded]:
        nonlocal calls
        for made in real(self, *arguments):
            yield made
            calls += 1
            if calls > after:
                raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(LocalExecutor, "embed", embed)
        with pytest.raises(Killed):
            shop.build()
    done = shop.text.texts_seen + shop.picture.images_seen
    assert done == after + 1
    assert snapshot.current_version(shop.folder) is None
    shop.build()
    assert done + shop.text.texts_seen + shop.picture.images_seen == texts + pictures
    assert not (shop.folder / snapshot.WORK).exists()
    one, two = (next(folder.folder.glob("0*")) for folder in (shop, whole))
    for name in ("vectors.safetensors", "features.safetensors", "index.faiss"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_damaged_work_log_is_begun_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(building, "embed_texts", _die)
        with pytest.raises(Killed):
            shop.build()
    (log,) = [path for path in (shop.folder / snapshot.WORK).iterdir() if path.name.startswith("picture")]
    data = log.read_bytes()
    log.write_bytes(data[:70] + bytes([data[70] ^ 1]) + data[71:])
    assert shop.build().items == 3
    assert shop.picture.images_seen == 2


def test_another_encoder_does_not_take_what_the_first_left(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(building, "embed_texts", _die)
        with pytest.raises(Killed):
            shop.build()
    shop.picture = ColourImageEncoder(name="other")
    shop.build()
    assert shop.picture.images_seen == 2


def _die(*arguments: object) -> None:
    raise Killed


@pytest.mark.parametrize("call", ["write", "fsync", "open", "rename", "replace", "mkdir"])
def test_whatever_call_fails_the_old_version_serves_on(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Every nth call of the kind fails, through a whole build: one version before, and whole, or the one after."""
    built, first = shop.folder, shop.build().version
    shop.stock(ROWS[:2])
    real, failing, calls = getattr(os, call), 0, 1
    while calls >= failing:  # until one build needs no nth call
        failing, calls = failing + 1, 0
        shop.folder = tmp_path / f"{call}-{failing}"
        shutil.copytree(built, shop.folder)

        def sometimes(*arguments: Any, _failing: int = failing, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == _failing:
                raise OSError(errno.EIO if _failing % 2 else errno.ENOSPC, "Input/output error")
            return real(*arguments, **named)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, sometimes)
            with suppress(SnapshotError, CatalogueError):
                shop.build()
        catalogue = shop.open()
        assert len(catalogue) == (3 if catalogue.version == first else 2)
        if failing % 5 == 0:  # a restart leaves no litter
            shop.build()
            assert {path.name for path in shop.folder.iterdir() if path.name.startswith(".")} == {".lock", ".building"}
        assert failing < 200
    assert failing >= 2


def test_an_update_puts_in_takes_out_and_keeps_the_rest(shop: Shop) -> None:
    shop.build()
    shop.stock([ROWS[2] | {"title": "Big tent"}, {"id": "d", "title": "Sled"}])
    shop.text.texts_seen = 0
    report = update(shop.folder, Encoders(shop.text, shop.picture), feed=read_items(shop.feed), delete=["a", "none"])
    assert (report.items, [item.id for item in shop.open()]) == (3, ["b", "c", "d"])
    assert (shop.text.texts_seen, shop.open().item("c").title) == (2, "Big tent")
    report = update(shop.folder, Encoders(shop.text, shop.picture), feed=read_items(shop.feed), full=True)
    assert [item.id for item in shop.open()] == ["c", "d"]
    with pytest.raises(CatalogueError, match="nothing would be left"):
        update(shop.folder, Encoders(shop.text, shop.picture), delete=["c", "d"])
    with pytest.raises(SnapshotError, match="holds no snapshot"):
        update(shop.folder / "none", Encoders(shop.text, shop.picture))


def test_an_update_that_changes_nothing_keeps_the_version_and_says_which_ids_it_did_not_find(shop: Shop) -> None:
    version = shop.build().version
    encoders = Encoders(shop.text, shop.picture)
    report = update(shop.folder, encoders, delete=["nobody", "nothing", "nobody"])
    assert (report.version, report.reused, report.unknown) == (version, True, ("nobody", "nothing"))
    assert update(shop.folder, encoders, feed=read_items(shop.feed)).reused
    report = update(shop.folder, encoders, delete=["a", "nobody"])
    assert (report.items, report.reused, report.unknown) == (2, False, ("nobody",))


class SlowTextEncoder(HashingTextEncoder):
    """Takes a moment for every batch, as real ones do: two builds overlap."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.02)
        return super().encode(texts)


def _at_once(*works: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()


def test_two_builds_at_once_end_with_one_feed_and_its_own_vectors(shop: Shop, tmp_path: Path) -> None:
    feeds = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for number, feed in enumerate(feeds):
        rows = ({"id": f"{number}-{n}", "title": f"Thing {number} {n}", "price": 5} for n in range(120))
        feed.write_text("".join(json.dumps({"currency": "EUR"} | row) + "\n" for row in rows))

    def work(feed: Path) -> Callable[[], object]:
        return lambda: build(feed, shop.folder, Encoders(SlowTextEncoder(), ColourImageEncoder()))

    _at_once(*map(work, feeds))
    for folder, feed in ((tmp_path / "alone-0", feeds[0]), (tmp_path / "alone-1", feeds[1])):
        build(feed, folder, Encoders(shop.text, shop.picture))
    both = shop.open()
    ids = [item.id for item in both]
    alone_in = tmp_path / f"alone-{ids[0][0]}"
    assert ids == [item.id for item in Catalogue.open(alone_in, shop.text, shop.picture)]
    features = "features.safetensors"
    kept, expected = (mapped(snapshot.verified(folder)[0] / features) for folder in (shop.folder, alone_in))
    for name in ("text_keys", "text"):
        assert np.array_equal(kept[name][:], expected[name][:])


def test_two_updates_at_once_lose_nothing_of_each_other(shop: Shop, tmp_path: Path) -> None:
    shop.build()

    def work(name: str) -> Callable[[], object]:
        feed = tmp_path / f"{name}.jsonl"
        feed.write_text(json.dumps({"id": name, "title": f"Lamp {name}", "price": 5, "currency": "EUR"}) + "\n")
        encoders = Encoders(SlowTextEncoder(), ColourImageEncoder())
        return lambda: update(shop.folder, encoders, feed=read_items(feed))

    encoders = Encoders(shop.text, shop.picture)
    _at_once(work("x"), work("y"), lambda: update(shop.folder, encoders, delete=["a"]))
    assert sorted(item.id for item in shop.open()) == ["b", "c", "x", "y"]


def test_links_of_an_update_reach_the_whole_catalogue_and_go_with_what_they_lead_to(shop: Shop, tmp_path: Path) -> None:
    shop.build()
    encoders = Encoders(shop.text, shop.picture)
    row = {"id": "c", "title": "Tent", "price": 7, "currency": "EUR", "links": {"related": ["a", "nobody", "c"]}}
    (tmp_path / "news.jsonl").write_text(json.dumps(row) + "\n")
    update(shop.folder, encoders, feed=read_feed(tmp_path / "news.jsonl", outward_links=True))
    assert shop.open().item("c").related == {"related": ("a",)}
    update(shop.folder, encoders, delete=["a"])
    assert shop.open().item("c").related == {}


def test_after_a_full_update_the_former_feed_can_be_built_again(shop: Shop, tmp_path: Path) -> None:
    shop.build()
    (tmp_path / "all.jsonl").write_text(json.dumps({"id": "z", "title": "Sled", "price": 7, "currency": "EUR"}) + "\n")
    update(shop.folder, Encoders(shop.text, shop.picture), feed=read_items(tmp_path / "all.jsonl"), full=True)
    report = shop.build()
    assert (report.items, report.reused) == (3, False)


def test_reading_is_told_while_it_goes_on(shop: Shop) -> None:
    shop.stock([{"id": f"n{number}", "title": f"Mug {number}", "price": 5} for number in range(2500)])
    told: list[tuple[str, int, int]] = []

    def tell(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))

    shop.build(progress=tell)
    reading = [(done, done <= total) for stage, done, total in told if stage == "reading"]
    assert reading == [(1000, True), (2000, True), (2500, True)]


def test_items_that_read_alike_are_reported_and_stay(shop: Shop) -> None:
    words = "A warm blanket of thick wool for cold evenings on the sofa, woven in one piece and easily washed"
    shop.stock([{"id": name, "title": "Wool blanket", "description": words, "price": 9} for name in ("one", "two")])
    report = shop.build(near_duplicates=0.85)
    assert (report.items, [fault.value for fault in report.faults]) == (2, ["'two reads 100% like one'"])


def test_a_changed_picture_builds_anew(shop: Shop) -> None:
    first = shop.build().version
    Image.new("RGB", (8, 8), "green").save(shop.feed.parent / "red.png")
    assert shop.build().version != first
    assert shop.picture.images_seen == 1


def test_an_unreadable_picture_is_reported_and_left_out(shop: Shop) -> None:
    (shop.feed.parent / "blue.png").write_bytes(b"no picture")
    report = shop.build()
    assert [(fault.value, fault.loses_item) for fault in report.faults] == [("blue.png", False)]
    assert [picture.path.name for picture in shop.open().item("a").pictures] == ["red.png"]


def test_bad_rows_are_refused_or_skipped(shop: Shop) -> None:
    shop.stock([*ROWS, {"id": "d", "title": "Bad", "price": -1}])
    with pytest.raises(CatalogueError, match="1 bad rows"):
        shop.build()
    report = shop.build(on_bad_row="skip")
    assert (report.items, [fault.line for fault in report.faults]) == (3, [4])


def test_progress_is_told_by_stage(shop: Shop) -> None:
    told: list[tuple[str, int, int]] = []

    def tell(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))

    shop.build(progress=tell)
    stages = [stage for stage, _, _ in told]
    assert list(dict.fromkeys(stages)) == ["reading", "pictures", "text", "writing"]
    assert all(done <= total for _, done, total in told)


def test_a_catalogue_without_any_picture_builds(shop: Shop) -> None:
    shop.stock([{"id": "a", "title": "Mug"}, {"id": "b", "title": "Tent"}])
    shop.build()
    hits = shop.open().search(Query("tent", picture=Image.new("RGB", (8, 8), "red")), 2)
    assert [hit.item_id for hit in hits] == ["b", "a"]


@pytest.mark.parametrize(
    "name",
    ["items.jsonl", "vectors.safetensors", "features.safetensors", "index.faiss", "manifest.json"],
)
def test_a_flipped_bit_is_refused_and_mended_by_a_build(shop: Shop, name: str) -> None:
    path = shop.folder / shop.build().version / name
    whole = path.read_bytes()
    for at in np.random.default_rng(0).integers(0, len(whole), 5):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(SnapshotError, match=r"SHA-256|damaged"):
            shop.open()
    assert not shop.build().reused
    assert len(shop.open()) == 3


def test_other_encoders_are_refused(shop: Shop) -> None:
    shop.build()
    with pytest.raises(SnapshotError, match="has text encoder 'hashing-words', expected 'other'"):
        Catalogue.open(shop.folder, HashingTextEncoder(name="other"), shop.picture)
    with pytest.raises(SnapshotError, match="has picture encoder 'grid-colours', expected 'other'"):
        Catalogue.open(shop.folder, shop.text, ColourImageEncoder(name="other"))


def test_a_rollback_serves_the_former_items(shop: Shop) -> None:
    first = shop.build().version
    shop.stock(ROWS[:1])
    shop.build()
    assert len(shop.open()) == 1
    assert snapshot.rollback(shop.folder) == first
    assert len(shop.open()) == 3


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_disk_that_takes_no_more_bytes_leaves_the_old_version(shop: Shop) -> None:
    """Native writers too: files may not grow beyond a limit, as on a full disk, in a child of its own."""
    first = shop.build().version
    largest = max(path.stat().st_size for path in (shop.folder / first).iterdir())
    shop.stock([{"id": f"i{n}", "title": f"Thing {n}"} for n in range(3)])
    for limit in (0, 64, 300, 1000, largest // 2):
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                shop.build()
            except SnapshotError:
                os._exit(7)
            finally:
                os._exit(8)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7, limit
        assert shop.open().version == first
    assert shop.build().version != first
