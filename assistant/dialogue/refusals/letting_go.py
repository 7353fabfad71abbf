"""Wishes let go of in whatever words: a field or value held before, and beside it a verb of dropping or a shrug.

`chuck out the brand`, `the stars were a silly idea, unset those`, `keep the price, the other two can go`, `all of it
stands bar the colour`. Only what the ledger holds can be let go, so that no new wish is lost to it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.language.passage import Passage
from assistant.nouns import Constraint
from index.filters import NEGATIVE

_MORE_NOUNS = {
    "price": "expense expenses geld dinero argent soldi amount spend",
    "brand": "mark brnd labels",
    "color": "col colr hue tint coulor coulour",
    "size": "sz sizing",
    "rating": "star score scores sterne etoiles notes estrellas valoraciones opiniones stelle recensioni sars strs",
    "material": "stoff matiere matieres tessuto tela",
}
_PHRASES = {
    ("made", "of"): "material", ("made", "from"): "material", ("made", "out"): "material", ("who", "makes"): "brand",
    ("who", "made"): "brand", ("from", "whom"): "brand", ("how", "much"): "price", ("it", "cost"): "price",
    ("it", "costs"): "price", ("can", "cost"): "price", ("how", "pricey"): "price", ("as", "pricey"): "price",
    ("as", "expensive"): "price", ("spend", "away"): "price", ("how", "expensive"): "price",
    ("what", "colour"): "color", ("from", "anybody"): "brand",
}  # fmt: skip
"""Two words that name a field as its noun does."""
_VERBS = r"""
    forget|ignore|scrap|drop(?!\s(?:by|in|off|me|it\sin))|lose|ditch|chuck|bin|unset|waived?|disregard|dump|scratch
    |erase
    |delete|remove|clear|lift|relax|loosen|widen|broaden|undo|cancel|axe|scarp|toss|forgo|abandon|let\sgo|go\swithout
    |(?:can|could|may|might|to)\sgo\b(?!\s(?:up|to|as|in|into|with))|let\s(?:\w+\s){1,4}go|give\sup
    |(?:do|live)\swithout|put\saway|(?:take|leave|throw|cut|strike|sack)\s(?:\w+\s){0,4}(?:out|off|aside|away|open|back)
    |stop\s(?:fretting|worrying|bothering|caring|filtering|looking)|worrying|never\s?mind|(?:hang|f|sod|stuff
    |screw)\sthe
    |blow\sthe|uncap|unlimit|spare\sno|spend\saway|(?:not|stop)\s(?:limit|restrict|filter|insist)\w*|done\s(?:insisting
    |with\sinsisting)
    |(?:look|go)\sbeyond|open\s(?:it\s|things\s)?up|(?:neednt|need\snot|not\sneed|nt\sneed|doesnt\shave|does\snot\shave
    |doesnt\sneed)
    |to\shell\swith|who\scares|i\snever\s(?:mentioned|said)|no\s(?:need|point)\s(?:to|in)|not\slook|compromise\son
"""
_SHRUGS = r"""
    irrelevant|unimportant|damned|agnostic|no\s(?:part|role|preference|limit|cap)|not\s(?:loyal|devoted|faithful
    |necessarily)
    |(?:settle\sfor|live\swith|(?:can|could|may|might)\s(?:also\s)?be(?:\s(?:from|by|of|in))?|open\sto)\s(?:another
    |other|any|a\sdifferent)
    |(?:what|whatever)\sit\s(?:wants|costs|likes|takes)|as\s(?:pricey|expensive|dear)\sas|wide\sopen|open$
    |whatever(?!\s(?:you|happens|else))|whichever|insignificant|immaterial|moot|no\slonger|any\s?more
    |any\slonger|(?:not|isnt|arent|wasnt|no|nt)\s(?:\w+\s){0,2}(?:matters?|important|imortant|must|dealbreaker|essential
        |issue|fussed|fussy|picky|strict|bothered|married|wedded|tied|attached|set\son|glued|precious|requirement
        |problem
        |object|odds|difference|concern|priority|barrier|obstacle|factor)
    |(?:doesnt|dont|does\snot|do\snot|didnt|neither|nor)\s(?:\w+\s){0,5}(?:matters?|bothers?|care(?!\sfor)|mind|count)
    |idc|couldnt\scare|(?:is|are|be|im|am|left|stays?|leave\sit)\s(?:(?:wide|both|now|all|quite)\s)*(?:open|free|flexible|negotiable|optional
        |secondary|indifferent|equal|easy)|up\sfor\sgrabs|off\sthe\stable|all\sthe\ssame|means?\snothing
    |(?:too|being)\s(?:strict|picky)|surprise\sme|as\syou\splease|be\swhat\sit\s(?:may|is|likes)
    |(?:consider|accept|try|open\sto|happy\swith|fine\swith)\s(?:\w+\s){0,2}(?:other|any|different|every|all)
    |(?:any|anything)\s(?:\w+\s)?(?:will\sdo|goes|welcome|works)|was\sa\s(?:luxury|whim|joke)|(?:stupid|silly|bad
    |daft)\sidea
