"""The deterministic reader of shopping messages: no model, no I/O, the same answer every time.

It stands beside the language model, catches what that misses, and answers alone when it fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.amounts.ages import AgeFields, read_ages
from assistant.dialogue.amounts.budgets import read_limits
from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.amounts.number_sizes import number_sizes
from assistant.dialogue.amounts.sizes import read_sizes
from assistant.dialogue.intents import Situation
from assistant.dialogue.language import lexicon, smalltalk, turns
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage, norms_of, words_of
from assistant.dialogue.language.phrases import CueTable
from assistant.dialogue.language.search_words import search_words, subject_of
from assistant.dialogue.language.spelling import Spelling
from assistant.dialogue.named_fields import NamedFields
from assistant.dialogue.pointed import Shelf, read_comparisons, read_pointed_values, read_refused_items
from assistant.dialogue.predicates import Predicates
from assistant.dialogue.references import Reference, find_references
from assistant.dialogue.refusals.demands import in_place_of, otherwise
from assistant.dialogue.refusals.diets import read_diets
from assistant.dialogue.refusals.hedges import hedged
from assistant.dialogue.refusals.likewise import likewise
from assistant.dialogue.refusals.negations import negations
from assistant.dialogue.refusals.releases import read_releases
from assistant.dialogue.stances import Stance, StanceTeller
from assistant.dialogue.weighed import Name, Names, weighed
from assistant.dialogue.widening import refused_last, widened
from assistant.dialogue.wishes import Wishes
from assistant.nouns import Constraint, Intent
from index.filters import Condition, Op, field_name
from index.items import Item, ItemId
from index.language.sizes import is_size_field
from index.language.vocabulary import Vocabulary

PLAIN = frozenset("a an the in of with by from for under below size and or i need want some please me".split())
"""Words that stand between conditions without saying anything of them."""

MOST_CHARS = 4000
"""What stands beyond is not read; the message is kept whole all the same."""

_CUES = CueTable(
    turns.cues(
        {
            "below": lexicon.BELOW,
            "up_to": lexicon.UP_TO,
            "budget": lexicon.BUDGET,
            "have": lexicon.HAVE,
            "above": lexicon.ABOVE,
            "from": lexicon.FROM,
            "about": lexicon.ABOUT,
            "change": lexicon.CHANGE,
            "after_most": lexicon.AFTER_MOST,
            "after_least": lexicon.AFTER_LEAST,
            "after_about": lexicon.AFTER_ABOUT,
            "not": tuple(sorted(lexicon.NOT)),
            "not_phrase": lexicon.NOT_PHRASES,
            "harmless": lexicon.HARMLESS_NOT,
            "need_not": lexicon.NEED_NOT,
            "hedge_before": lexicon.HEDGES_BEFORE,
            "hedge_after": lexicon.HEDGES_AFTER,
            "refused_after": lexicon.REFUSED_AFTER,
            "fine": lexicon.FINE,
            "fine_before": lexicon.FINE_BEFORE,
            "too_dear": lexicon.TOO_DEAR,
            "too_cheap": lexicon.TOO_CHEAP,
            "cheaper": lexicon.CHEAPER,
            "dearer": lexicon.DEARER,
            "finer_than": tuple(f"{phrase} than" for phrase in lexicon.FINER),
            "in_between": lexicon.IN_BETWEEN,
            "fine_if": lexicon.FINE_IF,
            "ordered": lexicon.ORDERED,
            "well_rated": lexicon.WELL_RATED,
            "fresh_start": smalltalk.FRESH_START,
            "release_before": smalltalk.RELEASE_BEFORE,
            "release_after": smalltalk.RELEASE_AFTER,
            "more_money": smalltalk.MORE_MONEY,
            "whoever": smalltalk.WHOEVER,
            "whatever_stuff": smalltalk.WHATEVER_STUFF,
            "complaint": smalltalk.COMPLAINTS,
            "policy": smalltalk.POLICY_PHRASES,
            "greet": smalltalk.GREETINGS,
            "thanks": smalltalk.THANKS,
            "more": smalltalk.MORE,
            "compare": smalltalk.COMPARE,
            "out_of_scope": smalltalk.OUT_OF_SCOPE,
            "shop_asks": smalltalk.SHOP_ASKS,
        }
    )
)


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What a message is read against.

    Attributes:
        ledger: the constraints in force.
        shown: the shelf as last shown, in rank order.
        focus: the item spoken of last, if any.
        turn: the number of this turn, counted from 1.
    """

    ledger: tuple[Constraint, ...] = ()
    shown: tuple[Item, ...] = ()
    focus: Item | None = None
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says, read by rules.

    Attributes:
        words: what is left to search by once constraints, cues and stop words are taken out, in the shopper's order.
        kind: the kinds of things asked for, as the catalogue names them; they are among `constraints` too.
        constraints: new ones, with empty ids; every quote is a substring of the message.
        released: ids of the ledger entries the message takes back.
        targets: the shown items spoken of, in the order spoken of.
        subject: for questions, the words that say what is asked about.
        unread: parts that seem to mean something here but point at nothing, in the shopper's words.
        aside: parts that speak of what is not asked for: what somebody has already, what need not be.
        stances: things the message names, in its words, each with how it stands to it; none where nobody was asked.
    """

    intent: Intent
    words: str = ""
    kind: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    released: tuple[str, ...] = ()
    targets: tuple[ItemId, ...] = ()
    subject: str = ""
    unread: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    stances: tuple[tuple[str, Stance], ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is said. `hedged`: as a preference. `negated`: something in its sentence is refused."""

    hedged: bool = False
    negated: bool = False


