"""What an item says and how it looks -> one unit vector, and queries that meet it there.

Legend: N items, T text dimensions, P picture dimensions after the projection, F picture features before it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors, unit
from index.items import Item
from index.language.words import normalise, tokens

NAME_SHARE, FACTS_SHARE, SAID_SHARE = 0.45, 0.25, 0.4
"""How much an item's name, facts and description can at most move its text vector, before it is brought to length 1."""

_KINSHIP = 0.2
"""Cosine with the item's name below which a sentence of the description is not about the item and does not count."""

_FACT_WORDS = 60
_VALUES_PER_FACT = 6
_MOST_SENTENCES = 8
_SENTENCE_WORDS = 30
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MOST_PICTURE_DIMS = 256


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much of the likeness of two items is their words, and how much their looks. They sum to 1.

    Raises:
        ValueError: a weight is negative or they do not sum to 1.
    """

    text: float = 0.7
    picture: float = 0.3

    def __post_init__(self) -> None:
        if min(self.text, self.picture) < 0 or abs(self.text + self.picture - 1) > 1e-9:
            raise ValueError(f"fusion weights are {self.text} and {self.picture}, expected two shares of 1")


@dataclass(frozen=True, slots=True)
class Passages:
    """What of an item is encoded, each passage apart: its name, its facts ("" if none) and its sentences."""

    name: str
    facts: str
    said: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(passage for passage in (self.name, self.facts, *self.said) if passage)


def item_passages(item: Item) -> Passages:
    """The passages of an item, without stuffing: phrases repeated three times or more are left out altogether."""
    name = ". ".join(part for part in (item.title, item.brand, *(c.replace("/", " ") for c in item.categories)) if part)
    facts = ". ".join(
        f"{field.replace('_', ' ')} {', '.join(values[:_VALUES_PER_FACT])}"
        for field, values in {**item.attributes, **item.options}.items()
    )
    sentences: dict[str, None] = {}
    for sentence in _SENTENCE_END.split(unstuffed(item.description)):
        words = sentence.split()
        for start in range(0, len(words), _SENTENCE_WORDS):
            sentences[" ".join(words[start : start + _SENTENCE_WORDS])] = None
        if len(sentences) >= _MOST_SENTENCES:
            break
    short_facts = " ".join(unstuffed(facts).split()[:_FACT_WORDS])
    return Passages(name, short_facts, tuple(sentences)[:_MOST_SENTENCES])


def unstuffed(text: str) -> str:
    """The text without the words of any three-word phrase that it has three times or more; lines stay lines."""
    lines = [line.split() for line in text.split("\n")]
    plain = [" ".join(tokens(word)) or normalise(word) for line in lines for word in line]
    phrases = list(zip(plain, plain[1:], plain[2:], strict=False))
    often = {phrase for phrase, times in Counter(phrases).items() if times >= 3}
    stuffed = {at + step for at, phrase in enumerate(phrases) if phrase in often for step in range(3)}
    number = count()
    kept = ([word for word in line if next(number) not in stuffed] for line in lines)
    return "\n".join(" ".join(line) for line in kept)


def text_vector(name_T: Vectors, facts_T: Vectors | None, said_ST: Vectors) -> Vectors:
    """The unit vector_T of an item's words from the vectors of its passages; S sentences, perhaps none.

    Facts and sentences count by their kinship with the name. So a yoga ball whose description says `waterproof
    hiking jacket` stays a yoga ball, while what a jacket's description says of the jacket is heard.
    """
    found = NAME_SHARE * name_T
    if facts_T is not None:
        found = found + FACTS_SHARE * float(np.clip(facts_T @ name_T / 0.4, 0, 1)) * facts_T
    if len(said_ST):
        kinship = np.maximum(said_ST @ name_T - _KINSHIP, 0)
        found = found + SAID_SHARE * min(1.0, float(kinship.max()) / 0.3) * unit(kinship @ said_ST)
    return unit(found)


@dataclass(frozen=True, slots=True)
class PictureSpace:
    """The main directions of a catalogue's picture features: what is kept of F features in P dimensions.

    What is fitted is not centred: on 162 phone photographs of groceries against the whole shared catalogue, taking
    the catalogue's mean away first lowered the share of right products among the first five from 0.68 to 0.64.

    Attributes:
        components: rows of shape PF; P is 0 when no item has a picture. Orthonormal, the widest direction first,
            when fitted; as learned, when they are a projection's.
        offset: of shape P, taken away from what the components say; zeros when fitted.
    """

    components: Vectors
    offset: Vectors

    @classmethod
    def learned(cls, components: Vectors, offset: Vectors) -> "PictureSpace":
        """The space of a `projection.Projection`: the same for every catalogue, so photos of strangers fit in."""
        return cls(components, offset)

    @classmethod
    def fitted(cls, features_MF: Vectors) -> "PictureSpace":
        """The space of M pictures, with at most 256 dimensions."""
        pictures, width = features_MF.shape
        if not pictures:
            return cls(np.zeros((0, width), dtype=np.float32), np.zeros(0, dtype=np.float32))
        features = features_MF.astype(np.float64)
        strengths, columns = np.linalg.eigh(features.T @ features)
        rows = columns.T[::-1][:_MOST_PICTURE_DIMS]
        wide = rows[strengths[::-1][: len(rows)] > 1e-10 * strengths[-1]]
        # The decomposition leaves signs open; fixed here, so that equal catalogues have equal snapshots.
        signs = np.sign(wide[np.arange(len(wide)), np.abs(wide).argmax(axis=1)])[:, None]
        return cls((wide * signs).astype(np.float32), np.zeros(len(wide), dtype=np.float32))

    @property
    def dim(self) -> int:
        return len(self.components)

    def project(self, features_MF: Vectors) -> Vectors:
        """vectors_MP whose dot products with an item's are cosines, of the features or of what was learned of them.

        In a fitted space their length is 1 for what it holds wholly, and less for what lies partly outside: a picture
        unlike anything in the catalogue is near to nothing. In a learned space it is 1.
        """
        found = np.asarray(unit(features_MF) @ self.components.T - self.offset, dtype=np.float32)
        return unit(found) if self.offset.any() else found


def fused_vectors(
    text_NT: Vectors, pictures_NP: Vectors, has_picture_N: NDArray[np.bool_], weights: FusionWeights
) -> Vectors:
    """Unit vectors_ND of the items, D = T + P + 1: words, looks, and the want of a picture.

    The last column is filled only where there is no picture. It keeps the vector at unit length without making the
    words count more: otherwise every search by words would prefer items that have no picture.
    """
    looks = np.sqrt(weights.picture) * unit(pictures_NP) * has_picture_N[:, None]
    # A picture without features has no direction; such an item stands as if it had none.
    absent = np.sqrt(weights.picture) * ~np.any(looks != 0, axis=1)
    return np.hstack([np.sqrt(weights.text) * text_NT, looks, absent[:, None]]).astype(np.float32)


def query_vector(
    parts: Sequence[tuple[float, Vectors | None, Vectors | None, Vectors | None]],
    dims: tuple[int, int],
    weights: FusionWeights,
) -> Vectors:
    """The vector_D whose dot product with an item is the weighted mean of the parts' cosines with it.

    Args:
        parts: weight, then one of: text_T, picture_P, or the fused_D of an item.
        dims: T and P.

    A part that is absent is None. With no part at all the vector is zero, and all items score 0.
    """
    text_dim, picture_dim = dims
    query = np.zeros(text_dim + picture_dim + 1, dtype=np.float32)
    total = sum(abs(weight) for weight, *_ in parts) or 1.0
    for weight, text_T, picture_P, fused_D in parts:
        share = weight / total
        if text_T is not None and weights.text > 0:
            query[:text_dim] += share * text_T / np.sqrt(weights.text)
        if picture_P is not None and weights.picture > 0:
            query[text_dim:-1] += share * picture_P / np.sqrt(weights.picture)
        if fused_D is not None:
            query[:-1] += share * fused_D[:-1]  # two items are not alike for both lacking a picture
    return query


def fused_cosines(
    text_AT: Vectors, pictures_AP: Vectors, text_BT: Vectors, pictures_BP: Vectors, weights: FusionWeights
) -> Vectors:
    """cosines_AB of two sets of items, by words and looks; by words alone where either has no picture (zeros)."""
    by_words = text_AT @ text_BT.T
    looks_A, looks_B = unit(pictures_AP), unit(pictures_BP)
    both = np.any(looks_A != 0, axis=1)[:, None] & np.any(looks_B != 0, axis=1)[None, :]
    mixed = weights.text * by_words + weights.picture * (looks_A @ looks_B.T)
    return np.asarray(np.where(both, mixed, by_words), dtype=np.float32)
