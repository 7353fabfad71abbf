"""A feed, or changes to one -> a snapshot that a catalogue opens. Nothing is embedded twice."""

import hashlib
import json
import logging
import time
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Literal

import numpy as np

from index import snapshot
from index.durable.arrays import write_arrays
from index.durable.changes import Change, NewVectors
from index.durable.contents import ITEMS, Held, carry_over, hold_current, learn_change
from index.durable.files import write_file
from index.durable.memory import Key, Memory, WorkLog
from index.durable.records import Entry, to_line
from index.embedding import Progress, embed_pictures, embed_texts, entries_of, keys_of, looks, text_vectors
from index.encoders import Encoders, Vectors, unit
from index.errors import CatalogueError, SnapshotError
from index.feeds.fields import Fault
from index.feeds.jsonl import Feed, with_known_links
from index.feeds.mapping import ColumnMapping
from index.feeds.open import Form, read_feed
from index.fusion import FusionWeights, PictureSpace, fused_vectors
from index.items import ItemId
from index.jobs import Executor, Kind, LocalExecutor
from index.near.engines import FAISS, engine_of, forget, look_for, made_on, pointers
from index.sight.looks import Looks
from index.sight.projection import projection_for, projection_name

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        reused: the version in use was already the one asked for.
        unknown: ids that were to be taken out and are not in the catalogue.
    """

    version: str
    items: int
    faults: tuple[Fault, ...]
    seconds: float
    reused: bool = False
    unknown: tuple[ItemId, ...] = ()


def build(
    feed_path: Path,
    folder: Path,
    encoders: Encoders,
    *,
    on_bad_row: Literal["refuse", "skip"] = "refuse",
    progress: Progress | None = None,
    weights: FusionWeights | None = None,
    default_currency: str | None = None,
    form: Form | None = None,
    mapping: Path | ColumnMapping | None = None,
    near_duplicates: float | None = None,
    executor: Executor | None = None,
    engine: str = FAISS,
) -> BuildReport:
    """Read a feed, embed it and switch `folder` to a new version; the same feed and models change nothing.

    Changes made to the version in use since the same feed was built stay. Another feed takes their place, but for
    changes acknowledged while it was being built.

    Args:
        form, mapping: what the feed is, and which column is which field; see `feeds.open`.
        near_duplicates: also report items whose words are at least this alike, 0 to 1; they stay.
        executor: where embedding runs; in this process by default.
        engine: where vectors are searched; see `engines`.

    Raises:
        CatalogueError: the feed cannot be read, or has bad rows and `on_bad_row` is `refuse`.
        SetupError: there is no such engine, or its server does not answer.
        SnapshotError: the disk did not take the snapshot; the version in use stays.

    Cost: about 30 ms an item on one CPU core at first, then only what changed. A build that was killed goes on from
    the last batch it had finished.
    """
    started = time.perf_counter()
    tell = progress or _say_nothing
    look_for(engine)
    shares = weights or FusionWeights()
    feed = read_feed(
        feed_path,
        on_bad_row=on_bad_row,
        default_currency=default_currency,
        mapping=mapping,
        form=form,
        near_duplicates=near_duplicates,
        progress=lambda count, share: tell("reading", count, max(count, round(count / share)) if share else count),
    )
    entries, unseen = entries_of(feed.items)
    source = _source(entries, encoders, shares, engine)
    with _alone(folder) as base:
        if base is not None and base.manifest.get("source") == source:
            count = len(base.now()) if base.changes else base.manifest["count"]
            faults = (*feed.faults, *unseen)
            return BuildReport(base.version, count, faults, time.perf_counter() - started, reused=True)
        target = _Target(folder, encoders, shares, source, engine)
        version, count, lost = _make(target, base, entries, executor, tell)
    return BuildReport(version, count, (*feed.faults, *unseen, *lost), time.perf_counter() - started)


def update(
    folder: Path,
    encoders: Encoders,
    *,
    feed: Feed | None = None,
    delete: Collection[ItemId] = (),
    full: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> BuildReport:
    """A new version from the one in use: its journal worked in, the feed's items put in, others taken out.

    With neither feed nor deletions this is a compaction: the same items, a fresh index, no journal.

    Links of what was put in are kept to all items of the catalogue, and go with the items they lead to.

    Args:
        feed: read with `outward_links`, unless it is the whole catalogue.
        full: the feed is the whole catalogue; what it does not name goes.

    Raises:
        CatalogueError: nothing would be left.
        SnapshotError: there is no version to start from, or the disk did not take the new one.
    """
    started = time.perf_counter()
    tell = progress or _say_nothing
    faults: tuple[Fault, ...] = ()
    with _alone(folder, needed=True) as base:
        assert base is not None
        held = base.now()
        if feed is not None:
            fresh, lost = entries_of(feed.items)
            faults = (*feed.faults, *lost)
            named = {entry.item.id for entry in fresh}
            held = {key: entry for key, entry in held.items() if not full or key in named}
            held |= {entry.item.id: entry for entry in fresh}
        unknown = tuple(item_id for item_id in dict.fromkeys(delete) if held.pop(item_id, None) is None)
        if not held:
            raise CatalogueError("nothing would be left in the catalogue", hint="keep at least one item")
        shares = FusionWeights(**base.manifest["fusion"])
        entries = [replace(entry, item=with_known_links(entry.item, held)) for entry in held.values()]
        engine = engine_of(base.path)
        # The whole catalogue anew is as good as built from it; else changes made since that feed was built stay.
        source = _source(entries, encoders, shares, engine) if full else str(base.manifest["source"])
        target = _Target(folder, encoders, shares, source, engine)
        if not base.changes and base.manifest["content"] == _source(entries, encoders, shares, engine):
            return BuildReport(base.version, len(entries), faults, time.perf_counter() - started, True, unknown)
        version, count, more = _make(target, base, entries, executor, tell)
    return BuildReport(version, count, (*faults, *more), time.perf_counter() - started, unknown=unknown)


@contextmanager
def _alone(folder: Path, *, needed: bool = False) -> Generator[Held | None]:
    """The version in use, held while nobody else makes one; None where there is none that can be used.

    Two that started from one version would each lose what the other did: the later waits.
    """
    if needed and not folder.is_dir():
        raise SnapshotError(f"{folder} holds no snapshot", hint="build one with whybuy index build")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SnapshotError(f"cannot write to {folder}: {error.strerror}", hint="check space and rights") from error
    with snapshot.only_builder(folder), _held(folder, needed=needed) as held:
        yield held


@contextmanager
def _held(folder: Path, *, needed: bool) -> Generator[Held | None]:
    held: Held | None = None
    try:
        held = hold_current(folder)
    except SnapshotError as error:
        if needed:
            raise
        if snapshot.versions(folder):
            log.warning("the snapshot in use is not usable and will be replaced: %s", error)
    try:
        yield held
    finally:
        if held is not None:
            held.release()


@dataclass(frozen=True, slots=True)
class _Target:
    """What a version is made for: its folder, by what it is encoded, from what source, and the engine it is put on."""

    folder: Path
    encoders: Encoders
    shares: FusionWeights
    source: str
    engine: str


def _make(
    target: _Target, base: Held | None, entries: Sequence[Entry], executor: Executor | None, tell: Progress
) -> tuple[str, int, list[Fault]]:
    """Embed what is new, write the version and switch to it; its name, its size and pictures left out."""
    started = time.perf_counter()
    folder, encoders = target.folder, target.encoders
    memory = Memory.empty(encoders)
    if base is not None:
        base.remember(memory, encoders)
    logs: dict[Kind, WorkLog] = {
        "text": WorkLog(folder / snapshot.WORK, "text", encoders.text.name, memory.texts),
        "picture": WorkLog(folder / snapshot.WORK, "picture", encoders.picture.name, memory.pictures),
    }

    def keep(kind: Kind, keys: Sequence[Key], vectors: Vectors) -> None:
        logs[kind].add(keys, vectors)

    try:
        engine = executor or LocalExecutor()
        entries, lost = embed_pictures(entries, memory, encoders, engine, keep, tell)
        embed_texts(entries, memory, encoders, engine, keep, tell)

        def completed(change: Change, version: str) -> Change:
            if not change.upserts:
                return change
            _learn_from(change, folder / version, memory, encoders)
            upserts, _ = embed_pictures(change.upserts, memory, encoders, engine, keep, _say_nothing)
            embed_texts(upserts, memory, encoders, engine, keep, _say_nothing)
            return _self_contained(replace(change, upserts=tuple(upserts)), memory)

        carry = carry_over(folder, base.version if base else None, base.journal.end if base else 0, completed)
        before = pointers(folder)
        version = _write(target, entries, memory, carry)
        still = pointers(folder)
        forget({tenant: one for tenant, one in before.items() if tenant not in still})
        for one in logs.values():
            one.remove()
    finally:
        for one in logs.values():
            one.close()
    with suppress(OSError):
        (folder / snapshot.WORK).rmdir()
    tell("writing", 1, 1)
    log.info("built snapshot %s of %d items in %.1f s", version, len(entries), time.perf_counter() - started)
    return version, len(entries), lost


def _learn_from(change: Change, made_for: Path, memory: Memory, encoders: Encoders) -> None:
    """Remember a change's vectors where the encoders of its version are still the same."""
    with suppress(SnapshotError):  # of a damaged version nothing is known: what the change needs is embedded again
        manifest = snapshot.manifest_of(made_for)
        texts = manifest.get("text_encoder") == encoders.text.name
        learn_change(memory, change, texts=texts, pictures=manifest.get("picture_encoder") == encoders.picture.name)


