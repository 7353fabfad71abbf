"""One prompt being answered, and the grammar its text is held to: what every decode loop here works on."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from llguidance import numpy as masks
from numpy.typing import NDArray


class Interrupted(Exception):  # noqa: N818  (not an error: the caller asked for it)
    """The deadline struck, or the call was cancelled."""


@dataclass(slots=True)
class Row:
    """One prompt being answered. `prefix + suffix` are its token ids; `prefix` is kept for the next call."""

    prefix: list[int]
    suffix: list[int]
    max_tokens: int
    grammar: "Grammar | None" = None
    tokens: list[int] = field(default_factory=list)
    finished: bool = False

    @property
    def active(self) -> bool:
        return not self.finished and len(self.tokens) < self.max_tokens

    def begin(self) -> list[int]:
        """Note the tokens that the grammar forces before the model is asked anything; these tokens."""
        if self.grammar is None:
            return []
        self.tokens = self.grammar.forced()[: self.max_tokens]
        self.finished = self.grammar.stopped
        return list(self.tokens)

    def extend(self, token: int, stop_tokens: AbstractSet[int]) -> list[int]:
        """Note `token` and what the grammar forces after it; the tokens to feed next, none when that was the end."""
        if token in stop_tokens:
            self.finished = True
            return []
        new = [token]
        if self.grammar is not None:
            self.grammar.accept(token)
            new += self.grammar.forced()
        new = new[: self.max_tokens - len(self.tokens)]
        self.tokens += new
        self.finished = self.grammar is not None and self.grammar.stopped
        return new

    def choose(self, scores_V: NDArray[np.float32]) -> int:
        """The likeliest token that may come next.

        Raises:
            ValueError: the grammar allows none of this vocabulary.
        """
        if self.grammar is None:
            return int(scores_V.argmax())
        ids = self.grammar.allowed_below(len(scores_V))
        return int(ids[int(scores_V[ids].argmax())])


class Grammar:
    """The state of one grammar along one row.

    Raises:
        ValueError: the grammar does not compile.
    """

    def __init__(self, tokenizer: LLTokenizer, lark: str) -> None:
        self._tokenizer = tokenizer
        self._matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_lark(lark), log_level=0)
        if self._matcher.is_error():
            raise ValueError(f"the grammar does not compile: {self._matcher.get_error()}")
        # The CPU numpy path: llguidance.torch compiles C++ on its first call, which takes half a minute.
        self._mask = masks.allocate_token_bitmask(1, tokenizer.vocab_size)

    @property
    def stopped(self) -> bool:
        """Whether the text is complete, so that nothing but the end may follow.

        Raises:
            ValueError: the grammar is too complex to go on with.
        """
        if self._matcher.is_error():
            raise ValueError(f"the grammar cannot be followed: {self._matcher.get_error()}")
        return self._matcher.is_stopped()

    def accept(self, token: int) -> None:
        """Take note of a token that was chosen among the allowed ones."""
        if not self._matcher.consume_token(token):
            raise ValueError(f"token {token} breaks the grammar: {self._matcher.get_error()}")

    def allowed(self) -> NDArray[np.intp]:
        """Ids of the tokens that may come next, ascending."""
        masks.fill_next_token_bitmask(self._matcher, self._mask, 0)
        return np.flatnonzero(np.unpackbits(self._mask.view(np.uint8)[0], bitorder="little"))

    def allowed_below(self, vocabulary: int) -> NDArray[np.intp]:
        """The same without padding: a grammar's vocabulary may go beyond the model's.

        Raises:
            ValueError: nothing is left.
        """
        ids = self.allowed()
        ids = ids[ids < vocabulary]
        if len(ids) == 0:
            raise ValueError("the grammar allows no token of this vocabulary")
        return ids

    def forced(self) -> list[int]:
        """The tokens that must come next whatever the model thinks, already accepted."""
        tokens: list[int] = []
        while not self._matcher.is_stopped():
            ahead = self._matcher.compute_ff_tokens() or self._only_spelling()
            if not ahead or not self._matcher.consume_tokens(ahead):
                break
            tokens += ahead
        return tokens

    def _only_spelling(self) -> list[int]:
        """The longest next token, where the text ahead is fixed and only its cutting into tokens is open."""
        text = self._matcher.compute_ff_bytes()
        if not text:
            return []
        choices = [(self._tokenizer.decode_bytes([token]), int(token)) for token in self.allowed()[:64]]
        if not choices or len(choices) == 64 or not all(piece and text.startswith(piece) for piece, _ in choices):
            return []
        return [max(choices, key=lambda choice: len(choice[0]))[1]]
