"""Messages put together from hand-written parts: openings, what stands before and after a noun, whole sentences.

Parts come together in ways nobody wrote down, so that a reader learns to read parts and not messages. A part is in the
training split or in the development split, never in both; none is in the test split.
"""

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from finetune import material
from finetune.material import CHOICE, SLOT, Template

SECTIONS = ("openings", "lead", "tail", "purposes", "sentences", "turns", "before", "after")
_TRAITS = frozenset("trait quality alternative trait2 quality2".split())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message with slots, and what it asks for."""

    text: str
    wishes: tuple[material.WishText, ...] = ()

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(SLOT.findall(self.text))

    @property
    def split(self) -> str:
        """The split this part belongs to."""
        told = int(hashlib.sha256(self.text.encode()).hexdigest(), 16)
        return "dev" if told % 10 == 0 else "train"


@cache
def parts() -> Mapping[str, tuple[Part, ...]]:
    """Section -> parts, of `material/clauses.txt`.

    Raises:
        ValueError: a line cannot be read; says which.
    """
    found: dict[str, list[Part]] = {}
    for number, section, line in material.sectioned(material.text_of("clauses.txt")):
        said, _, meant = line.partition(" => ")
        try:
            wishes = tuple(material.wish_in(part) for part in meant.split(";") if part.strip())
        except ValueError as error:
            raise ValueError(f"clauses.txt line {number}: {error}") from error
        if any(quote not in said for _, _, quote in wishes):
            raise ValueError(f"clauses.txt line {number}: a quote does not stand in it")
        found.setdefault(section, []).append(Part(said.strip(), wishes))
    if tuple(found) != SECTIONS:
        raise ValueError(f"clauses.txt has the sections {', '.join(found)}")
    return {name: tuple(own) for name, own in found.items()}


def composed(split: str, rng: random.Random, *, traits: bool = True) -> Template:
    """A template nobody wrote, of parts of a split; `traits` False: without fields that not every shop has."""
    own = {
        name: [part for part in section if part.split == split and (traits or not part.slots & _TRAITS)]
        for name, section in parts().items()
    }
    return _turn(own, rng) if rng.random() < 0.3 else _opening(own, rng)


def _opening(own: Mapping[str, Sequence[Part]], rng: random.Random) -> Template:
    """A message that names a thing: opening, noun, what stands around it, perhaps sentences after it."""
    taken: list[Part] = []
    leads = _some(own["lead"], rng.choice((0, 0, 1, 1, 1)), taken, rng)
    tails = _some(own["tail"], rng.choice((0, 1, 1, 2, 2, 3)), taken, rng)
    sentences = _some(own["sentences"], rng.choice((0, 0, 0, 1, 1, 2)), taken, rng)
    noun = rng.choice(("{kind}", "{kinds}"))
    if own["purposes"] and rng.random() < 0.15:
        noun += " " + rng.choice(own["purposes"]).text
    article = rng.choice(("a ", "a ", "", "one ")) if noun.startswith("{kind}") else rng.choice(("", "", "some "))
    thing = f"{article}{' '.join([*(part.text for part in leads), noun])}{_after(tails)}"
    opening = rng.choice(own["openings"]).text if own["openings"] else "{thing}"
    said = opening.replace("{thing}", thing)
    if sentences and said[-1] not in ".?!":
        said += rng.choice((".", ".", ",", " -", "..."))
    said = " ".join([said, *(part.text for part in sentences)])
    if own["before"] and rng.random() < 0.12:
        said = f"{rng.choice(own['before']).text} {said}"
    if own["after"] and rng.random() < 0.12:
        said += f"{rng.choice(('.', ',', ' -', ''))} {rng.choice(own['after']).text}"
    return _template("composed", "", said, noun, taken, rng)


def _turn(own: Mapping[str, Sequence[Part]], rng: random.Random) -> Template:
    """A later message: one or two parts alone, about the thing named before."""
    taken: list[Part] = []
    if rng.random() < 0.2:
        [sentence] = _some(own["sentences"], 1, taken, rng)
        said = sentence.text
    else:
        asking = [part for part in own["tail"] if part.wishes]
        chosen = _some(asking, rng.choice((1, 1, 1, 2)), taken, rng)
        clause = rng.choice((" and ", ", ", " ")).join(part.text.removeprefix(", ") for part in chosen)
        said = rng.choice(own["turns"] or [Part("{clause}")]).text.replace("{clause}", clause)
    before = rng.choice(("{kind}", "{kinds}", "a {kind} for {use}", "I need a {kind}", "show me {kinds}", "{kind2}"))
    return _template("composed turn", before, said, "", taken, rng)


def _some(section: Sequence[Part], number: int, taken: list[Part], rng: random.Random) -> list[Part]:
    """That many parts which speak of fields and slots that no part taken so far speaks of; `taken` grows."""
    found: list[Part] = []
    for part in rng.sample(section, len(section)):
        if len(found) == number:
            break
        if not any(_clash(part, other) for other in taken):
            found.append(part)
            taken.append(part)
    return found


def _clash(one: Part, other: Part) -> bool:
    fields = {field for field, _, _ in one.wishes} & {field for field, _, _ in other.wishes}
    return bool(fields or one.slots & other.slots)


def _after(tails: Sequence[Part]) -> str:
    return "".join(part.text if part.text.startswith(",") else f" {part.text}" for part in tails)


def _template(family: str, before: str, said: str, words: str, taken: Sequence[Part], rng: random.Random) -> Template:
    """The template, its choices made and its wishes in the order they are said in."""
    said = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), said)
    wishes = sorted((wish for part in taken for wish in part.wishes), key=lambda wish: said.find(wish[2]))
    said = re.sub(r" +", " ", said).replace(" ,", ",").strip()
    return Template(family, before, said, "search", words, tuple(wishes), (), (), fresh=True)
