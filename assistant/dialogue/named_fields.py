"""Fields called by their names: `capacity: 20 L`, `the shape should not be round`, `with battery 10 hours`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.amounts.comparators import Cues, compare_at
from assistant.dialogue.amounts.measures import is_limited
from assistant.dialogue.language.passage import Passage, words_of
from assistant.dialogue.language.smalltalk import STOP
from index.filters import Condition, field_name, of_values
from index.language.sizes import is_size_field

_LINKS = frozenset(
    """
    is are be of at : = - should must has have to would shall may can the a an it being in ist sind soll est son es de
    says say reads
    """.split()
)
_NEGATIONS = frozenset("not isnt arent never no shouldnt mustnt cannot cant nicht pas kein keine wouldnt".split())
_JOINS = frozenset("or / oder ou o".split())
_HEDGES = frozenset("rather ideally preferably prefer hopefully perhaps maybe lieber plutot mejor".split())
_HEDGES_AFTER = (("if", "possible"), ("if", "that", "exists"), ("if", "you", "have"), ("would", "be", "nice"))
_GENERIC = frozenset({"type", "kind", "level"})
_TOLD_OTHERWISE = frozenset(
    {("price",), ("rating",), ("brand",), ("color",), ("kind",), ("category",), ("text",), ("for",)}
)
_GLUED = re.compile(r"([a-z]+)(\d+)")
_LONGEST_TAIL = 3
_LONGEST_AHEAD = 4
_REACH = 6
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Named:
    """A condition on a field that the message calls by its name, at tokens [start, end)."""

    condition: Condition
    soft: bool
    start: int
    end: int


class NamedFields:
    """The fields of one catalogue that can be called by name, with their values. Built once."""

    def __init__(self, values: Mapping[str, Mapping[str, int]]) -> None:
        self._fields: dict[tuple[str, ...], str] = {}
        self._values: dict[str, dict[tuple[str, ...], str]] = {}
        self._starts: dict[str, set[int]] = defaultdict(set)
        self._tails: dict[tuple[str, ...], str] = {}
        for name in sorted(values, key=lambda name: sum(values[name].values())):
            key = words_of(field_name(name))
            first = next(iter(key), "")
            if not first or key in _TOLD_OTHERWISE or (is_size_field(name) and len(key) == 1):
                continue
            self._fields[key] = name
            if len(key) > 1 and key[-1] in _GENERIC:
                self._tails[key[:-1]] = name  # `dry skin` of `skin type`
                self._fields.setdefault(key[:-1], name)  # `my skin is dry`
            if len(key) == 3 and field_name(name).startswith("number of "):
                self._tails[key[2:]] = name  # `500 pieces` of `number of pieces`
            self._tails.setdefault(key, name)
            self._values[name] = {words_of(value): value for value in values[name] if words_of(value)}
            self._starts[first] |= {len(key), max(1, len(key) - 1)}

    def read(self, passage: Passage, cues: Cues, negations: Sequence[tuple[int, int]]) -> list[Named]:
        """Every field named together with values it has here, but limits on what is measured; claims the words."""
        found: list[Named] = []
        at = 0
        while at < len(passage):
            named = None if passage.claims[at] else self._at(passage, cues, negations, at)
            if named is None:
                at += 1
                continue
            passage.claim(named.start, named.end, "limit")
            found.append(named)
            at = named.end
        return found

    def _glued(self, passage: Passage, at: int) -> Named | None:
        """`spf50`: the name and its number in one word."""
        found = _GLUED.fullmatch(passage.norm(at))
        name = self._fields.get((found[1],)) if found else None
        value = self._values[name].get((found[2],)) if found and name else None
        return Named(of_values(name, [value]), False, at, at + 1) if name and value else None

    def _at(self, passage: Passage, cues: Cues, negations: Sequence[tuple[int, int]], at: int) -> Named | None:
        behind = self._named_behind(passage, cues, negations, at)
        if behind is not None:
            return behind
        if (glued := self._glued(passage, at)) is not None:
            return glued
        for name, end in self._names(passage, at):
            linked = self._linked(passage, end, negations)
            if linked is None:
                continue
            begin, refused = linked
            first = self._value(passage, name, begin)
            if first is None or _is_limit(passage, cues, begin, first[0]):
                continue
            stop, value = first
            chosen = [value]
            while passage.norm(stop) in _JOINS and (more := self._value(passage, name, stop + 1)):
                stop, value = more
                chosen.append(value)
            before = [span for span in negations if span[1] <= at and _is_small(passage, span[1], at)]
            behind = next((span for span in cues.get("refused_after", ()) if span[0] == stop), None)
            refused = refused != bool(before or behind)
            stop = behind[1] if behind and not before else stop
            start = before[0][0] if before else at
            return Named(of_values(name, chosen, refused=refused), _hedged(passage, start, stop), start, stop)
        return None

    def _named_behind(
        self, passage: Passage, cues: Cues, negations: Sequence[tuple[int, int]], at: int
    ) -> Named | None:
        """`scandinavian style`, `sensitive skin`, `500 pieces`: the value first, then the name of its field."""
        for size in range(1, _LONGEST_TAIL + 1):
            for tail in range(at + 1, min(at + 1 + _LONGEST_AHEAD, len(passage) - size + 1)):
                words = passage.tokens[tail : tail + size]
                name = self._tails.get(tuple(token.stem for token in words))
                if name is None or not passage.is_free(at, tail + size) or not passage.same_clause(at, tail + size - 1):
                    continue
                found = self._value(passage, name, at)
                own = found is not None and set(words_of(found[1])) - {token.stem for token in words}
                if found is None or found[0] != tail or not own or is_size_field(name) != ("size" in words[-1].stem):
                    continue
                if _is_limit(passage, cues, at, tail) or _is_limit(passage, cues, at, tail + size):
                    continue
                before = [span for span in negations if span[1] <= at and _is_small(passage, span[1], at)]
                start, stop = before[0][0] if before else at, tail + size
                return Named(
                    of_values(name, [found[1]], refused=bool(before)), _hedged(passage, start, stop), start, stop
                )
        return None

    def _names(self, passage: Passage, at: int) -> Iterator[tuple[str, int]]:
        """The fields whose names begin here, longest first, and where the names end."""
        for size in sorted(self._starts.get(passage.tokens[at].stem, ()), reverse=True):
            words: list[str] = []
            end = at
            while end < len(passage) and len(words) < size and not passage.claims[end]:
                if passage.tokens[end].shape != "symbol":
                    words.append(passage.tokens[end].stem)
                elif passage.norm(end) not in ("_", "-"):
                    break
                end += 1
            name = self._fields.get(tuple(words))
            if name is not None:
                yield name, end

    def _linked(self, passage: Passage, at: int, negations: Sequence[tuple[int, int]]) -> tuple[int, bool] | None:
        """Past the small words between a name and its value: where the value begins, and whether it is refused."""
        refused, begin = False, at
        while at < len(passage) and at - begin < _REACH and not passage.claims[at]:
            word = passage.norm(at)
            phrase = next((stop for start, stop in negations if start == at and stop > at + 1), None)
            if phrase is not None:  # `any season apart from summer`
                refused, at = not refused, phrase
                continue
            if word in _NEGATIONS:
                refused = not refused
            elif word not in _LINKS:
                break
            at += 1
        return (at, refused) if at < len(passage) else None

    def _value(self, passage: Passage, name: str, at: int) -> tuple[int, str] | None:
        """The longest value of the field that stands here, as (end, value)."""
        best: tuple[int, str] | None = None
        words: list[str] = []
        place = at
        while place < len(passage) and len(words) < _LONGEST and not passage.claims[place]:
            token = passage.tokens[place]
            place += 1
            if token.shape == "symbol":
                continue
            words.append(token.stem)
            value = self._values[name].get(tuple(words))
            if value is not None:
                best = (place, value)
        return best


def _is_limit(passage: Passage, cues: Cues, start: int, end: int) -> bool:
    """`storage 256 GB minimum`, `width 60-80 cm`: a number that says how much at least, not which value."""
    return passage.tokens[start].shape == "number" and (
        is_limited(passage, cues, start, end) or compare_at(passage, cues, start, start + 1) is not None
    )


def _is_small(passage: Passage, start: int, end: int) -> bool:
    """Whether only small words of one clause lie between two places."""
    return end - start <= 3 and all(
        passage.norm(at) in STOP and passage.same_clause(at, end) for at in range(start, end)
    )


def _hedged(passage: Passage, start: int, end: int) -> bool:
    if any(passage.norm(at) in _HEDGES for at in range(max(0, start - 4), start)):
        return True
    following = [passage.norm(at) for at in range(end, end + 5)]
    if following and following[0] == ",":
        following = following[1:]
    return any(tuple(following[: len(hedge)]) == hedge for hedge in _HEDGES_AFTER)
