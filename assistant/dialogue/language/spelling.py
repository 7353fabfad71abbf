"""Words a catalogue does not know, read as those it does: a foreign name of a material, a slip in a brand's name."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from assistant.dialogue.language.abroad import ABROAD, ABROAD_PHRASES, MATERIALS_ABROAD
from assistant.dialogue.language.foreign_talk import BEHIND_AMOUNTS, FOREIGN_TALK, LONGEST_TALK, NO_MORE, SIZE_TALK
from assistant.dialogue.language.lexicon import COMMON_BRAND_WORDS, GARMENTS, VAGUE
from assistant.dialogue.language.misspelt import MISSPELT
from assistant.dialogue.language.palette import AUDIENCES, COLOURS, LETTER_SIZES, PEOPLE, SHADES_ABROAD
from assistant.dialogue.language.passage import Passage, Token
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, POLICY_WORDS, RELEASE_FIELDS, STOP, UNITS
from assistant.dialogue.references import ORDINALS
from index.language.words import stem

_SHORTEST = 6
"""Letters below which one slip may turn any word into any other."""

_SHORTEST_TALK = 5
"""The same for the words of shopping talk, of which there are few."""

_LONG = 8
"""Letters from which on a word with one wrong letter is a slip: `bitter` is no `butter`."""

_ENGLISH = COMMON_BRAND_WORDS | GARMENTS | VAGUE | GENERIC_NOUNS | POLICY_WORDS | STOP | UNITS
_SAID = (
    frozenset(" ".join(RELEASE_FIELDS.values()).split())
    | ORDINALS
    | POLICY_WORDS
    | frozenset(
        """
        number please thanks between stars colour color anything nothing budget under without looking something would
        could should there their which where these those excuse always recommend suggest honest other another whether
        """.split()
    )
)
"""Words of shopping talk beside those of cues."""
_SHORT_TALK = frozenset("would could there their which where these those under below above".split())
"""Words that one letter may be lost from and leave four: of these, it makes no other word."""
_TOLD = frozenset({*_ENGLISH, *COLOURS, *AUDIENCES, *PEOPLE})


_LONGEST_SIZE = 4
"""Letters of `42.5`."""
_COINS = frozenset("euro euros eur usd dollar dollars \u20ac $ \u00a3".split())


class Spelling:
    """The words of one catalogue, ready to recognise what was meant. Built once."""

    def __init__(
        self,
        phrases: Collection[tuple[str, ...]],
        sayable: Collection[str],
        plain: Collection[tuple[str, ...]],
        talk: Collection[str],
    ) -> None:
        """Of `phrases` and `sayable`, as stems, the first are all the catalogue knows, the others what slips stand for.
        `plain`: what else foreign words may stand for.

        `talk`: words of cues, which are never taken for slips.
        """
        self._phrases = frozenset((*phrases, *plain))
        self._known = frozenset(word for phrase in phrases for word in phrase)
        self._talk = frozenset(talk)
        near: dict[str, set[str]] = {}
        for word in sayable:
            if len(word) >= _SHORTEST and word.isalpha():
                for form in (word, *_shortened(word)):
                    near.setdefault(form, set()).add(word)
        self._near: Mapping[str, set[str]] = near
        slips: dict[str, set[str]] = {}
        for word in self._talk | _SAID:
            if len(word) >= _SHORTEST_TALK and word.isascii() and word.isalpha():
                for form in (*_shortened(word), *_swapped(word)):
                    slips.setdefault(form, set()).add(word)
        self._slips: Mapping[str, set[str]] = slips

    def corrected(self, passage: Passage, names: Collection[str]) -> Passage:
        """The passage with such words replaced in what is compared, never in what is quoted.

        `names`: stems of shown titles, which are words the catalogue knows.
        """
        tokens = tuple(part for token in self._joined(passage) for part in self._parts(token, names))
        return Passage(passage.message, tokens, [""] * len(tokens))

    def _joined(self, passage: Passage) -> Iterator[Token]:
        """The tokens, several as one where they are a foreign name of one thing: `sans fil` refuses no thread."""
        at = 0
        while at < len(passage):
            for size in range(min(LONGEST_TALK, len(passage) - at), 0, -1):
                norms = tuple(passage.norm(place) for place in range(at, at + size))
                english = ABROAD_PHRASES.get(norms, "") or FOREIGN_TALK.get(norms, "")
                if norms in NO_MORE and not _opens_refusal(passage, at, at + size):
                    english = ""
                if english in BEHIND_AMOUNTS and not _is_behind_amount(passage, at):
                    english = ""
                # `nummer 3` is a place on the shelf
                numbered = norms[-1] in _PLACES and len(passage.norm(at + size)) == 1
                if not english and norms in SIZE_TALK and _may_be_size(passage, at + size) and not numbered:
                    english = SIZE_TALK[norms]
                if not english and size == 2 and norms[0] in COLOURS and norms[1] in SHADES_ABROAD:
                    english = self._shade(SHADES_ABROAD[norms[1]], norms[0])  # `vert fonce`
                if english:
                    first, last = passage.tokens[at], passage.tokens[at + size - 1]
                    raw = passage.message[first.start : last.end]
                    yield replace(first, raw=raw, norm=english, stem=english, shape="word", end=last.end)
                    at += size
                    break
            else:
                yield passage.tokens[at]
                at += 1

    def _parts(self, token: Token, names: Collection[str]) -> Iterator[Token]:
        """The token as read; as several of one place where one foreign word is several of the catalogue's."""
        joined = " " in token.norm or FOREIGN_TALK.get((token.raw.lower(),)) == token.norm
        read = token if joined else self._read(token, names)
        meant = MISSPELT.get(token.norm, "") if read is token and not joined else ""
        if meant and not self._is_known(token) and token.stem not in names:
            read = replace(token, norm=meant, stem=stem(meant))
        for number, word in enumerate(read.norm.split() if joined or read is not token else ()):
            yield replace(read, norm=word, stem=stem(word), glued=read.glued and number == 0)
        if read is token and not joined:
            yield token

    def _read(self, token: Token, names: Collection[str]) -> Token:
        word = token.norm
        if token.shape != "word" or self._is_known(token) or token.stem in names or word in names:
            return token
        cut = _shaded(word)
        if cut:
            shaded = self._shade(SHADES_ABROAD[word[:cut]], word[cut:])
            return replace(token, norm=shaded, stem=stem(shaded))
        english = next((ABROAD[form] for form in _uninflected(word, token.stem) if form in ABROAD), "")
        if english and tuple(map(stem, english.split())) in self._phrases:
            return replace(token, norm=english, stem=stem(english))
        if len(word) < _SHORTEST_TALK - 1 or not word.isalpha():
            return token
        talk = self._slip_of_talk(word)
        if talk and (len(word) >= _SHORTEST_TALK or talk in _SHORT_TALK):
            return replace(token, norm=talk, stem=stem(talk))
        if len(token.stem) < _SHORTEST:
            return token
        meant = {
            known
            for form in (token.stem, *_shortened(token.stem))
            for known in self._near.get(form, ())
            if _is_slip(token.stem, known)
        }
        if len(meant) != 1:
            return token
        known = meant.pop()
        return replace(token, norm=known, stem=known)

    def _shade(self, shade: str, color: str) -> str:
        """The shade as the catalogue names it, `dark blue`; the colour alone where it has none of that name."""
        names = COLOURS.get(color) or COLOURS[stem(color)]
        return next((f"{shade} {name}" for name in sorted(names) if (shade, stem(name)) in self._phrases), color)

    def _slip_of_talk(self, word: str) -> str:
        """The one cue word that `word` is when two of its letters change places, or one is lost or doubled; or ""."""
        meant = set(self._slips.get(word, ()))
        for at in range(1, len(word)):
            if word[at] == word[at - 1]:
                single = word[:at] + word[at + 1 :]
                meant |= {single} & (self._talk | _SAID)
        return meant.pop() if len(meant) == 1 else ""

    def _is_known(self, token: Token) -> bool:
        forms = {token.norm, token.stem}
        return bool(forms & self._known or forms & _TOLD or forms & self._talk)


