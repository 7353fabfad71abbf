"""Items embedded a second: our build's encoder against sentence-transformers called in a plain loop."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import index_data
from index import weights
from index.encoders import SentenceTextEncoder

_TITLES = 600


def throughput(data: Path) -> str:
    """Markdown: titles a second, one thread, the same titles for all ways, CPU time and time on the clock."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    every, _ = index_data.titles(data, 60_000)
    texts = every[:: len(every) // _TITLES][:_TITLES]
    folder = weights.locate(weights.TEXT_MODEL)
    plain: Any = SentenceTransformer(str(folder), local_files_only=True)
    ours, half = SentenceTextEncoder(folder), index_data.HalfEncoder()
    ways: list[tuple[str, Callable[[], Any]]] = [
        ("sentence-transformers, one title at a time", lambda: [plain.encode(text) for text in texts]),
        ("sentence-transformers, `encode(titles)`", lambda: plain.encode(texts, show_progress_bar=False)),
        ("our build's encoder", lambda: ours.encode(texts)),
        ("the same model in bfloat16 (not used)", lambda: half.encode(texts)),
    ]
    lines = ["| way | titles a second | titles a CPU second |", "|---|---|---|"]
    for name, way in ways:
        way_begun, cpu_begun = time.perf_counter(), time.process_time()
        way()
        clock, cpu = time.perf_counter() - way_begun, time.process_time() - cpu_begun
        line = f"| {name} | {len(texts) / clock:.0f} | {len(texts) / cpu:.0f} |"
        print(line, flush=True)
        lines.append(line)
    return "\n".join([f"{len(texts)} titles, one thread.", "", *lines])
