# pyright: basic
# torch, transformers and peft leave most of their types open.
"""A chat model in this process: transformers on the CPU, or on a GPU where there is one, with its adapters."""

import itertools
import logging
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from peft import LoraModel, PeftModel
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from assistant.llm.adapters import Adapter, Shelf, fill, merged, read_adapter
from assistant.llm.decode import Decoder
from assistant.llm.gguf import safetensors_folder
from assistant.llm.rows import Row
from assistant.llm.serving import OnTokens, ServingModel, stop_tokens, version_of
from index.errors import WeightsError
from index.weights import CHAT_MODEL, fingerprint, locate

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Loaded:
    inside: str
    """What peft calls it: unlike the name it serves under, never used twice."""
    sha256: str
    decoder: Decoder
    """Of its own, since the state after a prefix differs from adapter to adapter."""


class LocalChatModel(ServingModel):
    """A ChatModel on transformers. Adapters are named by the prompt, and can be swapped while it serves.

    Args:
        name: as `index.weights.locate` takes it, of a model that speaks ChatML.
        adapter: a peft LoRA folder merged into the weights for good; its manifest is checked where there is one.
        device: None: a GPU when there is one.
        cache: where converted weights are kept; None: the user's cache folder.
        max_prompt_tokens: longer prompts are refused.
        max_waiting: calls that may wait for their turn; one more is refused at once.
        kept_prefixes: how many prompt prefixes (all but the last message) to remember the state of, for each adapter.

    Raises:
        WeightsError: weights or adapter are missing, damaged, or neither safetensors nor GGUF.
    """

    def __init__(
        self,
        name: str = CHAT_MODEL,
        *,
        adapter: Path | None = None,
        device: str | None = None,
        cache: Path | None = None,
        max_prompt_tokens: int = 3072,
        max_waiting: int = 32,
        kept_prefixes: int = 4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        found = locate(name)
        begun = time.monotonic()
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        folder = safetensors_folder(found, cache=cache)
        model, tokenizer = _opened(folder, name, "float32" if device == "cpu" else "auto")
        super().__init__(tokenizer, name, max_prompt_tokens=max_prompt_tokens, max_waiting=max_waiting, clock=clock)
        self._base = fingerprint(found)
        merged_in: list[tuple[str, str]] = []
        if adapter is not None:
            read = read_adapter(adapter, self._base, manifest=False)
            model = merged(model, read)
            merged_in = [(adapter.name, read.sha256)]
        self._model = model.eval()
        torch.nn.Module.to(self._model, device)
        self._stop_tokens = stop_tokens(self._model.generation_config, tokenizer)
        self._kept_prefixes = kept_prefixes
        self._decoder = self._new_decoder()
        self._name = version_of(name, self._base, merged_in)
        self._adapters: Shelf[_Loaded] = Shelf()
        self._peft: PeftModel | None = None
        self._active: str | None = None
        self._numbers = itertools.count()
        log.info("language model %s on %s, loaded in %.1f s", self.version, device, time.monotonic() - begun)

    @property
    def version(self) -> str:
        """Name and hash of the weights, and of each adapter."""
        loaded = ((name, one.sha256) for name, one in self._adapters.items())
        return "".join([self._name, *(f"+{name}@{sha256[:12]}" for name, sha256 in loaded)])

    def adapters(self) -> dict[str, str]:
        """SHA-256 of each adapter that serves, by name."""
        return {name: one.sha256 for name, one in self._adapters.items()}

    def load_adapter(self, name: str, folder: Path) -> None:
        """Serve the adapter in `folder` under `name` from the next batch on; one that served so can be rolled back to.

        Raises:
            WeightsError: as `read_adapter`; what serves now goes on serving.
        """
        adapter = read_adapter(folder, self._base)  # outside the lock: requests go on meanwhile
        with self._busy:
            dropped = self._adapters.put(name, self._taken_in(adapter))
            self._forget([dropped])
        log.info("adapter %s is now %s", name, adapter.sha256[:12])

    def roll_back(self, name: str) -> None:
        """Serve again what served under `name` before the last `load_adapter`.

        Raises:
            ValueError: there was none.
        """
        with self._busy:
            self._forget([self._adapters.roll_back(name)])
        log.info("adapter %s rolled back to %s", name, self.adapters()[name][:12])

    def drop_adapter(self, name: str) -> None:
        """Serve nothing under `name` any more; prompts that name it are refused."""
        with self._busy:
            self._forget(self._adapters.take(name))

    def _run(self, rows: Sequence[Row], adapter: str | None, interrupted: Callable[[], bool], told: OnTokens) -> None:
        self._decoder_of(adapter).run(rows, interrupted, told)

    def _warm(self, prefix: tuple[int, ...], adapter: str | None) -> None:
        self._decoder_of(adapter).warm(prefix)

    def _decoder_of(self, adapter: str | None) -> Decoder:
        """The decoder of that adapter, the model set to it."""
        loaded = None if adapter is None else self._adapters[adapter]
        self._activate(None if loaded is None else loaded.inside)
        return self._decoder if loaded is None else loaded.decoder

    def _activate(self, inside: str | None) -> None:
        if self._peft is None or inside == self._active:
            return
        if inside is None:
            _layers(self._peft).disable_adapter_layers()
        else:
            _layers(self._peft).enable_adapter_layers()
            self._peft.set_adapter(inside, inference_mode=True)
        self._active = inside

    def _taken_in(self, adapter: Adapter) -> _Loaded:
        """The adapter beside the others in the model, none of them active."""
        inside = f"loaded{next(self._numbers)}"
        try:
            if self._peft is None:
                with warnings.catch_warnings():  # peft asks transformers by the old name of a property
                    warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
                    # Wraps the layers in place: the decoders go on with the model they hold.
                    self._peft = PeftModel(self._model, adapter.config(), adapter_name=inside)
            else:
                self._peft.add_adapter(inside, adapter.config())
            fill(self._peft, adapter, inside)
        except (RuntimeError, ValueError, KeyError, WeightsError) as error:
            self._discard(inside)
            if isinstance(error, WeightsError):
                raise
            raise WeightsError(f"cannot apply the adapter: {error}", hint="it must fit the base model") from error
        self._peft.eval()
        _layers(self._peft).disable_adapter_layers()
        self._active = None
        return _Loaded(inside, adapter.sha256, self._new_decoder())

    def _forget(self, dropped: Sequence[_Loaded | None]) -> None:
        for one in dropped:
            if one is not None:
                self._discard(one.inside)

    def _discard(self, inside: str) -> None:
        if self._peft is None or inside not in self._peft.peft_config:
            return
        others = [name for name in self._peft.peft_config if name != inside]
        if others:
            self._peft.set_adapter(others[0], inference_mode=True)  # peft warns when the active one goes
            self._peft.delete_adapter(inside)
            _layers(self._peft).disable_adapter_layers()
        else:  # peft cannot be left with none: the layers go back to what they were
            _layers(self._peft).unload()
            self._peft = None
        self._active = None

    def _new_decoder(self) -> Decoder:
        return Decoder(self._model, self._stop_tokens, kept_prefixes=self._kept_prefixes)


def _layers(model: PeftModel) -> LoraModel:
    return cast(LoraModel, model.base_model)  # by its stubs it could be a tensor


def _opened(folder: Path, name: str, dtype: str):
    """Model and tokenizer in a folder of safetensors."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, use_safetensors=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise WeightsError(
            f"cannot load the language model {name!r}: {error}",
            hint="a folder with config.json, tokenizer and *.safetensors is needed",
        ) from error
    return cast(PreTrainedModel, model), tokenizer
