"""Requests that people wrote, read as we labelled them, and how well a reader finds what they ask for.

    python -m finetune.human_requests --requests requests.jsonl [--split test]

measures the deterministic reader of the embedded shop. The labels are `material/human_requests.txt`, which also says
how to label; the requests themselves are not ours and stay where they are.
"""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from assistant.dialogue.reader import CatalogueReader, ReadingContext
from assistant.dialogue.reading_lines import SIGNS, Lines, Sign, Wish
from assistant.dialogue.typed import lines_of
from finetune import material
from finetune.examples import OWN_FIELDS, Example
from finetune.overlap import overlap_f1, pooled, table

Split = Literal["train", "test"]
NAMED_FIELDS = (
    "audience",
    "capacity",
    "compatible",
    "cut",
    "features",
    "flavor",
    "form",
    "ingredients",
    "model",
    "pack",
    "pattern",
    "room",
    "scent",
    "shape",
    "style",
    "use",
)
"""The fields our labels name beside those that any shop has."""
FIELDS = (*OWN_FIELDS, *NAMED_FIELDS)
FAMILY = "human requests"

_WISH = re.compile(r"(\w+) (<=|>=|!=|=|~) (\d+-\d+)")
_EDGES = re.compile(r"^[^\w$€£#]+|[^\w%+\"'’]+$")  # noqa: RUF001  (the typographic apostrophe is meant)

Span = tuple[int, int]
"""First and last word, counted from 0."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one request asks for, as places in it. `line` counts from 1; `words` None: the thing is not named."""

    line: int
    split: Split
    words: Span | None
    wishes: tuple[tuple[str, Sign, Span], ...]


@cache
def labels() -> tuple[Label, ...]:
    """All labels, in the order of the file."""
    return labels_in(material.text_of("human_requests.txt"))


def labels_in(text: str) -> tuple[Label, ...]:
    """The labels in the text of a label file.

    Raises:
        ValueError: a line cannot be read; says which.
    """
    found: list[Label] = []
    for number, section, line in material.sectioned(text):
        split = next((each for each in get_args(Split) if each == section), None)
        try:
            found.append(_label(line, split))
        except ValueError as error:
            raise ValueError(f"line {number} of the labels: {error}") from error
    return tuple(found)


def span_text(message: str, span: Span) -> str:
    """The words of a span as they stand in the message, without punctuation at the ends.

    Raises:
        ValueError: the message has no such words.
    """
    words = list(re.finditer(r"\S+", message))
    first, last = span
    if not 0 <= first <= last < len(words):
        raise ValueError(f"the request has {len(words)} words, so none from {first} to {last}")
    text = _EDGES.sub("", message[words[first].start() : words[last].end()])
    if not text:
        raise ValueError(f"words {first} to {last} are punctuation")
    return text


def reading_of(label: Label, message: str) -> Lines:
    """The label as a reading of its message.

    Raises:
        ValueError: the label does not fit the message.
    """
    words = span_text(message, label.words) if label.words else ""
    wishes = tuple(Wish(field, sign, span_text(message, span)) for field, sign, span in label.wishes)
    return Lines("search", words, wishes)


def examples(requests: Path, split: Split, chosen: Sequence[Label] | None = None) -> tuple[Example, ...]:
    """The labelled requests of a split, to learn from or to measure on.

    Args:
        requests: JSON lines with a `text` each.
        chosen: labels to use instead of our own.

    Raises:
        ValueError: a label does not fit its request: this is another file than the one that was labelled.
    """
    texts = [str(json.loads(line)["text"]) for line in requests.read_text(encoding="utf-8").splitlines()]
    found: list[Example] = []
    for label in labels() if chosen is None else chosen:
        if label.split == split:
            if label.line > len(texts):
                raise ValueError(f"{requests.name} has {len(texts)} requests, no line {label.line}")
            try:
                reading = reading_of(label, texts[label.line - 1])
            except ValueError as error:
                raise ValueError(f"{requests.name} line {label.line}: {error}") from error
            found.append(Example(texts[label.line - 1], "", reading, FIELDS, FAMILY))
    return tuple(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the deterministic reader of the embedded shop on labelled requests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=Path, required=True, help="the requests that were labelled")
    parser.add_argument("--split", choices=get_args(Split), default="test")
    args = parser.parse_args(arguments)
    asked = examples(args.requests, args.split)
    reader = demo_reader()
    gold = [example.reading for example in asked]
    found = [lines_of(reader.read(example.message, ReadingContext())) for example in asked]
    print(
        f"{len(asked)} requests, {args.split}\n\nall attributes as one slot\n{table(overlap_f1(found, gold, pooled))}"
    )
    print(f"\neach field a slot\n{table(overlap_f1(found, gold))}")


def demo_reader() -> CatalogueReader:
    """The deterministic reader in the words of the embedded shop."""
    from assistant.demo.shop import catalogue_path
    from index.columns import Columns
    from index.feeds.jsonl import read_items
    from index.language.vocabulary import vocabulary_of

    items = read_items(catalogue_path()).items
    return CatalogueReader(vocabulary_of(items, Columns(items)), "EUR")


def _label(line: str, split: Split | None) -> Label:
    if split is None:
        raise ValueError("it stands under no `## train` or `## test`")
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not parts[0].isdecimal() or not parts[1].startswith("words "):
        raise ValueError("expected `LINE | words A-B | field sign A-B; ...`")
    words = None if parts[1] == "words -" else _span(parts[1].removeprefix("words "))
    wishes: list[tuple[str, Sign, Span]] = []
    for part in filter(None, (each.strip() for each in parts[2].split(";"))):
        wish = _WISH.fullmatch(part)
        if wish is None or wish[1] not in FIELDS:
            raise ValueError(f"`{part}` is no wish")
        wishes.append((wish[1], next(sign for sign in SIGNS if sign == wish[2]), _span(wish[3])))
    return Label(int(parts[0]), split, words, tuple(wishes))


def _span(text: str) -> Span:
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal()):
        raise ValueError(f"`{text}` is no span")
    return int(first), int(last)


if __name__ == "__main__":
    main()
