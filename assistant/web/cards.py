"""Items as a shopper meets them: cards, the shelf, its skeleton, and the compare table. Pure functions to escaped HTML.

Everything that comes from a catalogue, a model or a shopper passes through `html.escape` here or in `why.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from urllib.parse import quote

from babel.numbers import format_decimal

from assistant.nouns import Constraint, Evidence, Recommendation
from assistant.web.icons import icon
from assistant.web.why import why_panels
from index.items import Item
from index.offers import as_offered, is_from

_FEW_LEFT = 5
_COMPARED_ROWS = 14
_VALUES_SHOWN = 6


def price_words(item: Item, locale: str) -> str:
    """The price as people of `locale` write it, `from` before the least of several; says so when there is none."""
    offered = as_offered(item)
    if offered.price is None:
        return "No price given"
    told = offered.price.local(locale)
    return f"from {told}" if is_from(offered) else told


def stock_words(item: Item) -> str:
    """What can be said about the stock without pressing anybody."""
    if not item.in_stock:
        return "Out of stock"
    if item.stock is not None and item.stock <= _FEW_LEFT:
        return f"{item.stock} in stock"
    return "In stock"


def rating_words(item: Item, locale: str) -> str:
    """`4.3 of 5 \u00b7 120 ratings`, or "" when nobody has rated."""
    if item.rating is None:
        return ""
    stars = format_decimal(round(item.rating, 1), locale=locale)
    if not item.rating_count:
        return f"{stars} of 5"
    count = format_decimal(item.rating_count, locale=locale)
    return f"{stars} of 5 \u00b7 {count} {'rating' if item.rating_count == 1 else 'ratings'}"


def picture_url(item: Item, width: int = 480) -> str:
    """Where our own server shows the item's first picture, `width` pixels wide; "" when it has none."""
    return f"/v1/pictures/{quote(item.id, safe='')}?n=0&width={width}" if item.pictures else ""


def picture(item: Item, width: int = 480) -> str:
    """The item's first picture in its 4:3 frame, or a quiet stand-in that says there is none."""
    url = picture_url(item, width)
    if not url:
        return f'<span class="wb-frame wb-nopicture" role="img" aria-label="No picture">{icon("picture")}</span>'
    alt = item.pictures[0].alt or item.title
    return (
        f'<span class="wb-frame"><img src="{escape(url)}" alt="{escape(alt)}" width="480" height="360" '
        'loading="lazy" decoding="async"></span>'
    )


def card(
    recommendation: Recommendation,
    evidence: Mapping[str, Evidence],
    ledger: Sequence[Constraint],
    locale: str,
    *,
    mark: str = "",
    compared: bool = False,
    talk: bool = True,
) -> str:
    """One recommendation as an `article`.

    Args:
        mark: `like` or `dislike` when the shopper has said so, else "".
        compared: whether it is picked for comparison.
        talk: False leaves out the actions that only make sense within a conversation.
    """
    item = recommendation.item
    heading = f"wb-item-{recommendation.rank}"
    brand = f'<p class="wb-brand">{escape(item.brand)}</p>' if item.brand else ""
    was = ""
    offered = as_offered(item)
    if offered.price and offered.list_price and offered.list_price.amount_minor > offered.price.amount_minor:
        before = escape(offered.list_price.local(locale))
        was = f' <s class="wb-was"><span class="wb-hidden">instead of </span>{before}</s>'
    rating = rating_words(item, locale)
    rated = f'<p class="wb-rating">{icon("star")}<span>{escape(rating)}</span></p>' if rating else ""
    state = "in" if item.in_stock else "out"
    return (
        f'<article class="wb-card" data-item="{escape(item.id)}" aria-labelledby="{heading}">'
        f'<div class="wb-picture">{picture(item)}<span class="wb-rank"><span class="wb-hidden">Rank </span>'
        f"{recommendation.rank}</span></div>"
        f'<div class="wb-about"><h3 id="{heading}" class="wb-title">{escape(item.title)}</h3>{brand}'
        f'<p class="wb-price">{escape(price_words(item, locale))}{was}</p>'
        f'<p class="wb-stock wb-{state}">{escape(stock_words(item))}</p>{rated}</div>'
        f"{why_panels(recommendation, evidence, ledger, locale)}"
        f"{_actions(item, mark=mark, compared=compared, talk=talk)}</article>"
    )


def _actions(item: Item, *, mark: str, compared: bool, talk: bool) -> str:
    identifier, title = escape(item.id), escape(item.title)

    def button(act: str, shown: str, words: str, pressed: bool | None = None) -> str:
        state = "" if pressed is None else f' aria-pressed="{"true" if pressed else "false"}"'
        return (
            f'<button type="button" class="wb-act wb-act-{act}" data-act="{act}" data-item="{identifier}"{state} '
            f'title="{words}" aria-label="{words}: {title}">{shown}</button>'
        )

    buttons = [
        button("like", icon("up"), "Like", mark == "like"),
        button("dislike", icon("down"), "Not for me", mark == "dislike"),
    ]
    if talk:
        buttons += [
            button("similar", "Similar", "Similar"),
            button("compare", "Compare", "Compare", compared),
            button("ask", 'Ask<span class="wb-more">&nbsp;about this</span>', "Ask about this"),
        ]
    return f'<div class="wb-actions" role="group" aria-label="About {title}">{"".join(buttons)}</div>'


