# pyright: basic
# torch and peft leave most of their types open.
"""LoRA adapters as files: read, checked against their manifest and their base, and never a pickle."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import safetensors.torch
import torch
from peft import LoraConfig, PeftModel, set_peft_model_state_dict
from safetensors import SafetensorError
from transformers import PreTrainedModel

from index.errors import WeightsError

_WEIGHTS = "adapter_model.safetensors"
_READ = ("r", "lora_alpha", "target_modules", "use_rslora", "rank_pattern", "alpha_pattern")
"""What of adapter_config.json serving needs; the rest says how it was trained."""
_PLAIN = {"bias": "none", "fan_in_fan_out": False, "lora_bias": False, "use_dora": False, "use_qalora": False}
_EMPTY = ("modules_to_save", "layer_replication", "trainable_token_indices", "target_parameters", "use_bdlora")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Adapter:
    """A checked adapter, in memory.

    Attributes:
        sha256: of its weights file.
        settings: arguments of a `LoraConfig`.
        tensors: the matrices, by peft's names.
    """

    sha256: str
    settings: Mapping[str, Any]  # JSON of several types
    tensors: Mapping[str, torch.Tensor]

    def config(self) -> LoraConfig:
        """What peft needs to make room for the matrices."""
        return LoraConfig(task_type="CAUSAL_LM", inference_mode=True, lora_dropout=0.0, **self.settings)


def read_adapter(folder: Path, base: str, *, manifest: bool = True) -> Adapter:
    """The LoRA adapter in `folder`, for the base model with that fingerprint.

    Args:
        base: `index.weights.fingerprint` of the base model.
        manifest: demand `manifest.json`, which names the base and the hash of the weights. False: check it if there.

    Raises:
        WeightsError: it is missing, damaged, not safetensors, not a plain LoRA of decoder layers, or of another base.
    """
    path = folder / _WEIGHTS
    if not path.is_file():
        raise WeightsError(f"{folder} holds no {_WEIGHTS}", hint="only safetensors adapters are loaded")
    try:
        # Read once: what is hashed is what is used, whoever writes to the folder meanwhile.
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        if manifest or (folder / "manifest.json").is_file():
            _compare(folder, sha256, base)
        settings = _settings(folder)
        tensors = safetensors.torch.load(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        raise WeightsError(f"cannot read the adapter {folder.name}: {error}", hint="train or copy it again") from error
    foreign = [name for name in tensors if ".layers." not in name]
    if foreign or not tensors:
        raise WeightsError(
            f"the adapter {folder.name} changes {foreign[0] if foreign else 'nothing'}",
            hint="only adapters of the decoder's layers are served",
        )
    return Adapter(sha256, settings, tensors)


def _compare(folder: Path, sha256: str, base: str) -> None:
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if told["sha256"] != sha256:
        raise WeightsError(
            f"the adapter {folder.name} has SHA-256 {sha256[:12]}..., its manifest says {str(told['sha256'])[:12]}...",
            hint="copy the whole folder again",
        )
    meant = str(told["base"]).rpartition("@")[2]
    if meant != base:
        raise WeightsError(
            f"the adapter {folder.name} was trained on {told['base']}, the model in use is {base}",
            hint="train it on this model, or choose that one",
        )


def _settings(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    odd = [name for name, plain in _PLAIN.items() if told.get(name, plain) != plain]
    odd += [name for name in _EMPTY if told.get(name)]
    if told["peft_type"] != "LORA" or odd:
        raise WeightsError(
            f"the adapter {folder.name} is no plain LoRA ({', '.join(odd) or told['peft_type']})",
            hint="train it with peft's LoraConfig defaults",
        )
    return {name: told[name] for name in _READ if told.get(name) is not None}


def fill(model: PeftModel, adapter: Adapter, name: str) -> None:
    """Put the matrices into the adapter `name` of the model, every one in its place.

    Raises:
        WeightsError: they do not fit the base model.
    """
    try:
        # peft's stubs do not know what this returns: names that were expected and not given, and the reverse.
        loaded = cast(Any, set_peft_model_state_dict(model, dict(adapter.tensors), adapter_name=name))
    except (RuntimeError, ValueError, KeyError) as error:
        raise _unfit(error) from error
    missing = [key for key in loaded.missing_keys if f".{name}." in key]
    if missing or loaded.unexpected_keys:
        raise _unfit(f"{[*missing, *loaded.unexpected_keys][0]} has no counterpart")


def merged(model: PreTrainedModel, adapter: Adapter) -> PreTrainedModel:
    """The model with the adapter added to its weights; `model` itself is changed.

    Raises:
        WeightsError: the adapter does not fit.
    """
    try:
        wrapped = PeftModel(model, adapter.config())
    except (RuntimeError, ValueError, KeyError) as error:
        raise _unfit(error) from error
    fill(wrapped, adapter, "default")
    return cast(PreTrainedModel, wrapped.merge_and_unload())


def _unfit(why: object) -> WeightsError:
    return WeightsError(f"cannot apply the adapter: {why}", hint="it must have been trained on the same base model")


class Shelf(Generic[T]):
    """What serves under each name, and what served before it, so that a swap can be undone. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[str, T] = {}
        self._before: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        with self._lock:
            try:
                return self._now[name]
            except KeyError:
                raise ValueError(f"no adapter {name!r} is loaded; loaded are: {sorted(self._now)}") from None

    def items(self) -> list[tuple[str, T]]:
        """Names with what serves under them, by name."""
        with self._lock:
            return sorted(self._now.items(), key=lambda pair: pair[0])

    def put(self, name: str, value: T) -> T | None:
        """Serve `value` under `name` from now on; what nothing leads back to any more."""
        with self._lock:
            dropped = self._before.pop(name, None)
            if name in self._now:
                self._before[name] = self._now[name]
            self._now[name] = value
            return dropped

    def roll_back(self, name: str) -> T:
        """Serve again what served before; what served until now.

        Raises:
            ValueError: nothing served under that name before.
        """
        with self._lock:
            if name not in self._before:
                raise ValueError(f"there is nothing to go back to for the adapter {name!r}")
            dropped, self._now[name] = self._now[name], self._before.pop(name)
            return dropped

    def take(self, name: str) -> list[T]:
        """Serve nothing under `name` any more; what served and what served before."""
        with self._lock:
            return [shelf.pop(name) for shelf in (self._now, self._before) if name in shelf]
