"""Vectors and their directions: what encoders make and everything else compares."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def unit(vectors_ND: NDArray[np.floating[Any]]) -> Vectors:
    """The vectors at unit length; those of length zero stay zero."""
    lengths = np.linalg.norm(vectors_ND, axis=-1, keepdims=True)
    return np.asarray(
        np.divide(vectors_ND, lengths, where=lengths > 0, out=np.zeros_like(vectors_ND)), dtype=np.float32
    )
