"""From ranked items to recommendations: their evidence, their reasons, and what of it is cited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.ledger import describe
from assistant.explain.evidence import EvidenceBook, gather
from assistant.nouns import Evidence, Placement, Ranked, Reason, Recommendation
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue
from index.items import Item, ItemId


@dataclass(frozen=True, slots=True)
class Shelves:
    """Puts items of a catalogue on shelves."""

    catalogue: Catalogue

    def pairs(self, ranked: Sequence[Ranked]) -> list[tuple[Item, Ranked]]:
        """The scores with their items."""
        return [(self.catalogue.item(each.item_id), each) for each in ranked]

    def book(
        self, ranked: Sequence[Ranked], wish: Wish, placements: Mapping[ItemId, Placement] | None = None
    ) -> EvidenceBook:
        """All evidence behind a shelf. Only what is shown is explained."""
        past = {event.item_id for event in wish.history if event.item_id in self.catalogue}
        return gather(
            self.pairs(ranked),
            ledger=wish.ledger,
            words=wish.words,
            history=wish.history,
            past={item_id: self.catalogue.item(item_id) for item_id in past},
            placements=placements,
            describe=describe,
        )

    def recommendations(
        self,
        ranked: Sequence[Ranked],
        worded: Mapping[ItemId, tuple[Reason, ...]],
        placements: Mapping[ItemId, Placement],
    ) -> tuple[Recommendation, ...]:
        """The items as shown, in order."""
        return tuple(
            Recommendation(
                self.catalogue.item(each.item_id),
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
