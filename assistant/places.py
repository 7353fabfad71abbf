"""Where things lie: the catalogue that is meant, and the folder of its index."""

import hashlib
from pathlib import Path

from assistant.demo.shop import catalogue_path
from assistant.settings import Settings
from index.errors import SetupError


def catalogue_file(settings: Settings) -> Path:
    """The configured feed, or the embedded shop's.

    Raises:
        SetupError: it is missing or empty.
    """
    path = settings.catalogue or catalogue_path()
    if path.is_dir() and any(path.iterdir()):
        return path
    if not path.is_file():
        raise SetupError(f"catalogue '{path}' is not a file", hint="pass --catalogue FILE, one JSON object a line")
    if path.stat().st_size == 0:
        raise SetupError(
            f"catalogue '{path}' is empty", hint="one JSON object a line; docs/catalogue.md lists the fields"
        )
    return path


def index_folder(settings: Settings) -> Path:
    """The folder of the index of the configured feed; need not exist."""
    path = settings.catalogue or catalogue_path()
    return settings.data_dir / "index" / hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
