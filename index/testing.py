"""Small real encoders for tests and examples: words and colours hashed into vectors, no model, no download."""

import hashlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from index.encoders import Vectors, unit
from index.language.words import stems


class HashingTextEncoder:
    """A bag of stemmed words, each at its own pseudo-random direction: texts that share words are near."""

    def __init__(self, dim: int = 48, name: str = "hashing-words") -> None:
        self.dim = dim
        self.name = name
        self.texts_seen = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts_seen += len(texts)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in stems(text) or ("",):
                vectors[row] += self._direction(word)
        return unit(vectors)

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)


class ColourImageEncoder:
    """The mean colours of a grid of 2x2 cells, centred: pictures of like colours in like places are near."""

    dim = 12

    def __init__(self, name: str = "grid-colours") -> None:
        self.name = name
        self.images_seen = 0

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        self.images_seen += len(images)
        cells = [np.asarray(image.resize((2, 2), Image.Resampling.BOX), dtype=np.float32).ravel() for image in images]
        return unit(np.array(cells, dtype=np.float32).reshape(len(images), self.dim) - 96.0)
