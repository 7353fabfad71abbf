"""The remote engine against a real HTTP server on loopback that is good, slow, broken or hostile."""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import Completion, Generation, Message
from assistant.llm.guarded import GuardedChatModel
from assistant.llm.remote import RemoteChatModel
from index.errors import SetupError

SYSTEM = Message("system", "You help in a shop.")
HELLO = Generation((SYSTEM, Message("user", "hello")), max_tokens=16)
COLOUR = Generation(HELLO.messages, 'start: "red" | "reddish" | "blue"\n', 16)


def chunk(content: object, reason: str | None = None) -> bytes:
    body = {
        "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": reason}],
    }  # fmt: skip
    return b"data: " + json.dumps(body).encode() + b"\n\n"


class Server:
    """A chat-completions server whose every answer is `answer(handler, request)`. Records requests."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.under_way = self.most_under_way = 0
        self.hung_up = threading.Event()
        self.answer: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None] = says("Hello", " there", ".")
        lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    server.requests.append({**request, "path": self.path})
                    server.keys.append(self.headers["Authorization"])
                    server.under_way += 1
                    server.most_under_way = max(server.most_under_way, server.under_way)
                try:
                    server.answer(self, request)
                except (BrokenPipeError, ConnectionResetError):
                    server.hung_up.set()
                finally:
                    with lock:
                        server.under_way -= 1

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


def begin(handler: BaseHTTPRequestHandler, kind: str = "text/event-stream") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.end_headers()


def says(*pieces: object, reason: str | None = "stop", pause: float = 0.0) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        begin(handler)
        for piece in pieces:
            handler.wfile.write(chunk(piece))
            handler.wfile.flush()
            time.sleep(pause)
        if reason is not None:
            handler.wfile.write(chunk(None, reason) + b"data: [DONE]\n\n")

    return answer


def fails(status: int, body: str = '{"error": {"message": "sk-secret is wrong"}}') -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def raw(content: bytes, kind: str = "text/event-stream") -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        begin(handler, kind)
        handler.wfile.write(content)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def model(server: Server) -> Iterator[RemoteChatModel]:
    remote = RemoteChatModel(
        "base", base_url=server.url, key="sk-secret", adapters={"reader": "base-reader"}, most_at_once=2
    )
    yield remote
    remote.close()


def test_an_answer_comes_back_whole(server: Server, model: RemoteChatModel) -> None:
    assert model.complete([HELLO], deadline_s=5) == [Completion("Hello there.", finished=True, tokens=3)]
    [request] = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["max_tokens"], request["temperature"]) == ("base", 16, 0)
    assert request["messages"] == [
        {"role": "system", "content": "You help in a shop."},
        {"role": "user", "content": "hello"},
    ]
    assert server.keys == ["Bearer sk-secret"]


def test_control_tokens_in_a_message_reach_the_server_as_words(server: Server, model: RemoteChatModel) -> None:
    model.complete([Generation((SYSTEM, Message("user", "<|im_end|>x")))], deadline_s=5)
    assert server.requests[0]["messages"][1]["content"] == "< |im_end| >x"


def test_a_length_stop_is_unfinished(server: Server, model: RemoteChatModel) -> None:
    server.answer = says("Hel", "lo", reason="length")
    assert model.complete([HELLO], deadline_s=5) == [Completion("Hello", finished=False, tokens=2)]


def test_a_broken_off_stream_is_unfinished(server: Server, model: RemoteChatModel) -> None:
    server.answer = says("Hel", "lo", reason=None)
    assert model.complete([HELLO], deadline_s=5) == [Completion("Hello", finished=False, tokens=2)]
    assert len(server.requests) == 1  # tokens came: it is not asked again


def test_an_adapter_is_a_model_name(server: Server, model: RemoteChatModel) -> None:
    model.complete([Generation(HELLO.messages, adapter="reader"), HELLO], deadline_s=5)
    assert sorted(request["model"] for request in server.requests) == ["base", "base-reader"]
    assert model.version == f"base@{server.url[7:-3]}+reader@{server.url[7:-3]}"
    with pytest.raises(ValueError, match="no adapter 'other'"):
        model.complete([Generation(HELLO.messages, adapter="other")], deadline_s=5)


@pytest.mark.parametrize(
    ("dialect", "sent"),
    [
        ("none", {}),
        ("vllm", {"structured_outputs": {"grammar": COLOUR.grammar}}),
        ("llguidance", {"grammar": "%llguidance {}\n" + str(COLOUR.grammar)}),
    ],
)
def test_a_grammar_is_passed_as_the_server_takes_it(server: Server, dialect: Any, sent: dict[str, Any]) -> None:
    server.answer = says("re", "d")
    model = RemoteChatModel("base", base_url=server.url, dialect=dialect)
    assert model.complete([COLOUR], deadline_s=5)[0].text == "red"
    assert {name: server.requests[0].get(name) for name in ("structured_outputs", "grammar")} == {
        "structured_outputs": sent.get("structured_outputs"),
        "grammar": sent.get("grammar"),
    }
    model.close()


@pytest.mark.parametrize(
    ("pieces", "reason", "expected"),
    [
        (("blue",), "stop", Completion("blue", finished=True, tokens=1)),
        (("red",), "length", Completion("red", finished=False, tokens=1)),  # it could have become reddish
        (("redd",), "stop", Completion("redd", finished=False, tokens=1)),
    ],
)
def test_a_grammar_says_what_is_whole(
    server: Server, model: RemoteChatModel, pieces: tuple[str, ...], reason: str, expected: Completion
) -> None:
    server.answer = says(*pieces, reason=reason)
    assert model.complete([COLOUR], deadline_s=5) == [expected]


def test_an_answer_outside_its_grammar_is_dropped_and_its_neighbours_are_not(
    server: Server, model: RemoteChatModel
) -> None:
    server.answer = says("green")
    free, held = model.complete([HELLO, COLOUR], deadline_s=5)
    assert free.text == "green"
    assert held == Completion("", finished=False)
    with pytest.raises(ModelUnavailableError, match="no usable answer"):
        model.complete([COLOUR], deadline_s=5)
    with pytest.raises(ValueError, match="does not compile"):
        model.complete([Generation(HELLO.messages, "start: (")], deadline_s=5)


def test_a_slow_server_is_left_at_the_deadline_with_what_it_said(server: Server, model: RemoteChatModel) -> None:
    server.answer = says(*["a "] * 14, pause=0.1)
    begun = time.monotonic()
    [completion] = model.complete([HELLO], deadline_s=0.45)
    assert time.monotonic() - begun < 1.2
    assert not completion.finished
    assert 0 < completion.tokens < 14
    assert server.hung_up.wait(5)


def test_a_silent_server_is_unavailable_at_the_deadline(server: Server, model: RemoteChatModel) -> None:
    leave = threading.Event()

    def wait(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        leave.wait(10)

    server.answer = wait
    begun = time.monotonic()
    try:
        with pytest.raises(ModelUnavailableError, match=r"within 0\.30 s"):
            model.complete([HELLO], deadline_s=0.3)
    finally:
        leave.set()
    assert time.monotonic() - begun < 1.5


def test_cancelling_hangs_up(server: Server, model: RemoteChatModel) -> None:
    server.answer = says(*["a "] * 200, pause=0.03)
    calls = iter(range(1000))
    [completion] = model.complete(
        [Generation(HELLO.messages, max_tokens=300)], deadline_s=20, cancelled=lambda: next(calls) > 4
    )
    assert not completion.finished
    assert server.hung_up.wait(5)


def test_requests_under_way_are_bounded(server: Server, model: RemoteChatModel) -> None:
    server.answer = says("a", "b", pause=0.05)
    assert [one.text for one in model.complete([HELLO] * 6, deadline_s=10)] == ["ab"] * 6
    assert server.most_under_way == 2


def test_streamed_pieces_arrive_one_by_one(model: RemoteChatModel) -> None:
    assert list(model.stream(HELLO, deadline_s=5)) == ["Hello", " there", "."]


def test_a_stream_with_a_grammar_comes_checked(server: Server, model: RemoteChatModel) -> None:
    server.answer = says("bl", "ue")
    assert list(model.stream(COLOUR, deadline_s=5)) == ["blue"]
    server.answer = says("bl", "ack")
    with pytest.raises(ModelUnavailableError, match="no usable answer"):
        list(model.stream(COLOUR, deadline_s=5))


def test_closing_a_stream_hangs_up(server: Server, model: RemoteChatModel) -> None:
    server.answer = says(*["a "] * 300, pause=0.02)
    stream = model.stream(Generation(HELLO.messages, max_tokens=400), deadline_s=20)
    assert next(stream) == "a "
    stream.close()
    assert server.hung_up.wait(5)


@pytest.mark.parametrize(
    ("status", "why", "hint"),
    [
        (401, "refuses the key", "WHYBUY_LLM_KEY"),
        (403, "refuses the key", "WHYBUY_LLM_KEY"),
        (404, "no model of that name", "/v1/models"),
        (400, "does not take the request", "llm_dialect"),
        (422, "failed with status 422", "log"),
        (429, "is busy", ""),
        (500, "failed with status 500", "log"),
        (302, "failed with status 302", "log"),
    ],
)
def test_errors_say_what_to_do_and_quote_nobody(
    server: Server, model: RemoteChatModel, caplog: pytest.LogCaptureFixture, status: int, why: str, hint: str
) -> None:
    server.answer = fails(status)
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelUnavailableError, match=why) as raised:
        model.complete([HELLO], deadline_s=5)
    assert hint in raised.value.hint
    assert "sk-secret" not in str(raised.value) + raised.value.hint + "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("assistant")
    )
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"<html>not a model</html>", "text/html"),
        raw(b"data: {not json}\n\n"),
        raw(b"data: [1, 2]\n\n"),
        raw(b'data: {"choices": 7}\n\n'),
        raw(b'data: {"choices": [{"delta": {"content": ["a"]}}]}\n\n'),
        raw(b'data: {"choices": [{"delta": {"content": "\\ud800"}, "finish_reason": null}]}\n\n'),
        raw(b"data: \xff\xfe\n\n"),
        raw(b""),
        says("x" * 5000),
        says(*["x"] * 100),
    ],
)
def test_a_hostile_answer_is_no_answer(server: Server, model: RemoteChatModel, answer: Callable[..., None]) -> None:
    server.answer = answer
    with pytest.raises(ModelUnavailableError):
        model.complete([HELLO], deadline_s=3)
    server.answer = says("fine")
    assert model.complete([HELLO], deadline_s=5)[0].text == "fine"


def test_no_server_leads_to_the_fallback_of_the_guard() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nothing answers here
        remote = RemoteChatModel("base", base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        guarded = GuardedChatModel(remote, failures=2)
        for _ in range(2):
            with pytest.raises(ModelUnavailableError, match="nothing answers at 127"):
                guarded.complete([HELLO], deadline_s=5)
        assert guarded.state == "open"
        remote.close()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x/v1", "http://user:pass@host/v1", "http://[/v1"])
def test_a_wrong_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(SetupError, match="llm_url"):
        RemoteChatModel("base", base_url=url)
