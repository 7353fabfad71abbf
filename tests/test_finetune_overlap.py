"""Token-overlap F1 per slot: expected figures are counted by hand."""

import pytest

from assistant.dialogue.reading_lines import Lines, Wish
from finetune.overlap import Overlap, bags, macro_f1, overlap_f1, pooled, table


def test_tokens_are_lower_case_words_and_whole_decimals() -> None:
    reading = Lines("search", "Spy Camera", (Wish("size", "=", "3.5-inch"), Wish("size", "=", "16x24 X-Large")))
    assert bags(reading) == {
        "words": {"spy": 1, "camera": 1},
        "size": {"3.5": 1, "inch": 1, "16x24": 1, "x": 1, "large": 1},
    }


def test_refusals_of_any_field_are_a_slot_and_preferences_count_as_wishes() -> None:
    wishes = (Wish("color", "!=", "red"), Wish("brand", "!=", "Alba"), Wish("color", "~", "blue"))
    assert bags(Lines("search", "", wishes)) == {"words": {}, "refused": {"red": 1, "alba": 1}, "color": {"blue": 1}}


def test_counts_are_summed_over_requests_before_f1_is_taken() -> None:
    gold = [
        Lines("search", "garden chair", (Wish("color", "=", "dark green"),)),
        Lines("search", "lamp", (Wish("color", "=", "red"), Wish("size", "=", "40 cm"))),
    ]
    found = [
        Lines("search", "green garden chair", (Wish("color", "=", "green"),)),
        Lines("search", "lamp", (Wish("color", "=", "blue red"),)),
    ]
    scores = overlap_f1(found, gold)
    # words: 4 found, 3 wanted, 3 shared; color: 1 + 2 found, 2 + 1 wanted, 1 + 1 shared; size: 2 wanted.
    assert scores == {"color": Overlap(3, 3, 2), "size": Overlap(0, 2, 0), "words": Overlap(4, 3, 3)}
    assert (scores["words"].precision, scores["words"].recall) == (3 / 4, 1)
    assert scores["words"].f1 == pytest.approx(6 / 7)
    assert scores["color"].f1 == pytest.approx(2 / 3)
    assert scores["size"].f1 == 0
    assert macro_f1(scores) == pytest.approx((6 / 7 + 2 / 3 + 0) / 3)


def test_a_token_found_twice_is_right_once() -> None:
    once, twice = Lines("search", "tea"), Lines("search", "tea tea")
    assert overlap_f1([twice], [once]) == {"words": Overlap(2, 1, 1)}


def test_a_token_of_another_request_is_not_right() -> None:
    left, right = Lines("search", "lamp"), Lines("search", "chair")
    assert overlap_f1([left, right], [right, left]) == {"words": Overlap(2, 2, 0)}


def test_a_most_taken_for_a_least_shares_nothing() -> None:
    most = Lines("search", "", (Wish("price", "<=", "40 euros"),))
    least = Lines("search", "", (Wish("price", ">=", "40 euros"),))
    assert overlap_f1([least], [most])["price"] == Overlap(2, 2, 0)
    assert overlap_f1([most], [most])["price"] == Overlap(2, 2, 2)


def test_named_attributes_pooled_are_right_under_any_field() -> None:
    gold = [Lines("search", "", (Wish("features", "=", "easy to clean"), Wish("brand", "=", "Alba")))]
    found = [Lines("search", "", (Wish("care", "=", "easy to clean"), Wish("style", "=", "Alba")))]
    assert overlap_f1(found, gold)["features"] == Overlap(0, 3, 0)
    assert overlap_f1(found, gold, pooled) == {
        "attribute": Overlap(4, 3, 3),
        "brand": Overlap(0, 1, 0),
        "words": Overlap(0, 0, 0),
    }


def test_slots_nobody_asked_for_are_told_apart() -> None:
    scores = {"brand": Overlap(2, 2, 1), "terrain": Overlap(3, 0, 0)}
    assert macro_f1(scores) == 0.5
    assert table(scores).splitlines()[-1] == "macro F1 0.500; 3 tokens found in other slots"
    assert macro_f1({}) == 0
    assert Overlap(0, 0, 0).f1 == 0


def test_readings_must_pair_up() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        overlap_f1([], [Lines("search", "lamp")])
