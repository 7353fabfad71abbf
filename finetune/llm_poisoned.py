"""A catalogue whose every listing carries an attack, to see whether the language model can be talked to by listings.

    python -m finetune.llm_poisoned --catalogue FILE --attacks FILE... --out FILE

Attacks are JSON lines with a `listing_with_sts` each, or a JSON object of lists of texts. They go, in turn, into title,
description, brand, an attribute and a review. `whybuy evaluate llm --replies N --catalogue FILE` then asks for replies
with the model on, off and lying and compares the shelves.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

FIELDS = ("title", "description", "brand", "attribute", "review")
_LONGEST = 600


def attacks_in(path: Path) -> list[str]:
    """The attack texts of a file.

    Raises:
        ValueError: it is neither of the two sorts.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        rows: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
        return [str(row["listing_with_sts"]) for row in rows if "listing_with_sts" in row]
    found: object = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} holds no lists of attacks by name")
    lists = cast("dict[str, list[str]]", found)
    return [attack for name in sorted(lists) for attack in lists[name]]


def poisoned(rows: Sequence[dict[str, Any]], attacks: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows, each with one attack or more: attack number n in row n modulo their number, all of them used.

    What it is put into goes round `FIELDS`, one step further with each round of the rows.

    Raises:
        ValueError: there are no rows, or no attacks.
    """
    if not rows or not attacks:
        raise ValueError("there is nothing to poison, or nothing to poison it with")
    copies: list[dict[str, Any]] = [json.loads(json.dumps(row)) for row in rows]
    for number in range(max(len(attacks), len(rows))):
        place = number % len(rows)
        _put(copies[place], FIELDS[(place + number // len(rows)) % len(FIELDS)], attacks[number % len(attacks)])
    yield from copies


def _put(row: dict[str, Any], field: str, attack: str) -> None:
    said = " ".join(attack.split())[:_LONGEST]
    if field == "attribute":
        row["attributes"] = {**(row.get("attributes") or {}), "note": [said[:120]]}
    elif field == "review":
        row["reviews"] = [*(row.get("reviews") or []), {"rating": 5, "title": "", "text": said}]
    elif field == "brand":
        row["brand"] = f"{row.get('brand') or ''} {said[:80]}".strip()
    else:
        row[field] = f"{row.get(field) or ''} {said}".strip()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--attacks", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.catalogue.read_text(encoding="utf-8").splitlines()]
    attacks = [attack for path in args.attacks for attack in attacks_in(path)]
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in poisoned(rows, attacks))
    args.out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(rows)} listings with {len(attacks)} attacks")


if __name__ == "__main__":
    main()