"""
_ABROAD = r"""
    vergiss|vergessen|streich\w*|schnuppe|wurscht|wurst|egal|nicht\sso\s(?:streng|wichtig)|spielt\skeine
    |oublie\w*|laisse\w*\stomber|men\sfiche|m\sen\sfiche|tant\spis|plus\sd\simportance|plus\sdimportance|peu\simporte
    |retire\w*|enleve\w*|borra\w*|olvida\w*|quita\w*|deja\w*\s(?:abierta|abierto|libre)|da\sigual|no\shace\sfalta|ya\sno
    |indifferente|togli\w*|lascia\w*\sperdere|non\s(?:mi\s|ti\s)?(?:importa|preocc?up\w+|interessa|conta)
    |anche\saltr\w+|dimentica\w*
"""
_LOOSE = re.compile(rf"\b(?:{_VERBS}|{_SHRUGS}|{_ABROAD})\b", re.VERBOSE)
"""A verb of dropping, or a shrug."""
_BARE_SHRUG = re.compile(r"\b(?:care|idc|whatever|fiche|schnuppe|egal|tomber|perdere|mind|surprise me|matter|open)\b")
"""What lets go of what was named right before it: `the brand, I don't care`."""
_PRONOUN = re.compile(r"\b(?:it|that|them|those|this|these|requirement|condition|filter|es|ca|lo|la|quello)\b")
_AGAIN = re.compile(
    r"""\b(?:back\sin|allowed\sback
    |(?:show|include|allow|offer|consider|list|bring|have|add|let|accept|in|is|are|s|fine|ok
    |okay)\b(?:\s\w+){0,5}\sagain
    |(?:is|are|s)\s(?:ok|okay|fine|allowed|welcome|good)\b(?:\s\w+){0,2}\s(?:now|after\sall)
    |(?:lift|drop|end|remove)\s(?:\w+\s){0,2}(?:ban|rule|restriction|embargo|boycott)|turned\sout\sto\sbe\s(?:nothing
    |wrong|fine)
    |peace\swith|forgiven?|im\sover\sit|changed\smy\smind|put\s(?:\w+\s)?back|bring\s(?:\w+\s)?back)\b""",
    re.VERBOSE,
)
"""What was refused is let in again."""
_KEEP = re.compile(
    r"\b(?:keeps?|stays?|sticks?(?: to)?|stands?|holds?|hang on|leave|remains?|hold on|maintain|as it is|put|bleibt)\b"
)
_ALL = re.compile(r"\b(?:all|everything|rest|others|lot)\b")
_BUT_FOR = frozenset("except bar but save apart excluding besides minus barring".split())
_OTHERS = re.compile(
    r"\b(?:the|all)\s(?:others?|rest|remaining)(?:\s(?:one|two|three|ones|bits|things))?\b|\beverything\selse\b"
)
_DENIED = re.compile(r"\b(?:dont|do not|never|cant|cannot|must not|mustnt|wont|not)\s(?:you\s|ever\s|please\s)?$")
_NOES = re.compile(r"\b(?:dont|never|not|no|nicht|cant|wont|nor)\b")
_MOST_TOKENS = 60


@dataclass(frozen=True, slots=True)
class _Clause:
    """Tokens of one clause with its words, and the ledger entries it speaks of."""

    places: tuple[int, ...]
    text: str
    ids: tuple[str, ...]
    said: tuple[int, ...]


def let_go(
    passage: Passage,
    ledger: Sequence[Constraint],
    nouns: Mapping[str, str],
    concerns: Callable[[Constraint, str], bool],
    values: Callable[[int, int], Sequence[str]],
) -> tuple[list[str], bool]:
    """Ids of the entries let go of, and whether the message speaks of letting go at all. Claims the words.

    Args:
        nouns: a noun -> the field it names.
        concerns: whether an entry of the ledger is about a field.
        values: ids of the entries whose value stands at tokens [start, end).
    """
    if not ledger or len(passage) > _MOST_TOKENS:
        return [], False
    names = dict(nouns) | {noun: field for field, said in _MORE_NOUNS.items() for noun in said.split()}
    clauses = [_clause(passage, places, ledger, names, concerns, values) for places in _places(passage)]
    refused = {entry.id for entry in ledger if entry.condition.op in NEGATIVE}
    everything = [entry.id for entry in ledger if entry.condition.field not in ("kind", "category")]
    gone: list[str] = []
    last: _Clause | None = None
    kept: set[str] = set()
    for clause in clauses:
        excepted = _all_but(passage, clause, everything)
        if excepted is not None:
            gone += excepted
            _claim(passage, clause)
            continue
        loose = _says(_LOOSE, clause)
        again = _AGAIN.search(clause.text) is not None and not _NOES.search(clause.text)
        if loose and _OTHERS.search(clause.text) and kept:
            gone += [each for each in everything if each not in kept]
            _claim(passage, clause)
            continue
        if clause.ids and _KEEP.search(clause.text) and not loose:
            kept |= set(clause.ids)
        meant = clause.ids
        pointed = _PRONOUN.search(clause.text) or (loose and _BARE_SHRUG.search(clause.text))
        offered = last is not None and re.search(r"\b(?:or|oder|ou)\b", last.text)  # `red or blue, I don't care`
        if not meant and last is not None and not offered and pointed and (loose or again):
            meant = last.ids
        taken = [each for each in meant if (again if each in refused and not _names(clause, meant) else loose) or
                 (again and each in refused)]  # fmt: skip
        if taken:
            gone += taken
            _claim(passage, clause)
            if meant is not clause.ids and last is not None:
                _claim(passage, last)
        if clause.ids:
            last = clause
    return list(dict.fromkeys(gone)), bool(gone)


def _names(clause: _Clause, meant: Sequence[str]) -> bool:
    return bool(clause.said) and bool(meant)


def _says(pattern: re.Pattern[str], clause: _Clause) -> bool:
    """Whether the clause says so, and is not told not to: `don't drop the brand`."""
    return any(not _DENIED.search(clause.text[: found.start()]) for found in pattern.finditer(clause.text))


def _places(passage: Passage) -> list[tuple[int, ...]]:
    runs: dict[int, list[int]] = {}
    for at, token in enumerate(passage.tokens):
        if token.shape != "symbol":
            runs.setdefault(token.clause, []).append(at)
    return [tuple(run) for run in runs.values()]


def _clause(
    passage: Passage,
    places: tuple[int, ...],
    ledger: Sequence[Constraint],
    names: Mapping[str, str],
    concerns: Callable[[Constraint, str], bool],
    values: Callable[[int, int], Sequence[str]],
) -> _Clause:
    fields = [(at, names[passage.norm(at)]) for at in places if passage.norm(at) in names and not passage.claims[at]]
    pairs = ((at, _PHRASES.get((passage.norm(at), passage.norm(at + 1)))) for at in places if not passage.claims[at])
    fields += [(at, field) for at, field in pairs if field is not None]
    ids = [entry.id for _, field in fields for entry in ledger if concerns(entry, field)]
    ids += values(places[0], places[-1] + 1)
    said = [at for at, field in fields if any(concerns(entry, field) for entry in ledger)]
    text = " ".join(passage.norm(at) for at in places)
    return _Clause(places, text, tuple(dict.fromkeys(ids)), tuple(said))


def _all_but(passage: Passage, clause: _Clause, everything: Sequence[str]) -> list[str] | None:
    """`all of that still holds bar the brand`: what is named behind the `bar` goes, the rest stays."""
    cut = next((at for at in clause.places if passage.norm(at) in _BUT_FOR), None)
    if cut is None or not clause.ids or not _KEEP.search(clause.text) or not _ALL.search(clause.text):
        return None
    return [each for each in clause.ids if each in everything]


def _claim(passage: Passage, clause: _Clause) -> None:
    """Claim the clause, without the numbers in it: they may be a new limit."""
    passage.claim_all(
        (at for at in clause.places if passage.tokens[at].shape == "word" and not passage.claims[at]), "release"
    )
