"""The ranker: a score that is exactly a base plus named contributions."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Contribution, Ranked
from assistant.recommend.features import Column
from index.errors import WeightsError
from index.items import ItemId

Floats = NDArray[np.float64]

WEIGHTS: Mapping[str, float] = {
    "query": 5.0,
    "words": 1.5,
    "picture": 17.0,
    "similar": 4.0,
    "kind": 1.0,
    "budget": 1.2,
    "preference.hard": 1.2,
    "preference.soft": 1.0,
    "history": 2.5,
    "neighbours.share": 1.0,
    "sequence.share": 0.5,
    "graph.share": 0.4,
    "factors.share": 0.4,
    "autoencoder.share": 0.4,
    "complements.share": 0.3,
    "brand_habit": 0.15,
    "price_habit": 0.2,
    "seen": -0.6,
    "rating": 0.25,
    "popularity": 0.2,
    "novelty": 0.1,
    "stock": 0.05,
    "reviews": 0.1,
    "review": 0.6,
}
"""Set by hand: what was asked outweighs who asks, and both outweigh what everybody likes. What every shown item must
satisfy weighs much though it moves no item past another: without it none of them would be here."""

GRAIN = 2.0**-24
"""Every contribution is a whole multiple of this, and so is the base: their sums are exact in any order."""

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """How much a feature's value gives beyond what 0 gives: straight lines between knots, level beyond them.

    Raises:
        ValueError: knots do not rise, or something is not a finite number.
    """

    knots: tuple[float, ...]
    heights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.knots) != len(self.heights) or len(self.knots) < 2:
            raise ValueError(
                f"{len(self.knots)} knots and {len(self.heights)} heights, expected as many and at least 2"
            )
        if not all(map(math.isfinite, (*self.knots, *self.heights))):
            raise ValueError("knots and heights must be finite numbers")
        if any(right <= left for left, right in zip(self.knots, self.knots[1:], strict=False)):
            raise ValueError("knots must rise")

    def __call__(self, values_R: Floats) -> Floats:
        return np.interp(values_R, self.knots, self.heights) - np.interp(0.0, self.knots, self.heights)


class AdditiveRanker:
    """Gives every feature a weight, or a shape; a score is the sum of what they give, and nothing else.

    A value of 0 is to have nothing to go by, and gives nothing.
    """

    def __init__(self, features: Mapping[str, float | Shape] = WEIGHTS, base: float = 0.0) -> None:
        self._features = dict(features)
        self.base = float(grained(np.array(base)))

    @classmethod
    def load(cls, path: Path) -> "AdditiveRanker":
        """The ranker kept in a file; features it does not speak of keep the weights set by hand.

        The file: {"format": 1, "base": number, "features": {name: {"weight": number} or {"knots": [...],
        "heights": [...]}}, "sha256": hash of the rest, written as JSON with sorted keys and no spaces, ...}.

        Raises:
            WeightsError: the file is missing, changed since it was written, or says something else.
        """
        try:
            kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            claimed = kept.pop("sha256")
            if claimed != content_hash(kept):
                raise WeightsError(f"{path.name} is not what its hash says", hint="train it again: finetune.ranker")
            if kept["format"] != FORMAT:
                raise WeightsError(f"{path.name} has format {kept['format']}, expected {FORMAT}")
            learned = {str(name): _feature(entry) for name, entry in kept["features"].items()}
            return cls({**WEIGHTS, **learned}, float(kept["base"]))
        except OSError as error:
            raise WeightsError(f"the ranker {path.name} cannot be read", hint="see the setting models_dir") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsError(f"{path.name} holds no ranker", hint="train it again: finetune.ranker") from error

    @property
    def version(self) -> str:
        """`additive-` and a hash of all it weighs by: two rankers with one version order alike."""
        said = {
            name: given if isinstance(given, float | int) else [given.knots, given.heights]
            for name, given in self._features.items()
        }
        canonical = json.dumps([self.base, said], sort_keys=True).encode()
        return f"additive-{hashlib.sha256(canonical).hexdigest()[:12]}"

    def weighs(self) -> frozenset[str]:
        """The features it knows."""
        return frozenset(self._features)

    def gives(self, feature: str, values_R: Floats) -> Floats:
        """What a feature's values give, in whole grains.

        Raises:
            KeyError: the ranker does not know the feature.
        """
        given = self._features[feature]
        return grained(given(values_R) if isinstance(given, Shape) else given * values_R)

    def parts(self, columns: Sequence[Column], size: int) -> Floats:
        """parts_FR: what each of F columns gives each of R = `size` items.

        Raises:
            KeyError: a column is of a feature this ranker does not know.
        """
        if not columns:
            return np.zeros((0, size))
        return np.stack([self.gives(column.feature, column.values_R) for column in columns])

    def rank(self, item_ids: Sequence[ItemId], columns: Sequence[Column]) -> list[Ranked]:
        """Every item once, highest score first, ties by item id."""
        parts_FR = self.parts(columns, len(item_ids))
        found = [
            self.ranked(item_id, [column.name for column in columns], parts_FR[:, at])
            for at, item_id in enumerate(item_ids)
        ]
        return sorted(found, key=lambda each: (-each.score, each.item_id))

    def ranked(self, item_id: ItemId, names: Sequence[str], parts_F: Floats) -> Ranked:
        """One item's score, told part by part; parts of nothing are left out."""
        told = zip(names, parts_F.tolist(), strict=True)
        return Ranked(item_id, self.base, tuple(Contribution(name, value) for name, value in told if value))


def grained(values: Floats) -> Floats:
    """The values as whole multiples of `GRAIN`, each moved by at most half of it, 3e-8."""
    return np.round(values / GRAIN) * GRAIN + 0.0  # + 0.0 makes -0.0 a plain 0


def content_hash(kept: Mapping[str, Any]) -> str:
    """SHA-256 of what a ranker's file says, its own hash left out."""
    rest = {name: value for name, value in kept.items() if name != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _feature(entry: Mapping[str, Any]) -> float | Shape:
    if "weight" in entry:
        weight = float(entry["weight"])
        if not math.isfinite(weight):
            raise ValueError("a weight must be a finite number")
        return weight
    return Shape(tuple(map(float, entry["knots"])), tuple(map(float, entry["heights"])))
