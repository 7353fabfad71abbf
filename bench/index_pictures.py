"""Photos to products and words to pictures, on products that nothing was trained on: `python -m bench.index_pictures`.

Products are split in five folds; whatever is learned is learned without the pictures and photographs of a fold, and
then asked for it. Every figure is the mean over the seeds.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from finetune.pictures import Pairs, Settings, features_of, train
from index.embedding import PICTURE_FADE, PICTURES_PER_ITEM
from index.encoders import Encoders, load_image_encoder, load_text_encoder
from index.feeds.jsonl import read_items
from index.fusion import item_passages, text_vector
from index.items import Item
from index.near.directions import Vectors, unit
from index.sight.efficientnet import layout
from index.sight.looks import KINDS_SHARE, Taught, kind_words, kinds_seen

FOLDS = 5
_ROOT = Path(__file__).parents[1]
_SHARED = _ROOT.parent / "shared" / "data"

Rows = NDArray[np.int64]
Look = Callable[[Vectors], Vectors]
"""Features of pictures -> where they lie, at unit length."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was asked, how, of how many, and the shares found among the first."""

    task: str
    method: str
    queries: int
    first: float
    among: float
    k: int


@dataclass(frozen=True, slots=True)
class Shop:
    """A catalogue as numbers: text_NT, titles_NT, the pictures' features_MF, and owner_M, the row each belongs to."""

    items: tuple[Item, ...]
    text: Vectors
    titles: Vectors
    features: Vectors
    owner: Rows

    @property
    def means(self) -> Vectors:
        """Each item's pictures as one, the way `index.embedding.looks` does it."""
        found = np.zeros((len(self.items), self.features.shape[1]), dtype=np.float32)
        for row, first, end in zip(self.owner[self.firsts], self.firsts, [*self.firsts[1:], None], strict=True):
            shown = self.features[first:end][:PICTURES_PER_ITEM]
            found[row] = np.average(shown, axis=0, weights=PICTURE_FADE ** np.arange(len(shown)))
        return unit(found)

    @property
    def firsts(self) -> Rows:
        """The position of each item's first picture."""
        return np.unique(self.owner, return_index=True)[1]


def load(path: Path, encoders: Encoders, cache: Path) -> Shop:
    """The shop of a catalogue file; every item must have a picture."""
    items = read_items(path).items
    passages = [item_passages(item) for item in items]
    texts = sorted({text for one in passages for text in one.all}, key=len)
    known = dict(zip(texts, encoders.text.encode(texts), strict=True))
    none = np.zeros((0, encoders.text.dim), dtype=np.float32)
    text = [
        text_vector(
            known[one.name],
            known[one.facts] if one.facts else None,
            np.stack([known[sentence] for sentence in one.said]) if one.said else none,
        )
        for one in passages
    ]
    paths = [picture.path for item in items for picture in item.pictures]
    owner = np.repeat(np.arange(len(items)), [len(item.pictures) for item in items])
    features = features_of(paths, encoders.picture, cache)
    return Shop(tuple(items), np.stack(text), encoders.text.encode([item.title for item in items]), features, owner)


def found(scores_QN: Vectors, wanted_Q: Rows, k: int) -> tuple[float, float]:
    """The shares of queries whose wanted item came first, and among the first k; ties count against us."""
    own = scores_QN[np.arange(len(wanted_Q)), wanted_Q]
    ranks = (scores_QN >= own[:, None]).sum(axis=1) - 1
    return float((ranks == 0).mean()), float((ranks < k).mean())


