"""What a message asks of the desk: probabilities, the unknown, and the shipped weights."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.deltas import MANIFEST_FILE, WEIGHTS_FILE
from assistant.dialogue import service_intents as served
from assistant.dialogue.service_intents import MODEL_FOLDER, UNKNOWN, ServiceIntents, service_intent, tidy
from index.errors import WeightsError


class CountingTokenizer:
    """Gives each text its length as its only token."""

    def __call__(self, texts: Sequence[str], **_options: object) -> dict[str, torch.Tensor]:
        ids = torch.tensor([[len(text)] for text in texts])
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


class LogitsByLength(torch.nn.Module):
    """Logits of two intents and of none, looked up by the length of the text."""

    def forward(self, ids: torch.Tensor, _mask: torch.Tensor) -> torch.Tensor:
        chances = {1: (0.8, 0.1, 0.1), 2: (0.3, 0.25, 0.45), 3: (0.2, 0.45, 0.35)}
        return torch.log(torch.tensor([chances[int(one)] for one in ids[:, 0]]))


def _teller(**options: float) -> ServiceIntents:
    network = LogitsByLength()
    return ServiceIntents(network, CountingTokenizer(), ("a", "b"), ("A", "B"), **options)  # pyright: ignore[reportArgumentType]


def test_the_likeliest_intent_is_told_with_its_category_and_probability() -> None:
    told = _teller().tell(["x", "xxx"])
    assert [(one.intent, one.category) for one in told] == [("a", "A"), ("b", "B")]
    assert [one.probability for one in told] == pytest.approx([0.8, 0.45])


def test_what_is_likelier_not_for_the_desk_is_unknown() -> None:
    (told,) = _teller().tell(["xx"])
    assert (told.intent, told.category) == (UNKNOWN, UNKNOWN)
    assert told.probability == pytest.approx(0.7)


def test_what_is_less_probable_than_the_threshold_is_unknown() -> None:
    told = _teller(threshold=0.5).tell(["xxx", "x"])
    assert [one.intent for one in told] == [UNKNOWN, "a"]


def test_a_temperature_flattens_probabilities_and_keeps_their_order() -> None:
    (row,) = _teller(temperature=2.0).probabilities(["x"])
    roots = np.sqrt([0.8, 0.1, 0.1])
    np.testing.assert_allclose(row, roots / roots.sum(), rtol=1e-6)


def test_texts_are_answered_in_their_order_whatever_their_lengths() -> None:
    together = _teller().probabilities(["xxx", "x", "xx"], batch_size=2)
    np.testing.assert_allclose(together[:, 0], [0.2, 0.8, 0.3], rtol=1e-6)


def test_texts_are_tidied() -> None:
    assert tidy("  Where\u2019s  {{Order Number}}\n please? ") == "where's order number please?"


def test_long_texts_keep_their_beginning_and_end() -> None:
    words = [str(at) for at in range(100)]
    assert served.shortened(" ".join(words)).split() == words[:24] + words[-24:]
    assert served.shortened("a b c") == "a b c"


class TestShippedModel:
    @pytest.mark.parametrize(
        ("text", "intent", "category"),
        [
            ("I never want to see these boots, call the order off", "cancel_order", "ORDER"),
            ("could i have the receipt as a file", "get_invoice", "INVOICES"),
            ("WHERE IS MY PARCEL??", "track_order", "ORDER"),
            ("let me talk to a real person", "contact_human_agent", "CONTACT"),
        ],
    )
    def test_tells_what_is_asked(self, text: str, intent: str, category: str) -> None:
        told = service_intent(text)
        assert (told.intent, told.category) == (intent, category)
        assert 0.5 < told.probability <= 1.0

    @pytest.mark.parametrize("text", ["", "   ", "a warm red scarf under 40 euros", "what is the capital of Chile"])
    def test_does_not_claim_what_is_not_for_the_desk(self, text: str) -> None:
        assert service_intent(text).intent == UNKNOWN

    def test_tells_alike_in_a_batch_and_alone(self) -> None:
        texts = ["refund", "I moved last week and would like all my parcels to go to the new flat from now on, please"]
        together = served.shipped().probabilities(texts)
        for text, row in zip(texts, together, strict=True):
            np.testing.assert_allclose(served.shipped().probabilities([text])[0], row, atol=1e-4)
        np.testing.assert_allclose(together.sum(1), 1.0)

    def test_is_small_and_names_its_licence(self) -> None:
        manifest = json.loads((MODEL_FOLDER / MANIFEST_FILE).read_text(encoding="utf-8"))
        assert manifest["licence"] == "CDLA-Sharing-1.0"
        assert set(manifest["trained_on"].values()) == {"our own", "CDLA-Sharing-1.0"}
        assert len(manifest["intents"]) == 27
        assert sum(file.stat().st_size for file in MODEL_FOLDER.iterdir()) < 2_000_000

    def test_refuses_weights_its_manifest_does_not_name(self, tmp_path: Path) -> None:
        (tmp_path / MANIFEST_FILE).write_bytes((MODEL_FOLDER / MANIFEST_FILE).read_bytes())
        (tmp_path / WEIGHTS_FILE).write_bytes((MODEL_FOLDER / WEIGHTS_FILE).read_bytes() + b"\0")
        with pytest.raises(WeightsError, match="not what its manifest names"):
            served.load(tmp_path)

    def test_refuses_a_manifest_that_lacks_the_intents(self, tmp_path: Path) -> None:
        manifest = json.loads((MODEL_FOLDER / MANIFEST_FILE).read_text(encoding="utf-8"))
        del manifest["intents"]
        (tmp_path / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
        (tmp_path / WEIGHTS_FILE).write_bytes((MODEL_FOLDER / WEIGHTS_FILE).read_bytes())
        with pytest.raises(WeightsError, match="intents"):
            served.load(tmp_path)
