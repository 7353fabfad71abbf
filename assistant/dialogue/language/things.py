"""Which of the kinds of things named in a message are looked for, and which only say what for: a bag `for` boots."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.palette import AUDIENCES
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, STOP

ARTICLES = frozenset(
    """
    a an the some any my new good nice another this that these those few more other very really two three
    ein eine un une una
    """.split()
)
GOVERNORS = frozenset("for with without against mit fuer avec pour con para w".split())
BEFORE_FOR = frozenset(
    """
    look looking looked search searching searched shop shopping hunt hunting ask asking asked recommendation
    recommendations suggestion suggestions option options market go wish budget spend need have something price prices
    deal deals offer offers idea ideas except
    """.split()
)
_ADJECTIVE_ENDINGS = ("ing", "able", "ible", "proof", "ful", "less", "ish", "ive", "ous", "ed")
_CONTAINERS = frozenset(
    """
    bag box bottle jar can tin set pack case pair kit cup tube roll bunch sheet piece slice bowl glass tray basket
    """.split()
)
_OWNED = frozenset("my our his their mein meine unser unsere mon ma notre mi nuestra".split())
_OLD = frozenset("old last previous former current first broken".split())
_ELSE = frozenset("other else another andere anderen anderes".split())
_ONES = frozenset("one ones pair thing".split())
_WHOLLY = frozenset("all mostly very quite mainly entirely completely painted done so already ganz tout toute".split())
_WISHED_FOR = frozenset(
    """
    favorite favourite color colour colors colours size style choice preference taste wish budget limit brand material
    pick preferred should must ideal dream new next favori couleur farbe lieblingsfarbe
    """.split()
)
_HAS = frozenset("has have had got own owns bought gave given schon".split())
_OWNERS = frozenset("i he she they we you who already".split())
_WANTS = frozenset("but need needs want wants looking now so find show search like likes for without no not".split())
_COMPANIONS = frozenset(
    "with match matches matching replace replacing like for to of than fits fit suit suits under over on".split()
)


class Kinds:
    """Which of the kinds named are what the shopper looks for; the others only say what for."""

    def __init__(
        self,
        passage: Passage,
        cues: Cues,
        words: CatalogueWords,
        mentions: Sequence[Found[Meaning]],
        refused: Collection[int],
    ) -> None:
        self._passage, self._words, self._mentions, self._cues = passage, words, mentions, cues
        self._starts = {mention.start: number for number, mention in enumerate(mentions)}
        self.wanted: dict[int, Meaning] = {}
        last: int | None = None
        for number, mention in enumerate(mentions):
            kind = next((meaning for meaning in mention.meanings if meaning.sort == "kind"), None)
            if kind is None or number in refused or not self._is_thing(number):
                continue
            if _is_rather_a_department(kind, mention.meanings):
                continue
            link = "other" if last is None else self._link(mentions[last], mention)
            if link == "none":
                continue
            if link == "modifier" and last is not None:
                del self.wanted[last]
            self.wanted[number] = kind
            last = number
        self.values = tuple(dict.fromkeys(value for meaning in self.wanted.values() for value in meaning.values))

    def _link(self, one: Found[Meaning], other: Found[Meaning]) -> str:
        """How a further kind follows on one: as its `modifier` or an `other` wish; `none` when it is only spoken of."""
        passage = self._passage
        between = [passage.tokens[at] for at in range(one.end, other.start)]
        joins = [token for token in between if token.norm in lexicon.LIST_JOIN or token.norm in ("plus", "also")]
        if passage.same_clause(one.start, other.start) and not joins:
            plain = all((token.shape == "word" and token.norm not in STOP) or token.norm == "-" for token in between)
            return "modifier" if plain and not any(passage.claims[one.end : other.start]) else "none"
        talk = [token for token in between if token.norm in STOP and token.norm not in lexicon.LIST_JOIN | ARTICLES]
        asked = any(token.norm in ("need", "want", "looking", "also", "show", "plus", "like", "some") for token in talk)
        return "other" if not talk or asked else "none"

    def _is_thing(self, number: int) -> bool:
        mention = self._mentions[number]
        passage = self._passage
        if self._is_modifier(mention) or is_context(passage, mention.start) or _is_place(passage, mention.start):
            return False
        if passage.norm(mention.end) == "of" and passage.tokens[mention.end - 1].stem in _CONTAINERS:
            return False
        colored = any(meaning.sort == "color" for meaning in mention.meanings)
        if colored and (self._kind_follows(mention.end) or self._is_one_of_colours(number)):
            return False
        if is_owned(passage, mention.start, mention.end):
            return False
        governor = self._governor(mention.start)
        return governor is None or self._is_transparent(governor)

    def _is_one_of_colours(self, number: int) -> bool:
        """`slippers, cream or transparent`: a thing's name between the thing and another colour."""
        mention = self._mentions[number]
        following = self._starts.get(mention.end + 1)
        if following is None or not self.wanted or self._passage.norm(mention.end) not in lexicon.LIST_JOIN:
            return False
        return {meaning.sort for meaning in self._mentions[following].meanings} == {"color"}

    def _kind_follows(self, at: int) -> bool:
        number = self._starts.get(at)
        return number is not None and any(meaning.sort == "kind" for meaning in self._mentions[number].meanings)

    def _is_modifier(self, mention: Found[Meaning]) -> bool:
        """`coffee grinder`, `laptop bag`: a kind right before another noun says what for."""
        passage, at = self._passage, mention.end
        if passage.norm(at) == "-" and at < len(passage) and passage.tokens[at].glued:
            at += 1
        if at >= len(passage) or passage.claims[at] or not passage.same_clause(mention.start, at):
            return False
        if self._kind_follows(at):
            return True
        token, last = passage.tokens[at], passage.tokens[mention.end - 1]
        named = self._starts.get(at)
        described = named is not None and any(m.sort != "flag" for m in self._mentions[named].meanings)
        if described or token.shape != "word" or last.norm != last.stem:
            return False
        word = token.norm
        if word in STOP or word in GENERIC_NOUNS or word in lexicon.VAGUE or word in AUDIENCES:
            return False
        return not word.endswith(_ADJECTIVE_ENDINGS) and word not in lexicon.BUDGET_FILL and not token.is_capitalised

    def _governor(self, start: int) -> int | None:
        """The preposition the phrase hangs on, if any."""
        passage, at = self._passage, start - 1
        while at >= 0 and start - at <= 6 and passage.same_clause(at, start):
            norm = passage.norm(at)
            if norm in GOVERNORS:
                return at
            if passage.claims[at] in ("limit", "reference", "release"):
                return None
            inside = (
                norm in ARTICLES
                or norm in lexicon.VAGUE
                or norm == "-"
                or norm in ("and", "or", "&")
                or norm not in STOP
            )
            if not inside or passage.tokens[at].shape == "number":
                return None
            at -= 1
        return None

    def is_governed(self, start: int) -> bool:
        """Whether a phrase hangs on `for`, `with` and the like, and so says what for."""
        governor = self._governor(start)
        return governor is not None and not self._is_transparent(governor)

    def _is_transparent(self, governor: int) -> bool:
        """`looking for a jacket`: the preposition belongs to the verb."""
        passage = self._passage
        if passage.norm(governor) in ("with", "without", "against", "mit", "avec", "con", "w"):
            return False
        before = governor - 1
        if passage.norm(before) in ("me", "us", "you", "up"):
            before -= 1
        return before < 0 or passage.norm(before) in BEFORE_FOR or passage.claims[before] == "limit" or governor == 0


