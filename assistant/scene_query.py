"""The query of a scene: read as a message is, and what of it nobody could read is told, not dropped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.dialogue.ledger import add
from assistant.dialogue.reader import Reading
from assistant.errors import BadRequestError
from assistant.explain.plain import quoted
from assistant.nouns import Constraint, Scene
from index.catalogue import Catalogue
from index.filters import Condition, Op
from index.language.words import normalise

_MOST_SHOWN = 80
_MOST_ALIKE = 50
"""Items of one title that are looked for: as many as a condition may name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scene's query and its constraints ask for.

    Attributes:
        words: product words to search by.
        unread: parts of the query that seem to limit something, but nothing the catalogue records.
    """

    words: str
    ledger: tuple[Constraint, ...]
    unread: tuple[str, ...] = ()


def read_query(
    scene: Scene, query: str, conditions: Sequence[Condition], read: Callable[[str], Reading], catalogue: Catalogue
) -> Asked:
    """The query read, with the caller's conditions.

    A query of which nothing can be read, as one of symbols alone, still finds the items of that very title.

    Raises:
        BadRequestError: the scene is `search`, and nothing in its query says what to search for.
    """
    said = [Constraint("", "hard", condition, 0, "", "caller") for condition in conditions]
    reading = read(query) if query.strip() else Reading("search")
    found = list(reading.constraints)
    if query.strip() and not (reading.words or found or reading.unread):
        found = _titled(query, catalogue)
    if scene == "search" and query.strip() and not (reading.words or found or said):
        raise _unreadable(query, reading.unread)
    ledger, _ = add((), [*found, *said], 0)  # of one call, so that none replaces another
    return Asked(reading.words, ledger, reading.unread)


def _titled(query: str, catalogue: Catalogue) -> list[Constraint]:
    """That it be an item with this very title, where there is one."""
    wanted = normalise(query) or query.strip()
    same = [item.id for item in catalogue if (normalise(item.title) or item.title.strip()) == wanted]
    if not same:
        return []
    return [Constraint("", "hard", Condition("id", Op.IN, tuple(same[:_MOST_ALIKE])), 0, query.strip())]


def _unreadable(query: str, unread: Sequence[str]) -> BadRequestError:
    parts = [part[:_MOST_SHOWN] for part in unread[:3]] or [query.strip()[:_MOST_SHOWN]]
    told = f"query: nothing in it says what to search for; could not place {quoted(parts)}"
    return BadRequestError(told, hint="name a thing, like `backpack`, beside what limits it", fields=("query",))
