"""What the index does, measured side by side: `python -m bench.index --shared ../shared [--parts filters,growth,...]`.

Parts: `filters` (recall and latency against hnswlib, usearch and plain FAISS), `growth` (10,000 to a million),
`throughput` (embedding), `crash` (kills and damage) and `pictures` (words to pictures, photos to products). Each prints
a table and replaces its section of docs/index_bench.md. Vectors and built indexes are kept in `--cache`: a second run
goes on where the first stopped. Run it on a quiet machine, with OMP_NUM_THREADS=1.
"""

import argparse
import logging
import os
import platform
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PARTS = ("filters", "growth", "throughput", "crash", "pictures")
_TITLES = {
    "filters": "Filtered search against other engines",
    "growth": "From ten thousand to a million",
    "throughput": "Embedding",
    "crash": "Kills and damage",
    "pictures": "Words to pictures, photos to products",
}
_COMMANDS = {
    "crash": (
        "bench.index_crash kills",
        "bench.index_crash kills --count 60 --undefended",
        "bench.index_crash journal --count 60",
        "bench.index_crash journal --count 60 --undefended",
        "bench.index_crash corruptions",
        "bench.index_crash corruptions --undefended",
        "bench.index_crash flips",
    ),
    "pictures": ("bench.index_pictures",),
}
"""Without the defence (`--undefended`) the harness has to find what it looks for."""
_REPORT = Path(__file__).parents[1] / "docs" / "index_bench.md"


@dataclass(frozen=True, slots=True)
class Options:
    """What a part may need.

    Attributes:
        shared: the folder that holds `data/`.
        cache: a folder that lasts.
        count: how many vectors `filters` searches.
        counts: how many `growth` does, one after another.
        half: whether titles not in the cache are encoded in bfloat16.
    """

    shared: Path
    cache: Path
    count: int
    counts: tuple[int, ...]
    half: bool


def _filters(options: Options) -> str:
    from bench.index_search import compare

    return compare(options.shared / "data", options.cache, options.count, options.half)


def _growth(options: Options) -> str:
    from bench.index_search import growth

    return growth(options.shared / "data", options.cache, options.counts, options.half)


def _throughput(options: Options) -> str:
    from bench.index_throughput import throughput

    return throughput(options.shared / "data")


def _elsewhere(part: str) -> str:
    """What the commands of a part that has commands of its own print."""
    return "\n\n".join(map(_printed, _COMMANDS[part]))


def _printed(command: str) -> str:
    words = [sys.executable, "-m", *command.split()]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    return f"`python -m {command}`\n\n```\n{done.stdout.strip()}\n```"


def section(report: str, part: str, text: str) -> str:
    """The report with that part's section replaced, or added at the end."""
    heading = f"## {_TITLES[part]}\n"
    body = f"{heading}\n{text}\n"
    pattern = re.compile(re.escape(heading) + r".*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if pattern.search(report):
        return pattern.sub(lambda _: body + "\n", report, count=1).rstrip() + "\n"
    return report.rstrip() + "\n\n" + body


def main() -> None:
    """Run the parts and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds data/")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "whybuy-bench")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--counts", default="10000,100000,1000000")
    parser.add_argument("--bfloat16", action="store_true", help="encode in bfloat16, quicker on a CPU with AMX")
    parser.add_argument("--report", type=Path, default=_REPORT)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    counts = tuple(int(count) for count in given.counts.split(","))
    options = Options(given.shared, given.cache, given.count, counts, given.bfloat16)
    runners = {"filters": _filters, "growth": _growth, "throughput": _throughput}
    for part in given.parts.split(","):
        if part not in PARTS:
            parser.error(f"no part {part!r}; there are {', '.join(PARTS)}")
        print(f"\n{_TITLES[part]}", flush=True)
        text = runners[part](options) if part in runners else _elsewhere(part)
        about = f"`python -m bench.index --parts {part}`, {platform.machine()}, {os.cpu_count()} cores."
        report = given.report.read_text(encoding="utf-8") if given.report.exists() else "# The index, measured\n"
        given.report.write_text(section(report, part, f"{about}\n\n{text}"), encoding="utf-8")
        print(text, flush=True)


if __name__ == "__main__":
    main()