def _is_place(passage: Passage, start: int) -> bool:
    """`nights in a tent`, `at the desk`: where a thing is to serve, as against `interested in a tent`."""
    at = start - 1
    while at >= 0 and passage.norm(at) in ARTICLES:
        at -= 1
    if passage.norm(at) == "on" and passage.claims[at - 1] == "limit":
        return False  # `spend 300 on a sweater`
    governed = at < start - 1 and passage.norm(at) in ("in", "at", "on", "inside", "under", "im", "dans", "en")
    return governed and at > 0 and passage.norm(at - 1) not in ("interested", "have", "got", "is", "one", "are")


def is_context(passage: Passage, start: int) -> bool:
    """Whether the phrase speaks of what the shopper has already: `to go with my blue jacket`."""
    for at in range(start - 1, max(-1, start - 6), -1):
        if not passage.same_clause(at, start):
            return False
        if passage.norm(at) in _OWNED:
            return passage.norm(at - 1) in _COMPANIONS
        if passage.norm(at) in ("already", "own") and passage.norm(at - 1) in ("i", "have", "already", "we"):
            return True
    return False


def is_owned(passage: Passage, start: int, end: int) -> bool:
    """Whether the sentence says that somebody has the thing: `he already has boots and a tent`, `she owns a bike`."""
    sentence = passage.tokens[start].sentence
    if passage.norm(end) in ("please", "pls", "bitte", "then"):
        return False
    for at in range(start - 1, max(-1, start - 13), -1):
        word = passage.norm(at)
        if passage.tokens[at].sentence != sentence or word in _WANTS:
            return False
        if word == "already":
            return bool({passage.norm(at - 1), passage.norm(at + 1)} & _HAS)
        if word in ("own", "owns") and passage.norm(at - 1) in _OWNERS:
            return True
        if word in _HAS and passage.norm(at - 1) in _OWNERS - {"you"}:
            return "already" in (passage.norm(at - 1), passage.norm(end), passage.norm(end + 1))
    return False


