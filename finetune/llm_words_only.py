"""A chat model that words and does not read, and that may be turned off or made to lie while it serves."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from assistant.llm.chat_model import ChatModel, Completion, Generation
from assistant.llm.prompts import load
from assistant.llm.testing import LyingModel

Mode = Literal["on", "off", "lying"]
MODES: tuple[Mode, ...] = ("on", "off", "lying")


class WordsOnly:
    """Answers what the wording asks; to readings it says nothing, so that the rules read alone.

    With readings out of the way the same message is the same request in every mode, and what differs between two
    replies is the wording's doing.

    Attributes:
        mode: `on`: `inner` answers; `off`: nothing does; `lying`: a model that names other prices and other items.
        asked: sentences that `inner` was asked for.
    """

    def __init__(self, inner: ChatModel) -> None:
        self.version = inner.version
        self.mode: Mode = "on"
        self.asked = 0
        self._inner = inner
        self._liar = LyingModel()
        self._first = load("wording").fill(slots="")[0]

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """As ChatModel says; prompts that are not the wording's come back empty."""
        wordings = [prompt for prompt in prompts if prompt.messages[0] == self._first]
        if self.mode == "off" or not wordings:
            return [Completion("", finished=True) for _ in prompts]
        if self.mode == "lying":
            return self._liar.complete(prompts, deadline_s=deadline_s)
        self.asked += len(wordings)
        answers = iter(self._inner.complete(wordings, deadline_s=deadline_s, cancelled=cancelled))
        return [
            next(answers) if prompt.messages[0] == self._first else Completion("", finished=True) for prompt in prompts
        ]

    def stream(self, prompt: Generation, *, deadline_s: float) -> Iterator[str]:
        """The completion of one prompt in one piece."""
        yield self.complete([prompt], deadline_s=deadline_s)[0].text
