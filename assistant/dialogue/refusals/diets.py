"""What people are, said in place of what they refuse: `I'm vegan`, `vegetarian snacks`, `we are coeliac`, `halal`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.abroad import ABROAD
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.refusals.hedges import hedged
from index.filters import Condition, Op, of_values
from index.language.families import family_of
from index.language.words import stem

_REFUSING: dict[str, tuple[str, ...]] = {
    "vegan vegans vegane veganer veganes veganen vegano vegana vegani vegetalien vegetalienne": ("animal products",),
    "vegetarian vegetarians veggie vegetarier vegetarierin vegetarisch vegetarische vegetarien vegetarienne "
    "vegetariano vegetariana": ("meat and fish",),
    "pescatarian pescetarian": ("meat",),
    "halal": ("pork", "alcohol"),
    "kosher koscher": ("pork", "shellfish"),
}
_REFUSED = {word: values for words, values in _REFUSING.items() for word in words.split()}
_COELIAC = frozenset("coeliac celiac coeliacs celiacs zoliakie coeliaque celiaco celiaca".split())
_COMPOUND = re.compile(
    r"(\w{2,12}?)(?:frei|freie|freier|freies|allergie|allergiker|allergikerin|intolerant|intoleranz|unvertraglichkeit)"
)
"""German says in one word what it refuses: `glutenfrei`, `laktoseintolerant`."""
_IMITATED = frozenset("leather suede fur silk wool down cashmere nubuck".split())
_WRITTEN = frozenset("cookbook cookbooks book books recipe recipes magazine guide".split())
_REACH = 4
_LEAST_STEM = 3


@dataclass(frozen=True, slots=True)
class Diet:
    """A condition on the whole record, with the tokens it was read from."""

    condition: Condition
    soft: bool
    start: int
    end: int


def read_diets(passage: Passage, cues: Cues, words: CatalogueWords) -> list[Diet]:
    """What a way of eating refuses, where the catalogue has no field that says who may eat what.

    Claims nothing but `coeliac`: `vegan` stays a word to search by, which items that say so are found with.
    """
    found: list[Diet] = []
    for at, token in enumerate(passage.tokens):
        if passage.claims[at] or not _is_diet(token.norm) or _is_denied(passage, cues, at):
            continue
        if token.norm in _COELIAC:
            known = [one for one in words.table.get(("gluten", "free")) if one.sort in ("value", "flag")]
            condition = (
                Condition(known[0].field, Op.EQ, known[0].values[0])
                if known
                else Condition("text", Op.EQ, "gluten free")
            )
            passage.claim(at, at + 1, "wish")
        elif (compound := _COMPOUND.fullmatch(token.norm)) and (what := _eaten(compound[1]) or _touched(token.norm)):
            condition = Condition("text", Op.NE, what)
            passage.claim(at, at + 1, "refused")
        elif token.norm in _REFUSED and not _is_of_no_food(passage, at):
            condition = of_values("text", _REFUSED[token.norm], refused=True)
        else:
            continue
        found.append(Diet(condition, hedged(passage, cues, at, at + 1, (at,)), at, at + 1))
    return found


def _eaten(word: str) -> str:
    """The food of a German compound, without the joint of its two words: `Nuss`, `Laktose`, `Milch`."""
    return next(
        (form for form in (word, word.removesuffix("s"), word.removesuffix("en")) if family_of((stem(form),))), ""
    )


def _touched(word: str) -> str:
    """What else is refused of an allergy in one word: `Wollallergie`, `Nickelallergiker`."""
    begin = word.find("allergi")
    if begin < _LEAST_STEM:
        return ""
    cut = word[:begin].removesuffix("s")
    return next((ABROAD[form] for form in (cut, f"{cut}e", f"{cut}en", f"{cut}er") if form in ABROAD), cut)


def _is_diet(word: str) -> bool:
    return word in _REFUSED or word in _COELIAC or _COMPOUND.fullmatch(word) is not None


def _is_of_no_food(passage: Passage, at: int) -> bool:
    """`vegan leather` imitates leather, a `vegan cookbook` is paper."""
    following: Sequence[str] = [passage.norm(place) for place in range(at + 1, at + 3)]
    if following[0] == "-":
        following = following[1:]
    return following[0] in _IMITATED or bool(set(following) & _WRITTEN)


def _is_denied(passage: Passage, cues: Cues, at: int) -> bool:
    """`not vegan`, `it doesn't have to be vegan`."""
    spans = (*cues.get("need_not", ()), *cues.get("release_before", ()))
    if any(end <= at <= end + _REACH and passage.same_clause(start, at) for start, end in spans):
        return True
    near = range(max(0, at - _REACH), at)
    return any(passage.norm(place) in lexicon.NOT and passage.same_clause(place, at) for place in near)
