"""A slow, obvious second opinion on replies: reads catalogue rows as they stand in the file, shares no code with us."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]  # a catalogue row or reply as parsed from JSON


def rows(path: Path) -> dict[str, Row]:
    """Catalogue rows by id."""
    return {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def price(row: Row) -> Decimal | None:
    amount = row.get("special_price") if row.get("special_price") is not None else row.get("price")
    return None if amount is None else Decimal(str(amount))


def options(row: Row, name: str) -> set[str]:
    """The buyable values of an option, and the values of the attribute of that name, in lower case."""
    variants = row.get("variants") or {}
    values: list[str] = []
    if isinstance(variants, dict):
        values += variants.get(name, [])
    else:
        values += [v["options"].get(name, "") for v in variants if v.get("stock") is None or v["stock"] > 0]
    attribute = (row.get("attributes") or {}).get(name, [])
    values += attribute if isinstance(attribute, list) else [attribute]
    return {str(value).lower() for value in values if value}


def in_stock(row: Row) -> bool:
    variants = row.get("variants")
    if isinstance(variants, list) and variants and not any(v.get("stock") is None or v["stock"] > 0 for v in variants):
        return False
    return row.get("stock") is None or row["stock"] > 0


def holds(row: Row, entry: Row) -> bool:
    """Whether a row satisfies a ledger entry of a reply's JSON.

    Raises:
        ValueError: the oracle does not know such an entry; teach it.
    """
    field, op, value = entry["field"], entry["op"], entry["value"]
    if field == "price":
        have = price(row)
        want = Decimal(value["amount_minor"]) / 100
        return have is not None and {"<=": have <= want, "<": have < want, ">=": have >= want, ">": have > want}[op]
    wanted = [str(each).lower() for each in (value if isinstance(value, list) else [value])]
    if field == "kind":
        text = " ".join([row["title"], *row["categories"]]).lower()
        return any(all(word.removesuffix("s") in text for word in want.split()) for want in wanted)
    if field == "brand":
        have_brand = re.sub(r"\s*\(.*\)$", "", row["brand"].lower())
        found = any(re.sub(r"\s*\(.*\)$", "", want) == have_brand for want in wanted)
    elif field == "id":
        found = row["id"].lower() in wanted
    elif field == "category":
        segments = {part.lower() for path in row["categories"] for part in [path, *path.split("/")]}
        found = bool(segments & set(wanted))
    elif field == "text":
        whole = json.dumps(row, ensure_ascii=False).lower()
        found = any(re.search(rf"\b{re.escape(want)}\b", whole) for want in wanted)
    else:
        found = any(re.search(rf"\b{re.escape(want)}\b", have) for want in wanted for have in options(row, field))
    if op in ("=", "in"):
        return found
    if op in ("!=", "not in"):
        return not found
    raise ValueError(f"the oracle knows no {field} {op}")


def numbers(text: str) -> set[str]:
    """Every number in a text, as written, thousands separators dropped."""
    return {found.replace(",", "") for found in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def faults(reply: Row, catalogue: dict[str, Row]) -> list[str]:
    """What is untrue or out of step in a reply's JSON, in words; empty when nothing is."""
    found: list[str] = []
    shown = reply["recommendations"]
    hard = [entry for entry in reply["ledger"] if entry["kind"] == "hard"]
    for place, each in enumerate(shown, start=1):
        row = catalogue.get(each["item"]["id"])
        if row is None:
            found.append(f"{each['item']['id']} is not in the catalogue")
            continue
        have = price(row)
        told = each["item"]["price"]
        if (None if told is None else Decimal(told["amount_minor"]) / 100) != have:
            found.append(f"{row['id']} costs {have}, the card says {told}")
        if not in_stock(row):
            found.append(f"{row['id']} is not in stock")
        broken = [entry for entry in hard if not holds(row, entry)]
        found += [f"{row['id']} breaks {entry['field']} {entry['op']} {entry['value']}" for entry in broken]
        if each["rank"] != place:
            found.append(f"rank {each['rank']} stands at place {place}")
        total = each["base"] + sum(part["value"] for part in each["contributions"])
        if abs(total - each["score"]) > 1e-6:
            found.append(f"{row['id']} scores {each['score']}, its contributions add up to {total}")
    found += _order_faults(reply)
    found += _number_faults(reply, catalogue)
    known = {entry["id"] for entry in reply["evidence"]}
    cited = {one for each in shown for reason in each["reasons"] for one in reason["evidence"]}
    found += [f"evidence {one} is cited and not there" for one in cited - known]
    found += [f"{each['item']['id']} has no reason" for each in shown if not each["reasons"]]
    return found


def _order_faults(reply: Row) -> list[str]:
    """The message may name fewer items than the shelf shows, but in the same order."""
    titles = [each["item"]["title"] for each in reply["recommendations"]]
    named = [place for title in titles if (place := reply["message"].find(title)) >= 0]
    return [] if named == sorted(named) else [f"the message names items in another order than {titles}"]


def _number_faults(reply: Row, catalogue: dict[str, Row]) -> list[str]:
    """Every number said is in a shown item's record, in the ledger, or counts what is shown."""
    allowed = {str(n) for n in range(len(reply["recommendations"]) + 1)} | numbers(json.dumps(reply["relaxations"]))
    for each in reply["recommendations"]:
        row = catalogue[each["item"]["id"]]
        allowed |= numbers(json.dumps(row, ensure_ascii=False))
        have = price(row)
        allowed |= {f"{have:.2f}"} if have is not None else set()
    for entry in reply["ledger"]:
        value = entry["value"]
        allowed |= {f"{value['amount_minor'] / 100:.2f}"} if isinstance(value, dict) else numbers(json.dumps(value))
    for fact in reply["evidence"]:
        allowed |= numbers(json.dumps(fact["value"])) | numbers(str(fact["text"])) | numbers(str(fact.get("at", "")))
    said = numbers(reply["message"])
    for each in reply["recommendations"]:
        for reason in each["reasons"]:
            said |= numbers(reason["text"])
    return [f"the number {number} is in no record" for number in said if number not in allowed]
