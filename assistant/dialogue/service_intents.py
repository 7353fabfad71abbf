"""What a message asks of the service desk: one of 27 intents with a calibrated probability, or unknown.

MiniLM with a low-rank delta merged in and a linear head; loaded when first asked, some ten milliseconds a message.
"""

import re
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from assistant import deltas
from index.errors import WeightsError

MODEL_FOLDER = Path(__file__).parents[1] / "models" / "service_intents"
UNKNOWN = "unknown"
"""Intent and category of words that ask nothing of a desk, or nothing we know."""
NONE = "none"
"""The head's last class: words that are for the shop, not for the desk."""
WIDTH = 384
LENGTH = 12.0
"""Length to which sentence vectors are brought before the head, so that its logits can be far apart."""
MAX_TOKENS = 64

_SPACES = re.compile(r"\s+")


class ServiceIntent(NamedTuple):
    """An intent such as `cancel_order`, its category such as `ORDER`, and how probable it is, in [0, 1]."""

    intent: str
    category: str
    probability: float


class IntentNetwork(nn.Module):
    """Token ids -> logits_BC of B texts and C classes: mean state, scaled to `LENGTH`, through a linear head."""

    def __init__(self, backbone: nn.Module, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, classes)

    def forward(self, ids_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        return self.head(self.dropout(self.vectors(ids_BT, mask_BT)))

    def vectors(self, ids_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """vectors_BD of length `LENGTH`."""
        states_BTD = self.backbone(input_ids=ids_BT, attention_mask=mask_BT).last_hidden_state
        inside_BT1 = mask_BT.unsqueeze(-1).to(states_BTD.dtype)
        sums_BD = (states_BTD * inside_BT1).sum(1)
        return functional.normalize(sums_BD, dim=1) * LENGTH


class ServiceIntents:
    """Tells service intents. Safe to call from several threads.

    Args:
        intents: names of the classes, in the head's order; the last class, unnamed here, is `NONE`.
        categories: of each intent.
        temperature: the logits are divided by it, so that probabilities come true as often as they say.
        threshold: the probability below which the answer is `UNKNOWN`.
    """

    def __init__(
        self,
        network: IntentNetwork,
        tokenizer: Any,  # Any: untyped library
        intents: Sequence[str],
        categories: Sequence[str],
        *,
        temperature: float = 1.0,
        threshold: float = 0.0,
    ) -> None:
        self.intents, self.categories = tuple(intents), tuple(categories)
        self.threshold = threshold
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._temperature = temperature
        self._lock = threading.Lock()  # fast tokenizers may not be borrowed by two threads at once

    def probabilities(self, texts: Sequence[str], batch_size: int = 64) -> NDArray[np.float64]:
        """probabilities_NC in the order of the texts; a column for each of `intents`, then one for `NONE`."""
        found_NC = np.zeros((len(texts), len(self.intents) + 1))
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            with self._lock, torch.inference_mode():
                logits_BC = self._network(*tokens(self._tokenizer, [texts[at] for at in rows]))
            found_NC[rows] = torch.softmax(logits_BC.double() / self._temperature, dim=1).numpy()
        return found_NC

    def tell(self, texts: Sequence[str]) -> list[ServiceIntent]:
        """The likeliest intent of each text; `UNKNOWN` where that is `NONE` or less probable than the threshold.

        An unknown's probability is that of its not being the likeliest intent of the desk.
        """
        return self.decide(self.probabilities(texts))

    def decide(self, chances_NC: NDArray[np.float64]) -> list[ServiceIntent]:
        """What `tell` says of texts with these `probabilities`."""
        found: list[ServiceIntent] = []
        for row_C in chances_NC:
            best = int(row_C[:-1].argmax())
            chance = float(row_C[best])
            if chance < self.threshold or row_C[-1] > chance:
                found.append(ServiceIntent(UNKNOWN, UNKNOWN, 1.0 - chance))
            else:
                found.append(ServiceIntent(self.intents[best], self.categories[best], chance))
        return found


def service_intent(text: str) -> ServiceIntent:
    """Intent, category and probability of one message, by the shipped weights.

    Empty text is `UNKNOWN`.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    return shipped().tell([text])[0] if text.strip() else ServiceIntent(UNKNOWN, UNKNOWN, 1.0)


@cache
def shipped() -> ServiceIntents:
    """The shipped model, loaded once.

    Raises:
        WeightsError: as `load`.
    """
    return load(MODEL_FOLDER)


def load(folder: Path) -> ServiceIntents:
    """The model in `folder`, its delta merged into the encoder it was trained on.

    Raises:
        WeightsError: the manifest is missing or damaged, the weights are not those it names, or the encoder is another.
    """
    delta = deltas.read(folder)
    try:
        told = {str(intent): str(category) for intent, category in delta.manifest["intents"].items()}
        scale, temperature = float(delta.manifest["scale"]), float(delta.manifest["temperature"])
        threshold = float(delta.manifest["threshold"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{deltas.MANIFEST_FILE} of {folder.name} lacks {error}", hint="train it again") from error
    backbone, tokenizer = deltas.open_encoder(delta.encoder)
    network = IntentNetwork(backbone, len(told) + 1)
    deltas.merge(network, delta.tensors, scale)
    return ServiceIntents(
        network, tokenizer, list(told), list(told.values()), temperature=temperature, threshold=threshold
    )


def tokens(tokenizer: Any, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:  # Any: untyped library
    """ids_BT and mask_BT of the texts, tidied and padded; the middle of a long text is left out."""
    coded = tokenizer(
        [shortened(tidy(text)) for text in texts],
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
    )
    return coded["input_ids"], coded["attention_mask"]


def tidy(text: str) -> str:
    """Lower case, straight apostrophes, single blanks; the braces of a blank such as `{{Order Number}}` taken off."""
    bare = text.replace("{{", " ").replace("}}", " ").replace("\u2019", "'")
    return _SPACES.sub(" ", bare).strip().lower()


def shortened(text: str, words: int = 48) -> str:
    """Long messages ask at the beginning or at the end; what is told between them is left out."""
    parts = text.split(" ")
    return text if len(parts) <= words else " ".join([*parts[: words // 2], *parts[-words // 2 :]])