def shelf(
    recommendations: Sequence[Recommendation],
    evidence: Sequence[Evidence],
    ledger: Sequence[Constraint],
    locale: str,
    *,
    heading: str,
    marks: Mapping[str, str],
    note: str = "",
    compared: Collection[str] = (),
    talk: bool = True,
) -> str:
    """The recommendations in rank order, live: its buttons act.

    Args:
        marks: item id -> `like` or `dislike`.
        note: one line on what the shopper just did, read out.
        compared: ids of the items picked for comparison; from two on a button offers it.
    """
    known = {fact.id: fact for fact in evidence}
    cards = "".join(
        card(
            shown,
            known,
            ledger,
            locale,
            mark=marks.get(shown.item.id, ""),
            compared=shown.item.id in compared,
            talk=talk,
        )
        for shown in recommendations
    )
    # Every part stands in its place even when empty: the page is morphed child by child, and a part that came in
    # between would turn each card into its neighbour under the shopper's finger.
    return (
        '<section class="wb-shelf wb-live" aria-label="Recommendations" tabindex="0"><div class="wb-shelf-head">'
        f'<h2 class="wb-shelf-title">{escape(heading)}</h2><p class="wb-note" role="status">{escape(note)}</p></div>'
        f"{cards}{_comparing(sum(shown.item.id in compared for shown in recommendations))}</section>"
    )


def _comparing(picked: int) -> str:
    inner = ""
    if picked == 1:
        inner = "<span>Pick one or two more to compare.</span>"
    elif picked > 1:
        inner = (
            f'<button type="button" class="wb-primary" data-act="compare-now">{icon("compare")}'
            f"<span>Compare these {picked}</span></button>"
        )
    return f'<p class="wb-comparing">{inner}</p>'


def strip(recommendations: Sequence[Recommendation], locale: str) -> str:
    """A former shelf, small: pictures, titles and prices of what was shown then, in rank order."""
    items = "".join(
        f'<li>{picture(shown.item, 160)}<span class="wb-strip-title">{escape(shown.item.title)}</span>'
        f'<span class="wb-strip-price">{escape(price_words(shown.item, locale))}</span></li>'
        for shown in recommendations
    )
    return f'<ol class="wb-strip" aria-label="Shown then">{items}</ol>'


def skeleton(count: int) -> str:
    """Cards to come: shapes without content, hidden from screen readers (the stage line speaks for them)."""
    one = (
        '<div class="wb-card wb-ghost"><div class="wb-picture"><span class="wb-frame"></span></div>'
        '<div class="wb-about"><i></i><i></i><i></i></div><div class="wb-reasons"><i></i><i></i></div></div>'
    )
    return f'<section class="wb-shelf wb-live wb-waiting" aria-hidden="true">{one * count}</section>'


def empty_shelf(*, broken: bool) -> str:
    """The shelf when nothing is shown. It says so, and nothing that breaks a rule is put in its place.

    Args:
        broken: whether rules are in force that could be taken back.
    """
    told = (
        "Rather than show things that break one of your rules, I leave the shelf empty. "
        "Take a rule back, or change it in your own words."
        if broken
        else "Try other words, or send a picture of what you have in mind."
    )
    return (
        '<section class="wb-shelf wb-live wb-empty" aria-label="Recommendations"><div class="wb-none">'
        f"<h2>{'Nothing fits all of that' if broken else 'Nothing to show for that'}</h2><p>{told}</p></div></section>"
    )


def compare_table(items: Sequence[Item], locale: str) -> str:
    """Two or three items side by side, one row per property; rows that differ are marked in style and in words."""
    heads = "".join(
        f'<th scope="col">{picture(item, 320)}<span class="wb-title">{escape(item.title)}</span></th>' for item in items
    )
    rows = [
        ("Price", [price_words(item, locale) for item in items]),
        ("Stock", [stock_words(item) for item in items]),
        ("Rating", [rating_words(item, locale) or "Not rated" for item in items]),
        ("Brand", [item.brand or "Not stated" for item in items]),
        *_property_rows(items),
    ]
    lines = "".join(_compare_row(name, values) for name, values in rows)
    return (
        '<div class="wb-compare" role="region" aria-label="Comparison" tabindex="0"><table><thead><tr>'
        f'<td><span class="wb-hidden">Property</span></td>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _property_rows(items: Sequence[Item]) -> list[tuple[str, list[str]]]:
    """Attributes and options, those that most of the items state first; at most fourteen."""
    records = [{**item.attributes, **item.options} for item in items]
    names = list(dict.fromkeys(name for record in records for name in record))
    names.sort(key=lambda name: -sum(name in record for record in records))
    return [
        (name[:1].upper() + name[1:].replace("_", " "), [_values(record.get(name, ())) for record in records])
        for name in names[:_COMPARED_ROWS]
    ]


def _values(values: Sequence[str]) -> str:
    if not values:
        return "Not stated"
    more = len(values) - _VALUES_SHOWN
    return ", ".join(values[:_VALUES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _compare_row(name: str, values: Sequence[str]) -> str:
    differs = len(set(values)) > 1
    note = '<span class="wb-hidden"> (differs)</span>' if differs else ""
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    style = ' class="wb-differs"' if differs else ""
    return f'<tr{style}><th scope="row">{escape(name)}{note}</th>{cells}</tr>'
