"""A learned place for pictures, a photo beside its product: an artefact of `finetune.pictures`, checked and loaded."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from index.errors import WeightsError
from index.near.directions import Vectors

SHIPPED = Path(__file__).parents[1] / "models" / "pictures"
_ARRAYS, _MANIFEST = "projection.safetensors", "manifest.json"
_HINT = "train it again with python -m finetune.pictures"


@dataclass(frozen=True, slots=True)
class Projection:
    """How picture features are turned so that photos lie beside their products.

    Attributes:
        components: of shape PF; offset: of shape P. A picture's looks are `features @ components.T - offset`.
        picture_encoder: the name of the encoder whose features it was trained on.
        digest: SHA-256 of the arrays, which a snapshot names.
    """

    components: Vectors
    offset: Vectors
    picture_encoder: str
    digest: str

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> "Projection":
        """The projection of a folder, once its hash and shapes are checked.

        Raises:
            WeightsError: it is missing, damaged, or not what its manifest says.
        """
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            data = (folder / _ARRAYS).read_bytes()
            if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
                raise WeightsError(f"{_ARRAYS} of {folder.name} differs from its manifest", hint=_HINT)
            arrays = load(data)
            components = arrays["components"].astype(np.float32)
            offset = arrays["offset"].astype(np.float32)
            if components.shape != (len(offset), manifest["features"]):
                raise WeightsError(f"{_ARRAYS} has shape {components.shape}, which is not the manifest's", hint=_HINT)
            return cls(components, offset, str(manifest["picture_encoder"]), str(manifest["sha256"]))
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise WeightsError(f"no projection of pictures in {folder.name}", hint=_HINT) from error

    def save(self, folder: Path, facts: dict[str, Any]) -> "Projection":
        """Write the folder, the manifest last, with `facts` on data, licences, command and figures; as it was written.

        The numbers are kept in half precision, which moved no rank of the photographs it was measured on.
        """
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {"components": self.components.astype(np.float16), "offset": self.offset.astype(np.float32)}
        data = save(arrays)
        (folder / _ARRAYS).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        manifest = facts | {
            "features": self.components.shape[1],
            "picture_encoder": self.picture_encoder,
            "sha256": digest,
        }
        (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return Projection.load(folder)


@lru_cache(maxsize=4)
def _shipped(stamp: tuple[int, int]) -> Projection:  # noqa: ARG001 - the key of the cache: another file, another stamp
    return Projection.load(SHIPPED)


def projection_for(picture_encoder: str) -> Projection | None:
    """The shipped projection if it was trained on the features of this encoder, else None."""
    try:
        now = (SHIPPED / _MANIFEST).stat()
    except FileNotFoundError:
        return None
    found = _shipped((now.st_size, now.st_mtime_ns))
    return found if found.picture_encoder == picture_encoder else None


def projection_name(picture_encoder: str) -> str | None:
    """The digest of the projection that `projection_for` finds: what a snapshot names. None where there is none."""
    found = projection_for(picture_encoder)
    return found.digest if found else None
