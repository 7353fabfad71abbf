"""A projection on disk: what is loaded is what was trained, and anything else is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders, ImageEncoder
from index.errors import SnapshotError, WeightsError
from index.sight.projection import SHIPPED, Projection, projection_for, projection_name
from index.testing import ColourImageEncoder, HashingTextEncoder

SMALL = Projection(np.eye(2, 3, dtype=np.float32), np.array([0.5, 0.0], dtype=np.float32), "grid-colours", "")


def test_a_saved_projection_comes_back_with_its_hash(tmp_path: Path) -> None:
    saved = SMALL.save(tmp_path, {"licences": ["own"], "seed": 3})
    again = Projection.load(tmp_path)
    np.testing.assert_array_equal(again.components, SMALL.components)
    np.testing.assert_array_equal(again.offset, SMALL.offset)
    assert again.picture_encoder == "grid-colours"
    assert again.digest == saved.digest
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["licences"], manifest["seed"], manifest["features"]) == (["own"], 3, 3)


def test_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    SMALL.save(tmp_path, {})
    file = tmp_path / "projection.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(WeightsError, match="differs from its manifest"):
        Projection.load(tmp_path)


def test_another_width_than_the_manifest_says_is_refused(tmp_path: Path) -> None:
    SMALL.save(tmp_path, {})
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"features": 4}), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"has shape \(2, 3\)"):
        Projection.load(tmp_path)


def test_a_missing_or_damaged_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no projection of pictures"):
        Projection.load(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    (tmp_path / "projection.safetensors").write_bytes(b"")
    with pytest.raises(WeightsError, match="no projection of pictures"):
        Projection.load(tmp_path)


def test_the_shipped_projection_serves_the_embedded_encoder_and_no_other(image_encoder: ImageEncoder) -> None:
    shipped = projection_for(image_encoder.name)
    assert shipped is not None
    assert shipped.components.shape == (len(shipped.offset), image_encoder.dim)
    assert projection_name(image_encoder.name) == shipped.digest
    assert projection_for("grid-colours") is None
    assert projection_name("grid-colours") is None


def test_the_shipped_projection_is_small_and_names_its_data_and_licences() -> None:
    manifest = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 4_000_000
    assert {"command", "seed", "data_sha256", "licences", "metrics"} <= manifest.keys()
    allowed = ("own", "MIT", "MIT-0", "AFL-3.0", "CC0", "CC BY", "CDLA")
    assert manifest["licences"]
    assert all(licence.startswith(allowed) for licence in manifest["licences"])


def test_a_snapshot_made_with_another_projection_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"id": "a", "title": "Red coat"}\n', encoding="utf-8")
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(feed, tmp_path / "index", Encoders(text, picture))
    assert Catalogue.open(tmp_path / "index", text, picture).looks_like(["a"], text.encode(["red"])[0]).tolist() == [
        0.0
    ]

    def another(picture_encoder: str) -> str:
        return f"0123abcd of {picture_encoder}"

    monkeypatch.setattr("index.opening.projection_name", another)
    with pytest.raises(SnapshotError, match="projection None, expected '0123abcd of grid-colours'"):
        Catalogue.open(tmp_path / "index", text, picture)
