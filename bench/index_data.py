"""200,000 item titles as shops list them, their vectors, and queries that people typed; kept in a cache folder.

Titles. Every real title of the development data: Amazon Beauty, the bundles' electronics and clothing, Online Retail's
descriptions, the catalogue, the service desk's products, the outdoor products; white space single, duplicates (without
case) once. About 23,000. Then, as shops list variants, "title, colour", "title, colour, size" and so on: real titles
with real values of the catalogue's and the desk's own attributes, one draw of at most one value from each of two of
four pools (colours, sizes, materials, other options), seeded, duplicates refused, until 200,000 are distinct. So each
real title heads a family of about nine near neighbours.

Vectors. The embedded all-MiniLM-L6-v2, 384 dimensions, unit length, kept as float16 and used as float32: the rounding
is the same for every engine compared. Computed in bfloat16 where asked for: on a CPU with AMX 2.6 times as fast, and of
512 titles none turned by more than a cosine of 0.9998.

Queries. What people typed into a search box for a written request (`shopping_requests`, MIT); they share no text with
the titles and are not distributed like them, which is the honest and harder case for graphs.

A million. Mixtures of two titles' vectors (70:30), which lie where a title sharing words with both would, plus noise
of length 0.1, brought to unit length; the 200,000 come first, unchanged.
"""

import csv
import html
import json
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index import weights
from index.encoders import TextEncoder, Vectors, unit

log = logging.getLogger(__name__)

COUNT = 200_000
_CHUNK = 5_000
_SEED = 7
_POOLS = ({"color", "colour"}, {"size"}, {"material", "fabric"})


def real_titles(data: Path) -> list[str]:
    """The distinct real titles under `shared/data`, in the order of the docstring above."""
    found: dict[str, str] = {}
    for title in _all_titles(data):
        clean = " ".join(html.unescape(title or "").split())
        if len(clean) > 2:
            found.setdefault(clean.casefold(), clean)
    return list(found.values())


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _all_titles(data: Path) -> Iterator[str]:
    import pyarrow.parquet as parquet

    for row in _lines(data / "beauty" / "items.jsonl"):
        yield str(row["title"] or "")
    for name in ("electronic", "clothing"):
        for row in _lines(data / "bundles" / f"{name}.jsonl"):
            for item in [*row["items"], *row["session_other_items"]]:  # pyright: ignore[reportGeneralTypeIssues]
                yield item["title"] or ""
    table = parquet.read_table(data / "online_retail" / "transactions.parquet", columns=["Description"])
    for words in table.column(0).unique().to_pylist():
        yield (words or "").capitalize()
    for row in _lines(data / "catalogue" / "catalogue.jsonl"):
        yield str(row["title"])
    for product in json.loads((data / "service_retail" / "products.json").read_text(encoding="utf-8")).values():
        yield product["name"]
    with (data / "outdoor_manuals" / "product_info" / "products.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["name"]


def attribute_values(data: Path) -> tuple[list[str], ...]:
    """Real values in four pools: colours, sizes, materials, and the other options of the service desk's products."""
    pools: tuple[set[str], ...] = (set(), set(), set(), set())

    def keep(name: str, values: list[str], *, other: bool) -> None:
        at = next((at for at, names in enumerate(_POOLS) if name.casefold() in names), 3 if other else None)
        if at is not None:
            pools[at].update(value.strip() for value in values if 0 < len(value.strip()) < 30)

    for row in _lines(data / "catalogue" / "catalogue.jsonl"):
        for part in ("attributes", "variants"):
            for name, values in dict(row.get(part) or {}).items():  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType]
                keep(str(name), [str(value) for value in values], other=False)
    for product in json.loads((data / "service_retail" / "products.json").read_text(encoding="utf-8")).values():
        for variant in product["variants"].values():
            for name, value in variant["options"].items():
                keep(name, [str(value)], other=True)
    return tuple(sorted(pool) for pool in pools)


