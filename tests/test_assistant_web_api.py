"""The HTTP API on fakes: its JSON, its refusals, its streams. The last part runs a real server."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from fastapi import FastAPI
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.errors import ModelUnavailableError, StorageError
from assistant.exchange import Ask, SceneAsk, Shelf, Update
from assistant.nouns import Event, Turn
from assistant.storage.database import Database
from assistant.storage.events import StoredEvents
from assistant.testing import (
    FakeEngine,
    ListedCatalogue,
    MemoryConversations,
    MemoryEvents,
    sample_events,
    sample_items,
    sample_reply,
)
from assistant.web.api import create_api
from assistant.web.schema import ItemRecordOut, ReplyOut, ShelfOut, plain_label, render_reply
from assistant.web.turns import Gate
from index.filters import Condition, Op
from index.items import Item, Money, Variant

pytest_plugins = ["fixtures_storage"]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECURITY = Path(__file__).parents[1].parent / "shared" / "data" / "security"
POSTS = ("/v1/chat", "/v1/recommendations", "/v1/events")
Body = dict[str, Any]  # Any: JSON


@pytest.fixture
def shop(tmp_path: Path) -> ListedCatalogue:
    return ListedCatalogue(sample_items(tmp_path))


@pytest.fixture
def events() -> MemoryEvents:
    return MemoryEvents(sample_events())


class RecordingEngine(FakeEngine):
    """Remembers what it was asked."""

    def __init__(self, shop: ListedCatalogue, events: MemoryEvents) -> None:
        super().__init__(shop, history=events)
        self.asked: list[Ask] = []
        self.scenes: list[SceneAsk] = []

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """As the parent's."""
        self.asked.append(ask)
        return super().stream(ask, cancelled=cancelled)

    def recommend(self, ask: SceneAsk) -> Shelf:
        """As the parent's."""
        self.scenes.append(ask)
        return super().recommend(ask)


class FailingEngine(FakeEngine):
    """Raises what it is given instead of recommending."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def recommend(self, ask: SceneAsk) -> Shelf:
        """Nothing."""
        raise self._error


class HeldEngine(FakeEngine):
    """Begins to recommend, and goes on when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.working = threading.Semaphore(0)
        self.may_finish = threading.Event()

    def recommend(self, ask: SceneAsk) -> Shelf:
        """As the parent's, later."""
        self.working.release()
        self.may_finish.wait(10)
        return super().recommend(ask)


class FullConversations(MemoryConversations):
    """Has no room for another turn."""

    def append(self, conversation_id: str, turn: Turn, reply_json: str) -> None:
        """Fail."""
        raise StorageError("the database failed", hint="try again")


@pytest.fixture
def engine(shop: ListedCatalogue, events: MemoryEvents) -> RecordingEngine:
    return RecordingEngine(shop, events)


@pytest.fixture
def client(engine: FakeEngine, shop: ListedCatalogue, events: MemoryEvents) -> Iterator[TestClient]:
    api = create_api(engine, events, catalogue=shop, probes={"catalogue": lambda: len(shop)}, clock=lambda: NOW)
    with TestClient(api) as opened:
        yield opened


def error(answer: Any) -> Body:  # Any: httpx's response, whichever httpx the TestClient uses
    """The error of an answer, whose body holds nothing else."""
    body = answer.json()
    assert list(body) == ["error"]
    assert set(body["error"]) == {"code", "message", "hint", "retryable", "fields"}
    return body["error"]


def post_raw(client: TestClient, path: str, data: bytes) -> Any:  # Any: as above
    return client.post(path, content=data, headers={"Content-Type": "application/json"})


