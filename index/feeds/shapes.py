"""What sort of file a feed is, and which forms it may hold."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Literal, get_args

from index.errors import CatalogueError

Form = Literal["jsonl", "merchant_center", "shopify", "schema_org", "table"]
"""What the fields of a feed are called. What kind of file they lie in is seen from the file."""
FORMS: tuple[Form, ...] = get_args(Form)

Kind = Literal["table", "parquet", "xml", "page", "pages", "json", "lines"]
PAGES = (".html", ".htm", ".xhtml")

_TABLES: tuple[Form, ...] = ("merchant_center", "shopify", "table")
_HOLDS: dict[Kind, tuple[Form, ...]] = {
    "table": _TABLES,
    "parquet": _TABLES,
    "xml": ("merchant_center",),
    "page": ("schema_org",),
    "pages": ("schema_org",),
    "json": ("schema_org", "jsonl"),
    "lines": ("jsonl", "schema_org"),
}
_CALLED: dict[Kind, str] = {
    "table": "a table",
    "parquet": "a table",
    "xml": "XML",
    "page": "an HTML page",
    "pages": "a folder of pages",
    "json": "a JSON document",
    "lines": "JSON Lines",
}
_ROWS = "a header with at least an id and a title, and below it a row for each item"
_PRODUCTS = "schema.org products with at least a name and an id such as sku"
_EXPECTED: dict[Kind, str] = {
    "table": _ROWS,
    "parquet": _ROWS,
    "xml": "an item or entry for each item, with at least an id and a title",
    "page": f"a script of type application/ld+json that holds {_PRODUCTS}",
    "pages": f"pages with scripts of type application/ld+json that hold {_PRODUCTS}",
    "json": f"{_PRODUCTS}, or an array of objects with at least an id and a title",
    "lines": "one JSON object a line with at least an id and a title",
}


def check_asked(path: Path, kind: Kind, form: Form | None, *, mapped: bool) -> None:
    """Return where a file of this kind can be read as it is asked for; `mapped` is whether a mapping was given.

    Raises:
        CatalogueError: it would have to be read otherwise, or the mapping be ignored.
    """
    if form is not None and form not in _HOLDS[kind]:
        raise CatalogueError(
            f"{path.name} is {_CALLED[kind]}, which cannot hold the form {form}",
            hint=f"it may hold {' or '.join(_HOLDS[kind])}; without a form, that is seen from the file",
        )
    if mapped and kind not in ("table", "parquet"):
        raise CatalogueError(
            f"{path.name} is {_CALLED[kind]}, which takes no mapping",
            hint="a mapping names the columns of a table (CSV, TSV, Parquet); leave it out",
        )


def expected_in(kind: Kind) -> str:
    """What a feed of this kind without items lacks, for whoever has to mend it."""
    return f"expected {_EXPECTED[kind]}; see docs/catalogue.md"


def kind_of(path: Path) -> Kind:
    """What sort of file it is, by its first bytes and then by its name; what a folder holds are pages.

    Raises:
        CatalogueError: it cannot be read.
    """
    if path.is_dir():
        return "pages"
    try:
        with path.open("rb") as file:
            start = file.read(65_536)
    except OSError as error:
        raise CatalogueError(f"catalogue {path} cannot be read: {error.strerror}", hint="expected a feed") from error
    suffix = path.suffix.lower()
    if start[:4] == b"PAR1" or suffix in (".parquet", ".pq"):
        return "parquet"
    if suffix in (".csv", ".tsv", ".tab"):
        return "table"
    if suffix in (".jsonl", ".ndjson"):
        return "lines"
    if suffix in PAGES:
        return "page"
    if suffix in (".json", ".jsonld"):
        return "lines" if _is_lines(start) else "json"
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in (".xml", ".rss", ".atom") or bare[:1] == b"<":
        return "page" if re.match(rb"<(!doctype\s+html|html)\b", bare, re.IGNORECASE) else "xml"
    if bare[:1] == b"[":
        return "json"
    if bare[:1] == b"{":
        return "lines" if _is_lines(start) else "json"
    return "table"


def _is_lines(start: bytes) -> bool:
    """Whether the first line is a whole object, and more may follow: JSON Lines under another name."""
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    with suppress(ValueError, RecursionError):
        value = json.loads(first)
        return isinstance(value, dict) and "@graph" not in value
    return False
