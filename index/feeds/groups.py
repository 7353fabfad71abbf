"""What the rows of one item must agree in. The row that breaks it is at fault, not its item."""

from collections.abc import Callable, Mapping
from typing import Any

from index.feeds.fields import BadFieldError
from index.feeds.raw import BadRowError
from index.feeds.rows import variant_of
from index.items import Money


class Agreement:
    """The ids and the currency of the rows admitted so far, all of one item."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._priced: tuple[int, str] | None = None

    def admit(
        self, line: int, variant: Mapping[str, Any], prices: Mapping[str, Money | None], named: Callable[[str], str]
    ) -> None:
        """Take in one more row.

        Args:
            line: of the row.
            variant: what the row has for sale, in our own shape.
            prices: all of the row's, by our names.
            named: our name of a field -> the file's, for the fault.

        Raises:
            BadRowError: the variant holds nonsense, has the id of an earlier one, or a price in another currency.
        """
        try:
            read = variant_of(variant, "", "", None)
        except BadFieldError as bad:
            raise BadRowError(line, named(bad.field), bad.value, bad.expected) from None
        if (other := self._lines.get(read.id)) is not None:
            raise BadRowError(line, named("id"), read.id, f"an id that line {other} of the same item does not have")
        first = self._priced
        for ours, price in prices.items():
            if price is None:
                continue
            first = first or (line, price.currency)
            if price.currency != first[1]:
                expected = f"an amount in {first[1]}, as on line {first[0]} of the same item"
                raise BadRowError(line, named(ours), str(price), expected)
        self._priced = first
        if read.id:
            self._lines[read.id] = line
