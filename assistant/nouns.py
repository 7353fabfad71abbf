"""What one turn of conversation is made of. Plain frozen data: no models, no stores, nothing heavy.

Everything a shopper, an agent or a program sees is a rendering of one `Reply`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from index.filters import Condition
from index.items import Item, ItemId

Scalar = str | int | float | bool | None

Intent = Literal[
    "search",  # find items, or refine what was asked before
    "more",  # the same request, other items
    "ask_item",  # a question about an item
    "ask_policy",  # a question about delivery, returns, warranty ...
    "compare",  # two or more items side by side
    "release",  # only takes constraints back
    "greet",
    "thanks",
    "other",  # not about shopping here
]

EventKind = Literal["view", "click", "cart", "purchase", "rating", "like", "dislike", "not_interested"]

Scene = Literal["home", "search", "similar", "bundle", "promotion", "sponsored"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One entry of the ledger: something every shown item must (hard) or should (soft) satisfy.

    Attributes:
        id: unique within the conversation, e.g. `c3`.
        condition: field, operator and value, as the index filters by them.
        turn: the turn it came from, counted from 1.
        quote: the shopper's own words it was read from; a substring of that turn's message.
        source: who read it: the deterministic reader, the model, or the caller of the API.
    """

    id: str
    kind: Literal["hard", "soft"]
    condition: Condition
    turn: int
    quote: str
    source: Literal["reader", "model", "caller"] = "reader"


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked in the same message as a request, to be answered beside it.

    Attributes:
        text: in the shopper's words; a substring of the message.
        intent: `ask_item`, `ask_policy` or `compare`.
        targets: the shown items it speaks of; none: the first of what is shown now.
    """

    text: str
    intent: Intent
    targets: tuple[ItemId, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What the shopper wants this turn, understood.

    Attributes:
        words: product words to search by, gathered over the conversation; may be "".
        targets: items the turn speaks of (`the second one`), in the order spoken of.
        subject: for questions, the words that say what is asked about, e.g. `waterproof`.
        unread: parts of the message nobody could place; shown in the trace, never acted upon.
        questions: what was asked in the same message, to be answered beside what is shown.
    """

    intent: Intent
    words: str = ""
    targets: tuple[ItemId, ...] = ()
    subject: str = ""
    unread: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


REFUSING: frozenset[EventKind] = frozenset({"dislike", "not_interested"})
WELCOMING: frozenset[EventKind] = frozenset({"like", "cart", "purchase", "rating"})
MIDDLING_STARS = 3.0
"""A rating of so many says nothing of taste, one of more speaks for the item."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a shopper did. `at` is aware UTC; `value` is the stars of a rating or the pieces of a purchase."""

    id: str
    shopper_id: str
    kind: EventKind
    item_id: ItemId
    at: datetime
    value: float | None = None

    @property
    def refuses(self) -> bool:
        """Whether it says that the shopper does not want to see the item."""
        return self.kind in REFUSING

    @property
    def disappoints(self) -> bool:
        """Whether it says that the item was worse than hoped: fewer than middling stars."""
        return self.kind == "rating" and self.value is not None and self.value < MIDDLING_STARS

    @property
    def welcomes(self) -> bool:
        """Whether it takes back what refused the item before: more than looking at it, or than middling stars."""
        return self.kind in WELCOMING and (self.kind != "rating" or (self.value or 0.0) > MIDDLING_STARS)


@dataclass(frozen=True, slots=True)
class Policy:
    """One paragraph of the shop's own rules; `text` may be quoted, never paraphrased."""

    id: str
    topic: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checkable fact that a reason or an answer rests on.

    Attributes:
        id: unique within the reply.
        kind: `constraint` (what was asked), `fact` (from the item record), `event` (from the shopper's history),
            `contribution` (what the ranker weighed), `review` or `policy` (quoted lines).
        name: the ledger field, item field, event kind, contribution or topic it is about.
        value: the value as recorded.
        text: the fact in plain words, filled in from records, never by a model.
        item_id: the item it is about (for an event: the item of the past), None for policies and constraints.
        ref: id of the ledger entry, event, review or policy behind it, or "".
        at: when it happened, for events and reviews, ISO 8601.
    """

    id: str
    kind: Literal["constraint", "fact", "event", "contribution", "review", "policy"]
    name: str
    value: Scalar
    text: str
    item_id: ItemId | None = None
    ref: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A named, signed part of a score."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A retrieved item, before ranking. `sources` names who brought it, with that source's own score."""

    item_id: ItemId
    sources: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score: exactly `base` plus the sum of `contributions`."""

    item_id: ItemId
    base: float
    contributions: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        return self.base + sum(contribution.value for contribution in self.contributions)


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and the ids of the evidence it rests on. `source` says who worded it; facts in it are filled by us."""

    text: str
    evidence: tuple[str, ...]
    source: Literal["model", "template"] = "template"


@dataclass(frozen=True, slots=True)
class Placement:
    """What arranging a shelf did to an item.

    Attributes:
        by_score: the rank, from 1, that its score alone would have given it.
        why: `score` alone; `taste`: the shelf lacked what this shopper seeks; `variety`: the others were too alike.
    """

    by_score: int
    why: Literal["score", "taste", "variety"] = "score"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An item as shown: `rank` counts from 1. `placement` None: nothing was arranged."""

    item: Item
    rank: int
    ranked: Ranked
    reasons: tuple[Reason, ...] = ()
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What giving up one constraint would show: `text` in plain words, `count` items, cheapest or nearest first."""

    constraint_id: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The one result object. Text, cards, JSON and an agent's draft are renderings of it.

    Attributes:
        message: one to three sentences; names the shown items in rank order.
        message_evidence: ids of the evidence the message rests on.
        ledger: the constraints in force after this turn.
        relaxations: offered when nothing fits.
        suggestions: requests the shopper may send next, as they would type them.
        degraded: names of the parts that failed and what stood in, e.g. `llm.wording: template`.
        timings_ms: milliseconds per stage, `total` among them.
        trace: decisions for engineers (who read what, which sentences were dropped); holds no private data.
        ai_generated: whether any sentence was worded by a model.
    """

    conversation_id: str
    turn: int
    message: str
    request: Request
    recommendations: tuple[Recommendation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    message_evidence: tuple[str, ...] = ()
    ledger: tuple[Constraint, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    suggestions: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    trace: tuple[str, ...] = ()
    ai_generated: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What is kept of a turn: enough to go on with the conversation and to show it again.

    `shown` are the items on the shelf after it, in rank order; `focus` the item spoken of last, if any. `picture` is
    what an encoder saw in the picture that belongs to the request, "" without one: nobody can look at it again.
    """

    number: int
    message: str
    said: str
    request: Request
    ledger: tuple[Constraint, ...]
    shown: tuple[ItemId, ...]
    focus: ItemId | None
    at: datetime
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation so far. `shopper_id` None: nobody signed in."""

    id: str
    shopper_id: str | None
    turns: tuple[Turn, ...] = ()

    @property
    def ledger(self) -> tuple[Constraint, ...]:
        return self.turns[-1].ledger if self.turns else ()

    @property
    def shown(self) -> tuple[ItemId, ...]:
        """The shelf as last shown: the last turn that showed anything."""
        return next((turn.shown for turn in reversed(self.turns) if turn.shown), ())

    @property
    def focus(self) -> ItemId | None:
        return self.turns[-1].focus if self.turns else None

    @property
    def picture(self) -> str:
        """What is kept of the picture that belongs to the request; "" without one."""
        return self.turns[-1].picture if self.turns else ""
