"""Which learned sources a shop gets, and how each comes about: from its own log, or from weights trained before."""

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.recommend.interactions import HistorySource, Interactions
from assistant.recommend.learned import Fit
from assistant.recommend.sources import complements, neighbours
from assistant.recommend.table import ItemTable
from index.errors import WeightsError

log = logging.getLogger(__name__)

USER_MODEL = Path(__file__).parents[1] / "models" / "user_model"
"""The user model that comes with us: words only, so that it reads any shop's catalogue from the first day."""


def fitting(models_dir: Path | None = None) -> Fit:
    """Makes the sources: neighbours and complements from the log, and the user model, which reads items by their words.

    Args:
        models_dir: folder of trained parts; `user_model` in it is used instead of the shipped one. A user model that
            cannot be used is told in the log and left out.
    """
    chosen = models_dir / "user_model" if models_dir is not None else None
    sequence = _Sequence(chosen if chosen is not None and chosen.is_dir() else USER_MODEL)

    def fit(told: Interactions, table: ItemTable) -> Sequence[HistorySource]:
        found: list[HistorySource] = []
        if len(told):
            found += [neighbours.fit(told), complements.fit(told)]
        source = sequence.of(table)
        return [*found, source] if source is not None else found

    return fit


class _Sequence:
    """The user model over a catalogue; the vectors of its items are made once for each version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: tuple[str, HistorySource | None] | None = None

    def of(self, table: ItemTable) -> HistorySource | None:
        """None where no model is there, or it does not read vectors such as these."""
        if self._made is None or self._made[0] != table.version:
            self._made = table.version, self._load(table)
        return self._made[1]

    def _load(self, table: ItemTable) -> HistorySource | None:
        if not (self._folder / "manifest.json").is_file():
            return None
        from assistant.recommend.sources.sequence import SequenceSource  # torch

        try:
            source = SequenceSource.load(self._folder, table.ids, table.text_NT)
            _ = source.shortlist  # made now, so that no request waits for it
            return source
        except (ValueError, WeightsError) as error:
            log.warning("the user model in %s is not used: %s", self._folder.name, error)
            return None
