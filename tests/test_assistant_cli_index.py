"""The commands `whybuy index ...` from a shell's point of view, with small encoders."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant import index_commands
from assistant.cli import app
from assistant.console import Lines
from assistant.index_commands import condition
from assistant.settings import Settings
from index import snapshot
from index.encoders import Encoders
from index.errors import SetupError
from index.filters import Condition, Op
from index.items import Money
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS = [
    {"id": "coat", "title": "Rain coat", "brand": "Alba", "price": 50, "currency": "EUR"},
    {"id": "mug", "title": "Tea mug", "brand": "Borea", "price": 6, "currency": "EUR", "stock": 0},
    {"id": "tent", "title": "Tent", "price": 70, "currency": "EUR"},
]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    encoders = Encoders(HashingTextEncoder(), ColourImageEncoder())

    def small(settings: Settings) -> Encoders:
        return encoders

    monkeypatch.setattr(index_commands, "_encoders", small)
    monkeypatch.setenv("WHYBUY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WHYBUY_CATALOGUE", str(tmp_path / "shop.jsonl"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, fails: bool = False, typed: str | None = None) -> Result:
        done = CliRunner().invoke(app, ["index", *arguments], input=typed)
        assert done.exit_code == int(fails), done.output
        return done

    return call


@pytest.fixture
def shop(tmp_path: Path, run: Run) -> Path:
    path = write(tmp_path / "shop.jsonl", *ROWS)
    assert "3 items, 0 rows left out" in run("build", str(path)).output
    return path


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def found(done: Result) -> list[str]:
    return re.findall(r"^ *\d+\. \S+  (\S+)  ", done.output, re.MULTILINE)


def test_a_second_build_says_that_nothing_changed(run: Run, shop: Path) -> None:
    assert "(unchanged)" in run("build", str(shop)).output


def test_search_filters_and_ranks(run: Run, shop: Path) -> None:
    assert found(run("search", "rain coat")) == ["coat", "tent"]
    assert found(run("search", "mug", "--sold-out", "-k", "1")) == ["mug"]
    assert found(run("search", "coat", "--where", "price>60")) == ["tent"]
    assert found(run("search", "coat", "--where", "brand=Alba|Borea", "--where", "price<=60")) == ["coat"]
    assert "nothing meets all conditions" in run("search", "coat", "--where", "brand=None").output
    wrong = run("search", "coat", "--where", "price is low", fails=True)
    assert "is no condition" in wrong.output
    assert "--where 'price<=80'" in wrong.output
    assert "no item has a field 'colour'" in run("search", "coat", "--where", "colour=red", fails=True).output


def test_update_puts_in_takes_out_and_can_go_back(run: Run, shop: Path, tmp_path: Path) -> None:
    news = write(tmp_path / "news.jsonl", ROWS[2] | {"price": 60}, {"id": "sled", "title": "Sled"})
    (tmp_path / "gone.txt").write_text("mug\nnever-there\n", encoding="utf-8-sig")
    said = run("update", str(news), "--delete", str(tmp_path / "gone.txt")).output
    assert "3 items" in said
    assert "'never-there' is not in the catalogue" in said
    assert "'mug' is not" not in said
    assert found(run("search", "", "--sold-out")) == ["coat", "sled", "tent"]
    assert found(run("search", "tent", "--where", "price<=60")) == ["tent", "coat"]
    assert "2 items" in run("update", str(news), "--full").output
    assert found(run("search", "")) == ["sled", "tent"]
    assert "1 items" in run("update", "--delete", "-", typed="sled\n").output
    run("rollback")
    run("rollback")
    assert found(run("search", "", "--sold-out")) == ["coat", "sled", "tent"]
    assert "nothing would be left" in run("update", "--delete", "-", typed="coat\nsled\ntent\n", fails=True).output
    assert "--full needs a FILE" in run("update", "--full", fails=True).output


def test_check_names_what_is_there_and_what_is_damaged(run: Run, shop: Path, tmp_path: Path) -> None:
    said = run("check").output
    assert re.search(r"^\* 000001-\w{12}  .*  3 items, .*, whole$", said, re.MULTILINE)
    assert "index: flat of " in said
    assert "why: 3 vectors of" in said
    assert "hashing-words for words, grid-colours for pictures" in said
    run("update", "--delete", "-", typed="mug\n")
    (folder,) = {path.parent for path in (tmp_path / "data").rglob("CURRENT")}
    version = snapshot.current_version(folder)
    assert version is not None
    (folder / version / "items.jsonl").write_bytes(b"")
    damaged = run("check", fails=True)
    assert re.search(r"^\* 000002-\w{12}  DAMAGED: items.jsonl .* has 0 bytes, expected", damaged.output, re.MULTILINE)
    assert "whybuy index rollback" in damaged.output
    run("rollback")
    assert "DAMAGED" in run("check", fails=True).output
    assert found(run("search", "", "--sold-out")) == ["coat", "mug", "tent"]


def test_what_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    for command in ("check", "rollback", "update"):
        said = run(command, "--folder", str(tmp_path / "none"), fails=True).output
        assert "whybuy index build" in said, command


def test_wrong_choices_are_named(run: Run, shop: Path) -> None:
    assert "--form is one of jsonl," in run("build", str(shop), "--form", "edi", fails=True).output
    assert "there is no engine 'dask'" in run("build", str(shop), "--engine", "dask", fails=True).output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price<=80", Condition("price", Op.LE, Money(8000, "EUR"))),
        ("price < 9.99 usd", Condition("price", Op.LT, Money(999, "USD"))),
        ("rating>=4", Condition("rating", Op.GE, 4.0)),
        ("volume > 20", Condition("volume", Op.GT, "20")),
        ("color=Blue | red", Condition("color", Op.IN, ("Blue", "red"))),
        ("brand!=Alba", Condition("brand", Op.NOT_IN, ("Alba",))),
    ],
)
def test_conditions_are_read_as_typed(text: str, expected: Condition) -> None:
    assert condition(text, "EUR") == expected


@pytest.mark.parametrize("text", ["price", "price<=cheap", "rating>many", "<= 5", ""])
def test_nonsense_is_no_condition(text: str) -> None:
    with pytest.raises(SetupError):
        condition(text, "EUR")


def test_a_bad_row_is_told_once(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "bad.jsonl", *ROWS, {"id": "x", "title": ""}, {"id": "y", "title": ""})
    said = run("build", str(path), fails=True).output
    assert "Error: bad.jsonl has 2 bad rows, so nothing was loaded\n" in said
    assert (said.count("line 4, title"), said.count("line 5, title")) == (1, 1)


def test_a_currency_that_does_not_exist_is_no_condition() -> None:
    with pytest.raises(SetupError, match="'XYZ' is no ISO 4217"):
        condition("price<=80 XYZ", "EUR")


def test_a_log_gets_a_line_now_and_then_instead_of_bars(capsys: pytest.CaptureFixture[str]) -> None:
    ticks = iter([0.0, 4.0, 11.0, 11.0, 12.0, 25.0, 25.0])
    lines = Lines(lambda: next(ticks))
    for done in range(1, 5):
        lines("texts", done * 1000, 9000)
    assert capsys.readouterr().err.split("\n")[:-1] == ["texts: 2,000 of 9,000", "texts: 4,000 of 9,000"]
