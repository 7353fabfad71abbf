"""Does the index survive? Kills during builds, switches and increments, and damaged files, with and without defences.

    python -m bench.index_crash kills|journal|corruptions|flips [--count N] [--undefended] [--seed N]

Every count printed is of trials. A trial is bad when what is opened afterwards is neither the version before nor the
one after, when nothing can be opened, or when a damaged file is accepted.
"""

import argparse
import json
import os
import random
import select
import shutil
import signal
import struct
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import faiss
import numpy as np
from tqdm import tqdm

from index import snapshot
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.errors import SnapshotError
from index.items import Item
from index.live import LiveCatalogue
from index.testing import ColourImageEncoder, HashingTextEncoder

KINDS = ("flat", "ivf", "hnsw", "ivfpq", "idmap")
DAMAGES = ("bit", "head bit", "truncation", "zeroed page", "extreme integer")
_LONGEST_WAIT_S = 0.15
_PATIENCE_S = 10.0


def _encoders() -> Encoders:
    return Encoders(HashingTextEncoder(), ColourImageEncoder())


def _feed(path: Path, stamp: int) -> Path:
    """A feed whose size and titles tell its stamp."""
    rows = [{"id": f"i{n}", "title": f"Thing {n} of build {stamp}"} for n in range(8 + stamp % 5)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _stamp(folder: Path) -> int:
    """The stamp of the version in use.

    Raises:
        SnapshotError: it cannot be opened.
        ValueError: its items are not those of one build.
    """
    catalogue = Catalogue.open(folder, *_pair(_encoders()))
    stamps = {int(item.title.rpartition(" ")[2]) for item in catalogue}
    (stamp,) = stamps
    if len(catalogue) != 8 + stamp % 5:
        raise ValueError(f"{len(catalogue)} items of build {stamp}")
    return stamp


def _pair(encoders: Encoders) -> tuple[Any, Any]:  # the two encoders as arguments
    return encoders.text, encoders.picture


def _forked(work: Callable[[int], None]) -> tuple[int, int]:
    """A child that does the work and tells of it; its pid and the end of the pipe we read."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        # Its lock is one semaphore for parent and child: killed with it, the child would leave the parent waiting.
        tqdm.set_lock(threading.RLock())
        try:
            work(theirs)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(theirs)
    return pid, ours


def _killed_after(pid: int, pipe: int, wait_s: float) -> list[list[str]]:
    """What the child had told when it was killed, `wait_s` after it said that it starts; as words by line."""
    select.select([pipe], [], [], _PATIENCE_S)
    time.sleep(wait_s)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    told = b""
    while chunk := os.read(pipe, 65536):
        told += chunk
    os.close(pipe)
    return [line.split() for line in told.decode().splitlines(keepends=True) if line.endswith("\n")]


def _say(pipe: int, *words: object) -> None:
    os.write(pipe, (" ".join(map(str, words)) + "\n").encode())


def naive_write_version(
    folder: Path, content: str, files: Any, facts: Any, carry: Any = None
) -> str:  # the signature of snapshot.write_version
    """What we do not do: write over the files in use, then their manifest."""
    del carry
    folder.mkdir(parents=True, exist_ok=True)
    version = snapshot.current_version(folder) or f"000001-{content[:12]}"
    (folder / version).mkdir(exist_ok=True)
    for name, write in files.items():
        (folder / version / name).unlink(missing_ok=True)
        write(folder / version / name)
    (folder / version / "manifest.json").unlink(missing_ok=True)
    snapshot._write_manifest(folder / version, version, files, facts | {"content": content})  # pyright: ignore[reportPrivateUsage]
    if snapshot.current_version(folder) is None:
        snapshot.switch(folder, version)
    return version


def kills(folder: Path, count: int, seed: int, *, naive: bool = False) -> Counter[str]:
    """Kill a child that builds and switches in a loop, `count` times at random moments; outcomes by name."""
    rng, outcomes, stamp = random.Random(seed), Counter[str](), 0
    shops = folder / "shop"
    feed = folder / "feed.jsonl"
    real = snapshot.write_version
    if naive:
        snapshot.write_version = naive_write_version
    try:
        build(_feed(feed, stamp), shops, _encoders())
        for _ in range(count):
            pid, pipe = _forked(lambda pipe, first=stamp: _build_and_switch(shops, feed, first, pipe, naive))
            told = _killed_after(pid, pipe, rng.uniform(0, _LONGEST_WAIT_S))
            allowed = {int(line[1]) for line in told[-2:]} | ({stamp} if len(told) < 2 else set())
            highest = max([stamp, *(int(line[1]) for line in told)])
            try:
                found = _stamp(shops)
                outcomes["exactly n or n+1" if found in allowed else "another version"] += 1
            except (SnapshotError, ValueError) as error:
                outcomes["unreadable" if isinstance(error, SnapshotError) else "mixed"] += 1
                shutil.rmtree(shops)
            outcomes["steps"] += sum(line[0] == "did" for line in told)
            stamp = highest + 1
            build(_feed(feed, stamp), shops, _encoders())
            litter = {path.name for path in shops.iterdir() if path.name.startswith((".writing", ".dropping"))}
            outcomes["litter after the next build"] += len(litter)
    finally:
        snapshot.write_version = real
    return outcomes


def _build_and_switch(folder: Path, feed: Path, first: int, pipe: int, naive: bool) -> None:
    """Build version after version, going back now and then; tells what it will do and what it did."""
    stamp, history = first, [first]
    while True:
        if not naive and stamp % 4 == 3 and len(history) > 1:
            _say(pipe, "will", history[-2])
            snapshot.rollback(folder)
            _say(pipe, "did", history[-2])
            history.pop()
        stamp += 1
        _say(pipe, "will", stamp)
        build(_feed(feed.with_suffix(".child"), stamp), folder, _encoders())
        history.append(stamp)
        _say(pipe, "did", stamp)


def journal_kills(folder: Path, count: int, seed: int, *, forgetful: bool = False) -> Counter[str]:
    """Kill a child that appends increments and compacts; counts acknowledged increments that are gone afterwards.

    Args:
        forgetful: switch the defence off: increments are shown before they are on the disk.
    """
    rng, outcomes = random.Random(seed), Counter[str]()
    shop = folder / "shop"
    build(_feed(folder / "feed.jsonl", 0), shop, _encoders())
    number = 0
    for _ in range(count):
        pid, pipe = _forked(lambda pipe, first=number: _increment(shop, first, pipe, forgetful))
        told = _killed_after(pid, pipe, rng.uniform(0, _LONGEST_WAIT_S))
        last = max((int(line[1]) for line in told if line[0] == "did"), default=number)
        outcomes["acknowledged"] += last - number
        try:
            catalogue = Catalogue.open(shop, *_pair(_encoders()))
            stock = catalogue.item("i0").stock or 0
            wanted = {f"n{one}" for one in range(max(1, last - 40), last + 1) if one % 3 == 0}
            lost = sum(one not in catalogue for one in wanted) + max(0, last - stock)
            outcomes["lost"] += lost
            outcomes["exactly n or n+1" if stock in (last, last + 1) else "another version"] += 1
        except SnapshotError:
            outcomes["unreadable"] += 1
            shutil.rmtree(shop)
            build(_feed(folder / "feed.jsonl", 0), shop, _encoders())
            stock = 0
        number = stock
    return outcomes


def _increment(folder: Path, first: int, pipe: int, forgetful: bool) -> None:
    live = LiveCatalogue.open(folder, *_pair(_encoders()))
    waiting: list[bytes] = []
    journal = live._held.journal  # pyright: ignore[reportPrivateUsage]
    real = journal.append
    if forgetful:

        def later(payload: bytes) -> int:
            waiting.append(payload)
            if len(waiting) == 4:
                for one in waiting:
                    real(one)
                waiting.clear()
            return 0

        journal.append = later
    number = first
    while True:
        number += 1
        _say(pipe, "will", number)
        if number % 3 == 0:
            live.upsert([Item(f"n{number}", f"New thing {number}"), replace(live.item("i0"), stock=number)])
            live.delete([f"n{number - 60}"])
        else:
            live.set_stock("i0", number)
        _say(pipe, "did", number)
        if number % 10 == 0 and not forgetful:
            live.compact()


def corruptions(folder: Path, each: int, seed: int, *, defended: bool = True) -> dict[tuple[str, str], Counter[str]]:
    """Damage index files, `each` times per kind and damage; what opening and asking them does, by name."""
    rng = random.Random(seed)
    vectors = _vectors(seed)
    found: dict[tuple[str, str], Counter[str]] = {}
    for kind in KINDS:
        home = folder / kind
        index = _index(kind, vectors)
        facts = {"count": len(vectors), "dim": vectors.shape[1]}
        version = snapshot.write_version(
            home, "a" * 64, {"index.faiss": lambda path, made=index: faiss.write_index(made, str(path))}, facts
        )
        path = home / version / "index.faiss"
        whole = path.read_bytes()
        clean = _neighbours(path, vectors)
        for damage in DAMAGES:
            tally = found[kind, damage] = Counter()
            for _ in range(each):
                path.write_bytes(_damaged(whole, damage, rng))
                if defended:
                    tally[_opened_defended(home)] += 1
                else:
                    tally[_opened_bare(path, vectors, clean)] += 1
        path.write_bytes(whole)
        snapshot.verified(home)
    return found


def _vectors(seed: int) -> Any:
    made = np.random.default_rng(seed).standard_normal((1500, 32)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def _index(kind: str, vectors: Any) -> Any:  # FAISS types come without annotations
    metric = faiss.METRIC_INNER_PRODUCT
    made = {
        "flat": lambda: faiss.index_factory(32, "Flat", metric),
        "ivf": lambda: faiss.index_factory(32, "IVF16,Flat", metric),
        "hnsw": lambda: faiss.index_factory(32, "HNSW8,Flat", metric),
        "ivfpq": lambda: faiss.index_factory(32, "IVF16,PQ8x4", metric),
        "idmap": lambda: faiss.index_factory(32, "IDMap,Flat", metric),
    }[kind]()
    made.train(vectors)
    if kind == "idmap":
        made.add_with_ids(vectors, np.arange(len(vectors), dtype=np.int64) + 7)
    else:
        made.add(vectors)
    return made


def _neighbours(path: Path, vectors: Any) -> Any:
    _, rows = faiss.read_index(str(path)).search(vectors[:20], 10)
    return rows


def _damaged(whole: bytes, damage: str, rng: random.Random) -> bytes:
    """The file with one damage of that sort, never equal to what it was."""
    while True:
        data = bytearray(whole)
        if damage in ("bit", "head bit"):
            at = rng.randrange(len(data) if damage == "bit" else 64)
            data[at] ^= 1 << rng.randrange(8)
        elif damage == "truncation":
            del data[rng.randrange(len(data)) :]
        elif damage == "zeroed page":
            at = 4096 * rng.randrange((len(data) + 4095) // 4096)
            data[at : at + 4096] = bytes(len(data[at : at + 4096]))
        else:
            at = rng.randrange(0, 128)
            extreme = rng.choice([-1, 2**31 - 1, -(2**31), 2**62, -(2**63), 0])
            packed = struct.pack("<q", extreme) if rng.random() < 0.5 else struct.pack("<q", extreme)[:4]
            data[at : at + len(packed)] = packed
        if bytes(data) != whole:
            return bytes(data)


def _opened_defended(home: Path) -> str:
    try:
        snapshot.verified(home)
    except SnapshotError:
        return "refused"
    return "accepted"


def _opened_bare(path: Path, vectors: Any, clean: Any) -> str:
    """What FAISS alone makes of a file, in a child with a time limit."""

    def ask(pipe: int) -> None:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        try:
            same = bool((_neighbours(path, vectors) == clean).all())
        except (RuntimeError, ValueError, MemoryError):
            _say(pipe, "error")
            os._exit(0)
        _say(pipe, "silent, same answers" if same else "silent, wrong answers")
        os._exit(0)

    pid, pipe = _forked(ask)
    ready, _, _ = select.select([pipe], [], [], _PATIENCE_S)
    told = os.read(pipe, 200).decode().strip() if ready else "hangs"
    if not ready:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(pipe)
    return told or "crashes"


def flips(folder: Path, each: int, seed: int) -> Counter[str]:
    """Single-bit flips in every artefact of a built folder, its pointer and its journal; what opening it does."""
    rng, outcomes = random.Random(seed), Counter[str]()
    shop = folder / "shop"
    version = build(_feed(folder / "feed.jsonl", 3), shop, _encoders()).version
    live = LiveCatalogue.open(shop, *_pair(_encoders()))
    live.set_stock("i0", 3)
    live.close()
    paths = [*(shop / version).iterdir(), shop / "CURRENT", snapshot.journal_of(shop, version)]
    for path in sorted(paths):
        whole = path.read_bytes()
        for _ in range(each):
            path.write_bytes(_damaged(whole, "bit", rng))
            try:
                Catalogue.open(shop, *_pair(_encoders()))
                outcomes[f"accepted: {path.name}"] += 1
            except SnapshotError:
                outcomes["refused"] += 1
        path.write_bytes(whole)
    Catalogue.open(shop, *_pair(_encoders()))
    return outcomes


def _table(found: dict[tuple[str, str], Counter[str]]) -> Iterator[str]:
    for (kind, damage), tally in found.items():
        yield f"{kind:6} {damage:16} " + ", ".join(f"{name} {count}" for name, count in sorted(tally.items()))
    total = sum(found.values(), Counter[str]())
    yield f"all    {sum(total.values()):16} " + ", ".join(f"{name} {count}" for name, count in sorted(total.items()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the trials in a temporary folder and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trial", choices=["kills", "journal", "corruptions", "flips"])
    parser.add_argument("--count", type=int, default=0, help="trials; for corruptions: of each kind and damage")
    parser.add_argument("--undefended", action="store_true", help="with the defence off: it must break")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder, off = Path(name), bool(chosen.undefended)
        if chosen.trial == "kills":
            print(dict(kills(folder, chosen.count or 500, chosen.seed, naive=off)))
        elif chosen.trial == "journal":
            print(dict(journal_kills(folder, chosen.count or 500, chosen.seed, forgetful=off)))
        elif chosen.trial == "corruptions":
            each = chosen.count or (20 if off else 600)
            print("\n".join(_table(corruptions(folder, each, chosen.seed, defended=not off))))
        else:
            print(dict(flips(folder, chosen.count or 100, chosen.seed)))
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
