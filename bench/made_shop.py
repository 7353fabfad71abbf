"""A shop of any size for measurements: items from our own vocabulary, vectors from the real encoder, made-up shoppers.

A text whose every word is of the vocabulary gets the mean of its words' real vectors and a little of its own, so that
50,000 items cost a few hundred encodings; any other text, a shopper's query among them, is encoded for real.
"""

import hashlib
import json
import random
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Event, EventKind
from index.encoders import TextEncoder, Vectors
from index.language.words import tokens

LOOKS = "red blue green black white grey navy olive sand plum light warm soft slim wide long short quiet bright plain"
STUFFS = "wool cotton linen leather steel oak cork glass bamboo felt denim silk canvas rubber copper clay"
DEPARTMENTS = {
    "Clothing/Outerwear": "jacket coat parka vest anorak cape",
    "Clothing/Knitwear": "sweater cardigan pullover scarf mitten hat",
    "Shoes/Boots": "boot sandal slipper sneaker clog loafer",
    "Home/Kitchen": "kettle mug pan bowl knife teapot",
    "Home/Light": "lamp lantern candle torch chandelier spotlight",
    "Garden/Tools": "spade rake trowel shears hoe dibber",
    "Outdoor/Camping": "tent stove hammock rucksack flask mat",
    "Office/Desk": "notebook pen stapler folder ruler tray",
    "Toys/Wood": "puzzle train robot kite drum marble",
    "Sport/Ball": "football racket net helmet whistle glove",
}
BRANDS = "Alba Borea Corrie Dune Elm Fenn Gale Holt Isla Juno Kestrel Lund Mire Norden Oslo Perle Quill Rook Sable Tarn"
_SHARE_OF_ITS_OWN = 0.25
_KINDS: tuple[EventKind, ...] = ("view", "view", "click", "cart", "purchase", "like")
BEGAN = datetime(2026, 6, 1, tzinfo=UTC)


class MadeEncoder:
    """The real encoder, and a quick stand-in for texts wholly of the vocabulary. Safe to call from several threads."""

    def __init__(self, real: TextEncoder) -> None:
        self._real = real
        words = sorted({*_words(LOOKS), *_words(STUFFS), *_words(BRANDS), *_department_words(), "material", "color"})
        self._vectors = dict(zip(words, real.encode(words), strict=True))
        self._lock = threading.Lock()

    @property
    def dim(self) -> int:
        return self._real.dim

    @property
    def name(self) -> str:
        return f"made-{self._real.name}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dim), dtype=np.float32)
        for at, text in enumerate(texts):
            words = tokens(text)
            if words and all(word in self._vectors or word.isdigit() for word in words):
                mean = np.mean([self._vectors[word] for word in words if word in self._vectors], axis=0)
                found[at] = mean / np.linalg.norm(mean) + _SHARE_OF_ITS_OWN * _own(text, self.dim)
                found[at] /= np.linalg.norm(found[at])
            else:
                found[at] = self._real.encode([text])[0]
        return found


def write_catalogue(path: Path, size: int, seed: int = 0) -> None:
    """`size` items, one JSON object a line."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            department = draw.choice(list(DEPARTMENTS))
            look, stuff = draw.choice(_words(LOOKS)), draw.choice(_words(STUFFS))
            thing, brand = draw.choice(_words(DEPARTMENTS[department])), draw.choice(BRANDS.split())
            row = {
                "id": f"item-{number:06d}",
                "title": f"{brand} {look} {stuff} {thing} {number}",
                "brand": brand,
                "categories": [department],
                "price": round(5 * 1.6 ** draw.uniform(0, 8), 2),
                "currency": "EUR",
                "attributes": {"material": [stuff], "color": [look]},
                "description": "",
                "images": [],
            }
            if draw.random() < 0.7:
                row["rating"] = {"value": round(draw.uniform(2.5, 5), 1), "count": draw.randrange(1, 300)}
            file.write(json.dumps(row) + "\n")


def made_events(shoppers: int, items: int, each: int = 20, seed: int = 1) -> Iterator[Event]:
    """What made-up shoppers did: each keeps to a few neighbouring items of the list, and to the sought ones."""
    draw = random.Random(seed)
    for shopper in range(shoppers):
        home = draw.randrange(items)
        for number in range(each):
            near = draw.random() < 0.5
            item = (home + draw.randrange(200)) % items if near else int(items * draw.random() ** 3)
            at = BEGAN + timedelta(minutes=draw.randrange(60 * 24 * 120))
            yield Event(f"e{number}", f"shopper-{shopper:05d}", draw.choice(_KINDS), f"item-{item:06d}", at)


def _words(text: str) -> list[str]:
    return [token for word in text.split() for token in tokens(word)]


def _department_words() -> list[str]:
    return [word for path, things in DEPARTMENTS.items() for word in _words(path.replace("/", " ") + " " + things)]


def _own(text: str, dim: int) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(dim).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
