"""What a message asks for field by field, in the shopper's own words, whether or not this shop has such a field.

A condition needs a value of the catalogue. What is said of a field that the catalogue lacks, or with a value it lacks,
is searched for as words; here it keeps the field that a tuned model heard it said of.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.reader import Reading
from assistant.dialogue.reading_lines import Lines, Wish, sign_of
from index.filters import NEGATIVE

_ANY = "text"
"""The field of a condition on the whole record."""


def lines_of(reading: Reading) -> Lines:
    """What a reader read, in the terms of a tuned model's reading; kinds of things are words."""
    kinds = [entry for entry in reading.constraints if entry.condition.field == "kind"]
    words = [reading.words, *(entry.quote for entry in kinds if entry.condition.op not in NEGATIVE)]
    wishes: list[Wish] = []
    for entry in reading.constraints:
        sign = sign_of(entry.condition)
        if entry not in kinds or entry.condition.op in NEGATIVE:
            soft = sign == "=" and entry.kind == "soft"
            wishes.append(Wish(entry.condition.field, "~" if soft else sign, entry.quote))
    return Lines(reading.intent, " ".join(dict.fromkeys(" ".join(words).split())), tuple(wishes))


def typed(reading: Reading, lines: Lines, unplaced: Sequence[Wish], message: str) -> Lines:
    """The joint reading with what could not be placed in this catalogue.

    Args:
        reading: of both readers together.
        lines: of the model.
        unplaced: those of the model's wishes that the catalogue has no value for.

    Where both quote the same words for one field, the model's quote stands: it learned where what is wanted begins and
    ends, while the rules quote what their value needs.
    """
    read = lines_of(reading)
    if reading.intent not in ("search", "more", "release") or lines.intent is None:
        return read
    wishes = [_requoted(wish, lines.wishes, message) for wish in read.wishes]
    wishes += [wish for wish in unplaced if not any(overlap(message, wish.quote, one.quote) for one in wishes)]
    wishes.sort(key=lambda wish: message.find(wish.quote))
    return replace(read, words=lines.words or _without(read.words, wishes), wishes=tuple(dict.fromkeys(wishes)))


def overlap(message: str, one: str, other: str) -> bool:
    """Whether two quotes share a character of the message."""
    start, begin = message.find(one), message.find(other)
    return start >= 0 and begin >= 0 and start < begin + len(other) and begin < start + len(one)


def _requoted(wish: Wish, said: Sequence[Wish], message: str) -> Wish:
    for one in said:
        alike = (one.field, one.sign) == (wish.field, wish.sign) and overlap(message, one.quote, wish.quote)
        if alike or (wish.field == _ANY and wish.quote in one.quote):  # `paraben free`: the no is in both quotes
            return one
    return wish


def _without(words: str, wishes: Sequence[Wish]) -> str:
    quoted = {word for wish in wishes for word in wish.quote.split()}
    return " ".join(word for word in words.split() if word not in quoted)
