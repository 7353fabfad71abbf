"""Texts encoded once: sources, features and the question whether a shop sells a thing all ask for the same words."""

from collections.abc import Sequence
from functools import lru_cache

from index.encoders import TextEncoder, Vectors

_KEPT = 256
"""Texts remembered, 1.5 KB each at 384 dimensions."""


class RememberedTexts:
    """A text encoder that remembers the vectors of the latest texts it was asked for alone. Safe to share."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder

        @lru_cache(maxsize=_KEPT)
        def encoded(text: str) -> Vectors:
            vector_1D = encoder.encode([text])
            vector_1D.flags.writeable = False  # many hold it
            return vector_1D

        self._encoded = encoded

    @property
    def dim(self) -> int:
        """The encoder's own."""
        return self._encoder.dim

    @property
    def name(self) -> str:
        """The encoder's own."""
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder's; of a single text not to be written to."""
        return self._encoded(texts[0]) if len(texts) == 1 else self._encoder.encode(texts)
