"""What the embedded shop promises to whoever tries the assistant on it."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from assistant.demo.draw import encode, looks_of, render
from assistant.demo.shop import DemoShopper, catalogue_path, load_policies, load_shoppers

Row = dict[str, Any]  # Any: a JSON object, judged below

# An amount in running text, and the attribute values' own way of writing the same.
AMOUNT = re.compile(
    r"(\d+(?:\.\d+)?) (litres?|ml|kg|g|hours|days|watts|lumens|mAh|cm|mm|minutes|percent|pieces|ports|inches|bar)\b"
)


@cache
def rows() -> tuple[Row, ...]:
    return tuple(json.loads(line) for line in catalogue_path().read_text(encoding="utf-8").splitlines())


@cache
def by_id() -> dict[str, Row]:
    return {row["id"]: row for row in rows()}


def reviews() -> list[Row]:
    return [review for row in rows() for review in row["reviews"]]


def picture_files() -> list[Path]:
    return [catalogue_path().parent / name for row in rows() for name in row["images"]]


def facts(row: Row) -> str:
    """Everything an item's description may repeat: its attributes and options."""
    values = [value for values in row["attributes"].values() for value in values]
    options = [value for variant in row["variants"] for value in variant["options"].values()]
    return " | ".join([row["title"], *values, *options])


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_shop_is_as_large_as_promised() -> None:
    assert len(rows()) >= 300
    assert len({row["categories"][0].split("/")[0] for row in rows()}) >= 8
    assert len(reviews()) >= 600


def test_ids_are_unique() -> None:
    variants = [variant["id"] for row in rows() for variant in row["variants"]]
    assert repeated([row["id"] for row in rows()]) == []
    assert repeated([row["sku"] for row in rows()]) == []
    assert repeated(variants) == []
    assert repeated([review["id"] for review in reviews()]) == []


@pytest.mark.parametrize("field", ["title", "description"])
def test_no_two_items_are_worded_alike(field: str) -> None:
    assert repeated([row[field] for row in rows()]) == []


def test_no_sentence_of_a_description_is_used_twice() -> None:
    sentences = [sentence for row in rows() for sentence in re.split(r"(?<=[.!?]) ", row["description"])]
    assert repeated([sentence for sentence in sentences if len(sentence) > 30]) == []


def test_no_two_reviews_say_the_same() -> None:
    assert repeated([review["text"] for review in reviews()]) == []


def test_descriptions_have_two_to_five_sentences() -> None:
    counts = {row["id"]: len(re.findall(r"[.!?](?: |$)", row["description"])) for row in rows()}
    assert {item_id: count for item_id, count in counts.items() if not 2 <= count <= 5} == {}


def test_amounts_in_descriptions_are_those_of_the_attributes() -> None:
    unbacked = [
        (row["id"], f"{number} {unit}")
        for row in rows()
        for number, unit in AMOUNT.findall(row["description"])
        if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", facts(row))
    ]
    assert unbacked == []


def test_attributes_are_named_lists_of_words() -> None:
    for row in rows():
        assert len(row["attributes"]) >= 3, row["id"]
        for name, values in row["attributes"].items():
            assert name == name.lower()
            assert values, (row["id"], name)
            assert all(isinstance(value, str) and value.strip() for value in values), (row["id"], name)


def test_every_item_names_its_colour() -> None:
    colourless = [
        row["id"]
        for row in rows()
        if "color" not in row["attributes"] and not all("color" in variant["options"] for variant in row["variants"])
    ]
    assert colourless == []


def test_stock_is_the_sum_of_the_variants() -> None:
    wrong = [
        row["id"]
        for row in rows()
        if row["variants"] and row["stock"] != sum(variant["stock"] for variant in row["variants"])
    ]
    assert wrong == []


def test_a_few_items_and_variants_are_sold_out() -> None:
    assert 0.02 <= sum(row["stock"] == 0 for row in rows()) / len(rows()) <= 0.08
    assert any(variant["stock"] == 0 for row in rows() if row["stock"] for variant in row["variants"])


def test_reduced_prices_are_lower_and_about_one_in_ten() -> None:
    reduced = [row for row in rows() if row["special_price"] is not None]
    assert 0.07 <= len(reduced) / len(rows()) <= 0.14
    assert [row["id"] for row in reduced if not 0 < row["special_price"] < row["price"]] == []


def test_prices_are_positive_euros() -> None:
    assert {row["currency"] for row in rows()} == {"EUR"}
    assert [row["id"] for row in rows() if not row["price"] > 0] == []