def titles(data: Path, count: int = COUNT) -> tuple[list[str], list[int]]:
    """`count` distinct titles, the real ones first, and for each the position of the real title it stems from."""
    real = real_titles(data)[:count]
    pools = attribute_values(data)
    draw = random.Random(_SEED)
    made = {title: at for at, title in enumerate(real)}
    while len(made) < count:
        at = draw.randrange(len(real))
        chosen = sorted(draw.sample(range(len(pools)), draw.choice((1, 2))))
        made.setdefault(", ".join([real[at], *(draw.choice(pools[pool]) for pool in chosen)]), at)
    return list(made), list(made.values())


def queries(data: Path, count: int) -> list[str]:
    """That many distinct search queries people typed, spread over the file."""
    found = dict.fromkeys(
        " ".join(str(query).split()) for row in _lines(data / "shopping_requests" / "requests.jsonl")
        for query in (row["queries"] or [])  # pyright: ignore[reportGeneralTypeIssues]
    )  # fmt: skip
    every = [query for query in found if len(query) > 3]
    return random.Random(_SEED).sample(every, count)


class HalfEncoder:
    """The embedded text model in bfloat16, for vectors that are only measured with. What ships stays in float32."""

    def __init__(self) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        folder = weights.locate(weights.TEXT_MODEL)
        self._model: Any = SentenceTransformer(str(folder), local_files_only=True).to(torch.bfloat16)
        self.dim = 384
        self.name = f"{folder.name} in bfloat16"

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = self._model.encode(list(texts), batch_size=64, convert_to_tensor=True, show_progress_bar=False)
        return unit(found.float().numpy())


class Late:
    """An encoder that is loaded when something is to be encoded."""

    def __init__(self, load: Callable[[], TextEncoder]) -> None:
        self._load = load
        self._loaded: TextEncoder | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._loaded = self._loaded or self._load()
        return self._loaded.encode(texts)


def encoded(texts: list[str], encoder: Late, cache: Path, name: str) -> Vectors:
    """vectors_ND of the texts, from `cache` as far as they are there; the encoder sorts each 5,000 by length.

    Every 5,000 are kept at once, so that an encoding that is cut off goes on where it stopped.
    """
    cache.mkdir(parents=True, exist_ok=True)
    parts: list[Vectors] = []
    for start in range(0, len(texts), _CHUNK):
        some = texts[start : start + _CHUNK]
        file = cache / f"{name}-{start}.npy"
        if len(some) < _CHUNK and not file.exists():  # must not pass for the whole chunk later
            file = cache / f"{name}-{start}-{len(some)}.npy"
        if not file.exists():
            begun = time.perf_counter()
            part = encoder.encode(some).astype(np.float16)
            log.info("%s: %d of %d, %.0f items/s", name, start, len(texts), len(part) / (time.perf_counter() - begun))
            unfinished = file.with_suffix(".part.npy")
            np.save(unfinished, part, allow_pickle=False)
            unfinished.replace(file)
        parts.append(np.load(file, allow_pickle=False)[: len(some)].astype(np.float32))
    return unit(np.concatenate(parts))


def stretched(vectors_ND: Vectors, count: int) -> Vectors:
    """`count` unit vectors: the given ones, then mixtures of pairs of them with a little noise."""
    random_ = np.random.default_rng(_SEED)
    size, dim = vectors_ND.shape
    found = np.empty((count, dim), dtype=np.float32)
    found[:size] = vectors_ND[:count]
    for start in range(size, count, 50_000):
        stop = min(start + 50_000, count)
        a, b = random_.integers(0, size, (2, stop - start))
        noise = random_.standard_normal((stop - start, dim), dtype=np.float32) * np.float32(0.1 / dim**0.5)
        found[start:stop] = unit(vectors_ND[a] * np.float32(0.7) + vectors_ND[b] * np.float32(0.3) + noise)
    return found
