"""Whether a shop sells a thing at all is told without comparing every item, and as if every item had been compared."""

import json
from dataclasses import fields
from typing import Any

import pytest

from assistant.nouns import Constraint
from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.recommender import Recommender
from assistant.recommend.sources.content import ContentSource
from assistant.recommend.sources.popular import PopularSource
from assistant.recommend.wish import Wish
from assistant.turn import Finder
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.filters import Condition, Op
from index.testing import ColourImageEncoder, HashingTextEncoder

TITLES = ("Trail Boot", "Summit Boot", "Family Tent", "Camp Mug", "Camp Stove", "Wool Sock", "Rain Jacket")


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    folder = tmp_path_factory.mktemp("shop")
    plain = {"brand": "Alba", "categories": ["Camping"], "attributes": {}, "description": "", "images": []}
    lines = [json.dumps({"id": f"i{n}", "title": title, **plain}) for n, title in enumerate(TITLES)]
    (folder / "shop.jsonl").write_text("\n".join(lines), encoding="utf-8")
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(folder / "shop.jsonl", folder / "index", Encoders(text, picture))
    catalogue = Catalogue.open(folder / "index", text, picture)
    recommender = Recommender(catalogue, [ContentSource(catalogue)], PopularSource(catalogue), AdditiveRanker())
    parts: dict[str, Any] = {each.name: None for each in fields(Finder)}  # what `sells` and `near` do without
    parts |= {"catalogue": catalogue, "recommender": recommender}
    return Finder(**parts)


@pytest.mark.parametrize(
    "words", ["boot", "trail boots", "camping", "alba", "stve", "tents for a family", "zeppelin", "violin string", ""]
)
def test_a_thing_is_sold_where_something_is_near_to_it(finder: Finder, words: str) -> None:
    near_N = finder.near(Wish(words))
    assert finder.sells(Wish(words)) == (near_N is None or bool(near_N.any()))


def test_both_answers_occur(finder: Finder) -> None:
    assert finder.sells(Wish("trail boots"))
    assert not finder.sells(Wish("zeppelin"))


def test_a_kind_asked_for_is_left_to_the_filter(finder: Finder) -> None:
    kind = Constraint("c1", "hard", Condition("kind", Op.IN, ("zeppelin",)), 1, "zeppelin")
    assert finder.sells(Wish("zeppelin", ledger=(kind,)))
