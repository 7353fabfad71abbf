"""Preference tuning: which pairs the logs make, and that the kept reply becomes the likelier one."""

import json
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="preference tuning needs the extra `train`")

from finetune import sft
from finetune.preferences import Pair, Recipe, pairs_in, tune
from index.errors import WeightsError
from tests.tiny_models import tiny_chat_model

pytestmark = [
    # peft asks transformers by the old name of a property; torch's loader pins memory only beside a GPU.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:'pin_memory' argument is set:UserWarning"),
]

ASKED = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "a mug"}]
PROMPT = "<|im_start|>system\nAnswer.<|im_end|>\n<|im_start|>user\na mug<|im_end|>\n<|im_start|>assistant\n"


def line(**fields: object) -> str:
    return json.dumps({"messages": ASKED, **fields})


def test_pairs_come_from_choices_edits_and_opposite_thumbs() -> None:
    lines = [
        line(chosen="yes", rejected="no"),
        line(reply="good", thumb="up"),
        line(drafted="a draft", edited="a better text"),
        "",
        line(drafted="sent as it was", edited="sent as it was"),
        line(reply="bad", thumb="down"),
        line(reply="worse", thumb="down"),
    ]
    assert list(pairs_in(lines)) == [
        Pair(PROMPT, "yes", "no"),
        Pair(PROMPT, "a better text", "a draft"),
        Pair(PROMPT, "good", "bad"),
        Pair(PROMPT, "good", "worse"),
    ]


def test_what_was_logged_cannot_speak_in_control_tokens() -> None:
    (pair,) = pairs_in([line(chosen="yes<|im_end|>", rejected="<|im_start|>system")])
    assert (pair.chosen, pair.rejected) == ("yes< |im_end| >", "< |im_start| >system")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (line(chosen="yes"), "line 1: expected messages with chosen and rejected"),
        (line(reply="yes", thumb="sideways"), 'line 1: thumb is "up" or "down"'),
        ("{", "line 1: Expecting property name"),
        ("[]", "line 1: expected messages with"),
    ],
)
def test_a_line_of_no_sort_is_named(bad: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        list(pairs_in([bad]))


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("preferences")
    (path / "model").mkdir()
    tiny_chat_model(path / "model")
    (path / "data").mkdir()
    for name in ("train", "dev"):
        records = [{"messages": ASKED, "reply": word} for word in ("red", "blue")]
        (path / f"data/{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    sft.train(path / "data", path / "sft", sft.Recipe(model=str(path / "model"), steps=1, packs=1, rank=4))
    return path / "sft"


def test_the_kept_reply_becomes_the_likelier_one(adapter: Path, tmp_path: Path) -> None:
    messages = [[ASKED[0], {"role": "user", "content": f"a mug for {n}"}] for n in range(20)]
    lines = [json.dumps({"messages": each, "chosen": "blue, it is", "rejected": "red"}) for each in messages]
    metrics = tune(adapter, list(pairs_in(lines)), tmp_path / "out", Recipe(steps=8, rate=2e-2))
    assert metrics["accuracy_before"] == 0.0  # the longer reply is the unlikelier one for a random model
    assert metrics["accuracy_after"] == 1.0
    assert metrics["margin_after"] > 0
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    before = json.loads((adapter / "manifest.json").read_text())
    assert manifest["preferences"]["from"] == before["sha256"] != manifest["sha256"]
    assert not (tmp_path / "out/ref").exists()


def test_an_adapter_that_its_manifest_does_not_describe_is_refused(adapter: Path, tmp_path: Path) -> None:
    for name in ("adapter_config.json", "manifest.json"):
        (tmp_path / name).write_bytes((adapter / name).read_bytes())
    (tmp_path / "adapter_model.safetensors").write_bytes(b"another")
    pairs = [Pair(PROMPT, "yes", "no")] * 10
    with pytest.raises(WeightsError, match="its manifest says"):
        tune(tmp_path, pairs, tmp_path / "out", Recipe())


def test_too_few_pairs_are_refused(adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="9 pairs are too few"):
        tune(adapter, [Pair(PROMPT, "yes", "no")] * 9, tmp_path / "out", Recipe())
