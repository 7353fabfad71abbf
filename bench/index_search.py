"""Filtered search: recall and latency against hnswlib, usearch and plain FAISS; and how ours grows to a million."""

import os
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from bench import index_data
from bench.index_engines import Engine, Hnswlib, Ours, PlainFaiss, Setting, Usearch
from index.encoders import Vectors, load_text_encoder
from index.plans import Plan, choose
from index.probing import Selected
from index.vectors import Mask, Rows

_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

K = 10
RECALL = 0.99
SHARES = (0.001, 0.01, 0.1, 0.5, 1.0)
_TRIED, _MEASURED = 60, 200
_SEED = 11


@dataclass(frozen=True, slots=True)
class Case:
    """A filter: its name, the share of rows it allows, and the mask (None allows all)."""

    name: str
    share: float
    mask: Mask | None


def load(data: Path, cache: Path, count: int, half: bool) -> tuple[Vectors, Vectors]:
    """vectors_ND of `count` titles (stretched beyond 200,000) and queries_QD, encoded at first use."""
    encoder = index_data.HalfEncoder() if half else load_text_encoder()
    texts, _ = index_data.titles(data)
    queries = index_data.encoded(index_data.queries(data, 1000), encoder, cache, "queries")
    vectors = index_data.encoded(texts[: min(count, len(texts))], encoder, cache, "titles")
    return index_data.stretched(vectors, count) if count > len(vectors) else vectors, queries[: _TRIED + _MEASURED]


def cases(vectors_ND: Vectors) -> Iterator[Case]:
    """Random filters at every share; and two kinds that go with the vectors, as prices and departments do."""
    random, count = np.random.default_rng(_SEED), len(vectors_ND)
    for share in SHARES:
        yield Case("random", share, None if share == 1 else random.random(count) < share)
    centre = vectors_ND[:20_000].mean(axis=0)
    for share in SHARES[:-1]:
        wanted = max(K, int(share * count))
        direction = vectors_ND[random.integers(count)] - centre
        price = vectors_ND @ direction + 0.1 * random.standard_normal(count)
        start = int(random.integers(count - wanted + 1))
        yield Case("like a price", share, _among(np.argsort(price)[start : start + wanted], count))
        near = np.argsort(-(vectors_ND @ vectors_ND[random.integers(count)]))[:wanted]
        yield Case("a department", share, _among(near, count))


def _among(rows: Rows, count: int) -> Mask:
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return mask


def compare(data: Path, cache: Path, count: int, half: bool) -> str:
    """Markdown: each engine at recall of at least 0.99 on each filter, one thread, one run."""
    faiss.omp_set_num_threads(1)
    vectors, queries = load(data, cache, count, half)
    ours = Ours(vectors, cache, choose(*vectors.shape) if count > 20_000 else Plan("hnsw", "for comparison"))
    engines: list[Engine] = [ours, Hnswlib(vectors, cache), Usearch(vectors, cache)]
    engines.insert(1, PlainFaiss(ours))
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    lines = [
        f"{count:,} vectors of {vectors.shape[1]} dimensions, {_MEASURED} queries people typed, k = {K}, one thread. "
        f"Settings were sought on {_TRIED} other queries: the quickest with recall of at least {RECALL}. "
        "Milliseconds of CPU, median (95th percentile), and recall@10 on the measured queries; `none` where no "
        "setting got there.",
        "Built in CPU seconds: " + ", ".join(f"{engine.name} {engine.built_s:.0f}" for engine in engines) + ".",
        "",
        "| filter | allowed | " + " | ".join(engine.name for engine in engines) + " | quickest |",
        "|---" * (len(engines) + 3) + "|",
    ]
    for case in cases(vectors):
        truth = _truth(exact, queries, case.mask)
        found = [_best(engine, queries, truth, case, count) for engine in engines]
        medians = [one[0] for one in found]
        quickest = engines[int(np.argmin(medians))].name
        cells = " | ".join(_cell(one) for one in found)
        line = f"| {case.name} | {case.share:.1%} | {cells} | {quickest} |"
        print(line, flush=True)
        lines.append(line)
    return "\n".join(lines)


