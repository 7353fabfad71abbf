"""The embedded picture encoder: what EfficientNet-Lite0 sees at several depths, and the colours it hardly minds.

A descriptor is a row of blocks, each of unit length times the root of its share, so that the dot product of two
descriptors is the weighted mean of the cosines of their blocks.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from index import weights
from index.near.directions import Vectors, unit

_NAMES = Path(__file__).parents[1] / "models" / "pictures" / "names.tsv"
BLOCKS_MARK = "-blocks"
"""In the name of an encoder whose vectors are laid out as `layout` says."""

_SIDE = 224
_THUMB = 64
_WHITE = 235
_SATURATIONS, _VALUES, _HUES = 4, 3, 12
_STAGES = {15: "deep", 14: "middle", 10: "low", 6: "edges"}
"""Number of the network's block -> the block of the descriptor that its pooled output becomes."""


@lru_cache(maxsize=1)
def kinds() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The classes of the network that a shop could sell: number, and the words a shop would use."""
    lines = _NAMES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple((int(number), tuple(words.split(", "))) for number, words in rows)


@lru_cache(maxsize=1)
def layout() -> dict[str, tuple[slice, float]]:
    """Block -> its columns in a descriptor and its share of it; the shares sum to 1.

    `top` is the pooled last layer, `deep`, `middle`, `low` and `edges` are pooled earlier ones, `colours` a histogram
    of hue, saturation and value, `kinds` the roots of the probabilities of `kinds()` and of all others together, and
    `scene` the roots of how much of the picture's border is white and how much is not.
    """
    widths = {
        "top": (1280, 0.6),
        "deep": (320, 1.0),
        "middle": (192, 0.3),
        "low": (112, 0.2),
        "edges": (80, 0.2),
        "colours": (_HUES * _SATURATIONS * _VALUES, 0.3),
        "kinds": (len(kinds()) + 1, 0.2),
        "scene": (2, 0.05),
    }
    total, start = sum(share for _, share in widths.values()), 0
    found: dict[str, tuple[slice, float]] = {}
    for block, (width, share) in widths.items():
        found[block] = (slice(start, start + width), share / total)
        start += width
    return found


class EfficientNetEncoder:
    """EfficientNet-Lite0 seen twice: whole and closer for a picture on white, closer and closest for a scene.

    The network has seen ImageNet: shapes, textures and a thousand kinds of thing, but no words.

    Pictures are shared out among threads that each use one core: on cores that have other work too, two threads of
    one convolution wait for each other, and cost more than twice as much as one.

    Cost: two passes of the network a picture, about 80 ms on one CPU core.
    """

    def __init__(self, folder: Path, *, batch_size: int = 8) -> None:
        import torch
        from efficientnet_lite_pytorch import EfficientNet
        from safetensors.torch import load_file

        model: Any = EfficientNet.from_name("efficientnet-lite0")
        model.load_state_dict(load_file(folder / "model.safetensors"))
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().to(self._device).to(memory_format=torch.channels_last)
        self._kinds = torch.tensor([number for number, _ in kinds()], device=self._device)
        self._batch_size = batch_size
        self._threads: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self.dim = max(columns.stop for columns, _ in layout().values())
        made_of = f"{weights.fingerprint(folder)}-{weights.file_sha256(_NAMES)[:6]}"
        self.name = f"{weights.PICTURE_MODEL}@{made_of}{BLOCKS_MARK}"

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        """vectors_ND, of unit length, in the order of the pictures, which are RGB."""
        batches = [images[start : start + self._batch_size] for start in range(0, len(images), self._batch_size)]
        found = [np.zeros((0, self.dim), dtype=np.float32), *self._pool().map(self._encoded, batches)]
        return unit(np.concatenate(found))

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                count, before = min(os.cpu_count() or 1, 8), self._torch.get_num_threads()
                barrier = threading.Barrier(count + 1)

                def alone() -> None:
                    self._torch.set_num_threads(1)
                    barrier.wait()

                self._threads = ThreadPoolExecutor(count, "picture encoder")
                for _ in range(count):  # each waits for the others, so that each has a thread of its own
                    self._threads.submit(alone)
                barrier.wait()
                # That was also noted as what threads to come shall use, the chat model's among them.
                self._torch.set_num_threads(before)
            return self._threads

    def _encoded(self, batch: Sequence[Image.Image]) -> Vectors:
        found = np.zeros((len(batch), self.dim), dtype=np.float32)
        scenes = np.array([_scene(image) for image in batch], dtype=np.float32)
        pixels = [view for image, scene in zip(batch, scenes, strict=True) for view in _views(image, scene)]
        blocks = self._seen(np.stack(pixels))
        blocks["colours"] = np.stack([_colours(image, scene) for image, scene in zip(batch, scenes, strict=True)])
        blocks["scene"] = np.sqrt(np.stack([1 - scenes, scenes], axis=1))
        for block, (columns, share) in layout().items():
            found[:, columns] = np.sqrt(share) * unit(blocks[block])
        return found

    def _seen(self, pixels_VHW3: NDArray[np.float32]) -> dict[str, Vectors]:
        """The blocks that the network makes; V views, two a picture, of which the mean is taken."""
        torch, model = self._torch, self._model
        blocks: dict[str, Any] = {}
        with torch.inference_mode():
            x = torch.from_numpy(pixels_VHW3).permute(0, 3, 1, 2).to(self._device)
            x = model._swish(model._bn0(model._conv_stem(x.contiguous(memory_format=torch.channels_last))))
            for number, block in enumerate(model._blocks):
                x = block(x)
                if number in _STAGES:
                    blocks[_STAGES[number]] = x.mean((2, 3))
            top = model._swish(model._bn1(model._conv_head(x))).mean((2, 3))
            likely = torch.softmax(model._fc(top), dim=1)[:, self._kinds]
            likely = likely.reshape(-1, 2, likely.shape[1]).mean(1)
            blocks["top"] = top
            means = {name: _mean_of_views(found.float().cpu().numpy()) for name, found in blocks.items()}
            others = (1 - likely.sum(1, keepdim=True)).clamp_min(0)
            means["kinds"] = torch.cat([likely, others], dim=1).sqrt().float().cpu().numpy()
        return means


def _mean_of_views(features_VC: Vectors) -> Vectors:
    return unit(features_VC).reshape(-1, 2, features_VC.shape[1]).mean(axis=1)


def _scene(image: Image.Image) -> float:
    """How much of the picture's border is not white, in [0, 1]: 0 for a product on white, 1 for a place."""
    small = np.asarray(image.resize((_THUMB, _THUMB), Image.Resampling.BOX)).min(axis=2)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    return float((border < _WHITE).mean())


