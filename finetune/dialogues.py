"""Conversations with gold readings, made from hand-written templates and the words of any catalogue.

    python -m finetune.dialogues --out FOLDER [--catalogue FILE]... [--count 12000] [--seed 1]

Writes train.jsonl, dev.jsonl and test.jsonl of `{"messages": [...], "reply": ..., "fields": [...], "family": ...}`.
Splits keep phrasings apart: a template is in one of them only, and so is every part that messages are put together
from (`finetune.compose`, for training and development). The test split is `material/held_out.txt`. With
`--test-catalogue FILE` it also speaks of another shop, which no other split speaks of. With `--requests FILE` the
requests that we labelled for training (`finetune.human_requests`) are learned from as well.
"""

import argparse
import hashlib
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.dialogue.reading_lines import Lines, Wish
from finetune import human_requests, material
from finetune.compose import composed
from finetune.examples import OWN_FIELDS, Example
from finetune.material import CHOICE, SLOT, Template, shape
from finetune.shops import Shop, made_shop, shop_of, spare_words
from index.language.vocabulary import Vocabulary

SPLITS = ("train", "dev", "test")

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_OPENINGS = ("hi, ", "hello, ", "hey ", "please, ", "ok, ", "so ", "well, ", "hmm, ", "excuse me, ", "good morning, ")
_CLOSINGS = (" please", ", please", " thanks", ", thank you", "!", ".", "?", " :)", ", if possible", " ok?")
_SHORT = (("you", "u"), ("please", "pls"), ("for", "4"), ("with", "w/"), ("and", "&"), ("because", "cuz"),
          ("really", "rly"), ("something", "smth"), ("thanks", "thx"), ("are", "r"), ("have", "hav"))  # fmt: skip


def split_of(template: Template) -> str:
    """The split a template belongs to: always the same one, whatever else is in the file."""
    if template.kept_for:
        return template.kept_for
    if template.fresh:
        told = hashlib.sha256(f"{template.family}|{template.before}|{template.message}".encode()).hexdigest()
        return "dev" if int(told, 16) % 12 == 0 else "train"
    part = int(hashlib.sha256(f"{template.before}|{template.message}".encode()).hexdigest(), 16) % 20
    return "dev" if part < 4 else "train"


def examples(templates: Sequence[Template], shops: Sequence[Shop], count: int, rng: random.Random) -> Iterator[Example]:
    """`count` examples: a family as often as the root of its number of templates, each of these equally often."""
    families: dict[str, list[Template]] = {}
    for template in templates:
        families.setdefault(template.family, []).append(template)
    names = sorted(families)
    weights = [len(families[name]) ** 0.5 for name in names]  # large families say more different things
    for number in range(count):
        family = rng.choices(names, weights)[0]
        yield roughened(filled(rng.choice(families[family]), shops[number % len(shops)], rng), rng)


def filled(template: Template, shop: Shop, rng: random.Random) -> Example:
    """The template with its slots filled in the words of a shop."""
    values = _values(template, shop, rng)
    spoken = dict(values)
    if template.fresh:
        values |= _more_values(shop, rng)
        spoken = values | {name: values[name].replace("_", " ") for name in ("attribute", "trait", "trait2")}

    def fill(text: str, values: Mapping[str, str] = values) -> str:
        return SLOT.sub(lambda slot: values[slot[1]], text)

    def said(text: str) -> str:
        chosen = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text) if template.fresh else text
        filled_in = fill(chosen, spoken)
        return " ".join(filled_in.split()) if template.fresh else filled_in

    wishes = tuple(Wish(fill(field), sign, fill(quote, spoken)) for field, sign, quote in template.wishes)
    places = tuple(int(fill(place)) for place in template.items)
    dropped = tuple(fill(field) for field in template.dropped)
    reading = Lines(template.intent, fill(template.words, spoken), wishes, dropped, places)
    return Example(said(template.message), said(template.before), reading, shop.fields, template.family)


