"""The user model: a causal Transformer over the vectors of the items a shopper has sought.

An item is what its text (and picture) vector says through a learned adapter, plus, where wanted, a vector of its own.
The same item vectors are read as history and scored as candidates, so an item nobody has bought yet is ranked by its
words, and a model trained on one shop reads another.

Legend: N items, D numbers of a text vector, P of a picture vector, d of the model, B shoppers, L events, H heads,
R rows asked for.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import normalize, scaled_dot_product_attention

from assistant.recommend.known import Known
from assistant.recommend.whitening import whitened
from index.errors import WeightsError
from index.weights import file_sha256

FORMAT = 1
WEIGHTS_FILE = "model.safetensors"
ITEMS_FILE = "items.json"
KNOWN_FILE = "known.safetensors"
MANIFEST_FILE = "manifest.json"
_RETRAIN = "train it again with python -m finetune.user_model"


@dataclass(frozen=True, slots=True)
class UserModelShape:
    """What the weights look like.

    Attributes:
        text_dim, picture_dim: D and P; 0 for no such input. An item without a picture has zeros there.
        items: how many items have a vector of their own; 0 for none, which is what can move to another shop.
        dim, layers, heads: d, blocks of the Transformer, H.
        reach: how many of a shopper's latest events are read.
        whitened: whether vectors are whitened over their catalogue first.
        taste: whether the faded mean of the items sought is added to what the Transformer makes of them.
    """

    text_dim: int = 384
    picture_dim: int = 0
    items: int = 0
    dim: int = 128
    layers: int = 2
    heads: int = 2
    reach: int = 50
    whitened: bool = False
    taste: bool = False


class UserModel(nn.Module):
    """Histories -> states_Bd, whose inner product with an item's vector says how likely it comes next.

    Args:
        dropout: share of activations left out while training.
    """

    def __init__(self, shape: UserModelShape, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        d = shape.dim
        self.text = _Adapter(shape.text_dim, d) if shape.text_dim else None
        self.picture = _Adapter(shape.picture_dim, d) if shape.picture_dim else None
        self.own_Nd = nn.Parameter(torch.zeros(shape.items, d)) if shape.items else None
        self.enter = nn.LayerNorm(d)
        self.blocks = nn.ModuleList(_Block(d, shape.heads, dropout) for _ in range(shape.layers))
        self.leave = nn.LayerNorm(d)
        self.state = nn.Linear(d, d)
        self.distance_HL = nn.Parameter(torch.zeros(shape.heads, shape.reach))
        self.fading_L = nn.Parameter(-0.36 * torch.arange(shape.reach)) if shape.taste else None  # e^-0.36 = 0.7
        self.taste = nn.Parameter(torch.ones(())) if shape.taste else None
        self.log_scale = nn.Parameter(torch.tensor(2.7))  # e^2.7 = 15: cosines alone would make a flat softmax
        self.dropout = nn.Dropout(dropout)

    def items(self, text_ND: Tensor | None, picture_NP: Tensor | None = None, own_Nd: Tensor | None = None) -> Tensor:
        """items_Nd, not of unit length; `own_Nd` is what each item has of its own, zeros where nothing."""
        parts: list[Tensor] = []
        if self.text is not None and text_ND is not None:
            parts.append(self.text(text_ND))
        if self.picture is not None and picture_NP is not None:
            # An item without a picture adds nothing, not what the adapter makes of zeros.
            parts.append(self.picture(picture_NP) * picture_NP.abs().sum(1, keepdim=True).gt(0))
        if own_Nd is not None:
            parts.append(own_Nd)
        if not parts:
            raise ValueError("an item needs a text vector, a picture vector or a vector of its own")
        return torch.stack(parts).sum(0)

    def forward(self, history_BLd: Tensor) -> Tensor:
        """states_BLd after each event; each looks only back, so what pads a line at its end changes nothing before."""
        x = self.dropout(self.enter(history_BLd))
        bias = _by_distance(self.distance_HL, history_BLd.shape[1])
        for block in self.blocks:
            x = block(x, bias)
        states_BLd = self.state(self.leave(x))
        if self.fading_L is not None and self.taste is not None:
            shares_LL = _by_distance(self.fading_L[None], history_BLd.shape[1])[0].softmax(-1)
            states_BLd = normalize(states_BLd, dim=-1) + self.taste * (shares_LL @ history_BLd)
        return normalize(states_BLd, dim=-1) * self.log_scale.exp()


def _by_distance(heeded_HL: Tensor, length: int) -> Tensor:
    """bias_HLL: what is given for an event so many steps back; minus infinity ahead."""
    steps = torch.arange(length)
    back_LL = steps[:, None] - steps[None, :]
    return heeded_HL[:, back_LL.clamp(min=0)].masked_fill(back_LL < 0, float("-inf"))


class _Adapter(nn.Module):
    """Frozen vectors -> the model's space: a straight path, and a bent one beside it."""

    def __init__(self, given: int, d: int) -> None:
        super().__init__()
        self.straight = nn.Linear(given, d)
        self.bend = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.Linear(d, d))

    def forward(self, vectors_ND: Tensor) -> Tensor:
        x = self.straight(vectors_ND)
        return x + self.bend(x)


class _Block(nn.Module):
    """Attention over the past, then a feed-forward net, each beside a straight path."""

    def __init__(self, d: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(d)
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.between = nn.LayerNorm(d)
        self.feed = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias_HLL: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.qkv(self.before(x)).chunk(3, dim=-1)
        )
        mixed = scaled_dot_product_attention(q, k, v, attn_mask=bias_HLL.to(q.dtype))
        x = x + self.dropout(self.out(mixed.transpose(1, 2).flatten(2)))
        return x + self.dropout(self.feed(self.between(x)))