class CatalogueReader:
    """Reads messages in the words of one catalogue. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary, currency: str, stances: StanceTeller | None = None) -> None:
        """`currency`: the catalogue's, ISO 4217; numbers without another currency are taken to be in it.

        `stances` is asked of what messages name, once the rules have read them; None: the rules stand alone.
        """
        self._words = CatalogueWords(vocabulary)
        self._spelling = Spelling(
            (
                *self._words.table.phrases,
                *((word,) for word in self._words.only_refused),
                *((word,) for name in vocabulary.values for word in words_of(field_name(name))),
            ),
            self._words.sayable(),
            self._words.plain_values,
            _CUES.words,
        )
        self._ages = AgeFields(vocabulary)
        self._named = NamedFields(vocabulary.values)
        self._predicates = Predicates(self._words)
        self._currency = currency
        self._stances = stances
        self._names = Names(self._words, currency)
        self._field_words = frozenset(
            word for name in vocabulary.values for word in name.lower().replace("_", " ").split()
        )

    @property
    def words(self) -> CatalogueWords:
        """The catalogue's words, as this reader knows them."""
        return self._words

    def manner(self, message: str, quote: str) -> Manner:
        """How the message says what it says in `quote`; plainly, where that does not stand in it as whole words."""
        passage = self._spelling.corrected(Passage.of(message[:MOST_CHARS]), ())
        place = passage.place(quote)
        if place is None:
            return Manner()
        cues = _CUES.scan(passage)
        start, end = place
        refusing = [*negations(passage, cues), *cues.get("refused_after", ())]
        sentence = passage.tokens[start].sentence
        return Manner(
            hedged=hedged(passage, cues, start, end, (start,)),
            negated=any(passage.tokens[at].sentence == sentence for at, _ in refusing),
        )

    def read(self, message: str, context: ReadingContext) -> Reading:
        """Everything the message says that rules can tell. Never raises; takes milliseconds, linear in its length."""
        titles = {word for item in context.shown for word in words_of(item.title)}
        passage = self._spelling.corrected(Passage.of(message[:MOST_CHARS]), titles)
        cues = _CUES.scan(passage)
        released, releases = read_releases(passage, cues, self._words, context.ledger)
        references, lost = find_references(passage, context.shown, context.focus, self._words)
        shelf = Shelf(passage, cues, references, context.shown, context.focus, list(lost))
        pointed = read_pointed_values(shelf, negations(passage, cues), context.ledger, self._words)
        compared = read_comparisons(shelf)
        cues["thing"] = self._words.thing_places(passage)
        predicated = self._predicates.read(passage, cues)
        aged = read_ages(passage, self._words, self._ages)
        named = self._named.read(passage, cues, negations(passage, cues))
        sizes = read_sizes(passage, self._words)
        limits = read_limits(passage, cues, self._words, context.ledger, self._currency, shelf.unread)
        sizes += number_sizes(passage, self._words, _sizes_held(context.ledger))
        pointed += read_refused_items(shelf, negations(passage, cues))
        shelf.unread += _claim_orders(passage, cues)
        drafted = [
            Constraint(
                "", "soft" if one.soft else "hard", one.condition, context.turn, passage.quote(one.start, one.end)
            )
            for one in (*pointed, *compared, *named, *limits, *predicated)
        ]
        shelf.unread += [passage.quote(one.start, one.end) for one in aged if one.condition is None]
        drafted += [
            Constraint("", "hard", one.condition, context.turn, passage.quote(one.start, one.end))
            for one in aged
            if one.condition is not None
        ]
        wishes = Wishes(passage, cues, self._words, sizes, context.turn)
        wished = wishes.read(has_kind=_has_kind(context.ledger))
        wished += [
            Constraint(
                "", "soft" if diet.soft else "hard", diet.condition, context.turn, passage.quote(diet.start, diet.end)
            )
            for diet in read_diets(passage, cues, self._words)
        ]
        shelf.unread += wishes.unread
        situation = Situation(
            passage,
            cues,
            references,
            has_shelf=bool(context.shown) or context.focus is not None,
            has_kind=bool(wishes.kinds),
            has_limits=bool(limits or compared),
            has_wishes=bool(wished or pointed or named or aged or predicated),
            compares=bool(compared),
            releases=releases,
            field_words=self._field_words,
        )
        intent = situation.intent()
        if any(one.condition.field == "price" and not one.soft for one in limits):
            drafted = [one for one in drafted if not _is_outdone(one.quote, cues, passage)]
            shelf.unread = [said for said in shelf.unread if not _is_outdone(said, cues, passage)]
        constraints, joined = self._together(passage, cues, (*drafted, *wished), context)
        names = self._asked_about(message, constraints, titles)
        stances = self._stances.tell(message[:MOST_CHARS], [name.span for name in names]) if self._stances else []
        if intent in ("ask_item", "ask_policy", "compare"):
            constraints = _outside_questions(passage, constraints, compare=intent == "compare")
        else:
            constraints = weighed(constraints, message, names, stances, context.turn)
            intent = "search" if intent == "other" and constraints else intent
        constraints = tuple(sorted(constraints, key=lambda entry: message.find(entry.quote)))
        return Reading(
            intent=intent,
            words=search_words(passage, cues, has_kind=bool(wishes.kinds)) if intent in ("search", "more") else "",
            kind=tuple(v for e in constraints if _is_kind_wish(e.condition) for v in _as_tuple(e.condition.value)),
            constraints=constraints,
            released=tuple(dict.fromkeys((*released, *joined))),
            targets=_targets(intent, references, context),
            subject=subject_of(passage) if intent in ("ask_item", "ask_policy", "compare") else "",
            unread=tuple(dict.fromkeys(shelf.unread)),
            aside=passage.claimed("context"),
            stances=tuple((message[slice(*name.span)], one) for name, one in zip(names, stances, strict=True)),
        )

    def _together(
        self, passage: Passage, cues: Cues, found: Sequence[Constraint], context: ReadingContext
    ) -> tuple[tuple[Constraint, ...], tuple[str, ...]]:
        """What the constraints are beside each other and those in force, and the ids of those in force they widen."""
        constraints = _without_replaced(_distinct(found), context.ledger)
        elsewhere = cues.get("elsewhere", ())
        constraints = otherwise(passage, elsewhere, constraints)
        if not any(entry.condition.field == "brand" for entry in constraints):
            constraints += in_place_of(passage, elsewhere, self._words, context.turn)
        constraints = likewise(passage, constraints)
        constraints = _firm_changes(passage, constraints, context.ledger)
        constraints = constraints or refused_last(passage, context.ledger, context.turn)
        return widened(passage, cues, constraints, context.ledger)

    def _asked_about(self, message: str, constraints: Sequence[Constraint], titles: set[str]) -> list[Name]:
        """The names of which the stance model is asked: none, where all of the message is conditions already."""
        if self._stances is None:
            return []
        said = message[:MOST_CHARS]
        quoted = {norm for entry in constraints if entry.kind == "hard" for norm in norms_of(entry.quote)}
        if set(norms_of(said)) <= quoted | PLAIN:
            return []  # `a red jacket under 80`
        return self._names.find(self._spelling.corrected(Passage.of(said), titles))


