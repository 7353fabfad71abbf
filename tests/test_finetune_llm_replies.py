"""Reasons judged over whole replies: an assistant with templates says nothing that its evidence does not."""

import json
from pathlib import Path

import pytest

from assistant.assembly import assemble
from assistant.settings import load_settings
from finetune.llm_replies import Judged, judge
from index.encoders import Encoders
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS = [
    {"id": f"i{n}", "title": f"{brand} {color} {kind}", "brand": brand, "price": 10 * n + 9, "currency": "EUR",
     "categories": [f"{kind}s"], "attributes": {"color": color, "material": material}}
    for n, (brand, color, kind, material) in enumerate(
        [("Alba", "Red", "Jacket", "Wool"), ("Teton", "Blue", "Jacket", "Cotton"), ("Alba", "Green", "Tent", "Nylon"),
         ("Teton", "Red", "Tent", "Nylon"), ("Orly", "Blue", "Lamp", "Glass"), ("Orly", "Green", "Lamp", "Oak")]
    )
]  # fmt: skip


@pytest.mark.slow
def test_templates_say_what_their_evidence_says(tmp_path: Path) -> None:
    catalogue = tmp_path / "shop.jsonl"
    catalogue.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    settings = load_settings(catalogue=catalogue, data_dir=tmp_path / "data", llm="none", refit_s=0.0)
    house = assemble(settings, encoders=Encoders(HashingTextEncoder(), ColourImageEncoder()))
    try:
        judged = judge(house, 12, 1)
    finally:
        house.close()
    figures = judged.figures()
    assert figures["replies"] == 12
    assert figures["statements"] > 5
    assert (figures["backed"], figures["wrong numbers"], figures["items named that were not offered"]) == (1.0, 0, 0)
    assert figures["items with a reason the model worded"] == 0.0


def test_figures_of_nothing_are_no_error() -> None:
    assert Judged().figures()["statements"] == 0
