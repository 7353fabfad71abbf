"""A feed -> a snapshot that a catalogue opens. Nothing is done twice that a former build has done."""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index import snapshot
from index.encoders import Encoders, Vectors, unit
from index.errors import PictureError, SnapshotError
from index.feeds.fields import Fault
from index.feeds.jsonl import read_items
from index.fusion import FusionWeights, PictureSpace, fused_vectors, item_passages, text_vector
from index.items import Item, Picture
from index.pictures import read_picture
from index.records import to_record
from index.vectors import FaissVectors
from index.weights import file_sha256

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with the stage (`reading`, `text`, `pictures`, `writing`), what is done, and how much there is."""

_PICTURES_PER_ITEM = 4
_BATCH = 32


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `reused` is True when the version in use was already the one asked for."""

    version: str
    items: int
    faults: tuple[Fault, ...]
    seconds: float
    reused: bool = False


def build(
    feed_path: Path,
    folder: Path,
    encoders: Encoders,
    *,
    on_bad_row: Literal["refuse", "skip"] = "refuse",
    progress: Progress | None = None,
    weights: FusionWeights | None = None,
    default_currency: str | None = None,
) -> BuildReport:
    """Read a feed, encode it and switch `folder` to a new version; the same feed and models change nothing.

    Raises:
        CatalogueError: the feed cannot be read, or has bad rows and `on_bad_row` is `refuse`.
        SnapshotError: the disk did not take the snapshot; the version in use stays.

    Cost: about 30 ms an item on one CPU core at first, then only what changed.
    """
    started = time.perf_counter()
    tell = progress or _say_nothing
    shares = weights or FusionWeights()
    feed = read_items(feed_path, on_bad_row=on_bad_row, default_currency=default_currency)
    tell("reading", len(feed.items), len(feed.items))
    hashes = {picture.path: file_sha256(picture.path) for item in feed.items for picture in item.pictures}
    content = _content(feed.items, hashes, encoders, shares)
    if (current := _unchanged(folder, content)) is not None:
        return BuildReport(current, len(feed.items), feed.faults, time.perf_counter() - started, reused=True)
    memory = _Memory.of(folder, encoders)
    items, lost = memory.look(feed.items, hashes, encoders, tell)
    memory.read(items, encoders, tell)
    version = _write(folder, content, items, hashes, memory, encoders, shares)
    tell("writing", 1, 1)
    seconds = time.perf_counter() - started
    log.info("built snapshot %s of %d items in %.1f s", version, len(items), seconds)
    return BuildReport(version, len(items), (*feed.faults, *lost), seconds)


def _say_nothing(stage: str, done: int, total: int) -> None:
    """The progress of a build nobody watches."""


def _content(items: Sequence[Item], hashes: dict[Path, str], encoders: Encoders, shares: FusionWeights) -> str:
    """The hash of everything a snapshot is made from."""
    digest = hashlib.sha256()
    made_by = [snapshot.FORMAT, encoders.text.name, encoders.picture.name, shares.text, shares.picture]
    digest.update(json.dumps(made_by).encode())
    for item in items:
        digest.update(json.dumps(to_record(item), sort_keys=True).encode())
        digest.update(json.dumps([hashes[picture.path] for picture in item.pictures]).encode())
    return digest.hexdigest()


def _unchanged(folder: Path, content: str) -> str | None:
    """The version in use, if it is whole and was made from the same."""
    try:
        if snapshot.current_version(folder) is None:
            return None
        path, manifest = snapshot.verified(folder)
    except SnapshotError as error:
        log.warning("the snapshot in use is not usable and will be replaced: %s", error)
        return None
    return path.name if manifest.get("content") == content else None


def _key(passage: str) -> str:
    return hashlib.sha256(passage.encode()).hexdigest()


