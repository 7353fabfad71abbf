"""schema.org products in JSON-LD -> items: Product, ProductGroup, Offer, AggregateOffer, AggregateRating, Review."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from index.feeds.fields import BadFieldError, check_reduced, currency_of, number_of, value_texts
from index.feeds.json_ld import Node, local, many, resolved, types_of
from index.feeds.prices import price_of
from index.feeds.raw import BadRowError, ItemRow, is_remote
from index.feeds.rows import check_currencies
from index.items import Money

_IDS = ("sku", "productID", "productId", "mpn", "gtin", "gtin13", "gtin14", "gtin12", "gtin8", "isbn", "@id", "url")
_CHOICES = ("color", "size", "pattern", "material")
_FACTS = "color size pattern material mpn gtin gtin8 gtin12 gtin13 gtin14 isbn model weight width height depth".split()
_SOLD_OUT = frozenset({"outofstock", "soldout", "discontinued"})
_KNOWN = _SOLD_OUT | frozenset(
    "instock instoreonly limitedavailability onlineonly preorder presale backorder madetoorder reserved".split()
)
_LINKS = {"isRelatedTo": "related", "isSimilarTo": "similar"}
_REGULAR = frozenset({"ListPrice", "StrikethroughPrice", "MSRP", "SRP", "RegularPrice"})


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for a whole document: its nodes by `@id`, and how its prices are to be read."""

    by_id: Mapping[str, Node]
    currency: str | None
    habit: Callable[[], str] | None


def item_row(
    node: Node,
    line: int,
    path: str,
    by_id: Mapping[str, Node],
    currency: str | None,
    habit: Callable[[], str] | None = None,
) -> ItemRow:
    """A product or group in our own shape; `habit` as for `prices.price_of`.

    Raises:
        BadRowError: the first field that holds nonsense, with where it stands in the document.
    """
    try:
        return _item_row(node, line, _Around(by_id, currency, habit))
    except BadFieldError as bad:
        raise BadRowError(line, f"{path}.{bad.field}" if path else bad.field, bad.value, bad.expected) from None


def _item_row(node: Node, line: int, around: _Around) -> ItemRow:
    by_id = around.by_id
    group = "ProductGroup" in types_of(node)
    versions = (
        [v for one in many(node.get("hasVariant")) if isinstance(v := resolved(one, by_id), dict)] if group else []
    )
    first = versions[0] if versions else {}
    pictures = [p for one in (node, *versions) for p in _addresses(one.get("image"))]
    price, regular, stock = _offer(node.get("offers"), around)
    row: dict[str, Any] = {
        "id": _id_of(node, group),
        "title": _text(node.get("name", first.get("name"))),
        "description": _text(node.get("description", first.get("description"))),
        "brand": _text(node.get("brand", first.get("brand")) or node.get("manufacturer")),
        "categories": [text for one in many(node.get("category", first.get("category"))) if (text := _text(one))],
        "attributes": _attributes(node),
        "images": list(dict.fromkeys(one for one in pictures if not is_remote(one))),
        "links": {ours: found for key, ours in _LINKS.items() if (found := _ids(node.get(key), by_id))},
        "price": price,
        "list_price": regular,
        "stock": stock,
        "reviews": [_review(one, by_id) for one in many(node.get("review", node.get("reviews")))],
    }
    if isinstance(rating := resolved(_one(node.get("aggregateRating")), by_id), dict):
        row["rating"], row["rating_count"] = _stars(rating, "aggregateRating"), _rated_by(rating)
    if versions:
        names = _varied(node, versions)
        row["variants"] = [_variant(one, names, around) for one in versions]
        found = [(f"hasVariant[{at}].offers.priceCurrency", one["price"]) for at, one in enumerate(row["variants"])]
        check_currencies([("offers.priceCurrency", price), *found])
        for name in _CHOICES:
            values = {_text(one.get(name)) for one in versions}
            if name not in names and len(values) == 1 and (value := values.pop()):
                row["attributes"].setdefault(name, value)
    remote = next(((line, "image", one) for one in pictures if is_remote(one)), None)
    return ItemRow(row, line, remote=remote, names={"title": "name", "images": "image"})


def _one(value: Any) -> Any:
    return next(iter(many(value)), None)


