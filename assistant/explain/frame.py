"""The shape of a topic's language: which phrases a reason may be made of, given what stands behind it.

A sentence states something of the item (`it costs {price}`), opened perhaps by a lead (`at {price}`) or by a clause
about the shopper (`you bought {past_item}`), closed perhaps by a tail (`as you asked`), or is a statement of its own.
Templates are written in that language, the model is held to it by a grammar, and the checker drops what lies outside
it: so a slot cannot turn up in a role that would make the sentence untrue, whoever wrote it.

Notation: `(a|b)` either, `[a]` perhaps, `{name}` a slot, `@flag ` in front: only for points that carry the flag.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Phrases = tuple[str, ...]

AS_ASKED: Phrases = ("[just] as you (asked|wanted|requested)", "[just|exactly] what you asked for")


@dataclass(frozen=True, slots=True)
class Frame:
    """The language of one topic.

    Attributes:
        meanings: what each slot stands for, as told to the model; every sentence must name the first one.
        templates: whole sentences, taken in turn over the items of a shelf.
        leads: openings, before a comma; with a tail they may stand alone (`Made of {material}, as you asked.`).
        says: what may follow `it`.
        clauses: what may be said of the shopper before `, and this one ...`.
        replies: what may follow only after a clause, since an `it` in them points back to it.
        statements: sentences of their own.
        tails: what may end a sentence.
        worded: whether the model may word it; where there is nothing to choose, the template stands.
    """

    meanings: Mapping[str, str]
    templates: Phrases
    leads: Phrases = ()
    says: Phrases = ()
    clauses: Phrases = ()
    replies: Phrases = ()
    statements: Phrases = ()
    tails: Phrases = ()
    worded: bool = True

    @property
    def first(self) -> str:
        """The slot every sentence must name, or "" for a topic without slots."""
        return next(iter(self.meanings), "")
