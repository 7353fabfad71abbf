"""Sizes are compared whole: `M` is `Medium`, `42` is `EU 42`, and neither is part of anything else."""

import re
from functools import lru_cache

from index.language.words import stems, tokens

_LETTERS = {
    "extra extra small": "xxs",
    "2xs": "xxs",
    "extra small": "xs",
    "xsmall": "xs",
    "x small": "xs",
    "small": "s",
    "medium": "m",
    "large": "l",
    "xlarge": "xl",
    "x large": "xl",
    "extra large": "xl",
    "xxlarge": "xxl",
    "xx large": "xxl",
    "extra extra large": "xxl",
    "2xl": "xxl",
    "2x": "xxl",
    "3xl": "xxxl",
    "3x": "xxxl",
    "4xl": "xxxxl",
    "one": "one size",
    "os": "one size",
    "onesize": "one size",
    "1 size": "one size",
    "one size fits all": "one size",
    "universal": "one size",
}
_SYSTEMS = frozenset({"eu", "us", "uk", "eur", "jp", "fr", "it", "de", "cm", "mm", "in", "inch"})
_GLUED = re.compile(r"^(\d+(?:[.,]\d+)?)([a-z]+)$|^([a-z]+?)(\d+(?:[.,]\d+)?)$")


def is_size_field(field: str) -> bool:
    """Whether a field of this name holds sizes (`size`, `Shoe sizes`, `size_eu`)."""
    return "size" in stems(field)


@lru_cache(maxsize=16384)
def same_size(held: str, wanted: str) -> bool:
    """Whether two sizes are one. A size without a system matches it in any: `42` is `EU 42`."""
    wanted_system, wanted_size = _read(wanted)
    for one in _alternatives(held):
        system, size = _read(one)
        if size and size == wanted_size and (not system or not wanted_system or system == wanted_system):
            return True
    return False


def _alternatives(held: str) -> list[str]:
    """`S/M` fits either; `32/34` is one size (waist and length)."""
    parts = [part.strip() for part in held.split("/")]
    letters = len(parts) > 1 and all(_is_letter_size(part) for part in parts)
    return [*parts, held] if letters else [held]


def _is_letter_size(part: str) -> bool:
    _, size = _read(part)
    return bool(re.fullmatch(r"x*[sl]|m", size))


def _read(text: str) -> tuple[frozenset[str], str]:
    """The systems or units a size names, and the size proper."""
    words: list[str] = []
    for word in tokens(text):
        glued = _GLUED.match(word)
        pair = tuple(part for part in glued.groups() if part) if glued else ()
        words.extend(pair if any(part in _SYSTEMS for part in pair) else (word,))
    words = [word for word in words if word != "size"] if words not in (["one", "size"], ["1", "size"]) else words
    system = frozenset(word for word in words if word in _SYSTEMS)
    size = " ".join(word.replace(",", ".") for word in words if word not in _SYSTEMS)
    return system, _LETTERS.get(size, size)
