"""What a shopper did, from the event store to the shelf: order, refusals, what is told of others, and forgetting."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from assistant.assembly import House, assemble
from assistant.exchange import Ask, SceneAsk, Shelf
from assistant.nouns import Event, EventKind
from assistant.places import database_url
from assistant.recommend.history import REACH
from assistant.settings import load_settings
from assistant.sold import sold_items
from assistant.storage.database import Database
from assistant.storage.privacy import forget
from index.encoders import Encoders, ImageEncoder, TextEncoder

NOW = datetime.now(UTC).replace(microsecond=0)  # what others did lately is told by the clock
SHOP = {
    "boot-1": "Alba hiking boots",
    "boot-2": "Borea hiking boots",
    "boot-3": "Cairn winter boots",
    "lamp-1": "Brass desk lamp",
    "lamp-2": "Paper floor lamp",
    "mug-1": "Stoneware mug",
    "mug-2": "Enamel camping mug",
    "spare-1": "Spare tent pegs",
    "tent-1": "Two person tent",
}


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, text_encoder: TextEncoder, image_encoder: ImageEncoder
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("past")
    feed = folder / "shop.jsonl"
    rows = [{"id": i, "title": title, "price": 20, "currency": "EUR"} for i, title in SHOP.items()]
    feed.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    settings = load_settings(catalogue=feed, data_dir=folder / "data", llm="none", refit_s=0.0)
    house = assemble(settings, encoders=Encoders(text_encoder, image_encoder))
    yield house
    house.close()


@pytest.fixture
def house(made: House) -> House:
    """A shop where nobody has done anything yet."""
    for event in list(made.events.everything()):
        made.events.forget(event.shopper_id, event.id)
    made.events.count()
    return made


Said = tuple[EventKind, str]


def tell(house: House, *said: Said, who: str = "kim", begun: datetime = NOW, ids: Sequence[str] = ()) -> None:
    """What a shopper did, a minute between two things."""
    house.events.add(
        [
            Event(ids[n] if ids else f"{who}-{begun:%d%H%M}-{n}", who, kind, item, begun + timedelta(minutes=n))
            for n, (kind, item) in enumerate(said)
        ]
    )


def home(house: House, who: str | None = "kim") -> Shelf:
    return house.engine.recommend(SceneAsk("home", shopper_id=who, k=len(SHOP)))


def scores(shelf: Shelf) -> dict[str, float]:
    return {each.item.id: each.ranked.score for each in shelf.recommendations}


def part(shelf: Shelf, item_id: str, name: str) -> float:
    [shown] = [each for each in shelf.recommendations if each.item.id == item_id]
    return sum(one.value for one in shown.ranked.contributions if one.name == name)


def reasons(shelf: Shelf) -> str:
    return " ".join(reason.text for each in shelf.recommendations for reason in each.reasons)


def test_a_batch_without_times_is_heard_in_the_order_it_was_sent(house: House) -> None:
    said: list[Said] = [("purchase", "boot-1"), ("view", "lamp-1"), ("like", "mug-1"), ("view", "tent-1")]
    shelves: list[dict[str, float]] = []
    for who, ids in (("ann", "dacb"), ("bob", "abcd"), ("cleo", "dcba")):
        house.events.add([Event(id, who, kind, item, NOW) for id, (kind, item) in zip(ids, said, strict=True)])
        shelves.append(scores(home(house, who)))
    tell(house, *said, who="dan")  # the same, with times that say the same
    assert shelves == [scores(home(house, "dan"))] * 3


def test_a_refusal_lasts_however_much_happens_afterwards(house: House) -> None:
    tell(house, ("dislike", "boot-1"), begun=NOW - timedelta(days=90))
    glances: list[Said] = [("view", "lamp-1"), ("view", "mug-1")]
    tell(house, *glances * REACH)
    shelf = home(house)
    assert part(shelf, "boot-1", "seen") < -4
    assert list(scores(shelf))[-1] == "boot-1"
    tell(house, ("cart", "boot-1"), begun=NOW + timedelta(days=1))
    assert part(home(house), "boot-1", "seen") == 0


@pytest.mark.parametrize("word", ["like", "cart", "purchase"])
def test_a_refusal_is_taken_back_by_what_comes_later(house: House, word: EventKind) -> None:
    tell(house, ("not_interested", "boot-1"), (word, "boot-1"))
    shelf, plain = home(house), home(house, None)
    assert part(shelf, "boot-1", "seen") > -1
    assert scores(shelf)["boot-2"] > scores(plain)["boot-2"]  # it speaks for what is alike


@pytest.mark.parametrize("word", ["like", "cart", "purchase"])
def test_what_was_refused_is_no_reason_for_others_any_more(house: House, word: EventKind) -> None:
    tell(house, (word, "boot-1"), ("view", "lamp-1"))
    assert "Alba hiking boots" in reasons(home(house))
    tell(house, ("not_interested", "boot-1"), ("view", "boot-1"), begun=NOW + timedelta(days=1))
    shelf = home(house)
    assert "Alba hiking boots" not in reasons(shelf)
    assert scores(shelf)["boot-2"] < scores(home(house, None))["boot-2"]


def test_events_of_items_no_longer_sold_use_up_nothing(house: House) -> None:
    tell(house, ("like", "boot-1"), begun=NOW - timedelta(days=90))
    wanted = scores(home(house))
    assert wanted != scores(home(house, None))
    gone: list[Said] = [("view", "gone-1"), ("dislike", "gone-2")]
    tell(house, *gone * (2 * REACH))
    assert scores(home(house)) == wanted


def test_what_the_shop_has_is_known_without_its_models(house: House) -> None:
    assert sold_items(house.settings) == set(SHOP)
    house.catalogue.delete(["spare-1"])
    assert sold_items(house.settings) == set(SHOP) - {"spare-1"}


def test_nobody_is_told_of_themselves_or_of_a_few(house: House) -> None:
    for who in ("ann", "bob", "cleo"):
        house.events.count()
        assert "shoppers" not in reasons(home(house, "ann")) + reasons(home(house, None))
        tell(house, ("purchase", "mug-1"), ("view", "lamp-1"), who=who, begun=NOW - timedelta(days=2))
    house.events.count()
    told = reasons(home(house, None))
    assert "Other shoppers have bought it lately." in told
    assert "looked at it lately" in told or "looking at it lately" in told
    assert "shoppers" not in reasons(home(house, "ann"))  # besides ann there are two


def test_an_event_may_have_any_id(house: House) -> None:
    tell(house, ("like", "boot-1"), ("purchase", "mug-1"), ("view", "tent-1"), ids=["rest", "", "history"])
    for shown in home(house).recommendations:
        names = [one.name for one in shown.ranked.contributions]
        assert len(names) == len(set(names))
        assert shown.ranked.score == pytest.approx(sum(one.value for one in shown.ranked.contributions), abs=1e-9)
    assert part(home(house), "boot-2", "history:rest") > 0  # the like of the boots


def test_a_refusal_counts_in_conversation_unless_the_past_is_left_out(house: House) -> None:
    tell(house, ("dislike", "boot-1"), begun=NOW - timedelta(days=90))
    shown = {
        (who, personal): [
            each.item.id
            for each in house.engine.respond(Ask("boots", shopper_id=who, personalise=personal)).recommendations
        ]
        for who, personal in (("kim", True), ("kim", False), (None, True))
    }
    assert shown["kim", False] == shown[None, True]
    assert shown["kim", True][-1] == "boot-1" != shown[None, True][-1]


def test_somebody_forgotten_is_a_stranger_in_the_very_next_answer(house: House) -> None:
    tell(house, ("like", "boot-1"), ("dislike", "lamp-1"))
    stranger = scores(home(house, None))
    assert scores(home(house)) != stranger
    elsewhere = Database.open(database_url(house.settings))
    assert forget(elsewhere, "kim").events == 2
    elsewhere.close()
    assert scores(home(house)) == stranger