def _views(image: Image.Image, scene: float) -> list[NDArray[np.float32]]:
    closer = _centre(image, 0.8)
    other = _centre(image, 0.6) if scene > 0.5 else _on_square(image)
    return [_pixels(closer), _pixels(other)]


def _on_square(image: Image.Image) -> Image.Image:
    """The picture on a white square, so that nothing is cut off and nothing is stretched."""
    side = max(image.size)
    square = Image.new("RGB", (side, side), "white")
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def _centre(image: Image.Image, share: float) -> Image.Image:
    side = max(1, int(min(image.size) * share))
    left, upper = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, upper, left + side, upper + side))


def _pixels(image: Image.Image) -> NDArray[np.float32]:
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    return (np.asarray(small, dtype=np.float32) - 127.0) / 128.0


def _colours(image: Image.Image, scene: float) -> Vectors:
    """Roots of the smoothed shares of hues, saturations and values; white counts little, the rim of a scene not."""
    rim = 10 if scene > 0.5 else 2
    rgb = np.asarray(image.resize((_THUMB, _THUMB)), dtype=np.float32)[rim:-rim, rim:-rim].reshape(-1, 3) / 255
    red, green, blue = rgb.T
    brightest, darkest = rgb.max(axis=1), rgb.min(axis=1)
    hue = np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue) / (2 * np.pi) % 1
    saturation = (brightest - darkest) / (brightest + 1e-3)
    bins = (_HUES, _SATURATIONS, _VALUES)
    at = [np.minimum((part * n).astype(int), n - 1) for part, n in zip((hue, saturation, brightest), bins, strict=True)]
    cells = np.ravel_multi_index(at, bins)
    counts = np.bincount(cells, weights=np.where(darkest > 0.93, 0.02, 1.0), minlength=int(np.prod(bins)))
    table = counts.reshape(bins)
    # A neighbouring hue, a shade more of colour or of light is nearly the same colour.
    table = table + 0.5 * (np.roll(table, 1, axis=0) + np.roll(table, -1, axis=0))
    table[:, 1:] += 0.3 * table[:, :-1]
    table[:, :, 1:] += 0.3 * table[:, :, :-1]
    return np.sqrt(table / table.sum()).ravel().astype(np.float32)
