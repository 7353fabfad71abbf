"""Conversion: once, atomic, checked, safe to race."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from assistant.llm import gguf
from index.errors import WeightsError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(range(200)))
    return path


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Conversion replaced by copying, since making a real GGUF takes a model; the folders it wrote to."""
    done: list[Path] = []

    def copy(path: Path, out: Path) -> None:
        shutil.copy(path, out / "model.safetensors")
        (out / "config.json").write_text("{}")
        done.append(out)

    monkeypatch.setattr(gguf, "_convert", copy)
    return done


def test_converts_once_and_says_what_from(source: Path, tmp_path: Path, conversions: list[Path]) -> None:
    folder = gguf.converted(source, cache=tmp_path / "cache")
    assert gguf.converted(source, cache=tmp_path / "cache") == folder
    assert len(conversions) == 1
    assert (folder / "model.safetensors").read_bytes() == source.read_bytes()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert sorted(manifest["files"]) == ["config.json", "model.safetensors"]
    assert folder.name == f"gguf-{manifest['source_sha256'][:12]}"
    assert list((tmp_path / "cache").iterdir()) == [folder]


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "manifest.json"])
def test_a_damaged_copy_is_made_anew(source: Path, tmp_path: Path, conversions: list[Path], name: str) -> None:
    folder = gguf.converted(source, cache=tmp_path / "cache")
    (folder / name).write_bytes(b"bit rot")
    assert gguf.converted(source, cache=tmp_path / "cache") == folder
    assert len(conversions) == 2
    assert gguf.is_intact(folder)
    assert list((tmp_path / "cache").iterdir()) == [folder]


@pytest.mark.usefixtures("conversions")
def test_a_missing_file_is_noticed(source: Path, tmp_path: Path) -> None:
    folder = gguf.converted(source, cache=tmp_path / "cache")
    (folder / "config.json").unlink()
    assert not gguf.is_intact(folder)


def test_racing_conversions_agree(
    source: Path, tmp_path: Path, conversions: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(3)
    copy = gguf._convert  # pyright: ignore[reportPrivateUsage]  the fixture's, made to wait for the others

    def slow(path: Path, out: Path) -> None:
        together.wait(10)
        copy(path, out)

    monkeypatch.setattr(gguf, "_convert", slow)
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(gguf.converted(source, cache=tmp_path / "cache")))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(conversions) == 3
    assert len(set(found)) == 1
    assert len(found) == 3
    assert gguf.is_intact(found[0])
    assert list((tmp_path / "cache").iterdir()) == [found[0]]


def test_a_conversion_that_fails_leaves_nothing(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, out: Path) -> None:
        (out / "model.safetensors").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gguf, "_convert", full)
    with pytest.raises(WeightsError, match="No space left on device"):
        gguf.converted(source, cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_file_that_is_no_model_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read as a GGUF model"):
        gguf.converted(source, cache=tmp_path / "cache")


def test_an_unwritable_cache_says_what_to_do(source: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    with pytest.raises(WeightsError, match="cannot write") as caught:
        gguf.converted(source, cache=tmp_path / "cache")
    assert "WHYBUY_CACHE_DIR" in caught.value.hint
