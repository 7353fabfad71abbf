"""A model that hangs, raises or returns nonsense costs a turn its deadline, and soon nothing at all."""

import time
from collections.abc import Iterator, Sequence
from typing import cast

import pytest

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import ChatModel, Completion, Generation, Message
from assistant.llm.guarded import CircuitBreaker, GuardedChatModel
from assistant.llm.testing import FailingModel, FakeModel, HangingModel, ScriptedModel, SlowModel

PROMPT = Generation((Message("system", "s"), Message("user", "u")), max_tokens=8)


class Clock:
    """Shows what it was last set to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class WrongModel(FakeModel):
    """Returns `answer` from `complete` and streams its members, whatever they are."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self._answer = answer

    def complete(self, prompts: Sequence[Generation], **_: object) -> list[Completion]:
        return cast("list[Completion]", self._answer)  # breaking the type is the point

    def stream(self, prompt: Generation, *, deadline_s: float) -> Iterator[str]:
        yield from cast("list[str]", self._answer)


@pytest.fixture
def hanging() -> Iterator[HangingModel]:
    model = HangingModel()
    yield model
    model.let_go()


def test_a_good_answer_passes_unchanged() -> None:
    guarded = GuardedChatModel(ScriptedModel(["yes", "no"]))
    assert guarded.complete([PROMPT, PROMPT], deadline_s=1) == [Completion("yes", True, 1), Completion("no", True, 1)]
    assert guarded.version == "scripted@0"
    assert guarded.state == "closed"


def test_a_hung_model_holds_the_turn_no_longer_than_its_deadline(hanging: HangingModel) -> None:
    guarded = GuardedChatModel(hanging)
    begun = time.monotonic()
    with pytest.raises(ModelUnavailableError, match="TimeoutError"):
        guarded.complete([PROMPT], deadline_s=0.1)
    assert 0.1 <= time.monotonic() - begun < 0.5  # 40 ms of grace, the rest for a busy machine


def test_a_model_that_raises_is_unavailable_and_its_words_stay_inside() -> None:
    guarded = GuardedChatModel(FailingModel(RuntimeError("the shopper said: my card is 4111")))
    with pytest.raises(ModelUnavailableError, match=r"^the language model failed: RuntimeError$"):
        guarded.complete([PROMPT], deadline_s=1)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        [],
        [None],
        [Completion(cast("str", None), True)],
        [Completion(cast("str", b"bytes"), True)],
        [Completion("\ud800", True)],
        [Completion("x" * 100_000, True)],
        [Completion("one", True), Completion("too many", True)],
    ],
)
def test_an_answer_that_is_none_is_refused(answer: object) -> None:
    with pytest.raises(ModelUnavailableError):
        GuardedChatModel(WrongModel(answer)).complete([PROMPT], deadline_s=1)


def test_after_three_failures_calls_are_refused_at_once_until_one_trial_succeeds(hanging: HangingModel) -> None:
    clock = Clock()
    guarded = GuardedChatModel(hanging, clock=clock)
    for _ in range(3):
        with pytest.raises(ModelUnavailableError):
            guarded.complete([PROMPT], deadline_s=0.01)
    assert guarded.state == "open"
    begun = time.monotonic()
    with pytest.raises(ModelUnavailableError, match="left alone"):
        guarded.complete([PROMPT], deadline_s=5)
    assert time.monotonic() - begun < 1
    assert hanging.waiting == 3
    clock.now = 15.0
    assert guarded.state == "half-open"
    hanging.let_go()
    assert guarded.complete([PROMPT], deadline_s=5) == [Completion("", True, 0)]
    assert guarded.state == "closed"


def test_a_failed_trial_opens_it_again(hanging: HangingModel) -> None:
    clock = Clock()
    guarded = GuardedChatModel(hanging, failures=1, rest_s=15, clock=clock)
    with pytest.raises(ModelUnavailableError):
        guarded.complete([PROMPT], deadline_s=0.01)
    clock.now = 15.0
    with pytest.raises(ModelUnavailableError, match="TimeoutError"):
        guarded.complete([PROMPT], deadline_s=0.01)
    assert guarded.state == "open"
    clock.now = 29.9
    assert guarded.state == "open"
    clock.now = 30.0
    assert guarded.state == "half-open"


def test_only_one_call_tries_while_half_open() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, 15.0, clock)
    breaker.failed()
    clock.now = 15.0
    assert [breaker.admit(), breaker.admit()] == [True, False]
    breaker.undecided()
    assert breaker.admit()
    breaker.succeeded()
    assert [breaker.admit(), breaker.admit()] == [True, True]