def photos_to_products(shop: Shop, photos_QF: Vectors, of_Q: Rows, other: Shop, seeds: Sequence[int]) -> list[Row]:
    """Photographs of groceries against the 81 grocery items and all 481; second pictures against all first ones."""
    columns, _ = layout()["top"]
    methods: dict[str, Sequence[Callable[[int], Look]]] = {
        "last layer only": [lambda _: lambda features: unit(features[:, columns])],
        "all blocks, nothing learned": [lambda _: unit],
        "learned, 5 folds by product": [_learned(shop, photos_QF, of_Q, other, seed) for seed in seeds],
    }
    groceries = np.unique(of_Q)
    place = {row: at for at, row in enumerate(groceries)}
    among_groceries = np.array([place[row] for row in of_Q])
    rows: list[Row] = []
    for name, several in methods.items():
        figures: dict[str, list[tuple[float, float]]] = {}
        asked: dict[str, int] = {}
        for seed, look in zip(seeds, several, strict=False):
            scores = _by_fold(look, _folds(shop, seed)[of_Q], photos_QF, shop.means)
            tasks = {
                "photo -> product, of 81": (scores[:, groceries], among_groceries),
                "photo -> product, of 481": (scores, of_Q),
            }
            for task, one in (("second picture -> first, of 481", shop), ("second picture -> first, of 333", other)):
                later = np.setdiff1d(np.arange(len(one.owner)), one.firsts)
                fold_M = _folds(one, seed)[one.owner[later]]
                found_there = _by_fold(look, fold_M, one.features[later], one.features[one.firsts])
                tasks[task] = (found_there, one.owner[later])
            for task, (task_scores, wanted) in tasks.items():
                figures.setdefault(task, []).append(found(task_scores, wanted, 5))
                asked[task] = len(wanted)
        for task, shares in figures.items():
            first, among = np.mean(shares, axis=0)
            rows.append(Row(task, name, asked[task], float(first), float(among), 5))
            if len(shares) > 1:
                seen = ", ".join(f"{one:.3f} / {five:.3f}" for one, five in shares)
                print(f"{task}, {name}, seed by seed: {seen}", flush=True)
    return rows


def _folds(shop: Shop, seed: int) -> Rows:
    """fold_N of the items, each sort of them (by what their ids begin with) spread evenly over the folds."""
    random = np.random.default_rng(seed)
    sorts = np.array([item.id.partition(":")[0] if ":" in item.id else "" for item in shop.items])
    fold = np.zeros(len(shop.items), dtype=np.int64)
    for sort in np.unique(sorts):
        members = np.flatnonzero(sorts == sort)
        fold[members] = random.permutation(len(members)) % FOLDS
    return fold


def _by_fold(look: Callable[[int], Look], fold_Q: Rows, asked_QF: Vectors, shelf_NF: Vectors) -> Vectors:
    """scores_QN, each picture looked at by what did not see its fold."""
    scores = np.zeros((len(asked_QF), len(shelf_NF)), dtype=np.float32)
    for fold in range(FOLDS):
        apart, see = fold_Q == fold, look(fold)
        scores[apart] = see(asked_QF[apart]) @ see(shelf_NF).T
    return scores


def _learned(shop: Shop, photos_QF: Vectors, of_Q: Rows, other: Shop, seed: int) -> Callable[[int], Look]:
    """For each fold the projection that saw none of its items, of either shop."""
    trained: dict[int, Look] = {}
    for fold in range(FOLDS):
        apart = (_folds(shop, seed) == fold, _folds(other, seed) == fold)
        trained[fold] = train(training_pairs(shop, photos_QF, of_Q, other, apart), Settings(), seed)
    return trained.__getitem__


