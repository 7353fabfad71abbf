"""Which column of a shop's table is which of our fields: said in a mapping file, or guessed from the header."""

import codecs
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import CatalogueError

FIELDS = frozenset(
    "id title brand description categories price list_price special_price currency stock in_stock rating rating_count "
    "images group variant_id".split()
)
_LISTS = frozenset({"categories", "images"})
_NAMED = ("attributes.", "options.", "links.")
_TABLES = {"columns", "constants", "lists", "units", "encoding", "delimiter", "decimal"}

_GUESSES = {
    "id": "id itemid productid sku itemnumber itemno productcode articlenumber articleno artikelnummer artnr asin code "
    "handle uniqid uniqueid productsku partnumber externalid parentasin",
    "title": "title name productname producttitle itemname itemtitle productdisplayname bezeichnung artikelname "
    "produktname nom nombre titel titulo titre",
    "brand": "brand brandname vendor manufacturer maker marke hersteller marque marca",
    "description": "description productdescription longdescription body bodyhtml details beschreibung shortdescription "
    "aboutproduct descripcion",
    "categories": "categories category productcategory producttype categorypath maincategory kategorie "
    "categoryname department",
    "price": "price regularprice sellingprice unitprice currentprice retailprice preis prix precio verkaufspreis "
    "priceamount finalprice",
    "list_price": "listprice msrp rrp compareatprice originalprice oldprice wasprice uvp strikeprice",
    "special_price": "specialprice saleprice discountedprice discountprice offerprice",
    "currency": "currency currencycode pricecurrency waehrung devise moneda",
    "stock": "stock quantity qty stockquantity inventory inventoryquantity bestand lagerbestand stocklevel",
    "in_stock": "instock isinstock available isavailable availability",
    "rating": "rating averagerating avgrating stars ratingvalue reviewrating",
    "rating_count": "ratingcount reviewcount numberofratings numratings reviewscount ratingscount numberofreviews",
    "images": "images image imagelink imageurl imagepath picture pictures img photo imagefile imagesrc mainimage",
    "group": "itemgroupid groupid parentid parentsku parent masterid",
    "attributes.color": "color colour farbe couleur basecolour",
    "attributes.size": "size groesse taille talla",
    "attributes.material": "material fabric",
    "attributes.pattern": "pattern",
    "attributes.gender": "gender",
    "attributes.age_group": "agegroup",
    "attributes.season": "season",
    "attributes.condition": "condition",
    "attributes.gtin": "gtin ean ean13 upc barcode",
    "attributes.mpn": "mpn",
    "attributes.model": "model modelnumber modelno",
    "attributes.weight": "weight productweight gewicht",
    "attributes.dimensions": "dimensions productdimensions",
}
"""What columns are called, without blanks and signs. Only what shoppers may see: a cost price is nobody's attribute."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where our fields stand in a table.

    Attributes:
        columns: our field -> the columns that hold it, in order; empty to guess them from the header. `attributes.x`,
            `options.x` and `links.x` name one attribute, option or kind of link; `group` is what the rows of one item
            share.
        constants: our field -> a value that holds for every row.
        separators: our field -> what stands between values in one cell.
        minor: the price fields that count minor units (cents).
        encoding, delimiter: of a CSV file; None to see for ourselves.
        decimal: `.` or `,` in prices; "" reads either where it is clear.
    """

    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, Any] = field(default_factory=lambda: dict[str, Any]())
    separators: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())
    minor: frozenset[str] = frozenset()
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = ""

    def checked(self, header: Sequence[str], name: str) -> "ColumnMapping":
        """The mapping itself, once every column it names is there and an id and a title are found.

        Raises:
            CatalogueError: otherwise; the message names the columns the file has.
        """
        have = f"the columns are {ascii(list(header))[:400]}"
        wanted = [(ours, one) for ours, columns in self.columns.items() for one in columns]
        for ours, column in wanted:
            if column not in header:
                raise CatalogueError(f"{name} has no column {column!a}, which the mapping takes for {ours}", hint=have)
        for ours in ("id", "title"):
            if ours not in self.columns and ours not in self.constants:
                raise CatalogueError(
                    f"{name} has no column that is clearly the {ours}", hint=f"say which in a mapping file; {have}"
                )
        return self

    def check_unnamed(self, name: str, form: str) -> None:
        """Return where it only says how the file is written, which holds for a form with columns of its own too.

        Raises:
            CatalogueError: it names columns or the like, which that form would not look at.
        """
        parts = {"columns": self.columns, "constants": self.constants, "lists": self.separators, "units": self.minor}
        if said := [part for part, held in parts.items() if held]:
            raise CatalogueError(
                f"{name} is read as {form}, whose columns are known: the mapping's {' and '.join(said)} have no place",
                hint="read it by the mapping alone (form table), or leave these parts out",
            )


