"""Where the looks of items lie among words, so that words find pictures.

Two teachers: the picture network's own kinds of thing, whose names the text encoder reads, and the catalogue itself,
whose items say what their pictures show. Where one model has both encoders (CLIP, SigLIP) nothing need be taught.

Legend: N items, F picture features, T text dimensions, C kinds of thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders import Encoders, TextEncoder
from index.near.directions import Vectors, unit
from index.sight.efficientnet import BLOCKS_MARK, kinds, layout

OWN_ENOUGH = 50
"""Items with pictures from which on a catalogue teaches: fewer teach noise."""

KINDS_SHARE = 0.3
"""How much the kinds of thing count beside what the catalogue teaches; where it teaches nothing they count wholly."""

MOST_TEACHERS = 20_000
"""Items that teach at most, evenly chosen: more say nothing new, and would fill the memory."""

_PENALTY = 0.2
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Taught:
    """A linear map from features to words: `features @ weights_FT + offset_T`."""

    weights_FT: Vectors
    offset_T: Vectors

    @classmethod
    def ridge(cls, features_NF: Vectors, words_NT: Vectors, penalty: float = _PENALTY) -> "Taught":
        """The map with the least squared error plus `penalty` times its squared size."""
        step = -(-len(features_NF) // MOST_TEACHERS)
        features_NF, words_NT = features_NF[::step], words_NT[::step]
        mean_F, mean_T = features_NF.mean(axis=0), words_NT.mean(axis=0)
        a, b = (features_NF - mean_F).astype(np.float64), (words_NT - mean_T).astype(np.float64)
        if len(a) < a.shape[1]:  # the smaller of two equal systems
            weights = a.T @ np.linalg.solve(a @ a.T + penalty * np.eye(len(a)), b)
        else:
            weights = np.linalg.solve(a.T @ a + penalty * np.eye(a.shape[1]), a.T @ b)
        return cls(weights.astype(np.float32), (mean_T - mean_F @ weights).astype(np.float32))

    def __call__(self, features_NF: Vectors) -> Vectors:
        return features_NF @ self.weights_FT + self.offset_T


@dataclass(frozen=True, slots=True)
class Looks:
    """What puts pictures among words.

    Attributes:
        same: the encoders share one space: a picture is where its features are.
        taught: by the catalogue; has no columns where it is too small to teach.
        kinds_CT: the words for the kinds of thing; no rows where the picture encoder knows none.
        centres_2T: what the places of the catalogue have in common, of either teacher; taken away, since it would
            only tell that a picture is a picture.
    """

    same: bool
    taught: Taught
    kinds_CT: Vectors
    centres_2T: Vectors

    @classmethod
    def fitted(
        cls, features_NF: Vectors, text_NT: Vectors, has_picture_N: NDArray[np.bool_], encoders: Encoders
    ) -> tuple["Looks", Vectors]:
        """The looks of a catalogue, and seen_NT: the place of each item, of unit length, zeros without a picture.

        An item's place is said by a regression that did not see that item: one that did would give back its words
        whatever its pictures show.

        Cost: about 12 s of one core for 10,000 items with pictures.
        """
        dim = text_NT.shape[1]
        if encoders.text.name == encoders.picture.name:
            empty = np.zeros((2, dim), dtype=np.float32)
            none = cls(True, _nothing(features_NF.shape[1]), empty[:0], empty)
            return none, none.places(features_NF)
        shown = np.flatnonzero(has_picture_N)
        features, words = features_NF[shown], text_NT[shown]
        taught, own = _nothing(features_NF.shape[1]), np.zeros((len(shown), 0), dtype=np.float32)
        if len(shown) >= OWN_ENOUGH:
            taught, own = Taught.ridge(features, words), _apart(features, words)
        kinds_CT = kind_words(encoders.text) if BLOCKS_MARK in encoders.picture.name else np.zeros((0, dim), np.float32)
        centres = np.zeros((2, dim), dtype=np.float32)
        if own.size:
            centres[0] = own.mean(axis=0)
        if len(kinds_CT) and len(shown):
            centres[1] = kinds_seen(features, kinds_CT).mean(axis=0)
        found = cls(False, taught, kinds_CT, centres)
        seen = np.zeros_like(text_NT)
        seen[shown] = found._joined(own, features)
        return found, seen

    def places(self, features_NF: Vectors) -> Vectors:
        """seen_NT of items that were not there when the catalogue was fitted; zeros for features that are zero."""
        if self.same:
            return unit(features_NF)
        own = self.taught(features_NF) if self.taught.offset_T.size else np.zeros((len(features_NF), 0), np.float32)
        return self._joined(own, features_NF) * np.any(features_NF != 0, axis=1)[:, None]

    def _joined(self, own_NT: Vectors, features_NF: Vectors) -> Vectors:
        found = np.zeros((len(features_NF), self.centres_2T.shape[1]), dtype=np.float32)
        if own_NT.size:
            found += unit(own_NT - self.centres_2T[0])
        if len(self.kinds_CT):
            share = KINDS_SHARE if own_NT.size else 1.0
            found += share * unit(kinds_seen(features_NF, self.kinds_CT) - self.centres_2T[1])
        return unit(found)

    def arrays(self) -> dict[str, Vectors]:
        """What a snapshot keeps."""
        return {
            "words_same": np.array([self.same], dtype=np.float32),
            "words_taught": self.taught.weights_FT,
            "words_offset": self.taught.offset_T,
            "words_kinds": self.kinds_CT,
            "words_centres": self.centres_2T,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, Vectors]) -> "Looks":
        """The looks that a snapshot keeps.

        Raises:
            KeyError: it keeps none.
        """
        taught = Taught(arrays["words_taught"], arrays["words_offset"])
        return cls(bool(arrays["words_same"][0]), taught, arrays["words_kinds"], arrays["words_centres"])


def kind_words(text: TextEncoder) -> Vectors:
    """kinds_CT: for each kind of thing the mean vector of the words a shop has for it."""
    vectors = text.encode([word for _, words in kinds() for word in words])
    ends = np.cumsum([len(words) for _, words in kinds()])
    return np.stack([part.mean(axis=0) for part in np.split(vectors, ends[:-1])])


def kinds_seen(features_NF: Vectors, kinds_CT: Vectors) -> Vectors:
    """places_NT: the mean of the kinds' words, each as much as the network takes the picture for it.

    Source: convex combination of semantic embeddings, https://arxiv.org/abs/1312.5650
    """
    columns, _ = layout()["kinds"]
    likely_NC = features_NF[:, columns][:, :-1] ** 2  # the block holds roots, and what is no kind of ours at its end
    return unit(likely_NC @ kinds_CT)


def _apart(features_NF: Vectors, words_NT: Vectors) -> Vectors:
    """places_NT of items, each said by a ridge regression on the other folds."""
    places = np.zeros_like(words_NT)
    fold_N = np.arange(len(words_NT)) % _FOLDS
    for fold in range(_FOLDS):
        apart = fold_N == fold
        places[apart] = Taught.ridge(features_NF[~apart], words_NT[~apart])(features_NF[apart])
    return places


def _nothing(features: int) -> Taught:
    return Taught(np.zeros((features, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
