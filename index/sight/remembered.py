"""What an encoder saw in a picture, kept as text: enough to search by it again, too little to look at it again."""

from base64 import b64decode, b64encode

import numpy as np

from index.encoders import Vectors

_DIGITS = np.dtype("<f2")


def remembered(encoder: str, features_F: Vectors) -> str:
    """The features of a picture as text, in half precision, with the name of the encoder that saw it."""
    return f"{encoder}:{b64encode(features_F.astype(_DIGITS).tobytes()).decode()}"


def features_of(kept: str, encoder: str) -> Vectors | None:
    """The features_F that were kept; None where another encoder saw the picture."""
    name, _, digits = kept.rpartition(":")
    if name != encoder:
        return None
    return np.frombuffer(b64decode(digits), dtype=_DIGITS).astype(np.float32)
