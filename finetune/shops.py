"""Shops to speak of in training: the words of real catalogues, and made-up ones of many sorts."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from finetune import human_requests, material
from finetune.examples import OWN_FIELDS
from index.language.vocabulary import Vocabulary

_SYLLABLES = (
    "al bar cor den el far gal hol in jor kes lum mar nor oss pel quin ran sol tor ul ven wes xan yor zel".split()
)
_ENDINGS = ("a en is o worth field ton ex ia ley berg co".split(), ("and Sons", "Studio", "wear"))
_FLAGS = frozenset({"yes", "no"})


@dataclass(frozen=True, slots=True)
class Shop:
    """The words of one shop, real or made up."""

    kinds: tuple[str, ...]
    brands: tuple[str, ...]
    colors: tuple[str, ...]
    materials: tuple[str, ...]
    sizes: tuple[str, ...]
    attributes: Mapping[str, tuple[str, ...]]
    listed: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields a reading may name, in the order the prompt lists them."""
        return self.listed or (*OWN_FIELDS, *self.attributes)

    @property
    def traits(self) -> Mapping[str, tuple[str, ...]]:
        """The attributes whose values say what they mean without the attribute's name, each with these values."""
        told = {name: tuple(v for v in values if v.lower() not in _FLAGS) for name, values in self.attributes.items()}
        return {name: values for name, values in told.items() if len(values) > 1}


def made_shop(rng: random.Random) -> Shop:
    """A made-up shop: of one sort, of two, or of everything; its brands are made up, too.

    Some name their fields as the labels of people's requests do.
    """
    if rng.random() < 0.25:
        return _general_shop(rng)
    sorts = [_sorts()[name] for name in rng.sample(sorted(_sorts()), rng.choice((1, 1, 2)))]
    named = rng.random() < 0.3
    every = _named(sorts) if named else {name: values for sort in sorts for name, values in sort["fields"].items()}
    names = sorted(every) if named else rng.sample(sorted(every), min(len(every), rng.randint(4, 10)))
    spaced = rng.random() < 0.4
    words = material.words()["en"]
    return Shop(
        kinds=tuple(kind for sort in sorts for kind in sort["kinds"]),
        brands=tuple(_brand(rng) for _ in range(12)),
        colors=_mixed("colors", sorts, rng) + tuple(_shade(rng, words["colors"]) for _ in range(8)),
        materials=_mixed("materials", sorts, rng),
        sizes=_mixed("sizes", sorts, rng),
        attributes={name.replace("_", " ") if spaced else name: tuple(every[name]) for name in names},
        listed=human_requests.FIELDS if named else (),
    )


def shop_of(vocabulary: Vocabulary) -> Shop:
    """The words of a real catalogue, those it lacks filled up with made-up ones."""
    words = material.words()["en"]
    used = {
        name: tuple(values) for name, values in vocabulary.values.items() if re.fullmatch(r"[^\W_][\w ]{0,23}", name)
    }
    named = {"color": words["colors"], "material": words["materials"], "size": words["sizes"]}
    own = {name: used.pop(name, ()) or fallback for name, fallback in named.items()}
    return Shop(
        kinds=tuple(vocabulary.kinds) or words["kinds"],
        brands=tuple(vocabulary.brands) or ("Alder",),
        colors=own["color"],
        materials=own["material"],
        sizes=own["size"],
        attributes=dict(sorted(used.items(), key=lambda pair: -len(pair[1]))[:10]),
    )


@cache
def spare_words() -> Mapping[str, tuple[str, ...]]:
    """Lists of words that belong to no shop: adjectives, uses, people, places."""
    return {name: tuple(cast("list[str]", values)) for name, values in _file()["words"].items()}


def _general_shop(rng: random.Random) -> Shop:
    words = material.words()["en"]
    every = material.attributes()
    return Shop(
        kinds=tuple(rng.sample(words["kinds"], 40)),
        brands=tuple(_brand(rng) for _ in range(12)),
        colors=tuple(rng.sample(words["colors"], 14)),
        materials=tuple(rng.sample(words["materials"], 14)),
        sizes=words["sizes"],
        attributes={name: every[name] for name in rng.sample(sorted(every), rng.randint(3, 9))},
    )


@cache
def _file() -> dict[str, Any]:  # Any: TOML
    return tomllib.loads(material.text_of("shops.toml"))


def _sorts() -> dict[str, Any]:  # Any: TOML
    return {name: sort for name, sort in _file().items() if name not in ("words", "named")}


def _named(sorts: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:  # Any: TOML
    """The fields of the sorts under the names that the labels of people's requests use."""
    found: dict[str, list[str]] = {}
    for sort in sorts:
        for name, values in sort["fields"].items():
            if name in _file()["named"]:
                found.setdefault(_file()["named"][name], []).extend(values)
    return found


def _mixed(what: str, sorts: Sequence[Mapping[str, Any]], rng: random.Random) -> tuple[str, ...]:  # Any: TOML
    """The sorts' own words, and some of those that any shop may have."""
    common = rng.sample(material.words()["en"][what], 8)
    return tuple(dict.fromkeys([*(word for sort in sorts for word in sort[what]), *common]))


def _shade(rng: random.Random, colors: Sequence[str]) -> str:
    return f"{rng.choice(spare_words()['shades'])} {rng.choice(colors)}"


def _brand(rng: random.Random) -> str:
    if rng.random() < 0.4:
        words = spare_words()
        return f"{rng.choice(words['brand_heads'])} {rng.choice(words['brand_tails'])}"
    ending = rng.choice((*_ENDINGS[0], *_ENDINGS[1]))
    name = "".join(rng.sample(_SYLLABLES, rng.randint(1, 2))) + (f" {ending}" if ending[0].isupper() else ending)
    name = name[0].upper() + name[1:]
    return f"{name} {rng.choice(('& Co', 'Outdoor', 'Home', 'Lab'))}" if rng.random() < 0.15 else name
