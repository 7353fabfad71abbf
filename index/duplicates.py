"""Items whose words are nearly the same, found by MinHash without comparing all with all. Reported, never dropped."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.items import Item, ItemId

_SHINGLE = 5
_MOST_TEXT = 4_000
_BANDS, _ROWS = 12, 5
_MOST_IN_BUCKET = 6
_PRIME = np.uint64(0x9E3779B97F4A7C15)


def near_duplicates(items: Sequence[Item], least: float = 0.85) -> list[tuple[ItemId, ItemId, float]]:
    """Each item that reads like an earlier one, with the earlier one most like it: (earlier, later, likeness).

    Likeness is the Jaccard index of the runs of five bytes in title, brand and description without case, marks and runs
    of blanks: 1 is the same text. Items whose titles differ in a number (`128 GB`, `256 GB`) are never alike.

    Args:
        least: likeness from which a pair counts, above 0 up to 1. Below 0.7 some pairs are missed.

    Raises:
        ValueError: `least` is out of range.

    Cost: about 0.1 ms and 100 bytes an item, and the comparison of those that share one of 12 bands of a sketch.
    """
    if not 0 < least <= 1:
        raise ValueError(f"least is {least}, expected above 0 and up to 1")
    bands_NB = np.zeros((len(items), _BANDS), np.uint64)
    for row, item in enumerate(items):
        bands_NB[row] = _bands(shingles(item_words(item)))
    best: dict[int, tuple[float, int]] = {}
    seen: set[tuple[int, int]] = set()
    for bucket in _buckets(bands_NB):
        firsts: list[int] = []
        for row in bucket:
            for first in firsts:
                if (first, row) in seen:
                    break
                seen.add((first, row))
                likeness = _likeness(items[first], items[row])
                if likeness >= least:
                    best[row] = max(best.get(row, (0.0, 0)), (likeness, -first))
                    break
            else:
                if len(firsts) < _MOST_IN_BUCKET:
                    firsts.append(row)
    pairs = ((row, -first, likeness) for row, (likeness, first) in best.items())
    return [(items[first].id, items[row].id, likeness) for row, first, likeness in sorted(pairs)]


def item_words(item: Item) -> str:
    """What is compared: title, brand and description, in lower case, letters and digits only."""
    text = f"{item.title} {item.brand} {item.description[:_MOST_TEXT]}".casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


def shingles(words: str) -> NDArray[np.uint64]:
    """The distinct runs of five bytes as numbers, sorted; a shorter text is one run."""
    raw = np.frombuffer(f" {words} ".encode("utf-8", "replace"), np.uint8).astype(np.uint64)
    if len(raw) < _SHINGLE:
        raw = np.pad(raw, (0, _SHINGLE - len(raw)))
    runs = len(raw) - _SHINGLE + 1
    packed = np.zeros(runs, np.uint64)
    for at in range(_SHINGLE):
        packed = (packed << np.uint64(8)) | raw[at : at + runs]
    return np.unique(packed)


def _bands(found: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One key a band: texts of Jaccard index J share a given one with chance J to the fifth."""
    mixed = (found * _PRIME) ^ (found >> np.uint64(17))
    least_P = ((mixed[:, None] * _FACTORS + _OFFSETS) >> np.uint64(16)).min(axis=0)
    keys = np.zeros(_BANDS, np.uint64)
    for row in least_P.reshape(_BANDS, _ROWS).T:
        keys = (keys ^ row) * _PRIME + (keys >> np.uint64(29))
    return keys


_RNG = np.random.default_rng(20_260)
_FACTORS = _RNG.integers(1, 1 << 63, _BANDS * _ROWS, np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS = _RNG.integers(0, 1 << 63, _BANDS * _ROWS, np.uint64)


def _buckets(bands_NB: NDArray[np.uint64]) -> Iterator[list[int]]:
    """The rows that share a band, in order, band by band."""
    for keys_N in bands_NB.T:
        order = np.argsort(keys_N, kind="stable")
        edges = np.flatnonzero(np.diff(keys_N[order])) + 1
        starts, ends = np.r_[0, edges], np.r_[edges, len(order)]
        for start, end in zip(starts, ends, strict=True):
            if end - start > 1:
                yield order[start:end].tolist()


def _likeness(first: Item, second: Item) -> float:
    if re.findall(r"\d+", first.title) != re.findall(r"\d+", second.title):
        return 0.0
    a, b = shingles(item_words(first)), shingles(item_words(second))
    both = len(np.intersect1d(a, b, assume_unique=True))
    return both / (len(a) + len(b) - both)
