"""Words and pictures -> unit vectors: two protocols and the models that keep them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from index import weights
from index.language.sentences import MeanOfTokens
from index.near.directions import Vectors, unit
from index.sight.efficientnet import EfficientNetEncoder

__all__ = ["ClipImageEncoder", "Encoders", "ImageEncoder", "SentenceTextEncoder", "TextEncoder", "Vectors", "unit"]


class TextEncoder(Protocol):
    """Texts -> unit vectors. Safe to call from several threads."""

    @property
    def dim(self) -> int:
        """D, the length of a vector."""
        ...

    @property
    def name(self) -> str:
        """Model and fingerprint of its weights; a snapshot made by another name is refused."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """vectors_ND, of unit length, in the order of the texts."""
        ...


class ImageEncoder(Protocol):
    """Pictures -> unit vectors. Safe to call from several threads."""

    @property
    def dim(self) -> int:
        """D, the length of a vector."""
        ...

    @property
    def name(self) -> str:
        """Model and fingerprint of its weights; a snapshot made by another name is refused."""
        ...

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        """vectors_ND, of unit length, in the order of the pictures, which are RGB."""
        ...


@dataclass(frozen=True, slots=True)
class Encoders:
    """The two encoders a catalogue is built and opened with."""

    text: TextEncoder
    picture: ImageEncoder


def load_text_encoder(name: str = weights.TEXT_MODEL) -> TextEncoder:
    """The text encoder of that name, as `weights.locate` understands names.

    Raises:
        WeightsError: no such model, or one we refuse to open.
    """
    return SentenceTextEncoder(weights.locate(name))


def load_image_encoder(name: str = weights.PICTURE_MODEL) -> ImageEncoder:
    """The picture encoder of that name: the embedded EfficientNet, or a CLIP or SigLIP model.

    Raises:
        WeightsError: no such model, or one we refuse to open.
    """
    folder = weights.locate(name)
    return EfficientNetEncoder(folder) if name == weights.PICTURE_MODEL else ClipImageEncoder(folder)


class SentenceTextEncoder:
    """Any sentence-transformers model of one's own disk, e.g. all-MiniLM-L6-v2. Texts past its limit are cut."""

    def __init__(self, folder: Path, *, batch_size: int = 32) -> None:
        self._model = _sentence_model(folder)
        self._plain = MeanOfTokens.of(self._model, batch_size)
        self._batch_size = batch_size
        self._lock = threading.Lock()  # fast tokenizers may not be borrowed by two threads at once
        self._dim = len(self.encode(["width"])[0])
        self._name = f"{folder.name}@{weights.fingerprint(folder)}"

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def name(self) -> str:
        return self._name

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self._plain is None:
            return _encoded(self._model, list(texts), self._batch_size, self._lock)
        with self._lock:
            return self._plain.encode(texts)


class ClipImageEncoder:
    """The picture half of a CLIP or SigLIP model, loaded through sentence-transformers."""

    def __init__(self, folder: Path, *, batch_size: int = 16) -> None:
        self._model = _sentence_model(folder)
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._dim = len(self.encode([Image.new("RGB", (32, 32))])[0])
        self._name = f"{folder.name}@{weights.fingerprint(folder)}"

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def name(self) -> str:
        return self._name

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        return _encoded(self._model, list(images), self._batch_size, self._lock)


def _sentence_model(folder: Path) -> Any:  # a SentenceTransformer, imported only when one is wanted
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    return SentenceTransformer(
        str(folder),
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True},
    )


def _encoded(model: Any, inputs: list[Any], batch_size: int, lock: threading.Lock) -> Vectors:
    with lock:
        vectors = model.encode(
            inputs, batch_size=batch_size, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
    return unit(np.asarray(vectors, dtype=np.float32))