def save(model: UserModel, folder: Path, facts: dict[str, Any], known: Known | None = None) -> None:
    """Write weights and, last, the manifest: shape, hashes, and `facts` about how they were made.

    Args:
        known: what the model has seen; for one with items' own vectors these items, in order. Without it such a model
            cannot serve a catalogue, and one of words alone trusts what it learned anywhere.

    Raises:
        ValueError: there are more or fewer of them than own vectors.
    """
    if known is not None and model.shape.items not in (0, len(known.items)):
        raise ValueError(f"{len(known.items)} item ids for {model.shape.items} vectors of items' own")
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, folder / WEIGHTS_FILE)
    names = [WEIGHTS_FILE]
    if known is not None:
        (folder / ITEMS_FILE).write_text(json.dumps(list(known.items)), encoding="utf-8")
        arrays = {"events_K": known.events_K, "centre_M": known.centre_M, "marks_KM": known.marks_KM}
        save_file(
            {name: torch.from_numpy(np.ascontiguousarray(each)) for name, each in arrays.items()}, folder / KNOWN_FILE
        )
        names += [ITEMS_FILE, KNOWN_FILE]
    files = {name: file_sha256(folder / name) for name in names}
    manifest = {"format": FORMAT, "shape": asdict(model.shape), "files": files, **facts}
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[UserModel, dict[str, Any]]:
    """The model in `folder`, ready to serve, and its manifest.

    Raises:
        WeightsError: something is missing, damaged, or of another format.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise WeightsError(f"user model of format {manifest['format']}, expected {FORMAT}", hint=_RETRAIN)
        for name, sha256 in manifest["files"].items():
            if file_sha256(folder / name) != sha256:
                raise WeightsError(f"{name} is not what {MANIFEST_FILE} says", hint=_RETRAIN)
        model = UserModel(UserModelShape(**manifest["shape"]))
        model.load_state_dict(load_file(folder / WEIGHTS_FILE))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"no user model can be read from {folder}", hint=_RETRAIN) from error
    return model.eval(), manifest


def known_of(folder: Path, manifest: dict[str, Any]) -> Known | None:
    """What the model in `folder` has seen; None where it was saved without.

    Raises:
        WeightsError: that cannot be read.
    """
    if KNOWN_FILE not in manifest["files"]:
        return None
    try:
        items: list[str] = json.loads((folder / ITEMS_FILE).read_text(encoding="utf-8"))
        arrays = {name: tensor.numpy() for name, tensor in load_file(folder / KNOWN_FILE).items()}
        return Known(tuple(items), arrays["events_K"], arrays["centre_M"], arrays["marks_KM"])
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise WeightsError(f"what the model in {folder} has seen cannot be read", hint=_RETRAIN) from error


Vectors = NDArray[np.float32]


def prepared(shape: UserModelShape, vectors_ND: Vectors) -> Vectors:
    """A catalogue's vectors as the model's adapters read them."""
    return whitened(vectors_ND) if shape.whitened else vectors_ND


@torch.inference_mode()
def item_vectors(
    model: UserModel,
    text_ND: Vectors | None,
    picture_NP: Vectors | None = None,
    own_N: NDArray[np.int64] | None = None,
) -> Vectors:
    """items_Nd of a whole catalogue, of unit length: what histories are read with and candidates scored with.

    Args:
        own_N: which of the model's own vectors is each item's, -1 for none; without it, items are those of the
            training in that order.

    Raises:
        ValueError: columns or rows are not what the model was made for.
    """
    shape = model.shape
    tensors: dict[str, Tensor | None] = {}
    for name, given, dim in (("text", text_ND, shape.text_dim), ("picture", picture_NP, shape.picture_dim)):
        if given is not None and dim and given.shape[1] != dim:
            raise ValueError(f"{name} vectors have {given.shape[1]} columns, the user model reads {dim}")
        if given is not None and shape.items and own_N is None and len(given) != shape.items:
            raise ValueError(f"{len(given)} items, the user model was trained on {shape.items}")
        tensors[name] = None if given is None else torch.from_numpy(prepared(shape, given))
    own_Nd = model.own_Nd
    if own_Nd is not None and own_N is not None:
        own_Nd = own_Nd[torch.from_numpy(own_N)] * torch.from_numpy(own_N >= 0)[:, None]
    return normalize(model.eval().items(tensors["text"], tensors["picture"], own_Nd), dim=-1).numpy()


@torch.inference_mode()
def encode(model: UserModel, items_Nd: Vectors, histories: Sequence[NDArray[np.int64]], *, batch: int = 512) -> Vectors:
    """states_Bd: one for each history of rows, oldest first; zeros for an empty one.

    Histories of one length are read together, so nothing is padded; equal histories get equal states.
    """
    states_Bd = np.zeros((len(histories), items_Nd.shape[1]), dtype=np.float32)
    kept = [history[-model.shape.reach :] for history in histories]
    by_length: dict[int, list[int]] = {}
    for number, history in enumerate(kept):
        by_length.setdefault(len(history), []).append(number)
    by_length.pop(0, None)
    for numbers in by_length.values():
        for start in range(0, len(numbers), batch):
            chunk = numbers[start : start + batch]
            rows_BL = np.stack([kept[number] for number in chunk])
            states_Bd[chunk] = model(torch.from_numpy(items_Nd[rows_BL]))[:, -1].numpy()
    return states_Bd
