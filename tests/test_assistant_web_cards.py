"""Cards, bars, chips and panels: what they say, that they add up, and that nothing in them is markup of others."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nouns import Constraint, Contribution, Evidence, Ranked, Reason, Recommendation, Relaxation
from assistant.testing import sample_items, sample_reply
from assistant.web import cards, talk, why
from index.filters import Condition, Op
from index.items import Item, Money, Picture, Variant
from index.offers import as_offered

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'&{{7*7}}${7*7}"


class Reader(HTMLParser):
    """Gathers the tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def recommendation(item: Item, *contributions: tuple[str, float], base: float = 0.5) -> Recommendation:
    ranked = Ranked(item.id, base, tuple(Contribution(name, value) for name, value in contributions))
    return Recommendation(item, 1, ranked, (Reason("It keeps the rain out.", ("f1", "c1")),))


def jacket() -> Item:
    return sample_items()[0]


def test_card_shows_title_brand_price_stock_and_rating() -> None:
    text = Reader(cards.card(recommendation(jacket()), {}, (), "de_DE")).text
    assert "Alba Rain Jacket" in text
    assert "79,99\N{NO-BREAK SPACE}€".replace("\N{NO-BREAK SPACE}", " ") in text
    assert "instead of 99,99" in text
    assert "In stock" in text
    assert "4,5 of 5 · 28 ratings" in text


@pytest.mark.parametrize(
    ("stock", "words"),
    [(None, "In stock"), (40, "In stock"), (5, "5 in stock"), (1, "1 in stock"), (0, "Out of stock")],
)
def test_stock_is_said_plainly(stock: int | None, words: str) -> None:
    assert cards.stock_words(Item(id="a", title="A", stock=stock)) == words


def test_price_in_the_currency_s_own_digits() -> None:
    assert cards.price_words(Item(id="a", title="A", price=Money(1250, "JPY")), "ja_JP") == "￥1,250"
    assert cards.price_words(Item(id="a", title="A"), "en_GB") == "No price given"


def test_one_rating_is_not_ratings() -> None:
    assert cards.rating_words(Item(id="a", title="A", rating=4.0, rating_count=1), "en_GB") == "4 of 5 · 1 rating"
    assert cards.rating_words(Item(id="a", title="A"), "en_GB") == ""


def test_picture_comes_from_our_own_server_with_the_id_quoted() -> None:
    item = Item(id="a/../b?c#d é", title="A", pictures=(Picture(Path("unread.png")),))
    assert cards.picture_url(item) == "/v1/pictures/a%2F..%2Fb%3Fc%23d%20%C3%A9?n=0&width=480"
    assert 'alt="A"' in cards.picture(item)


def test_item_without_picture_says_so() -> None:
    assert 'aria-label="No picture"' in cards.picture(jacket())


def test_reason_opens_its_evidence_by_kind() -> None:
    evidence = {
        "f1": Evidence("f1", "fact", "material", "nylon", "material: nylon", item_id="jacket-1"),
        "c1": Evidence("c1", "constraint", "price", "100 EUR", "up to 100.00 EUR", ref="l1"),
        "e1": Evidence(
            "e1", "event", "purchase", "lamp-1", "You bought the Dune Desk Lamp", at="2026-03-05T10:00:00+00:00"
        ),
    }
    shown = Recommendation(
        jacket(), 1, Ranked("jacket-1", 0.5, ()), (Reason("Dry and light.", ("f1", "c1", "e1", "gone")),)
    )
    ledger = (Constraint("l1", "hard", Condition("price", Op.LE, Money(10000, "EUR")), 1, "under a hundred"),)
    text = Reader(why.why_panels(shown, evidence, ledger, "en_GB")).text
    assert "You asked for up to 100.00 EUR under a hundred" in text
    assert "The item says material: nylon" in text
    assert "From your history You bought the Dune Desk Lamp 5 Mar 2026" in text
    assert "gone" not in text


