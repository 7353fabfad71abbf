"""A catalogue's vectors made comparable: what all its items have in common removed, every direction counting alike.

Sentence vectors of one shop's titles lie in a narrow cone; taken from its middle, and stretched where they hardly
differ, the nearest neighbour of what was sought is far more often what is sought next.

Legend: N items, D numbers of a vector.
"""

import numpy as np
from numpy.typing import NDArray

from index.encoders import unit

Vectors = NDArray[np.float32]


def whitened(vectors_ND: Vectors) -> Vectors:
    """The vectors, whitened over this catalogue, of unit length; a vector of zeros (no picture, no words) stays zero.

    The stretching keeps every axis where it was (ZCA), so a direction means the same in one shop as in another. With
    few items the measured spread is mistrusted in favour of an even one: share D / (D + N).

    Cost: N D^2 multiply-adds and one eigendecomposition of D x D, a second for 50,000 items.
    """
    given_N = vectors_ND.any(axis=1)
    told_ND = vectors_ND[given_N].astype(np.float64)
    count, dim = told_ND.shape
    covariance_DD = np.cov(told_ND, rowvar=False, bias=True).reshape(dim, dim) if count > 1 else np.zeros((dim, dim))
    even = float(np.trace(covariance_DD)) / dim
    if even <= 0:
        return unit(vectors_ND)
    trust = count / (count + dim)
    variances_D, axes_DD = np.linalg.eigh(trust * covariance_DD + (1 - trust) * even * np.eye(dim))
    # A floor of a hundredth of the mean variance: below it there is only rounding, which must not be blown up.
    stretch_DD = (axes_DD / np.sqrt(np.maximum(variances_D, even / 100))) @ axes_DD.T
    found_ND = np.zeros_like(vectors_ND)
    found_ND[given_N] = unit((told_ND - told_ND.mean(axis=0)) @ stretch_DD)
    return found_ND
