"""The JSON of the API, answers' half: pydantic models and the only rendering of a `Reply`, a `Shelf` or an `Item`."""

from dataclasses import replace
from typing import Literal, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from assistant.exchange import Shelf
from assistant.nouns import Constraint, Evidence, Intent, Recommendation, Reply, Scalar
from assistant.web.ports import Label
from index.filters import Condition, Op, has_own_prices
from index.items import Item, ItemId, Money, Variant
from index.offers import as_offered, is_from


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class MoneyOut(_Out):
    """An exact amount in the minor unit of the currency: 7999 and EUR are 79.99 euros."""

    amount_minor: int = Field(examples=[7999])
    currency: str = Field(examples=["EUR"])

    @classmethod
    def of(cls, money: Money) -> Self:
        return cls(amount_minor=money.amount_minor, currency=money.currency)


class ItemOut(_Out):
    """An item as shown on a card. `price` null: the shop names none. `images` are addresses on this server.

    Where variants have prices of their own, `price` is that of the cheapest one in stock that meets what was asked for;
    `price_from`: others that meet it cost more.
    """

    id: str
    title: str
    brand: str
    categories: list[str]
    price: MoneyOut | None
    price_from: bool = False
    list_price: MoneyOut | None
    in_stock: bool
    images: list[str]
    rating: float | None
    rating_count: int
    options: dict[str, list[str]]

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        return ItemOut.model_validate(_card(item))


class VariantOut(_Out):
    """One buyable version. `price` null: as all versions, the item's own; `stock` null: not counted."""

    id: str
    options: dict[str, str]
    price: MoneyOut | None
    stock: int | None
    in_stock: bool

    @classmethod
    def of(cls, variant: Variant, item: Item) -> Self:
        own = replace(variant, price=variant.price or item.price) if has_own_prices(item) else variant
        return cls.model_validate(own, from_attributes=True)


class ReviewOut(_Out):
    """What one buyer wrote, word for word. Show it as text, never as HTML."""

    id: str
    title: str
    text: str
    rating: float | None
    author: str
    date: str


class ItemRecordOut(ItemOut):
    """Everything the catalogue says about an item."""

    description: str
    attributes: dict[str, list[str]]
    variants: list[VariantOut]
    stock: int | None
    image_alts: list[str]
    related: dict[str, list[str]]
    reviews: list[ReviewOut]

    @classmethod
    def of(cls, item: Item) -> "ItemRecordOut":
        return ItemRecordOut.model_validate(
            {
                **_card(item),
                "description": item.description,
                "attributes": {name: list(values) for name, values in item.attributes.items()},
                "variants": [VariantOut.of(variant, item) for variant in item.variants],
                "stock": item.stock,
                "image_alts": [picture.alt for picture in item.pictures],
                "related": {kind: list(ids) for kind, ids in item.related.items()},
                "reviews": [ReviewOut.model_validate(review, from_attributes=True) for review in item.reviews],
            }
        )


class ContributionOut(_Out):
    """A named, signed part of a score."""

    name: str
    value: float


class ReasonOut(_Out):
    """A sentence and the ids of the evidence behind it. `source`: worded by a model, or by a template."""

    text: str
    evidence: list[str]
    source: Literal["model", "template"]


class ArrangementOut(_Out):
    """What arranging the shelf did to an item: the rank its score alone would have given it, the one it has, and why.

    `score`: nothing, or others came in between; `taste`: the shelf lacked what this shopper seeks; `variety`: the
    others were too alike. On a shelf items always stand by score.
    """

    from_rank: int
    to_rank: int
    why: Literal["score", "taste", "variety"]


class RecommendationOut(_Out):
    """An item as shown. `score` is exactly `base` plus the sum of the contributions."""

    item: ItemOut
    rank: int
    score: float
    base: float
    contributions: list[ContributionOut]
    reasons: list[ReasonOut]
    arrangement: ArrangementOut | None = None

    @classmethod
    def of(cls, recommendation: Recommendation) -> Self:
        return cls.model_validate(_recommendation(recommendation))


class EvidenceOut(_Out):
    """A checkable fact: what was asked, what the item record says, what the shopper did, how the ranker weighed it."""

    id: str
    kind: Literal["constraint", "fact", "event", "contribution", "review", "policy"]
    name: str
    value: Scalar
    text: str
    item_id: str | None
    ref: str
    at: str

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        return cls.model_validate(_evidence(evidence))


class LedgerEntryOut(_Out):
    """A constraint in force. `text` are the shopper's own words it was read from, `label` says it in plain words.

    `value` is a string, a number, a list of strings, or for prices an exact amount.
    """

    id: str
    kind: Literal["hard", "soft"]
    field: str
    op: Op
    value: MoneyOut | list[str] | float | str
    turn: int
    text: str
    label: str
    source: Literal["reader", "model", "caller"]

    @classmethod
    def of(cls, constraint: Constraint, label: Label) -> Self:
        return cls(
            id=constraint.id,
            kind=constraint.kind,
            field=constraint.condition.field,
            op=constraint.condition.op,
            value=_value(constraint.condition),
            turn=constraint.turn,
            text=constraint.quote,
            label=label(constraint),
            source=constraint.source,
        )


class RelaxationOut(_Out):
    """What giving up one constraint would show."""

    constraint_id: str
    text: str
    count: int


