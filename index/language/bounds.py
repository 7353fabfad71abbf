"""Amounts as bounds of price conditions."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from index.filters import Op
from index.items import Money

_ROUNDING = {Op.LE: ROUND_FLOOR, Op.GT: ROUND_FLOOR, Op.GE: ROUND_CEILING, Op.LT: ROUND_CEILING}


def bound(op: Op, amount: Decimal | int | float | str, currency: str) -> Money:
    """The amount in the currency's minor unit, rounded so that no price fits which the exact amount would not let in.

    At most 24.899 EUR is at most 24.89; less than 24.899 is less than 24.90. For `=`, the nearest.

    Raises:
        decimal.InvalidOperation: `amount` is not a finite number.
    """
    money = Money.of(amount, currency)
    exact = Decimal(str(amount))
    if op not in _ROUNDING or money.amount == exact:
        return money
    step = Money(1, currency).amount
    minor = (exact / step).to_integral_value(rounding=_ROUNDING[op])
    return Money(int(minor), currency)
