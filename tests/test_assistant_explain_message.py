"""The sentences around a shelf name every shown item in order and say what stands in the way."""

from assistant.explain.message import (
    greeting,
    nothing_message,
    out_of_scope,
    release_line,
    shelf_message,
)
from assistant.nouns import Reason, Recommendation, Relaxation
from index.filters import Op
from index.items import Item
from tests.explain_cases import BUDGET, RIDGE, SOCKS, TRAIL, constraint, ranked

NOT_ALBA = constraint("c2", "brand", Op.NE, "Alba")


def shown(*items: Item, reason: str = "") -> list[Recommendation]:
    reasons = (Reason(reason, ("e1", "e2")),) if reason else ()
    return [Recommendation(item, rank, ranked(item.id), reasons) for rank, item in enumerate(items, start=1)]


def test_items_are_named_in_rank_order_with_how_many_fit() -> None:
    said = shelf_message(shown(RIDGE, SOCKS), fitting=9, ledger=[BUDGET, NOT_ALBA], words="wet paths")
    assert said.text == (
        "For \u201cwet paths\u201d, nine items fit \u201cup to 60.00 EUR\u201d and \u201cnot by Alba\u201d; "
        "these two come first: Borea Ridge Boot and Alba Wool Socks."
    )
    assert said.evidence == ()


def test_when_all_that_fits_is_shown_it_says_so() -> None:
    assert shelf_message(shown(RIDGE), fitting=1, ledger=[BUDGET]).text == (
        "One item fits \u201cup to 60.00 EUR\u201d: Borea Ridge Boot."
    )
    assert shelf_message(shown(RIDGE, SOCKS), fitting=2).text == "Two items fit: Borea Ridge Boot and Alba Wool Socks."


def test_without_a_count_none_is_claimed() -> None:
    assert shelf_message(shown(RIDGE, SOCKS, TRAIL), fitting=None).text == (
        "These three come first: Borea Ridge Boot, Alba Wool Socks and Alba Trail Boot."
    )
    assert shelf_message(shown(RIDGE), fitting=None, more=True).text == "Here is one more: Borea Ridge Boot."


def test_the_first_items_reason_follows_and_says_whose_it_is() -> None:
    told = shown(RIDGE, SOCKS, reason="It costs 59.90 EUR, within the 60.00 EUR you set.")
    plain = shelf_message(shown(RIDGE, SOCKS), fitting=2).text
    said = shelf_message(told, fitting=2)
    assert said.text == f"{plain} The first costs 59.90 EUR, within the 60.00 EUR you set."
    assert said.evidence == ("e1", "e2")
    alone = shelf_message(shown(RIDGE, reason="Made with leather, as you asked."), fitting=1)
    assert alone.text.endswith(": Borea Ridge Boot. Made with leather, as you asked.")
    other = shelf_message(shown(RIDGE, SOCKS, reason="You bought the Alba Boot in May 2026, and so on."), fitting=2)
    assert other.text.endswith(" As for the first: you bought the Alba Boot in May 2026, and so on.")


def test_the_kind_asked_for_stands_where_no_words_do() -> None:
    kind = constraint("c3", "kind", Op.IN, ("boot",))
    assert shelf_message(shown(RIDGE, TRAIL), fitting=2, ledger=[kind]).text == (
        "For \u201cboot\u201d, two items fit: Borea Ridge Boot and Alba Trail Boot."
    )


def test_more_than_six_items_are_counted_not_listed() -> None:
    items = [Item(f"i{n}", f"Boot {'abcdefgh'[n]}") for n in range(8)]
    text = shelf_message(shown(*items), fitting=120).text
    assert text.startswith("More than a hundred items fit; these eight come first: Boot a, Boot b, ")
    assert text.endswith("Boot f and two more.")


def test_nothing_fits_names_the_blame_and_what_would_show() -> None:
    offers = [Relaxation("c1", "up to 75.00 EUR", 3), Relaxation("c2", "without \u201cnot by Alba\u201d", 1)]
    assert nothing_message([BUDGET, NOT_ALBA], offers).text == (
        "Nothing here fits all of that; what stands in the way is \u201cup to 60.00 EUR\u201d. "
        "You could try: up to 75.00 EUR (three items) or without \u201cnot by Alba\u201d (one item)."
    )
    assert nothing_message([BUDGET], [Relaxation("c1", "any price", 0)]).text == (
        "Nothing here fits \u201cup to 60.00 EUR\u201d. Taking it back may help."
    )


def test_what_was_not_found_here_is_said_with_the_nearest_departments() -> None:
    assert nothing_message([], [], words="kayaks", departments=["Outdoor", "Bags"]).text == (
        "I found nothing like \u201ckayaks\u201d here. The nearest departments are Outdoor and Bags."
    )
    assert "evil" not in nothing_message([], [], words="see http://evil.example now").text


def test_what_reads_alike_is_told_once() -> None:
    twice = [constraint("c1", "material", Op.NE, "wool"), constraint("c2", "text", Op.NE, "wool")]
    told = shelf_message(shown(RIDGE), fitting=1, ledger=twice, describe=lambda _: "not wool").text
    assert told == "One item fits \u201cnot wool\u201d: Borea Ridge Boot."
    nothing = nothing_message(twice, [], describe=lambda _: "not wool").text
    assert nothing == "Nothing here fits \u201cnot wool\u201d. Taking it back may help."
    assert release_line(["red", "blue", "Red"]) == "I dropped \u201cred\u201d and \u201cblue\u201d."


def test_small_talk_stays_small_and_repeats_nothing() -> None:
    assert release_line([]) == ""
    assert release_line(["in blue", "size M"]) == "I dropped \u201cin blue\u201d and \u201csize M\u201d."
    assert greeting(["Outdoor", "Home"]).endswith("Our departments include Outdoor and Home.")
    assert out_of_scope() == (
        "I can only help with shopping here: finding items, comparing them, and our delivery and returns."
    )


def test_the_kind_completes_the_words() -> None:
    kind = constraint("c3", "kind", Op.IN, ("boot",))
    assert shelf_message(shown(RIDGE), fitting=None, ledger=[kind], words="warm").text == (
        "For \u201cwarm boot\u201d, this one comes first: Borea Ridge Boot."
    )
    assert shelf_message(shown(RIDGE), fitting=None, ledger=[kind], words="warm boots").text == (
        "For \u201cwarm boots\u201d, this one comes first: Borea Ridge Boot."
    )


def test_a_comparison_names_the_first_as_the_one_compared() -> None:
    told = shown(RIDGE, SOCKS, reason="Of these, it is the closest to \u201cboot\u201d.")
    assert shelf_message(told, fitting=2).text.endswith(" Of these, the first is the closest to \u201cboot\u201d.")
