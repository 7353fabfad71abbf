"""Photographs and catalogues -> the projection that lays a photo beside its product: `python -m finetune.pictures`.

Legend: M pictures of items, Q other pictures of them (photographs, second views), F features, P dimensions, N items.
"""

import argparse
import hashlib
import json
import logging
import os
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.encoders import ImageEncoder, load_image_encoder
from index.feeds.jsonl import read_items
from index.near.directions import Vectors, unit
from index.sight.efficientnet import layout
from index.sight.pictures import read_picture
from index.sight.projection import Projection
from index.weights import PICTURE_MODEL, file_sha256

log = logging.getLogger(__name__)

Rows = NDArray[np.int64]

_NARROWEST = 1e-5
"""Variance of a direction, as a share of the widest one's, below which it is noise, which whitening would make loud."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the projection is trained.

    Attributes:
        dims: P; rank: of what is learned on top of the main directions of the features.
        whitening: power by which wide directions are made narrower: 0 leaves them, 1 makes all equally wide.
        temperature: of the softmax over all items; decay: penalty on the size of what is learned.
        noise: of what is added to each vector, as a share of its length.
    """

    dims: int = 512
    rank: int = 64
    whitening: float = 0.5
    epochs: int = 10
    batch: int = 64
    rate: float = 3e-3
    temperature: float = 0.05
    decay: float = 0.1
    noise: float = 0.3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures of items, and other pictures that ought to lie beside them.

    Attributes:
        items_NF: the mean features of each item's pictures.
        others_QF: photographs and second views; of_Q: the row of the item each shows.
        photographs_Q: which of the others are photographs, not a catalogue's own.
    """

    items_NF: Vectors
    others_QF: Vectors
    of_Q: Rows
    photographs_Q: NDArray[np.bool_]

    def of_items(self, wanted_N: NDArray[np.bool_]) -> "Pairs":
        """All items, with the other pictures of those wanted only."""
        kept = wanted_N[self.of_Q]
        return Pairs(self.items_NF, self.others_QF[kept], self.of_Q[kept], self.photographs_Q[kept])


@dataclass(frozen=True, slots=True)
class Trained:
    """`components` of shape PF and `offset` of shape P, as `index.sight.projection.Projection` has them."""

    components: Vectors
    offset: Vectors

    def __call__(self, features_MF: Vectors) -> Vectors:
        """places_MP, of unit length."""
        return unit(features_MF @ self.components.T - self.offset)


def train(pairs: Pairs, settings: Settings, seed: int) -> Trained:
    """The projection that best tells each item from all the others by a picture of it.

    The main directions of the features, half whitened, less the mean of the items and less what a photograph adds to
    any product, plus a map of low rank learned by InfoNCE with all items as negatives. The penalty on that map, not a
    moment chosen on held-out items, keeps it near the directions it began with: with items of several sorts there is
    no one moment that is best for all.

    Source: InfoNCE, https://arxiv.org/abs/1807.03748
    """
    basis, offset = _start(pairs, settings)
    items, others = pairs.items_NF @ basis.T - offset, pairs.others_QF @ basis.T - offset
    moved = _learned(items, others, pairs.of_Q, settings, seed)
    return Trained((moved @ basis).astype(np.float32), (moved @ offset).astype(np.float32))


def _start(pairs: Pairs, settings: Settings) -> tuple[Vectors, Vectors]:
    """The main directions, half whitened, and the offset, with the mean step from a product to its photograph out.

    The widest directions tell sorts of things apart, and drown what tells two things of one sort apart: so they count
    less. The step is taken from photographs where there are any: a second view of a catalogue is no photograph.
    """
    columns, share = layout()["scene"]
    scene = columns.stop - 1
    items, others = pairs.items_NF.copy(), pairs.others_QF.copy()
    how_much = (others[:, scene] - items[pairs.of_Q, scene]) / np.sqrt(share)
    items[:, columns] = 0
    others[:, columns] = 0
    steps = others - items[pairs.of_Q]
    scenic = how_much > 0.5
    scenic = scenic & pairs.photographs_Q if (scenic & pairs.photographs_Q).any() else scenic
    step = steps[scenic].mean(axis=0) if scenic.any() else np.zeros(items.shape[1], dtype=np.float32)
    centre = items.mean(axis=0)
    rows = np.vstack([items - centre, others - centre - how_much[:, None] * step])
    widths, directions = _main_directions(rows.astype(np.float64), settings.dims)
    scale = (widths / widths[0]) ** (-settings.whitening / 2)
    basis = (directions * scale[:, None]).astype(np.float32)
    basis[:, columns] = 0
    offset = basis @ centre
    basis[:, scene] = -(basis @ step) / np.sqrt(share)
    return basis, offset


def _main_directions(rows_RF: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Squared widths and directions of the rows, widest first, at most `count`; the smaller of two equal problems."""
    few = len(rows_RF) < rows_RF.shape[1]
    squares, vectors = np.linalg.eigh(rows_RF @ rows_RF.T if few else rows_RF.T @ rows_RF)
    squares, vectors = squares[::-1][:count], vectors[:, ::-1][:, :count]
    wide = squares > _NARROWEST * squares[0]
    squares, found = squares[wide], vectors[:, wide].T
    return squares, found @ rows_RF / np.sqrt(squares)[:, None] if few else found


