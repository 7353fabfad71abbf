"""How a message stands to each thing it names: wanted, refused, preferred, a limit, searched for, or only told.

MiniLM with a low-rank delta merged in, and two heads over the states of a name's own tokens in their context. It
answers from closed lists about names it is given; it writes nothing, and the same message gets the same answer.
"""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, get_args

import torch
from torch import nn

from assistant import deltas
from assistant.dialogue.reading_lines import Sign
from assistant.spans import WIDTH, Batch, Marked, Span, collate, pooled
from index.errors import WeightsError

MODEL_FOLDER = Path(__file__).parents[1] / "models" / "stances"
HIDDEN = 256
MAX_TOKENS = 192

Manner = Literal["told", "words"] | Sign
"""A sign as readings have it; `words`: searched for; `told`: spoken of and not asked for."""
MANNERS: tuple[Manner, ...] = ("told", "words", *get_args(Sign))
FIELDS = ("", "price", "rating", "brand", "color", "size", "material", "attribute")
"""What is spoken of: a field that every shop has, any other (`attribute`), or none."""


class Stance(NamedTuple):
    """How a message stands to a thing it names, of which sort of field, and how probable that is, in [0, 1]."""

    manner: Manner
    field: str
    probability: float


class StanceTeller(Protocol):
    """Tells stances. Safe to call from several threads."""

    def tell(self, message: str, names: Sequence[Span]) -> list[Stance]:
        """The stance of the message to each of the names it has at these characters."""
        ...


class StanceNetwork(nn.Module):
    """Token states -> logits. Shapes: S names in all, M manners, F fields."""

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        self.inner = nn.Sequential(nn.Dropout(0.1), nn.Linear(2 * WIDTH, HIDDEN), nn.GELU())
        self.manner = nn.Linear(HIDDEN, len(MANNERS))
        self.field = nn.Linear(HIDDEN, len(FIELDS))

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """manner_logits_SM and field_logits_SF, in the order of the texts and of the names in each."""
        names_SD, texts_BD = pooled(self.backbone, batch)
        inner_SH = self.inner(torch.cat([names_SD, texts_BD[batch.owners_S]], dim=1))
        return self.manner(inner_SH), self.field(inner_SH)


class Stances:
    """Keeps the `StanceTeller` protocol with the trained network; some ten milliseconds a message.

    Args:
        temperature: the logits are divided by it, so that probabilities come true as often as they say.
    """

    def __init__(self, network: StanceNetwork, tokenizer: Any, *, temperature: float = 1.0) -> None:
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._temperature = temperature
        self._lock = threading.Lock()  # fast tokenizers may not be borrowed by two threads at once

    def tell(self, message: str, names: Sequence[Span]) -> list[Stance]:
        if not names:
            return []
        return self.tell_all([Marked(message, tuple(names))])[0]

    def tell_all(self, messages: Sequence[Marked]) -> list[list[Stance]]:
        """The stances of several messages, read at once; what lies beyond `MAX_TOKENS` gets probability 0."""
        with self._lock, torch.inference_mode():
            batch = collate(self._tokenizer, messages, MAX_TOKENS)
            manners_SM, fields_SF = self._network(batch)
        chances_S, best_S = torch.softmax(manners_SM.float() / self._temperature, dim=1).max(dim=1)
        cut_S = batch.spans_ST.sum(1) == batch.mask_BT[batch.owners_S].sum(1)
        told = [
            Stance(MANNERS[manner], FIELDS[field], 0.0 if cut else chance)
            for manner, field, chance, cut in zip(
                best_S.tolist(), fields_SF.argmax(1).tolist(), chances_S.tolist(), cut_S.tolist(), strict=True
            )
        ]
        found: list[list[Stance]] = [[] for _ in messages]
        for row, stance in zip(batch.owners_S.tolist(), told, strict=True):
            found[row].append(stance)
        return found


@cache
def shipped() -> Stances:
    """The shipped model, loaded once.

    Raises:
        WeightsError: as `load`.
    """
    return load(MODEL_FOLDER)


def load(folder: Path) -> Stances:
    """The model in `folder`, its delta merged into the encoder it was trained on.

    Raises:
        WeightsError: the manifest is missing or damaged, the weights are not those it names, or the encoder is another.
    """
    delta = deltas.read(folder)
    try:
        scale, temperature = float(delta.manifest["scale"]), float(delta.manifest["temperature"])
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{deltas.MANIFEST_FILE} of {folder.name} lacks {error}", hint="train it again") from error
    backbone, tokenizer = deltas.open_encoder(delta.encoder)
    network = StanceNetwork(backbone)
    deltas.merge(network, delta.tensors, scale)
    return Stances(network, tokenizer, temperature=temperature)
