"""The JSON of the API, requests' half: what is accepted, how long and how large. Fields unknown here are refused."""

import base64
import binascii
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from assistant.errors import BadRequestError
from assistant.ids import MOST_ID, MOST_ITEM_ID, holds_controls
from assistant.nouns import EventKind, Scene
from index.amounts import plain_number
from index.errors import WhybuyError
from index.filters import ITEM_FIELDS, ORDERINGS, Condition, Op
from index.items import Money
from index.language.bounds import bound

MAX_MESSAGE = 2_000
MAX_PICTURE_BYTES = 8 * 1024 * 1024
_MAX_BASE64 = MAX_PICTURE_BYTES * 4 // 3 + 1_000  # padding and a `data:` prefix
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]", re.ASCII)
_MAX_AMOUNT = Decimal(10) ** 12
_COMPARING = ORDERINGS | {Op.EQ}


class TooLargeError(WhybuyError):
    """More bytes than we take."""


def _without_controls(text: str) -> str:
    if holds_controls(text):
        raise ValueError("must not hold control characters or line breaks")
    return text


Id = Annotated[str, StringConstraints(min_length=1, max_length=MOST_ID), AfterValidator(_without_controls)]
ItemRef = Annotated[str, StringConstraints(min_length=1, max_length=MOST_ITEM_ID), AfterValidator(_without_controls)]


def _as_text(moment: object) -> object:
    """Numbers are refused, also as text: nobody could tell seconds from milliseconds."""
    if moment is not None and not isinstance(moment, datetime) and not _ISO_DATE.match(str(moment)):
        raise ValueError("must be an ISO 8601 moment with a time zone")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_without_controls)]
Value = ItemRef
"""What a field is compared with: as long as an id, the longest of them."""
Count = Annotated[StrictInt, Field(ge=1, le=20)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChatIn(_In):
    """One message to the assistant. A picture or a removal may come without words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message": "a waterproof jacket under 100 euros"},
                {"conversation_id": "3hZkP0", "user_id": "kim", "message": "cheaper than the second one", "k": 4},
            ]
        }
    )

    conversation_id: Id | None = Field(None, description="Leave out to begin a new conversation.")
    user_id: Id | None = Field(None, description="Whose history to use; leave out for nobody's.")
    message: str = Field("", max_length=MAX_MESSAGE)
    image: str | None = Field(None, description="A JPEG, PNG or WebP picture of up to 8 MB, base64.")
    k: Count = Field(4, description="Most items to show.")
    ledger_remove: list[Id] = Field(default=[], max_length=50, description="Ids of constraints to take back.")
    personalization: StrictBool = Field(True, description="False: the history is neither read nor used.")

    def picture_bytes(self) -> bytes | None:
        """The picture's bytes, None when none was sent.

        Raises:
            TooLargeError: it has more than 8 MB.
            BadRequestError: it is not base64.
        """
        if self.image is None:
            return None
        if len(self.image) > _MAX_BASE64:
            raise _too_large()
        encoded = self.image.partition(",")[2] if self.image.startswith("data:") else self.image
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadRequestError("image: not base64", hint="send the picture's bytes in base64") from error
        if len(data) > MAX_PICTURE_BYTES:
            raise _too_large()
        return data

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.message.strip() or self.image or self.ledger_remove):
            raise ValueError("send a message, an image or ledger_remove")
        return self


class MoneyIn(_In):
    """An exact amount in the minor unit of the currency."""

    amount_minor: StrictInt = Field(ge=0, le=10**15)
    currency: str = Field(pattern="^[A-Z]{3}$")


class ConstraintIn(_In):
    """Something every item must satisfy. A price is a number of major units, or an exact amount.

    Other amounts name their unit (`300 g`); a bare number is meant in the unit of the items' values where all have one.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"field": "price", "op": "<=", "value": 79.99},
                {"field": "price", "op": "<=", "value": {"amount_minor": 7999, "currency": "EUR"}},
                {"field": "weight", "op": "<=", "value": "300 g"},
                {"field": "brand", "op": "not in", "value": ["Alba"]},
            ]
        }
    )

    field: Words = Field(description="price, brand, category, kind, rating, text, or an attribute's or option's name.")
    op: Op
    value: (
        MoneyIn
        | Annotated[list[Value], Field(min_length=1, max_length=50)]
        | Annotated[StrictFloat, Field(allow_inf_nan=False)]
        | Value
    )

    def condition(self, currency: str, place: str) -> Condition:
        """The condition the index filters by.

        `currency` is that of amounts without one, `place` names this constraint in errors.

        Raises:
            BadRequestError: operator and value do not fit the field.
        """
        field = self.field.strip().lower()
        match self.value:
            case list() as words if self.op in (Op.IN, Op.NOT_IN) and field not in ("price", "rating"):
                return Condition(field, self.op, tuple(words))
            case str() | float() as amount if field == "price" and self.op in _COMPARING:
                return Condition(field, self.op, _money(self.op, amount, currency, place))
            case MoneyIn() as money if field == "price" and self.op in _COMPARING:
                return Condition(field, self.op, Money(money.amount_minor, money.currency))
            case float() as number if field != "price" and self.op in _COMPARING | {Op.NE}:
                return Condition(field, self.op, number if field == "rating" else plain_number(number))
            case str() as word if field not in ("price", "rating") and self.op in (Op.EQ, Op.NE):
                return Condition(field, self.op, word)
            case str() as amount if field not in ITEM_FIELDS and self.op in ORDERINGS:
                return Condition(field, self.op, amount)
            case _:
                told = f"{place}: operator and value do not fit the field"
                raise BadRequestError(told, hint=_FITTING, fields=(place,))


