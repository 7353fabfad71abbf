"""Items near the shopper's in the graph of who sought what: LightGCN, whose shoppers are folded in.

An item's vector is the average of what it says itself and what its neighbours, and theirs, say. A shopper's vector is
the sum of the items sought, so somebody who came a second ago is scored like those of the training.

Legend: N items, d numbers, B shoppers, L events, R rows asked for.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from assistant.recommend.interactions import Past, RowsL, Scores
from index.errors import WeightsError
from index.weights import file_sha256

FORMAT = 1
_WEIGHTS, _MANIFEST = "graph.safetensors", "graph.json"


class GraphSource:
    """Scores by vectors that a graph of shoppers and items has smoothed. Safe to share between threads.

    Args:
        items_Nd: as `finetune.graph` makes them.
        fading: what an event counts against the one after it, in (0, 1].
        scale: what an inner product of unit vectors is multiplied by.
    """

    name = "graph"

    def __init__(self, items_Nd: NDArray[np.float32], *, fading: float, scale: float) -> None:
        self.items_Nd = items_Nd
        self.fading = fading
        self.scale = scale

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR: `scale` times the cosine between what was sought, later things more, and each item.

        Dislikes count against what is like them. Items that the graph did not know have vector zero and score 0.
        """
        states_Bd = np.stack([self._state(past) for past in pasts]) if pasts else np.zeros((0, self.items_Nd.shape[1]))
        items = self.items_Nd if rows_R is None else self.items_Nd[rows_R]
        return np.asarray(states_Bd.astype(np.float32) @ items.T, dtype=np.float32)

    def _state(self, past: Past) -> NDArray[np.float32]:
        ages_L = np.arange(len(past))[::-1]
        weights_L = (past.weights_L * self.fading**ages_L).astype(np.float32)
        state_d = weights_L @ self.items_Nd[past.rows_L]
        length = float(np.linalg.norm(state_d))
        return state_d * (self.scale / length) if length > 0 else state_d

    def save(self, folder: Path, facts: dict[str, Any]) -> None:
        """Write vectors and, last, a manifest with their hash and `facts` about how they were made."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file({"items": np.ascontiguousarray(self.items_Nd)}, folder / _WEIGHTS)
        manifest = {
            "format": FORMAT,
            "fading": self.fading,
            "scale": self.scale,
            "sha256": file_sha256(folder / _WEIGHTS),
            **facts,
        }
        (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "GraphSource":
        """The source in `folder`; its rows are those of the items it was trained on.

        Raises:
            WeightsError: something is missing, damaged, or of another format.
        """
        hint = "train it again with python -m finetune.graph"
        try:
            manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT or file_sha256(folder / _WEIGHTS) != manifest["sha256"]:
                raise WeightsError(f"{_WEIGHTS} is not what {_MANIFEST} says", hint=hint)
            items_Nd: NDArray[np.float32] = load_file(folder / _WEIGHTS)["items"]
            return cls(items_Nd, fading=float(manifest["fading"]), scale=float(manifest["scale"]))
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise WeightsError(f"no graph can be read from {folder}", hint=hint) from error
