"""Encoders: the promises of the protocols, kept by the embedded models, by CLIP and by the fakes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from index.encoders import ClipImageEncoder, ImageEncoder, SentenceTextEncoder, TextEncoder, unit
from index.testing import ColourImageEncoder, HashingTextEncoder


def _disc(colour: str) -> Image.Image:
    picture = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(picture).ellipse((8, 8, 56, 56), fill=colour)
    return picture


class TextEncoderContract:
    """Every TextEncoder keeps these promises; inherit and define `encoder`."""

    def test_vectors_are_unit_float32_in_order(self, encoder: TextEncoder) -> None:
        texts = ["a red jacket", "milk", "a very long and warm winter coat for children"]
        together = encoder.encode(texts)
        assert together.shape == (3, encoder.dim)
        assert together.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
        for text, vector in zip(texts, together, strict=True):
            np.testing.assert_allclose(encoder.encode([text])[0], vector, atol=1e-4)

    def test_no_texts_give_no_vectors(self, encoder: TextEncoder) -> None:
        assert len(encoder.encode([])) == 0

    def test_like_texts_are_nearer(self, encoder: TextEncoder) -> None:
        coat, jacket, milk = encoder.encode(["red rain coat", "red rain jacket", "fresh milk"])
        assert coat @ jacket > coat @ milk


class TestMiniLM(TextEncoderContract):
    @pytest.fixture
    def encoder(self, text_encoder: TextEncoder) -> TextEncoder:
        return text_encoder

    def test_its_name_carries_the_weights(self, encoder: TextEncoder) -> None:
        assert encoder.dim == 384
        assert encoder.name.rpartition("@")[2].isalnum()

    def test_meaning_counts_beyond_words(self, encoder: TextEncoder) -> None:
        query, couch, kettle = encoder.encode(["somewhere to sit in the living room", "couch", "kettle"])
        assert query @ couch > query @ kettle

    def test_many_lengths_at_once_are_what_sentence_transformers_makes(self, encoder: TextEncoder) -> None:
        """Padded and unpadded batches, an empty text, one past the model's limit, and order kept."""
        assert isinstance(encoder, SentenceTextEncoder)
        texts = [
            "tea",
            "",
            "  a mug ",
            "wool " * 400,
            *(f"thing number {n} of {'very ' * (n % 7)}many" for n in range(70)),
        ]
        theirs = encoder._model.encode(texts, normalize_embeddings=True)  # pyright: ignore[reportPrivateUsage]
        assert encoder._plain is not None  # pyright: ignore[reportPrivateUsage]
        np.testing.assert_allclose(encoder.encode(texts), theirs, atol=2e-6)


class TestHashingText(TextEncoderContract):
    @pytest.fixture
    def encoder(self) -> TextEncoder:
        return HashingTextEncoder()


class ImageEncoderContract:
    """Every ImageEncoder keeps these promises; inherit and define `encoder`."""

    def test_vectors_are_unit_float32_in_order(self, encoder: ImageEncoder) -> None:
        pictures = [_disc("red"), Image.new("RGB", (32, 96), "blue"), _disc("black")]
        together = encoder.encode(pictures)
        assert together.shape == (3, encoder.dim)
        assert together.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
        for picture, vector in zip(pictures, together, strict=True):
            np.testing.assert_allclose(encoder.encode([picture])[0], vector, atol=1e-4)

    def test_no_pictures_give_no_vectors(self, encoder: ImageEncoder) -> None:
        assert len(encoder.encode([])) == 0


class TestEfficientNet(ImageEncoderContract):
    @pytest.fixture
    def encoder(self, image_encoder: ImageEncoder) -> ImageEncoder:
        return image_encoder

    def test_like_pictures_are_nearer(self, encoder: ImageEncoder) -> None:
        red, dark_red, stripes = encoder.encode([_disc("red"), _disc("darkred"), _stripes()])
        assert red @ dark_red > red @ stripes


class TestColours(ImageEncoderContract):
    @pytest.fixture
    def encoder(self) -> ImageEncoder:
        return ColourImageEncoder()


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    _save_tiny_clip(folder)
    return folder


class TestClip(ImageEncoderContract):
    """A tiny CLIP with random weights, made on the spot: what a hub id would bring."""

    @pytest.fixture
    def encoder(self, tiny_clip: Path) -> ImageEncoder:
        return ClipImageEncoder(tiny_clip)

    def test_its_width_is_the_projection(self, encoder: ImageEncoder) -> None:
        assert encoder.dim == 16


def _stripes() -> Image.Image:
    picture = Image.new("RGB", (64, 64), "white")
    for x in range(0, 64, 8):
        ImageDraw.Draw(picture).rectangle((x, 0, x + 3, 63), fill="black")
    return picture


def _save_tiny_clip(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor, PreTrainedTokenizerFast

    torch.manual_seed(0)
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    words = {word: number for number, word in enumerate(["<pad>", "<unk>", "<s>", "</s>", "red", "disc"])}
    config = CLIPConfig(
        text_config={**small, "vocab_size": len(words), "bos_token_id": 2, "eos_token_id": 3, "pad_token_id": 0},
        vision_config={**small, "image_size": 32, "patch_size": 8},
        projection_dim=16,
    )
    CLIPModel(config).save_pretrained(folder)
    backend = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="<unk>", pad_token="<pad>", bos_token="<s>", eos_token="</s>"
    )
    processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(image_processor=processor, tokenizer=tokenizer).save_pretrained(folder)


def test_unit_leaves_zero_vectors_zero() -> None:
    np.testing.assert_allclose(unit(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0.0, 0.0]])