def test_a_fact_that_is_not_of_the_item_is_not_said_to_be() -> None:
    evidence = {
        "f1": Evidence("f1", "fact", "material", "nylon", "material: nylon", item_id="jacket-1"),
        "f2": Evidence(
            "f2", "fact", "others", "bought", "other shoppers, 3 or more, bought it lately", item_id="jacket-1"
        ),
        "f3": Evidence("f3", "fact", "arrangement", "4", "by score alone it would come fourth"),
    }
    shown = Recommendation(jacket(), 1, Ranked("jacket-1", 0.5, ()), (Reason("Dry.", ("f1", "f2", "f3")),))
    text = Reader(why.why_panels(shown, evidence, (), "en_GB")).text
    assert "The item says material: nylon" in text
    assert "Other shoppers other shoppers, 3 or more, bought it lately" in text
    assert "How the shelf was put together by score alone it would come fourth" in text


def test_bars_add_up_to_the_score_as_shown() -> None:
    ranked = Ranked(
        "a", 0.125, (Contribution("query", 0.333), Contribution("rating", -0.333), Contribution("budget", 0.335))
    )
    figures = re.findall(r'wb-figure">([^<]+)<', why.score_bars(ranked, {}, "en_GB"))
    numbers = [Decimal(figure.replace("\N{MINUS SIGN}", "-")) for figure in figures]
    assert sum(numbers[:-1]) == numbers[-1] == Decimal("0.46")
    assert figures[0].startswith("+")
    assert "\N{MINUS SIGN}0.33" in figures


def test_bars_begin_where_the_one_above_ended() -> None:
    ranked = Ranked("a", 1.0, (Contribution("query", 2.0), Contribution("rating", -1.0)))
    bars = re.findall(r'<rect class="wb-bar-(\w+)" x="([\d.]+)" width="([\d.]+)"', why.score_bars(ranked, {}, "en_GB"))
    # The scale runs from 0 to 3, the highest point on the way: a unit is 33.33 wide.
    assert bars == [
        ("plus", "0.00", "33.33"),
        ("plus", "33.33", "66.67"),
        ("minus", "66.67", "33.33"),
        ("sum", "0.00", "66.67"),
    ]


def test_small_contributions_share_a_row_and_nothing_is_lost() -> None:
    parts = tuple(Contribution(f"part_{n}", float(n)) for n in range(1, 11))
    html = why.score_bars(Ranked("a", 0.0, parts), {}, "en_GB")
    text = Reader(html).text
    assert "3 smaller ones" in text
    assert "+6.00" in text  # 1 + 2 + 3
    assert "Score 55.00" in text


def test_contributions_of_one_family_are_one_row() -> None:
    ranked = Ranked("a", 0.0, (Contribution("history:e1", 0.25), Contribution("history", 0.5)))
    assert "Your history +0.75" in Reader(why.score_bars(ranked, {"history": "Your history"}, "en_GB")).text


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=12))
def test_settled_figures_sum_to_the_rounded_sum(values: list[float]) -> None:
    settled = why.settle(values)
    exact = sum((Decimal(str(value)) for value in values), Decimal(0))
    assert abs(sum(settled, Decimal(0)) - exact) <= Decimal("0.005")
    assert all(
        abs(Decimal(str(value)) - figure) < Decimal("0.01") for value, figure in zip(values, settled, strict=True)
    )


