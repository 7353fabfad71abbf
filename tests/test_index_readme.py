"""The example of the index's README runs as it stands."""

import json
import re
from pathlib import Path

import pytest

from index import encoders
from index.encoders import ImageEncoder, TextEncoder

README = Path(__file__).parents[1] / "index" / "README.md"


def test_the_example_runs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text_encoder: TextEncoder,
    image_encoder: ImageEncoder,
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "shop").mkdir()
    rows = [
        {"id": "1", "title": "Rain jacket", "price": 59.99, "currency": "EUR"},
        {"id": "2", "title": "Down jacket", "price": 60.01, "currency": "EUR"},
        {"id": "3", "title": "Broken row", "price": -1, "currency": "EUR"},
    ]
    (tmp_path / "shop/catalogue.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    # The very encoders it would load, already loaded.
    monkeypatch.setattr(encoders, "load_text_encoder", lambda: text_encoder)
    monkeypatch.setattr(encoders, "load_image_encoder", lambda: image_encoder)
    exec(compile(example, str(README), "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "line 3, price: -1 where a number from 0 to 1e+12 was expected"
    titles = [line.partition(" ")[2] for line in said[1:-1]]
    assert titles[0] == "Rain jacket"
    assert sorted(titles[1:]) == ["Down jacket", "Storm jacket"]
    assert re.fullmatch(r"2 items in 000001-[0-9a-f]{12}", said[-1])