class _Memory:
    """Vectors by what they were made from: the hash of a passage or of a picture file."""

    def __init__(self, texts: dict[str, Vectors], pictures: dict[str, Vectors]) -> None:
        self.texts = texts
        self.pictures = pictures

    @classmethod
    def of(cls, folder: Path, encoders: Encoders) -> "_Memory":
        """What the version in use remembers, where its encoders were the same."""
        try:
            path, manifest = snapshot.verified(folder)
        except SnapshotError:
            return cls({}, {})
        keys = json.loads((path / "features.json").read_text(encoding="utf-8"))
        arrays = load_file(path / "features.safetensors")
        texts = dict(zip(keys["text"], arrays["text"], strict=True))
        pictures = dict(zip(keys["picture"], arrays["picture"], strict=True))
        return cls(
            texts if manifest["text_encoder"] == encoders.text.name else {},
            pictures if manifest["picture_encoder"] == encoders.picture.name else {},
        )

    def look(
        self, items: Sequence[Item], hashes: dict[Path, str], encoders: Encoders, tell: Progress
    ) -> tuple[list[Item], list[Fault]]:
        """Encode the pictures not seen before; the items without those that cannot be read, and a fault for each."""
        wanted = {hashes[one.path]: one.path for item in items for one in item.pictures[:_PICTURES_PER_ITEM]}
        new = [key for key in wanted if key not in self.pictures]
        bad: dict[str, Path] = {}
        for start in range(0, len(new), _BATCH):
            batch = {}
            for key in new[start : start + _BATCH]:
                try:
                    batch[key] = read_picture(wanted[key])
                except PictureError:
                    bad[key] = wanted[key]
            if batch:
                self.pictures.update(zip(batch, encoders.picture.encode(list(batch.values())), strict=True))
            tell("pictures", min(start + _BATCH, len(new)), len(new))
        faults = [Fault(0, "images", path.name, "a JPEG, PNG or WebP we can read", False) for path in bad.values()]
        return [_without(item, bad, hashes) for item in items], faults

    def read(self, items: Sequence[Item], encoders: Encoders, tell: Progress) -> None:
        """Encode the passages not seen before."""
        passages = {_key(passage): passage for item in items for passage in item_passages(item).all}
        # Sorted by length, so that a batch holds little padding; by key, so that every build makes the same batches.
        new = sorted((key for key in passages if key not in self.texts), key=lambda key: (len(passages[key]), key))
        for start in range(0, len(new), _BATCH):
            keys = new[start : start + _BATCH]
            self.texts.update(zip(keys, encoders.text.encode([passages[key] for key in keys]), strict=True))
            tell("text", start + len(keys), len(new))


def _without(item: Item, bad: dict[str, Path], hashes: dict[Path, str]) -> Item:
    kept: tuple[Picture, ...] = tuple(one for one in item.pictures if hashes[one.path] not in bad)
    return item if len(kept) == len(item.pictures) else replace(item, pictures=kept)


def _write(
    folder: Path,
    content: str,
    items: Sequence[Item],
    hashes: dict[Path, str],
    memory: _Memory,
    encoders: Encoders,
    shares: FusionWeights,
) -> str:
    text_NT = _texts(items, memory, encoders.text.dim)
    looks_NF, has_picture = _looks(items, hashes, memory, encoders.picture.dim)
    space = PictureSpace.fitted(looks_NF[has_picture])
    pictures_NP = unit(space.project(looks_NF)) * has_picture[:, None].astype(np.float32)
    index = FaissVectors(fused_vectors(text_NT, pictures_NP, has_picture, shares))
    arrays = {
        "text": text_NT,
        "pictures": pictures_NP,
        "has_picture": has_picture,
        "components": space.components,
    }
    text_keys = sorted({_key(passage) for item in items for passage in item_passages(item).all})
    picture_keys = sorted({hashes[one.path] for item in items for one in item.pictures[:_PICTURES_PER_ITEM]})
    features = {
        "text": _stack([memory.texts[key] for key in text_keys], encoders.text.dim),
        "picture": _stack([memory.pictures[key] for key in picture_keys], encoders.picture.dim),
    }
    records = "".join(json.dumps(to_record(item), ensure_ascii=False) + "\n" for item in items)
    keys = json.dumps({"text": text_keys, "picture": picture_keys})
    return snapshot.write_version(
        folder,
        content,
        {
            "items.jsonl": lambda path: _write_text(path, records),
            "vectors.safetensors": lambda path: _save(arrays, path),
            "features.safetensors": lambda path: _save(features, path),
            "features.json": lambda path: _write_text(path, keys),
            "index.faiss": index.write,
        },
        {
            "count": len(items),
            "dim": index.dim,
            "metric": index.metric,
            "text_encoder": encoders.text.name,
            "picture_encoder": encoders.picture.name,
            "fusion": {"text": shares.text, "picture": shares.picture},
            "whybuy": _own_version(),
        },
    )


def _texts(items: Sequence[Item], memory: _Memory, dim: int) -> Vectors:
    vectors: list[Vectors] = []
    for item in items:
        passages = item_passages(item)
        facts = memory.texts[_key(passages.facts)] if passages.facts else None
        said = _stack([memory.texts[_key(sentence)] for sentence in passages.said], dim)
        vectors.append(text_vector(memory.texts[_key(passages.name)], facts, said))
    return _stack(vectors, dim)


def _looks(
    items: Sequence[Item], hashes: dict[Path, str], memory: _Memory, dim: int
) -> tuple[Vectors, NDArray[np.bool_]]:
    """The mean features of each item's first pictures, and which items have any."""
    looks = np.zeros((len(items), dim), dtype=np.float32)
    for row, item in enumerate(items):
        shown = [memory.pictures[hashes[one.path]] for one in item.pictures[:_PICTURES_PER_ITEM]]
        if shown:
            looks[row] = np.mean(shown, axis=0)
    return unit(looks), np.array([bool(item.pictures) for item in items], dtype=np.bool_)


def _stack(vectors: Sequence[Vectors], dim: int) -> Vectors:
    return np.stack(vectors).astype(np.float32) if vectors else np.zeros((0, dim), dtype=np.float32)


def _save(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _own_version() -> str:
    try:
        return metadata.version("whybuy")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"
