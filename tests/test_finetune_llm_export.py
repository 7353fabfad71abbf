"""An adapter as it ships: half precision, no machine's paths, and the same matrices as were trained."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from finetune import llm_export
from finetune.llm_export import ADAPTER, CONFIG, MANIFEST, export
from finetune.sft import Recipe, train
from index.errors import WeightsError
from index.weights import file_sha256
from tests.tiny_models import tiny_chat_model

# peft asks transformers by the old name of a property.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two steps on a tiny model."""
    path = tmp_path_factory.mktemp("run")
    (path / "model").mkdir()
    tiny_chat_model(path / "model")
    (path / "data").mkdir()
    line = {
        "messages": [{"role": "system", "content": "Read."}, {"role": "user", "content": "a mug"}],
        "reply": "search: mug",
    }
    for name in ("train", "dev"):
        (path / f"data/{name}.jsonl").write_text((json.dumps(line) + "\n") * 4)
    recipe = Recipe(model=str(path / "model"), steps=2, packs=1, pack_tokens=160, keep_every=2, rank=4)
    train(path / "data", path / "out", recipe, command=f"python -m finetune.sft --data {path / 'data'} --steps 2")
    return path / "out"


def test_what_ships_says_nothing_of_this_machine(run: Path, tmp_path: Path) -> None:
    export(run, tmp_path / "reader", {"exact": 0.5})
    config, manifest = (json.loads((tmp_path / "reader" / name).read_text()) for name in (CONFIG, MANIFEST))
    assert config["base_model_name_or_path"] == "model"
    assert manifest["sha256"] == file_sha256(tmp_path / "reader" / ADAPTER)
    assert manifest["evaluation"] == {"exact": 0.5}
    assert (manifest["command"], manifest["recipe"]["model"]) == (
        "python -m finetune.sft --data data --steps 2",
        "model",
    )
    assert {tensor.dtype for tensor in load_file(tmp_path / "reader" / ADAPTER).values()} == {torch.float16}


def test_paths_behind_a_quote_or_an_equals_sign_are_cut_and_relative_ones_stay() -> None:
    told = {
        "command": "x --data=/a/b/talks --licence 'MIT (of /p/q)' --base '/r/s' ../shared/data a/b https://h.org/i/j"
    }
    cut = "x --data=talks --licence 'MIT (of q)' --base 's' ../shared/data a/b https://h.org/i/j"
    assert llm_export._without_folders({"begun_with": told}) == {"begun_with": {"command": cut}}  # pyright: ignore[reportPrivateUsage]


def test_a_checkpoint_holds_the_same_matrices_under_the_same_names(run: Path, tmp_path: Path) -> None:
    export(run, tmp_path / "finished")
    (tmp_path / "unfinished").mkdir()
    (run / "run").rename(tmp_path / "unfinished/run")
    export(tmp_path / "unfinished", tmp_path / "checkpoint")
    (tmp_path / "unfinished/run").rename(run / "run")
    whole, part = (load_file(tmp_path / name / ADAPTER) for name in ("finished", "checkpoint"))
    assert whole.keys() == part.keys()
    assert all(torch.equal(whole[name], part[name]) for name in whole)


def test_a_folder_of_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no checkpoint"):
        export(tmp_path, tmp_path / "out")
