"""Merchant Center feeds in XML, RSS 2.0 or Atom: one row an item, read as a stream."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax import SAXParseException, handler
from xml.sax.xmlreader import AttributesNSImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from index.errors import CatalogueError
from index.feeds.fields import BadFieldError, Fault
from index.feeds.merchant_center import attribute_name
from index.feeds.raw import Raw
from index.feeds.tables import Meter

_GOOGLE = "http://base.google.com/ns/1.0"
_ROWS = ("item", "entry", "product")
_CHUNK = 1 << 16
_LONGEST = 2_000_000


def xml_rows(path: Path, *, meter: Meter | None = None) -> Iterator[Raw | Fault]:
    """Every `item` or `entry`, its cells named by attribute; what occurs more than once is a list.

    A file that breaks off or is malformed gives the items before that, then a fault.

    Raises:
        CatalogueError: the file cannot be read, or declares entities, which no feed needs.
    """
    gatherer = _Gatherer()
    parser = DefusedExpatParser(namespaceHandling=1, forbid_dtd=False)
    parser.setFeature(handler.feature_namespaces, True)
    parser.setContentHandler(gatherer)
    gatherer.setDocumentLocator(parser)  # the parser itself does so only when it opens the file
    try:
        size = max(1, path.stat().st_size)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
                yield from gatherer.taken()
                if meter:
                    meter(file.tell() / size)
            parser.close()
            yield from gatherer.taken()
    except SAXParseException as error:
        yield from gatherer.taken()
        yield BadFieldError("", error.getMessage(), "well-formed XML").fault(error.getLineNumber() or 1)
    except DefusedXmlException as error:
        raise CatalogueError(f"{path.name} declares XML entities", hint="expected a feed without a DTD") from error
    except (LookupError, ValueError) as error:
        yield BadFieldError("", str(error), "XML in UTF-8").fault(1)
    except OSError as error:
        raise CatalogueError(f"catalogue {path} cannot be read: {error.strerror}", hint="expected a feed") from error


class _Gatherer(handler.ContentHandler):
    """Keeps the cells of the item at hand, and the items done until they are taken."""

    def __init__(self) -> None:
        super().__init__()
        self._done: list[Raw | Fault] = []
        self._cells: dict[str, Any] | None = None
        self._line = 0
        self._path: list[str] = []
        self._text: list[str] = []
        self._parts: dict[str, str] = {}
        self._length = 0
        self._place: Locator | None = None

    def taken(self) -> list[Raw | Fault]:
        done, self._done = self._done, []
        return done

    def setDocumentLocator(self, locator: Locator) -> None:
        self._place = locator

    def startElementNS(
        self,
        name: tuple[str | None, str],
        qname: str | None,  # noqa: ARG002
        attrs: AttributesNSImpl,
    ) -> None:
        local = name[1]
        if self._cells is None:
            if local in _ROWS:
                self._cells, self._path, self._length = {}, [], 0
                self._line = (self._place.getLineNumber() if self._place else 0) or 1
            return
        self._path.append(local)
        if len(self._path) == 1:
            self._text, self._parts = [], {}
            if local == "link" and name[0] != _GOOGLE and (href := attrs.get((None, "href"))):
                self._text.append(href)
        elif len(self._path) == 2:
            self._text = []

    def characters(self, content: str) -> None:
        if self._cells is not None and self._path:
            self._length += len(content)
            if self._length <= _LONGEST:
                self._text.append(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: ARG002
        if self._cells is None:
            return
        if not self._path:
            self._done.append(self._row())
            self._cells = None
            return
        local = attribute_name(self._path.pop())
        if len(self._path) == 1:  # section_name, attribute_name, attribute_value; country and price of shipping
            self._parts[local] = "".join(self._text).strip()
            self._text = []
        elif not self._path:
            self._keep(local, self._value())

    def _value(self) -> Any:
        text = "".join(self._text).strip()
        if self._parts:
            return self._parts if "attribute_value" in self._parts else self._parts.get("content", self._parts)
        return text

    def _keep(self, name: str, value: Any) -> None:
        if not value or self._cells is None:
            return
        if name not in self._cells:
            self._cells[name] = value
        elif isinstance(self._cells[name], list):
            self._cells[name].append(value)
        else:
            self._cells[name] = [self._cells[name], value]

    def _row(self) -> Raw | Fault:
        if self._length > _LONGEST:
            return BadFieldError("", f"{self._length} characters", f"an item of at most {_LONGEST}").fault(self._line)
        cells = self._cells or {}
        for atom, ours in (("summary", "description"), ("content", "description")):
            if atom in cells and ours not in cells:
                cells[ours] = cells[atom]
        return Raw(self._line, cells)
