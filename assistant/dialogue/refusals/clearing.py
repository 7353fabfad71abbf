"""`Remove all restrictions except eggs`: everything is taken back but what is named."""

from collections.abc import Callable, Mapping, Sequence

from assistant.dialogue.language.passage import Passage
from assistant.nouns import Constraint
from index.filters import Condition, Op

_VERBS = frozenset(
    "remove drop forget clear delete lift ignore reset cancel scrap undo vergiss entferne losche oublie supprime "
    "enleve olvida quita elimina dimentica togli rimuovi".split()
)
_ALL = frozenset("all every everything any alle alles tous toutes tout todas todos todo tutti tutte tutto".split())
_WHAT = frozenset(
    """
    the my of those these restriction restrictions filter filters constraint constraints limit limits condition
    conditions requirement requirements wishes rules that other else einschrankungen bedingungen les restrictions
    filtres criteres restricciones filtros condiciones los las i filtri le restrizioni
    """.split()
)
_BUT = (("except", "for"), ("except",), ("but",), ("apart", "from"), ("other", "than"), ("aside", "from"), ("save",),
        ("ausser",), ("bis", "auf"), ("sauf",), ("excepto",), ("salvo",), ("menos",), ("tranne",),
        ("eccetto",))  # fmt: skip
_SAID_OF_BOTH = frozenset("is are important matter matters really that so relevant to me".split())


def cleared(
    passage: Passage, ledger: Sequence[Constraint], kept: Callable[[int, int], Sequence[str]]
) -> list[str] | None:
    """Ids of the entries taken back where the message takes back all but some; None where it says no such thing.

    Claims the words. What is looked for stays, and nothing is taken back where nobody knows what shall stay.

    Args:
        kept: the ids of the entries that the words from one token up to another speak of.
    """
    for at, token in enumerate(passage.tokens):
        if token.norm not in _VERBS or passage.norm(at + 1) not in _ALL:
            continue
        place = at + 2
        while passage.norm(place) in _WHAT:
            place += 1
        words = next((w for w in _BUT if tuple(passage.norm(place + n) for n in range(len(w))) == w), None)
        if words is None:
            continue
        begin = place + len(words)
        end = begin
        while end < len(passage) and passage.tokens[end].sentence == passage.tokens[at].sentence:
            end += 1
        stay = set(kept(begin, end))
        passage.claim(at, end if stay else begin, "release")
        if not stay:
            return []
        return [e.id for e in ledger if e.id not in stay and not _is_thing(e.condition)]
    return None


def neither(passage: Passage, nouns: Mapping[str, str]) -> list[str]:
    """`neither brand nor colour is important`: both fields; claims the words."""
    found: list[str] = []
    for at, token in enumerate(passage.tokens):
        if (
            token.norm == "neither"
            and passage.norm(at + 2) == "nor"
            and {passage.norm(at + 1), passage.norm(at + 3)} <= set(nouns)
        ):
            found += [nouns[passage.norm(at + 1)], nouns[passage.norm(at + 3)]]
            end = at + 4
            while end < len(passage) and passage.norm(end) in _SAID_OF_BOTH:
                end += 1
            passage.claim(at, end, "release")
    return found


def _is_thing(condition: Condition) -> bool:
    return condition.field in ("kind", "category") and condition.op in (Op.IN, Op.EQ)