def test_a_trial_never_heard_of_again_is_followed_by_another() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, 15.0, clock)
    breaker.failed()
    clock.now = 15.0
    assert breaker.admit()
    clock.now = 29.9
    assert not breaker.admit()
    clock.now = 30.0
    assert breaker.admit()


def test_a_success_forgets_earlier_failures() -> None:
    breaker = CircuitBreaker(3, 15.0, Clock())
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(2):
        breaker.failed()
    assert breaker.state == "closed"


def test_a_wrong_argument_does_not_count_against_the_model() -> None:
    guarded = GuardedChatModel(FailingModel(ValueError("the grammar does not compile")), failures=1)
    for _ in range(3):
        with pytest.raises(ModelUnavailableError, match="ValueError"):
            guarded.complete([PROMPT], deadline_s=1)
    assert guarded.state == "closed"


def test_a_model_that_just_worked_is_busy_when_it_refuses_and_broken_when_it_goes_on() -> None:
    clock = Clock()
    answers = iter(["fine", *[None] * 9])

    def busy(_prompt: Generation) -> str:
        if (answer := next(answers)) is None:
            raise ModelUnavailableError("busy")
        return answer

    guarded = GuardedChatModel(ScriptedModel(busy), failures=2, clock=clock)
    guarded.complete([PROMPT], deadline_s=1)
    for now, state in ((1.0, "closed"), (5.0, "closed"), (5.1, "closed"), (5.2, "open")):
        clock.now = now
        with pytest.raises(ModelUnavailableError, match="busy"):
            guarded.complete([PROMPT], deadline_s=1)
        assert guarded.state == state


def test_hung_calls_hold_a_bounded_number_of_threads(hanging: HangingModel) -> None:
    guarded = GuardedChatModel(hanging, threads=2, failures=100)
    for _ in range(5):
        with pytest.raises(ModelUnavailableError):
            guarded.complete([PROMPT], deadline_s=0.02)
    assert hanging.waiting == 2


def test_the_model_is_told_when_its_caller_has_left() -> None:
    told: list[bool] = []

    class Watching(FakeModel):
        def complete(self, prompts: Sequence[Generation], **arguments: object) -> list[Completion]:
            cancelled = arguments["cancelled"]
            assert callable(cancelled)
            end = time.monotonic() + 5
            while not cancelled() and time.monotonic() < end:
                time.sleep(0.005)
            told.append(bool(cancelled()))
            return []

    with pytest.raises(ModelUnavailableError):
        GuardedChatModel(Watching()).complete([PROMPT], deadline_s=0.02)
    end = time.monotonic() + 5
    while not told and time.monotonic() < end:
        time.sleep(0.005)
    assert told == [True]


def test_a_good_stream_passes_unchanged() -> None:
    guarded = GuardedChatModel(ScriptedModel(["a warm coat for you"]))
    assert list(guarded.stream(PROMPT, deadline_s=1)) == ["a ", "warm ", "coat ", "for ", "you"]


def test_a_hung_stream_ends_at_its_deadline(hanging: HangingModel) -> None:
    begun = time.monotonic()
    with pytest.raises(ModelUnavailableError, match="TimeoutError"):
        list(GuardedChatModel(hanging).stream(PROMPT, deadline_s=0.1))
    assert time.monotonic() - begun < 0.5


def test_a_stream_that_stalls_keeps_what_was_said() -> None:
    class Stalling(FakeModel):
        def stream(self, prompt: Generation, *, deadline_s: float) -> Iterator[str]:
            yield "a warm "
            time.sleep(1)
            yield "coat"

    guarded = GuardedChatModel(Stalling(), failures=1)
    assert list(guarded.stream(PROMPT, deadline_s=0.05)) == ["a warm "]
    assert guarded.state == "open"


@pytest.mark.parametrize("pieces", [[None, 3], [3], ["fine", b"not"], ["\udfff"], ["x" * 100_000]])
def test_a_stream_of_nonsense_is_refused_or_ends(pieces: list[object]) -> None:
    guarded = GuardedChatModel(WrongModel(pieces), failures=1)
    if pieces[0] is None:  # an early end, not nonsense
        assert list(guarded.stream(PROMPT, deadline_s=1)) == []
        return
    with pytest.raises(ModelUnavailableError):
        list(guarded.stream(PROMPT, deadline_s=1))
    assert guarded.state == "open"


def test_a_slow_model_is_late_even_when_it_answers() -> None:
    with pytest.raises(ModelUnavailableError, match="TimeoutError"):
        GuardedChatModel(SlowModel("too late", 0.5)).complete([PROMPT], deadline_s=0.05)


def test_it_is_a_chat_model() -> None:
    model: ChatModel = GuardedChatModel(ScriptedModel([]))
    assert model.version
