"""Sentences for what the ranker weighed: likeness, ratings, and above all the shopper's own past."""

from assistant.explain.frame import AS_ASKED, Frame, Phrases

MATCHES: dict[str, Frame] = {
    "words": Frame(
        {"words": "words of the shopper's request", "where": "the part of the record they stand in"},
        (
            "Its {where} mentions {words}.",
            "It mentions {words} in its {where}, as you asked.",
            "This one has {words} in its {where}.",
        ),
        says=("(mentions|has) {words} in its {where}",),
        statements=("its {where} mentions {words}",),
        tails=AS_ASKED,
    ),
    "query": Frame(
        {"request": "the words the shopper used"},
        ("Of these, it is the closest to {request}.", "It is the closest of these to {request}."),
        says=("is (the closest of these|the closest match here) to {request}",),
        statements=("of these, (it|this one) is the closest to {request}",),
    ),
    "picture": Frame(
        {"picture": "the picture the shopper sent"},
        (
            "It looks like {picture}.",
            "It resembles {picture}.",
            "This one comes close to {picture}.",
            "@top It is the closest of these to {picture}.",
        ),
        says=(
            "looks like {picture}",
            "resembles {picture}",
            "comes close to {picture}",
            "@top is (the closest of these|the closest match here) to {picture}",
        ),
    ),
    "similar": Frame(
        {"target": "the item the shopper pointed to"},
        (
            "It is close to {target}.",
            "It resembles {target}.",
            "This one comes close to {target}.",
            "@top It is the closest of these to {target}.",
        ),
        says=(
            "is close to {target}",
            "comes close to {target}",
            "resembles {target}",
            "@top is (the closest of these|the closest match here) to {target}",
        ),
    ),
    "rating": Frame(
        {"rating": "its average stars", "reviews": "how many ratings that rests on"},
        (
            "It is rated {rating} over {reviews}.",
            "Rated {rating}, over {reviews}.",
            "This one has a rating of {rating} from {reviews}.",
            "@many Buyers rate it {rating} over {reviews}.",
        ),
        leads=("rated {rating} [(in|over|from) {reviews}]",),
        says=(
            "is rated {rating} [(in|over|from) {reviews}]",
            "(has|holds) a rating of {rating} [(in|over|from) {reviews}]",
        ),
        statements=("@many buyers (rate|rated) it {rating}", "@many buyers give it {rating}"),
        tails=("over {reviews}",),
    ),
    "rating_floor": Frame(
        {"rating": "its average stars", "asked": "the least the shopper asked for"},
        (
            "It is rated {rating}, where you asked for at least {asked}.",
            "Rated {rating}, it meets your minimum of {asked}.",
        ),
        leads=("rated {rating}",),
        says=("is rated {rating}", "(has|holds) a rating of {rating}", "meets your minimum of {asked}"),
        tails=("where you asked for at least {asked}",),
    ),
    "popularity": Frame(
        {},
        (
            "@bought Other shoppers have bought it lately.",
            "@bought Other shoppers have been buying it lately.",
            "@carted Other shoppers have put it in their carts lately.",
            "@liked Other shoppers have liked it lately.",
            "@viewed Other shoppers have looked at it lately.",
            "@viewed Other shoppers have been looking at it lately.",
        ),
        statements=(
            "@bought other shoppers have (bought|been buying) it lately",
            "@carted other shoppers have put it in their carts lately",
            "@liked other shoppers have liked it lately",
            "@viewed other shoppers have (looked|been looking) at it lately",
        ),
        worded=False,
    ),
    "review": Frame(
        {"quote": "a sentence from one of its reviews"},
        ("A buyer wrote: {quote}.", "In a buyer's words: {quote}."),
        statements=("a buyer wrote: {quote}", "in a buyer's words: {quote}"),
        worded=False,
    ),
}

_PAST = {
    "purchase": ("bought {past_item}", "which you bought"),
    "cart": ("put {past_item} in your cart", "which you put in your cart"),
    "like": ("liked {past_item}", "which you liked"),
    "rating": ("rated {past_item} highly", "which you rated highly"),
    "stars": ("gave {past_item} {stars}", "which you gave {stars}"),
    "view": ("looked at {past_item}", "which you looked at"),
    "click": ("looked at {past_item}", "which you looked at"),
}
"""Event kind -> how it is told, with the past item in it and after it; `stars` is a rating that is no praise."""
_STARS = {"stars": "how many stars the shopper gave it"}

