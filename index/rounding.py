"""Codes chosen so that queries near a vector see it where it is, not merely so that the rounded vector is close.

The nearest point of every piece makes the rounded vector shorter along the vector itself, by an amount that differs
from row to row: rows change places. An error along the direction that a near query has is therefore counted several
times, and the pieces are chosen one after another so that their errors along it cancel (after anisotropic quantisation,
Guo et al. 2020; figures in docs/log.md).
"""

import numpy as np

from index.encoders import Vectors

_ALONG = 4.0
"""How many times an error along a near query's direction counts. From 2 to 8 makes no difference worth speaking of."""


def rounded(short_NE: Vectors, toward_NE: Vectors, first_NE: Vectors, points_PCS: Vectors) -> Vectors:
    """vectors_NE made of points only: for each of P pieces one of C points of S numbers.

    Args:
        short_NE: the vectors, E = P * S.
        toward_NE: unit vectors, each the direction that queries near that vector have.
        first_NE: the rounding to begin with, of points only.
        points_PCS: the points of each piece.
    """
    size = points_PCS.shape[2]
    made = first_NE.copy()
    along_N = np.einsum("ne,ne->n", short_NE - made, toward_NE)  # the error along the direction, as it stands
    for piece, points_CS in enumerate(points_PCS):
        numbers = slice(piece * size, (piece + 1) * size)
        short, toward = np.ascontiguousarray(short_NE[:, numbers]), np.ascontiguousarray(toward_NE[:, numbers])
        without_N = along_N + np.einsum("ns,ns->n", made[:, numbers], toward)  # as if this piece were coded as zero
        cost_NC = without_N[:, None] - toward @ points_CS.T
        cost_NC *= cost_NC
        cost_NC *= np.float32(_ALONG)
        cost_NC += (points_CS * points_CS).sum(axis=1) - 2 * (short @ points_CS.T)
        chosen = points_CS[cost_NC.argmin(axis=1)]
        along_N = without_N - np.einsum("ns,ns->n", chosen, toward)
        made[:, numbers] = chosen
    return made
