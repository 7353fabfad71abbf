"""What a message is for, told by rules: search, more, a question about an item or a policy, a comparison ..."""

from collections.abc import Sequence
from itertools import pairwise

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import POLICY_WORDS, QUESTION_STARTS, RELEASE_FIELDS, STOP, is_question_start
from assistant.dialogue.references import Reference
from assistant.nouns import Intent

_TELL = frozenset({"tell", "describe", "explain", "details", "info", "information"})
_TALK = frozenset(
    "hi hello hey hallo hola bonjour well so and ok okay oh um hm hmm but thanks great good morning afternoon evening "
    "excuse me please".split()
)
_AGAINST = frozenset(
    """
    vs versus against next separates different differ differs beat beats compared compare torn choose decide better
    """.split()
)
_ORDERED, _ORDERER = frozenset({"ordered", "bought", "received", "purchased"}), frozenset({"i", "we", "ive", "weve"})
_SWAPPED, _IT = frozenset({"swap", "exchange", "return", "replace"}), frozenset({"it", "this", "that", "them", "these"})
_TAGS = frozenset("ok okay alright right please yes".split())
"""Words that make a question of nothing: `in blue, ok?`."""
_FIELD_NOUNS = frozenset(
    noun
    for field in ("size", "color", "price", "material", "brand", "rating")
    for noun in RELEASE_FIELDS[field].split()
)
_BE = frozenset("is are does do was were has have can could will would did".split())
_ASKING = frozenset(
    "want need looking search show find recommend recommendation recommendations suggest suggestion suggestions "
    "something surprise buy gift gifts present presents inspire idea ideas inspiration".split()
)
_PAYS = frozenset("pay payer pagar bezahlen pagare zahlen payment".split())
_THINGS_SHOWN = frozenset("it they these those this that them".split())
_MORE = frozenset("more next others mehr weiter weitere suivant suivants encore siguiente siguientes".split())
_MORE_FILL = frozenset("please pls ok okay and now then show me the ones one some any bitte svp por favor".split())
_LIKERS = frozenset("i we they he she you id would dont really much also do does looks look quite rather".split())
_LIKING = frozenset(
    """
    take buy order like love choose good great perfect nice fine want pick have get purchase cart add cool okay ok best
    prefer
    """.split()
)


