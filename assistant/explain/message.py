"""The sentences around a shelf: what fits, by name and in order, what stands in the way, and small talk kept small."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.explain.asked import describe_constraint, request_text
from assistant.explain.plain import in_marks, join_words, number_word, plain_title, quoted, speakable_name, tidy
from assistant.nouns import Constraint, Recommendation, Relaxation
from index.language.words import normalise

_MOST_NAMED = 6
_MOST_TOLD = 4
"""Constraints told in the message; the chips show them all."""

Describe = Callable[[Constraint], str]


@dataclass(frozen=True, slots=True)
class Said:
    """A message and the ids of the evidence it rests on."""

    text: str
    evidence: tuple[str, ...] = ()


def shelf_message(
    recommendations: Sequence[Recommendation],
    *,
    fitting: int | None,
    ledger: Sequence[Constraint] = (),
    words: str = "",
    more: bool = False,
    describe: Describe = describe_constraint,
) -> Said:
    """What was understood, how many items fit and which are shown, then the strongest reason for the first.

    Without reasons on the shelf it is the same text up to where the reason begins.

    Args:
        recommendations: the shelf in rank order, at least one; the first six are named, all when there are no more.
        fitting: how many items satisfy the ledger, shown or not; None: not counted.
        words: the product words searched by, or "".
        more: the shopper asked for other items of the same request.
        describe: a constraint in plain words, as on its chip.
    """
    wish, asked = request_text(ledger, words), _asked(ledger, describe)
    opening = f"for {quoted([wish])}, " if wish else ""
    size = len(recommendations)
    fits = f"{_items(fitting)} {'fits' if fitting == 1 else 'fit'}{asked}" if fitting is not None else ""
    if size == 1:
        shown = "here is one more" if more else "this one comes first"
    else:
        shown = f"here are {number_word(size)} more" if more else f"these {number_word(size)} come first"
    if not fits:
        first = f"{opening}{shown}"
    elif fitting is not None and fitting <= size:
        first = f"{opening}{fits}"
    else:
        first = f"{opening}{fits}; {shown}"
    text = f"{_capital(first)}: {_named(recommendations)}."
    reasons = recommendations[0].reasons
    if not reasons:
        return Said(text)
    return Said(f"{text} {_about_first(reasons[0].text, only=size == 1)}", reasons[0].evidence)


def _named(recommendations: Sequence[Recommendation]) -> str:
    titles = [plain_title(one.item) for one in recommendations[:_MOST_NAMED]]
    if len(recommendations) > _MOST_NAMED:
        return f"{', '.join(titles)} and {number_word(len(recommendations) - _MOST_NAMED)} more"
    return join_words(titles)


def _about_first(reason: str, *, only: bool) -> str:
    """The reason, saying which item it is about where there are several."""
    if only:
        return reason
    for opening, subject in (
        ("Of these, it is ", "Of these, the first is "),
        ("Of these, this one is ", "Of these, the first is "),
        ("It ", "The first "),
        ("This one ", "The first one "),
        ("Its ", "As for the first, its "),
        ("This ", "The first "),
    ):
        if reason.startswith(opening):
            return subject + reason[len(opening) :]
    return f"As for the first: {reason[:1].lower()}{reason[1:]}"


def _asked(ledger: Sequence[Constraint], describe: Describe) -> str:
    """` “up to 60.00 EUR” and “not Alba”`: the hard constraints after `items fit`; "" when there are none to tell."""
    told = _once([describe(one) for one in ledger if one.kind == "hard" and one.condition.field not in ("kind", "id")])
    return f" {quoted(told[:_MOST_TOLD])}" if told else ""


def nothing_message(
    ledger: Sequence[Constraint],
    relaxations: Sequence[Relaxation],
    *,
    words: str = "",
    departments: Sequence[str] = (),
    describe: Describe = describe_constraint,
) -> Said:
    """That nothing fits, which constraint is to blame, and what giving one up would show.

    With neither constraints nor relaxations, that nothing like it was found here, and the nearest departments.
    """
    by_id = {constraint.id: constraint for constraint in ledger}
    offers = [one for one in relaxations if one.count > 0]
    blamed = next((by_id[one.constraint_id] for one in offers if one.constraint_id in by_id), None)
    if blamed is not None:
        nothing = f"Nothing here fits all of that; what stands in the way is {in_marks(describe(blamed))}."
        options = [f"{one.text.rstrip('.')} ({_items(one.count)})" for one in offers[:3]]
        return Said(f"{nothing} You could try: {join_words(options, 'or')}.")
    asked = _once([describe(constraint) for constraint in ledger if constraint.kind == "hard"])
    if asked:
        told = quoted(asked[:_MOST_TOLD])
        return Said(f"Nothing here fits {told}. Taking {'it' if len(asked) == 1 else 'one of them'} back may help.")
    wish = request_text((), words)
    return Said(f"I found nothing like {quoted([wish]) if wish else 'that'} here.{_departments(departments)}")


def release_line(released: Sequence[str]) -> str:
    """That constraints were taken back: `I dropped “in blue”.`; "" for none. Takes their chip texts."""
    return f"I dropped {quoted(_once([tidy(text) for text in released]))}." if released else ""


def greeting(departments: Sequence[str] = ()) -> str:
    """The answer to a greeting: what one can ask for."""
    return f"Hello. Tell me what you are looking for, or send a picture.{_departments(departments, near=False)}"


def welcome_back() -> str:
    """The answer to thanks."""
    return "You are welcome. Tell me if you would like to see something else."


def out_of_scope(departments: Sequence[str] = ()) -> str:
    """The answer to what is not about shopping here. Never repeats what was asked."""
    scope = "I can only help with shopping here: finding items, comparing them, and our delivery and returns."
    return scope + _departments(departments, near=False)


def _departments(departments: Sequence[str], *, near: bool = True) -> str:
    names = [name for text in departments if (name := speakable_name(text))][:4]
    if not names:
        return ""
    if len(names) == 1:
        return f" The nearest department is {names[0]}." if near else f" We sell {names[0]}."
    return (
        f" The nearest departments are {join_words(names)}."
        if near
        else f" Our departments include {join_words(names)}."
    )


def _once(told: Sequence[str]) -> list[str]:
    """Each description once: two entries of the ledger may read alike (`not wool`, of material and of text)."""
    first: dict[str, str] = {}
    for text in told:
        first.setdefault(normalise(text), text)
    return list(first.values())


def _items(count: int) -> str:
    return "one item" if count == 1 else f"{number_word(count)} items"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
