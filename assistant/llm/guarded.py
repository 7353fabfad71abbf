"""Any chat model behind a deadline that holds and a circuit breaker: a hung model costs a few turns, not the shop."""

import logging
import math
import threading
import time
from collections.abc import Callable, Generator, Sequence
from queue import Empty, SimpleQueue
from typing import Literal, TypeGuard, cast

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import ChatModel, Completion, Generation

log = logging.getLogger(__name__)

_CHARS_PER_TOKEN = 128
"""No token of any vocabulary in use is longer; a text beyond this many per token is not an answer."""
_BUSY_S = 5.0
"""A model that answered somebody within this many seconds is busy when it refuses, not broken."""


class CircuitBreaker:
    """Says whether to try: no after `failures` in a row, then one trial every `rest_s` seconds until one succeeds."""

    def __init__(self, failures: int, rest_s: float, clock: Callable[[], float]) -> None:
        self._most = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._next_trial_at = 0.0
        self._worked_at = -math.inf
        self._trying = False

    @property
    def state(self) -> Literal["closed", "open", "half-open"]:
        """`closed`: calls pass. `open`: none does. `half-open`: the next one, or the one under way, decides."""
        with self._lock:
            if self._failed < self._most:
                return "closed"
            return "half-open" if self._trying or self._clock() >= self._next_trial_at else "open"

    def admit(self) -> bool:
        """Whether this call may pass. One that passes must report `succeeded`, `failed` or `undecided`."""
        with self._lock:
            if self._failed < self._most:
                return True
            if self._clock() < self._next_trial_at:
                return False
            # Only this one: the next may try in `rest_s` seconds, in case this one is never heard of again.
            self._trying, self._next_trial_at = True, self._clock() + self._rest_s
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._trying, self._worked_at = 0, False, self._clock()

    def failed(self) -> None:
        with self._lock:
            self._failed, self._trying = self._failed + 1, False
            if self._failed >= self._most:
                self._next_trial_at = self._clock() + self._rest_s

    def refused(self) -> None:
        """The model said in time that it has none: it is busy, or down. A failure unless it worked a moment ago."""
        if self._clock() - self._worked_at <= _BUSY_S:
            self.undecided()
        else:
            self.failed()

    def undecided(self) -> None:
        """The call said nothing about the model, e.g. its caller gave up."""
        with self._lock:
            if self._trying:
                self._trying, self._next_trial_at = False, self._clock()