def picture_base64(size: tuple[int, int] = (8, 8)) -> str:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class TestChat:
    def test_the_reply_has_the_promised_shape(self, client: TestClient) -> None:
        answer = client.post("/v1/chat", json={"message": "jacket under 100", "user_id": "kim", "k": 1})
        assert answer.status_code == 200
        reply = answer.json()
        conversation_id = reply.pop("conversation_id")
        assert len(conversation_id) >= 16
        assert reply == {
            "turn": 1,
            "message": "I would look at Alba Rain Jacket.",
            "intent": "search",
            "recommendations": [
                {
                    "item": {
                        "id": "jacket-1",
                        "title": "Alba Rain Jacket",
                        "brand": "Alba",
                        "categories": ["Outdoor/Clothing/Jackets"],
                        "price": {"amount_minor": 7999, "currency": "EUR"},
                        "price_from": False,
                        "list_price": {"amount_minor": 9999, "currency": "EUR"},
                        "in_stock": True,
                        "images": ["/v1/pictures/jacket-1?n=0"],
                        "rating": 4.5,
                        "rating_count": 28,
                        "options": {"size": ["S", "M", "L"], "color": ["Navy Blue", "Red"]},
                    },
                    "rank": 1,
                    "score": 1.75,
                    "base": 0.5,
                    "contributions": [{"name": "words", "value": 1.0}, {"name": "history", "value": 0.25}],
                    "reasons": [
                        {"text": "It costs 79.99 EUR.", "evidence": ["e1"], "source": "template"},
                        {"text": "You chose Alba before.", "evidence": ["e1.2"], "source": "template"},
                    ],
                    "arrangement": None,
                }
            ],
            "evidence": [
                evidence("e-c1", "constraint", "price", "100.00 EUR", "under 100", ref="c1"),
                evidence("e1", "fact", "price", "79.99 EUR", "It costs 79.99 EUR.", item_id="jacket-1"),
                evidence("e1.1", "contribution", "words", 1.0, "words +1.00", item_id="jacket-1"),
                evidence("e1.2", "contribution", "history", 0.25, "history +0.25", item_id="jacket-1"),
            ],
            "message_evidence": ["e1"],
            "ledger": [
                {
                    "id": "c1",
                    "kind": "hard",
                    "field": "price",
                    "op": "<=",
                    "value": {"amount_minor": 10000, "currency": "EUR"},
                    "turn": 1,
                    "text": "under 100",
                    "label": "price <= 100.00 EUR",
                    "source": "reader",
                }
            ],
            "relaxations": [],
            "suggestions": ["under 60", "desk lamp"],
            "degraded": [],
            "versions": {"index": "listed-1", "ranker": "words-1", "llm": "none"},
            "timings_ms": {"search": 1.0, "total": 1.0},
            "trace": ["fake engine"],
            "ai_generated": False,
        }

    def test_a_conversation_goes_on_and_gives_constraints_back(self, client: TestClient) -> None:
        first = client.post("/v1/chat", json={"message": "jacket under 60"}).json()
        assert [each["item"]["id"] for each in first["recommendations"]] == ["jacket/3 é"]
        again: Body = {"conversation_id": first["conversation_id"], "message": "", "ledger_remove": ["c1"]}
        second = client.post("/v1/chat", json=again).json()
        assert second["turn"] == 2
        assert second["ledger"] == []
        assert [each["item"]["id"] for each in second["recommendations"]] == ["jacket-1", "jacket-2", "jacket/3 é"]

    def test_a_price_that_is_not_there_is_null(self, client: TestClient) -> None:
        reply = client.post("/v1/chat", json={"message": "ember floor lamp", "k": 1}).json()
        assert reply["recommendations"][0]["item"]["price"] is None

    def test_scores_are_base_plus_contributions(self, client: TestClient) -> None:
        reply = client.post("/v1/chat", json={"message": "warm rain jacket", "user_id": "kim"}).json()
        assert len(reply["recommendations"]) == 3
        for each in reply["recommendations"]:
            assert each["score"] == each["base"] + sum(part["value"] for part in each["contributions"])

    def test_without_personalization_the_history_is_not_used(self, client: TestClient) -> None:
        asked = {"message": "jacket", "user_id": "kim", "personalization": False}
        reply = client.post("/v1/chat", json=asked).json()
        names = {part["name"] for each in reply["recommendations"] for part in each["contributions"]}
        assert names == {"words"}

    def test_somebody_elses_conversation_looks_like_none(self, client: TestClient) -> None:
        mine = client.post("/v1/chat", json={"message": "jacket", "user_id": "kim"}).json()["conversation_id"]
        answers = [
            client.post("/v1/chat", json={"message": "go on", "conversation_id": conversation_id, **who})
            for conversation_id, who in ((mine, {"user_id": "lee"}), (mine, {}), ("none", {"user_id": "kim"}))
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
        assert error(answers[0])["code"] == "unknown_conversation"

    def test_a_picture_reaches_the_engine_decoded(self, client: TestClient, engine: RecordingEngine) -> None:
        for image in (picture_base64(), f"data:image/png;base64,{picture_base64()}"):
            assert client.post("/v1/chat", json={"message": "like this", "image": image}).status_code == 200
        assert [ask.picture.size for ask in engine.asked if ask.picture] == [(8, 8), (8, 8)]

    @pytest.mark.parametrize("image", [base64.b64encode(b"no picture" * 9).decode(), picture_base64()[:60]])
    def test_a_corrupt_picture_is_refused(self, client: TestClient, image: str) -> None:
        answer = client.post("/v1/chat", json={"message": "like this", "image": image})
        assert answer.status_code == 422
        assert error(answer)["message"] == "not a picture we can read"

    def test_what_is_not_base64_is_refused(self, client: TestClient) -> None:
        answer = client.post("/v1/chat", json={"message": "like this", "image": "<script>"})
        assert answer.status_code == 422
        assert error(answer)["message"] == "image: not base64"

    def test_a_picture_of_more_than_8_mb_is_refused(self, client: TestClient) -> None:
        image = base64.b64encode(b"\0" * (8 * 1024 * 1024 + 1)).decode()
        answer = client.post("/v1/chat", json={"message": "like this", "image": image})
        assert answer.status_code == 413
        assert error(answer)["code"] == "too_large"


def evidence(id_: str, kind: str, name: str, value: str | float, text: str, **rest: str) -> Body:
    return {
        "id": id_,
        "kind": kind,
        "name": name,
        "value": value,
        "text": text,
        "item_id": None,
        "ref": "",
        "at": "",
    } | (rest)


class TestStream:
    def test_events_come_in_order_and_end_in_the_reply(self, client: TestClient) -> None:
        answer = client.post("/v1/chat", json={"message": "jacket under 100"}, headers={"Accept": "text/event-stream"})
        assert answer.headers["content-type"].startswith("text/event-stream")
        heard = parse_stream(answer.text)
        names = [name for name, _ in heard]
        assert names[:4] == ["stage", "stage", "preview", "stage"]
        assert set(names[4:-1]) == {"delta"}
        assert names[-1] == "reply"
        reply = heard[-1][1]
        assert "".join(data["text"] for name, data in heard if name == "delta") == reply["message"]
        preview = heard[2][1]
        assert preview["message"] == ""
        for kept in ("recommendations", "ledger", "evidence"):
            assert preview[kept] == reply[kept]

    def test_the_query_asks_for_a_stream_too(self, client: TestClient) -> None:
        answer = client.post("/v1/chat?stream=true", json={"message": "jacket"})
        plain = client.post("/v1/chat", json={"message": "jacket"}).json()
        streamed = parse_stream(answer.text)[-1][1]
        assert streamed["recommendations"] == plain["recommendations"]

    def test_an_error_before_the_first_event_has_its_status(self, client: TestClient) -> None:
        answer = client.post("/v1/chat?stream=true", json={"message": "jacket", "conversation_id": "none"})
        assert answer.status_code == 404
        assert error(answer)["code"] == "unknown_conversation"

    def test_an_error_later_is_the_last_event(self, shop: ListedCatalogue) -> None:
        engine = FakeEngine(shop, conversations=FullConversations())
        api = create_api(engine, MemoryEvents(), catalogue=shop, probes={})
        heard = parse_stream(TestClient(api).post("/v1/chat?stream=true", json={"message": "jacket"}).text)
        assert heard[-1] == (
            "error",
            {
                "error": {
                    "code": "storage",
                    "message": "the database failed",
                    "hint": "try again",
                    "retryable": True,
                    "fields": [],
                }
            },
        )
        assert "reply" not in [name for name, _ in heard]


def parse_stream(text: str) -> list[tuple[str, Body]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.split("\n\n") if block]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


class TestRecommendations:
    def test_a_scene_gets_a_shelf(self, client: TestClient) -> None:
        asked: Body = {
            "scene": "search",
            "query": "jacket",
            "constraints": [{"field": "price", "op": "<=", "value": 79.99}],
            "user_id": "kim",
            "k": 1,
        }
        shelf = client.post("/v1/recommendations", json=asked).json()
        answered = {"recommendations", "evidence", "ledger", "versions", "degraded", "timings_ms", "unread", "note"}
        assert set(shelf) == answered
        assert [each["item"]["id"] for each in shelf["recommendations"]] == ["jacket-1"]
        cited = {id_ for each in shelf["recommendations"] for reason in each["reasons"] for id_ in reason["evidence"]}
        assert cited <= {entry["id"] for entry in shelf["evidence"]}

    @pytest.mark.parametrize("asked", [{"scene": "home"}, {"scene": "search", "query": "jacket", "user_id": "kim"}])
    def test_a_shelf_is_to_the_letter_what_its_schema_says(self, client: TestClient, asked: Body) -> None:
        text = client.post("/v1/recommendations", json=asked).text
        assert json.loads(text)["recommendations"]
        assert ShelfOut.model_validate_json(text).model_dump_json() == text

    @pytest.mark.parametrize("value", [79.99, "79.99", {"amount_minor": 7999, "currency": "EUR"}])
    def test_a_price_may_be_written_three_ways(
        self, client: TestClient, engine: RecordingEngine, value: object
    ) -> None:
        body: Body = {"scene": "home", "constraints": [{"field": "Price", "op": "<=", "value": value}]}
        assert client.post("/v1/recommendations", json=body).status_code == 200
        assert [str(condition.value) for condition in engine.scenes[0].constraints] == ["79.99 EUR"]
        assert engine.scenes[0].constraints[0].field == "price"

    @pytest.mark.parametrize(
        "constraint",
        [
            {"field": "price", "op": "in", "value": ["1"]},
            {"field": "price", "op": "<=", "value": "cheap"},
            {"field": "price", "op": "<=", "value": "NaN"},
            {"field": "price", "op": "<=", "value": -1},
            {"field": "price", "op": "<=", "value": 1e300},
            {"field": "price", "op": "<=", "value": True},
            {"field": "price", "op": "~", "value": 1},
            {"field": "rating", "op": ">=", "value": "four"},
            {"field": "brand", "op": "in", "value": "Alba"},
            {"field": "brand", "op": "=", "value": []},
            {"field": "brand", "op": "<", "value": "Alba"},
            {"field": "rating", "op": ">=", "value": "4"},
            {"field": "weight", "op": "<=", "value": ["300 g"]},
            {"field": "", "op": "=", "value": "Alba"},
            {"field": "price", "op": "<=", "value": {"amount_minor": 1.5, "currency": "EUR"}},
        ],
    )
    def test_a_constraint_that_makes_no_sense_is_refused(self, client: TestClient, constraint: Body) -> None:
        answer = client.post("/v1/recommendations", json={"scene": "home", "constraints": [constraint]})
        assert answer.status_code == 422
        assert "constraints.0" in error(answer)["message"]
        assert error(answer)["fields"][0].startswith("constraints.0")

    @pytest.mark.parametrize(("value", "asked"), [("300 g", "300 g"), (300, "300"), (0.3, "0.3"), (1e-5, "0.00001")])
    def test_an_amount_may_have_a_unit(
        self, client: TestClient, engine: RecordingEngine, value: object, asked: str
    ) -> None:
        body: Body = {"scene": "home", "constraints": [{"field": "weight", "op": "<=", "value": value}]}
        assert client.post("/v1/recommendations", json=body).status_code == 200
        assert engine.scenes[0].constraints == (Condition("weight", Op.LE, asked),)

    def test_a_key_twice_is_refused_and_said(self, client: TestClient) -> None:
        answer = post_raw(client, "/v1/recommendations", b'{"scene": "home", "k": 1, "k": 2}')
        assert error(answer)["message"] == "an object has a key twice"

    @pytest.mark.parametrize("scene", ["bundle", "promotion", "sponsored"])
    def test_a_scene_not_served_yet_names_those_that_are(self, client: TestClient, scene: str) -> None:
        answer = client.post("/v1/recommendations", json={"scene": scene})
        assert answer.status_code == 422
        assert error(answer)["hint"] == "scenes served: home, search, similar"

    def test_an_unknown_item_is_not_found(self, client: TestClient) -> None:
        answer = client.post("/v1/recommendations", json={"scene": "similar", "item_id": "none"})
        assert answer.status_code == 404
        assert error(answer)["code"] == "unknown_item"


class TestItems:
    def test_the_record_is_whole(self, client: TestClient) -> None:
        record = client.get("/v1/items/jacket-1").json()
        assert record["attributes"] == {"material": ["nylon"], "waterproof": ["yes"]}
        assert record["reviews"][0]["text"] == "Stayed dry in a storm."
        assert record["stock"] == 12

    def test_a_record_names_the_price_of_each_version(self) -> None:
        versions = (Variant("s", {"size": "S"}, Money(4500, "EUR"), 3), Variant("m", {"size": "M"}, None, 2))
        shirt = Item("a", "A", price=Money(3000, "EUR"), variants=versions)
        record = ItemRecordOut.of(shirt)
        assert record.price is not None
        assert (record.price.amount_minor, record.price_from) == (3000, True)
        assert [one.price and one.price.amount_minor for one in record.variants] == [4500, 3000]
        plain = ItemRecordOut.of(replace(shirt, variants=versions[1:]))
        assert [plain.price_from, plain.variants[0].price] == [False, None]

    def test_an_id_may_hold_a_slash_a_space_and_an_accent(self, client: TestClient) -> None:
        record = client.get("/v1/items/jacket%2F3%20%C3%A9").json()
        assert record["id"] == "jacket/3 é"
        assert record["images"] == ["/v1/pictures/jacket%2F3%20%C3%A9?n=0"]
        assert client.get(record["images"][0]).status_code == 200

    def test_an_id_may_be_as_long_as_a_catalogue_makes_it(self, engine: FakeEngine) -> None:
        long = "x" * 512
        shop = ListedCatalogue([replace(item, id=long) for item in sample_items()[:1]])
        with TestClient(create_api(engine, MemoryEvents(), catalogue=shop, probes={})) as client:
            assert client.get(f"/v1/items/{long}").json()["id"] == long
            one = {"user_id": "y" * 255, "kind": "view", "item_id": long, "at": "2026-01-01 10:00:00+01:00"}
            assert client.post("/v1/events", json=one).json()["stored"] == 1
            constraint = {"field": "id", "op": "!=", "value": long}
            body = {"scene": "home", "constraints": [constraint]}
            assert client.post("/v1/recommendations", json=body).status_code == 200

    @pytest.mark.parametrize("path", ["none", "..%2f..%2fetc%2fpasswd", "x" * 513, "a%00b", "a%0ab"])
    def test_what_is_no_item_is_no_item(self, client: TestClient, path: str) -> None:
        for prefix in ("/v1/items/", "/v1/pictures/"):
            answer = client.get(prefix + path)
            assert answer.status_code in (404, 422)
            assert error(answer)["message"]


class TestPictures:
    @pytest.mark.parametrize(("accept", "form"), [("image/webp,*/*", "WEBP"), ("*/*", "JPEG")])
    def test_pictures_are_re_encoded_at_bounded_widths(self, client: TestClient, accept: str, form: str) -> None:
        widths: dict[int, int] = {}
        for width in (1, 120, 200, 4096):
            answer = client.get(f"/v1/pictures/jacket-1?width={width}", headers={"Accept": accept})
            assert answer.headers["content-type"] == f"image/{form.lower()}"
            with Image.open(BytesIO(answer.content)) as picture:
                assert picture.format == form
                widths[width] = picture.width
        assert widths == {1: 120, 120: 120, 200: 240, 4096: 320}  # 320 is its own width: never enlarged

    def test_a_known_picture_is_not_sent_again(self, client: TestClient) -> None:
        first = client.get("/v1/pictures/jacket-1")
        again = client.get("/v1/pictures/jacket-1", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "max-age" in again.headers["cache-control"]

    def test_a_changed_file_is_a_changed_picture(self, client: TestClient, shop: ListedCatalogue) -> None:
        first = client.get("/v1/pictures/jacket-1")
        Image.new("RGB", (64, 64), "green").save(shop.item("jacket-1").pictures[0].path)
        assert client.get("/v1/pictures/jacket-1").headers["etag"] != first.headers["etag"]

    def test_a_picture_that_is_not_there_is_not_found(self, client: TestClient, shop: ListedCatalogue) -> None:
        shop.item("jacket-2").pictures[0].path.write_bytes(b"damaged")
        shop.item("lamp-1").pictures[0].path.unlink()
        for path in ("boot-1", "jacket-1?n=1", "jacket-2", "lamp-1", "none"):
            answer = client.get(f"/v1/pictures/{path}")
            assert answer.status_code == 404
            assert error(answer)["code"] == "unknown_item"


class TestEvents:
    def test_one_event_is_kept_with_the_moment_of_its_coming(self, client: TestClient, events: MemoryEvents) -> None:
        answer = client.post("/v1/events", json={"id": "o1", "user_id": "lee", "kind": "view", "item_id": "lamp-1"})
        assert answer.json() == {"stored": 1, "duplicates": 0, "ids": ["o1"]}
        assert list(events.of("lee")) == [Event("o1", "lee", "view", "lamp-1", NOW)]

    def test_a_batch_with_an_unknown_item_is_refused_whole(self, client: TestClient, events: MemoryEvents) -> None:
        good = {"user_id": "lee", "kind": "view", "item_id": "lamp-1"}
        answer = client.post("/v1/events", json={"events": [good, good | {"item_id": "gone"}]})
        assert answer.status_code == 404
        assert error(answer)["message"] == "events.1.item_id: no such item"
        assert error(answer)["fields"] == ["events.1.item_id"]
        assert list(events.of("lee")) == []

    def test_an_event_sent_again_is_a_duplicate(self, client: TestClient) -> None:
        sent = {"id": "o1", "user_id": "lee", "kind": "rating", "item_id": "lamp-1", "value": 4}
        assert client.post("/v1/events", json=sent).json()["stored"] == 1
        assert client.post("/v1/events", json=sent).json() == {"stored": 0, "duplicates": 1, "ids": ["o1"]}
        answer = client.post("/v1/events", json=sent | {"value": 5})
        assert answer.status_code == 409
        assert error(answer)["code"] == "conflict"

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"kind": "steal"}, "kind"),
            ({"at": "2026-11-22T12:00:00"}, "at"),
            ({"at": (NOW + timedelta(hours=1)).isoformat()}, "at"),
            ({"at": "1999-12-31T00:00:00Z"}, "at"),
            ({"kind": "rating"}, "value"),
            ({"kind": "rating", "value": 6}, "value"),
            ({"value": -1}, "value"),
            ({"user_id": ""}, "user_id"),
            ({"user_id": "a\u0000b"}, "user_id"),
            ({"user_id": "x" * 256}, "user_id"),
            ({"item_id": "x" * 513}, "item_id"),
            ({"at": 1700000000}, "at"),
            ({"at": "1700000000"}, "at"),
            ({"kind": "purchase", "value": 0}, "value"),
            ({"tenant_id": "t"}, "tenant_id"),
            ({"score": 1}, "score"),
        ],
    )
    def test_a_wrong_field_is_named(self, client: TestClient, change: Body, place: str) -> None:
        one = {"user_id": "lee", "kind": "view", "item_id": "lamp-1"} | change
        alone, among = client.post("/v1/events", json=one), client.post("/v1/events", json={"events": [one]})
        assert (alone.status_code, among.status_code) == (422, 422)
        assert error(alone)["message"].startswith(f"{place}: ")
        assert error(among)["message"].startswith(f"events.0.{place}: ")
        assert (error(alone)["fields"], error(among)["fields"]) == ([place], [f"events.0.{place}"])

    def test_answers_are_given_after_the_commit(
        self, database: Database, shop: ListedCatalogue, engine: FakeEngine
    ) -> None:
        api = create_api(engine, StoredEvents(database), catalogue=shop, probes={"database": database.ping})
        body: Body = {"events": [{"user_id": "lee", "kind": "view", "item_id": "lamp-1"}] * 3}
        with TestClient(api) as client:
            headers = {"Idempotency-Key": "k" * 255}
            first = client.post("/v1/events", json=body, headers=headers)
            again = client.post("/v1/events", json=body, headers=headers)
            other = client.post("/v1/events", json={"events": body["events"][:1]}, headers=headers)
            long = client.post("/v1/events", json=body, headers={"Idempotency-Key": "k" * 256})
            assert client.get("/readyz").status_code == 200
        assert first.json()["stored"] == 3
        assert (again.status_code, again.json()) == (200, first.json())
        assert other.status_code == 409
        assert long.status_code == 422
        assert len(StoredEvents(database).of("lee")) == 3


