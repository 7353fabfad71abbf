"""Prices and descriptions as people write them: read exactly, or refused."""

import struct
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from index.feeds.fields import BadFieldError
from index.feeds.html_text import plain
from index.feeds.prices import DecimalMark, price_of
from index.items import Money


@pytest.mark.parametrize(
    ("written", "currency", "minor", "code"),
    [
        ("15.00 USD", None, 1500, "USD"),
        ("USD 15", "EUR", 1500, "USD"),
        ("$1,299.00", "USD", 129900, "USD"),
        ("1.299,00", "EUR", 129900, "EUR"),
        ("1\u202f299,50 €", None, 129950, "EUR"),
        ("CHF 1'299.50", None, 129950, "CHF"),
        ("1.234.567", "EUR", 123456700, "EUR"),
        ("1,23,456.00", "INR", 12345600, "INR"),
        ("12,5", "EUR", 1250, "EUR"),
        ("¥1,500", "JPY", 1500, "JPY"),
        ("1.299", "KWD", 1299, "KWD"),
        ("15.0000", "USD", 1500, "USD"),
        ("5.9900 EUR", None, 599, "EUR"),
        ("1234,500", "EUR", 123450, "EUR"),
        ("1.299", "JPY", 1299, "JPY"),
        ("12900.00", "JPY", 12900, "JPY"),
        (19.99, "USD", 1999, "USD"),
        (14.949999809265137, "EUR", 1495, "EUR"),
        ("14.949999809", "EUR", 1495, "EUR"),
        (0.1 + 0.2, "USD", 30, "USD"),
        ("100 kr", "SEK", 10000, "SEK"),
        ("0", "EUR", 0, "EUR"),
    ],
)
def test_an_amount_is_read_exactly(written: object, currency: str | None, minor: int, code: str) -> None:
    assert price_of(written, "price", currency) == Money(minor, code)


@pytest.mark.parametrize(
    "written",
    ["1e3", "-5", "5-", "(5.00)", "NaN", "inf", "1.299", "1,299", "0.005", "5.1299", "5,1299", "12345.6701",
     "123456.784", "99999.999", 99999.999, 5.1299, "1,299,5", "1.299.00", "12900.50 JPY", "0.00000001",
     "1.2.3", "1,2,3", "12 34", "5 EUR USD", "=1+1", "0x10", "free",
     "\u0661\u0665", "\u066b5", "1_000", "9" * 20, "5 €€", True, float("nan"), float("inf"), -1, 1e300, [5]],
)  # fmt: skip
def test_what_is_no_clear_amount_is_refused(written: object) -> None:
    with pytest.raises(BadFieldError):
        price_of(written, "price", "EUR")


def test_a_sign_of_several_currencies_needs_one_named() -> None:
    with pytest.raises(BadFieldError) as caught:
        price_of("$5", "price", None)
    assert caught.value.expected == "an ISO 4217 currency code, since $ stands for several"
    assert price_of("$5", "price", "CAD") == Money(500, "CAD")


