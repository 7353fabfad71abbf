"""Why an item is shown: its reasons, the evidence under each, and the bars that add up to its score. Escaped HTML."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from html import escape

from babel.dates import format_date
from babel.numbers import format_decimal

from assistant.nouns import Constraint, Evidence, Ranked, Reason, Recommendation

_HEADINGS = {
    "constraint": "You asked for",
    "fact": "The item says",
    "event": "From your history",
    "review": "Buyers wrote",
    "policy": "The shop's rules say",
}
_NOT_OF_THE_ITEM = {
    "others": "Other shoppers",
    "usual_price": "From your history",
    "arrangement": "How the shelf was put together",
}
"""Headings of facts that stand in no item's record, by name."""
_LABELS = {
    "query": "Fits what you described",
    "words": "Your words are in its record",
    "picture": "Looks like your picture",
    "similar": "Like the item you named",
    "budget": "Within your budget",
    "kind": "The kind of thing you asked for",
    "brand_habit": "Brands you know",
    "seen": "You have met it before",
    "price_habit": "What you usually spend",
    "rating": "What buyers gave it",
    "popularity": "How sought it is",
    "history": "Your history",
}
_MOST_BARS = 7


def why_panels(
    recommendation: Recommendation,
    evidence: Mapping[str, Evidence],
    ledger: Sequence[Constraint],
    locale: str,
) -> str:
    """The item's reasons, at most two in sight at once, each a `details` that opens its evidence and the score's bars.

    Evidence ids that the reply does not hold are left out: nothing is shown that cannot be checked.
    """
    quotes = {entry.id: entry.quote for entry in ledger}
    panels = [
        _panel(recommendation, reason, number, evidence, quotes, locale)
        for number, reason in enumerate(recommendation.reasons, start=1)
    ]
    return f'<div class="wb-reasons">{"".join(panels)}</div>' if panels else ""


def _panel(
    recommendation: Recommendation,
    reason: Reason,
    number: int,
    evidence: Mapping[str, Evidence],
    quotes: Mapping[str, str],
    locale: str,
) -> str:
    cited = [evidence[identifier] for identifier in reason.evidence if identifier in evidence]
    key = escape(f"{recommendation.item.id}/{number}")
    labels = _labels(recommendation.item.id, evidence, quotes)
    weighed = {fact.name for fact in cited if fact.kind == "contribution"}
    return (
        f'<details class="wb-why" data-key="{key}"><summary><span class="wb-reason">{escape(reason.text)}</span>'
        '<span class="wb-cue">Why</span></summary><div class="wb-proof">'
        f"{_evidence_list(cited, quotes, locale)}"
        f"{score_bars(recommendation.ranked, labels, locale, marked=weighed)}"
        "</div></details>"
    )


def _evidence_list(cited: Sequence[Evidence], quotes: Mapping[str, str], locale: str) -> str:
    rows: list[str] = []
    for kind, usual in _HEADINGS.items():
        under: dict[str, list[str]] = {}
        for fact in cited:
            if fact.kind == kind:
                heading = _NOT_OF_THE_ITEM.get(fact.name, usual) if kind == "fact" else usual
                under.setdefault(heading, []).append(f"<dd>{_line(fact, quotes, locale)}</dd>")
        rows += [
            f'<div class="wb-kind wb-kind-{kind}"><dt>{escape(heading)}</dt>{"".join(lines)}</div>'
            for heading, lines in under.items()
        ]
    return f'<dl class="wb-evidence">{"".join(rows)}</dl>' if rows else ""


def _line(fact: Evidence, quotes: Mapping[str, str], locale: str) -> str:
    line = escape(fact.text)
    quote = quotes.get(fact.ref, "") if fact.kind == "constraint" else ""
    if quote:
        line += f' <q class="wb-quote">{escape(quote)}</q>'
    if fact.at:
        line += f' <time class="wb-when" datetime="{escape(fact.at)}">{escape(day_words(fact.at, locale))}</time>'
    return line


def day_words(at: str, locale: str) -> str:
    """The day of an ISO 8601 instant as people of `locale` write it, e.g. `3 Mar 2026`; `at` itself when unreadable."""
    try:
        return format_date(date.fromisoformat(at[:10]), format="medium", locale=locale)
    except ValueError:
        return at


