"""The embedded shop, read from the files beside this module."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.nouns import Event, Policy

SHOP_NAME = "Wrenfield"
"""What the embedded shop calls itself."""

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoShopper:
    """Someone who shops here: `about` is one sentence on their tastes, `events` run from the oldest to the newest."""

    id: str
    name: str
    about: str
    events: tuple[Event, ...]


def catalogue_path() -> Path:
    """The catalogue, one JSON object a line; the `images` it names are relative to the folder it lies in."""
    return _FOLDER / "catalogue.jsonl"


@cache
def load_policies() -> tuple[Policy, ...]:
    """The shop's rules on delivery, returns, warranty and the like, in the order a help page would show them."""
    return tuple(
        Policy(id=row["id"], topic=row["topic"], title=row["title"], text=row["text"]) for row in _rows("policies.json")
    )


@cache
def load_shoppers() -> tuple[DemoShopper, ...]:
    """The twelve shoppers one can be while trying the shop; the last is new here and has a single event."""
    return tuple(
        DemoShopper(
            id=row["id"],
            name=row["name"],
            about=row["about"],
            events=tuple(sorted((_event(row["id"], event) for event in row["events"]), key=lambda event: event.at)),
        )
        for row in _rows("shoppers.json")
    )


def _rows(name: Literal["policies.json", "shoppers.json"]) -> list[dict[str, Any]]:  # Any: our own file, read as is
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _event(shopper_id: str, row: dict[str, Any]) -> Event:  # Any: as above
    return Event(
        id=row["id"],
        shopper_id=shopper_id,
        kind=row["kind"],
        item_id=row["item_id"],
        at=datetime.fromisoformat(row["at"]).astimezone(UTC),
        value=row.get("value"),
    )
