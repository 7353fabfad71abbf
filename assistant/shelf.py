"""From ranked items to recommendations: their evidence, their reasons, and what of it is cited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.ledger import describe
from assistant.explain.evidence import EvidenceBook, gather
from assistant.nouns import Evidence, Placement, Ranked, Reason, Recommendation
from assistant.recommend.history import standing
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue
from index.items import Item, ItemId
from index.offers import as_offered


@dataclass(frozen=True, slots=True)
class Shelves:
    """Puts items of a catalogue on shelves."""

    catalogue: Catalogue

    def pairs(self, ranked: Sequence[Ranked], wish: Wish) -> list[tuple[Item, Ranked]]:
        """The scores with their items, as they are offered to this wish."""
        return [(self._offered(each.item_id, wish), each) for each in ranked]

    def _offered(self, item_id: ItemId, wish: Wish) -> Item:
        return as_offered(self.catalogue.item(item_id), wish.conditions, wish.preferences)

    def book(
        self, ranked: Sequence[Ranked], wish: Wish, placements: Mapping[ItemId, Placement] | None = None
    ) -> EvidenceBook:
        """All evidence behind a shelf. Only what is shown is explained."""
        history = standing(wish.history, wish.refused)
        past = {event.item_id for event in history if event.item_id in self.catalogue}
        return gather(
            self.pairs(ranked, wish),
            ledger=wish.ledger,
            words=wish.words,
            history=history,
            past={item_id: self.catalogue.item(item_id) for item_id in past},
            placements=placements,
            describe=describe,
            crowd=wish.told,
        )

    def recommendations(
        self,
        ranked: Sequence[Ranked],
        wish: Wish,
        worded: Mapping[ItemId, tuple[Reason, ...]],
        placements: Mapping[ItemId, Placement],
    ) -> tuple[Recommendation, ...]:
        """The items as shown, in order: where variants have prices of their own, at that of what was asked for."""
        return tuple(
            Recommendation(
                self._offered(each.item_id, wish),
                rank,
                each,
                worded.get(each.item_id, ()),
                placements.get(each.item_id, Placement(rank)),
            )
            for rank, each in enumerate(ranked, start=1)
        )


def cited(book: EvidenceBook, shown: Sequence[Recommendation]) -> tuple[Evidence, ...]:
    """The evidence the shown reasons rest on, each entry once."""
    return book.cited(dict.fromkeys(i for each in shown for reason in each.reasons for i in reason.evidence))