def _self_contained(change: Change, memory: Memory) -> Change:
    """The change with every vector it needs: what it could take from its old version may be missing in the new."""
    texts, pictures = keys_of(change.upserts)
    return replace(
        change,
        texts=NewVectors(tuple(texts), memory.texts.take(texts)),
        pictures=NewVectors(tuple(pictures), memory.pictures.take(pictures)),
    )


def _write(target: _Target, entries: Sequence[Entry], memory: Memory, carry: snapshot.Carry) -> str:
    encoders, shares = target.encoders, target.shares
    text_NT = text_vectors(entries, memory)
    looks_NF, has_picture = looks(entries, memory)
    projection = projection_for(encoders.picture.name)
    space = (
        PictureSpace.learned(projection.components, projection.offset)
        if projection
        else PictureSpace.fitted(looks_NF[has_picture])
    )
    pictures_NP = unit(space.project(looks_NF)) * has_picture[:, None].astype(np.float32)
    vectors_ND = fused_vectors(text_NT, pictures_NP, has_picture, shares)
    made = made_on(target.engine, vectors_ND)
    words, seen_NT = Looks.fitted(looks_NF, text_NT, has_picture, encoders)
    arrays = {
        "text": text_NT,
        "pictures": pictures_NP,
        "has_picture": has_picture,
        "seen": seen_NT,
        "components": space.components,
        "offset": space.offset,
        **words.arrays(),
    }
    text_keys, picture_keys = keys_of(entries)
    features = {
        "text": memory.texts.pieces(text_keys),
        "text_keys": _key_array(text_keys),
        "picture": memory.pictures.pieces(picture_keys),
        "picture_keys": _key_array(picture_keys),
    }
    files: Mapping[str, snapshot.Writer] = {
        ITEMS: lambda path: write_file(path, (f"{to_line(entry)}\n".encode() for entry in entries)),
        "vectors.safetensors": lambda path: write_arrays(path, arrays),
        "features.safetensors": lambda path: write_arrays(path, features),
        made.file: made.write,
    }
    facts: snapshot.Manifest = {
        "source": target.source,
        "count": len(entries),
        "dim": made.index.dim,
        "metric": made.index.metric,
        "index": made.index.facts,
        "text_encoder": encoders.text.name,
        "picture_encoder": encoders.picture.name,
        "fusion": {"text": shares.text, "picture": shares.picture},
        "projection": projection_name(encoders.picture.name),
        "whybuy": _own_version(),
    }
    content = _source(entries, encoders, shares, target.engine)
    return snapshot.write_version(target.folder, content, files, facts, carry)


def _source(entries: Sequence[Entry], encoders: Encoders, shares: FusionWeights, engine: str) -> str:
    """The hash of everything a snapshot is made from."""
    digest = hashlib.sha256()
    made_by: list[object] = [snapshot.FORMAT, encoders.text.name, encoders.picture.name, shares.text, shares.picture]
    made_by.append(projection_name(encoders.picture.name))
    made_by += [engine] if engine != FAISS else []
    digest.update(json.dumps(made_by).encode())
    for entry in entries:
        digest.update(to_line(entry).encode())
    return digest.hexdigest()


def _key_array(keys: Sequence[Key]) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), 32)


def _say_nothing(stage: str, done: int, total: int) -> None:
    """The progress of a build nobody watches."""


def _own_version() -> str:
    try:
        return metadata.version("whybuy")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"