def training_pairs(
    shop: Shop, photos_QF: Vectors, of_Q: Rows, other: Shop, apart: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> Pairs:
    """Photographs and second pictures beside first ones, of both shops, without the items kept apart."""
    items: list[Vectors] = []
    others: list[Vectors] = []
    of: list[int] = []
    photographs: list[bool] = []
    for at, one in enumerate((shop, other)):
        firsts = set(one.firsts.tolist())
        place: dict[int, int] = {}
        for picture, row in enumerate(one.owner.tolist()):
            if apart[at][row]:
                continue
            if picture in firsts:
                place[row] = len(items)
                items.append(one.features[picture])
            else:
                others.append(one.features[picture])
                of.append(place[row])
                photographs.append(False)
        if at == 0:
            kept = [n for n, row in enumerate(of_Q.tolist()) if row in place]
            others.extend(photos_QF[n] for n in kept)
            of.extend(place[int(of_Q[n])] for n in kept)
            photographs.extend(True for _ in kept)
    return Pairs(np.stack(items), np.stack(others), np.array(of), np.array(photographs))


def words_to_pictures(shop: Shop, other: Shop, encoders: Encoders, seeds: Sequence[int]) -> list[Row]:
    """An item's words, and its title alone, against what the pictures of all items of the shop show.

    The pictures of a shop lie among words by chance, by the kinds of thing the network names (nothing learned), by
    what another shop taught (unseen catalogue), and by what the shop's own other folds teach. Groceries, whose
    pictures stand for a kind and not for a piece, are candidates but not asked for.

    What is asked taught nothing: the words of a fold are asked of places in which no item of that fold had a part, and
    no picture's place had a part of its own item. (A place made without its own item alone is not enough: its like
    would have learned from its words and stand nearer to them than itself.)
    """
    asked = np.array([row for row, item in enumerate(shop.items) if not item.id.startswith("grocery:")])
    kinds_CT = kind_words(encoders.text)
    named = _centred(kinds_seen(shop.means, kinds_CT))
    abroad = _centred(Taught.ridge(other.means, other.text)(shop.means))
    own = {(seed, fold): _taught_apart(shop, seed, fold) for seed in seeds for fold in range(FOLDS)}
    methods = {
        "kinds of thing (nothing learned)": dict.fromkeys(own, named),
        "taught by the other shop": dict.fromkeys(own, abroad),
        "taught by the other shop + kinds": dict.fromkeys(own, unit(abroad + named)),
        "taught by its own other folds": own,
        "own other folds + kinds, as shipped": {at: unit(one + KINDS_SHARE * named) for at, one in own.items()},
    }
    rows: list[Row] = []
    for task, queries in (("words -> picture", shop.text), ("title -> picture", shop.titles)):
        count = len(shop.items)
        rows.append(Row(f"{task}, of {count}", "chance", len(asked), 1 / count, 10 / count, 10))
        for name, places in methods.items():
            figures: list[tuple[float, float]] = []
            for seed in seeds:
                fold_N = _folds(shop, seed)
                scores = np.zeros((count, count), dtype=np.float32)
                for fold in range(FOLDS):
                    scores[fold_N == fold] = queries[fold_N == fold] @ places[seed, fold].T
                figures.append(found(scores[asked], asked, 10))
            first, among = np.mean(figures, axis=0)
            rows.append(Row(f"{task}, of {count}", name, len(asked), float(first), float(among), 10))
    return rows


def _centred(places_NT: Vectors) -> Vectors:
    return unit(unit(places_NT) - unit(places_NT).mean(axis=0))


def _taught_apart(shop: Shop, seed: int, asked: int) -> Vectors:
    """places_NT of items, none of which had a part in its own place, nor any item of the fold that is asked."""
    fold_N = _folds(shop, seed)
    places = np.zeros_like(shop.text)
    for fold in range(FOLDS):
        teachers = (fold_N != fold) & (fold_N != asked)
        apart = fold_N == fold
        places[apart] = Taught.ridge(shop.means[teachers], shop.text[teachers])(shop.means[apart])
    return _centred(places)


def run(seeds: Sequence[int] = (0, 1, 2), cache: Path | None = None) -> list[Row]:
    """All rows of the table. Features are kept in `cache` when one is given.

    Raises:
        CatalogueError: the development data are not beside the checkout.
    """
    encoders = Encoders(load_text_encoder(), load_image_encoder())
    with tempfile.TemporaryDirectory() as aside:
        kept = cache or Path(aside) / "features.safetensors"
        shop = load(_SHARED / "catalogue" / "catalogue.jsonl", encoders, kept)
        other = load(_ROOT / "assistant" / "demo" / "catalogue.jsonl", encoders, kept)
        names, paths = photographs(_SHARED)
        photos_QF = features_of(paths, encoders.picture, kept)
    place = {item.id: row for row, item in enumerate(shop.items)}
    of_Q = np.array([place[name] for name in names])
    rows = photos_to_products(shop, photos_QF, of_Q, other, seeds)
    rows += words_to_pictures(shop, other, encoders, seeds)
    rows += words_to_pictures(other, shop, encoders, seeds)
    return rows


def photographs(data: Path) -> tuple[list[str], list[Path]]:
    """The item ids and the files of the grocery photographs under `data`."""
    skus: dict[int, str] = {}
    for line in (data / "catalogue" / "catalogue.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["source"] == "grocery_store":
            skus[int(row["sku"])] = row["id"]
    folder = data / "grocery_photos"
    photos = [json.loads(line) for line in (folder / "photos.jsonl").read_text(encoding="utf-8").splitlines()]
    return [skus[photo["class_id"]] for photo in photos], [folder / photo["photo"] for photo in photos]


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| task | method | asked | top 1 | top k | k |", "|---|---|---:|---:|---:|---:|"]
    lines += [f"| {r.task} | {r.method} | {r.queries} | {r.first:.3f} | {r.among:.3f} | {r.k} |" for r in rows]
    return "\n".join(lines)


def main() -> None:
    """Print the table, and what a picture costs."""
    parser = argparse.ArgumentParser(prog="python -m bench.index_pictures", description=main.__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cache", type=Path, help="file that keeps features between runs")
    given = parser.parse_args()
    started = time.perf_counter()
    print(table(run(range(given.seeds), given.cache)))
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
