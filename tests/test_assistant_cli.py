"""The command line: what it builds, and what it says when something is wrong."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from assistant.settings import load_settings, table
from index.errors import SetupError

ROOT = Path(__file__).parents[1]
GOOD = {"id": "a", "title": "Alba Mug", "price": 12.5, "currency": "EUR", "categories": ["Kitchen/Mugs"]}
BROKEN = {"id": "b", "title": "Brisk Mug", "price": -3, "currency": "EUR"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("WHYBUY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return call


def write(path: Path, *rows: object) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_a_missing_catalogue_is_named_with_what_to_do(run: Callable[..., Result], tmp_path: Path) -> None:
    done = run("index", "build", str(tmp_path / "none.jsonl"))
    assert done.exit_code == 1
    assert "is not a file" in done.output
    assert "Hint: pass --catalogue FILE" in done.output


def test_an_empty_catalogue_is_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    done = run("index", "build", write(tmp_path / "empty.jsonl"))
    assert done.exit_code == 1
    assert "is empty" in done.output


def test_a_broken_row_refuses_the_file_or_is_left_out_as_asked(run: Callable[..., Result], tmp_path: Path) -> None:
    file = write(tmp_path / "shop.jsonl", GOOD, BROKEN)
    refused = run("index", "build", file)
    assert refused.exit_code == 1
    assert "line 2" in refused.output
    assert "price" in refused.output
    assert "--skip-bad" in refused.output
    assert not list((tmp_path / "data").rglob("CURRENT"))
    taken = run("index", "build", file, "--skip-bad")
    assert taken.exit_code == 0, taken.output
    assert "1 items, 1 rows left out" in taken.output
    again = run("index", "build", file, "--skip-bad")
    assert re.findall(r"version (\S+):", again.output) == re.findall(r"version (\S+):", taken.output)


def test_settings_tell_all_faults_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SetupError, match="2 wrong settings") as caught:
        load_settings(port=0, reading_deadline_s=-1)
    assert "port" in str(caught.value)
    assert "reading_deadline_s" in str(caught.value)


def test_the_environment_wins_over_the_file_and_an_argument_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "whybuy.toml").write_text('shop_name = "File"\nlocale = "de_DE"\n', encoding="utf-8")
    monkeypatch.setenv("WHYBUY_SHOP_NAME", "Environment")
    settings = load_settings()
    assert (settings.shop_name, settings.locale) == ("Environment", "de_DE")
    assert load_settings(shop_name="Argument").shop_name == "Argument"


def test_passwords_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = "\n".join(load_settings(database_url="postgresql://kim:secret@db/shop").shown())
    assert "secret" not in shown
    assert "postgresql://***@db/shop" in shown


def test_the_page_of_settings_is_the_settings() -> None:
    assert table() in (ROOT / "docs/settings.md").read_text(encoding="utf-8")


def test_every_link_of_the_readme_and_docs_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_a_currency_that_does_not_exist_is_named() -> None:
    with pytest.raises(SetupError, match=r"currency: .*'XX' is no ISO 4217"):
        load_settings(currency="XX")
    assert load_settings(currency="eur").currency == "EUR"