def _learned(items_NP: Vectors, others_QP: Vectors, of_Q: Rows, settings: Settings, seed: int) -> Vectors:
    """The map_PP to apply."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    torch.manual_seed(seed)
    dims = items_NP.shape[1]
    items, others, wanted = torch.tensor(items_NP), torch.tensor(others_QP), torch.tensor(of_Q)
    down = torch.nn.Parameter(torch.zeros(dims, settings.rank))
    up = torch.nn.Parameter(torch.randn(settings.rank, dims) * 0.05)
    optimiser = torch.optim.Adam([down, up], lr=settings.rate)

    def noisy(x: torch.Tensor) -> torch.Tensor:
        return x + settings.noise * x.norm(dim=1, keepdim=True) * torch.randn_like(x) / dims**0.5

    for _ in range(settings.epochs):
        for rows in torch.randperm(len(others)).split(settings.batch):
            change = down @ up
            photo, shelf = noisy(others[rows]), noisy(items)
            likeness = normalize(photo + photo @ change, dim=1) @ normalize(shelf + shelf @ change, dim=1).T
            loss = cross_entropy(likeness / settings.temperature, wanted[rows]) + settings.decay * (change**2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return (torch.eye(dims) + down @ up).detach().numpy().T.astype(np.float32)


def held_out_top1(pairs: Pairs, settings: Settings, seed: int, share: float = 0.2) -> dict[str, float]:
    """Shares of photographs, and of second views, whose item came first of all, for items that were not trained on.

    A projection of its own is trained for this, without a `share` of the items. A sort of which nothing was held out
    is left out.
    """
    seen = np.unique(pairs.of_Q)
    held = np.zeros(len(pairs.items_NF), dtype=np.bool_)
    held[np.random.default_rng(seed).permutation(seen)[: round(share * len(seen))]] = True
    trained = train(pairs.of_items(~held), settings, seed)
    asked = pairs.of_items(held)
    cosines = trained(asked.others_QF) @ trained(pairs.items_NF).T
    own = cosines[np.arange(len(asked.of_Q)), asked.of_Q]
    first = (cosines >= own[:, None]).sum(axis=1) == 1
    sorts = {"photographs": asked.photographs_Q, "second views": ~asked.photographs_Q}
    return {name: round(float(first[sort].mean()), 4) for name, sort in sorts.items() if sort.any()}


@dataclass(frozen=True, slots=True)
class Material:
    """Picture files by item: `shelf` are the catalogues' own, `photos` the others; each path with its item's row."""

    items: tuple[str, ...]
    shelf: tuple[tuple[Path, int], ...]
    photos: tuple[tuple[Path, int], ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """How lists of photographs name items: by `photo_key` of theirs, which is `item_key` of the catalogue's row.

    `only` names a field and a value that the row must have, where several rows could be meant.
    """

    photo_key: str = "item"
    item_key: str = "id"
    only: tuple[str, str] | None = None

    def items(self, catalogue: Path) -> dict[str, str]:
        """The name of each item for a photograph -> its id. The catalogue is JSONL."""
        found: dict[str, str] = {}
        for line in catalogue.read_text(encoding="utf-8").splitlines():
            row = json.loads(line) if line.strip() else {}
            if self.item_key in row and (self.only is None or str(row.get(self.only[0])) == self.only[1]):
                found[str(row[self.item_key])] = str(row["id"])
        return found


def gather(catalogues: Sequence[Path], photo_lists: Sequence[Path], naming: Naming | None = None) -> Material:
    """The pictures of the catalogues, and of lists of photographs: JSONL rows with `photo` (a path) and an item.

    Raises:
        CatalogueError: a catalogue cannot be read.
        ValueError: a photograph is of an item that no catalogue has.
    """
    naming = naming or Naming()
    items: list[str] = []
    shelf: list[tuple[Path, int]] = []
    names: dict[str, str] = {}
    for catalogue in catalogues:
        for item in read_items(catalogue).items:
            shelf.extend((picture.path, len(items)) for picture in item.pictures)
            items.append(item.id)
        names |= naming.items(catalogue) if photo_lists else {}
    rows = {item_id: row for row, item_id in enumerate(items)}
    photos: list[tuple[Path, int]] = []
    for listing in photo_lists:
        for line in listing.read_text(encoding="utf-8").splitlines():
            photo = json.loads(line)
            row = rows.get(names.get(str(photo[naming.photo_key]), ""))
            if row is None:
                raise ValueError(
                    f"{listing.name} has a photograph of {photo[naming.photo_key]!r}, which no catalogue has"
                )
            photos.append((listing.parent / photo["photo"], row))
    return Material(tuple(items), tuple(shelf), tuple(photos))


def features_of(paths: Sequence[Path], encoder: ImageEncoder, cache: Path | None = None) -> Vectors:
    """features_MF of picture files; a cache file (safetensors by SHA-256 of the picture) spares doing them again."""
    known = load_file(cache) if cache is not None and cache.is_file() else {}
    keys = [f"{encoder.name}/{file_sha256(path)}" for path in paths]
    new = {key: path for key, path in zip(keys, paths, strict=True) if key not in known}
    for number, (key, path) in enumerate(new.items(), start=1):
        known[key] = encoder.encode([read_picture(path)])[0]
        if number % 100 == 0:
            log.info("looked at %d of %d pictures", number, len(new))
    if new and cache is not None:
        save_file(known, cache)
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, encoder.dim)


def pairs_of(material: Material, shelf_MF: Vectors, photos_QF: Vectors) -> Pairs:
    """Items by their first picture; every later picture and every photograph ought to lie beside it."""
    first: dict[int, int] = {}
    later: list[int] = []
    for at, (_, row) in enumerate(material.shelf):
        if row in first:
            later.append(at)
        else:
            first[row] = at
    place = {row: number for number, row in enumerate(first)}
    known = [at for at, (_, row) in enumerate(material.photos) if row in place]
    others = np.vstack([photos_QF[known], shelf_MF[later]])
    owners = [material.photos[at][1] for at in known] + [material.shelf[at][1] for at in later]
    of = np.array([place[row] for row in owners], dtype=np.int64)
    return Pairs(shelf_MF[list(first.values())], others, of, np.arange(len(of)) < len(known))


def main(argv: Sequence[str] | None = None) -> None:
    """Train on the pictures of catalogues and photographs of their items, and write the folder of the projection."""
    parser = argparse.ArgumentParser(prog="python -m finetune.pictures", description=main.__doc__)
    parser.add_argument("--catalogue", type=Path, action="append", required=True, help="JSONL; may be given again")
    parser.add_argument("--photos", type=Path, action="append", default=[], help="JSONL with `photo` and an item")
    parser.add_argument("--photo-key", default="item", help="field of a photograph's row that names its item")
    parser.add_argument("--item-key", default="id", help="field of a catalogue's row with that name")
    parser.add_argument("--only", help="FIELD=VALUE that a catalogue's row must have to be meant")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--licence", action="append", default=[], help="of the data, e.g. 'own' or 'MIT (name)'")
    parser.add_argument("--cache", type=Path, help="file that keeps features between runs")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO)
    encoder, settings = load_image_encoder(PICTURE_MODEL), Settings()
    only = tuple(given.only.split("=", 1)) if given.only else None
    material = gather(given.catalogue, given.photos, Naming(given.photo_key, given.item_key, only))
    shelf = features_of([path for path, _ in material.shelf], encoder, given.cache)
    photos = features_of([path for path, _ in material.photos], encoder, given.cache)
    pairs = pairs_of(material, shelf, photos)
    trained = train(pairs, settings, given.seed)
    data = hashlib.sha256("".join(file_sha256(path) for path, _ in material.shelf + material.photos).encode())
    facts = {
        "command": _command(given),
        "seed": given.seed,
        "settings": asdict(settings),
        "data_sha256": data.hexdigest(),
        "licences": sorted(set(given.licence)),
        "pictures": {"items": len(pairs.items_NF), "photographs": len(photos), "beside": len(pairs.of_Q)},
        "metrics": {"held_out_top1": held_out_top1(pairs, settings, given.seed)},
    }
    saved = Projection(trained.components, trained.offset, encoder.name, "").save(given.out, facts)
    print(f"{given.out}: {len(saved.offset)} dimensions, top 1 {facts['metrics']}")


def _command(given: argparse.Namespace) -> str:
    """What makes these weights again, run from the same folder: paths as seen from there, whatever was typed."""
    words = ["python", "-m", "finetune.pictures", "--seed", str(given.seed), "--out", os.path.relpath(given.out)]
    for name, paths in (("--catalogue", given.catalogue), ("--photos", given.photos)):
        words += [word for path in paths for word in (name, os.path.relpath(path))]
    if given.photos:
        words += ["--photo-key", given.photo_key, "--item-key", given.item_key]
    words += ["--only", given.only] if given.only else []
    return shlex.join([*words, *(word for licence in given.licence for word in ("--licence", licence))])


if __name__ == "__main__":
    main()
