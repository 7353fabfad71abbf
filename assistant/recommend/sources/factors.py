"""Matrix factorisation of who sought what (implicit ALS); a shopper is folded in from the past at every request.

Legend: N items, d factors, B pasts, R rows asked for, L events of a past.
Source: Y. Hu, Y. Koren, C. Volinsky, Collaborative filtering for implicit feedback datasets, ICDM 2008.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from assistant.recommend import artefacts
from assistant.recommend.interactions import Interactions, Past, RowsL, Scores
from assistant.recommend.sources.links import heed
from index.errors import SetupError, WeightsError


@dataclass(frozen=True, slots=True)
class FactorConfig:
    """How the factors are solved.

    Attributes:
        factors: d. ridge: what keeps them small. trust: how much more an event counts than its absence.
        sweeps: passes over shoppers and items. recency: of an event against the one after it, when folding in.
    """

    factors: int = 128
    ridge: float = 0.05
    trust: float = 10.0
    sweeps: int = 10
    recency: float = 0.8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class FactorSource:
    """Scores by the inner product of an item's factors and those that explain the shopper's past best."""

    items_Nd: NDArray[np.float32]
    ridge: float
    trust: float
    recency: float
    facts: Mapping[str, Any]
    name: str = "factors"

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR, about 0 to 1; 0 throughout where nothing was liked. Cost: one d x d system for each past."""
        items_Rd = self.items_Nd if rows_R is None else self.items_Nd[rows_R]
        gram_dd = self.items_Nd.T @ self.items_Nd
        gram_dd[np.diag_indices(len(gram_dd))] += np.float32(self.ridge)
        states = [self._state(past, gram_dd) for past in pasts]
        return np.stack(states) @ items_Rd.T if states else np.zeros((0, len(items_Rd)), dtype=np.float32)

    def _state(self, past: Past, gram_dd: NDArray[np.float32]) -> NDArray[np.float32]:
        liked_L = past.weights_L > 0
        if not liked_L.any():
            return np.zeros(self.items_Nd.shape[1], dtype=np.float32)
        trust_L = (self.trust * heed(past, self.recency)[liked_L]).astype(np.float32)
        own_Ld = self.items_Nd[past.rows_L[liked_L]]
        left = gram_dd + (own_Ld * trust_L[:, None]).T @ own_Ld
        return np.linalg.solve(left, (1.0 + trust_L) @ own_Ld).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Keep it in a folder that `load` reads."""
        asked = {"ridge": self.ridge, "trust": self.trust, "recency": self.recency, "name": self.name}
        artefacts.save(folder, "factors", {"items": self.items_Nd}, {**self.facts, **asked})

    @classmethod
    def load(cls, folder: Path) -> "FactorSource":
        """What `save` kept.

        Raises:
            WeightsError: the folder is damaged.
        """
        arrays, facts = artefacts.load(folder, "factors")
        try:
            numbers = [float(facts.pop(key)) for key in ("ridge", "trust", "recency")]
            return cls(arrays["items"], *numbers, facts=facts, name=str(facts.pop("name")))
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError(f"{folder} lacks {error}", hint="fit it again") from error


def fit(log: Interactions, config: FactorConfig | None = None, *, name: str = "factors") -> FactorSource:
    """The factors of the items.

    Raises:
        SetupError: the package implicit is not installed.
    """
    try:
        from implicit.cpu.als import AlternatingLeastSquares
        from threadpoolctl import threadpool_limits
    except ImportError as error:
        raise SetupError("factors need the package implicit", hint="pip install 'implicit>=0.7.3,<0.8'") from error
    config = config or FactorConfig()
    liked = log.weight_E > 0
    entries = (np.ones(int(liked.sum()), dtype=np.float32), (log.shopper_E[liked], log.row_E[liked]))
    sought: Any = sp.csr_matrix(entries, shape=(len(log.shoppers), len(log.items)))
    sought.data[:] = 1.0
    with threadpool_limits(1, "blas"):  # implicit brings threads of its own; two layers of them crawl
        model: Any = AlternatingLeastSquares(
            factors=config.factors,
            regularization=config.ridge,
            alpha=config.trust,
            iterations=config.sweeps,
            num_threads=1,
            random_state=config.seed,
        )
        model.fit(sought, show_progress=False)
    items_Nd = np.asarray(model.item_factors, dtype=np.float32)
    facts = {"config": asdict(config), "events": len(log), "items": len(log.items)}
    return FactorSource(items_Nd, config.ridge, config.trust, config.recency, facts, name)
