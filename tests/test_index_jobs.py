"""Embedding runs in this process or on Ray, and comes to the same."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.build import build
from index.encoders import Encoders
from index.errors import SetupError
from index.jobs import Batch, EmbedPictures, EmbedTexts, LocalExecutor, RayExecutor
from index.testing import ColourImageEncoder, HashingTextEncoder

ENCODERS = Encoders(HashingTextEncoder(), ColourImageEncoder())
TEXTS = Batch((b"1", b"2"), ("rain coat", "mug"))


def test_texts_come_back_under_their_keys() -> None:
    loads = 0

    def load() -> HashingTextEncoder:
        nonlocal loads
        loads += 1
        return HashingTextEncoder()

    work = EmbedTexts(load)
    made = work(TEXTS)
    assert made.keys == TEXTS.keys
    np.testing.assert_array_equal(made.vectors, ENCODERS.text.encode(TEXTS.inputs))
    work(TEXTS)
    assert loads == 1


def test_a_picture_nobody_can_read_costs_itself_only(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    paths = tuple(str(tmp_path / name) for name in ("bad.png", "red.png", "none.png"))
    made = EmbedPictures(ColourImageEncoder)(Batch((b"1", b"2", b"3"), paths))
    assert (made.keys, made.bad, made.vectors.shape) == ((b"2",), (b"1", b"3"), (1, 12))
    none = EmbedPictures(ColourImageEncoder)(Batch((b"1",), paths[:1]))
    assert (none.keys, none.bad, none.vectors.shape) == ((), (b"1",), (0, 12))


def test_here_batches_are_done_as_they_are_asked_for() -> None:
    text = HashingTextEncoder()
    done = LocalExecutor().embed("text", [TEXTS, TEXTS], Encoders(text, ENCODERS.picture))
    next(done)
    assert text.texts_seen == 2
    next(done)
    assert text.texts_seen == 4


def test_without_ray_the_hint_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SetupError, match="ray is not installed") as caught:
        list(RayExecutor(HashingTextEncoder, ColourImageEncoder).embed("text", [TEXTS], ENCODERS))
    assert "whybuy[scale]" in caught.value.hint


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ray's own, of sockets and of processes it leaves to the collector
def test_ray_builds_the_very_same_index(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    rows = [{"id": f"i{n}", "title": f"Thing number {n}", "images": ["red.png", "bad.png"]} for n in range(80)]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows))
    here = build(feed, tmp_path / "here", ENCODERS)
    there = build(feed, tmp_path / "there", ENCODERS, executor=RayExecutor(HashingTextEncoder, ColourImageEncoder))
    assert (there.items, there.faults) == (80, here.faults)
    for name in ("vectors.safetensors", "features.safetensors", "index.faiss"):
        one, two = tmp_path / "here" / here.version / name, tmp_path / "there" / there.version / name
        assert one.read_bytes() == two.read_bytes()
