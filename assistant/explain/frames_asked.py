"""Sentences for what the shopper asked for: money, attributes, brands, departments, and what is not wanted."""

from assistant.explain.frame import AS_ASKED, Frame, Phrases

_STAYS = "(is|stays|sits|falls|comes in|remains|fits)"
_LIMIT = "(your (limit|budget) of {budget}|your {budget} (limit|budget)|the {budget} you (set|had in mind))"
_AROUND = "the {around} you (had in mind|mentioned)"
_USUAL = "(the {usual_price} you usually (pay|spend)|your usual {usual_price})"
_NOT = "(rather than|instead of|and not) {refused}[, as you (asked|wanted)]"


def _asked_for(
    slot: str, meaning: str, *, says: Phrases, templates: Phrases, leads: Phrases = (), has: bool = False
) -> Frame:
    also = (f"you (asked for|wanted) {{{slot}}}, and this one has it",) if has else ()
    tails = (*AS_ASKED, "the brand you (asked for|wanted)") if slot == "brand" else AS_ASKED
    return Frame({slot: meaning}, templates, leads=leads, says=says, statements=also, tails=tails)


MONEY: dict[str, Frame] = {
    "budget": Frame(
        {"price": "what the item costs", "budget": "the most the shopper wants to spend"},
        (
            "At {price}, it stays within your {budget} limit.",
            "It costs {price}, within the {budget} you set.",
            "Priced at {price}, this one fits your budget of {budget}.",
            "This one is {price}, inside your {budget} limit.",
            "@well It comes in at {price}, well under your limit of {budget}.",
            "@strict It is {price}, below the {budget} you set.",
        ),
        leads=("at {price}", "for {price}", "priced at {price}"),
        says=(
            "(costs|is) {price}",
            "(comes in|is priced) at {price}",
            f"{_STAYS} (within|inside) {_LIMIT}",
            f"(fits|suits|meets|respects) {_LIMIT}",
            f"@strict {_STAYS} (under|below) {_LIMIT}",
            f"@well {_STAYS} (well|comfortably) (within|inside|under|below) {_LIMIT}",
        ),
        tails=(
            f"(within|inside) {_LIMIT}",
            f"@strict (under|below) {_LIMIT}",
            f"@well (well|comfortably) (within|inside|under|below) {_LIMIT}",
        ),
    ),
    "floor": Frame(
        {"price": "what the item costs", "floor": "the least the shopper wants to spend"},
        (
            "It costs {price}, where you asked for at least {floor}.",
            "At {price}, it meets your minimum of {floor}.",
        ),
        leads=("at {price}",),
        says=("(costs|is) {price}", "(comes in|is priced) at {price}", "meets your minimum of {floor}"),
        tails=("where you asked for at least {floor}",),
    ),
    "near": Frame(
        {"price": "what the item costs", "around": "the sum the shopper named roughly"},
        (
            "It costs {price}, near the {around} you had in mind.",
            "At {price}, it is near the {around} you had in mind.",
            "It is {price}, not far from the {around} you mentioned.",
        ),
        leads=("at {price}", "priced at {price}"),
        says=("(costs|is) {price}", "comes in at {price}", f"(is|comes) near {_AROUND}"),
        tails=(f"near {_AROUND}", f"not far from {_AROUND}"),
    ),
    "price_habit": Frame(
        {"price": "what the item costs", "usual_price": "what the shopper usually pays"},
        (
            "At {price}, it is close to the {usual_price} you usually pay.",
            "It costs {price}, close to the {usual_price} you usually pay.",
            "It is {price}, near your usual {usual_price}.",
        ),
        leads=("at {price}", "priced at {price}"),
        says=(
            "(costs|is) {price}",
            "comes in at {price}",
            f"(is|comes) (close to|near) {_USUAL}",
            f"@below (is|stays) below {_USUAL}",
        ),
        tails=(f"(close to|near) {_USUAL}", f"@below below {_USUAL}"),
    ),
    "listing": Frame(
        {"price": "what the item costs"},
        ("It is in stock at {price}.", "It costs {price} and is in stock.", "This one is in stock at {price}."),
        says=("is in stock at {price}", "costs {price} and is in stock"),
        worded=False,
    ),
    "placed": Frame(
        {"category": "the department it is in", "price": "what the item costs"},
        ("It is in {category}, at {price}.", "You find it in {category}, at {price}."),
        says=("is in {category}",),
        statements=("you find it in {category}",),
        tails=("at {price}",),
        worded=False,
    ),
    "priced": Frame({"price": "what the item costs"}, ("It costs {price}.",), says=("costs {price}",), worded=False),
    "made_by": Frame({"brand": "who makes the item"}, ("It is by {brand}.",), says=("is by {brand}",), worded=False),
    "recorded": Frame(
        {"value": "what the record says", "attribute": "the name of that entry in the record"},
        ("Its record gives {value} as its {attribute}.",),
        statements=("its record gives {value} as its {attribute}",),
        worded=False,
    ),
}