def is_background(passage: Passage, start: int) -> bool:
    """Whether a look is told of what somebody has: `our kitchen is red`, as against `my favourite colour is red`."""
    at = start - 1
    while passage.norm(at) in _WHOLLY:
        at -= 1
    if passage.norm(at) not in ("is", "are", "ist", "est", "es"):
        return False
    named = range(at - 1, max(-1, at - 4), -1)
    owner = next((place for place in named if passage.norm(place) in _OWNED), None)
    if owner is None or not passage.same_clause(owner, start):
        return False
    said = {passage.norm(place) for place in range(owner + 1, at)}
    return bool(said) and not said & _WISHED_FOR


def is_past(passage: Passage, start: int) -> bool:
    """Whether a property is told of what was had before: `my old black (one)`, `it was tan`, `better than wool`."""
    if passage.norm(start - 1) in ("than", "als"):
        return passage.norm(start - 3) not in _ELSE and passage.norm(start - 2) not in _ELSE
    for at in range(start - 1, max(-1, start - 6), -1):
        if not passage.same_clause(at, start):
            return False
        word, before = passage.norm(at), passage.norm(at - 1)
        if word in ("had", "used") and (before == "always" or passage.norm(at + 1) == "to"):
            return True  # `we always had Luma`
        if word in ("was", "were") and _is_of_old(passage, at):
            return True
        if word in ("was", "were"):
            # `it would be nice if it was wool`, `it was meant to be wool`
            supposed = passage.norm(at - 2) in ("if", "wenn", "unless")
            supposed = supposed or passage.norm(at + 1) in ("supposed", "meant", "to")
            return before in ("it", "that", "they", "mine", "one", "ones") and not supposed
        if word in ("last", "old", "previous", "former") and (before in _OWNED or passage.norm(at + 1) in _ONES):
            return True
        if word in _WANTS | {"in", "and", "or", ";"}:
            return False
    return False


def _is_of_old(passage: Passage, at: int) -> bool:
    """Whether the subject before a `was` is something had before: `my old lamp was black`."""
    named = [passage.norm(place) for place in range(at - 5, at) if place >= 0 and passage.same_clause(place, at)]
    return any(one in _OWNED | {"the"} and other in _OLD for one, other in pairwise(named))


def _is_rather_a_department(kind: Meaning, meanings: Sequence[Meaning]) -> bool:
    """`kitchen`, where a department is called so and one toy is: the word means where many things are."""
    department = next((meaning for meaning in meanings if meaning.sort == "category"), None)
    return department is not None and department.weight >= 4 * max(kind.weight, 1)
