"""Where things lie: every shop has a place of its own."""

from pathlib import Path

from assistant.places import database_url, index_folder
from assistant.settings import load_settings


def test_two_shops_share_neither_index_nor_history(tmp_path: Path) -> None:
    toys = load_settings(catalogue=tmp_path / "toys.jsonl", data_dir=tmp_path)
    cars = load_settings(catalogue=tmp_path / "cars.jsonl", data_dir=tmp_path)
    again = load_settings(catalogue=tmp_path / "." / "toys.jsonl", data_dir=tmp_path)
    assert database_url(toys) == database_url(again) != database_url(cars)
    assert index_folder(toys) == index_folder(again) != index_folder(cars)


def test_a_configured_database_is_the_one_in_force(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url="postgresql://db/shop")
    assert database_url(settings) == "postgresql://db/shop"