def _labels(item_id: str, evidence: Mapping[str, Evidence], quotes: Mapping[str, str]) -> dict[str, str]:
    """Contribution names in words: the shopper's own for a preference, the record's for a past event, else ours."""
    labels = {f"preference:{entry}": f"You said \u201c{quote}\u201d" for entry, quote in quotes.items() if quote}
    for fact in evidence.values():
        if fact.kind == "contribution" and fact.text and fact.item_id in {item_id, None}:
            labels.setdefault(fact.name, fact.text)
    return labels | _LABELS


def score_bars(
    ranked: Ranked, labels: Mapping[str, str], locale: str, *, marked: set[str] | frozenset[str] = frozenset()
) -> str:
    """A table of signed bars from the base to the score; the figures shown add up exactly to the figure at the foot.

    Each bar begins where the one above ended. Beyond the seven largest rows the rest is one row.

    Args:
        labels: words for contribution names; a name without is shown in its own words, `history:e7` as its family.
        marked: names of contributions to set in bold.
    """
    parts: dict[str, float] = {}
    bold: set[str] = set()
    for contribution in ranked.contributions:
        family = contribution.name.partition(":")[0]
        label = labels.get(contribution.name) or labels.get(family) or _plain(family)
        parts[label] = parts.get(label, 0.0) + contribution.value
        if contribution.name in marked:
            bold.add(label)
    rows = [("Every item starts with", ranked.base), *_largest(parts)]
    figures = settle([value for _, value in rows])
    low, span = _range([value for _, value in rows])
    at = 0.0
    lines: list[str] = []
    for (label, value), figure in zip(rows, figures, strict=True):
        style = " wb-cited" if label in bold else ""
        lines.append(_bar_row(label, figure, _bar(at, at + value, low, span), style, locale))
        at += value
    total = sum(figures, Decimal(0))
    lines.append(_bar_row("Score", total, _bar(0.0, at, low, span, total=True), " wb-total", locale, signed=False))
    return (
        '<table class="wb-bars"><caption>How the score adds up</caption><tbody>' + "".join(lines) + "</tbody></table>"
    )


def settle(values: Sequence[float], digits: int = 2) -> list[Decimal]:
    """The values rounded to `digits` decimals so that their sum is the rounded sum of the values.

    Each differs from its value by less than one unit of the last digit (largest remainder first).
    """
    unit = Decimal(1).scaleb(-digits)
    exact = [Decimal(str(value)) / unit for value in values]
    floors = [value.to_integral_value(ROUND_FLOOR) for value in exact]
    missing = int(sum(exact, Decimal(0)).to_integral_value() - sum(floors, Decimal(0)))
    order = sorted(range(len(exact)), key=lambda place: (floors[place] - exact[place], place))
    for place in order[:missing]:
        floors[place] += 1
    return [floor * unit for floor in floors]


def _largest(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    ordered = sorted(parts.items(), key=lambda part: -abs(part[1]))
    rest = ordered[_MOST_BARS:]
    if len(rest) > 1:
        return [*ordered[:_MOST_BARS], (f"{len(rest)} smaller ones", sum(value for _, value in rest))]
    return ordered


def _plain(name: str) -> str:
    words = " ".join(name.replace("_", " ").replace(".", " ").replace(":", " ").split())
    return words[:1].upper() + words[1:]


def _range(values: Sequence[float]) -> tuple[float, float]:
    at, low, high = 0.0, 0.0, 0.0
    for value in values:
        at += value
        low, high = min(low, at), max(high, at)
    return low, (high - low) or 1.0


def _bar(start: float, end: float, low: float, span: float, *, total: bool = False) -> str:
    left = (min(start, end) - low) / span * 100
    width = max(abs(end - start) / span * 100, 0.6)
    left = min(left, 100 - width)
    zero = -low / span * 100
    style = "sum" if total else "plus" if end >= start else "minus"
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<line class="wb-zero" x1="{zero:.2f}" x2="{zero:.2f}" y1="0" y2="10"/>'
        f'<rect class="wb-bar-{style}" x="{left:.2f}" width="{width:.2f}" y="1" height="8"/></svg>'
    )


def _bar_row(label: str, figure: Decimal, bar: str, style: str, locale: str, *, signed: bool = True) -> str:
    number = format_decimal(abs(figure), format="0.00", locale=locale)
    sign = "\N{MINUS SIGN}" if figure < 0 else "+" if signed else ""
    return (
        f'<tr class="wb-bar{style}"><th scope="row">{escape(label)}</th><td class="wb-track">{bar}</td>'
        f'<td class="wb-figure">{escape(sign + number)}</td></tr>'
    )
