"""A new version of the index is taken up while turns go on: none fails, none mixes two versions."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.exchange import Ask, SceneAsk, Shelf, Update, Words
from assistant.reload import ReloadingAssistant
from index import snapshot
from index.build import build
from index.catalogue import Query
from index.encoders import Encoders
from index.errors import SnapshotError
from index.filters import Condition, Op
from index.items import Item, Money
from index.live import LiveCatalogue
from index.testing import ColourImageEncoder, HashingTextEncoder

SIZE = 6
CLOSED: list["Clerk"] = []


class Clerk:
    """An assistant that asks the catalogue again and again within a turn, and tells all it was told."""

    def __init__(self, catalogue: LiveCatalogue) -> None:
        self._catalogue = catalogue
        self.brands = sorted(catalogue.vocabulary().brands)

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        yield Words(",".join(self.brands))
        for _ in range(3):
            for hit in self._catalogue.search(Query(ask.message), SIZE):
                yield Words(self._catalogue.item(hit.item_id).title)
            yield Words(f"version {self._catalogue.version}")
            yield Words(f"{len(self._catalogue)} items")

    def recommend(self, ask: SceneAsk) -> Shelf:
        return Shelf((), (), {"index": self._catalogue.version}, (), {})

    def close(self) -> None:
        CLOSED.append(self)


class Shop:
    def __init__(self, folder: Path) -> None:
        self.feed, self.folder = folder / "feed.jsonl", folder / "index"
        self.encoders = Encoders(HashingTextEncoder(), ColourImageEncoder())
        self.build(0)
        self.assistant = ReloadingAssistant(self.folder, self.encoders, Clerk)

    def build(self, stamp: int) -> str:
        rows = [{"id": f"i{n}", "title": f"Thing {n} of {stamp}", "brand": f"Brand{stamp}"} for n in range(SIZE)]
        self.feed.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return build(self.feed, self.folder, self.encoders).version

    def turn(self) -> list[str]:
        return [update.text for update in self.assistant.stream(Ask(message="thing")) if isinstance(update, Words)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.assistant.close()


def stamps(told: list[str]) -> set[str]:
    return {line.rpartition(" ")[2] for line in told if line.startswith("Thing")}


@pytest.mark.parametrize("reloads", [12, pytest.param(50, marks=pytest.mark.slow)])
def test_reloads_under_requests_fail_none_and_mix_nothing(shop: Shop, reloads: int) -> None:
    turns: list[list[str]] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                turns.append(shop.turn())
            except BaseException as error:
                failures.append(error)
                return

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for stamp in range(1, reloads + 1):
        if stamp % 10 == 0:
            snapshot.rollback(shop.folder)
        else:
            shop.build(stamp)
        assert shop.assistant.check()
    stop.set()
    for asker in askers:
        asker.join()
    assert failures == []
    assert len(turns) > reloads
    for told in turns:
        (stamp,) = stamps(told)
        assert told[0] == f"Brand{stamp}"
        assert len([line for line in told if line.startswith("Thing")]) == 3 * SIZE
        assert len({line for line in told if line.startswith("version")}) == 1
    assert len({stamp for told in turns for stamp in stamps(told)}) > reloads // 5


def test_a_turn_ends_in_the_version_it_began_with_even_step_by_step(shop: Shop) -> None:
    updates = shop.assistant.stream(Ask(message="thing"))
    told = [next(updates), next(updates)]
    shop.build(1)
    assert shop.assistant.check()
    shop.build(2)
    assert shop.assistant.check()
    rest: list[Update] = []
    other = threading.Thread(target=lambda: rest.extend(updates))  # a server goes on in any thread
    other.start()
    other.join()
    texts = [update.text for update in [*told, *rest] if isinstance(update, Words)]
    assert stamps(texts) == {"0"}
    assert stamps(shop.turn()) == {"2"}


def test_an_increment_is_seen_by_the_next_turn_and_by_none_that_runs(shop: Shop) -> None:
    updates = shop.assistant.stream(Ask(message="thing"))
    next(updates)
    shop.assistant.catalogue.upsert([Item("new", "Thing 9 of 0", brand="Newbrand", price=Money(5, "EUR"))])
    texts = [update.text for update in updates if isinstance(update, Words)]
    assert {line for line in texts if line.endswith("items")} == {f"{SIZE} items"}
    assert f"{SIZE + 1} items" in shop.turn()
    assert shop.turn()[0] == "Brand0"
    assert shop.assistant.check()
    assert shop.turn()[0] == "Brand0,Newbrand"
    assert not shop.assistant.check()
    assert shop.assistant.item("new").title == "Thing 9 of 0"
    assert ("new" in shop.assistant, len(shop.assistant), shop.assistant.currency) == (True, 7, "EUR")


def test_increments_of_another_process_are_taken_up(shop: Shop) -> None:
    other = LiveCatalogue.open(shop.folder, shop.encoders.text, shop.encoders.picture)
    other.set_price("i1", Money(700, "EUR"))
    assert shop.assistant.item("i1").price is None
    assert shop.assistant.check()
    assert shop.assistant.item("i1").price == Money(700, "EUR")
    assert shop.assistant.catalogue.matching([Condition("price", Op.LE, Money(700, "EUR"))]) == ["i1"]


def test_a_damaged_version_is_not_taken_up(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    version = shop.build(1)
    path = shop.folder / version / "items.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert not shop.assistant.check()
    assert not shop.assistant.check()
    assert stamps(shop.turn()) == {"0"}
    assert caplog.text.count("cannot be used") == 1
    path.write_bytes(whole)
    assert shop.assistant.check()
    assert stamps(shop.turn()) == {"1"}


def test_a_version_whose_turns_have_ended_may_be_deleted(shop: Shop) -> None:
    first = snapshot.current_version(shop.folder)
    updates = shop.assistant.stream(Ask(message="thing"))
    next(updates)
    for stamp in range(1, 5):
        shop.build(stamp)
        shop.assistant.check()
    assert first in snapshot.versions(shop.folder)
    assert shop.assistant.recommend(SceneAsk("home")).versions == {"index": snapshot.current_version(shop.folder)}
    CLOSED.clear()
    list(updates)
    assert [clerk.brands for clerk in CLOSED] == [["Brand0"]]
    shop.build(5)
    assert first not in snapshot.versions(shop.folder)


def test_the_watcher_takes_up_by_itself(shop: Shop) -> None:
    shop.assistant.watch(every_s=0.02)
    shop.build(1)
    for _ in range(500):
        if stamps(shop.turn()) == {"1"}:
            break
        threading.Event().wait(0.02)
    assert stamps(shop.turn()) == {"1"}


def test_no_index_is_said(tmp_path: Path) -> None:
    made: list[Any] = []
    with pytest.raises(SnapshotError, match="holds no snapshot"):
        ReloadingAssistant(tmp_path, Encoders(HashingTextEncoder(), ColourImageEncoder()), made.append)  # type: ignore[arg-type]
