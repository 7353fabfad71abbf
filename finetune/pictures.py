"""Photographs and catalogues -> the projection that lays a photo beside its product: `python -m finetune.pictures`.

Legend: M pictures of items, Q other pictures of them (photographs, second views), F features, P dimensions, N items.
"""

import argparse
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.directions import Vectors, unit
from index.efficientnet import layout
from index.encoders import ImageEncoder, load_image_encoder
from index.feeds.jsonl import read_items
from index.pictures import read_picture
from index.projection import Projection
from index.weights import PICTURE_MODEL, file_sha256

log = logging.getLogger(__name__)

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the projection is trained.

    Attributes:
        dims: P; rank: of what is learned on top of the main directions of the features.
        temperature: of the softmax over all items; decay: penalty on the size of what is learned.
        noise: of what is added to each vector, as a share of its length.
        patience: epochs without a better held-out rank after which training ends.
    """

    dims: int = 256
    rank: int = 64
    epochs: int = 40
    batch: int = 64
    rate: float = 1e-3
    temperature: float = 0.05
    decay: float = 0.1
    noise: float = 0.3
    patience: int = 8
    held_out: float = 0.1


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures of items, and other pictures that ought to lie beside them.

    Attributes:
        items_NF: the mean features of each item's pictures.
        others_QF: photographs and second views; of_Q: the row of the item each shows.
    """

    items_NF: Vectors
    others_QF: Vectors
    of_Q: Rows


@dataclass(frozen=True, slots=True)
class Trained:
    """`components` of shape PF and `offset` of shape P, as `index.projection.Projection` has them, and what they cost.

    `epochs` is the number kept; `held_out_top1` its share of held-out pictures whose item came first, NaN without any.
    """

    components: Vectors
    offset: Vectors
    epochs: int
    held_out_top1: float


def train(pairs: Pairs, settings: Settings, seed: int) -> Trained:
    """The projection that best tells each item from all the others by a picture of it.

    The main directions of the features, less the mean of the items and less what a photograph adds to any product,
    plus a map of low rank learned by InfoNCE with all items as negatives. It stops when held-out items get no better.

    Source: InfoNCE, https://arxiv.org/abs/1807.03748
    """
    random = np.random.default_rng(seed)
    seen = np.unique(pairs.of_Q)
    held = random.permutation(seen)[: int(settings.held_out * len(seen))]
    learning = ~np.isin(pairs.of_Q, held)
    basis, offset = _start(pairs, learning, settings.dims)
    items = pairs.items_NF @ basis.T - offset
    others = pairs.others_QF @ basis.T - offset
    moved, epochs, top1 = _learned(items, others, pairs.of_Q, learning, settings, seed)
    return Trained((moved @ basis).astype(np.float32), (moved @ offset).astype(np.float32), epochs, top1)


def _start(pairs: Pairs, learning: NDArray[np.bool_], dims: int) -> tuple[Vectors, Vectors]:
    """The main directions and the offset, with the mean step from a product to its photograph taken out."""
    columns, share = layout()["scene"]
    scene = columns.stop - 1
    items, others = pairs.items_NF.copy(), pairs.others_QF.copy()
    how_much = others[learning, scene] / np.sqrt(share) - items[pairs.of_Q[learning], scene] / np.sqrt(share)
    items[:, columns] = 0
    others[:, columns] = 0
    steps = others[learning] - items[pairs.of_Q[learning]]
    scenic = how_much > 0.5
    step = steps[scenic].mean(axis=0) if scenic.any() else np.zeros(items.shape[1], dtype=np.float32)
    centre = items.mean(axis=0)
    rows = np.vstack([items - centre, others[learning] - centre - how_much[:, None] * step])
    basis = np.linalg.svd(rows.astype(np.float64), full_matrices=False)[2][:dims].astype(np.float32)
    basis[:, columns] = 0
    offset = basis @ centre
    basis[:, scene] = -(basis @ step) / np.sqrt(share)
    return basis, offset


