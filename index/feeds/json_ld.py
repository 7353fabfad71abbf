"""JSON-LD documents -> the products in them, a variant with its group, whatever else they describe."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from index.feeds.fields import Fault

Node = Mapping[str, Any]

_PRODUCTS = frozenset("Product IndividualProduct ProductModel SomeProducts Vehicle Car Book Drug".split())
_DEPTH = 40
_AMOUNTS = frozenset({"price", "minPrice", "maxPrice", "lowPrice", "highPrice"})


def local(name: object) -> str:
    """`https://schema.org/Product`, `schema:Product` and `Product` are all `Product`."""
    return re.split(r"[/#:]", name)[-1] if isinstance(name, str) else ""


def types_of(node: Node) -> set[str]:
    """The types of a node, without their address."""
    return {local(one) for one in many(node.get("@type"))}


def is_product(node: object) -> bool:
    """Whether a value is an object that describes a product or a group of them."""
    return isinstance(node, dict) and bool(types_of(node) & (_PRODUCTS | {"ProductGroup"}))


def products(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Node]]:
    """Every product in a document with where it stands, e.g. `@graph[3]`; what belongs to a product is left to it."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from products(one, f"{path}[{at}]", depth + 1)
    elif isinstance(value, dict):
        if is_product(value):
            yield path, value
            return
        for key, one in value.items():
            if isinstance(one, dict | list):
                yield from products(one, f"{path}.{key}" if path else key, depth + 1)


def named_nodes(value: Any, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """Every object of a document that has an `@id` and says something more."""
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        if isinstance(value.get("@id"), str) and len(value) > 1:
            yield value["@id"], value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            if isinstance(one, dict | list):
                yield from named_nodes(one, depth + 1)


def grouped_products(values: list[tuple[int, Any]]) -> Iterator[tuple[int, str, Node, Mapping[str, Node]]]:
    """The products of a document as (line, path, node, nodes by `@id`); a variant goes with its group."""
    by_id: dict[str, Node] = {}
    for _, value in values:
        for name, node in named_nodes(value):
            by_id.setdefault(name, node)
    found = [(line, path, node) for line, value in values for path, node in products(value)]
    groups = {key: dict(n) for _, _, n in found if "ProductGroup" in types_of(n) for key in _group_keys(n)}
    inside = {id(resolved(one, by_id)) for _, _, n in found for one in many(n.get("hasVariant"))}
    yielded: list[tuple[int, str, Node]] = []
    for line, path, node in found:
        if id(node) in inside and "ProductGroup" not in types_of(node):
            continue
        if "ProductGroup" not in types_of(node) and (group := _group_of(node, groups)) is not None:
            group["hasVariant"] = [*many(group.get("hasVariant")), node]
            continue
        yielded.append((line, path, node))
    for line, path, node in yielded:
        whole = next((groups[key] for key in _group_keys(node) if key in groups), node)
        yield line, path, whole, by_id


def _group_keys(node: Node) -> list[str]:
    """One key, so that a group has one copy."""
    if "ProductGroup" not in types_of(node):
        return []
    return [str(node[key]) for key in ("@id", "productGroupID", "url") if node.get(key)][:1]


def _group_of(node: Node, groups: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
    for one in many(node.get("isVariantOf")):
        names = (
            [one]
            if isinstance(one, str)
            else [one.get(k) for k in ("@id", "productGroupID", "url")]
            if isinstance(one, dict)
            else []
        )
        for name in names:
            if isinstance(name, str) and name in groups:
                return groups[name]
    return None


def price_texts(values: Iterable[tuple[int, Any] | Fault]) -> Iterator[object]:
    """What stands for prices in documents, for `prices.DecimalMark`."""
    for value in values:
        if not isinstance(value, Fault):
            yield from _amounts(value[1])


def _amounts(value: Any, depth: int = 0) -> Iterator[object]:
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        yield from (one for name in _AMOUNTS & value.keys() for one in many(value[name]))
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            if isinstance(one, dict | list):
                yield from _amounts(one, depth + 1)


def many(value: Any) -> list[Any]:
    """The values of a property, which may stand alone, in a list or in a `@list`."""
    if isinstance(value, dict) and isinstance(value.get("@list", value.get("@set")), list):
        value = value.get("@list", value.get("@set"))
    return [] if value is None else value if isinstance(value, list) else [value]


def resolved(value: Any, by_id: Mapping[str, Node]) -> Any:
    """The node a mere reference points to."""
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and len(value) <= 2 and "name" not in value:
        return by_id.get(value["@id"], value)
    return value