class RecommendationsIn(_In):
    """A request for items outside a conversation. All constraints are hard."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"scene": "home", "user_id": "kim"},
                {
                    "scene": "search",
                    "query": "rain jacket",
                    "constraints": [{"field": "price", "op": "<=", "value": 80}],
                },
                {"scene": "similar", "item_id": "jacket-1", "k": 6},
            ]
        }
    )

    user_id: Id | None = None
    scene: Scene
    query: str = Field("", max_length=MAX_MESSAGE)
    item_id: ItemRef | None = None
    constraints: list[ConstraintIn] = Field(default=[], max_length=50)
    k: Count = 10


class EventIn(_In):
    """Something a shopper did. With an `id` of your own, the same event sent again is not counted twice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"user_id": "kim", "kind": "view", "item_id": "jacket-1"},
                {"id": "o-17", "user_id": "kim", "kind": "rating", "item_id": "lamp-1", "value": 4},
            ]
        }
    )

    id: Id | None = Field(None, description="Unique among this user's events; leave out and one is made.")
    user_id: Id
    kind: EventKind
    item_id: ItemRef
    at: Moment | None = Field(None, description="ISO 8601 with a time zone; leave out for now.")
    value: Annotated[StrictFloat, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = Field(
        None, description="Stars of a rating, 1 to 5; pieces of a purchase.", validate_default=True
    )

    @field_validator("value")
    @classmethod
    def _rates_in_stars(cls, value: float | None, info: ValidationInfo) -> float | None:
        if info.data.get("kind") == "rating" and not (value is not None and 1 <= value <= 5):
            raise ValueError("a rating needs a value from 1 to 5")
        if info.data.get("kind") == "purchase" and value == 0:
            raise ValueError("a purchase is of more than 0 pieces")
        return value


class EventsIn(_In):
    """A batch of events: all are kept, or none."""

    events: list[EventIn] = Field(min_length=1, max_length=1_000)


def _one_or_many(body: object) -> str:
    return "many" if isinstance(body, EventsIn) or (isinstance(body, dict) and "events" in body) else "one"


EventsBody = Annotated[Annotated[EventIn, Tag("one")] | Annotated[EventsIn, Tag("many")], Discriminator(_one_or_many)]
"""One event, or a batch."""

BODY_TAGS = frozenset({"one", "many"})
"""What pydantic puts into the place of an error to tell the two forms of `EventsBody` apart; callers never see it."""

_FITTING = (
    "price and rating: < <= > >= = with a number (a price also as {amount_minor, currency}); other fields: = and != "
    "with a string, `in` and `not in` with a list of strings, < <= > >= with an amount (300, or with its unit 300 g)"
)


def _money(op: Op, amount: str | float, currency: str, place: str) -> Money:
    try:
        exact = Decimal(str(amount))
    except InvalidOperation as error:
        told = f"{place}.value: a price must be a number"
        raise BadRequestError(told, hint=_FITTING, fields=(f"{place}.value",)) from error
    if not (exact.is_finite() and 0 <= exact <= _MAX_AMOUNT):
        told = f"{place}.value: a price must be a number from 0 to 10^12"
        raise BadRequestError(told, hint=_FITTING, fields=(f"{place}.value",))
    return bound(op, exact, currency)


def _too_large() -> TooLargeError:
    return TooLargeError("image: more than 8 MB", hint="send a smaller picture")
