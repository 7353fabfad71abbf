"""`whybuy evaluate llm`, with the rules alone: no model is loaded here."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.dialogue.reading_lines import Lines, Wish
from finetune import llm_evaluate
from finetune.examples import Example

FIELDS = ("price", "brand", "color")
CATALOGUE = [
    {
        "id": "a",
        "title": "Alba Rain Jacket",
        "brand": "Alba",
        "price": 20,
        "currency": "EUR",
        "attributes": {"color": ["red"]},
    },
    {
        "id": "b",
        "title": "Teton Tent",
        "brand": "Teton",
        "price": 90,
        "currency": "EUR",
        "attributes": {"color": ["green"]},
    },
]


def _files(folder: Path) -> tuple[Path, Path]:
    catalogue, cases = folder / "shop.jsonl", folder / "test.jsonl"
    catalogue.write_text("".join(json.dumps(row) + "\n" for row in CATALOGUE), encoding="utf-8")
    examples = [
        Example(
            "a tent under 50 euros", "", Lines("search", "tent", (Wish("price", "<=", "50 euros"),)), FIELDS, "one"
        ),
        Example("not by Alba", "a tent", Lines("search", "", (Wish("brand", "!=", "Alba"),)), FIELDS, "two"),
        Example("zorp", "", Lines("other"), FIELDS, "three"),
    ]
    cases.write_text("".join(json.dumps(each.record()) + "\n" for each in examples), encoding="utf-8")
    return catalogue, cases


def test_the_figures_of_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue, cases = _files(tmp_path)
    out = tmp_path / "figures.json"
    llm_evaluate.main(f"--cases {cases} --catalogue {catalogue} --no-model --mistakes 5 --lies 20 --out {out}".split())
    said = capsys.readouterr().out
    assert "| exact request | 3 | 0.667 |" in said
    assert "| hard constraints | 2 | 1.000 / 1.000 / 1.000 |" in said
    assert "--- [three] () zorp" in said
    assert json.loads(out.read_text())["beside lies"] == {"messages": 3, "kept": 3}
    assert json.loads(out.read_text())["conversations"]["rules"]["exact"] == 0.6667


def test_the_command_leads_there(tmp_path: Path) -> None:
    catalogue, cases = _files(tmp_path)
    given = ["evaluate", "llm", "--cases", str(cases), "--catalogue", str(catalogue), "--no-model", "--limit", "2"]
    assert "2 messages of test.jsonl" in CliRunner().invoke(app, given).output