def guessed_mapping(header: Sequence[str]) -> ColumnMapping:
    """What the names of the columns say by themselves. `attributes.x` and `attribute_x` are attributes called x."""
    columns: dict[str, tuple[str, ...]] = {}
    bare = {column: re.sub(r"[\W_]+", "", column.casefold()) for column in header}
    for ours, names in _GUESSES.items():
        for name in names.split():
            found = tuple(column for column in header if bare[column] == name and column)
            if found:
                columns[ours] = found if ours in _LISTS else found[:1]
                break
    numbered = tuple(
        c for c in header if re.fullmatch(r"(?:image|picture|photo|img)(?:url|link|path|src)?\d+", bare[c])
    )
    if numbered or "images" in columns:
        columns["images"] = tuple(dict.fromkeys((*columns.get("images", ()), *numbered)))
    for column in header:
        if (named := re.fullmatch(r"attr(?:ibute)?s?[._: ]+(.+)", column.strip(), re.IGNORECASE)) is not None:
            columns.setdefault(f"attributes.{named.group(1).strip().lower()}", (column,))
        elif (named := re.fullmatch(r"options?[._: ]+(.+)", column.strip(), re.IGNORECASE)) is not None:
            columns.setdefault(f"options.{named.group(1).strip().lower()}", (column,))
    if "group" in columns:
        for name in ("color", "size"):
            if (found := columns.pop(f"attributes.{name}", None)) is not None:
                columns.setdefault(f"options.{name}", found)
    return ColumnMapping(columns)


def read_mapping(path: Path) -> ColumnMapping:
    """A mapping file, TOML or JSON; its parts are described in `docs/catalogue.md`.

    Raises:
        CatalogueError: it cannot be read, or says something we do not know; all faults at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        said = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise CatalogueError(
            f"mapping {path} cannot be read: {error.strerror}", hint="expected TOML or JSON"
        ) from error
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"mapping {path.name} is malformed: {error}", hint="expected TOML or JSON") from error
    if not isinstance(said, dict):
        raise CatalogueError(f"mapping {path.name} is no object", hint="expected a [columns] table")
    return mapping_from(said, path.name)


def mapping_from(said: Mapping[str, Any], name: str = "the mapping") -> ColumnMapping:
    """A mapping from what its file says.

    Raises:
        CatalogueError: as `read_mapping`.
    """
    wrong = [f"{key}: not a part of a mapping" for key in said if key not in _TABLES]
    parts: dict[str, dict[str, Any]] = {}
    for part in ("columns", "constants", "lists", "units"):
        held = said.get(part, {})
        if not isinstance(held, dict):
            wrong.append(f"{part}: {held!a} where a table was expected")
            held = {}
        parts[part] = held
        wrong += [f"{part}.{ours}: not a field of ours" for ours in held if not _is_field(ours)]
    columns: dict[str, tuple[str, ...]] = {}
    for ours, column in parts["columns"].items():
        found = tuple(column) if isinstance(column, list) else (column,)
        if not found or not all(isinstance(one, str) for one in found):
            wrong.append(f"columns.{ours}: {column!a} where the name of a column was expected")
        columns[ours] = found
    wrong += [f"units.{ours}: {u!a} where minor or major was expected" for ours, u in parts["units"].items()
              if u not in ("minor", "major")]  # fmt: skip
    wrong += [f"lists.{ours}: {s!a} where a separator was expected" for ours, s in parts["lists"].items()
              if not isinstance(s, str) or not s]  # fmt: skip
    encoding, delimiter, decimal = said.get("encoding"), said.get("delimiter"), said.get("decimal", "")
    if encoding is not None and not _is_text_codec(encoding):
        wrong.append(f"encoding: {encoding!a} where one such as cp1252 was expected")
    if delimiter is not None and not (isinstance(delimiter, str) and len(delimiter) == 1 and delimiter not in '\r\n"'):
        wrong.append(f"delimiter: {delimiter!a} where one sign was expected")
    if decimal not in ("", ".", ","):
        wrong.append(f"decimal: {decimal!a} where . or , was expected")
    if wrong:
        raise CatalogueError(f"{name}: {wrong[0]}", hint="; ".join(wrong[1:]), rows=tuple(wrong))
    minor = frozenset(ours for ours, unit in parts["units"].items() if unit == "minor")
    return ColumnMapping(columns, parts["constants"], parts["lists"], minor, encoding, delimiter, decimal)


def _is_field(ours: str) -> bool:
    return ours in FIELDS or any(ours.startswith(part) and len(ours) > len(part) for part in _NAMED)


def _is_text_codec(name: object) -> bool:
    try:
        return isinstance(name, str) and bool("a".encode(codecs.lookup(name).name))
    except (LookupError, ValueError):
        return False
