"""What others did with an item lately, told only where enough did it: nobody can read the act of one person from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from assistant.nouns import EventKind
from index.items import ItemId

ENOUGH = 3
"""So many people other than the reader must have done the same thing before it is told. With fewer, one of them could
tell from the sentence what another did: of two, each knows which half is their own."""

Act = Literal["bought", "carted", "liked", "viewed"]

ACTS: Mapping[EventKind, Act] = MappingProxyType(
    {"purchase": "bought", "cart": "carted", "like": "liked", "rating": "liked", "view": "viewed", "click": "viewed"}
)
"""What each kind of event is called where it speaks for an item; what says most comes first."""


@dataclass(frozen=True, slots=True)
class Crowds:
    """What people did with items lately.

    Attributes:
        acts: item -> what enough people did, what says most first, with who they were where it is only just enough:
            were the reader one of them, it would be too few.
    """

    acts: Mapping[ItemId, tuple[tuple[Act, frozenset[str]], ...]] = field(
        default_factory=dict[ItemId, tuple[tuple[Act, frozenset[str]], ...]]
    )

    @classmethod
    def of(cls, people: Mapping[ItemId, Mapping[Act, Collection[str]]]) -> "Crowds":
        """The crowds of item -> act -> the distinct people who did it."""
        order: Sequence[Act] = tuple(dict.fromkeys(ACTS.values()))
        told: dict[ItemId, tuple[tuple[Act, frozenset[str]], ...]] = {
            item_id: tuple(
                (act, frozenset(who) if len(who) == ENOUGH else frozenset[str]())
                for act in order
                if len(who := done.get(act, ())) >= ENOUGH
            )
            for item_id, done in people.items()
        }
        return cls({item_id: acts for item_id, acts in told.items() if acts})

    def told(self, item_id: ItemId, reader: str | None) -> Act | None:
        """What says most of what enough people other than the reader did with an item; None where nothing may be told.

        `reader`: the shopper it is told to; None: somebody unknown, who is nobody of them as far as anybody knows.
        """
        return next((act for act, few in self.acts.get(item_id, ()) if reader not in few), None)