def test_hostile_words_stay_words_everywhere() -> None:
    item = Item(
        id=HOSTILE,
        title=HOSTILE,
        brand=HOSTILE,
        attributes={HOSTILE: (HOSTILE,)},
        options={HOSTILE + "o": (HOSTILE,)},
        price=Money(100, "EUR"),
        pictures=(Picture(Path("unread.png"), alt=HOSTILE),),
    )
    fact = Evidence("f1", "fact", HOSTILE, HOSTILE, HOSTILE, item_id=HOSTILE, ref=HOSTILE, at=HOSTILE)
    part = Evidence("c1", "contribution", HOSTILE, HOSTILE, HOSTILE, item_id=HOSTILE)
    entry = Constraint(HOSTILE, "hard", Condition(HOSTILE, Op.EQ, HOSTILE), 1, HOSTILE)
    ranked = Ranked(HOSTILE, 0.0, (Contribution(HOSTILE, 1.0),))
    shown = Recommendation(item, 1, ranked, (Reason(HOSTILE, ("f1", "c1")),))
    shopper = Someone(HOSTILE, HOSTILE, HOSTILE)
    event = talk.Remembered(HOSTILE, HOSTILE, HOSTILE, datetime(2026, 1, 1, tzinfo=UTC))
    pieces = [
        cards.shelf(
            [shown], [fact, part], [entry], "en_GB", heading=HOSTILE, marks={}, note=HOSTILE, compared={HOSTILE}
        ),
        cards.strip([shown], "en_GB"),
        cards.compare_table([item, item], "en_GB"),
        talk.chips([entry], lambda entry: talk.condition_words(entry.condition, "en_GB")),
        talk.shopper_bubble(HOSTILE, HOSTILE),
        talk.words([HOSTILE], announced=True),
        talk.working(HOSTILE),
        talk.problem(HOSTILE, again=True),
        talk.relaxations([Relaxation(HOSTILE, HOSTILE, 3)]),
        talk.suggestions([HOSTILE]),
        talk.first_visit([HOSTILE], 3),
        talk.header(HOSTILE, [shopper], HOSTILE, talk.history([event], HOSTILE, "en_GB", personalise=True)),
    ]
    for html in pieces:
        reader = Reader(html)
        assert "script" not in reader.tags
        assert not [name for name, _ in reader.attributes if name.startswith("on")]
        sources = [value or "" for name, value in reader.attributes if name == "src"]
        assert all(source.startswith("/v1/pictures/") or source == HOSTILE for source in sources)


class Someone:
    """A demo shopper."""

    def __init__(self, identifier: str, name: str, about: str) -> None:
        self.id, self.name, self.about = identifier, name, about


def test_chips_tell_hard_from_soft_and_quote_the_shopper() -> None:
    hard = Constraint("c1", "hard", Condition("price", Op.LE, Money(6000, "EUR")), 1, "under 60")
    soft = Constraint("c2", "soft", Condition("color", Op.EQ, "blue"), 2, "ideally blue")
    html = talk.chips([hard, soft], lambda entry: talk.condition_words(entry.condition, "en_GB"))
    assert 'class="wb-chip wb-hard" title="You said: under 60"' in html
    assert 'class="wb-chip wb-soft" title="You said: ideally blue"' in html
    assert 'data-act="release" data-id="c2" aria-label="Take back: color blue"' in html
    assert talk.chips([], str) == ""


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("price", Op.LE, Money(6000, "EUR")), "up to €60.00"),
        (Condition("price", Op.GT, Money(6000, "EUR")), "over €60.00"),
        (Condition("brand", Op.NE, "Alba"), "not Alba"),
        (Condition("brand", Op.IN, ("Alba", "Borea")), "Alba or Borea"),
        (Condition("size", Op.EQ, "M"), "size M"),
        (Condition("material", Op.NOT_IN, ("wool", "down")), "material not wool or down"),
        (Condition("rating", Op.GE, 4.0), "from 4 stars"),
    ],
)
def test_conditions_read_as_plain_words(condition: Condition, words: str) -> None:
    assert talk.condition_words(condition, "en_GB") == words


def test_compare_marks_what_differs_in_words_too() -> None:
    first, second = sample_items()[:2]
    html = cards.compare_table([first, second], "en_GB")
    text = Reader(html).text
    assert "Price (differs) €79.99 €149.00" in text
    assert "Material (differs) nylon down" in text
    assert "Waterproof (differs) yes Not stated" in text
    assert "Stock (differs) In stock 3 in stock" in text
    same = Reader(cards.compare_table([first, first], "en_GB")).text
    assert "(differs)" not in same


