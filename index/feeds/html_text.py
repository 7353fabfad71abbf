"""HTML as shops write it -> plain text, in time linear in its length whatever was typed."""

import re
from html import unescape

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"[^\S\n]+")
_OPENER = re.compile(r"<(?=[a-zA-Z/!?])")
_SILENT = re.compile(r"<(script|style|template|noscript|iframe|object|svg|math)\b", re.IGNORECASE)
# Possessive throughout: a tag that never ends must not be tried again from every letter of it.
_TAG = re.compile(r"""<(?:[/!?]|(?=[a-zA-Z]))([a-zA-Z][a-zA-Z0-9]*+)?+(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|[^<>]*+>)""")
_AMPERSANDS = re.compile(r"&(?:amp;|#0{0,6}38;|#[xX]0{0,6}26;)+")
_BLOCKS = frozenset(
    "p br li ul ol dl dt dd div tr td th table h1 h2 h3 h4 h5 h6 hr section article header footer blockquote".split()
)
_ROUNDS = 4
"""How often text is unwrapped: shops escape HTML once or twice, whoever does so more often is up to something."""


def plain(text: str) -> str:
    """The text without HTML; every line trimmed, runs of blanks single, empty lines gone.

    Markup that was escaped, once or several times, is taken out too; nothing that comes back can open a tag: a `<` left
    over before a letter is followed by a blank.
    """
    for _ in range(_ROUNDS):
        before = text
        if "<" in text:
            text = _without_tags(text)
        if "&" in text:
            text = unescape(_AMPERSANDS.sub("&", text))
        if text == before:
            break
    if "<" in text:
        text = _OPENER.sub("< ", _without_tags(text))
    if "\n" not in text:
        return _BLANKS.sub(" ", _CONTROL.sub(" ", text)).strip()
    lines = (_BLANKS.sub(" ", _CONTROL.sub(" ", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_tags(text: str) -> str:
    text = _without_comments(text)
    if _SILENT.search(text):
        text = _without_silent(text)
    return _TAG.sub(_blank_or_line, text)


def _blank_or_line(tag: re.Match[str]) -> str:
    name = tag.group(1)
    return "\n" if name and name.lower() in _BLOCKS else ""


def _without_comments(text: str) -> str:
    """One left open ends where the text does not say, so only its mark goes."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join((*kept, text[at:].replace("<!--", "")))


def _without_silent(text: str) -> str:
    """Scripts, styles and the like go with what is in them; one left open takes the rest along, as in a browser."""
    lower = text.translate(_ASCII_LOWER)
    kept: list[str] = []
    at = 0
    while (opener := _SILENT.search(text, at)) is not None:
        kept.append(text[at : opener.start()])
        end = lower.find(f"</{opener.group(1).lower()}", opener.end())
        if end < 0:
            return "".join(kept)
        close = text.find(">", end)
        at = len(text) if close < 0 else close + 1
    return "".join((*kept, text[at:]))


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""`str.lower` may change a text's length, and so where things stand in it."""
