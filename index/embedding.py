"""Items -> vectors, by way of what is remembered: only what nobody has embedded yet is embedded.

Legend: N items, T text dimensions, F picture features, P picture dimensions.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.durable.memory import Key, Memory, batches, passage_key
from index.durable.records import Entry
from index.encoders import Encoders, Vectors, unit
from index.feeds.fields import Fault, shortened
from index.fusion import item_passages, text_vector
from index.items import Item, ItemId
from index.jobs import Batch, Executor, Kind
from index.weights import file_sha256

Progress = Callable[[str, int, int], None]
"""Called with the stage (`reading`, `text`, `pictures`, `writing`), what is done, and how much there is."""

Keep = Callable[[Kind, Sequence[Key], Vectors], None]
"""Told of every batch of vectors as soon as it is made."""

PICTURES_PER_ITEM = 4
PICTURE_FADE = 0.3
"""Each picture of an item counts this much of the one before it: later ones are backs, details and other colours.

With four counting alike, 0.37 of other pictures found their item first, so 0.46 (two each of the 92 items of the shared
catalogue that have five or more). The first alone did better there, 0.52; the others count all the same, because a
shop may put any of its pictures first. A fifth would count less than a hundredth.
"""

_PICTURES_AT_ONCE = 32
_TEXTS_AT_ONCE = 256
"""Texts or pictures embedded before they are written down: of a build that is killed, two seconds' work is lost."""


def entries_of(items: Sequence[Item]) -> tuple[list[Entry], list[Fault]]:
    """The items with the hashes of their pictures; a picture that cannot be opened is left out, with a fault."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    known: dict[Path, str | None] = {}
    for item in items:
        for picture in item.pictures:
            if picture.path not in known:
                try:
                    known[picture.path] = file_sha256(picture.path)
                except OSError:
                    known[picture.path] = None
                    faults.append(_unreadable(item.id, picture.path))
        kept = tuple(one for one in item.pictures if known[one.path] is not None)
        item = item if len(kept) == len(item.pictures) else replace(item, pictures=kept)
        entries.append(Entry(item, tuple(known[one.path] or "" for one in kept)))
    return entries, faults


def embed_pictures(
    entries: Sequence[Entry], memory: Memory, encoders: Encoders, executor: Executor, keep: Keep, tell: Progress
) -> tuple[list[Entry], list[Fault]]:
    """Embed the pictures nobody has; the entries without those that cannot be read, and a fault for each of these."""
    wanted = {
        bytes.fromhex(key): (entry.item.id, picture.path)
        for entry in entries
        for key, picture in zip(entry.hashes[:PICTURES_PER_ITEM], entry.item.pictures, strict=False)
    }
    new = [key for key in wanted if key not in memory.pictures]
    bad: set[Key] = set()
    work = [Batch(tuple(keys), tuple(str(wanted[key][1]) for key in keys)) for keys in batches(new, _PICTURES_AT_ONCE)]
    done = 0
    for made in executor.embed("picture", work, encoders):
        if len(made.keys):
            keep("picture", made.keys, made.vectors)
        bad.update(made.bad)
        done += len(made.keys) + len(made.bad)
        tell("pictures", done, len(new))
    faults = [_unreadable(*wanted[key]) for key in new if key in bad]
    return [_without(entry, bad) for entry in entries] if bad else list(entries), faults


def embed_texts(
    entries: Sequence[Entry], memory: Memory, encoders: Encoders, executor: Executor, keep: Keep, tell: Progress
) -> None:
    """Embed the passages nobody has."""
    passages: dict[Key, str] = {}
    for entry in entries:
        for passage in item_passages(entry.item).all:
            if (key := passage_key(passage)) not in memory.texts:
                passages[key] = passage
    # Sorted by length, so that a batch holds little padding; by key, so that every build makes the same batches.
    new = sorted(passages, key=lambda key: (len(passages[key]), key))
    work = [Batch(tuple(keys), tuple(passages[key] for key in keys)) for keys in batches(new, _TEXTS_AT_ONCE)]
    done = 0
    for made in executor.embed("text", work, encoders):
        keep("text", made.keys, made.vectors)
        done += len(made.keys)
        tell("text", done, len(new))


def keys_of(entries: Sequence[Entry]) -> tuple[list[Key], list[Key]]:
    """The keys of all passages and of all pictures that count, sorted."""
    texts = {passage_key(passage) for entry in entries for passage in item_passages(entry.item).all}
    pictures = {bytes.fromhex(one) for entry in entries for one in entry.hashes[:PICTURES_PER_ITEM]}
    return sorted(texts), sorted(pictures)


def text_vectors(entries: Sequence[Entry], memory: Memory) -> Vectors:
    """text_NT of the items, from remembered passages."""
    found = np.zeros((len(entries), memory.texts.dim), dtype=np.float32)
    for row, entry in enumerate(entries):
        passages = item_passages(entry.item)
        vectors = memory.texts.take([passage_key(passage) for passage in passages.all])
        said = vectors[2 if passages.facts else 1 :]
        found[row] = text_vector(vectors[0], vectors[1] if passages.facts else None, said)
    return found


def looks(entries: Sequence[Entry], memory: Memory) -> tuple[Vectors, NDArray[np.bool_]]:
    """looks_NF, each item's pictures as one, the first counting most, at unit length; and which items have any."""
    found = np.zeros((len(entries), memory.pictures.dim), dtype=np.float32)
    for row, entry in enumerate(entries):
        if entry.hashes:
            shown = memory.pictures.take(list(map(bytes.fromhex, entry.hashes[:PICTURES_PER_ITEM])))
            found[row] = np.average(shown, axis=0, weights=PICTURE_FADE ** np.arange(len(shown)))
    return unit(found), np.array([bool(entry.hashes) for entry in entries], dtype=np.bool_)


def _unreadable(item_id: ItemId, path: Path) -> Fault:
    return Fault(
        0, f"images of {shortened(item_id)}", path.name, "a JPEG, PNG or WebP of at most 8 MB and 16 megapixels", False
    )


def _without(entry: Entry, bad: set[Key]) -> Entry:
    kept = [
        (picture, key)
        for picture, key in zip(entry.item.pictures, entry.hashes, strict=True)
        if bytes.fromhex(key) not in bad
    ]
    if len(kept) == len(entry.hashes):
        return entry
    return Entry(replace(entry.item, pictures=tuple(one for one, _ in kept)), tuple(key for _, key in kept))
