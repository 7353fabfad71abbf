"""From the catalogue's words in a message to constraints: what is wished for, what is refused, how firmly."""

from collections.abc import Sequence

from assistant.dialogue import lexicon
from assistant.dialogue.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.comparators import Cues
from assistant.dialogue.lost import lost_refusals
from assistant.dialogue.meanings import find_mentions, meaning_of, only_refused
from assistant.dialogue.passage import Passage
from assistant.dialogue.phrases import Found
from assistant.dialogue.scope import Refused, hedged, negations, refusals
from assistant.dialogue.smalltalk import STOP
from assistant.dialogue.things import Kinds, is_owned
from assistant.nouns import Constraint
from index.filters import Condition, Op
from index.words import normalise

_MERGED = frozenset({"color", "size", "brand", "kind", "category"})
"""Sorts of which a message that names several accepts any."""

_LONGEST_QUOTE = 12
"""Tokens between two values of one constraint beyond which the first alone is quoted."""

_DIETS = frozenset(
    """
    sugar gluten dairy lactose fat nut peanut soy egg alcohol caffeine cruelty fragrance paraben sulfate sulphate
    bpa latex grain
    oil salt meat wheat pork lead rust scent silicone aluminum chemical plastic toxin phthalate ammonia palm acid
    lint wrinkle
    """.split()
)


