# pyright: basic
# torch and transformers leave most of their types open.
"""How fast each engine of the chat model is, and how true to the reference: `python -m bench.llm [--out FILE]`.

One run, one model, one machine. Every engine reads the same prompts and continues them greedily. `prefill` counts the
prompt's tokens per second until the first token; `decode` the tokens after it, a prompt at a time;
`together` the same for four prompts at once; `first word` the milliseconds to it when the prompt's beginning is in the
cache. `same texts` and `until they part` compare with plain float32 `transformers.generate`: how many of the eight
continuations are the same to the end, and what share of a text is the same before the first difference.
"""

import argparse
import importlib.util
import itertools
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Any, Protocol

from assistant.llm.chat_model import Completion, Generation, Message

PAGE = Template("""# Engines of the chat model

Written by `python -m bench.llm --out docs/llm_bench.md` ($where), embedded model SmolLM2-135M-Instruct.

$table

What the columns mean is said in `bench/llm.py`. `fast_cpu` rounds weights and activations to 8 bits in blocks of 64,
outliers spread before (`assistant/llm/rotation.py`), so its free text may part from the reference's at a close call
between two words; what a grammar forces cannot. How far its scores are from the reference's is in docs/log.md; a
tolerance on a tiny model is held by `tests/test_assistant_llm_fast_cpu.py`. Its graph is built on the machine at first
use: 16 s for the base, and for each adapter, which is added to the weights before they are rounded. Where the processor
has AMX, whole blocks of 128 tokens of a prompt are read in bfloat16 (`assistant/llm/prefill.py`).
""")
TOKENS = 32
clock = time.perf_counter
"""What seconds are. `--cpu` makes them those of the processor, which other work on the machine hardly touches."""
SYSTEM = Message("system", "You are a helpful assistant in a shop. Answer in one or two short sentences.")
QUESTIONS = (
    "What should I look for in a warm winter coat?",
    "Suggest a present for my brother, who likes to cook.",
    "Which shoes are good for walking in the rain?",
    "Is wool or cotton better for a summer blanket?",
    "How do I keep a leather bag clean?",
    "I need a lamp for a small desk. What matters?",
    "What is the difference between a tent for two and a tent for three?",
    "My daughter starts school. What does she need?",
)
LONG = " ".join(f"Item {number}: a thing of kind {number % 7}, in colour {number % 5}." for number in range(24))


class Engine(Protocol):
    """What is measured: the part of a ChatModel that the table needs."""

    def complete(self, prompts: Sequence[Generation], *, deadline_s: float) -> list[Completion]:
        """As ChatModel says."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One engine's figures; None: not measured. Tokens per second, milliseconds, shares."""

    name: str
    prefill: float | None = None
    decode: float | None = None
    together: float | None = None
    first_word_ms: float | None = None
    same: float | None = None
    until: float | None = None
    note: str = ""


def prompts(tokens: int) -> list[Generation]:
    return [Generation((SYSTEM, Message("user", question)), max_tokens=tokens) for question in QUESTIONS]


def seconds(work: Callable[[], Any]) -> float:
    begun = clock()
    work()
    return clock() - begun


def measured(name: str, engine: Engine, reference: list[str], count: Callable[[Generation], int], rounds: int) -> Row:
    """The figures of one engine. A one-token answer times the prompt, a longer one minus that the decoding."""
    deadline = 600.0
    asked = prompts(TOKENS)
    texts = [engine.complete([one], deadline_s=deadline)[0].text for one in asked]  # warms up, too
    firsts: list[float] = []
    decode: list[float] = []
    for one in asked[:4]:
        short = [replace(one, max_tokens=1)]
        firsts.append(
            min(seconds(lambda short=short: engine.complete(short, deadline_s=deadline)) for _ in range(rounds))
        )
        whole = min(seconds(lambda one=one: engine.complete([one], deadline_s=deadline)) for _ in range(rounds))
        tokens = engine.complete([one], deadline_s=deadline)[0].tokens
        decode.append((tokens - 1) / max(1e-9, whole - firsts[-1]))
    together: list[float] = []
    for _ in range(rounds):
        begun = clock()
        done = engine.complete(asked[:4], deadline_s=deadline)
        together.append(sum(one.tokens for one in done) / (clock() - begun))
    prefill: list[float] = []
    for turn in range(rounds):  # each prompt is new from its first word on: nothing of it is in any cache
        long = Generation((replace(SYSTEM, content=f"{turn} {LONG}"), Message("user", "Which?")), max_tokens=1)
        prefill.append(count(long) / seconds(lambda long=long: engine.complete([long], deadline_s=deadline)))
    same = statistics.fmean(text == expected for text, expected in zip(texts, reference, strict=True))
    until = statistics.fmean(_alike(text, expected) for text, expected in zip(texts, reference, strict=True))
    return Row(
        name, max(prefill), statistics.median(decode), max(together), 1000 * statistics.median(firsts), same, until
    )


