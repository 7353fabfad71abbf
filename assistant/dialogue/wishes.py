"""From the catalogue's words in a message to constraints: what is wished for, what is refused, how firmly."""

from collections.abc import Sequence

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.amounts.several import is_corrected
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.meanings import find_mentions, meaning_of, only_refused
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.language.things import Kinds, is_owned
from assistant.dialogue.refusals.allergies import stands_near
from assistant.dialogue.refusals.behind import Refused
from assistant.dialogue.refusals.doubts import ill_spoken, introduces, not_only, remark, unplaced_no
from assistant.dialogue.refusals.frees import one_of, read_frees
from assistant.dialogue.refusals.hedges import hedged
from assistant.dialogue.refusals.lost import lost_refusals
from assistant.dialogue.refusals.negations import negations
from assistant.dialogue.refusals.scope import refusals
from assistant.dialogue.refusals.waived import is_doubted, is_history, is_waived, may_be
from assistant.nouns import Constraint
from index.filters import Condition, Op, field_name, of_values
from index.language.families import family_of
from index.language.words import normalise

_MERGED = frozenset({"color", "size", "brand", "kind", "category"})
"""Sorts of which a message that names several accepts any."""

_LONGEST_QUOTE = 12
"""Tokens between two values of one constraint beyond which the first alone is quoted."""

_PLACED = frozenset({"ear", "line", "wall", "ceiling"})
"""`not in ear` refuses another thing than `not ear`."""

_HOLDING = frozenset("with contain contains containing mit avec con".split())
_PARTS = frozenset("half third quarter most double twice".split())
_LOOKS = frozenset("pattern style shape print texture cut season theme".split())
"""Words of fields whose values name another thing where something shall not be on it: a lamp `without cable`."""


