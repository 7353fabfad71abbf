"""Words and pictures -> unit vectors: two protocols and the models that keep them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from index import weights

Vectors = NDArray[np.float32]


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
        return _encoded(self._model, list(texts), self._batch_size, self._lock)


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


class EfficientNetEncoder:
    """EfficientNet-Lite0, pooled features of 1280 dimensions. It has seen ImageNet: shapes and textures, no words."""

    dim = 1280
    _SIDE = 224

    def __init__(self, folder: Path, *, batch_size: int = 16) -> None:
        import torch
        from efficientnet_lite_pytorch import EfficientNet
        from safetensors.torch import load_file

        model: Any = EfficientNet.from_name("efficientnet-lite0")
        model.load_state_dict(load_file(folder / "model.safetensors"))
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().to(self._device).to(memory_format=torch.channels_last)
        self._batch_size = batch_size
        self.name = f"{weights.PICTURE_MODEL}@{weights.fingerprint(folder)}"

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        torch = self._torch
        found = [np.empty((0, self.dim), dtype=np.float32)]
        for start in range(0, len(images), self._batch_size):
            pixels = np.stack([self._pixels(image) for image in images[start : start + self._batch_size]])
            batch_B3HW = torch.from_numpy(pixels).permute(0, 3, 1, 2).to(self._device)
            with torch.inference_mode():
                features = self._model.extract_features(batch_B3HW.contiguous(memory_format=torch.channels_last))
            found.append(features.mean((2, 3)).float().cpu().numpy())
        return unit(np.concatenate(found))

    def _pixels(self, image: Image.Image) -> NDArray[np.float32]:
        """pixels_HW3 of the picture on a white square, so that nothing is cut off and nothing is stretched."""
        side = max(image.size)
        square = Image.new("RGB", (side, side), "white")
        square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
        small = square.resize((self._SIDE, self._SIDE), Image.Resampling.BICUBIC)
        return (np.asarray(small, dtype=np.float32) - 127.0) / 128.0


def unit(vectors_ND: NDArray[np.floating[Any]]) -> Vectors:
    """The vectors at unit length; those of length zero stay zero."""
    lengths = np.linalg.norm(vectors_ND, axis=-1, keepdims=True)
    return np.asarray(
        np.divide(vectors_ND, lengths, where=lengths > 0, out=np.zeros_like(vectors_ND)), dtype=np.float32
    )


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
