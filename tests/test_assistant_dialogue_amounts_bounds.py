"""Which way an amount points: nouns of limit, comparisons that are scorned, sums to spend, and prices only told of."""

import pytest
from dialogue_shops import outdoor, told

NAMED = [
    ("a tent, 300 as the upper bound", ["price <= 300.00 USD"]),
    ("a tent, ceiling raised to 300", ["price <= 300.00 USD"]),
    ("tents, 120 at the bottom and 300 at the top", ["price >= 120.00 USD", "price <= 300.00 USD"]),
    ("a tent, floor 120, ceiling 300", ["price >= 120.00 USD", "price <= 300.00 USD"]),
    ("tents, lowest I'd go is 120", ["price >= 120.00 USD"]),
    ("a tent, $120 is the least I want to spend", ["price >= 120.00 USD"]),
    ("a tent, 120 is where good ones begin", ["price >= 120.00 USD"]),
    ("a tent, start me at $120", ["price >= 120.00 USD"]),
    ("a tent, 120 n up", ["price >= 120.00 USD"]),
    ("a tent, $120 is the least I can get away with", ["price >= 120.00 USD"]),
    ("a tent max 300 min 120", ["price <= 300.00 USD", "price >= 120.00 USD"]),
    ("a tent 300 max 120 min", ["price <= 300.00 USD", "price >= 120.00 USD"]),
    ("a tent $300 max 4.5* min", ["price <= 300.00 USD", "rating >= 4.5"]),
    ("a tent, I should avoid $300 and above", ["price < 300.00 USD"]),
    ("a tent, nothing $300 or more", ["price < 300.00 USD"]),
    ("a tent, at the outside $300", ["price <= 300.00 USD"]),
    ("tents, anything from $300 up is out", ["price < 300.00 USD"]),
    ("no quiero gastar m\u00e1s de 300 ni menos de 120", ["price <= 300.00 USD", "price >= 120.00 USD"]),
    ("gibt es ein Zelt, die unter 300 Dollar liegen?", ["price < 300.00 USD"]),
    ("ein Zelt, 300 zur Verf\u00fcgung, mehr ist nicht drin", ["price <= 300.00 USD"]),
    ("una tenda, arrivo a 300", ["price <= 300.00 USD"]),
    ("a tent, 300 and not a step further", ["price <= 300.00 USD"]),
    ("a tent, 300 and I'm out", ["price <= 300.00 USD"]),
    ("a tent, 300 should do it", ["price <= 300.00 USD"]),
    ("a tent, 300 is as far as I go", ["price <= 300.00 USD"]),
    ("a tent, 300 at a stretch", ["price <= 300.00 USD"]),
    ("a tent, top price 300", ["price <= 300.00 USD"]),
    ("a tent, minimum spend 120", ["price >= 120.00 USD"]),
    ("a tent. 300 for it, I can't go past that", ["price <= 300.00 USD"]),
    ("I have 300, is there a tent for that or less?", ["price <= 300.00 USD"]),
    ("a tent, not below $50 and not beyond $150", ["price >= 50.00 USD", "price <= 150.00 USD"]),
    ("a tent, say 300 or thereabouts", ["~price >= 240.00 USD", "~price <= 360.00 USD"]),
]
SCORNED_ABOVE = [
    "anything over 60 makes my purse weep",
    "over 60 my bank rings me",
    "more than 60 would be daft",
    "keep anything above 60 away from me",
    "the day I spend over 60 on this is far off",
    "please hide red ones, or beyond 60",
    "he'd turn grey if I went over 60",
    "not red, nor over 60",
    "don't you dare go beyond 60",
    "except those over 60",
    "Over 60? On my wages?",
    "my card bounces above 60",
    "whatever costs more than 60 must go",
    "needn't cost more than 60",
    "I'd pass on anything above 60",
    "not a fan of paying over 60",
]
SCORNED_BELOW = [
    "anything under 60 falls to pieces",
    "under 60 it's all junk",
    "unless they're under 60",
    "if it costs less than 60 I get suspicious",
    "I'd be embarrassed by stuff under 60",
    "things below 60 are suspect, leave those out",
]
MEANT = [
    ("anything under 60 will do, a tent", ["price < 60.00 USD"]),
    ("a tent under 60 that doesn't leak", ["price < 60.00 USD"]),
    ("a tent under 60 and we have a deal", ["price < 60.00 USD"]),
    ("a tent, must cost over 60", ["price > 60.00 USD"]),
    ("I insist on paying more than 60 for a tent", ["price > 60.00 USD"]),
    ("give me the posh tents above 60", ["price > 60.00 USD"]),
    ("Unless it's below 60, I won't buy a tent", ["price < 60.00 USD"]),
    ("no wait, a tent from 75", ["price >= 75.00 USD"]),
]
SUMS = [
    "the whip-round came to 80, a tent please",
    "a tent, there is 80 left for it",
    "won 80 in the raffle, so a tent",
    "a tent, my purse shuts at 80",
    "a tent, mum mailed me 80",
    "a tent, 80 is what the firm allows",
]
ONLY_TOLD = [
    "my mate got a tent for $183, lucky him",
    "they wanted $80 for a tent down the road",
    "a tent. The last one set me back $80",
    "it cost $80 back then, a tent",
    "I was going to spend $80 on boots but actually a tent",
    "the shop next door does a tent for $80",
    "everyone tells me I should spend $80 on a tent",
]
STARS = [
    ("a tent, nothing below 4 stars", ["rating >= 4"]),
    ("tents rated worse than 4 stars go straight back", ["rating >= 4"]),
    ("a tent, 4 stars is where I draw the line", ["rating >= 4"]),
    ("a tent with 4.5 or more stars", ["rating >= 4.5"]),
    ("four stars would be nice for a tent", ["~rating >= 4"]),
    ("my old tent had 4 stars and leaked", []),
    ("show me tents rated under 3 stars", ["rating < 3"]),
]


def limits(message: str) -> list[str]:
    return [one for one in told(outdoor(message)) if one.lstrip("~").startswith(("price", "rating"))]


@pytest.mark.parametrize(("message", "expected"), NAMED)
def test_a_noun_or_a_word_that_points_back_makes_a_limit(message: str, expected: list[str]) -> None:
    assert limits(message) == expected


@pytest.mark.parametrize("message", SCORNED_ABOVE)
def test_what_is_scorned_for_costing_more_sets_the_most(message: str) -> None:
    assert limits(f"a tent. {message}") in (["price <= 60.00 USD"], ["price < 60.00 USD"])


@pytest.mark.parametrize("message", SCORNED_BELOW)
def test_what_is_scorned_for_costing_less_sets_the_least(message: str) -> None:
    assert limits(f"tents, {message}") == ["price >= 60.00 USD"]


@pytest.mark.parametrize(("message", "expected"), MEANT)
def test_what_is_asked_for_stands_as_it_is_said(message: str, expected: list[str]) -> None:
    assert limits(message) == expected


@pytest.mark.parametrize("message", SUMS)
def test_what_there_is_to_spend_is_the_most(message: str) -> None:
    assert limits(message) == ["price <= 80.00 USD"]


@pytest.mark.parametrize("message", ONLY_TOLD)
def test_what_others_paid_or_ask_limits_nothing(message: str) -> None:
    assert limits(message) == []


@pytest.mark.parametrize(("message", "expected"), STARS)
def test_few_stars_are_hardly_ever_asked_for(message: str, expected: list[str]) -> None:
    assert limits(message) == expected
