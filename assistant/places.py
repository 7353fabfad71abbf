"""Where things lie: the catalogue that is meant, the folder of its index, its database."""

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
    return settings.data_dir / "index" / _shop(settings)


def database_url(settings: Settings) -> str:
    """The SQLAlchemy URL in force: the configured one, or a SQLite file of this feed's alone.

    Ids of shoppers and items mean something within one shop only: two shops that shared a database would tell a shopper
    of one what they bought in the other.
    """
    return settings.database_url or f"sqlite:///{settings.data_dir / 'history' / _shop(settings)}.db"


def _shop(settings: Settings) -> str:
    """A name for the configured feed, by its path."""
    path = settings.catalogue or catalogue_path()
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