Measured = tuple[float, float, float]
"""Median and 95th percentile in milliseconds (inf where recall was not reached), and recall."""


def _cell(found: Measured) -> str:
    median, late, recall = found
    return f"none ({recall:.3f})" if median == float("inf") else f"{median:.2f} ({late:.2f}), {recall:.3f}"


def _truth(exact: faiss.IndexFlatIP, queries: Vectors, mask: Mask | None) -> list[set[int]]:
    if mask is None:
        rows = exact.search(queries, K)[1]
    else:
        held = Selected(mask)
        rows = exact.search(queries, K, params=_wrapped.SearchParameters(sel=held.selector))[1]
    return [{int(row) for row in found if row >= 0} for found in rows]


def _best(engine: Engine, queries: Vectors, truth: Sequence[set[int]], case: Case, count: int) -> Measured:
    """The quickest setting that reaches the recall on the tried queries, measured on the others."""
    reached: list[tuple[float, Setting]] = []
    most = 0.0
    good = {False: False, True: False}
    for how in engine.settings(K, case.share, count):
        if good[how.by_callback]:  # harder settings of the same way only take longer
            continue
        median, _, recall = _measured(engine, queries[:_TRIED], truth[:_TRIED], case.mask, how)
        most = max(most, recall)
        if recall >= RECALL:
            good[how.by_callback] = True
            reached.append((median, how))
    if not reached:
        return float("inf"), float("inf"), most
    _, how = min(reached, key=lambda pair: pair[0])
    return _measured(engine, queries[_TRIED:], truth[_TRIED:], case.mask, how)


def _measured(engine: Engine, queries: Vectors, truth: Sequence[set[int]], mask: Mask | None, how: Setting) -> Measured:
    took: list[float] = []
    met = due = 0
    for query, expected in zip(queries, truth, strict=True):
        begun = time.process_time()  # of all threads: what a query takes on an idle core, however busy this machine is
        rows = engine.search(query, K, mask, how)
        took.append(1000 * (time.process_time() - begun))
        met += len(expected & set(rows.tolist()))
        due += len(expected)
    return float(np.median(took)), float(np.percentile(took, 95)), met / max(due, 1)


def growth(data: Path, cache: Path, counts: Sequence[int], half: bool) -> str:
    """Markdown: build time, memory and filtered latency of the shipped choice at each size, one thread."""
    faiss.omp_set_num_threads(1)
    lines = [
        "| vectors | kind | built, CPU s | file, bytes a vector | "
        + " | ".join(f"{share:.1%}" for share in SHARES)
        + " |",
        "|---" * (4 + len(SHARES)) + "|",
    ]
    for count in counts:
        vectors, queries = load(data, cache, count, half)
        ours = Ours(vectors, cache, choose(*vectors.shape))
        kind = ours.index.facts["kind"]
        size = (cache / f"ours-{kind}-{count}.index").stat().st_size / count
        cells = [f"{count:,}", kind, f"{ours.built_s:.0f}", f"{size:.0f}"]
        for case in cases(vectors):
            if case.name == "random":
                truth = [set(rows.tolist()) - {-1} for rows in ours.index.exact(queries, K, case.mask)[0]]
                median, late, recall = _measured(ours, queries[_TRIED:], truth[_TRIED:], case.mask, Setting(0, K))
                cells.append(f"{median:.2f} ({late:.2f}), {recall:.3f}")
        print(cells, flush=True)
        lines.append("| " + " | ".join(cells) + " |")
        del vectors, ours
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    lines += ["", "Milliseconds of CPU of a query by share allowed at random: median (95th percentile), recall@10."]
    lines += [f"Peak memory of the run {peak:.1f} GiB, load {os.getloadavg()[0]:.1f}."]
    return "\n".join(lines)