def _alike(text: str, expected: str) -> float:
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(text, expected, strict=False))
    return sum(1 for _ in alike) / max(1, len(expected))


class Plain:
    """Transformers' own `generate`, float32, as anybody would call it: no cache is kept between calls."""

    def __init__(self) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        from assistant.llm.gguf import safetensors_folder
        from index.weights import CHAT_MODEL, locate

        folder = safetensors_folder(locate(CHAT_MODEL))
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype="float32").eval()

    def count(self, prompt: Generation) -> int:
        from assistant.llm.render import encode

        return len(encode(prompt.messages, self.tokenizer))  # type: ignore[arg-type]

    def complete(self, prompts: Sequence[Generation], *, deadline_s: float) -> list[Completion]:
        """One after the other."""
        del deadline_s
        return [self._one(prompt) for prompt in prompts]

    def _one(self, prompt: Generation) -> Completion:
        import torch

        from assistant.llm.render import encode

        ids = torch.tensor([encode(prompt.messages, self.tokenizer)])  # type: ignore[arg-type]
        mask = torch.ones_like(ids)
        with torch.inference_mode():
            out = self.model.generate(ids, attention_mask=mask, do_sample=False, max_new_tokens=prompt.max_tokens)[0]
        new = out[ids.shape[1] :]
        return Completion(str(self.tokenizer.decode(new, skip_special_tokens=True)), finished=True, tokens=len(new))


class LlamaCpp:
    """llama.cpp on the same GGUF file, when llama-cpp-python is installed.

    Weights stay as they are in the file: repacked for AMX, version 0.3.36 crashes at the first prompt of some length.
    """

    def __init__(self, threads: int) -> None:
        import llama_cpp  # type: ignore[import-not-found]  # for this bench only

        from index.weights import CHAT_MODEL, locate

        as_shipped = llama_cpp.llama_model_default_params

        def plain() -> Any:
            found = as_shipped()
            found.use_extra_bufts = False
            return found

        llama_cpp.llama_cpp.llama_model_default_params = plain  # `Llama` has no argument for it
        found = locate(CHAT_MODEL)
        file = found if found.suffix == ".gguf" else next(found.glob("*.gguf"))
        self._model: Any = llama_cpp.Llama(
            str(file), n_ctx=2048, n_threads=threads, n_threads_batch=threads, verbose=False
        )

    def complete(self, prompts: Sequence[Generation], *, deadline_s: float) -> list[Completion]:
        """One after the other."""
        from assistant.llm.render import render

        del deadline_s
        done: list[Completion] = []
        for prompt in prompts:
            out = self._model(render(prompt.messages), max_tokens=prompt.max_tokens, temperature=0.0)
            done.append(Completion(out["choices"][0]["text"], finished=True, tokens=out["usage"]["completion_tokens"]))
        return done


def rows(threads: int, rounds: int) -> list[Row]:
    """Every engine's figures, the reference's first."""
    import torch

    from assistant.llm.fast_cpu import FastCpuChatModel
    from assistant.llm.local import LocalChatModel

    torch.set_num_threads(threads)
    plain = Plain()
    reference = [plain.complete([one], deadline_s=0)[0].text for one in prompts(TOKENS)]
    found = [measured("transformers generate, float32", plain, reference, plain.count, rounds)]
    count = plain.count
    found.append(measured("transformers (ours), float32", LocalChatModel(), reference, count, rounds))
    found.append(measured("fast_cpu, int8", FastCpuChatModel(threads=threads), reference, count, rounds))
    if importlib.util.find_spec("llama_cpp"):
        found.append(measured("llama.cpp, Q4_1", LlamaCpp(threads), reference, count, rounds))
    else:
        found.append(Row("llama.cpp, Q4_1", note="not installed: llama-cpp-python has no wheel"))
    return found


def table(found: Sequence[Row]) -> str:
    """The figures as Markdown."""
    lines = [
        "| engine | prefill tok/s | decode tok/s | four together | first word ms | same texts | until they part |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found:
        if row.note:
            lines.append(f"| {row.name} | {row.note} | | | | | |")
            continue
        speeds = " | ".join(f"{value:.0f}" for value in (row.prefill, row.decode, row.together, row.first_word_ms))
        lines.append(f"| {row.name} | {speeds} | {row.same:.0%} | {row.until:.0%} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table; with `--out`, write the page too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu", action="store_true", help="count the processor's seconds, with one thread")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.cpu:
        global clock
        clock, given.threads = time.process_time, 1
    text = table(rows(given.threads, given.rounds))
    print(text)
    if given.out:
        where = f"{platform.machine()}, {os.cpu_count()} cores, {given.threads} threads, best of {given.rounds} rounds"
        where += "; processor seconds, since the machine was busy: for comparing rows only" if given.cpu else ""
        given.out.write_text(PAGE.substitute(table=text, where=where), encoding="utf-8")


if __name__ == "__main__":
    main()
