# pyright: basic
# transformers and onnxruntime-genai leave their types open.
"""A chat model as a quantised ONNX graph, built once on the user's machine from its safetensors and kept in the cache.

8-bit weights in blocks of 64 with a scale each, outliers spread before (`assistant.llm.rotation`): as true as blocks of
32 without, and quicker. Plain 4-bit rounding was measured and is no choice: the embedded model's weights come 4-bit
already, and rounding them a second time changes every fourth greedy token.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib import metadata, util
from pathlib import Path
from typing import cast

from transformers import AutoModelForCausalLM, PreTrainedModel

from assistant.llm.adapters import Adapter, merged
from assistant.llm.gguf import quiet_progress
from assistant.llm.prepared import prepared
from assistant.llm.rotation import spread
from index.errors import SetupError, WeightsError
from index.weights import cache_folder, fingerprint

log = logging.getLogger(__name__)

PIP = "pip install 'onnxruntime-genai>=0.18,<0.19' onnxruntime onnx onnx-ir"
_PRECISION, _BLOCK = "int8", 64
_OPTIONS = (f"block_size={_BLOCK}", "accuracy_level=4", "prune_lm_head=true")
"""`accuracy_level` 4: activations are rounded to 8 bits, block by block, too. `prune_lm_head`: scores of the last
position only, a fifth of the work on a long prompt."""


_BUILDER = """
import runpy, onnxruntime, onnxruntime_genai
onnxruntime.disable_telemetry_events()
onnxruntime_genai.disable_telemetry_events()
runpy.run_module("onnxruntime_genai.models.builder", run_name="__main__")
"""


def onnx_folder(folder: Path, *, adapter: Adapter | None = None, cache: Path | None = None) -> Path:
    """The folder with `model.onnx` and `genai_config.json` of a model, rounded to 8 bits.

    An adapter is added to the weights before they are rounded.

    Args:
        folder: safetensors, as `safetensors_folder` gives it.
        cache: None: the user's cache folder.

    Raises:
        SetupError: a package is missing; the message names it.
        WeightsError: the model cannot be built, or the cache not written.

    Cost: for the embedded model 16 s and 0.27 GB of disk once for each adapter; afterwards 0.3 s, for the checksums.
    """
    require("onnxruntime", "onnxruntime_genai", "onnx", "onnx_ir")
    base = fingerprint(folder)
    with_adapter = f"-{adapter.sha256[:12]}" if adapter else ""
    builder = metadata.version("onnxruntime-genai")
    rounding = f"{_PRECISION}-spread-{_BLOCK}"
    facts = {"base": base, "adapter": adapter.sha256 if adapter else "", "precision": rounding, "builder": builder}
    name = f"onnx-{rounding}-{base}{with_adapter}-{builder}"
    return prepared((cache or cache_folder()) / name, partial(_make, folder, adapter), facts, size="1 GB")


def require(*modules: str) -> None:
    """Nothing, when these are installed.

    Raises:
        SetupError: one is not; the hint is the pip line.
    """
    absent = [module for module in modules if util.find_spec(module) is None]
    if absent:
        raise SetupError(f"the engine fast_cpu needs {', '.join(absent)}", hint=PIP)


def _make(folder: Path, adapter: Adapter | None, out: Path) -> None:
    begun = time.monotonic()
    log.info("building the ONNX graph of %s, once", folder.name)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".merged-") as aside:
        source, built = Path(aside) / "model" / folder.name, Path(aside) / "built"
        _prepare(folder, adapter, source)
        _build(source, built, Path(aside) / "scratch")
        for file in (*sorted(built.glob("model.onnx*")), built / "genai_config.json"):
            file.rename(out / file.name)
    log.info("built in %.0f s", time.monotonic() - begun)


def _prepare(folder: Path, adapter: Adapter | None, out: Path) -> None:
    """The model as it is to be rounded: with the adapter in its weights, and its outliers spread."""
    with quiet_progress():
        model = cast(PreTrainedModel, AutoModelForCausalLM.from_pretrained(folder, dtype="float32"))
        spread(merged(model, adapter) if adapter else model).save_pretrained(out)
    for file in folder.glob("*token*"):
        shutil.copy(file, out / file.name)


def _build(source: Path, out: Path, scratch: Path) -> None:
    """Run the builder in a process of its own: it prints, logs, and asks the model hub about folders too."""
    command = [sys.executable, "-c", _BUILDER, "--input", str(source), "--output", str(out)]
    command += ["--precision", _PRECISION, "--execution_provider", "cpu", "--cache_dir", str(scratch)]
    command += ["--extra_options", *_OPTIONS]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0 or not (out / "model.onnx").is_file():
        log.debug("the builder said: %s", done.stderr)
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise WeightsError(
            f"no ONNX graph can be built of {source.name}: {why}", hint="choose llm_engine = transformers"
        )
