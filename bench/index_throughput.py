"""Items embedded a second: our build against sentence-transformers called in a plain loop."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import index_data
from index import weights
from index.durable.memory import Memory
from index.embedding import embed_texts, entries_of
from index.encoders import Encoders, SentenceTextEncoder, Vectors
from index.feeds.jsonl import read_items
from index.fusion import item_passages
from index.jobs import LocalExecutor
from index.testing import ColourImageEncoder

_TITLES = 2_000
_ITEMS = 160
_ROUNDS = 2

Way = Callable[[], object]


def throughput(data: Path) -> str:
    """Markdown: titles and whole items a second, one thread, the same for all ways, by the clock and by CPU time."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    folder = weights.locate(weights.TEXT_MODEL)
    plain: Any = SentenceTransformer(str(folder), local_files_only=True)
    ours = SentenceTextEncoder(folder)
    real = index_data.real_titles(data)
    texts = real[:: len(real) // _TITLES][:_TITLES]
    titles: dict[str, Way] = {
        "sentence-transformers, one title at a time": lambda: [plain.encode(text) for text in texts],
        "sentence-transformers, 32 at a time as they come": lambda: [
            plain.encode(texts[at : at + 32], show_progress_bar=False) for at in range(0, len(texts), 32)
        ],
        "sentence-transformers, `encode(titles)`": lambda: plain.encode(texts, show_progress_bar=False),
        "our encoder": lambda: ours.encode(texts),
    }
    every = read_items(data / "catalogue" / "catalogue.jsonl").items
    entries, _ = entries_of(every[:: len(every) // _ITEMS][:_ITEMS])
    passages = [item_passages(entry.item).all for entry in entries]

    def build() -> None:
        encoders = Encoders(ours, ColourImageEncoder())
        embed_texts(entries, Memory.empty(encoders), encoders, LocalExecutor(), _keep_nothing, _say_nothing)

    items: dict[str, Way] = {
        "sentence-transformers, passage by passage": lambda: [[plain.encode(one) for one in some] for some in passages],
        "sentence-transformers, item by item": lambda: [
            plain.encode(list(some), show_progress_bar=False) for some in passages
        ],
        "our build": build,
    }
    count = sum(map(len, passages))
    return "\n".join(
        [
            f"One thread, the best of {_ROUNDS} rounds in turn. {len(texts)} real titles:",
            "",
            *_table(titles, len(texts), "titles"),
            "",
            f"{len(entries)} items of the development catalogue with {count} passages (name, facts, sentences):",
            "",
            *_table(items, len(entries), "items"),
        ]
    )


def _table(ways: dict[str, Way], count: int, unit: str) -> list[str]:
    """The ways take turns, so that a moment in which the machine was busy is nobody's own."""
    best = dict.fromkeys(ways, (float("inf"), float("inf")))
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            clock, cpu = time.perf_counter(), time.process_time()
            way()
            took = time.perf_counter() - clock, time.process_time() - cpu
            best[name] = min(best[name][0], took[0]), min(best[name][1], took[1])
    lines = [f"| way | {unit} a second | {unit} a CPU second |", "|---|---:|---:|"]
    return lines + [f"| {name} | {count / clock:.0f} | {count / cpu:.0f} |" for name, (clock, cpu) in best.items()]


def _keep_nothing(kind: str, keys: object, vectors: Vectors) -> None:
    """Where a build would write down what it made."""


def _say_nothing(stage: str, done: int, total: int) -> None:
    """The progress nobody watches."""