def _text(value: Any) -> Any:
    """Text of a value that may be an object with a name, or one in several languages; what is neither stays."""
    value = _one(value)
    if isinstance(value, dict):
        if "value" in value and not value.get("name"):
            unit = value.get("unitText") or value.get("unitCode") or ""
            return f"{_text(value['value'])} {unit}".strip()
        value = value.get("name", value.get("@value", value.get("codeValue")))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _id_of(node: Node, group: bool = False) -> Any:
    for key in ("productGroupID", *_IDS) if group else _IDS:
        value = _one(node.get(key))
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
    identifier = _text(node.get("identifier"))
    if isinstance(identifier, str) and identifier:
        return identifier.rpartition(" ")[2] if isinstance(node.get("identifier"), dict) else identifier
    raise BadFieldError("sku", node.get("sku"), "an id: sku, productID, gtin, @id or url")


def _ids(value: Any, by_id: Mapping[str, Node]) -> list[str]:
    found: list[str] = []
    for one in many(value):
        node = resolved(one, by_id)
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, dict) and any(node.get(key) for key in _IDS):
            found.append(_id_of(node))
    return found


def _addresses(value: Any) -> list[str]:
    found = [
        one.get("contentUrl", one.get("url", one.get("@id"))) if isinstance(one, dict) else one for one in many(value)
    ]
    return [one.strip() for one in found if isinstance(one, str) and one.strip()]


