"""Fine-tuning: it goes on where it stopped, several processes are several, and it learns."""

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from finetune import sft
from finetune.packing import Tokens
from finetune.sft import Recipe, train
from index.errors import WeightsError
from tests.tiny_models import tiny_chat_model

ROOT = Path(__file__).parents[1]

# peft asks transformers by the old name of a property.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model in `model`, and conversations in `data`."""
    path = tmp_path_factory.mktemp("sft")
    (path / "model").mkdir()
    tiny_chat_model(path / "model")
    (path / "data").mkdir()
    for name, count in (("train", 12), ("dev", 4)):
        lines = [
            {
                "messages": [{"role": "system", "content": "Read."}, {"role": "user", "content": f"a mug for {n}"}],
                "reply": "search: mug",
            }
            for n in range(count)
        ]
        (path / f"data/{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def recipe(folder: Path, **changes: int | str) -> Recipe:
    usual = Recipe(model=str(folder / "model"), steps=6, packs=1, pack_tokens=160, keep_every=2, rank=4)
    return replace(usual, **changes)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what torch warns itself of while it compiles
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch compiles with a C++ compiler, and there is none")
def test_compiled_layers_and_plain_attention_learn_the_same(folder: Path, tmp_path: Path) -> None:
    plain = train(folder / "data", tmp_path / "plain", recipe(folder))["dev_loss"]
    quick = train(folder / "data", tmp_path / "quick", replace(recipe(folder), attention="eager", compiled=True))
    assert quick["dev_loss"] == pytest.approx(plain, abs=1e-3)


def test_it_learns_and_says_where_the_adapter_comes_from(folder: Path, tmp_path: Path) -> None:
    begun = train(folder / "data", tmp_path / "short", recipe(folder, steps=1))["dev_loss"]
    assert (
        train(folder / "data", tmp_path / "long", recipe(folder, steps=30), licences=["own"])["dev_loss"] < begun - 0.5
    )
    manifest = json.loads((tmp_path / "long/manifest.json").read_text())
    assert manifest["recipe"]["steps"] == 30
    assert manifest["licences"] == ["own"]
    assert set(manifest["data"]) == {"train.jsonl", "dev.jsonl"}


def test_training_begins_with_another_adapter_and_leaves_one_at_every_checkpoint(folder: Path, tmp_path: Path) -> None:
    train(folder / "data", tmp_path / "first", recipe(folder, steps=30))
    begun = {"begin": str(tmp_path / "first"), "rate": 1e-9}
    train(folder / "data", tmp_path / "second", replace(recipe(folder, steps=4), **begun))
    first, second, halfway = (
        load_file(tmp_path / name / "adapter_model.safetensors") for name in ("first", "second", "second/steps/0002")
    )
    assert all(torch.allclose(first[key], second[key], atol=1e-4) for key in first)
    assert halfway.keys() == first.keys()
    told, own = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("second", "first"))
    assert told["begun_with"]["sha256"] == own["sha256"]
    assert told["begun_with"]["recipe"] == own["recipe"]
    with pytest.raises(ValueError, match="has other matrices"):
        train(folder / "data", tmp_path / "third", replace(recipe(folder, rank=8), **begun))


def test_a_run_that_was_stopped_ends_where_it_would_have_ended(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(folder / "data", tmp_path / "whole", recipe(folder))
    step, calls = sft.one_step, []

    def stopping(*arguments: object) -> float:
        calls.append(1)
        if len(calls) == 4:  # after the checkpoint of step 2, in the middle of the next
            raise KeyboardInterrupt
        return step(*arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(sft, "one_step", stopping)
    with pytest.raises(KeyboardInterrupt):
        train(folder / "data", tmp_path / "parts", recipe(folder))
    monkeypatch.undo()
    train(folder / "data", tmp_path / "parts", recipe(folder))
    whole, parts = (load_file(tmp_path / name / "adapter_model.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(whole[key], parts[key]) for key in whole)


def test_the_checkpoint_of_another_run_is_refused(folder: Path, tmp_path: Path) -> None:
    train(folder / "data", tmp_path, recipe(folder, steps=2))
    with pytest.raises(WeightsError, match="of another run"):
        train(folder / "data", tmp_path, recipe(folder, steps=4))


def test_too_few_packs_for_all_processes_are_refused_rather_than_waited_for(folder: Path) -> None:
    one = [Tokens((1,), (2,), (3,))]
    for process in (0, 1):
        with pytest.raises(ValueError, match="1 packs are too few for 2 processes"):
            next(sft._stream(one, recipe(folder), process, 2))  # pyright: ignore[reportPrivateUsage]


def test_two_processes_are_two(folder: Path, tmp_path: Path) -> None:
    settings = recipe(folder, steps=2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    command += ["--master_addr", "127.0.0.1", "--master_port", port]
    command += ["-m", "finetune.sft", "--data", str(folder / "data"), "--out", str(tmp_path), "--steps", "2"]
    command += ["--model", settings.model, "--packs", "1", "--pack-tokens", "160", "--rank", "4"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads((tmp_path / "manifest.json").read_text())["metrics"]["processes"] == 2.0


def test_recipes_can_be_read_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    assert sft.recipe_in("cpu").precision == "bf16"
    assert sft.recipe_in("gpu").weights == "bfloat16"
    (tmp_path / "own.toml").write_text("steps = 3\n")
    assert sft.recipe_in(str(tmp_path / "own.toml")) == Recipe(steps=3)
    (tmp_path / "bad.toml").write_text("stpes = 3\n")
    for name in ("none", str(tmp_path / "bad.toml")):
        with pytest.raises(ValueError, match=r"no recipe in .*toml"):
            sft.recipe_in(name)