class TestRefusals:
    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize(
        ("data", "status"),
        [
            (b"", 422),
            (b"{", 400),
            (b'{"message": NaN}', 400),
            (b'{"k": -Infinity}', 400),
            (b"\xff\xfe", 400),
            (b'{"k": 1e999}', 422),
            (b'{"k": 1234567890123456789}', 422),
            (b'{"message": "\\ud800"}', 422),
            (b'{"\\udfff": 1}', 422),
            (b"[" * 100_000 + b"]" * 100_000, 422),
            (b'{"a":' * 70 + b"1" + b"}" * 70, 422),
            (b'{"scene": "home", "scene": "search"}', 422),
            (b'{"a": [{"b": 1, "c": 2, "b": 1}]}', 422),
            (b"[]", 422),
            (b"null", 422),
            (b'"text"', 422),
        ],
    )
    def test_odd_json_is_refused_in_our_words(self, client: TestClient, path: str, data: bytes, status: int) -> None:
        answer = post_raw(client, path, data)
        assert answer.status_code == status
        assert error(answer)["message"]

    def test_bodies_of_another_type_are_refused(self, client: TestClient) -> None:
        answer = client.post("/v1/chat", content=b"message=jacket", headers={"Content-Type": "text/plain"})
        assert answer.status_code == 422
        assert "application/json" in error(answer)["hint"]

    @pytest.mark.parametrize(
        "body",
        [
            {"message": "CANARY", "k": "CANARY"},
            {"message": "CANARY" * 1_000},
            {"message": "a", "conversation_id": "CANARY\n"},
            {"message": "a", "user_id": ["CANARY"]},
            {"message": "a", "image": "CANARY!"},
            {"message": "a", "surprise": "CANARY"},
            {"message": "a", "<b>CANARY</b>": 1},
            {"message": "a", "ledger_remove": {"CANARY": "CANARY"}},
            {"message": {"CANARY": "CANARY"}},
            {"message": "a", "personalization": "CANARY"},
        ],
    )
    def test_nothing_sent_comes_back_in_an_error(self, client: TestClient, body: Body) -> None:
        answer = client.post("/v1/chat", json=body)
        assert answer.status_code == 422
        assert "CANARY" not in answer.text

    @pytest.mark.parametrize("field", ["tenant_id", "scopes", "score", "price", "surprise"])
    @pytest.mark.parametrize("path", POSTS)
    def test_fields_we_do_not_know_are_named(self, client: TestClient, path: str, field: str) -> None:
        body: Body = {
            "/v1/chat": {"message": "a"},
            "/v1/recommendations": {"scene": "home"},
            "/v1/events": {"user_id": "lee", "kind": "view", "item_id": "lamp-1"},
        }[path]
        assert client.post(path, json=body).status_code == 200
        answer = client.post(path, json=body | {field: 1})
        assert answer.status_code == 422
        assert error(answer)["message"] == f"{field}: there is no such field"
        assert error(answer)["fields"] == [field]

    @pytest.mark.parametrize("k", [0, 21, 4.5, True, "4", None])
    def test_k_is_a_number_from_1_to_20(self, client: TestClient, k: object) -> None:
        answer = client.post("/v1/chat", json={"message": "jacket", "k": k})
        assert answer.status_code == 422
        assert error(answer)["fields"] == ["k"]

    def test_a_message_has_at_most_2000_characters(self, client: TestClient) -> None:
        assert client.post("/v1/chat", json={"message": "é" * 2_000}).status_code == 200
        assert client.post("/v1/chat", json={"message": "é" * 2_001}).status_code == 422

    def test_nothing_asked_is_nothing_answered(self, client: TestClient) -> None:
        assert client.post("/v1/chat", json={"message": " \n"}).status_code == 422

    @pytest.mark.parametrize(("path", "cap"), [("/v1/events", 2**20), ("/v1/chat", 12 * 2**20)])
    def test_a_body_above_the_cap_is_refused(self, client: TestClient, path: str, cap: int) -> None:
        assert post_raw(client, path, b" " * cap).status_code == 400
        announced = post_raw(client, path, b" " * (cap + 1))
        counted = client.post(path, content=iter([b" " * cap, b" "]), headers={"Content-Type": "application/json"})
        assert (announced.status_code, counted.status_code) == (413, 413)
        assert error(announced) == error(counted)
        assert error(announced)["message"] == f"the body may have at most {cap // 2**20} MB"

    def test_a_body_in_pieces_is_read(self, client: TestClient) -> None:
        pieces = iter([b'{"message"', b': "jack', b'et"}'])
        answer = client.post("/v1/chat", content=pieces, headers={"Content-Type": "application/json"})
        assert answer.json()["recommendations"][0]["item"]["id"] == "jacket-1"

    def test_too_many_headers_are_refused(self, client: TestClient) -> None:
        answer = client.get("/healthz", headers={f"X-{n}": "1" for n in range(70)})
        assert answer.status_code == 431

    @pytest.mark.parametrize(("path", "status"), [("/v1/nothing", 404), ("/v1/chat", 405)])
    def test_wrong_addresses_answer_in_our_shape(self, client: TestClient, path: str, status: int) -> None:
        for _ in range(2):
            answer = client.get(path)
            assert answer.status_code == status
            assert error(answer)["code"] == f"http_{status}"
            assert status == 404 or answer.headers["allow"] == "POST"
            cast(FastAPI, client.app).mount("/", Starlette())  # as the page is: it would answer whatever comes its way