def typed(example: Example, rng: random.Random) -> Example:
    """The example as people type in a hurry: without apostrophes, in short forms, with slips within what is quoted.

    What the reading quotes stays a span of the message.
    """
    message = example.message
    if rng.random() < 0.15:
        message = _kept(message, message.replace("'", "").replace("\u2019", ""), example.reading)
    if rng.random() < 0.15:
        for long, short in rng.sample(_SHORT, 4):
            message = _kept(message, re.sub(rf"\b{long}\b", short, message, count=1), example.reading)
    if rng.random() < 0.1:
        message = _kept(message, re.sub(r"[.,!?;:]+(?= |$)", "", message), example.reading)
    example = replace(example, message=message)
    return _slipped(example, rng) if rng.random() < 0.1 else example


def _kept(message: str, changed: str, reading: Lines) -> str:
    return changed if changed and all(quote in changed for quote in _quotes(reading)) else message


def _slipped(example: Example, rng: random.Random) -> Example:
    """With one longer word of one quote misspelt, in message and quote alike."""
    quotes = [quote for quote in _quotes(example.reading) if example.message.count(quote) == 1]
    words = [word for quote in quotes for word in re.findall(r"[^\W\d_]{5,}", quote)]
    chosen = [word for word in words if example.message.count(word) == 1]
    if not chosen:
        return example
    word = rng.choice(chosen)
    at = rng.randint(1, len(word) - 2)
    slip = rng.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], _swapped(word, at)))
    wishes = tuple(replace(wish, quote=wish.quote.replace(word, slip)) for wish in example.reading.wishes)
    reading = replace(example.reading, words=example.reading.words.replace(word, slip), wishes=wishes)
    return replace(example, message=example.message.replace(word, slip), reading=reading)


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def roughened(example: Example, rng: random.Random) -> Example:
    """The example as people also type it: with a greeting, in lower case, without commas, misspelt.

    What the reading quotes stays a span of the message.
    """
    message, reading = example.message, example.reading
    if reading.intent in ("search", "ask_item", "ask_policy", "compare") and rng.random() < 0.15:
        message = rng.choice(_OPENINGS) + message
    if rng.random() < 0.2 and message[-1] not in "?.!":
        message += rng.choice(_CLOSINGS)
    if rng.random() < 0.12:
        message = _misspelt(message, reading, rng)
    if rng.random() < 0.15:
        message = message[0].upper() + message[1:]
    if rng.random() < 0.3:
        reading = _cased(reading, str.lower)
        return replace(example, message=message.lower(), before=example.before.lower(), reading=reading)
    if rng.random() < 0.03:
        return replace(example, message=message.upper(), reading=_cased(reading, str.upper))
    return replace(example, message=message) if all(quote in message for quote in _quotes(reading)) else example


def _cased(reading: Lines, case: Callable[[str], str]) -> Lines:
    wishes = tuple(replace(wish, quote=case(wish.quote)) for wish in reading.wishes)
    return replace(reading, words=case(reading.words), wishes=wishes)


def _quotes(reading: Lines) -> list[str]:
    return [reading.words, *(wish.quote for wish in reading.wishes)]


def _misspelt(message: str, reading: Lines, rng: random.Random) -> str:
    """One longer word outside the quotes with two letters swapped, one left out or one doubled."""
    quoted = " ".join(_quotes(reading)).lower()
    words = [found for found in re.finditer(r"[^\W\d_]{5,}", message) if found[0].lower() not in quoted]
    if not words:
        return message
    found = rng.choice(words)
    at = found.start() + rng.randint(1, len(found[0]) - 3)
    kind = rng.randint(0, 2)
    if kind == 0:
        return message[:at] + message[at + 1] + message[at] + message[at + 2 :]
    return message[:at] + message[at + 1 :] if kind == 1 else message[:at] + message[at] + message[at:]


