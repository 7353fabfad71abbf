"""Which kind of index suits so many vectors and so much memory, and why, in words for the manifest."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["flat", "codes", "hnsw", "ivf", "sq8", "pq"]

_FLAT_UP_TO = 20_000
"""Rows up to which a scan of everything takes about 3 ms on one core at 384 dimensions: nothing to gain by guessing."""
_CODE_BYTES_PER_DIM = 3 / 32
_GRAPH_BYTES = 2 * 32 * 4 + 16
"""Links of a row in the graph: twice 32 on the ground floor."""
_LIST_BYTES = 28
"""Beside every vector of an inverted list: its row, its place in the lists, and the free room of lists that grow."""
_PQ_BYTES_PER_DIM = 0.25
WHOLE: frozenset[Kind] = frozenset({"flat", "codes", "hnsw", "ivf"})
"""Kinds that keep vectors as they were given; `rows` of the others gives rounded ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A kind of index and the reason for it, in words an operator understands."""

    kind: Kind
    why: str


def choose(count: int, dim: int, *, memory_bytes: int | None = None) -> Plan:
    """The kind for that many vectors: the most faithful one that fits the memory and answers within milliseconds.

    Args:
        memory_bytes: what the index may take; None sets no limit.
    """
    size = f"{count:,} vectors of {dim} dimensions"
    room = float("inf") if memory_bytes is None else memory_bytes
    reasons: dict[Kind, str] = {
        "flat": f"{size} are few enough to compare all of them exactly",
        "codes": f"{size} and a short code of each fit the memory: codes are scanned, the best by code compared "
        "exactly; no other kind was as quick at equal recall under every filter, or built as soon",
        "sq8": f"{size} need {_gib('codes', count, dim)} whole, more than allowed; a graph over one byte per dimension "
        "fits, and rounds scores in the third decimal",
        "pq": f"{size} need {_gib('sq8', count, dim)} at one byte per dimension, more than allowed; a byte for four "
        "dimensions loses precision: expect near misses",
    }
    if count > _FLAT_UP_TO:
        del reasons["flat"]
    for kind, why in reasons.items():
        if bytes_of(kind, count, dim) <= room:
            return Plan(kind, why)
    return Plan("pq", reasons["pq"])


def bytes_of(kind: Kind, count: int, dim: int) -> int:
    """About how much memory an index of that kind takes."""
    whole = 4 * dim
    each = {
        "flat": whole,
        "codes": whole + dim * _CODE_BYTES_PER_DIM,
        "hnsw": whole + _GRAPH_BYTES,
        "ivf": whole + _LIST_BYTES,
        "sq8": dim + _GRAPH_BYTES,
        "pq": dim * _PQ_BYTES_PER_DIM + _LIST_BYTES,
    }[kind]
    return int(count * each)


def _gib(kind: Kind, count: int, dim: int) -> str:
    return f"{bytes_of(kind, count, dim) / 2**30:.1f} GiB"