_SHARED: dict[str, tuple[str, Phrases, Phrases]] = {
    "shared_kind": (
        "the sort of thing both items are",
        ("this one is {shared_kind} too", "this one is also {shared_kind}", "this one is {shared_kind} as well"),
        ("is {shared_kind} (too|as well)", "is also {shared_kind}"),
    ),
    "shared_brand": (
        "the brand both items are from",
        (
            "this one is also by {shared_brand}",
            "this one comes from the same brand, {shared_brand}",
            "this one is by {shared_brand} too",
        ),
        (
            "is by {shared_brand} (too|as well)",
            "is also by {shared_brand}",
            "(is|comes) from {shared_brand} (too|as well)",
            "(is|comes) from the same brand, {shared_brand}",
        ),
    ),
    "shared_category": (
        "the department both items are in",
        (
            "this one is also in {shared_category}",
            "this one comes from the same department, {shared_category}",
            "this one is in {shared_category} too",
        ),
        (
            "(is|comes) from the same department, {shared_category}",
            "is in {shared_category} (too|as well)",
            "is also in {shared_category}",
        ),
    ),
    "shared_value": (
        "the entry both records share, e.g. the same material",
        ("this one has {shared_value}", "this one comes with {shared_value}"),
        ("(has|comes with) {shared_value}",),
    ),
    "": ("", ("of these, this one is the closest to it", "this one is the closest of these to it"), ()),
}
"""Slot of what is shared -> its meaning, endings of templates, and what may be said of the item."""

_AFTER_LIKE: dict[str, Phrases] = {
    "shared_brand": ("is (by|from) {shared_brand}",),
    "shared_kind": ("is {shared_kind}",),
}


def _history(kind: str, shared: str) -> Frame:
    verb, which = _PAST[kind]
    meaning, endings, says = _SHARED[shared]
    templates = [f"You {verb} {{when}}, and {ending}." for ending in endings]
    # `like the tent, which you liked` stumbles over itself, and what was rated so so need not be liked
    alike = kind not in ("like", "stars")
    if alike and shared in _AFTER_LIKE:
        same = "by {shared_brand}" if shared == "shared_brand" else "{shared_kind}"
        templates.append(f"Like {{past_item}}, {which} {{when}}, it is {same}.")
    meanings = {"past_item": "an item from the shopper's past", "when": "when that was"}
    return Frame(
        meanings | ({shared: meaning} if shared else {}) | (_STARS if kind == "stars" else {}),
        tuple(templates),
        leads=(f"like {{past_item}}, {which}[ {{when}}]",) if alike else (),
        says=(*says, *_AFTER_LIKE.get(shared, ())),
        clauses=(f"you {verb}[ {{when}}]",),
        replies=("@top is (the closest of these|the closest match here) to it",),
        statements=(f"@top you {verb}[ {{when}}], and of these, this one is the closest to it",),
    )


def _again(kind: str) -> Frame:
    told = _PAST[kind][0].replace("{past_item}", "it")
    past = {"when": "when that was"} | (_STARS if kind == "stars" else {})
    return Frame(past, (f"You {told} {{when}}.",), statements=(f"you {told} {{when}}",), worded=False)


HISTORY: dict[str, Frame] = {
    "brand_habit": Frame(
        {
            "past_item": "an item of that brand the shopper bought",
            "when": "when that was",
            "brand": "the brand of both items",
        },
        (
            "It is by {brand}, the brand of {past_item} that you bought {when}.",
            "You have bought {brand} before: {past_item}, {when}.",
            "You bought {past_item} {when}, and this one is also by {brand}.",
        ),
        leads=("like {past_item}, which you bought[ {when}]",),
        says=("is by {brand}", "is also by {brand}", "(is|comes) from {brand}"),
        clauses=("you bought {past_item}[ {when}]",),
        statements=("you have bought {brand} before: {past_item}, {when}",),
        tails=("the brand of {past_item} that you bought[ {when}]",),
    ),
    **{f"again:{kind}": _again(kind) for kind in _PAST},
    **{f"history:{kind}:{shared}": _history(kind, shared) for kind in _PAST for shared in _SHARED},
}