class TestFailures:
    @pytest.mark.parametrize(
        ("raised", "status", "code"),
        [
            (StorageError("the database failed"), 503, "storage"),
            (ModelUnavailableError("the model is loading"), 503, "model_unavailable"),
            (RuntimeError("CANARY"), 500, "internal"),
        ],
    )
    def test_failures_of_the_engine_have_their_status(
        self, shop: ListedCatalogue, raised: Exception, status: int, code: str
    ) -> None:
        api = create_api(FailingEngine(raised), MemoryEvents(), catalogue=shop, probes={})
        answer = TestClient(api, raise_server_exceptions=False).post("/v1/recommendations", json={"scene": "home"})
        assert answer.status_code == status
        assert error(answer)["code"] == code
        assert "CANARY" not in answer.text
        assert ("retry-after" in answer.headers) == (status == 503)
        assert answer.headers["content-security-policy"]

    def test_when_all_are_busy_more_are_sent_away_and_health_is_quick(self, shop: ListedCatalogue) -> None:
        engine, gate = HeldEngine(), Gate(slots=2, waiting=1)
        api = create_api(engine, MemoryEvents(), catalogue=shop, probes={}, gate=gate)
        with TestClient(api) as client, ThreadPoolExecutor(3) as pool:

            def ask() -> int:
                return client.post("/v1/recommendations", json={"scene": "home"}).status_code

            first = [pool.submit(ask) for _ in range(2)]
            assert engine.working.acquire(timeout=5)
            assert engine.working.acquire(timeout=5)
            third = pool.submit(ask)
            until(lambda: gate.waiting == 1)
            refused = client.post("/v1/chat", json={"message": "jacket"})
            begun = time.perf_counter()
            alive = client.get("/healthz")
            took_s = time.perf_counter() - begun
            engine.may_finish.set()
            assert [asked.result() for asked in (*first, third)] == [200, 200, 200]
        assert refused.status_code == 503
        assert error(refused)["code"] == "busy"
        assert refused.headers["retry-after"]
        assert alive.json() == {"status": "alive"}
        assert took_s < 0.5

    def test_a_turn_does_not_wait_for_recommendations_nor_they_for_it(self, shop: ListedCatalogue) -> None:
        engine, quick = HeldEngine(), Gate(slots=1, waiting=0)
        api = create_api(engine, MemoryEvents(), catalogue=shop, probes={}, quick=quick)
        with TestClient(api) as client, ThreadPoolExecutor(1) as pool:
            first = pool.submit(client.post, "/v1/recommendations", json={"scene": "home"})
            assert engine.working.acquire(timeout=5)
            assert client.post("/v1/recommendations", json={"scene": "home"}).status_code == 503
            assert client.post("/v1/chat", json={"message": "jacket"}).status_code == 200
            engine.may_finish.set()
            assert first.result().status_code == 200

    def test_who_waits_too_long_is_sent_away(self, shop: ListedCatalogue) -> None:
        engine = HeldEngine()
        api = create_api(
            engine, MemoryEvents(), catalogue=shop, probes={}, gate=Gate(slots=1, waiting=9, patience_s=0.1)
        )
        with TestClient(api) as client, ThreadPoolExecutor(1) as pool:
            first = pool.submit(client.post, "/v1/recommendations", json={"scene": "home"})
            assert engine.working.acquire(timeout=5)
            assert client.post("/v1/chat", json={"message": "jacket"}).status_code == 503
            engine.may_finish.set()
            assert first.result().status_code == 200
            assert client.post("/v1/chat", json={"message": "jacket"}).status_code == 200

    def test_readiness_names_what_is_missing(self, engine: FakeEngine, shop: ListedCatalogue) -> None:
        def no_database() -> None:
            raise StorageError("the database failed")

        def no_encoder() -> None:
            raise RuntimeError("CANARY")

        probes = {"catalogue": lambda: None, "database": no_database, "encoder": no_encoder}
        with TestClient(create_api(engine, MemoryEvents(), catalogue=shop, probes=probes)) as client:
            answer = client.get("/readyz")
            assert client.get("/healthz").status_code == 200
        assert answer.status_code == 503
        assert error(answer)["fields"] == ["database", "encoder"]
        assert "the database failed" in error(answer)["message"]
        assert "CANARY" not in answer.text