class Situation:
    """All that intents are told by, for one message."""

    def __init__(
        self,
        passage: Passage,
        cues: Cues,
        references: Sequence[Reference],
        *,
        has_shelf: bool,
        has_kind: bool,
        has_limits: bool,
        has_wishes: bool,
        compares: bool,
        releases: bool,
        field_words: frozenset[str],
    ) -> None:
        self.passage, self.cues, self.references = passage, cues, references
        self.has_shelf, self.has_kind, self.has_limits, self.has_wishes = has_shelf, has_kind, has_limits, has_wishes
        self.compares, self.releases, self.field_words = compares, releases, field_words
        self.strong = [reference for reference in references if not reference.weak]
        self.weak = [reference for reference in references if reference.weak]
        self.first = self._first_word()
        self.asks_shop = bool(cues.get("shop_asks"))
        self.is_question = self._is_question()

    def _first_word(self) -> str:
        for token in self.passage.tokens:
            if token.shape != "symbol" and token.norm not in _TALK:
                asks = is_question_start(token.norm, token.raw) or token.norm not in QUESTION_STARTS
                return token.norm if asks else ""
        return ""

    def _is_question(self) -> bool:
        marked = self._is_marked()
        return marked or (self.first in QUESTION_STARTS and not (self.releases and not self.strong))

    def _is_marked(self) -> bool:
        """Whether a question mark stands anywhere but after `ok?` or after what takes a wish back."""
        norm = self.passage.norm
        marks = [at for at, token in enumerate(self.passage.tokens) if token.norm in ("?", "\uff1f")]
        asked = [at for at in marks if norm(at - 1) not in _TAGS and norm(at - 1) != "?"]
        return bool(asked) and not (self.releases and not (self.strong or self.asks_shop))

    def intent(self) -> Intent:
        """The best guess; `search` when in doubt and there is anything to search by."""
        if self.cues.get("fresh_start"):
            return "search" if self.has_kind or self.has_limits or self.has_wishes else "release"
        asked = self.has_kind or self.has_limits or self.has_wishes
        if self.cues.get("out_of_scope") and (not asked or self.first in ("write", "translate", "sing")):
            return "other"
        if self._is_policy():
            return "ask_policy"
        if self._is_comparison():
            return "compare"
        if self._is_about_items():
            return "ask_item"
        if self.has_limits or self.has_kind or self.has_wishes:
            but = any(token.norm == "but" for token in self.passage.tokens)
            changed = self._asks_for_similar() and (but or self.has_wishes)
            return "more" if self._wants_more() and self.strong and not (self.has_kind or changed) else "search"
        if self.releases:
            return "release"
        if self._wants_more():
            return "more"
        return self._chat()

    def _asks_for_similar(self) -> bool:
        """`like the second`, `something similar to it`: as against `I like the second`."""
        norm = self.passage.norm
        return any(
            (norm(at - 1) == "like" and norm(at - 2) not in _LIKERS)
            or (norm(at - 1) == "to" and norm(at - 2) in ("similar", "close", "comparable"))
            for at in (reference.start for reference in self.strong)
        )

    def _says_only_more(self) -> bool:
        words = {token.norm for token in self.passage.tokens if token.shape != "symbol"}
        return bool(words & _MORE) and words <= _MORE | _MORE_FILL

    def _wants_more(self) -> bool:
        if self._says_only_more() or self._asks_for_similar():
            return True
        spans = self.cues.get("more", ())
        if not spans or self.strong:
            return bool(spans)
        covered = {
            at
            for label in ("more", "greet", "thanks", "harmless", "shop_asks")
            for span in self.cues.get(label, ())
            for at in range(*span)
        }
        rest = [
            at for at, token in enumerate(self.passage.tokens)
            if at not in covered and token.shape == "word" and token.norm not in STOP and not self.passage.claims[at]
        ]  # fmt: skip
        return len(rest) < 2

    def _is_policy(self) -> bool:
        passage = self.passage
        named = [
            at
            for at, token in enumerate(passage.tokens)
            if token.norm in POLICY_WORDS and not passage.claims[at] and not self._is_qualified(at)
        ]
        phrases = [
            span for span in self.cues.get("policy", ()) if not set(passage.claims[span[0] : span[1]]) - {"", "wish"}
        ]
        if self.cues.get("complaint") or self._is_about_an_order():
            return True
        if not named and not phrases:
            return False
        if self.strong and any(passage.norm(at) in self.field_words for at in named):
            return False
        if (self.has_limits or self.has_wishes) and not phrases:
            named = [at for at in named if not self._is_said_of_a_wish(at)]
            if not named:
                return False
        if self.releases and not self.is_question:
            return False
        if any(self._is_asked_of(at) for at in named):
            return True
        if (self.has_kind or self.has_limits) and (self.asks_shop or not self.is_question):
            return False
        return self.is_question or not self.has_wishes

    def _is_about_an_order(self) -> bool:
        """`the jacket I ordered is too small, can I swap it?`: of a thing bought before, and what becomes of it."""
        norms = [token.norm for token in self.passage.tokens]
        ordered = any(norm in _ORDERED and norms[at - 1] in _ORDERER for at, norm in enumerate(norms) if at)
        swapped = any(one in _SWAPPED and other in _IT for one, other in pairwise(norms))
        return ordered and swapped and self._is_marked()

    def _is_asked_of(self, at: int) -> bool:
        """`is there a warranty on boots?`: the shop is asked for the policy itself."""
        while self.passage.norm(at - 1) in ("a", "an", "any", "the", "free"):
            at -= 1
        return any(end == at for _, end in self.cues.get("shop_asks", ()))

    def _is_said_of_a_wish(self, at: int) -> bool:
        """`the most I'd pay`, `I want it guaranteed`: a word of policy that goes with what is wished for."""
        word = self.passage.norm(at)
        return (word in _PAYS and self.has_limits) or (word == "guaranteed" and self.first not in ("is", "are"))

    def _is_qualified(self, at: int) -> bool:
        """`return to`, `exchange rate`: a policy word in another sense."""
        return self.passage.norm(at) in ("return", "contact") and self.passage.norm(at + 1) in ("to", "lens", "lenses")

    def _is_comparison(self) -> bool:
        if not self.has_shelf or self.has_kind or self.compares:
            return False
        if self.cues.get("compare") and not self.has_limits:
            preferred = self.has_wishes and not self.strong and not self.is_question  # `coral is better than cream`
            return not preferred
        against = any(token.norm in _AGAINST for token in self.passage.tokens)
        if len(self.strong) >= 2 and against and not self.has_limits and not self.has_wishes:
            return True
        return (
            self.is_question
            and len(self.strong) >= 2
            and any(token.norm in ("or", "oder", "ou", "better") for token in self.passage.tokens)
        )

    def _is_about_items(self) -> bool:
        if not self.has_shelf or self.compares:
            return False
        telling = any(token.norm in _TELL for token in self.passage.tokens) and (self.strong or self.weak)
        if telling and not self.has_kind and not self.has_limits:
            return True
        if self._wants_more() or not self.is_question or (self.cues.get("release_before") and self.releases):
            return False
        if self.strong:
            return not (self.asks_shop and self._asks_for_like()) and not self._asks_for_variant()
        asked_of_it = self.has_kind and self._opens_on_pronoun() and "possible" not in self._norms()  # `is it wood?`
        if self.asks_shop or (self.has_kind and not asked_of_it):
            return False
        if self.weak:
            if (self.has_wishes or self.has_limits) and (self._is_told() or self._asks_to_be_so()):
                return False
            if self.first not in QUESTION_STARTS and self._asks_for_variant():
                return False
            return not (self.has_limits and not self._opens_on_pronoun())
        return self._asks_which()

    def _norms(self) -> list[str]:
        return [token.norm for token in self.passage.tokens]

    def _asks_for_variant(self) -> bool:
        """`the second one, but in M?`, `could I get the first in blue?`; not `is the first available in blue?`."""
        norms = [token.norm for token in self.passage.tokens]
        led = any(word in ("in", "but", "size") for word in norms)
        wanted = self.first in ("can", "could", "may") and bool({"i", "we"} & set(norms[:4]))
        return self.has_wishes and led and (wanted or self.first not in QUESTION_STARTS or "but" in norms)

    def _asks_for_like(self) -> bool:
        return any(token.norm in ("like", "similar", "cheaper", "instead") for token in self.passage.tokens)

    def _is_told(self) -> bool:
        """`I'd lean towards oak, I won't cry about it?`: a statement with a question mark at its end."""
        return self.first in ("i", "id", "ill", "im", "we", "wed", "make", "mk", "boring", "nothing", "min", "max")

    def _asks_to_be_so(self) -> bool:
        """`could they also be coral?`, `make it lavender?`: another wish, put as a question."""
        norms = [token.norm for token in self.passage.tokens if token.shape != "symbol"]
        made = any(word in ("make", "mk", "turn") and then in _THINGS_SHOWN for word, then in pairwise(norms))
        could = any(
            word in ("could", "can", "would") and then in _THINGS_SHOWN and bool({"also", "too", "be"} & set(rest))
            for word, then, *rest in zip(norms, norms[1:], norms[2:], norms[3:], strict=False)
        )
        return made or (could and bool({"also", "too", "as", "instead", "be"} & set(norms)) and not self.strong)

    def _opens_on_pronoun(self) -> bool:
        """`is it under 50?`: the question is put of the item itself."""
        norms = [token.norm for token in self.passage.tokens if token.shape != "symbol"]
        return any(
            word in _BE and following in ("it", "this", "that", "they", "these", "those")
            for word, following in pairwise(norms)
        )

    def _asks_which(self) -> bool:
        """`which sizes are there?`, `which ones are waterproof?`, `how heavy?`, without naming an item."""
        norms = [token.norm for token in self.passage.tokens if token.shape == "word"]
        for place, word in enumerate(norms[:-1]):
            if word in ("which", "what", "how") and norms[place + 1] in _FIELD_NOUNS | {
                "ones",
                "one",
                "of",
                "much",
                "heavy",
                "big",
                "long",
                "many",
            }:
                return not self.has_limits
        return False

    def _chat(self) -> Intent:
        covered: set[int] = set()
        for label in ("greet", "thanks"):
            for start, end in self.cues.get(label, ()):
                covered.update(range(start, end))
        rest = [
            token for at, token in enumerate(self.passage.tokens)
            if at not in covered and token.shape != "symbol" and token.norm not in STOP and not self.passage.claims[at]
        ]  # fmt: skip
        if "unread" in self.passage.claims:
            return "search"
        if not self.strong and any(token.norm in _ASKING for token in self.passage.tokens):
            return "search"
        thanked, greeted = self.cues.get("thanks"), self.cues.get("greet")
        if not rest:
            if greeted and not (thanked and self.first not in ("hi", "hello", "hey")):
                return "greet"
            if thanked:
                return "thanks"
            if self.strong:
                return "other" if any(token.norm in _LIKING for token in self.passage.tokens) else "ask_item"
            return "other" if not self.asks_shop else "search"
        if self.strong:
            return "other" if any(token.norm in _LIKING for token in self.passage.tokens) else "ask_item"
        return "search"
