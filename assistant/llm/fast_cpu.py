# pyright: basic
# transformers leaves most of its types open.
"""The fast chat model for a CPU: an 8-bit ONNX graph on onnxruntime, its text held to the same grammars."""

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from safetensors import SafetensorError
from transformers import AutoConfig, AutoTokenizer, GenerationConfig, PreTrainedTokenizerBase

from assistant.llm.adapters import Adapter, Shelf, read_adapter
from assistant.llm.gguf import safetensors_folder
from assistant.llm.onnx_graph import onnx_folder, require
from assistant.llm.prefill import prefill_of
from assistant.llm.rows import Row
from assistant.llm.serving import OnTokens, ServingModel, stop_tokens, version_of
from index.errors import WeightsError
from index.weights import CHAT_MODEL, fingerprint, locate

if TYPE_CHECKING:  # onnxruntime is an extra
    from assistant.llm.onnx_decode import OnnxDecoder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Loaded:
    sha256: str
    decoder: "OnnxDecoder"


class FastCpuChatModel(ServingModel):
    """A ChatModel on onnxruntime. Scores differ from the float32 model's by rounding to 8 bits, see docs/llm_bench.md.

    Each adapter is a graph of its own: added to the weights before they are rounded, it costs a token nothing, and a
    quarter of a gigabyte; as much again where prompts are read in bfloat16 (`assistant.llm.prefill`). Prompts of
    different adapters in one call are decoded one adapter after the other.

    Args:
        name: as `index.weights.locate` takes it, of a model that speaks ChatML.
        threads: of each forward pass; None: the machine's cores.
        cache: where graphs are kept; None: the user's cache folder.
        max_prompt_tokens: longer prompts are refused.
        max_waiting: calls that may wait for their turn; one more is refused at once.
        kept_prefixes: how many prompt prefixes (all but the last message) to remember the state of, for each adapter.
        side_by_side: most prompts decoded together.

    Raises:
        SetupError: onnxruntime or its builder is not installed.
        WeightsError: weights are missing, damaged, or neither safetensors nor GGUF; or no graph can be built of them.

    Cost: 16 s once for the graph of the embedded model, beside 20 s for reading its GGUF; afterwards two seconds.
    """

    def __init__(
        self,
        name: str = CHAT_MODEL,
        *,
        threads: int | None = None,
        cache: Path | None = None,
        max_prompt_tokens: int = 3072,
        max_waiting: int = 32,
        kept_prefixes: int = 4,
        side_by_side: int = 4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        require("onnxruntime", "onnxruntime_genai", "onnx", "onnx_ir")
        begun = time.monotonic()
        found = locate(name)
        self._folder = safetensors_folder(found, cache=cache)
        tokenizer = _tokenizer(self._folder, name)
        super().__init__(tokenizer, name, max_prompt_tokens=max_prompt_tokens, max_waiting=max_waiting, clock=clock)
        self._base = fingerprint(found)
        self._model_name = name
        self._cache = cache
        self._threads = threads or os.cpu_count() or 1
        self._kept_prefixes = kept_prefixes
        self._side_by_side = side_by_side
        self._stop_tokens = stop_tokens(_generation(self._folder), tokenizer)
        self._decoder = self._opened(None)
        self._adapters: Shelf[_Loaded] = Shelf()
        log.info("language model %s on onnxruntime, loaded in %.1f s", self.version, time.monotonic() - begun)

    @property
    def version(self) -> str:
        """Name and hash of the weights, and of each adapter; `int8` says that they are rounded."""
        loaded = [(name, one.sha256) for name, one in self._adapters.items()]
        return version_of(self._model_name, f"{self._base}-int8", loaded)

    def adapters(self) -> dict[str, str]:
        """SHA-256 of each adapter that serves, by name."""
        return {name: one.sha256 for name, one in self._adapters.items()}

    def load_adapter(self, name: str, folder: Path) -> None:
        """Serve the adapter in `folder` under `name` from the next batch on; one that served so can be rolled back to.

        Its graph is built, once, and opened while requests go on.

        Raises:
            WeightsError: as `read_adapter`; what serves now goes on serving.
        """
        adapter = read_adapter(folder, self._base)
        self._adapters.put(name, _Loaded(adapter.sha256, self._opened(adapter)))
        log.info("adapter %s is now %s", name, adapter.sha256[:12])

    def roll_back(self, name: str) -> None:
        """Serve again what served under `name` before the last `load_adapter`.

        Raises:
            ValueError: there was none.
        """
        self._adapters.roll_back(name)
        log.info("adapter %s rolled back to %s", name, self.adapters()[name][:12])

    def drop_adapter(self, name: str) -> None:
        """Serve nothing under `name` any more; prompts that name it are refused."""
        self._adapters.take(name)

    def _run(self, rows: Sequence[Row], adapter: str | None, interrupted: Callable[[], bool], told: OnTokens) -> None:
        self._decoder_of(adapter).run(rows, interrupted, told)

    def _warm(self, prefix: tuple[int, ...], adapter: str | None) -> None:
        self._decoder_of(adapter).warm(prefix)

    def _decoder_of(self, adapter: str | None) -> "OnnxDecoder":
        return self._decoder if adapter is None else self._adapters[adapter].decoder

    def _opened(self, adapter: Adapter | None) -> "OnnxDecoder":
        from assistant.llm.onnx_decode import Graph, OnnxDecoder

        folder = onnx_folder(self._folder, adapter=adapter, cache=self._cache)
        try:
            graph = Graph(folder, self._threads)
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            raise WeightsError(f"onnxruntime cannot open {folder.name}: {error}", hint="remove that folder") from error
        return OnnxDecoder(
            graph,
            self._stop_tokens,
            prefill=prefill_of(self._folder, adapter),
            kept_prefixes=self._kept_prefixes,
            side_by_side=self._side_by_side,
        )


def _tokenizer(folder: Path, name: str) -> PreTrainedTokenizerBase:
    try:
        return cast(PreTrainedTokenizerBase, AutoTokenizer.from_pretrained(folder))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise WeightsError(
            f"cannot load the language model {name!r}: {error}",
            hint="a folder with config.json, tokenizer and *.safetensors is needed",
        ) from error


def _generation(folder: Path) -> GenerationConfig:
    """What the model's folder says of generating: in a file of its own, or with the rest."""
    if (folder / "generation_config.json").is_file():
        return GenerationConfig.from_pretrained(folder)
    return GenerationConfig.from_model_config(AutoConfig.from_pretrained(folder))
