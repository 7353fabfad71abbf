"""Codes chosen so that queries near a vector see it where it is, not merely so that the rounded vector is close.

The nearest point of every piece makes the rounded vector shorter along the vector itself, by an amount that differs
from row to row: rows change places. An error along the direction that a near query has is therefore counted several
times: the pieces are chosen one after another so that their errors along it cancel, and the points are moved to where
that works best (after anisotropic quantisation, Guo et al. 2020; figures in docs/log.md).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

_ALONG = np.float32(4.0)
"""How many times an error along a near query's direction counts. From 2 to 8 makes no difference worth speaking of."""
_ROUNDS = 4
_FEWEST = 8
"""A point that fewer vectors chose stays where it is."""


def rounded(short_NE: Vectors, toward_NE: Vectors, first_NE: Vectors, points_PCS: Vectors) -> Vectors:
    """vectors_NE made of points only: for each of P pieces one of C points of S numbers.

    Args:
        short_NE: the vectors, E = P * S.
        toward_NE: unit vectors, each the direction that queries near that vector have.
        first_NE: the rounding to begin with, of points only.
        points_PCS: the points of each piece.
    """
    made = first_NE.copy()
    for _ in _swept(short_NE, toward_NE, made, points_PCS):
        pass
    return made


def learned(short_NE: Vectors, toward_NE: Vectors, first_NE: Vectors, points_PCS: Vectors) -> Vectors:
    """points_PCS moved so that what `rounded` makes of these vectors costs less; arguments as there."""
    made, points = first_NE.copy(), points_PCS.copy()
    size = points.shape[2]
    for _ in range(_ROUNDS):
        for piece, chosen_N, short, toward, without_N in _swept(short_NE, toward_NE, made, points):
            for point in range(points.shape[1]):
                here = chosen_N == point
                count = int(np.count_nonzero(here))
                if count < _FEWEST:
                    continue
                along = toward[here]
                weights = np.eye(size) * count + _ALONG * along.T @ along
                wanted = short[here].sum(axis=0) + _ALONG * (without_N[here] @ along)
                points[piece, point] = np.linalg.solve(weights, wanted)
            made[:, piece * size : (piece + 1) * size] = points[piece, chosen_N]
    return points


def _swept(
    short_NE: Vectors, toward_NE: Vectors, made_NE: Vectors, points_PCS: Vectors
) -> Iterator[tuple[int, NDArray[np.int64], Vectors, Vectors, Vectors]]:
    """Choose each piece anew in `made_NE`, the others as they stand, and yield it: its number, the chosen points, the
    piece of the vectors and of their directions, and the error along these as if the piece were coded as zero.
    """
    size = points_PCS.shape[2]
    along_N = np.einsum("ne,ne->n", short_NE - made_NE, toward_NE)  # the error along the direction, as it stands
    for piece in range(len(points_PCS)):
        numbers = slice(piece * size, (piece + 1) * size)
        points_CS = points_PCS[piece]
        short, toward = np.ascontiguousarray(short_NE[:, numbers]), np.ascontiguousarray(toward_NE[:, numbers])
        without_N = along_N + np.einsum("ns,ns->n", made_NE[:, numbers], toward)
        cost_NC = without_N[:, None] - toward @ points_CS.T
        cost_NC *= cost_NC
        cost_NC *= _ALONG
        cost_NC += (points_CS * points_CS).sum(axis=1) - 2 * (short @ points_CS.T)
        chosen_N = cost_NC.argmin(axis=1)
        made_NE[:, numbers] = points_CS[chosen_N]
        yield piece, chosen_N, short, toward, without_N
        along_N = without_N - np.einsum("ns,ns->n", made_NE[:, numbers], toward)
