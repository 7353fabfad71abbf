"""Vectors of items' words, made once and kept in the cache folder."""

import hashlib
import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.encoders import TextEncoder
from index.weights import cache_folder

log = logging.getLogger(__name__)


def text_vectors(texts: Sequence[str], encoder: TextEncoder) -> NDArray[np.float32]:
    """vectors_ND of the texts, in their order: from the cache, or encoded (about 200 titles a second on one core)."""
    digest = hashlib.sha256("\0".join([encoder.name, *texts]).encode()).hexdigest()
    path = cache_folder() / "vectors" / f"{digest[:24]}.safetensors"
    if path.is_file():
        return load_file(path)["vectors"]
    log.info("encoding %d texts with %s", len(texts), encoder.name)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # like lengths together: less padding
    vectors_ND = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    vectors_ND[order] = encoder.encode([texts[number] for number in order])
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    save_file({"vectors": vectors_ND}, aside)
    aside.replace(path)
    return vectors_ND