class TestHeaders:
    def test_every_route_has_the_security_headers(self, client: TestClient) -> None:
        asked = [
            client.get("/healthz"),
            client.get("/readyz"),
            client.get("/openapi.json"),
            client.get("/v1/items/jacket-1"),
            client.get("/v1/pictures/jacket-1"),
            client.get("/nothing"),
            client.post("/v1/chat", json={"message": "jacket"}),
            client.post("/v1/chat?stream=1", json={"message": "jacket"}),
            client.post("/v1/events", content=b" " * 2_000_000),
        ]
        assert [answer.status_code for answer in asked] == [200, 200, 200, 200, 200, 404, 200, 200, 413]
        for answer in asked:
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-eval" not in policy
        assert asked[3].headers["content-security-policy"].startswith("default-src 'none'")
        assert asked[3].headers["cache-control"] == "no-store"

    def test_the_policy_of_a_path_can_be_chosen(self, engine: FakeEngine, shop: ListedCatalogue) -> None:
        policies = {"/": "default-src 'self'", "/v1/": "default-src 'none'"}
        api = create_api(engine, MemoryEvents(), catalogue=shop, probes={}, content_policies=policies)
        with TestClient(api) as client:
            assert client.get("/nothing").headers["content-security-policy"] == "default-src 'self'"
            assert client.get("/v1/nothing").headers["content-security-policy"] == "default-src 'none'"


