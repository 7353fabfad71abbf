"""GGUF weights, converted once to safetensors. Reading GGUF takes tens of seconds each time, the copy under two."""

import contextlib
import logging
from collections.abc import Generator
from functools import partial
from pathlib import Path

from assistant.llm.prepared import is_intact, prepared
from index.errors import WeightsError
from index.weights import cache_folder, file_sha256

__all__ = ["converted", "is_intact", "safetensors_folder"]

log = logging.getLogger(__name__)


def safetensors_folder(found: Path, *, cache: Path | None = None) -> Path:
    """The folder of safetensors of what `index.weights.locate` found, converted where it is GGUF.

    Raises:
        WeightsError: it holds several GGUF files, or one that is not a model, or the cache cannot be written.
    """
    if found.suffix == ".gguf":
        return converted(found, cache=cache)
    if any(found.glob("*.safetensors")):
        return found
    match sorted(found.glob("*.gguf")):
        case [gguf]:
            return converted(gguf, cache=cache)
        case files:
            raise WeightsError(f"{found} holds {len(files)} GGUF files", hint="give the path of one of them")


def converted(gguf: Path, *, cache: Path | None = None) -> Path:
    """A folder with the weights, tokenizer and settings of `gguf` as safetensors, float32.

    The folder is keyed by the file's SHA-256 and made once, as `prepared` says.

    Args:
        cache: None: the user's cache folder.

    Raises:
        WeightsError: the file is not a GGUF model, or the cache cannot be written.

    Cost: for the embedded model about 20 s and 0.6 GB of disk once; afterwards 0.5 s, for the checksums.
    """
    sha256 = file_sha256(gguf)
    facts = {"source": gguf.name, "source_sha256": sha256, "dtype": "float32"}
    return prepared((cache or cache_folder()) / f"gguf-{sha256[:12]}", partial(_fill, gguf), facts)


def _fill(gguf: Path, out: Path) -> None:
    log.info("converting %s to safetensors, once", gguf.name)
    _convert(gguf, out)


def _convert(gguf: Path, out: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with quiet_progress():
        try:
            tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
            raw = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
        except (ValueError, KeyError, RuntimeError, NotImplementedError) as error:
            raise WeightsError(
                f"{gguf.name} cannot be read as a GGUF model: {error}", hint="give another file or a safetensors folder"
            ) from error
        # The loaded model carries a quantizer that cannot be saved; a twin built from its config does not.
        clean = AutoModelForCausalLM.from_config(raw.config, dtype=torch.float32)
        if hasattr(clean.config, "quantization_config"):
            del clean.config.quantization_config
        clean.load_state_dict(raw.state_dict())
        clean.generation_config = raw.generation_config
        clean.save_pretrained(out)
        tokenizer.save_pretrained(out)


@contextlib.contextmanager
def quiet_progress() -> Generator[None]:
    """No progress bars of transformers inside."""
    from transformers.utils import logging as hf_logging

    enabled = hf_logging.is_progress_bar_enabled()
    hf_logging.disable_progress_bar()
    try:
        yield
    finally:
        if enabled:
            hf_logging.enable_progress_bar()
