"""From vectors to the few numbers of each that are coded: main directions, scaled, in pieces of 4 bits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

_PIECES = 1 / 6
"""Pieces of 4 bits for each dimension: 32 bytes for 384 of them."""
_FEW = 32
"""Dimensions up to which two make a piece."""
_EACH = 3
_ENERGY = 0.9
"""Share of the variance that three directions a piece must hold, or all of them are coded."""
_SHARPENING = 0.25
"""Directions are scaled by their variance to this power before rounding. Queries vary along them much as vectors do,
so errors along strong ones cost more (docs/log.md)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """From vectors of D dimensions to the E short ones that are coded.

    Attributes:
        mean_D: the centre of the catalogue.
        axes_DE: orthogonal unit vectors, in the order in which they are coded; columns of zeros fill the last piece.
        scale_E: what each is multiplied by.
        each: numbers in a piece.
    """

    mean_D: Vectors
    axes_DE: Vectors
    scale_E: Vectors
    each: int

    @classmethod
    def of(cls, sample_ND: Vectors) -> "Turn":
        """The main directions of the sample, spread over the pieces."""
        dim = sample_ND.shape[1]
        mean = sample_ND.mean(axis=0)
        centred = (sample_ND - mean).astype(np.float64)
        variances, axes = np.linalg.eigh(centred.T @ centred / max(1, len(sample_ND)))
        variances, axes = np.maximum(variances[::-1], 0.0), axes[:, ::-1]  # strongest first
        pieces = piece_count(dim)
        enough = variances[: _EACH * pieces].sum() >= _ENERGY * variances.sum()
        each = min(-(-dim // pieces), _EACH if enough else dim)
        kept = min(dim, pieces * each)
        least = variances[0] * 1e-6 + 1e-12  # a direction in which nothing varies needs no steps
        scale = np.ones(pieces * each)
        scale[:kept] = np.maximum(variances[:kept], least) ** _SHARPENING
        scale /= scale.mean()
        spread = np.zeros((dim, pieces * each))
        spread[:, :kept] = axes[:, :kept]
        order = _snake(pieces, each)
        return cls(mean.astype(np.float32), spread[:, order].astype(np.float32), scale[order].astype(np.float32), each)

    def short(self, vectors_ND: Vectors) -> Vectors:
        """vectors_NE as they are coded."""
        return np.asarray(((vectors_ND - self.mean_D) @ self.axes_DE) * self.scale_E, dtype=np.float32)


def _snake(pieces: int, each: int) -> NDArray[np.int64]:
    """Directions piece by piece: strong and weak ones in turn, so that every piece holds about as much."""
    rounds = [np.arange(turn * pieces, (turn + 1) * pieces)[:: 1 if turn % 2 == 0 else -1] for turn in range(each)]
    return np.stack(rounds, axis=1).ravel()


def piece_count(dim: int) -> int:
    """Pieces of 4 bits in a code, an even number."""
    return max(2, 2 * round(max(dim * _PIECES, min(dim, _FEW) / 2) / 2))
