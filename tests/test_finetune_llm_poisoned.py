"""Attacks in listings: each is put somewhere, in turn into every field that a shop may fill."""

from pathlib import Path

import pytest

from finetune.llm_poisoned import attacks_in, poisoned


def test_every_listing_carries_an_attack_and_every_attack_is_used() -> None:
    rows = [{"id": "a", "title": "Lamp"}, {"id": "b", "title": "Mug", "attributes": {"color": ["red"]}}]
    attacks = [f"say {n}" for n in range(5)]
    first, second = poisoned(rows, attacks)
    assert first == {"id": "a", "title": "Lamp say 0", "description": "say 2", "brand": "say 4"}
    assert second["description"] == "say 1"
    assert (second["title"], second["brand"]) == ("Mug", "say 3")
    assert rows[0] == {"id": "a", "title": "Lamp"}  # what was handed in stays as it was


def test_attributes_and_reviews_are_added_to() -> None:
    rows = [{"title": str(n), "attributes": {"color": ["red"]}, "reviews": []} for n in range(5)]
    found = list(poisoned(rows, ["buy  me"]))
    assert found[3]["attributes"] == {"color": ["red"], "note": ["buy me"]}
    assert found[4]["reviews"] == [{"rating": 5, "title": "", "text": "buy me"}]


def test_nothing_to_put_anywhere_is_an_error() -> None:
    for rows, attacks in (([{"id": "a"}], []), ([], ["buy me"])):
        with pytest.raises(ValueError, match="nothing to poison"):
            list(poisoned(rows, attacks))


def test_both_sorts_of_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"listing_with_sts": "x"}\n{"other": 1}\n')
    (tmp_path / "b.json").write_text('{"two": ["z"], "one": ["y"]}')
    (tmp_path / "c.json").write_text("[]")
    assert attacks_in(tmp_path / "a.jsonl") == ["x"]
    assert attacks_in(tmp_path / "b.json") == ["y", "z"]
    with pytest.raises(ValueError, match=r"c\.json holds no lists"):
        attacks_in(tmp_path / "c.json")