def _is_behind_amount(passage: Passage, at: int) -> bool:
    """`oltre 80 non spendo`, as against `non spendo oltre 80`, over a currency and a comma."""
    near = [passage.tokens[place] for place in range(max(0, at - 3), at)]
    return any(token.shape == "number" for token in near) or (bool(near) and near[-1].norm in _COINS)


def _opens_refusal(passage: Passage, start: int, end: int) -> bool:
    """`par pitie, plus de cuir`, as against `plus de 50` and `je veux plus de choix`."""
    opens = start == 0 or passage.tokens[start - 1].shape == "symbol"
    word = passage.norm(end)
    named = end < len(passage) and passage.tokens[end].is_capitalised and not passage.is_shouted()
    return opens and (named or word in COLOURS or word in ABROAD or word in MATERIALS_ABROAD)


def _shaded(word: str) -> int:
    """Where the colour begins in `dunkelblau`; 0 for what is no such word."""
    cuts = (cut for cut in range(4, len(word) - 2) if word[:cut] in SHADES_ABROAD)
    return next((cut for cut in cuts if word[cut:] in COLOURS or stem(word[cut:]) in COLOURS), 0)


_PLACES = frozenset({"numero", "nummer"})


def _may_be_size(passage: Passage, at: int) -> bool:
    """Whether a number or a letter of sizes stands there, and no money or count behind it."""
    if at >= len(passage):
        return False
    follows = passage.norm(at + 1)
    counted = follows in UNITS or follows in ("eur", "usd", "euro", "euros", "\u20ac", "$", "\u00a3", "dollar")
    short = passage.tokens[at].shape == "number" and len(passage.norm(at)) <= _LONGEST_SIZE
    return passage.norm(at) in LETTER_SIZES or (short and not counted)


def _uninflected(word: str, stemmed: str) -> Iterator[str]:
    """The word as it is, then without the endings that German and French put to adjectives."""
    yield from (word, stemmed)
    for ending in ("es", "er", "en", "em", "e", "s", "n"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            yield word[: -len(ending)]


def _shortened(word: str) -> Iterator[str]:
    """The word with one letter left out, the first and the last kept: endings make other words, not slips."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1 :]


def _swapped(word: str) -> Iterator[str]:
    """The word with two inner neighbours in each other's place; a slip leaves the first letter alone."""
    for at in range(1, len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _is_slip(said: str, known: str) -> bool:
    """Whether one letter is left out, added or (in long words) wrong, or two neighbours change places."""
    if said == known or said[0] != known[0] or said[-1] != known[-1] or abs(len(said) - len(known)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(said, known, strict=False)) if pair[0] != pair[1]), len(said))
    rest, other = said[start:], known[start:]
    if len(said) == len(known):
        wrong = len(said) >= _LONG and rest[1:] == other[1:]
        return wrong or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    return rest[1:] == other if len(said) > len(known) else rest == other[1:]