def _attributes(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _FACTS:
        texts = [text for one in many(node.get(name)) if (text := _text(one))]
        if texts:
            found["gtin" if name.startswith("gtin") else name] = list(value_texts(texts, name))
    if condition := local(_one(node.get("itemCondition"))):
        found["condition"] = re.sub(r"Condition$", "", condition).lower()
    audience = _one(node.get("audience"))
    if isinstance(audience, dict) and isinstance(gender := audience.get("suggestedGender"), str):
        found["gender"] = local(gender).lower()
    for one in many(node.get("additionalProperty")):
        if isinstance(one, dict) and isinstance(one.get("name"), str) and one.get("value") is not None:
            unit = one.get("unitText") or ""
            texts = value_texts([_text(v) if isinstance(v, dict) else v for v in many(one["value"])], one["name"])
            found[one["name"]] = [f"{text} {unit}".strip() for text in texts]
    return found


def _offer(value: Any, around: _Around) -> tuple[Money | None, Money | None, int | None]:
    """The best price for which something can be bought, its regular price, and the stock."""
    found: list[tuple[Money | None, Money | None, int | None]] = []
    for one in many(value):
        offer = resolved(one, around.by_id)
        if not isinstance(offer, dict):
            raise BadFieldError("offers", offer, "an Offer")
        if "AggregateOffer" in types_of(offer) or "lowPrice" in offer:
            inside = [resolved(one, around.by_id) for one in many(offer.get("offers"))]
            if any(isinstance(one, dict) and "offers" in one for one in inside):  # it may be itself, without end
                raise BadFieldError("offers.offers", offer["offers"], "Offers without others inside")
            if offer.get("offers"):
                found.append(_offer(offer["offers"], replace(around, currency=around.currency or _code(offer))))
            else:
                found.append((_price(offer.get("lowPrice"), "lowPrice", offer, around), None, _stock(offer)))
        else:
            price, regular = _prices(offer, around)
            found.append((price, regular, _stock(offer)))
    if not found:
        return None, None, None
    open_ones = [one for one in found if one[2] != 0] or found
    priced = [one for one in open_ones if one[0] is not None]
    if len({one[0].currency for one in priced if one[0]}) > 1:
        raise BadFieldError("offers.priceCurrency", [str(one[0]) for one in priced], "one currency")
    return min(priced, key=lambda one: one[0].amount_minor if one[0] else 0) if priced else open_ones[0]


def _prices(offer: Node, around: _Around) -> tuple[Money | None, Money | None]:
    """What an offer costs now and its regular price; a sale above what it reduces is a fault."""
    price = _price(offer.get("price"), "price", offer, around)
    regular: Money | None = None
    sale: Money | None = None
    inside = replace(around, currency=around.currency or _code(offer))
    for one in many(offer.get("priceSpecification")):
        spec = resolved(one, around.by_id)
        if not isinstance(spec, dict):
            raise BadFieldError("offers.priceSpecification", spec, "a PriceSpecification")
        amount = _price(spec.get("price", spec.get("minPrice")), "priceSpecification.price", spec, inside)
        kind = local(spec.get("priceType"))
        if kind in _REGULAR:
            regular = amount
        elif not spec.get("validForMemberTier") and kind == "SalePrice":
            sale = amount
        elif not spec.get("validForMemberTier") and price is None:
            price = amount
    for above in (price, regular) if sale else ():
        if above and sale:
            check_reduced(sale, above, "offers.priceSpecification.price", str(sale))
    return sale or price, regular


def _code(node: Node) -> str | None:
    code = _one(node.get("priceCurrency"))
    return code.strip().upper() if isinstance(code, str) and code.strip() else None


def _price(value: Any, field: str, node: Node, around: _Around) -> Money | None:
    if (amount := _one(value)) is None:
        return None
    code = currency_of(_code(node), around.currency)
    return price_of(amount, f"offers.{field}", code, habit=around.habit)


def _stock(offer: Node) -> int | None:
    status = local(_one(offer.get("availability"))).lower().replace("_", "").replace(" ", "")
    if status and status not in _KNOWN:
        raise BadFieldError("offers.availability", offer.get("availability"), "InStock, OutOfStock or the like")
    if status in _SOLD_OUT:
        return 0
    level = _one(offer.get("inventoryLevel"))
    level = level.get("value") if isinstance(level, dict) else level
    if isinstance(level, str) and level.strip().isdigit():
        level = int(level)
    return (
        max(0, int(level))
        if isinstance(level, int | float) and not isinstance(level, bool) and abs(level) < 1e12
        else None
    )


def _number(value: Any, field: str) -> float:
    value = _one(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,12}([.,][0-9]{1,9})?\s*", value):
        value = float(value.replace(",", "."))
    return float(number_of(value, field))


def _stars(rating: Node, field: str) -> float | None:
    """Stars from 1 to 5, whatever scale was used."""
    if rating.get("ratingValue") is None:
        return None
    value = _number(rating["ratingValue"], f"{field}.ratingValue")
    best = _number(rating.get("bestRating") or 5, f"{field}.bestRating")
    worst = _number(rating.get("worstRating", 1), f"{field}.worstRating")
    if value == 0 and worst > 0:
        return None  # shops write 0 where nobody has rated
    if not worst < best or not worst <= value <= best:
        raise BadFieldError(f"{field}.ratingValue", rating["ratingValue"], f"a number from {worst:g} to {best:g}")
    return value if (worst, best) == (1, 5) else 1 + 4 * (value - worst) / (best - worst)


def _rated_by(rating: Node) -> int | None:
    """How many gave stars; None where the shop does not say."""
    given = next((rating[key] for key in ("ratingCount", "reviewCount") if rating.get(key) is not None), None)
    return None if given is None else int(_number(given, "aggregateRating.ratingCount"))


def _review(value: Any, by_id: Mapping[str, Node]) -> dict[str, Any]:
    node = resolved(value, by_id)
    if not isinstance(node, dict):
        raise BadFieldError("review", node, "a Review")
    rating = _one(node.get("reviewRating"))
    return {
        "title": _text(node.get("headline", node.get("name"))),
        "text": _text(node.get("reviewBody", node.get("description"))),
        "rating": _stars(rating, "reviewRating") if isinstance(rating, dict) else None,
        "author": _text(node.get("author")),
        "date": _text(node.get("datePublished")),
    }


def _varied(group: Node, versions: list[Any]) -> list[str]:
    """What the versions differ in: what the group says, or else what they show."""
    said = [local(one) for one in many(group.get("variesBy"))]
    said = [name for name in said if name and any(_text(one.get(name)) for one in versions)]
    shown = [name for name in _CHOICES if len({str(_text(one.get(name))) for one in versions}) > 1]
    return list(dict.fromkeys((*said, *shown)))


def _variant(node: Node, names: list[str], around: _Around) -> dict[str, Any]:
    price, _, stock = _offer(node.get("offers"), around)
    options = {name: text for name in names if (text := _text(node.get(name)))}
    return {"id": _id_of(node), "options": options, "price": price, "stock": stock}