class Wishes:
    """Reads the wishes and refusals of one message, after references, releases and limits have taken their words."""

    def __init__(
        self, passage: Passage, cues: Cues, words: CatalogueWords, sizes: Sequence[Found[Meaning]], turn: int
    ) -> None:
        self._passage, self._cues, self._words, self._turn = passage, cues, words, turn
        self._frees = self._read_frees()
        self._spans = negations(passage, cues)
        found = [*find_mentions(passage, words), *sizes]
        small = only_refused(passage, words, found, self._spans, cues.get("refused_after", ()))
        self._small = {mention.start for mention in small}
        self._mentions = sorted((*found, *small), key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self._mentions]
        self._refused = refusals(passage, cues, self._mentions, self._spans)
        self.kinds: tuple[str, ...] = ()
        self.unread: list[str] = []
        """Refusals that point at nothing known here."""

    def read(self, *, has_kind: bool) -> list[Constraint]:
        """All constraints of the message, in the order said. `has_kind`: the ledger says what is looked for already.

        Claims every word it makes something of.
        """
        refusals = self._refusals(has_kind=has_kind)
        # `not black, black looks bad on me`: what a message refuses it does not ask for.
        refused = {(c.field, value) for c in (one.condition for one in refusals) for value in _values(c)}
        wished = [
            one for one in self._wished() if not {(one.condition.field, v) for v in _values(one.condition)} & refused
        ]
        lost = lost_refusals(self._passage, self._cues, self._spans, self._refused)
        self.unread = [self._passage.quote(*span) for span in lost]
        constraints = [*self._frees, *refusals, *wished]
        order = {id(entry): self._passage.message.find(entry.quote) for entry in constraints}
        return sorted(constraints, key=lambda entry: order[id(entry)])

    @property
    def negation_spans(self) -> list[tuple[int, int]]:
        return self._spans

    def _make(self, kind: str, condition: Condition, start: int, end: int) -> Constraint:
        firm = "soft" if kind == "soft" else "hard"
        return Constraint("", firm, condition, self._turn, self._passage.quote(start, end))

    def _read_frees(self) -> list[Constraint]:
        """`sugar-free` asks for what says so of itself; `leather-free` refuses a value the catalogue records."""
        made: list[Constraint] = []
        passage = self._passage
        for at, token in enumerate(passage.tokens):
            off = self._words.switched_off.get(token.stem.removeprefix("un")) if token.norm.startswith("un") else None
            if off is not None and not passage.claims[at]:
                passage.claim(at, at + 1, "wish")
                made.append(self._make("hard", Condition(off.field, Op.EQ, off.values[0]), at, at + 1))
            if token.norm != "free" or passage.claims[at] or at == 0:
                continue
            before = at - 2 if passage.norm(at - 1) == "-" else at - 1
            if before < 0 or passage.claims[before] or passage.tokens[before].shape != "word":
                continue
            word = passage.tokens[before].stem
            hyphen = before == at - 2
            if (word, "free") in self._words.table or (word + "free",) in self._words.table:
                continue
            held = [m for m in self._words.table.get((word,)) if m.sort in ("value", "flag")]
            gratis = passage.norm(at + 1) in (
                "delivery",
                "shipping",
                "returns",
                "gift",
                "from",
                "of",
                "samples",
                "wrapping",
            )
            if not hyphen and word not in _DIETS and (not held or gratis):
                continue
            if word in ("care", "worry", "hassle", "tax", "duty", "scot", "stress", "risk"):
                continue
            off = self._words.switched_off.get(word)
            passage.claim(before, at + 1, "wish")
            if off is not None:
                made.append(self._make("hard", Condition(off.field, Op.EQ, off.values[0]), before, at + 1))
            elif held:
                conditions = [Condition(m.field, Op.NE, m.values[0]) for m in held]
                made.append(self._make("hard", _one_of(conditions, held, passage.norm(before)), before, at + 1))
            else:
                said = f"{passage.norm(before)} free"
                made.append(self._make("hard", Condition("text", Op.EQ, said), before, at + 1))
        return made

    def _refusals(self, *, has_kind: bool) -> list[Constraint]:
        made: list[Constraint] = []
        for refused in self._refused:
            if refused.is_head:
                if has_kind and refused.mention is not None:
                    self._passage.claim(refused.start, refused.end, "refused")
                continue
            conditions = self._refusing(refused, has_kind=has_kind)
            firm = "soft" if self._is_hedged(refused.cue) else "hard"
            made += [self._make(firm, condition, refused.cue, refused.end) for condition in conditions]
            if conditions:
                self._passage.claim(refused.cue, refused.end, "refused")
        return made

    def _is_hedged(self, cue: int) -> bool:
        """`preferably not leather`: a hedge right before the refusal."""
        hedges = self._cues.get("hedge_before", ())
        return any(end == cue and self._passage.same_clause(start, cue) for start, end in hedges)

    def _refusing(self, refused: Refused, *, has_kind: bool) -> list[Condition]:
        passage = self._passage
        if refused.mention is None:
            head = next(
                (r for r in self._refused if r.is_head and r.start < refused.end and refused.start < r.start), None
            )
            said = " ".join(
                token.norm for token in passage.tokens[refused.start : refused.end] if token.shape != "symbol"
            )
            brand = self._words.brand_first_words.get(passage.tokens[refused.start].stem)
            if brand and refused.end == refused.start + 1:
                return [_unless("brand", brand)]
            if head is not None:
                return [Condition("kind", Op.NOT_IN, (said,))]
            return [Condition("text", Op.NE, said)]
        mention = self._mentions[refused.mention]
        said = " ".join(token.norm for token in passage.tokens[mention.start : mention.end] if token.shape != "symbol")
        sorts = {meaning.sort for meaning in mention.meanings}
        if refused.as_feature and "kind" in sorts and not sorts & {"value", "flag", "color"}:
            return [Condition("text", Op.NE, said)]
        brands = [meaning for meaning in mention.meanings if meaning.sort == "brand"]
        named = passage.tokens[mention.start].is_capitalised and not passage.is_shouted()
        if brands and (sorts == {"brand"} or named):
            return [_unless("brand", brands[0].values)]
        told = [meaning for meaning in mention.meanings if meaning.sort in ("value", "flag", "color", "size")]
        # `no cream ones`, `no iron` of jackets: a thing's name that is a property as well is one here.
        as_property = refused.as_feature or has_kind or passage.norm(mention.end) in ("one", "ones")
        if "kind" in sorts and not (told and as_property):
            told = [meaning for meaning in mention.meanings if meaning.sort == "kind"]
        if not told:
            told = [meaning for meaning in mention.meanings if meaning.sort == "category"] or brands
        if refused.allergy and sorts & {"value", "flag"}:
            return [Condition("text", Op.NE, said)]
        conditions = [_unless(meaning.field, _only_own(meaning.values)) for meaning in told]
        if passage.tokens[mention.start].norm in STOP:
            return conditions  # `down` stands in any text, so that only the fields can tell
        return [_one_of(conditions, told, said)] if conditions else []

    def _wished(self) -> list[Constraint]:
        refused = {r.mention for r in self._refused if r.mention is not None and not r.is_head}
        whole = [(r.start, r.end) for r in self._refused if r.mention is None]
        refused |= {
            number
            for number, mention in enumerate(self._mentions)
            if any(start <= mention.start and mention.end <= end for start, end in whole)
            and number not in self._heads()
        }
        heads = self._heads()
        kinds = Kinds(self._passage, self._cues, self._words, self._mentions, refused)
        self.kinds = kinds.values
        chosen: list[tuple[Found[Meaning], Meaning, bool]] = []
        for number, mention in enumerate(self._mentions):
            if number not in refused and (
                is_owned(self._passage, mention.start, mention.end) or self._may_be(mention.start)
            ):
                self._passage.claim(mention.start, mention.end, "context")
                continue
            if number not in refused and mention.start in self._small:
                continue  # `sit down is not fun`: a small word nobody refused says nothing
            if number in refused or (number in heads and self._passage.claims[mention.start]):
                continue
            meaning = meaning_of(self._passage, self._words, self._mentions, number, kinds)
            if meaning is not None:
                soft = meaning.sort != "kind" and (
                    meaning.weight < 0 or hedged(self._passage, self._cues, mention.start, mention.end, self._starts)
                )
                chosen.append((mention, meaning, soft))
        return self._merged(chosen)

    def _heads(self) -> set[int]:
        return {r.mention for r in self._refused if r.is_head and r.mention is not None}

    def _may_be(self, start: int) -> bool:
        """`it's fine if it is wool`: what may be so is neither asked for nor refused."""
        return any(
            end <= start <= end + 4
            and self._passage.same_clause(end - 1, start)
            and all(self._passage.norm(at) in STOP for at in range(end, start))
            for _, end in self._cues.get("fine_if", ())
        )

    def _merged(self, chosen: Sequence[tuple[Found[Meaning], Meaning, bool]]) -> list[Constraint]:
        """One constraint per field where any of several values will do, else one per value."""
        groups: dict[tuple[str, str, bool, int], list[tuple[Found[Meaning], Meaning]]] = {}
        for number, (mention, meaning, soft) in enumerate(chosen):
            apart = 0 if meaning.sort in _MERGED or self._alternatives(chosen, number) else number + 1
            groups.setdefault((meaning.sort, meaning.field, soft, apart), []).append((mention, meaning))
            self._passage.claim(mention.start, mention.end, "wish")
        made: list[Constraint] = []
        for (sort, field, soft, _), entries in groups.items():
            values = tuple(dict.fromkeys(value for _, meaning in entries for value in meaning.values))
            start, end = entries[0][0].start, entries[-1][0].end
            if end - start > _LONGEST_QUOTE:
                end = entries[0][0].end
            if any(self._passage.claims[at] in ("limit", "reference", "refused") for at in range(start, end)):
                end = entries[0][0].end
            start = self._with_lead(start, sort)
            if len(values) == 1 and sort != "kind":
                condition = Condition(field, Op.EQ, values[0])
            else:
                condition = Condition(field, Op.IN, values)
            made.append(self._make("soft" if soft else "hard", condition, start, end))
        return made

    def _alternatives(self, chosen: Sequence[tuple[Found[Meaning], Meaning, bool]], number: int) -> bool:
        """`wool or cotton`: two values of one field joined by `or`."""
        mention, meaning, _ = chosen[number]
        for other, theirs, _ in (*chosen[max(0, number - 1) : number], *chosen[number + 1 : number + 2]):
            if theirs.field != meaning.field:
                continue
            first, second = sorted((mention, other), key=lambda found: found.start)
            between = [self._passage.norm(at) for at in range(first.end, second.start)]
            if between and any(word in ("or", "oder", "ou", "o", "/") for word in between) and len(between) <= 3:
                return True
        return False

    def _with_lead(self, start: int, sort: str) -> int:
        """The quote begins at the small word that makes the sense plain: `in M`, `by Luma`."""
        leads = {"size": ("in", "size", "en"), "brand": ("by", "from"), "color": ("in", "en")}.get(sort, ())
        before = start - 1
        if before >= 0 and self._passage.norm(before) in leads and not self._passage.claims[before]:
            return before
        return start


