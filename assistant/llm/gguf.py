"""GGUF weights, converted once to safetensors. Reading GGUF takes tens of seconds each time, the copy under two."""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

from index.errors import WeightsError
from index.weights import cache_folder, file_sha256

log = logging.getLogger(__name__)

_MANIFEST = "manifest.json"


def converted(gguf: Path, *, cache: Path | None = None) -> Path:
    """A folder with the weights, tokenizer and settings of `gguf` as safetensors, float32.

    The folder is keyed by the file's SHA-256, written aside, and renamed when complete: several processes may
    convert at once, and one that is killed leaves nothing that looks ready. Its checksums are compared every time.

    Args:
        cache: None: the user's cache folder.

    Raises:
        WeightsError: the file is not a GGUF model, or the cache cannot be written.

    Cost: for the embedded model about 20 s and 0.6 GB of disk once; afterwards 0.5 s, for the checksums.
    """
    sha256 = file_sha256(gguf)
    ready = (cache or cache_folder()) / f"gguf-{sha256[:12]}"
    if is_intact(ready):
        return ready
    log.info("converting %s to safetensors, once", gguf.name)
    try:
        ready.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{ready.name}-", dir=ready.parent))
        try:
            _convert(gguf, aside)
            _write_manifest(aside, source=gguf.name, source_sha256=sha256)
            return _publish(aside, ready)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise WeightsError(
            f"cannot write converted weights to {ready.parent}: {error.strerror or error}",
            hint="free 0.6 GB there, or set WHYBUY_CACHE_DIR to a folder that can be written",
        ) from error


def is_intact(folder: Path) -> bool:
    """Whether `folder` has a manifest and every file it names, unchanged."""
    try:
        files: dict[str, str] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["files"]
        return bool(files) and all(_sha256_now(folder / name) == sha256 for name, sha256 in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _sha256_now(path: Path) -> str:
    # Not the remembered sum of index.weights: this is the question whether the file has changed.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _convert(gguf: Path, out: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with _quiet_progress():
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
def _quiet_progress() -> Generator[None]:
    from transformers.utils import logging as hf_logging

    enabled = hf_logging.is_progress_bar_enabled()
    hf_logging.disable_progress_bar()
    try:
        yield
    finally:
        if enabled:
            hf_logging.enable_progress_bar()


def _write_manifest(folder: Path, *, source: str, source_sha256: str) -> None:
    files = {path.name: _sha256_now(path) for path in sorted(folder.iterdir())}
    manifest = {"source": source, "source_sha256": source_sha256, "dtype": "float32", "files": files}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _publish(aside: Path, ready: Path) -> Path:
    """Rename `aside` to `ready`; whoever comes second keeps the first one's, and a damaged folder is replaced."""
    for _ in range(3):
        try:
            aside.rename(ready)
            return ready
        except OSError:
            if is_intact(ready):
                return ready
            trash = Path(tempfile.mkdtemp(prefix=".damaged-", dir=ready.parent))
            with contextlib.suppress(OSError):
                ready.rename(trash / ready.name)
            shutil.rmtree(trash, ignore_errors=True)
    raise WeightsError(f"cannot put converted weights into {ready}", hint="remove that folder and try again")
