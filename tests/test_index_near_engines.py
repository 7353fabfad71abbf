"""A build puts vectors on the engine that is asked for, and every version on it is found, kept and tidied up."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import index_commands
from assistant.cli import app
from assistant.settings import Settings, load_settings
from index import snapshot
from index.build import build, update
from index.catalogue import Catalogue, Query
from index.durable.checking import check
from index.encoders import Encoders
from index.errors import EngineError, SetupError
from index.filters import Condition, Op
from index.items import Item, Money
from index.live import LiveCatalogue
from index.near.engines import engine_of, pointers
from index.testing import ColourImageEncoder, HashingTextEncoder

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there


def shop(folder: Path, *, mugs: int = 20) -> Path:
    rows = [{"id": f"m{n}", "title": f"Tea mug number {n}", "price": n + 1, "currency": "EUR"} for n in range(mugs)]
    rows.append({"id": "coat", "title": "Red rain coat", "price": 50, "currency": "EUR"})
    path = folder / "shop.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def encoders() -> Encoders:
    return Encoders(HashingTextEncoder(), ColourImageEncoder())


@pytest.fixture
def milvus(tmp_path: Path) -> str:
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed: pip install 'milvus-lite>=3.2,<4'")
    return f"milvus:{tmp_path / 'vectors.db'}"


def _tenants(milvus: str) -> set[str]:
    from index.cluster import connected

    client = connected(milvus.removeprefix("milvus:"))
    (collection,) = client.list_collections()
    return {one["tenant"] for one in client.query(collection, filter="row == 0", output_fields=["tenant"])}


def test_milvus_finds_what_faiss_finds(tmp_path: Path, encoders: Encoders, milvus: str) -> None:
    feed = shop(tmp_path)
    build(feed, tmp_path / "here", encoders)
    build(feed, tmp_path / "there", encoders, engine=milvus)
    here, there = (Catalogue.open(tmp_path / name, encoders.text, encoders.picture) for name in ("here", "there"))
    cheap = [Condition("price", Op.LE, Money.of(7, "EUR"))]
    for query, conditions in ((Query("rain coat"), []), (Query("tea mug"), cheap), (Query("number 3"), cheap)):
        expected = here.search(query, 5, conditions)
        found = there.search(query, 5, conditions)
        assert [hit.item_id for hit in found] == [hit.item_id for hit in expected]
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-5)
    assert not list((tmp_path / "there").glob("*/index.faiss"))
    (checked,) = check(tmp_path / "there")
    assert (checked.fault, (checked.index or {})["engine"]) == ("", "milvus")


def test_increments_and_updates_stay_on_the_engine(tmp_path: Path, encoders: Encoders, milvus: str) -> None:
    folder = tmp_path / "index"
    build(shop(tmp_path), folder, encoders, engine=milvus)
    live = LiveCatalogue.open(folder, encoders.text, encoders.picture)
    live.upsert([Item("hat", "Straw hat", price=Money.of(9, "EUR"))])
    assert live.search(Query("straw hat"), 1)[0].item_id == "hat"
    live.close()
    version = update(folder, encoders).version
    assert engine_of(folder / version) == milvus
    assert Catalogue.open(folder, encoders.text, encoders.picture).search(Query("straw hat"), 1)[0].item_id == "hat"


def test_versions_that_are_kept_are_kept_there_and_no_others(tmp_path: Path, encoders: Encoders, milvus: str) -> None:
    folder = tmp_path / "index"
    for mugs in range(2, 2 + snapshot.KEPT + 2):
        build(shop(tmp_path, mugs=mugs), folder, encoders, engine=milvus)
    assert len(snapshot.versions(folder)) == snapshot.KEPT
    assert _tenants(milvus) == set(pointers(folder))
    snapshot.rollback(folder)
    assert len(Catalogue.open(folder, encoders.text, encoders.picture)) == 2 + snapshot.KEPT + 1


def test_what_a_killed_build_had_sent_is_tidied_up(tmp_path: Path, encoders: Encoders, milvus: str) -> None:
    """A build that dies while it sends leaves its folder, with a pointer in it; the next one takes both away."""
    folder = tmp_path / "index"
    build(shop(tmp_path), folder, encoders, engine=milvus)
    (version,) = snapshot.versions(folder)
    (folder / version).rename(folder / ".writing-000009-0123456789ab")
    (left,) = _tenants(milvus)
    build(shop(tmp_path), folder, encoders, engine=milvus)
    assert left not in _tenants(milvus)
    assert len(_tenants(milvus)) == 1


def test_another_engine_is_another_version(tmp_path: Path, encoders: Encoders, milvus: str) -> None:
    feed, folder = shop(tmp_path), tmp_path / "index"
    assert not build(feed, folder, encoders, engine=milvus).reused
    assert build(feed, folder, encoders, engine=milvus).reused
    back = build(feed, folder, encoders)
    assert not back.reused
    assert engine_of(folder / back.version) == "faiss"


def test_a_server_that_does_not_answer_is_named_before_anything_is_embedded(tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'pymilvus>=3,<4'")
    text = HashingTextEncoder()
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:9 does not answer") as told:
        build(shop(tmp_path), tmp_path / "index", Encoders(text, ColourImageEncoder()), engine=f"milvus:{NOBODY}")
    assert "WHYBUY_MILVUS_TOKEN" in told.value.hint
    assert text.texts_seen == 0


def test_a_server_that_has_gone_is_told_of_at_opening(tmp_path: Path, encoders: Encoders, milvus: str) -> None:
    folder = tmp_path / "index"
    version = build(shop(tmp_path), folder, encoders, engine=milvus).version
    pointer = folder / version / "index.milvus.json"
    manifest = json.loads((folder / version / "manifest.json").read_text(encoding="utf-8"))
    pointer.write_text(json.dumps(json.loads(pointer.read_text(encoding="utf-8")) | {"uri": NOBODY}), encoding="utf-8")
    snapshot_files = {pointer.name: {"sha256": snapshot.sha256_of(pointer), "size": pointer.stat().st_size}}
    manifest["files"] |= snapshot_files
    manifest["sha256"] = snapshot._self_hash(manifest)  # pyright: ignore[reportPrivateUsage] - a server that moved
    (folder / version / "manifest.json").write_bytes(
        snapshot._manifest_bytes(manifest)  # pyright: ignore[reportPrivateUsage]
    )
    with pytest.raises(EngineError, match="does not answer"):
        Catalogue.open(folder, encoders.text, encoders.picture)
    (checked,) = check(folder)
    assert "does not answer" in checked.fault


@pytest.mark.parametrize("engine", ["milvus:", "milvus", "qdrant:http://x", ""])
def test_an_engine_that_does_not_exist_is_refused(tmp_path: Path, encoders: Encoders, engine: str) -> None:
    with pytest.raises(SetupError, match="no engine"):
        build(shop(tmp_path), tmp_path / "index", encoders, engine=engine)


def test_the_setting_reaches_the_build(tmp_path: Path, milvus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(settings: Settings) -> Encoders:
        return Encoders(HashingTextEncoder(), ColourImageEncoder())

    monkeypatch.setattr(index_commands, "_encoders", small)
    monkeypatch.setenv("WHYBUY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WHYBUY_VECTORS", milvus)
    monkeypatch.chdir(tmp_path)
    feed = str(shop(tmp_path))
    assert "21 items" in CliRunner().invoke(app, ["index", "build", feed]).output
    told = CliRunner().invoke(app, ["index", "check", "--catalogue", feed]).output
    assert "engine milvus" in told
    found = CliRunner().invoke(app, ["index", "search", "red rain coat", "-k", "1", "--catalogue", feed]).output
    assert "coat  Red rain coat  50.00 EUR" in found
    monkeypatch.setenv("WHYBUY_VECTORS", f"milvus:{NOBODY}")
    refused = CliRunner().invoke(app, ["index", "build", feed])
    assert refused.exit_code == 1
    assert "does not answer" in refused.output
    monkeypatch.setenv("WHYBUY_VECTORS", "elsewhere")
    assert "vectors" in CliRunner().invoke(app, ["index", "build", feed]).output


def test_a_password_in_the_address_is_not_shown() -> None:
    shown = load_settings(vectors="milvus:https://shop:secret@vectors.example:19530").shown()
    assert "vectors = milvus:https://***@vectors.example:19530" in shown
    assert "secret" not in " ".join(shown)
