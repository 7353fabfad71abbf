"""Rounding to points keeps what near queries see."""

import numpy as np

from index.encoders import Vectors
from index.near.directions import unit
from index.near.rounding import learned, rounded


def _nearest(short_NE: Vectors, points_PCS: Vectors) -> Vectors:
    size = points_PCS.shape[2]
    pieces = [short_NE[:, at * size : (at + 1) * size] for at in range(len(points_PCS))]
    both = list(zip(pieces, points_PCS, strict=True))
    made = [points[((piece[:, None] - points) ** 2).sum(axis=2).argmin(axis=1)] for piece, points in both]
    return np.concatenate(made, axis=1).astype(np.float32)


def test_errors_along_the_direction_are_made_to_cancel():
    short = np.array([[0.45, 0.45]], dtype=np.float32)
    toward = unit(np.ones((1, 2), dtype=np.float32))
    points = np.array([[[0.0], [1.0]], [[0.0], [1.0]]], dtype=np.float32)
    # The nearest points are 0 and 0, 0.9 / sqrt(2) short along (1, 1). One piece at 1 is 0.1 / sqrt(2) too long.
    assert rounded(short, toward, np.zeros((1, 2), dtype=np.float32), points).tolist() == [[1.0, 0.0]]


def test_a_vector_without_direction_keeps_its_nearest_points():
    short = np.array([[0.45, 0.7]], dtype=np.float32)
    points = np.array([[[0.0], [1.0]], [[0.0], [1.0]]], dtype=np.float32)
    nearest = np.array([[0.0, 1.0]], dtype=np.float32)
    assert rounded(short, np.zeros_like(short), nearest, points).tolist() == [[0.0, 1.0]]


def test_near_queries_see_rounded_vectors_closer_to_where_they_are():
    random = np.random.default_rng(5)
    vectors = unit(random.standard_normal((400, 24), dtype=np.float32))
    points = 0.3 * random.standard_normal((8, 16, 3), dtype=np.float32)
    queries = unit(vectors + 0.7 * unit(random.standard_normal((400, 24), dtype=np.float32)))
    nearest = _nearest(vectors, points)
    made = rounded(vectors, vectors, nearest, points)

    def error(of: Vectors) -> float:
        return float(np.square(np.einsum("nd,nd->n", queries, vectors - of)).mean())

    assert error(made) < 0.6 * error(nearest)
    moved = learned(vectors, vectors, nearest, points)
    assert error(rounded(vectors, vectors, _nearest(vectors, moved), moved)) < 0.7 * error(made)
    assert {row.tobytes() for row in made.reshape(-1, 3)} <= {row.tobytes() for row in points.reshape(-1, 3)}