def _one_of(conditions: Sequence[Condition], meanings: Sequence[Meaning], said: str) -> Condition:
    """One condition that refuses a word in every field that has it.

    A `text` refusal looks at the whole record. It would take the field's own name for the word, too (`waterproof: no`),
    so a word that is a yes-or-no field before all else is refused there.
    """
    if len({(c.field, c.op, normalise(str(c.value))) for c in conditions}) == 1:
        return conditions[0]
    place = max(range(len(meanings)), key=lambda number: meanings[number].weight)
    sized = next((number for number, meaning in enumerate(meanings) if meaning.sort == "size"), None)
    if sized is not None:
        return conditions[sized]
    if meanings[place].sort == "flag" or all(meaning.sort == "kind" for meaning in meanings):
        return conditions[place]
    return Condition("text", Op.NE, said)


def _only_own(values: tuple[str, ...]) -> tuple[str, ...]:
    """What is for everybody is wished for with `kids`, but not refused with it."""
    return tuple(value for value in values if normalise(value) not in ("unisex", "all", "everyone")) or values


def _values(condition: Condition) -> frozenset[str]:
    value = condition.value
    return frozenset(map(normalise, value)) if isinstance(value, tuple) else frozenset({normalise(str(value))})


def _unless(field: str, values: tuple[str, ...]) -> Condition:
    if field == "kind":
        return Condition("kind", Op.NOT_IN, values)
    return Condition(field, Op.NE, values[0]) if len(values) == 1 else Condition(field, Op.NOT_IN, values)


def hedge_words() -> frozenset[str]:
    """Words of hedges that say nothing of the thing itself."""
    return frozenset(word for phrase in (*lexicon.HEDGES_BEFORE, *lexicon.HEDGES_AFTER) for word in phrase.split())
