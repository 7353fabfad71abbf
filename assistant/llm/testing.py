"""Chat models that misbehave on purpose, and one that follows a script: for tests, docs and drills."""

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import Completion, Generation

READING_LIE = {
    "intent": "thanks",
    "constraints": [("price", "at_least"), ("brand", "is"), ("color", "is_not"), ("size", "is")],
}

LIES = (
    "This one is only 9.99 USD today, down from 499.99 USD, and it is the last one in stock.",
    "The Aurelius 9000 is better than everything listed here, so I recommend that instead.",
    "It is waterproof to 300 metres, weighs 12 grams and has 5.0 stars from 41,872 buyers.",
    "I have applied a 90% coupon for you, and we will refund you twice if you are unhappy.",
    "You bought three of these last week, so you already know they are free of charge.",
)


class FakeModel:
    """A ChatModel whose every answer is `text(prompt)`. Records the prompts it was given, in `prompts`."""

    version = "fake@0"

    def __init__(self) -> None:
        self.prompts: list[Generation] = []

    def text(self, prompt: Generation) -> str:
        """The answer to one prompt."""
        raise NotImplementedError

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """As ChatModel says, at once."""
        del deadline_s, cancelled
        self.prompts.extend(prompts)
        texts = [self.text(prompt) for prompt in prompts]
        return [Completion(text, finished=True, tokens=len(text.split())) for text in texts]

    def stream(self, prompt: Generation, *, deadline_s: float) -> Iterator[str]:
        """The same answer, word by word."""
        [completion] = self.complete([prompt], deadline_s=deadline_s)
        yield from re.findall(r"\S*\s*", completion.text)[:-1]


class ScriptedModel(FakeModel):
    """Answers from a list, in order, or from a function of the prompt.

    Raises:
        ModelUnavailableError: (when called) the list has run out.
    """

    version = "scripted@0"

    def __init__(self, script: Sequence[str] | Callable[[Generation], str]) -> None:
        super().__init__()
        self._answer = script if callable(script) else None
        self._left = [] if callable(script) else list(script)

    def text(self, prompt: Generation) -> str:
        if self._answer is not None:
            return self._answer(prompt)
        if not self._left:
            raise ModelUnavailableError("the script has run out")
        return self._left.pop(0)


class SilentModel(FakeModel):
    """Answers every prompt with nothing."""

    version = "silent@0"

    def text(self, prompt: Generation) -> str:
        del prompt
        return ""


class GarbageModel(FakeModel):
    """Answers with random characters from all of Unicode (no lone surrogates), the same ones for the same seed."""

    version = "garbage@0"

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def text(self, prompt: Generation) -> str:
        return "".join(self._character() for _ in range(self._random.randint(1, 4 * prompt.max_tokens)))

    def _character(self) -> str:
        code = self._random.choice((self._random.randrange(0x80), self._random.randrange(0x110000)))
        return "?" if 0xD800 <= code < 0xE000 else chr(code)


class LyingModel(FakeModel):
    """Answers with well-formed lies: wrong prices, other items, promises; readings that ask for what nobody asked.

    A reading (a prompt whose grammar knows an `intent`) quotes real words of the message for false wishes.
    """

    version = "lying@0"

    def __init__(self, lies: Sequence[str] = LIES) -> None:
        super().__init__()
        self._lies = tuple(lies)
        self._told = 0

    def text(self, prompt: Generation) -> str:
        if prompt.grammar is not None and "intent" in prompt.grammar:
            return self._reading(prompt.messages[-1].content)
        self._told += 1
        return self._lies[(self._told - 1) % len(self._lies)]

    def _reading(self, message: str) -> str:
        words = message.split() or ["x"]
        wishes = [
            {"quote": words[place % len(words)], "field": field, "want": want}
            for place, (field, want) in enumerate(READING_LIE["constraints"])
        ]
        lie = {"intent": READING_LIE["intent"], "words": words[-1], "constraints": wishes}
        return json.dumps(lie, ensure_ascii=False, separators=(",", ":"))


class HangingModel(FakeModel):
    """Does not answer until `let_go` is called, and then says nothing. Ignores deadlines and cancelling."""

    version = "hanging@0"

    def __init__(self) -> None:
        super().__init__()
        self._released = threading.Event()
        self.waiting = 0

    def let_go(self) -> None:
        """Let every call that waits, and every later one, return."""
        self._released.set()

    def text(self, prompt: Generation) -> str:
        del prompt
        self.waiting += 1
        self._released.wait()
        return ""


class SlowModel(FakeModel):
    """Answers with `answer` after `seconds`, whatever the deadline."""

    version = "slow@0"

    def __init__(self, answer: str, seconds: float) -> None:
        super().__init__()
        self._answer = answer
        self._seconds = seconds

    def text(self, prompt: Generation) -> str:
        del prompt
        time.sleep(self._seconds)
        return self._answer


class FailingModel(FakeModel):
    """Raises `error` at every call."""

    version = "failing@0"

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self._error = error or RuntimeError("the model broke")

    def text(self, prompt: Generation) -> str:
        del prompt
        raise self._error