def _values(template: Template, shop: Shop, rng: random.Random) -> dict[str, str]:
    words = material.words()
    own = words.get(template.language, {}) if template.language != "en" else {}
    kinds = rng.sample(own.get("kinds", shop.kinds), 2)
    colors = _two(own.get("colors", shop.colors), rng)
    materials = _two(own.get("materials", shop.materials), rng)
    brands, sizes = _two(shop.brands, rng), _two(shop.sizes, rng)
    attribute = rng.choice(sorted(shop.attributes)) if shop.attributes else "weight"
    values = _two(shop.attributes.get(attribute, ("light", "heavy")), rng)
    n, m = rng.sample(range(1, 5), 2)
    low, high, price = _money(rng, template.language)
    plural = kinds[0] if own else _plural(kinds[0])
    return {
        "kind": kinds[0],
        "kind2": kinds[1],
        "kinds": plural,
        "brand": brands[0],
        "brand2": brands[1],
        "color": colors[0].lower() if rng.random() < 0.8 else colors[0],
        "color2": colors[1].lower(),
        "material": materials[0].lower(),
        "material2": materials[1].lower(),
        "size": sizes[0],
        "size2": sizes[1],
        "attribute": attribute,
        "value": values[0],
        "value2": values[1],
        "use": rng.choice(words["en"]["uses"]),
        "who": rng.choice(words["en"]["people"]),
        "stars": rng.choice(("3", "3.5", "4", "4.5", "four", "4,5")),
        "nth": _ORDINALS[n - 1],
        "mth": _ORDINALS[m - 1],
        "n": str(n),
        "m": str(m),
        "low": low,
        "high": high,
        "price": price,
    }


def _more_values(shop: Shop, rng: random.Random) -> dict[str, str]:
    """The slots that only later templates have."""
    traits = dict(shop.traits) or {"weight": ("light", "heavy")}
    trait = rng.choice(sorted(traits))
    trait2 = rng.choice([name for name in sorted(traits) if name != trait] or [trait])
    quality, alternative = _two(traits[trait], rng)
    others = [value for value in traits[trait2] if value.lower() not in (quality.lower(), alternative.lower())]
    spare = spare_words()
    uses = (*spare["uses"], *material.words()["en"]["uses"])
    use, use2 = rng.sample(uses, 2)
    adjective, adjective2 = rng.sample(spare["adjectives"], 2)
    return {
        "trait": trait,
        "quality": quality,
        "alternative": alternative,
        "trait2": trait2,
        "quality2": rng.choice(others or ["plain"]),
        "use": use,
        "use2": use2,
        "who": rng.choice((*spare["people"], *material.words()["en"]["people"])),
        "adj": adjective,
        "adj2": adjective2,
        "place": rng.choice(spare["places"]),
    }


def _two(values: Sequence[str], rng: random.Random) -> tuple[str, str]:
    first = rng.choice(values)
    others = [value for value in values if value.lower() != first.lower()]
    return first, rng.choice(others) if others else first


def _plural(noun: str) -> str:
    if noun.endswith(("s", "glasses")) and not noun.endswith("ss"):
        return noun
    if noun.endswith(("ch", "sh", "ss", "x")):
        return noun + "es"
    return noun[:-1] + "ies" if noun[-1] == "y" and noun[-2] not in "aeiou" else noun + "s"


def _money(rng: random.Random, language: str) -> tuple[str, str, str]:
    """A lower and a higher amount that share their notation, and one amount alone."""
    low = rng.choice((5, 8, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 450, 800))
    high = round(low * rng.choice((1.5, 2, 2.5, 3)))
    alone = rng.choice((low, high, rng.randint(5, 400), round(rng.uniform(5, 200), 2), rng.choice((1000, 1200, 2500))))
    bare = rng.random() < 0.3
    notation = "{}" if bare else rng.choice(_NOTATIONS if language == "en" else _NOTATIONS_ABROAD)
    both = notation if rng.random() < 0.4 else "{}"
    return both.format(low), notation.format(high), notation.format(_amount(alone, rng))


_NOTATIONS = (
    "{} euros", "{} euro", "€{}", "{}€", "{} €", "EUR {}", "{} EUR", "${}", "{} dollars", "{} bucks", "$ {}", "£{}",
    "{} pounds", "{} quid", "{} USD", "{} GBP",
)  # fmt: skip
_NOTATIONS_ABROAD = ("{} Euro", "{}€", "{} €", "{} euros", "EUR {}", "{} EUR")


