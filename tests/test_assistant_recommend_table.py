"""The columns of a catalogue that changes are all of one moment, and speak of no item that is gone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.recommender import Recommender
from assistant.recommend.sources.content import ContentSource
from assistant.recommend.sources.popular import PopularSource
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import Wish
from assistant.turn import Finder
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.items import Item
from index.live import LiveCatalogue
from index.testing import ColourImageEncoder, HashingTextEncoder

TITLES = ("Rain coat", "Camping lamp", "Tea mug")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveCatalogue]:
    rows = [{"id": title, "title": title, "description": "", "images": []} for title in TITLES]
    (tmp_path / "shop.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    encoders = Encoders(HashingTextEncoder(), ColourImageEncoder())
    build(tmp_path / "shop.jsonl", tmp_path / "index", encoders)
    opened = LiveCatalogue.open(tmp_path / "index", encoders.text, encoders.picture)
    yield opened
    opened.close()


def test_a_catalogue_that_changes_meanwhile_gives_columns_of_one_moment(
    live: LiveCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, before = Catalogue.item_at, live.version

    def changing(self: Catalogue, row: int) -> Item:
        monkeypatch.setattr(Catalogue, "item_at", plain)
        live.upsert([Item("hat", "Sun hat")])
        return self.item_at(row)

    monkeypatch.setattr(Catalogue, "item_at", changing)
    table = ItemTable.of(live)
    assert live.version != before
    assert (table.version, len(table), len(table.text_NT)) == (before, 3, 3)
    after = ItemTable.of(live)
    assert (after.version, len(after), len(after.text_NT)) == (live.version, 4, 4)


def test_values_told_by_id_stand_in_the_rows_of_their_items(live: LiveCatalogue) -> None:
    table = ItemTable.of(live)
    values_N = table.by_row({"Tea mug": 2.5, "no such item": 9.0})
    assert values_N.sum() == 2.5
    assert values_N[table.rows["Tea mug"]] == 2.5


def test_an_item_that_is_gone_is_near_to_nothing(live: LiveCatalogue) -> None:
    recommender = Recommender(live, (ContentSource(live),), PopularSource(live), AdditiveRanker())
    nothing = cast(Any, None)  # what a Finder needs for whole turns
    finder = Finder(live, recommender, nothing, nothing, nothing, nothing)
    near_N = finder.near(Wish(words="camping lamp"))
    assert near_N is not None
    assert [live.item_at(row).id for row in near_N.nonzero()[0].tolist()] == ["Camping lamp"]
    live.delete(["Camping lamp"])
    near_N = finder.near(Wish(words="camping lamp"))
    assert near_N is not None
    assert not near_N.any()