def _claim_orders(passage: Passage, cues: Cues) -> list[str]:
    """`cheapest`, `sorted by price`, in the shopper's words: no constraint can say it. Claims the words."""
    orders: list[str] = []
    for start, end in cues.get("ordered", ()):
        if passage.is_free(start, end):
            passage.claim(start, end, "unread")
            orders.append(passage.quote(start, end))
    return orders


def _sizes_held(ledger: Sequence[Constraint]) -> tuple[str, ...]:
    conditions = [entry.condition for entry in ledger if is_size_field(entry.condition.field)]
    return tuple(value for one in conditions if one.op in (Op.EQ, Op.IN) for value in _as_tuple(one.value))


def _has_kind(ledger: Sequence[Constraint]) -> bool:
    return any(_is_kind_wish(entry.condition) for entry in ledger)


def _is_kind_wish(condition: Condition) -> bool:
    return condition.field == "kind" and condition.op in (Op.IN, Op.EQ)


def _distinct(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Each condition once, with the quote that said it first."""
    first: dict[tuple[str, Condition], Constraint] = {}
    for entry in constraints:
        first.setdefault((entry.kind, entry.condition), entry)
    return tuple(first.values())


def _is_outdone(quote: str, cues: Cues, passage: Passage) -> bool:
    """`that's too dear, I have 60`: the number says what too dear is."""
    if any(sign.isdigit() for sign in quote):
        return False  # `above 60 is too expensive` is that number
    spans = (*cues.get("too_dear", ()), *cues.get("too_cheap", ()))
    return any(quote.endswith(passage.quote(start, end)) for start, end in spans)


def _without_replaced(constraints: Sequence[Constraint], ledger: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Without refusals of what another value takes the place of: `blue instead of red`, after red was asked for.

    What offers both stays in reach.
    """
    wished = {entry.condition.field for entry in constraints if entry.condition.op in (Op.EQ, Op.IN)}
    before = {
        (entry.condition.field, value)
        for entry in ledger
        if entry.condition.op in (Op.EQ, Op.IN)
        for value in _as_tuple(entry.condition.value)
    }
    return tuple(
        entry
        for entry in constraints
        if not (
            entry.condition.op is Op.NE
            and entry.condition.field in wished
            and (entry.condition.field, entry.condition.value) in before
            and entry.quote.lower().startswith(_REPLACING)
        )
    )


def _firm_changes(
    passage: Passage, constraints: Sequence[Constraint], ledger: Sequence[Constraint]
) -> tuple[Constraint, ...]:
    """`doch lieber in blau` after red was asked for changes it; it does not merely prefer blue."""
    if not any(token.norm in _RATHER for token in passage.tokens):
        return tuple(constraints)
    held = {
        e.condition.field: e.condition.value for e in ledger if e.kind == "hard" and e.condition.op in (Op.EQ, Op.IN)
    }
    return tuple(
        replace(entry, kind="hard")
        if entry.condition.op is Op.EQ
        and held.get(entry.condition.field, entry.condition.value) != entry.condition.value
        else entry
        for entry in constraints
    )


def _as_tuple(value: object) -> tuple[str, ...]:
    return tuple(str(part) for part in value) if isinstance(value, tuple) else (str(value),)


def _outside_questions(passage: Passage, constraints: Sequence[Constraint], *, compare: bool) -> tuple[Constraint, ...]:
    """Only those of sentences that ask nothing: what a question mentions is asked about, not asked for."""
    asking: set[int] = set()
    for at, token in enumerate(passage.tokens):
        first = passage.starts_sentence(at) and smalltalk.is_question_start(token.norm, token.raw)
        if token.norm in ("?", "\uff1f") or first:
            asking.add(token.sentence - (token.norm in ("?", "\uff1f")))
    if compare or not asking:
        return ()
    kept: list[Constraint] = []
    for entry in constraints:
        begin = passage.message.find(entry.quote)
        sentence = next((token.sentence for token in passage.tokens if token.start >= begin), 0)
        if sentence not in asking:
            kept.append(entry)
    return tuple(kept)


def _targets(intent: Intent, references: Sequence[Reference], context: ReadingContext) -> tuple[ItemId, ...]:
    strong = [item for reference in references if not reference.weak for item in reference.items]
    if strong:
        return tuple(dict.fromkeys(strong))
    if intent in ("ask_item", "ask_policy", "compare", "more"):
        weak = [item for reference in references if reference.weak for item in reference.items]
        if weak and intent != "more":
            return tuple(dict.fromkeys(weak))
        if intent == "compare":
            return tuple(item.id for item in context.shown)
        if intent == "ask_item" and context.focus is not None:
            return (context.focus.id,)
        if intent == "ask_item":
            return tuple(item.id for item in context.shown)
    return ()


_RATHER = frozenset("lieber plutot mejor meglio mieux besser".split())
_REPLACING = ("instead of", "rather than", "swap", "replace", "exchange", "trade", "switch", "statt", "plut", "en vez")