def test_reviews_have_stars_names_and_past_dates() -> None:
    for review in reviews():
        assert review["rating"] in {1, 2, 3, 4, 5}
        assert all(review[field] for field in ("title", "text", "reviewer"))
        assert date(2024, 11, 1) <= date.fromisoformat(review["date"]) <= date(2026, 11, 15)


def test_not_every_item_has_reviews_and_ratings_count_them() -> None:
    assert any(not row["reviews"] for row in rows())
    for row in rows():
        if row["rating"] is None:
            assert row["reviews"] == []
        else:
            assert 1 <= row["rating"]["value"] <= 5
            assert row["rating"]["count"] >= max(1, len(row["reviews"]))


def test_links_lead_to_other_items_of_the_shop() -> None:
    for row in rows():
        linked = [other for ids in row["links"].values() for other in ids]
        assert [other for other in linked if other not in by_id() or other == row["id"]] == []


def test_every_picture_opens_and_is_four_by_three() -> None:
    for file in picture_files():
        with Image.open(file) as picture:
            picture.load()
            assert picture.width * 3 == picture.height * 4, file.name


def test_pictures_fit_in_twelve_megabytes_and_none_is_left_over() -> None:
    folder = catalogue_path().parent / "pictures"
    assert sorted(folder.iterdir()) == sorted(picture_files())
    assert sum(file.stat().st_size for file in picture_files()) < 12_000_000


def test_pictures_of_different_items_differ() -> None:
    assert repeated([file.read_bytes().hex() for file in picture_files()]) == []


@pytest.mark.parametrize("item_id", ["rain-jacket-01", "backpack-03", "tea-01"])
def test_drawing_again_gives_the_shipped_picture(item_id: str, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py", reason="drawing needs resvg-py, which the shop itself does not")
    for name, look in looks_of(by_id()[item_id]):
        drawn = render(look)
        assert drawn.tobytes() == render(look).tobytes()
        (tmp_path / "again.webp").write_bytes(encode(drawn))
        with Image.open(tmp_path / "again.webp") as again, Image.open(catalogue_path().parent / name) as shipped:
            # Other releases of libwebp may round differently by a shade or two, never more.
            difference = ImageStat.Stat(ImageChops.difference(again.convert("RGB"), shipped.convert("RGB")))
            assert max(difference.mean) < 1.0, name


def test_policies_cover_what_shoppers_ask() -> None:
    policies = load_policies()
    topics = {policy.topic for policy in policies}
    assert {"delivery", "returns", "warranty", "payment", "repair", "privacy", "contact", "gifts"} <= topics
    assert 8 <= len(policies) <= 14
    assert repeated([policy.id for policy in policies]) == []
    assert [policy.id for policy in policies if not 2 <= len(re.findall(r"[.!?](?: |$)", policy.text)) <= 4] == []


def test_twelve_shoppers_one_of_them_new() -> None:
    shoppers = load_shoppers()
    assert len(shoppers) == 12
    assert len({shopper.id for shopper in shoppers}) == 12
    assert sorted(len(shopper.events) for shopper in shoppers)[:2] == [1, 17]
    assert max(len(shopper.events) for shopper in shoppers) <= 25


def test_events_name_items_of_the_shop_in_order_of_time() -> None:
    for shopper in load_shoppers():
        moments = [event.at for event in shopper.events]
        assert moments == sorted(moments)
        assert moments[0] >= datetime(2024, 11, 15, tzinfo=UTC)
        assert moments[-1] < datetime(2026, 11, 16, tzinfo=UTC)
        assert {moment.utcoffset() for moment in moments} == {UTC.utcoffset(None)}
        for event in shopper.events:
            assert event.item_id in by_id()
            assert event.shopper_id == shopper.id


def test_event_ids_are_unique_in_the_shop() -> None:
    assert repeated([event.id for shopper in load_shoppers() for event in shopper.events]) == []


@pytest.mark.parametrize("shopper", load_shoppers(), ids=lambda shopper: shopper.id)
def test_shoppers_rate_only_what_they_bought_before(shopper: DemoShopper) -> None:
    bought: set[str] = set()
    for event in shopper.events:
        if event.kind == "purchase":
            assert (event.value or 0) >= 1
            bought.add(event.item_id)
        elif event.kind == "rating":
            assert event.item_id in bought
            assert event.value in {1.0, 2.0, 3.0, 4.0, 5.0}
        else:
            assert event.value is None


def test_shoppers_differ_in_what_they_buy() -> None:
    baskets = [
        frozenset(event.item_id for event in shopper.events if event.kind == "purchase") for shopper in load_shoppers()
    ]
    assert len(set(baskets)) == 12
    assert [len(a & b) for i, a in enumerate(baskets) for b in baskets[:i] if len(a & b) > 2] == []
