"""The conversation's own pieces: bubbles, chips, notices, first visit, header and history. Escaped HTML, no state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Protocol

from assistant.nouns import Constraint, Relaxation, Reply
from assistant.web.icons import icon
from assistant.web.why import day_words
from index.filters import Condition, Op
from index.items import Money

_STAGES = {
    "reading": "Reading your request",
    "searching": "Looking through the shop",
    "ranking": "Putting the best first",
    "wording": "Wording the reasons",
}
_COMPARATORS = {
    Op.LT: "under",
    Op.LE: "up to",
    Op.GT: "over",
    Op.GE: "from",
    Op.EQ: "",
    Op.NE: "not",
    Op.IN: "",
    Op.NOT_IN: "not",
}
_DEEDS = {
    "view": "Looked at",
    "click": "Opened",
    "cart": "Put in the cart",
    "purchase": "Bought",
    "rating": "Rated",
    "like": "Liked",
    "dislike": "Not for you",
    "not_interested": "Not interested",
}


class Shopper(Protocol):
    """Somebody one can be while trying the shop."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """One line of the history: the event's id, what was done to which item, and when."""

    event_id: str
    kind: str
    title: str
    at: datetime
    value: float | None = None


def condition_words(condition: Condition, locale: str) -> str:
    """The condition in a few plain words, e.g. `up to 60,00 €`, `not Alba`, `size M`; not escaped."""
    value = condition.value
    if isinstance(value, Money):
        shown = value.local(locale)
    elif isinstance(value, tuple):
        shown = " or ".join(value)
    elif isinstance(value, float):
        shown = f"{value:g}"
    else:
        shown = value
    comparator = _COMPARATORS[condition.op]
    name = condition.field.replace("_", " ")
    if condition.field == "rating":
        return f"{comparator} {shown} stars".strip()
    if condition.field in {"price", "brand", "category", "kind", "text"}:
        return f"{comparator} {shown}".strip()
    return f"{name} {comparator} {shown}".replace("  ", " ").strip()


def chips(ledger: Sequence[Constraint], label: Callable[[Constraint], str]) -> str:
    """The constraints in force, each with a button that takes it back; "" when there are none.

    Hard ones are solid, soft ones outlined; the shopper's own words are the tooltip.
    """
    if not ledger:
        return ""
    items = "".join(_chip(entry, label(entry)) for entry in ledger)
    return f'<ul class="wb-chips" aria-label="What I am keeping to">{items}</ul>'


def _chip(entry: Constraint, words: str) -> str:
    said = f"You said: {entry.quote}" if entry.quote else ""
    shown = escape(words)
    return (
        f'<li class="wb-chip wb-{entry.kind}" title="{escape(said)}"><span>{shown}</span>'
        f'<button type="button" data-act="release" data-id="{escape(entry.id)}" aria-label="Take back: {shown}">'
        f"{icon('close')}</button></li>"
    )


def shopper_bubble(words: str, picture_uri: str = "") -> str:
    """What the shopper said, with the picture sent along.

    Args:
        picture_uri: a `data:` address that our own server made, or "".
    """
    image = f'<img src="{escape(picture_uri)}" alt="The picture you sent">' if picture_uri else ""
    text = f"<p>{escape(words)}</p>" if words else ""
    return f'<div class="wb-you"><span class="wb-hidden">You: </span>{image}{text}</div>'


def working(stage: str) -> str:
    """The one quiet line while an answer is being made, with the button that stops it."""
    words = _STAGES.get(stage, "Working on it")
    return (
        f'<p class="wb-stage"><span class="wb-dots" aria-hidden="true"><i></i><i></i><i></i></span>'
        f'<span role="status">{escape(words)}</span>'
        f'<button type="button" class="wb-stop" data-act="stop">{icon("stop")}<span>Stop</span></button></p>'
    )


def words(pieces: Sequence[str], *, announced: bool) -> str:
    """The assistant's sentences as they arrive, each piece an element of its own so that only new ones are read out."""
    live = ' aria-live="polite" aria-atomic="false"' if announced else ""
    inner = "".join(f"<span>{escape(piece)}</span>" for piece in pieces)
    return f'<div class="wb-words"{live}>{inner}</div>'


def problem(told: str, *, again: bool) -> str:
    """What went wrong, in words; with `again` a button that asks once more."""
    button = ' <button type="button" class="wb-suggestion" data-act="again">Try again</button>' if again else ""
    return f'<p class="wb-problem" role="status">{escape(told)}{button}</p>'


def notices(reply: Reply) -> str:
    """The small print of a reply: what was degraded, in words, and who worded it."""
    lines: list[str] = []
    if reply.degraded:
        short = all(part.startswith("llm") for part in reply.degraded)
        told = (
            "Plain, short wording for now: the part of me that writes did not answer in time. "
            "The items and their order are the same."
            if short
            else "Part of me did not answer just now, so this rests on less than usual."
        )
        lines.append(f'<p class="wb-notice">{escape(told)}</p>')
    return "".join(lines)


