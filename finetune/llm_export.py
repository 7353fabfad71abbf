# pyright: basic
# torch and peft leave most of their types open.
"""A trained adapter as it ships: half precision, no machine's paths, and a manifest that says what it is worth.

    python -m finetune.llm_export --run FOLDER --out FOLDER [--evaluation FILE]

`--run` is a folder of `finetune.sft`, finished or not: without a finished adapter its last checkpoint is taken.
"""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from finetune.sft import ADAPTER, CONFIG, Recipe, base_folder, save_half, with_lora
from index.errors import WeightsError
from index.weights import file_sha256, fingerprint, locate

MANIFEST = "manifest.json"

_ABSOLUTE = re.compile(r"""(?<![^\s'"=])/(?:[^/\s]+/)*([^/\s]+)""")
"""A path from the root on, where a word of a command or an option's value begins."""


def export(run: Path, out: Path, evaluation: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write the adapter of a training run into `out`; its manifest.

    Raises:
        WeightsError: the folder holds neither an adapter nor a checkpoint.
    """
    finished = (run / ADAPTER).is_file()
    if finished:
        tensors = load_file(run / ADAPTER)
        manifest: dict[str, Any] = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
        config: dict[str, Any] = json.loads((run / CONFIG).read_text(encoding="utf-8"))
    else:
        tensors, config, manifest = _from_checkpoint(run / "run")
    config["base_model_name_or_path"] = Path(str(manifest["recipe"]["model"])).name
    config["inference_mode"] = True
    out.mkdir(parents=True, exist_ok=True)
    save_half(tensors, out / ADAPTER)
    (out / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    manifest = _without_folders(manifest) | {"sha256": file_sha256(out / ADAPTER), "precision": "float16"}
    if evaluation:
        manifest["evaluation"] = evaluation
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return manifest


def _without_folders(told: dict[str, Any]) -> dict[str, Any]:
    """The same with every absolute path in commands and recipes cut to its last part."""
    return {
        name: _without_folders(value)
        if isinstance(value, dict)
        else _ABSOLUTE.sub(r"\1", value)
        if isinstance(value, str)
        else value
        for name, value in told.items()
    }


def _from_checkpoint(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any], dict[str, Any]]:
    """Tensors, config and manifest of the last checkpoint; the parameters' names come from a model of that recipe."""
    try:
        facts = json.loads((folder / "checkpoint.json").read_text(encoding="utf-8"))
        saved = load_file(folder / facts["tensors"])
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(f"{folder} holds no checkpoint", hint="give the --out folder of finetune.sft") from error
    recipe = Recipe(**facts["plan"]["recipe"])
    model = with_lora(base_folder(recipe.model), recipe)
    names = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    tensors = {name.replace(".default.", "."): saved[f"model.{at}"] for at, name in enumerate(names)}
    config = {
        name: sorted(value) if isinstance(value, set) else value
        for name, value in model.peft_config["default"].to_dict().items()
    }
    manifest = {
        "base": f"{Path(recipe.model).name}@{fingerprint(locate(recipe.model))}",
        "prompt": "reading_lines",
        "data": facts["plan"]["data"],
        "recipe": facts["plan"]["recipe"],
        "metrics": {"dev_loss": round(float(facts["score"]), 5), "step": facts["step"]},
    }
    return tensors, config, manifest


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--evaluation", type=Path, help="JSON figures to put into the manifest")
    args = parser.parse_args(arguments)
    figures = json.loads(args.evaluation.read_text(encoding="utf-8")) if args.evaluation else None
    manifest = export(args.run, args.out, figures)
    size = (args.out / ADAPTER).stat().st_size / 1e6
    print(f"{args.out / ADAPTER}: {size:.1f} MB, sha256 {manifest['sha256'][:12]}, {manifest['metrics']}")


if __name__ == "__main__":
    main()