def _amount(amount: float, rng: random.Random) -> str:
    if amount == int(amount):
        return f"{int(amount):,}" if amount >= 1000 and rng.random() < 0.5 else str(int(amount))
    return f"{amount:.2f}"


def write(
    out: Path,
    shops: Sequence[Shop],
    test_shops: Sequence[Shop],
    count: int,
    seed: int,
    more: Sequence[Example] = (),
    put_together: int = 0,
) -> dict[str, int]:
    """Write the three splits into `out`; how many examples each holds. The same arguments give the same bytes.

    Args:
        more: examples to train on beside those from templates.
        put_together: how many messages composed of parts to train on beside those; a twentieth to watch on.
    """
    out.mkdir(parents=True, exist_ok=True)
    sizes: dict[str, int] = {}
    for split in SPLITS:
        rng = random.Random(f"{seed} {split}")
        chosen = [template for template in material.templates() if split_of(template) == split]
        wanted = count if split == "train" else max(200, count // 20)
        known: set[str] = set()
        with (out / f"{split}.jsonl").open("w", encoding="utf-8") as file:
            made = examples(chosen, test_shops if split == "test" else shops, wanted, rng)
            others = () if split == "test" else _others(split, shops, put_together, rng)
            for example in itertools.chain(made, others, more if split == "train" else ()):
                if split == "train":
                    example = typed(example, rng)
                key = f"{example.before}|{example.message}|{','.join(example.fields)}"
                if key not in known:
                    known.add(key)
                    file.write(json.dumps(example.record(), ensure_ascii=False) + "\n")
        sizes[split] = len(known)
    return sizes


def _others(split: str, shops: Sequence[Shop], count: int, rng: random.Random) -> Iterator[Example]:
    """Messages composed of the parts of a split, but those that happen to be phrased as one of the test split is."""
    kept_apart = {shape(template.message) for template in material.templates() if split_of(template) == "test"}
    for number in range(count if split == "train" else count // 20):
        shop = shops[number % len(shops)]
        template = composed(split, rng, traits=bool(shop.traits))
        while shape(template.message) in kept_apart:
            template = composed(split, rng, traits=bool(shop.traits))
        yield roughened(filled(template, shop, rng), rng)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, action="append", default=[], help="a catalogue whose words are used")
    parser.add_argument("--test-catalogue", type=Path, help="a catalogue that only the test split speaks of")
    parser.add_argument("--count", type=int, default=12_000, help="examples to train on")
    parser.add_argument("--put-together", type=int, default=8_000, help="messages composed of parts beside those")
    parser.add_argument("--requests", type=Path, help="the requests that finetune/material/human_requests.txt labels")
    parser.add_argument("--repeats", type=int, default=6, help="how often each of those is said, never twice alike")
    parser.add_argument("--made-shops", type=int, default=300, help="made-up shops beside the catalogues")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(f"{args.seed} shops")
    shops = [shop_of(_vocabulary(path)) for path in args.catalogue]
    shops += [made_shop(rng) for _ in range(args.made_shops)]
    rng.shuffle(shops)
    test_shops = [shop_of(_vocabulary(args.test_catalogue))] if args.test_catalogue else shops
    more = tuple(repeated(args.requests, args.repeats, rng)) if args.requests else ()
    for split, size in write(args.out, shops, test_shops, args.count, args.seed, more, args.put_together).items():
        print(f"{split}: {size} examples")


def repeated(requests: Path, repeats: int, rng: random.Random) -> Iterator[Example]:
    """People's requests, roughened, each time with the fields in another order; the orders are few, as examples that
    begin alike are packed together."""
    others = human_requests.FIELDS[len(OWN_FIELDS) :]
    for _ in range(repeats):
        fields = (*OWN_FIELDS, *rng.sample(others, len(others)))
        for example in human_requests.examples(requests, "train"):
            yield roughened(replace(example, fields=fields), rng)


def _vocabulary(path: Path) -> Vocabulary:
    from index.columns import Columns
    from index.feeds.jsonl import read_items
    from index.language.vocabulary import vocabulary_of

    items = read_items(path, on_bad_row="skip").items
    return vocabulary_of(items, Columns(items))


if __name__ == "__main__":
    main()
