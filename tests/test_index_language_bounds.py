"""Bounds of prices never let in what the exact amount keeps out."""

import pytest

from index.filters import Op
from index.items import Money
from index.language.bounds import bound


@pytest.mark.parametrize(
    ("op", "amount", "currency", "minor"),
    [
        (Op.LE, 24.899, "EUR", 2489),
        (Op.LT, 24.899, "EUR", 2490),  # 24.89 is less, 24.90 is not
        (Op.GE, "24.891", "EUR", 2490),
        (Op.GT, "24.891", "EUR", 2489),  # 24.90 is more, 24.89 is not
        (Op.EQ, 24.899, "EUR", 2490),
        (Op.LE, 24.9, "EUR", 2490),
        (Op.LE, 999.5, "JPY", 999),
        (Op.GE, "1.2341", "KWD", 1235),
        (Op.LE, 0, "USD", 0),
    ],
)
def test_a_bound_is_rounded_to_the_safe_side(op: Op, amount: float | str, currency: str, minor: int) -> None:
    assert bound(op, amount, currency) == Money(minor, currency)