class GuardedChatModel:
    """A ChatModel that fails only by ModelUnavailableError, and by `deadline_s` + `grace_s` seconds at the latest.

    Args:
        inner: may hang, raise, or return nonsense.
        grace_s: how long after the deadline an answer is still waited for, so that a partial one arrives.
        failures: consecutive failures after which calls are refused at once.
        rest_s: seconds until one call is let through again to try.
        threads: most calls inside the model at once; hung ones keep theirs.
    """

    def __init__(
        self,
        inner: ChatModel,
        *,
        grace_s: float = 0.04,
        failures: int = 3,
        rest_s: float = 15.0,
        threads: int = 8,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._grace_s = grace_s
        self._breaker = CircuitBreaker(failures, rest_s, clock)
        self._slots = threading.BoundedSemaphore(threads)

    @property
    def version(self) -> str:
        """The inner model's, which changes when an adapter is swapped."""
        return self._inner.version

    @property
    def state(self) -> Literal["closed", "open", "half-open"]:
        """The breaker's: `closed` is the healthy one."""
        return self._breaker.state

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """What the inner model answers, when it is an answer.

        Raises:
            ModelUnavailableError: it hung, raised, answered nonsense, or is being left alone after failing.
        """
        prompts = tuple(prompts)
        abandoned = threading.Event()
        answers: SimpleQueue[object] = SimpleQueue()

        def work() -> None:
            answers.put(
                self._inner.complete(
                    prompts, deadline_s=deadline_s, cancelled=lambda: abandoned.is_set() or cancelled()
                )
            )

        latest = self._begin(work, answers, deadline_s)
        try:
            answer = answers.get(timeout=max(0.0, latest - time.monotonic()))
            if isinstance(answer, BaseException):
                raise self._unavailable(answer) from answer
            if not _is_answer(answer, prompts):
                raise self._unavailable(TypeError("not a list of completions, one per prompt"))
        except Empty:
            raise self._unavailable(TimeoutError(f"no answer within {deadline_s:.2f} s")) from None
        finally:
            abandoned.set()
        if any(completion.finished for completion in answer) or not cancelled():
            self._breaker.succeeded()
        else:
            self._breaker.undecided()
        return answer

    def stream(self, prompt: Generation, *, deadline_s: float) -> Generator[str]:
        """What the inner model streams; ends at the deadline, whatever the model does.

        Raises:
            ModelUnavailableError: it raised, streamed something that is not text, gave nothing by the deadline, or is
                being left alone after failing.
        """
        abandoned = threading.Event()
        pieces: SimpleQueue[object] = SimpleQueue()

        def work() -> None:
            for piece in self._inner.stream(prompt, deadline_s=deadline_s):
                if abandoned.is_set():
                    return
                pieces.put(piece)
            pieces.put(None)

        latest = self._begin(work, pieces, deadline_s)
        return self._pieces(pieces, abandoned, latest, _CHARS_PER_TOKEN * prompt.max_tokens)

    def _pieces(
        self, pieces: "SimpleQueue[object]", abandoned: threading.Event, latest: float, most_chars: int
    ) -> Generator[str]:
        said = 0
        settled = False
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, latest - time.monotonic()))
                except Empty:
                    settled = True
                    late = self._unavailable(TimeoutError("the stream did not end by its deadline"))
                    if not said:
                        raise late from None
                    return
                if piece is None:
                    settled = True
                    self._breaker.succeeded()
                    return
                if not _is_text(piece) or said + len(piece) > most_chars:
                    settled = True
                    fault = piece if isinstance(piece, BaseException) else TypeError("the stream is not text")
                    raise self._unavailable(fault) from fault
                said += len(piece)
                yield piece
        finally:
            abandoned.set()
            if not settled:  # the reader of the stream left early
                self._breaker.undecided()

    def _begin(self, work: Callable[[], None], out: "SimpleQueue[object]", deadline_s: float) -> float:
        """Start `work` in a thread of its own, its exception put into `out`; the latest moment to wait for it."""
        latest = time.monotonic() + max(0.0, deadline_s) + self._grace_s
        if not self._breaker.admit():
            raise ModelUnavailableError("the language model failed repeatedly and is left alone for some seconds")
        if not self._slots.acquire(timeout=max(0.0, deadline_s)):
            raise self._unavailable(TimeoutError("every thread waits for the model"))

        def run() -> None:
            try:
                work()
            except BaseException as error:  # the edge: handed to the caller, who raises and logs it
                out.put(error)
            finally:
                self._slots.release()

        # Daemons: a model that never returns must not keep the process from ending.
        threading.Thread(target=run, name="whybuy-llm", daemon=True).start()
        return latest

    def _unavailable(self, fault: BaseException) -> ModelUnavailableError:
        """Count the fault, unless it is the caller's, and name it without quoting what was said."""
        if isinstance(fault, ValueError):  # a wrong argument: says nothing about the model's health
            self._breaker.undecided()
        elif isinstance(fault, ModelUnavailableError):
            self._breaker.refused()
        else:
            self._breaker.failed()
        log.warning("language model: %s", type(fault).__name__)
        log.debug("language model failed", exc_info=fault)
        if isinstance(fault, ModelUnavailableError):
            return ModelUnavailableError(str(fault), hint=fault.hint)
        return ModelUnavailableError(f"the language model failed: {type(fault).__name__}")


def _is_answer(answer: object, prompts: Sequence[Generation]) -> TypeGuard[list[Completion]]:
    if not isinstance(answer, list):
        return False
    completions = cast("list[object]", answer)
    return len(completions) == len(prompts) and all(
        isinstance(completion, Completion)
        and _is_text(completion.text)
        and len(completion.text) <= _CHARS_PER_TOKEN * max(1, prompt.max_tokens)
        for completion, prompt in zip(completions, prompts, strict=True)
    )


def _is_text(value: object) -> TypeGuard[str]:
    """Whether it is a string that can be sent and stored: lone surrogates cannot."""
    try:
        return isinstance(value, str) and len(value.encode()) >= len(value)
    except UnicodeEncodeError:
        return False