@given(st.integers(1, 13_107_200), st.sampled_from(["EUR", "KWD", "JPY"]))
def test_what_single_precision_makes_of_an_amount_is_that_amount(minor: int, code: str) -> None:
    money = Money(minor, code) if code != "KWD" else Money(minor // 10 * 10, code)  # singles hold seven digits
    (single,) = struct.unpack("f", struct.pack("f", money.amount))
    assert price_of(single, "price", code) == money


@given(st.integers(0, 10**11), st.integers(1, 9), st.booleans())
def test_a_digit_past_the_minor_unit_is_never_rounded_away(minor: int, digit: int, as_text: bool) -> None:
    text = f"{Money(minor, 'EUR').amount}{digit}"
    with pytest.raises(BadFieldError):
        price_of(text if as_text else Decimal(text), "price", "EUR", habit=lambda: ".")


@pytest.mark.parametrize(
    ("others", "mark"),
    [
        (["1,00"], ","),
        (["12.5 EUR"], "."),
        (["1.299,00"], ","),
        (["1,299.00"], "."),
        (["1.299.000"], ","),
        (["1,299,000"], "."),
        (["0.500"], "."),
        (["1299,500"], ","),
        (["5", "1.299", "1,299", "cheap", "1,2,3", None, 5.25, ["1,00"]], ""),
        (["1,00", "1.00"], ""),
    ],
)
def test_the_decimal_mark_is_what_clear_prices_show(others: list[object], mark: str) -> None:
    assert DecimalMark(lambda: others)() == mark


def test_a_price_in_doubt_is_read_as_the_others_are_written() -> None:
    comma, point, neither = (DecimalMark(lambda text=text: [text]) for text in ("1,00", "1.00", "1"))
    assert price_of("12.900", "price", "EUR", habit=comma) == Money(1290000, "EUR")
    assert price_of("12,900", "price", "EUR", habit=comma) == Money(1290, "EUR")
    assert price_of("12,345", "price", "EUR", habit=point) == Money(1234500, "EUR")
    assert price_of("1.299", "price", "KWD", habit=comma) == Money(1299000, "KWD")
    assert price_of("500.000", "price", "JPY", habit=point) == Money(500, "JPY")
    for text, habit in (("12,345", comma), ("12.345", point), ("12,345", neither), ("12.345", neither)):
        with pytest.raises(BadFieldError):
            price_of(text, "price", "EUR", habit=habit)


def test_the_other_prices_are_read_once_and_only_where_one_is_in_doubt() -> None:
    readings: list[int] = []

    def texts() -> Iterator[str]:
        readings.append(1)
        yield "1,00"

    habit = DecimalMark(texts)
    price_of("1.299,00", "price", "EUR", habit=habit)
    assert readings == []
    price_of("1.299", "price", "EUR", habit=habit)
    price_of("2.299", "price", "EUR", habit=habit)
    assert readings == [1]


@pytest.mark.parametrize(
    ("written", "currency", "expected"),
    [
        ("5.1299", "EUR", "an amount in EUR with at most 2 decimals"),
        ("12900.50", "JPY", "an amount in JPY with no decimals"),
        ("1.2345", "KWD", "an amount in KWD with at most 3 decimals"),
        ("1,299", "EUR", "a price that is clear about thousands and decimals, such as 1299.00"),
    ],
)
def test_a_fault_says_what_the_price_should_be(written: str, currency: str, expected: str) -> None:
    with pytest.raises(BadFieldError) as caught:
        price_of(written, "price", currency)
    assert caught.value.expected == expected


def test_minor_units_and_a_known_decimal_mark() -> None:
    assert price_of("1299", "price", "EUR", minor=True) == Money(1299, "EUR")
    assert price_of("1.299", "price", "EUR", decimal=",") == Money(129900, "EUR")
    assert price_of("1.299", "price", "EUR", minor=True) == Money(1299, "EUR")
    with pytest.raises(BadFieldError):
        price_of("12.99", "price", "EUR", minor=True)
    for other in ("1,00", "1,299.00", "1'299,5"):
        with pytest.raises(BadFieldError) as caught:
            price_of(other, "price", "EUR", decimal="." if other == "1,00" or other[1] == "'" else ",")
        assert caught.value.expected.startswith("a price that writes its decimals with ")


@given(st.integers(0, 10**13), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from([",.", ".,", " ,", " ."]))
def test_every_amount_written_with_two_marks_comes_back(minor: int, code: str, marks: str) -> None:
    money = Money(minor, code)
    digits = get_currency_precision(code)
    whole, _, part = f"{money.amount:,.{digits}f}".partition(".")
    if digits == 3 and "," not in whole and marks[1] == "," and not whole.startswith("0"):
        return  # 1,299 KWD too
    text = whole.replace(",", marks[0]) + (marks[1] + part if part else "")
    if money.amount <= 10**12:
        assert price_of(f"{text} {code}", "price", None) == money


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>Dry</p><ul><li>Light</li><li>Warm &amp; soft</li></ul>", "Dry\nLight\nWarm & soft"),
        ("a<br/>b<script>x()</script>c<style>p{}</style>", "a\nbc"),
        ("&lt;p&gt;Dry&lt;/p&gt;", "Dry"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;fine", "fine"),
        ("a<scr<b>ipt>alert(1)</script>b", "a"),
        ("5 &lt; 6 &amp; 7 > 3", "5 < 6 & 7 > 3"),
        ("1<2 and 3>2", "1<2 and 3>2"),
        ("I <3 it", "I <3 it"),
        ("<a title='x>y'>tea</a>", "tea"),
        ("<!-- a --> b <!-- open", "b open"),
        ("&amp;amp;amp;amp;lt;b&gt;bold", "bold"),
        ("tea <img src=x onerror=alert(1)", "tea < img src=x onerror=alert(1)"),
    ],
)
def test_html_becomes_text(written: str, read: str) -> None:
    assert plain(written) == read


@given(
    st.lists(
        st.sampled_from(["<", ">", "&lt;", "&gt;", "&amp;", "lt;", "script", "b", "/", "!--", "-->", "'", " ", "x"])
    )
)
def test_nothing_that_comes_back_opens_a_tag(parts: list[str]) -> None:
    read = plain("".join(parts))
    assert not any(f"<{sign}" in read for sign in "abcxs/!?")


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", "</", "<![CDATA[", "<script>", "<a href='", "<aa", "&amp;", "<a x='y' "]
)
def test_hostile_markup_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    plain(piece * 100_000)
    assert time.process_time() - started < 3