def test_the_api_describes_itself(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/v1/chat",
        "/v1/recommendations",
        "/v1/items/{item_id}",
        "/v1/pictures/{item_id}",
        "/v1/events",
        "/healthz",
        "/readyz",
    }
    schemas = described["components"]["schemas"]
    assert schemas["RecommendationsIn"]["properties"]["scene"]["enum"] == [
        "home",
        "search",
        "similar",
        "bundle",
        "promotion",
        "sponsored",
    ]
    for path, method in described["paths"].items():
        for operation in method.values():
            assert operation["description"], path
            assert "HTTPValidationError" not in json.dumps(operation)


def test_examples_in_the_description_work(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    tried = 0
    for path, name in (("/v1/chat", "ChatIn"), ("/v1/recommendations", "RecommendationsIn"), ("/v1/events", "EventIn")):
        for example in schemas[name]["examples"]:
            example.pop("conversation_id", None)
            assert client.post(path, json=example).status_code == 200
            tried += 1
    assert tried == 7


def test_a_rendered_reply_can_be_read_back(tmp_path: Path) -> None:
    reply = replace(sample_reply(tmp_path), degraded=("llm.wording: template",))
    assert ReplyOut.model_validate_json(render_reply(reply)) == ReplyOut.of(reply, plain_label)


@pytest.mark.skipif(not SECURITY.parent.parent.is_dir(), reason="needs the shared corpora beside the checkout")
class TestCorpora:
    @pytest.mark.parametrize("path", POSTS)
    def test_no_json_body_breaks_a_route(self, client: TestClient, path: str) -> None:
        bodies = sorted((SECURITY / "json_test_suite" / "test_parsing").glob("*.json"))
        assert len(bodies) == 318
        statuses = {body.name: post_raw(client, path, body.read_bytes()).status_code for body in bodies}
        assert [name for name, status in statuses.items() if status >= 500] == []
        assert [name for name, status in statuses.items() if name[0] == "y" and status == 400] == []
        assert [name for name, status in statuses.items() if name[0] == "n" and status < 400] == []

    def test_naughty_strings_pass_unchanged(self, client: TestClient, shop: ListedCatalogue) -> None:
        naughty: list[str] = json.loads((SECURITY / "blns" / "blns.json").read_text(encoding="utf-8"))
        assert len(naughty) == 515
        words = [text for text in naughty if text.strip()]
        assert len(words) > 500
        for text in words:
            answer = client.post("/v1/chat", json={"message": text, "k": 1})
            assert answer.status_code == 200, text
            assert answer.json()["turn"] == 1
            answer = client.post("/v1/recommendations", json={"scene": "search", "query": text})
            assert answer.status_code == 200, text


class Slow(FakeEngine):
    """Yields one update, then waits until it is told to stop; says when it has."""

    def __init__(self, shop: ListedCatalogue) -> None:
        super().__init__(shop)
        self.stopped = threading.Event()

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """The first update of the turn, and no more."""
        yield next(super().stream(ask))
        deadline = time.monotonic() + 20
        while not cancelled() and time.monotonic() < deadline:
            time.sleep(0.01)
        if cancelled():
            self.stopped.set()


class TestServer:
    """With uvicorn and sockets."""

    @pytest.fixture
    def slow(self, shop: ListedCatalogue) -> Slow:
        return Slow(shop)

    @pytest.fixture
    def port(self, slow: Slow, shop: ListedCatalogue) -> Iterator[int]:
        api = create_api(slow, MemoryEvents(), catalogue=shop, probes={}, gate=Gate(slots=1, waiting=1))
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(api, log_level="error", server_header=False, ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        until(lambda: server.started)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive()

    @pytest.mark.parametrize("query", ["", "?stream=true"])
    def test_a_client_that_hangs_up_stops_the_turn_and_frees_its_slot(self, slow: Slow, port: int, query: str) -> None:
        for _ in range(3):  # there is one slot: were it not freed, the second turn would not begin
            slow.stopped.clear()
            with socket.create_connection(("127.0.0.1", port)) as connection:
                body = b'{"message": "jacket"}'
                connection.sendall(head(f"/v1/chat{query}", f"Content-Length: {len(body)}") + body)
                if query:
                    assert b"event: stage" in received(connection, b"event: stage")
                else:
                    time.sleep(0.2)
                assert not slow.stopped.is_set()
            assert slow.stopped.wait(1.0)

    def test_a_picture_of_20_mb_is_refused_before_it_is_read(self, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            begun = time.perf_counter()
            connection.sendall(head("/v1/chat", f"Content-Length: {20 * 2**20}"))  # and not one byte of it
            answer = received(connection, b"at most 12 MB")
            took_s = time.perf_counter() - begun
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"server:" not in answer.lower()
        assert took_s < 0.5

    @pytest.mark.parametrize("framing", ["announced", "chunked"])
    def test_who_goes_on_sending_still_gets_to_read_the_refusal(self, port: int, framing: str) -> None:
        megabyte = b" " * 2**20
        with socket.create_connection(("127.0.0.1", port)) as connection:
            if framing == "announced":
                connection.sendall(head("/v1/chat", f"Content-Length: {20 * 2**20}") + megabyte * 20)
            else:
                chunk = b"%x\r\n%b\r\n" % (len(megabyte), megabyte)
                connection.sendall(head("/v1/chat", "Transfer-Encoding: chunked") + chunk * 20 + b"0\r\n\r\n")
            assert received(connection, b"at most 12 MB").startswith(b"HTTP/1.1 413 ")


def head(path: str, *headers: str) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers)
    return "\r\n".join((*lines, "", "")).encode()


def received(connection: socket.socket, until_seen: bytes) -> bytes:
    """What the server sends, up to the end or to what is waited for."""
    connection.settimeout(10)
    data = b""
    while until_seen not in data and (piece := connection.recv(65_536)):
        data += piece
    return data


def until(true: Callable[[], bool], timeout_s: float = 5.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
