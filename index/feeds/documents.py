"""JSON documents, and the JSON-LD in HTML pages -> values with the line each starts on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import CatalogueError
from index.feeds.fields import BadFieldError, Fault
from index.feeds.tables import Meter

_CHUNK = 1 << 20
_LONGEST = 64 * 1024 * 1024
_BLANK = " \t\r\n"
_SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
_CLOSE = re.compile(r"</script\b", re.IGNORECASE)
_LD = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json""", re.IGNORECASE)

Value = tuple[int, Any]


def json_values(path: Path, *, meter: Meter | None = None) -> Iterator[Value | Fault]:
    """The elements of an array, one by one, or the one value of any other document.

    Arrays may be of any length; one value may have 64 MiB. What follows a malformed value cannot be read.

    Raises:
        CatalogueError: the file cannot be read.
    """
    try:
        size = max(1, path.stat().st_size)
        with path.open(encoding="utf-8-sig") as file:
            text = _Buffer(file.read)
            is_array = text.next_sign() == "["
            if is_array:
                text.skip()
            while (sign := text.next_sign()) and not (is_array and sign == "]"):
                yield text.line, text.value()
                if meter:
                    meter(min(1.0, text.read / size))
                after = text.next_sign()
                if is_array and after == ",":
                    text.skip()
                elif after != ("]" if is_array else ""):
                    raise ValueError("what follows a value is no JSON")
            if is_array and not sign:
                raise ValueError("the array does not end")
    except OSError as error:
        raise CatalogueError(f"catalogue {path} cannot be read: {error.strerror}", hint="expected a feed") from error
    except UnicodeDecodeError as error:
        yield BadFieldError("", str(error.object[error.start : error.start + 20]), "UTF-8 text").fault(1)
    except (ValueError, RecursionError) as error:
        yield BadFieldError("", str(error), "well-formed JSON").fault(1)


def page_values(path: Path) -> Iterator[Value | Fault]:
    """What the `application/ld+json` scripts of an HTML page hold.

    Raises:
        CatalogueError: the page cannot be read, or is larger than 64 MiB.
    """
    try:
        if path.stat().st_size > _LONGEST:
            raise CatalogueError(f"{path.name} is too large for a page", hint="expected at most 64 MiB")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise CatalogueError(f"catalogue {path} cannot be read: {error.strerror}", hint="expected a page") from error
    at, line, counted = 0, 1, 0
    while (opener := _SCRIPT.search(text, at)) is not None:
        closer = _CLOSE.search(text, opener.end())
        at = closer.end() if closer else len(text)
        if not _LD.search(opener.group(1)):
            continue
        line, counted = line + text.count("\n", counted, opener.end()), opener.end()
        inside = text[opener.end() : closer.start() if closer else len(text)].strip()
        inside = inside.removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
        try:
            yield line, _DECODER.decode(inside.strip().rstrip(";"))
        except (ValueError, RecursionError) as error:
            yield BadFieldError("", str(error), "well-formed JSON-LD").fault(line)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_constant)
"""Line breaks inside strings, though against the rules, are common in pages and harmless."""


class _Buffer:
    """Text read piece by piece, of which only what is not yet decoded is kept."""

    def __init__(self, read: Any) -> None:  # the bound `read` of a text file
        self._read = read
        self._text = ""
        self._at = 0
        self.line = 1
        self.read = 0

    def next_sign(self) -> str:
        """The next sign that is not blank, which stays; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self.line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(_CHUNK):
                return ""

    def skip(self) -> None:
        self._at += 1

    def value(self) -> Any:
        """The value that starts here.

        Raises:
            ValueError: it is malformed, or longer than 64 MiB.
        """
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or not self._more(_CHUNK):  # a number might go on
                    self.line += self._text.count("\n", self._at, end)
                    self._at = end
                    return found
            except ValueError:
                have = len(self._text) - self._at
                if have > _LONGEST or not self._more(max(_CHUNK, have)):
                    raise

    def _more(self, much: int) -> bool:
        new = self._read(much)
        if new:
            self._text = self._text[self._at :] + new
            self._at = 0
            self.read += len(new)
        return bool(new)
