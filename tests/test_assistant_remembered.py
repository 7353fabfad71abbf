"""A text asked for again is not encoded again, and has the vector it had."""

from collections.abc import Sequence

import numpy as np

from assistant.remembered import RememberedTexts
from index.encoders import Vectors
from index.testing import HashingTextEncoder


class Counting(HashingTextEncoder):
    """Counts the texts it encodes."""

    encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return super().encode(texts)


def test_a_text_asked_for_again_is_remembered() -> None:
    plain, counting = HashingTextEncoder(), Counting()
    remembered = RememberedTexts(counting)
    for _ in range(3):
        assert np.array_equal(remembered.encode(["red boot"]), plain.encode(["red boot"]))
    assert counting.encoded == 1
    assert np.array_equal(remembered.encode(["a", "red boot"]), plain.encode(["a", "red boot"]))
    assert counting.encoded == 3  # several at once, as while an index is built, are not kept
    assert (remembered.name, remembered.dim) == (plain.name, plain.dim)


def test_nobody_can_change_what_is_remembered() -> None:
    remembered = RememberedTexts(HashingTextEncoder())
    assert not remembered.encode(["mug"]).flags.writeable