def _learned(
    items_NP: Vectors, others_QP: Vectors, of_Q: Rows, learning: NDArray[np.bool_], settings: Settings, seed: int
) -> tuple[Vectors, int, float]:
    """The map_PP to apply, the epochs it took, and its held-out share of first places."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    torch.manual_seed(seed)
    dims = items_NP.shape[1]
    items, others = torch.tensor(items_NP), torch.tensor(others_QP[learning])
    wanted = torch.tensor(of_Q[learning])
    down = torch.nn.Parameter(torch.zeros(dims, settings.rank))
    up = torch.nn.Parameter(torch.randn(settings.rank, dims) * 0.05)
    optimiser = torch.optim.Adam([down, up], lr=settings.rate)

    def noisy(x: torch.Tensor) -> torch.Tensor:
        return x + settings.noise * x.norm(dim=1, keepdim=True) * torch.randn_like(x) / dims**0.5

    def current() -> Vectors:
        return (torch.eye(dims) + down @ up).detach().numpy().T.astype(np.float32)

    best, kept, kept_at = -1.0, current(), 0
    for epoch in range(1, settings.epochs + 1):
        for rows in torch.randperm(len(others)).split(settings.batch):
            change = down @ up
            photo, shelf = noisy(others[rows]), noisy(items)
            likeness = normalize(photo + photo @ change, dim=1) @ normalize(shelf + shelf @ change, dim=1).T
            loss = cross_entropy(likeness / settings.temperature, wanted[rows]) + settings.decay * (change**2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        if learning.all():
            kept, kept_at = current(), epoch
            continue
        ranks = _ranks(items_NP @ current().T, others_QP[~learning] @ current().T, of_Q[~learning])
        score = float((1 / (1 + ranks)).mean())
        if score > best + 1e-4:
            best, kept, kept_at = score, current(), epoch
        elif epoch - kept_at >= settings.patience:
            break
    if learning.all():
        return kept, kept_at, float("nan")
    ranks = _ranks(items_NP @ kept.T, others_QP[~learning] @ kept.T, of_Q[~learning])
    return kept, kept_at, float((ranks == 0).mean())


def _ranks(items_NP: Vectors, others_QP: Vectors, of_Q: Rows) -> Rows:
    """How many items lie nearer to each picture than its own."""
    cosines = unit(others_QP) @ unit(items_NP).T
    return (cosines > cosines[np.arange(len(of_Q)), of_Q][:, None]).sum(axis=1)


@dataclass(frozen=True, slots=True)
class Material:
    """Picture files by item: `shelf` are the catalogues' own, `photos` the others; each path with its item's row."""

    items: tuple[str, ...]
    shelf: tuple[tuple[Path, int], ...]
    photos: tuple[tuple[Path, int], ...]


def gather(catalogues: Sequence[Path], photo_lists: Sequence[Path]) -> Material:
    """The pictures of the catalogues, and of lists of photographs: JSONL rows with `photo` (a path) and `item`.

    Raises:
        CatalogueError: a catalogue cannot be read.
        ValueError: a photograph is of an item that no catalogue has.
    """
    items: list[str] = []
    shelf: list[tuple[Path, int]] = []
    for catalogue in catalogues:
        for item in read_items(catalogue).items:
            shelf.extend((picture.path, len(items)) for picture in item.pictures)
            items.append(item.id)
    rows = {name: row for row, name in enumerate(items)}
    photos: list[tuple[Path, int]] = []
    for listing in photo_lists:
        for line in listing.read_text(encoding="utf-8").splitlines():
            photo = json.loads(line)
            if photo["item"] not in rows:
                raise ValueError(f"{listing.name} has a photograph of {photo['item']!r}, which no catalogue has")
            photos.append((listing.parent / photo["photo"], rows[photo["item"]]))
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
    return Pairs(shelf_MF[list(first.values())], others, of)


def main(argv: Sequence[str] | None = None) -> None:
    """Train on the pictures of catalogues and photographs of their items, and write the folder of the projection."""
    parser = argparse.ArgumentParser(prog="python -m finetune.pictures", description=main.__doc__)
    parser.add_argument("--catalogue", type=Path, action="append", required=True, help="JSONL; may be given again")
    parser.add_argument("--photos", type=Path, action="append", default=[], help="JSONL with `photo` and `item`")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--licence", action="append", default=[], help="of the data, e.g. 'own' or 'MIT (name)'")
    parser.add_argument("--cache", type=Path, help="file that keeps features between runs")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO)
    encoder, settings = load_image_encoder(PICTURE_MODEL), Settings()
    material = gather(given.catalogue, given.photos)
    shelf = features_of([path for path, _ in material.shelf], encoder, given.cache)
    photos = features_of([path for path, _ in material.photos], encoder, given.cache)
    pairs = pairs_of(material, shelf, photos)
    trained = train(pairs, settings, given.seed)
    data = hashlib.sha256("".join(file_sha256(path) for path, _ in material.shelf + material.photos).encode())
    command = ["python -m finetune.pictures", f"--seed {given.seed}"]
    command += [f"--catalogue {path.name}" for path in given.catalogue] + [f"--photos {p.name}" for p in given.photos]
    command += [f"--licence '{licence}'" for licence in given.licence]
    facts = {
        "command": " ".join(command),
        "seed": given.seed,
        "settings": asdict(settings),
        "data_sha256": data.hexdigest(),
        "licences": sorted(set(given.licence)),
        "pictures": {"items": len(pairs.items_NF), "beside": len(pairs.of_Q)},
        "metrics": {"held_out_top1": trained.held_out_top1, "epochs": trained.epochs},
    }
    projection = Projection(trained.components, trained.offset, encoder.name, "")
    saved = projection.save(given.out, facts)
    print(f"{given.out}: {len(saved.offset)} dimensions, {trained.epochs} epochs, top 1 {trained.held_out_top1:.3f}")


if __name__ == "__main__":
    main()