class Wishes:
    """Reads the wishes and refusals of one message, after references, releases and limits have taken their words."""

    def __init__(
        self, passage: Passage, cues: Cues, words: CatalogueWords, sizes: Sequence[Found[Meaning]], turn: int
    ) -> None:
        self._passage, self._cues, self._words, self._turn = passage, cues, words, turn
        self._frees = [self._make("hard", free.condition, free.start, free.end) for free in read_frees(passage, words)]
        named = (*find_mentions(passage, words), *sizes)
        cues = {**cues, "harmless": [span for span in cues.get("harmless", ()) if not _is_cut(span, named)]}
        spans = negations(passage, cues)
        # `no batteries` may be a value of its own: its no refuses nothing.
        self._spans = [span for span in spans if not any(m.start <= span[0] and span[1] < m.end for m in named)]
        found = [m for m in named if not self._says_no(m)]
        small = only_refused(passage, words, found, self._spans, cues.get("refused_after", ()))
        self._small = {mention.start for mention in small}
        self._mentions = sorted((*found, *small), key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self._mentions]
        self._refused = refusals(passage, cues, self._mentions, self._spans)
        self._placed = [(one.cue, one.end) for one in self._refused]
        self._cued = {one.cue for one in self._refused}
        self._parts = {one.end: one.cue for one in self._refused if one.mention is None}
        self._things = {m.start: m.end for m in self._mentions if any(one.sort == "kind" for one in m.meanings)}
        self.kinds: tuple[str, ...] = ()
        self._doubts: list[str] = []
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
        self.unread = [*self._doubts, *(self._passage.quote(*span) for span in lost)]
        constraints = [*self._frees, *refusals, *wished]
        order = {id(entry): self._passage.message.find(entry.quote) for entry in constraints}
        return sorted(constraints, key=lambda entry: order[id(entry)])

    def _says_no(self, mention: Found[Meaning]) -> bool:
        """`que no sea negra`: a word of the refusal itself, which is a value in another language."""
        return any(start <= mention.start and mention.end <= end for start, end in self._spans)

    def _make(self, kind: str, condition: Condition, start: int, end: int) -> Constraint:
        firm = "soft" if kind == "soft" else "hard"
        return Constraint("", firm, condition, self._turn, self._passage.quote(start, end))

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
            placed = passage.norm(refused.start - 1) in ("in", "on", "over") and passage.norm(refused.start) in _PLACED
            said = " ".join(
                token.norm for token in passage.tokens[refused.start - placed : refused.end] if token.shape != "symbol"
            )
            brand = self._words.brand_first_words.get(passage.tokens[refused.start].stem)
            if brand and refused.end == refused.start + 1:
                return [of_values("brand", brand, refused=True)]
            off = self._words.switched_off.get(passage.tokens[refused.start].stem)
            if off is not None and refused.end == refused.start + 1 and not refused.allergy:
                return [Condition(off.field, Op.EQ, off.values[0])]  # `without batteries` of `batteries required`
            plain = self._words.plain_values.get(tuple(t.stem for t in passage.tokens[refused.start : refused.end]))
            if plain is not None and head is None and not refused.as_feature:
                # `not dry` of skin, wherever else a record says dry
                return [of_values(plain.field, plain.values, refused=True)]
            if head is not None:
                before = passage.tokens[refused.start : head.start]
                if family_of(tuple(token.stem for token in before)) is not None:  # `no wooden toys`
                    return [Condition("text", Op.NE, " ".join(token.norm for token in before))]
                return [Condition("kind", Op.NOT_IN, (said,))]
            return [Condition("text", Op.NE, said)]
        mention = self._mentions[refused.mention]
        said = " ".join(token.norm for token in passage.tokens[mention.start : mention.end] if token.shape != "symbol")
        sorts = {meaning.sort for meaning in mention.meanings}
        if refused.as_feature and "kind" in sorts and not sorts & {"value", "flag", "color"}:
            return [Condition("text", Op.NE, said)]
        brands = [meaning for meaning in mention.meanings if meaning.sort == "brand"]
        named = passage.tokens[mention.start].is_capitalised and not passage.is_shouted()
        named = named or (passage.norm(mention.start - 1) in ("not", "from", "by") and self._names_other_kind(mention))
        if brands and (sorts == {"brand"} or named):
            return [of_values("brand", brands[0].values, refused=True)]
        told = [meaning for meaning in mention.meanings if meaning.sort in ("value", "flag", "color", "size")]
        # `no cream ones`, `no iron` of jackets: a thing's name that is a property as well is one here.
        as_property = refused.as_feature or has_kind or passage.norm(mention.end) in ("one", "ones")
        as_property = as_property or (bool(told) and self._names_other_kind(mention))
        as_property = as_property or any(one.is_head and one.start == mention.end for one in self._refused)
        if "kind" in sorts and not (told and as_property):
            made_of = [m for m in told if m.sort == "value"]
            told = [meaning for meaning in mention.meanings if meaning.sort == "kind"]
            if made_of or family_of(tuple(token.stem for token in passage.tokens[mention.start : mention.end])):
                # `no fish`, `no wood`: neither the thing itself nor what has it in it
                return [of_values("kind", told[0].values, refused=True), self._none_of(made_of, said)]
        if not told and family_of(tuple(token.stem for token in passage.tokens[mention.start : mention.end])):
            return [Condition("text", Op.NE, said)]  # `no dairy`: wherever it is, not only on that shelf
        if not told:
            told = [meaning for meaning in mention.meanings if meaning.sort == "category"] or brands
        if refused.allergy and sorts & {"value", "flag"}:
            return [Condition("text", Op.NE, said)]
        if refused.as_feature and told and all(set(field_name(m.field).split()) & _LOOKS for m in told):
            return [Condition("text", Op.NE, said)]
        conditions = [of_values(meaning.field, _only_own(meaning.values), refused=True) for meaning in told]
        if passage.tokens[mention.start].norm in STOP:
            return conditions  # `down` stands in any text, so that only the fields can tell
        return [one_of(conditions, told, said)] if conditions else []

    def _none_of(self, meanings: Sequence[Meaning], said: str) -> Condition:
        conditions = [of_values(meaning.field, meaning.values, refused=True) for meaning in meanings]
        return one_of(conditions, meanings, said) if conditions else Condition("text", Op.NE, said)

    def _names_other_kind(self, mention: Found[Meaning]) -> bool:
        """`a phone, not apple`: with the thing named, what is a brand and a thing is the brand."""
        refused = {one.mention for one in self._refused}
        return any(
            meaning.sort == "kind"
            for number, other in enumerate(self._mentions)
            if other is not mention and number not in refused
            for meaning in other.meanings
        )

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
                is_owned(self._passage, mention.start, mention.end) or may_be(self._passage, self._cues, mention.start)
            ):
                self._passage.claim(mention.start, mention.end, "context")
                continue
            if number not in refused and mention.start in self._small:
                continue  # `sit down is not fun`: a small word nobody refused says nothing
            if number in refused or (number in heads and self._passage.claims[mention.start]):
                continue
            if is_waived(self._passage, self._cues, mention):
                self._passage.claim(mention.start, mention.end, "context")
                continue
            if is_doubted(self._passage, mention.end):
                continue
            if is_history(self._passage, mention):
                self._passage.claim(mention.start, mention.end, "context")
                continue
            meaning = meaning_of(self._passage, self._words, self._mentions, number, kinds)
            if meaning is not None and not self._is_unasked(mention, meaning):
                soft = meaning.sort != "kind" and (
                    meaning.weight < 0 or hedged(self._passage, self._cues, mention.start, mention.end, self._starts)
                )
                chosen.append((mention, meaning, soft))
        return self._merged(self._alike(self._without_corrected(chosen)))

    def _alike(
        self, chosen: Sequence[tuple[Found[Meaning], Meaning, bool]]
    ) -> list[tuple[Found[Meaning], Meaning, bool]]:
        """`navy or black would be nice`: what is said of the last of a list is said of all of it."""
        made = list(chosen)
        for at in range(len(made) - 2, -1, -1):
            (one, meaning, _), (other, following, soft) = made[at], made[at + 1]
            between = [self._passage.norm(place) for place in range(one.end, other.start)]
            if meaning.field == following.field and between in (["or"], ["oder"], ["ou"], ["o"]):
                made[at] = one, meaning, soft
        return made

    def _without_corrected(
        self, chosen: Sequence[tuple[Found[Meaning], Meaning, bool]]
    ) -> list[tuple[Found[Meaning], Meaning, bool]]:
        """`red shoes. Actually make it blue`: without the values that a later one of their field takes the place of."""
        following: dict[str, tuple[Found[Meaning], bool]] = {}
        kept: list[tuple[Found[Meaning], Meaning, bool]] = []
        for mention, meaning, soft in reversed(chosen):
            replaced = False
            if meaning.sort in _MERGED and meaning.field in following:
                later, gone = following[meaning.field]
                listed = gone and later.start - mention.end <= 2  # `red or black. Actually blue`
                replaced = listed or is_corrected(self._passage, mention.end, later.start)
            following[meaning.field] = mention, replaced
            if replaced:
                self._passage.claim(mention.start, mention.end, "context")
            else:
                kept.append((mention, meaning, soft))
        return kept[::-1]

    def _is_unasked(self, mention: Found[Meaning], meaning: Meaning) -> bool:
        """Whether the message speaks of a value without asking for it; what nobody can tell is noted as unread."""
        passage, start, end = self._passage, mention.start, mention.end
        if meaning.sort == "brand" and introduces(passage, start):
            passage.claim(start, end, "context")
            return True
        if "allergen" in field_name(meaning.field) and passage.norm(start - 1) not in _HOLDING:
            return True  # a record names milk among its allergens to warn, not because somebody wants it
        placed = self._placed
        unfit = (
            meaning.sort in ("value", "flag") or family_of(tuple(t.stem for t in passage.tokens[start:end])) is not None
        )
        doubt = stands_near(passage, start, end, placed) if unfit else None
        if passage.norm(end - 1) in _PARTS and passage.norm(end) == "of":
            doubt = start, end + 1  # `half of it` is no sleeve
        if doubt is None and meaning.sort == "category":
            doubt = unplaced_no(passage, self._spans, self._cued, start)
        elif doubt is None and meaning.sort != "kind":
            if not_only(passage, start):
                passage.claim(start, end, "context")
                return True
            part = self._parts.get(start)  # `without shiny leather`: of all leather, or of what shines?
            doubt = (part, end) if part is not None else unplaced_no(passage, self._spans, self._cued, start)
            doubt = doubt or remark(passage, end, self._things) or ill_spoken(passage, start, end)
        if doubt is None:
            return False
        said = min(start, doubt[0]), max(end, doubt[1])
        self._doubts.append(passage.quote(*said))
        passage.claim(*said, "unread")
        return True

    def _heads(self) -> set[int]:
        return {r.mention for r in self._refused if r.is_head and r.mention is not None}

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
            made.append(self._make("soft" if soft else "hard", of_values(field, values), start, end))
        return made

    def _alternatives(self, chosen: Sequence[tuple[Found[Meaning], Meaning, bool]], number: int) -> bool:
        """`wool or cotton`, `wool, cotton or silk`: values of one field in a list with an `or`."""
        return self._listed(chosen, number, 1) or self._listed(chosen, number, -1)

    def _listed(self, chosen: Sequence[tuple[Found[Meaning], Meaning, bool]], number: int, step: int) -> bool:
        """Whether an `or` follows on the way along the list, over commas."""
        mention, meaning, _ = chosen[number]
        chosen = [one for one in chosen if one[1].sort != "kind" or one[0] is mention]  # `electric mower or battery`
        at = next(place for place, one in enumerate(chosen) if one[0] is mention)
        while 0 <= at + step < len(chosen) and chosen[at + step][1].field == meaning.field:
            first, second = sorted((chosen[at][0], chosen[at + step][0]), key=lambda found: found.start)
            between = [self._passage.norm(place) for place in range(first.end, second.start)]
            if between and any(word in ("or", "oder", "ou", "o", "/") for word in between) and len(between) <= 3:
                return True
            if between != [","]:
                return False
            at += step
        return False

    def _with_lead(self, start: int, sort: str) -> int:
        """The quote begins at the small word that makes the sense plain: `in M`, `by Luma`."""
        leads = {"size": ("in", "size", "en"), "brand": ("by", "from"), "color": ("in", "en")}.get(sort, ())
        before = start - 1
        if before >= 0 and self._passage.norm(before) in leads and not self._passage.claims[before]:
            return before
        return start


def _is_cut(span: tuple[int, int], named: Sequence[Found[Meaning]]) -> bool:
    """`not happy`, where it is `not Happy Tree` that is said."""
    return any(one.start < span[1] < one.end and one.start > span[0] for one in named)


def _only_own(values: tuple[str, ...]) -> tuple[str, ...]:
    """What is for everybody is wished for with `kids`, but not refused with it."""
    return tuple(value for value in values if normalise(value) not in ("unisex", "all", "everyone")) or values


def _values(condition: Condition) -> frozenset[str]:
    value = condition.value
    return frozenset(map(normalise, value)) if isinstance(value, tuple) else frozenset({normalise(str(value))})


def hedge_words() -> frozenset[str]:
    """Words of hedges that say nothing of the thing itself."""
    return frozenset(word for phrase in (*lexicon.HEDGES_BEFORE, *lexicon.HEDGES_AFTER) for word in phrase.split())