class ReplyOut(_Out):
    """One turn's answer. Items, order, scores and ledger do not depend on the model that worded it."""

    conversation_id: str
    turn: int
    message: str
    intent: Intent
    recommendations: list[RecommendationOut]
    evidence: list[EvidenceOut]
    message_evidence: list[str]
    ledger: list[LedgerEntryOut]
    relaxations: list[RelaxationOut]
    suggestions: list[str]
    degraded: list[str]
    versions: dict[str, str]
    timings_ms: dict[str, float]
    trace: list[str]
    ai_generated: bool

    @classmethod
    def of(cls, reply: Reply, label: Label) -> Self:
        """The JSON of a reply; `label` says a constraint in plain words."""
        return cls(
            conversation_id=reply.conversation_id,
            turn=reply.turn,
            message=reply.message,
            intent=reply.request.intent,
            recommendations=[RecommendationOut.of(recommendation) for recommendation in reply.recommendations],
            evidence=[EvidenceOut.of(evidence) for evidence in reply.evidence],
            message_evidence=list(reply.message_evidence),
            ledger=[LedgerEntryOut.of(constraint, label) for constraint in reply.ledger],
            relaxations=[
                RelaxationOut(constraint_id=offer.constraint_id, text=offer.text, count=offer.count)
                for offer in reply.relaxations
            ],
            suggestions=list(reply.suggestions),
            degraded=list(reply.degraded),
            versions=dict(reply.versions),
            timings_ms=dict(reply.timings_ms),
            trace=list(reply.trace),
            ai_generated=reply.ai_generated,
        )


class ShelfOut(_Out):
    """Recommendations outside a conversation.

    `unread` are the parts of the query that could not be placed: nothing is filtered by them. `note` says so in words.
    """

    recommendations: list[RecommendationOut]
    evidence: list[EvidenceOut]
    versions: dict[str, str]
    degraded: list[str]
    timings_ms: dict[str, float]
    ledger: list[LedgerEntryOut]
    unread: list[str] = []
    note: str = ""

    @classmethod
    def of(cls, shelf: Shelf, label: Label) -> Self:
        return cls.model_validate(_shelf(shelf, label))


class EventsOut(_Out):
    """What became of the events sent: `stored` are new, `duplicates` were known already. `ids` in the order sent."""

    stored: int
    duplicates: int
    ids: list[str]


class ProblemOut(_Out):
    """What is wrong, and what to do. `fields` names parts of the request at fault, never their values."""

    code: str = Field(examples=["bad_request"])
    message: str
    hint: str = ""
    retryable: bool = False
    fields: list[str] = []


class ErrorOut(_Out):
    """The body of every answer that is not a success."""

    error: ProblemOut


def plain_label(constraint: Constraint) -> str:
    """A constraint as `field op value`, for callers that have no better words."""
    value = constraint.condition.value
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return f"{constraint.condition.field} {constraint.condition.op} {text}"


def render_reply(reply: Reply, label: Label = plain_label) -> str:
    """The JSON text of a reply, as the API sends it; `label` says a constraint in plain words."""
    return ReplyOut.of(reply, label).model_dump_json()


def render_shelf(shelf: Shelf, label: Label = plain_label) -> bytes:
    """The JSON of a shelf as `ShelfOut` has it, made without it: shops ask for many, and we know what we put in."""
    return to_json(_shelf(shelf, label), inf_nan_mode="null")


def picture_url(item_id: ItemId, n: int = 0) -> str:
    """The address, on this server, of the `n`th picture of an item, counted from 0."""
    return f"/v1/pictures/{quote(item_id, safe='')}?n={n}"


def _shelf(shelf: Shelf, label: Label) -> dict[str, object]:
    return {
        "recommendations": [_recommendation(recommendation) for recommendation in shelf.recommendations],
        "evidence": [_evidence(evidence) for evidence in shelf.evidence],
        "versions": dict(shelf.versions),
        "degraded": list(shelf.degraded),
        "timings_ms": dict(shelf.timings_ms),
        "ledger": [LedgerEntryOut.of(entry, label) for entry in shelf.ledger],
        "unread": list(shelf.unread),
        "note": shelf.note,
    }


def _recommendation(recommendation: Recommendation) -> dict[str, object]:
    ranked, placement = recommendation.ranked, recommendation.placement
    arrangement = placement and {
        "from_rank": placement.by_score,
        "to_rank": recommendation.rank,
        "why": placement.why,
    }
    return {
        "item": _card(recommendation.item),
        "rank": recommendation.rank,
        "score": ranked.score,
        "base": ranked.base,
        "contributions": [{"name": part.name, "value": part.value} for part in ranked.contributions],
        "reasons": [
            {"text": reason.text, "evidence": list(reason.evidence), "source": reason.source}
            for reason in recommendation.reasons
        ],
        "arrangement": arrangement,
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {
        "id": evidence.id,
        "kind": evidence.kind,
        "name": evidence.name,
        "value": evidence.value,
        "text": evidence.text,
        "item_id": evidence.item_id,
        "ref": evidence.ref,
        "at": evidence.at,
    }


def _card(item: Item) -> dict[str, object]:
    offered = as_offered(item)
    return {
        "id": item.id,
        "title": item.title,
        "brand": item.brand,
        "categories": list(item.categories),
        "price": _amount(offered.price),
        "price_from": is_from(offered),
        "list_price": _amount(offered.list_price),
        "in_stock": item.in_stock,
        "images": [picture_url(item.id, n) for n in range(len(item.pictures))],
        "rating": item.rating,
        "rating_count": item.rating_count,
        "options": {name: list(values) for name, values in item.options.items()},
    }


def _amount(money: Money | None) -> dict[str, object] | None:
    return None if money is None else {"amount_minor": money.amount_minor, "currency": money.currency}


def _value(condition: Condition) -> MoneyOut | list[str] | float | str:
    match condition.value:
        case Money() as money:
            return MoneyOut.of(money)
        case tuple() as words:
            return list(words)
        case other:
            return other
