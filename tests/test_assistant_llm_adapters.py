"""Adapters: what is refused, several by name beside the base, swapping and rolling back while serving."""

import itertools
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, LlamaForCausalLM

from assistant.llm.adapters import Shelf, read_adapter
from assistant.llm.chat_model import Generation, Message
from assistant.llm.local import LocalChatModel
from assistant.llm.render import encode
from index.errors import WeightsError
from index.weights import file_sha256, fingerprint
from tests.tiny_models import tiny_adapter, tiny_chat_model

pytestmark = pytest.mark.filterwarnings(
    "ignore:.is_gradient_checkpointing. is deprecated:FutureWarning"
)  # peft reads it

SYSTEM = Message("system", "You help in a shop.")
TALK = (SYSTEM, Message("user", "hello"), Message("assistant", "hi"), Message("user", "a red jacket"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny")
    tiny_chat_model(path)
    return path


@pytest.fixture(scope="module")
def tuned(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """Two adapters, each with what peft alone generates by it."""
    made: dict[str, tuple[Path, str]] = {}
    for seed, name in ((5, "polite"), (6, "terse")):
        path = tmp_path_factory.mktemp(name)
        made[name] = (path, generated(tiny_adapter(folder, path, seed=seed), folder))
    return made


def generated(model: Any, folder: Path) -> str:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = torch.tensor([encode(TALK, tokenizer)])
    out = model.eval().generate(input_ids=ids, do_sample=False, max_new_tokens=10)
    return tokenizer.decode(out[0][ids.shape[1] :], skip_special_tokens=True)


def asked(adapter: str | None) -> Generation:
    return Generation(TALK, max_tokens=10, adapter=adapter)


def said(model: LocalChatModel, *adapters: str | None) -> list[str]:
    return [one.text for one in model.complete([asked(adapter) for adapter in adapters], deadline_s=30)]


def test_several_adapters_answer_side_by_side_as_peft_does(folder: Path, tuned: dict[str, tuple[Path, str]]) -> None:
    base = generated(cast(Any, LlamaForCausalLM.from_pretrained(folder)), folder)
    model = LocalChatModel(str(folder))
    for name, (path, _) in tuned.items():
        model.load_adapter(name, path)
    polite, terse = tuned["polite"][1], tuned["terse"][1]
    assert len({base, polite, terse}) == 3
    assert said(model, "polite", None, "terse", "polite", None) == [polite, base, terse, polite, base]
    assert said(model, None) == [base]  # nothing of the last adapter is left in the model, nor in a kept prefix
    assert list(model.stream(asked("terse"), deadline_s=30))
    hashes = {name: file_sha256(path / "adapter_model.safetensors") for name, (path, _) in tuned.items()}
    assert model.adapters() == hashes
    assert model.version.endswith(f"+polite@{hashes['polite'][:12]}+terse@{hashes['terse'][:12]}")


def test_swap_roll_back_and_drop(folder: Path, tuned: dict[str, tuple[Path, str]]) -> None:
    model = LocalChatModel(str(folder))
    [base] = said(model, None)
    model.load_adapter("it", tuned["polite"][0])
    model.load_adapter("it", tuned["terse"][0])
    assert said(model, "it") == [tuned["terse"][1]]
    model.roll_back("it")
    assert said(model, "it") == [tuned["polite"][1]]
    with pytest.raises(ValueError, match="nothing to go back to"):
        model.roll_back("it")
    for _ in range(3):  # older ones are let go, and the newest still answers
        model.load_adapter("it", tuned["terse"][0])
        model.load_adapter("it", tuned["polite"][0])
    assert len(cast(Any, model)._peft.peft_config) == 2
    assert said(model, "it", None) == [tuned["polite"][1], base]
    model.drop_adapter("it")
    assert (said(model, None), model.adapters()) == ([base], {})
    with pytest.raises(ValueError, match="no adapter 'it' is loaded; loaded are: "):
        said(model, "it")


def test_a_refused_adapter_leaves_the_one_that_serves(
    folder: Path, tuned: dict[str, tuple[Path, str]], tmp_path: Path
) -> None:
    model = LocalChatModel(str(folder))
    model.load_adapter("it", tuned["polite"][0])
    narrow = tmp_path / "narrow"  # its manifest says it fits, its matrices do not
    shutil.copytree(tuned["terse"][0], narrow)
    tensors = load_file(narrow / "adapter_model.safetensors")
    rewrite(narrow, {name: tensor[:, :3].contiguous() for name, tensor in tensors.items()})
    with pytest.raises(WeightsError, match="cannot apply the adapter"):
        model.load_adapter("it", narrow)
    assert said(model, "it") == [tuned["polite"][1]]


def test_swapping_under_load_gives_every_request_one_whole_adapter(
    folder: Path, tuned: dict[str, tuple[Path, str]]
) -> None:
    model = LocalChatModel(str(folder))
    model.load_adapter("it", tuned["polite"][0])
    got: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            got.extend(said(model, "it"))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        for name in ("terse", "polite", "terse"):
            model.load_adapter("it", tuned[name][0])
        model.roll_back("it")
    finally:
        stop.set()
        for asker in askers:
            asker.join(30)
    assert got
    assert set(got) <= {tuned["polite"][1], tuned["terse"][1]}
    assert said(model, "it") == [tuned["polite"][1]]


def flip(path: Path) -> None:
    weights = path / "adapter_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)


def say(file: str, **told: object) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        before = json.loads((path / file).read_text(encoding="utf-8"))
        (path / file).write_text(json.dumps({**before, **told}), encoding="utf-8")

    return change


def rewrite(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, path / "adapter_model.safetensors")
    say("manifest.json", sha256=file_sha256(path / "adapter_model.safetensors"))(path)


def rename_one(path: Path) -> None:
    tensors = load_file(path / "adapter_model.safetensors")
    first = next(iter(tensors))
    rewrite(
        path, {"base_model.model.lm_head.lora_A.weight" if name == first else name: t for name, t in tensors.items()}
    )


def lose_manifest(path: Path) -> None:
    (path / "manifest.json").unlink()


def empty_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("[]")


def empty_config(path: Path) -> None:
    (path / "adapter_config.json").write_text("{}")


def lose_all(path: Path) -> None:
    rewrite(path, {})


def pickle_instead(path: Path) -> None:
    (path / "adapter_model.safetensors").rename(path / "adapter_model.bin")


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (flip, "its manifest says"),
        (say("manifest.json", base="tiny@0123456789ab"), "was trained on tiny@0123456789ab"),
        (lose_manifest, "cannot read"),
        (empty_manifest, "cannot read"),
        (empty_config, "cannot read"),
        (say("adapter_config.json", use_dora=True), r"no plain LoRA \(use_dora\)"),
        (say("adapter_config.json", modules_to_save=["lm_head"]), r"no plain LoRA \(modules_to_save\)"),
        (say("adapter_config.json", peft_type="PREFIX_TUNING"), r"no plain LoRA \(PREFIX_TUNING\)"),
        (rename_one, "changes base_model.model.lm_head"),
        (lose_all, "changes nothing"),
        (
            pickle_instead,
            "holds no adapter_model",
        ),
    ],
)
def test_what_is_not_a_whole_plain_adapter_of_this_base_is_refused(
    folder: Path, tuned: dict[str, tuple[Path, str]], tmp_path: Path, damage: Callable[[Path], None], why: str
) -> None:
    shutil.copytree(tuned["polite"][0], tmp_path / "copy")
    damage(tmp_path / "copy")
    with pytest.raises(WeightsError, match=why):
        read_adapter(tmp_path / "copy", fingerprint(folder))


def test_an_adapter_that_lacks_a_matrix_is_refused(
    folder: Path, tuned: dict[str, tuple[Path, str]], tmp_path: Path
) -> None:
    shutil.copytree(tuned["polite"][0], tmp_path / "copy")
    tensors = load_file(tmp_path / "copy" / "adapter_model.safetensors")
    rewrite(tmp_path / "copy", dict(itertools.islice(tensors.items(), len(tensors) - 1)))
    with pytest.raises(WeightsError, match="has no counterpart"):
        LocalChatModel(str(folder)).load_adapter("it", tmp_path / "copy")


def test_another_base_is_refused_by_its_fingerprint(tuned: dict[str, tuple[Path, str]], tmp_path: Path) -> None:
    tiny_chat_model(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    save_file({name: tensor + 1 for name, tensor in weights.items()}, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(WeightsError, match="was trained on"):
        LocalChatModel(str(tmp_path)).load_adapter("it", tuned["polite"][0])


def test_a_configuration_of_peft_serves_whatever_it_says_of_training(folder: Path, tmp_path: Path) -> None:
    config = LoraConfig(r=2, target_modules=["up_proj"], init_lora_weights="gaussian", lora_dropout=0.5)
    torch.manual_seed(1)
    get_peft_model(LlamaForCausalLM.from_pretrained(folder), config).save_pretrained(str(tmp_path))
    assert dict(read_adapter(tmp_path, "any", manifest=False).settings) == {
        "r": 2, "lora_alpha": 8, "target_modules": ["up_proj"], "use_rslora": False, "rank_pattern": {},
        "alpha_pattern": {},
    }  # fmt: skip


def test_a_shelf_keeps_one_version_to_go_back_to() -> None:
    shelf: Shelf[int] = Shelf()
    assert [shelf.put("a", number) for number in (1, 2, 3)] == [None, None, 1]
    assert shelf.roll_back("a") == 3
    assert (shelf["a"], shelf.items()) == (2, [("a", 2)])
    assert (shelf.put("a", 4), shelf.take("a"), shelf.take("a")) == (None, [4, 2], [])
