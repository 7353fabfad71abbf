"""Whether what was read keeps what was asked for, judged by the items of a shop and not by words.

Where a shop files `peach` as a kind of thing and as a value of another field, a reading may hold items to the one
though the gold one names the other; measured by words that is a miss, and no item comes through that it should not.
"""

from collections.abc import Sequence

from assistant.dialogue.reader import Reading
from assistant.dialogue.reading_lines import Wish
from assistant.dialogue.typed import overlap
from finetune.llm_readers import Case, Shop, plain_of
from finetune.llm_readings import Slot, atom_of, is_condition, matched, plain
from index.filters import holds


def kept(cases: Sequence[Case], readings: Sequence[Reading], shop: Shop) -> Slot:
    """The gold readings' conditions, and those kept: found by words as `Scores.hard` counts them, or by effect.

    By effect: a hard condition was read from some of the same words, and every item that it lets through meets the
    gold one; one that lets no item through counts for nothing.

    Raises:
        ValueError: there are not as many readings as cases.
    """
    total = Slot()
    for case, reading in zip(cases, readings, strict=True):
        found = plain_of(reading, shop.context(case.before))
        said = set(dict(matched(found.atoms, plain(case.gold).atoms)))
        for atom, wish in {atom_of(wish): wish for wish in case.gold.wishes}.items():
            if is_condition(atom):
                total.wanted += 1
                total.right += atom in said or _is_kept(wish, case.message, reading, shop)
    return total


def _is_kept(wish: Wish, message: str, reading: Reading, shop: Shop) -> bool:
    meant = shop.resolver.resolve(wish)
    if meant is None or not meant.exact:
        return False
    for entry in reading.constraints:
        if entry.kind == "hard" and overlap(message, entry.quote, wish.quote):
            through = [item for item in shop.items if holds(item, entry.condition)]
            if through and all(holds(item, meant.condition) for item in through):
                return True
    return False
