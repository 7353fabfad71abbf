"""Which items a shop has, found without loading a model: from its index, else from its feed."""

from assistant.places import catalogue_file, index_folder
from assistant.settings import Settings
from index import snapshot
from index.errors import CatalogueError
from index.items import Item, ItemId

_TOLD = 20
"""Bad rows that an error lists."""


def sold_items(settings: Settings) -> frozenset[ItemId]:
    """The ids of the configured shop's items.

    Raises:
        SetupError: the catalogue is missing or empty.
        CatalogueError: the feed cannot be read, or no row of it is an item.
        SnapshotError: the index is damaged.
    """
    path = catalogue_file(settings)
    folder = index_folder(settings)
    if snapshot.current_version_or_none(folder) is not None:
        return _indexed(settings)
    from index.feeds.open import stream_feed

    ids: set[ItemId] = set()
    faults: list[str] = []
    for row in stream_feed(path, default_currency=settings.currency):
        if isinstance(row, Item):
            ids.add(row.id)
        elif row.loses_item and len(faults) < _TOLD:
            faults.append(str(row))
    if not ids:
        raise CatalogueError(
            f"{path.name} holds no items", hint="name the feed of the shop it happened in", rows=tuple(faults)
        )
    return frozenset(ids)


def _indexed(settings: Settings) -> frozenset[ItemId]:
    """The ids in the version in use and all changes since; the records pass one by one."""
    from index.durable.contents import ITEMS, hold_current
    from index.durable.records import from_line

    held = hold_current(index_folder(settings))
    try:
        with (held.path / ITEMS).open("rb") as lines:
            ids = {from_line(line).item.id for line in lines}
        for change in held.changes:
            ids.difference_update(change.deletes)
            ids.update(entry.item.id for entry in change.upserts)
    finally:
        held.release()
    return frozenset(ids)