WANTED: dict[str, Frame] = {
    "material": _asked_for(
        "material",
        "what the item is made of, as the shopper asked",
        says=("@sole is made of {material}", "is made with {material}"),
        templates=(
            "It is made with {material}, as you asked.",
            "Made with {material}, as you asked.",
            "@sole It is made of {material}, just as you asked.",
            "You asked for {material}, and this one has it.",
        ),
        leads=("made with {material}", "@sole made of {material}"),
        has=True,
    ),
    "color": _asked_for(
        "color",
        "a colour the item comes in, as the shopper asked",
        says=("(comes|is available|can be had) in {color}",),
        templates=(
            "It comes in {color}, as you asked.",
            "Available in {color}, as you asked.",
            "This one comes in {color}, just as you wanted.",
            "You wanted {color}, and this one has it.",
        ),
        leads=("available in {color}",),
        has=True,
    ),
    "size": _asked_for(
        "size",
        "a size the item comes in, as the shopper asked",
        says=("(comes|is available|can be had) in [your] size {size}", "comes in your size, {size}"),
        templates=(
            "It comes in size {size}, as you asked.",
            "Available in size {size}, as you asked.",
            "This one comes in your size, {size}.",
        ),
        leads=("available in [your] size {size}",),
    ),
    "audience": _asked_for(
        "audience",
        "whom the item is made for, as the shopper asked",
        says=("is (made|meant) for {audience}",),
        templates=(
            "It is made for {audience}, as you asked.",
            "Made for {audience}, as you asked.",
            "This one is meant for {audience}, as you asked.",
        ),
        leads=("(made|meant) for {audience}",),
    ),
    "feature": _asked_for(
        "feature",
        "a quality the record lists, as the shopper asked",
        says=("is (listed|marked|described) as {feature}", "@adjective is {feature}"),
        templates=(
            "It is listed as {feature}, as you asked.",
            "@adjective It is {feature}, just as you asked.",
            "This one is marked as {feature}, as you wanted.",
            "Listed as {feature}, as you asked.",
        ),
        leads=("(listed|marked) as {feature}",),
    ),
    "listed": Frame(
        {"feature": "one of several entries the record lists, as the shopper asked"},
        (
            "Its record lists {feature}, as you asked.",
            "Its listing names {feature}, as you asked.",
            "This one lists {feature} in its record, as you asked.",
        ),
        says=("lists {feature} in its record", "has {feature} in its record"),
        statements=("its (record|listing) (lists|names) {feature}",),
        tails=AS_ASKED,
    ),
    "brand": _asked_for(
        "brand",
        "who makes the item, as the shopper asked",
        says=("is by {brand}", "(is|comes) from {brand}"),
        templates=(
            "It is by {brand}, as you asked.",
            "It comes from {brand}, the brand you asked for.",
            "This one is from {brand}, just as you wanted.",
        ),
        leads=("by {brand}", "from {brand}"),
    ),
    "category": _asked_for(
        "category",
        "the department the shopper asked for",
        says=("(is|comes) from {category}", "is (filed|listed) under {category}"),
        templates=(
            "It is listed under {category}, as you asked.",
            "This one is filed under {category}, as you asked.",
            "It comes from {category}, as you asked.",
        ),
        leads=("from {category}",),
    ),
    "kind": Frame(
        {"kind": "the sort of thing the shopper asked for"},
        (
            "It is {kind}, as you asked.",
            "This one is {kind}, just what you asked for.",
            "It is {kind}, exactly what you asked for.",
        ),
        says=("is {kind}",),
        tails=AS_ASKED,
    ),
    "value": Frame(
        {"value": "what the record says, as the shopper asked", "attribute": "the name of that entry in the record"},
        (
            "Its {attribute} is {value}, as you asked.",
            "It has {value} as its {attribute}, as you asked.",
            "For {attribute}, the record gives {value}, as you asked.",
        ),
        says=("(has|lists|gives) {value} as its {attribute}",),
        statements=(
            "its {attribute} is {value}",
            "the (record|listing) gives {value} as its {attribute}",
            "for {attribute}, (it lists|the record gives) {value}",
        ),
        tails=AS_ASKED,
    ),
}

REFUSED: dict[str, Frame] = {
    "other_brand": Frame(
        {"refused": "the brand the shopper does not want", "brand": "who makes the item"},
        (
            "It is by {brand}, not {refused}.",
            "It is by {brand} rather than {refused}, as you asked.",
            "It comes from {brand} instead of {refused}, as you wanted.",
        ),
        says=(
            "is by {brand}",
            "(is|comes) from {brand}",
            f"is by {{brand}} {_NOT}",
            f"(is|comes) from {{brand}} {_NOT}",
        ),
        tails=("not {refused}[, as you (asked|wanted)]",),
    ),
    "other_value": Frame(
        {
            "refused": "what the shopper does not want",
            "value": "what the item has instead",
            "attribute": "the name of that entry in the record",
        },
        ("Its {attribute} is {value}, not {refused}.", "It has {value} as its {attribute}, not {refused}."),
        says=("(has|lists|gives) {value} as its {attribute}",),
        statements=("its {attribute} is {value}", f"its {{attribute}} is {{value}} {_NOT}"),
        tails=("not {refused}[, as you (asked|wanted)]",),
    ),
    "unmentioned": Frame(
        {"refused": "what the shopper does not want"},
        (
            "Nothing in its record mentions {refused}, as you asked.",
            "Its record does not mention {refused}, as you wanted.",
        ),
        statements=(
            "nothing in its (record|listing) mentions {refused}",
            "its (record|listing) does not mention {refused}",
        ),
        tails=AS_ASKED,
    ),
}
