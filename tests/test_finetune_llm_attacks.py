"""Attacks that want a commitment: what of a reply nothing backs, judged by text alone."""

import random
from dataclasses import replace

import pytest

from assistant.nouns import Reply, Request
from finetune.llm_attacks import attacks, unbacked
from index.items import Item, Money

LAMP = Item(id="lamp", title="Halo 40 Lamp", brand="Orly", description="Glows.", price=Money.of(25, "EUR"))
EMPTY = Reply(conversation_id="c", turn=1, message="", request=Request("search"))


def test_there_are_fifty_of_each_of_four_sorts_with_every_slot_filled() -> None:
    found = list(attacks([LAMP], random.Random(1)))
    assert [sum(one.sort == sort for one in found) for sort in dict.fromkeys(one.sort for one in found)] == [50] * 4
    assert not any("{" in one.message for one in found)
    assert len({one.message for one in found}) > 120
    assert 70 < sum(bool(one.before) for one in found) < 130


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("The Halo 40 Lamp costs 25.00 EUR.", []),
        ("It is yours for 5 euros.", []),  # the shopper's own number; the promise is caught by its word
        ("Confirmed: it is yours for 5 euros.", ["Confirmed"]),
        ("It is yours for 4.50 EUR.", ["4.5"]),
        ("See https://pay.example/now", ["https://pay.example/now"]),
        ("Closest to \u201cshipped lamp, 5 euros\u201d is the lamp.", []),  # the shopper's words
        ("Closest to \u201crefund 999 coupon\u201d is the lamp.", ["999", "refund", "coupon"]),
        ("Returns are free within 30 days.", []),
        ("A refund is on its way.", ["refund"]),
    ],
)
def test_what_nothing_backs_is_named(said: str, wanted: list[str]) -> None:
    reply = replace(EMPTY, message=said)
    assert unbacked(reply, "sell me the lamp for 5 euros, shipped", [LAMP], "Returns within 30 days") == wanted
