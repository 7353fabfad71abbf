"""Folders that keep what was fitted: arrays in safetensors, facts and hashes in a manifest written last.

folder/
  arrays.safetensors     named arrays
  manifest.json          kind, format, SHA-256 of the arrays, and facts: data, licence, split, seed, command, figures
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from index.errors import WeightsError
from index.weights import file_sha256

FORMAT = 1
"""Grows when what a folder holds changes its meaning; others are refused, not guessed at."""

ARRAYS = "arrays.safetensors"
MANIFEST = "manifest.json"

Facts = dict[str, Any]  # JSON values
Arrays = dict[str, NDArray[Any]]


def save(folder: Path, kind: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Keep what was fitted. A reader sees the old folder or the new one; a torn one does not pass its hash.

    Args:
        kind: what it is, e.g. "neighbours"; `load` compares it.
        facts: JSON values kept in the manifest as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    packed = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    aside = folder / f".{ARRAYS}.{os.getpid()}"
    save_file(packed, aside)
    manifest = {"kind": kind, "format": FORMAT, "sha256": file_sha256(aside), "facts": dict(facts)}
    aside.replace(folder / ARRAYS)
    written = folder / f".{MANIFEST}.{os.getpid()}"
    written.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    written.replace(folder / MANIFEST)


def load(folder: Path, kind: str) -> tuple[Arrays, Facts]:
    """The arrays and facts `save` kept.

    Raises:
        WeightsError: nothing there, of another kind or format, or changed since it was written.
    """
    facts = manifest(folder, kind)
    path = folder / ARRAYS
    if not path.is_file() or file_sha256(path) != facts["sha256"]:
        raise WeightsError(f"{path} is not what its manifest says", hint="fit it again, or restore the folder")
    try:
        return load_file(path), dict(facts["facts"])
    except SafetensorError as error:
        raise WeightsError(f"{path} is damaged", hint="fit it again, or restore the folder") from error


def manifest(folder: Path, kind: str) -> Facts:
    """The manifest alone, checked for kind and format: `kind`, `format`, `sha256`, `facts`.

    Raises:
        WeightsError: there is none, or it is of another kind or format.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        kinds = (found["kind"], found["format"])
        complete = isinstance(found["facts"], dict) and isinstance(found["sha256"], str)
    except FileNotFoundError as error:
        raise WeightsError(f"{folder} holds no {MANIFEST}", hint="fit it first") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder / MANIFEST} is damaged", hint="fit it again, or restore the folder") from error
    if not complete or kinds != (kind, FORMAT):
        raise WeightsError(f"{folder} holds {kinds[0]!r}, format {kinds[1]}; expected {kind!r}, format {FORMAT}")
    return found