def test_history_lists_deeds_with_date_and_a_way_to_forget() -> None:
    bought = talk.Remembered("e7", "purchase", "Dune Desk Lamp", datetime(2026, 11, 2, tzinfo=UTC))
    rated = talk.Remembered("e8", "rating", "Alba Rain Jacket", datetime(2026, 10, 1, tzinfo=UTC), value=4.0)
    html = talk.history([bought, rated], "Likes lamps.", "en_GB", personalise=False)
    text = Reader(html).text
    assert "Bought Dune Desk Lamp 2 Nov 2026 Forget" in text
    assert "Rated 4 of 5 Alba Rain Jacket 1 Oct 2026 Forget" in text
    assert 'data-act="forget" data-id="e7"' in html
    assert 'role="switch" aria-checked="false"' in html


def test_long_history_says_how_much_is_left_out() -> None:
    events = [talk.Remembered(str(n), "view", "A", datetime(2026, 1, 1, tzinfo=UTC)) for n in range(45)]
    assert "And 5 older ones." in Reader(talk.history(events, "", "en_GB", personalise=True)).text


def test_likes_and_picks_are_visible_states() -> None:
    shown = recommendation(jacket())
    html = cards.card(shown, {}, (), "en_GB", mark="dislike", compared=True)
    assert re.search(r'data-act="like" data-item="jacket-1" aria-pressed="false"', html)
    assert re.search(r'data-act="dislike" data-item="jacket-1" aria-pressed="true"', html)
    assert re.search(r'data-act="compare" data-item="jacket-1" aria-pressed="true"', html)


def test_compare_button_comes_with_the_second_pick() -> None:
    reply = sample_reply()
    shown, ids = reply.recommendations, [entry.item.id for entry in reply.recommendations]
    one = cards.shelf(shown, reply.evidence, reply.ledger, "en_GB", heading="", marks={}, compared=ids[:1])
    two = cards.shelf(shown, reply.evidence, reply.ledger, "en_GB", heading="", marks={}, compared=ids[:2])
    assert 'data-act="compare-now"' not in one
    assert "Pick one or two more" in one
    assert "Compare these 2" in Reader(two).text


def test_shelf_keeps_the_rank_order_of_the_reply() -> None:
    reply = sample_reply()
    html = cards.shelf(reply.recommendations, reply.evidence, reply.ledger, "en_GB", heading="What fits", marks={})
    assert re.findall(r'<article class="wb-card" data-item="([^"]*)"', html) == ["jacket-1", "jacket/3 é"]
    assert re.findall(r"Rank </span>(\d+)<", html) == ["1", "2"]


def test_offers_name_their_count() -> None:
    text = Reader(talk.relaxations([Relaxation("c1", "up to 75.00 EUR", 3), Relaxation("c2", "any brand", 1)])).text
    assert text == "Up to 75.00 EUR 3 items Any brand 1 item"


def test_pieces_of_the_message_are_separate_for_screen_readers() -> None:
    html = talk.words(["Look at ", "this."], announced=True)
    assert html == (
        '<div class="wb-words" aria-live="polite" aria-atomic="false"><span>Look at </span><span>this.</span></div>'
    )


def test_a_price_that_is_the_least_of_several_is_told_as_such() -> None:
    def variant(size: str, price: int, stock: int = 1) -> Variant:
        return Variant(size, {"size": size}, Money(price, "EUR"), stock)

    shirt = Item(id="a", title="A", price=Money(3000, "EUR"), variants=(variant("S", 4500), variant("M", 2000)))
    assert cards.price_words(shirt, "en_GB") == "from €20.00"
    assert cards.price_words(as_offered(shirt, [Condition("size", Op.EQ, "S")]), "en_GB") == "€45.00"
    assert cards.price_words(replace(shirt, variants=(variant("M", 2000), variant("L", 1000, 0))), "en_GB") == "€20.00"