def relaxations(offers: Sequence[Relaxation]) -> str:
    """What giving up one rule would show, as buttons numbered from 0; "" when nothing is offered."""
    if not offers:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="wb-offer" data-act="relax" data-id="{number}">'
        f'<span>{escape(offer.text[:1].upper() + offer.text[1:])}</span><span class="wb-offer-count">'
        f"{offer.count} {'item' if offer.count == 1 else 'items'}</span>{icon('arrow')}</button></li>"
        for number, offer in enumerate(offers)
    )
    return f'<ul class="wb-offers" aria-label="What would fit instead">{buttons}</ul>'


def suggestions(requests: Sequence[str]) -> str:
    """Requests the shopper may send next, as buttons numbered from 0."""
    if not requests:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="wb-suggestion" data-act="suggest" data-id="{number}">'
        f"{escape(request)}</button></li>"
        for number, request in enumerate(requests)
    )
    return f'<ul class="wb-suggestions" aria-label="You could ask">{buttons}</ul>'


def first_visit(examples: Sequence[str], item_count: int) -> str:
    """What meets somebody who has not said anything yet: an invitation and example requests as buttons."""
    buttons = "".join(
        f'<li><button type="button" class="wb-example" data-act="example" data-id="{number}">'
        f"<span>{escape(example)}</span>{icon('arrow')}</button></li>"
        for number, example in enumerate(examples)
    )
    return (
        '<section class="wb-welcome"><h2>What are you looking for?</h2>'
        f"<p>Say it in your own words, or send a picture. I look through all {item_count} items of this shop, keep to "
        "what you rule out, and show why each one is there.</p>"
        f'<ul class="wb-examples" aria-label="Examples">{buttons}</ul></section>'
    )


def header(shop_name: str, shoppers: Sequence[Shopper], chosen: str, panel: str) -> str:
    """The bar at the top: the shop, the AI notice, who is shopping, light or dark.

    Args:
        chosen: id of the chosen shopper, "" for somebody new.
        panel: what `history` made.
    """
    options = "".join(
        f'<option value="{escape(shopper.id)}"{" selected" if shopper.id == chosen else ""}>{escape(shopper.name)}'
        "</option>"
        for shopper in shoppers
    )
    return (
        f'<header class="wb-header"><div class="wb-brandline"><h1>{escape(shop_name)}</h1>'
        '<p class="wb-ai">You are talking to an AI, not a person.</p></div>'
        '<div class="wb-who"><label><span class="wb-hidden">Shopping as</span>'
        f'<select data-act="shopper"><option value=""{"" if chosen else " selected"}>New here</option>{options}'
        f"</select></label>{panel}"
        '<button type="button" class="wb-round" data-local="theme" aria-label="Light or dark">'
        f'<span class="wb-when-light">{icon("moon")}</span><span class="wb-when-dark">{icon("sun")}</span></button>'
        "</div></header>"
    )


def history(events: Sequence[Remembered], about: str, locale: str, *, personalise: bool, limit: int = 40) -> str:
    """The panel "What I know about you": the events, newest first, each with a way to forget it, and the switch."""
    rows = "".join(_remembered(event, locale) for event in events[:limit])
    more = f'<p class="wb-muted">And {len(events) - limit} older ones.</p>' if len(events) > limit else ""
    listed = f"<ul>{rows}</ul>{more}" if rows else '<p class="wb-muted">Nothing yet. Likes you give are kept here.</p>'
    told = f'<p class="wb-muted">{escape(about)}</p>' if about else ""
    state = "true" if personalise else "false"
    effect = "I use this to order what I show you." if personalise else "I do not use any of this now."
    return (
        f'<details class="wb-know" data-key="know"><summary>{icon("person")}<span>What I know about you</span>'
        f'<span class="wb-count">{len(events)}</span></summary><div class="wb-panel">{told}'
        f'<button type="button" role="switch" aria-checked="{state}" class="wb-switch" data-act="personalise">'
        f'<span class="wb-knob" aria-hidden="true"></span><span>Use my history</span></button>'
        f'<p class="wb-muted">{effect}</p>{listed}</div></details>'
    )


def _remembered(event: Remembered, locale: str) -> str:
    deed = _DEEDS.get(event.kind, event.kind)
    if event.kind == "rating" and event.value is not None:
        deed = f"Rated {event.value:g} of 5"
    day = event.at.isoformat()
    return (
        f'<li><span class="wb-deed">{escape(deed)}</span><span class="wb-what">{escape(event.title)}</span>'
        f'<time datetime="{escape(day)}">{escape(day_words(day, locale))}</time>'
        f'<button type="button" data-act="forget" data-id="{escape(event.event_id)}" '
        f'aria-label="Forget: {escape(deed)} {escape(event.title)}">Forget</button></li>'
    )
