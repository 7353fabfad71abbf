"""How well readings of shopping messages agree with gold ones, as token-overlap F1 of each slot."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.reading_lines import Lines
from finetune.examples import OWN_FIELDS

_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Tokens of one slot, over all requests: how many were found, were to be found, and are in both."""

    found: int
    wanted: int
    shared: int

    @property
    def precision(self) -> float:
        """0 if nothing was found."""
        return self.shared / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """0 if nothing was to be found."""
        return self.shared / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall: 1 only if all was found and nothing else."""
        return 2 * self.shared / (self.found + self.wanted) if self.found + self.wanted else 0.0


def pooled(slot: str) -> str:
    """The slot, with all fields that not every shop has as one: was a wish found, whatever field it was put under?"""
    return slot if slot in ("words", "refused", *OWN_FIELDS) else "attribute"


def bags(reading: Lines, slot_of: Callable[[str], str] = str) -> dict[str, Counter[str]]:
    """Slot -> lower-case tokens a reading has there.

    Slots are `words`, each field, and `refused` for what is refused of any field. A limit's tokens carry its sign, so
    that a most taken for a least shares nothing; a preference counts as a wish. `slot_of` may bring slots together.
    """
    found: dict[str, Counter[str]] = {}
    parts = [("words", "", reading.words)]
    for wish in reading.wishes:
        slot = "refused" if wish.sign == "!=" else wish.field
        parts.append((slot, wish.sign if wish.sign in ("<=", ">=") else "", wish.quote))
    for slot, sign, quote in parts:
        bag = found.setdefault(slot_of(slot), Counter())
        bag.update(sign + token for token in _TOKEN.findall(quote.lower()))
    return found


def overlap_f1(
    found: Sequence[Lines], gold: Sequence[Lines], slot_of: Callable[[str], str] = str
) -> dict[str, Overlap]:
    """Slot -> token overlap of what was found with what was to be found, slots in alphabetical order.

    Within a request and slot tokens are bags, so order does not count but number does; counts are summed over the
    requests before precision and recall are taken (micro average).

    Raises:
        ValueError: not as many readings were found as there are gold ones.
    """
    counts: dict[str, list[int]] = {}
    for mine, true in zip(found, gold, strict=True):
        mine_bags, true_bags = bags(mine, slot_of), bags(true, slot_of)
        for slot in mine_bags.keys() | true_bags.keys():
            left, right = mine_bags.get(slot, Counter()), true_bags.get(slot, Counter())
            summed = counts.setdefault(slot, [0, 0, 0])
            for at, bag in enumerate((left, right, left & right)):
                summed[at] += bag.total()
    return {slot: Overlap(*counts[slot]) for slot in sorted(counts)}


def macro_f1(overlaps: Mapping[str, Overlap]) -> float:
    """Mean F1 of the slots that the gold readings speak of; 0 if there are none.

    What was found in slots that no gold reading speaks of does not count here: `table` says how much that is.
    """
    spoken = [overlap.f1 for overlap in overlaps.values() if overlap.wanted]
    return sum(spoken) / len(spoken) if spoken else 0.0


def table(overlaps: Mapping[str, Overlap]) -> str:
    """The figures of each slot that the gold readings speak of, the macro average last, as lines of text."""
    lines = [f"{'slot':<12} {'precision':>9} {'recall':>6} {'F1':>6} {'wanted':>6}"]
    lines += [
        f"{slot:<12} {one.precision:9.3f} {one.recall:6.3f} {one.f1:6.3f} {one.wanted:6d}"
        for slot, one in overlaps.items()
        if one.wanted
    ]
    astray = sum(one.found for one in overlaps.values() if not one.wanted)
    return "\n".join((*lines, f"macro F1 {macro_f1(overlaps):.3f}; {astray} tokens found in other slots"))
