"""A catalogue that changes while it is read: increments are acknowledged on disk, then seen by the very next call.

Every reader sees one moment. A call on a `LiveCatalogue` is answered by the view of that moment, and inside
`with live.pinned():` all calls are, whatever changes meanwhile.
"""

import logging
import threading
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import snapshot
from index.build import BuildReport, update
from index.catalogue import Catalogue
from index.durable.changes import Change, NewVectors, Numbers
from index.durable.contents import Held, hold_current, learn_change, read_changes
from index.durable.memory import Key, Memory
from index.durable.records import prints
from index.embedding import embed_pictures, embed_texts, entries_of
from index.encoders import Encoders, ImageEncoder, TextEncoder, Vectors
from index.errors import SnapshotError, UnknownItemError
from index.feeds.fields import CURRENCIES, Fault
from index.items import Item, ItemId, Money
from index.jobs import Kind, LocalExecutor
from index.opening import numbered, opened
from index.state import LivingWords, State

log = logging.getLogger(__name__)


_PINNED: ContextVar[tuple[Catalogue, Catalogue] | None] = ContextVar("pinned view of a live catalogue", default=None)


@dataclass(frozen=True, slots=True)
class Increment:
    """What an increment did. Items that were as wanted already are not counted; `embedded` counts encoded inputs."""

    upserted: int
    deleted: int
    renumbered: int
    embedded: int
    faults: tuple[Fault, ...] = ()


class LiveCatalogue(Catalogue):
    """A `Catalogue` with increments. Reading never waits for writing; writers take turns, across processes too."""

    def __init__(self, folder: Path, held: Held, state: State, encoders: Encoders) -> None:
        self._folder = folder
        self._encoders = encoders
        self._held = held
        self._memory: Memory | None = None
        self._writing = threading.RLock()
        self._view = Catalogue(state, encoders.text, encoders.picture)

    @classmethod
    def open(cls, folder: Path, text: TextEncoder, picture: ImageEncoder) -> "LiveCatalogue":
        """The version in use under `folder` with all changes since; it is not deleted while this is open.

        Raises:
            SnapshotError: as `Catalogue.open`.
        """
        held = hold_current(folder)
        try:
            encoders = Encoders(text, picture)
            return cls(folder, held, opened(held, encoders), encoders)
        except BaseException:
            held.release()
            raise

    @property
    def base(self) -> str:
        """The name of the snapshot that the changes are made to."""
        return self._held.version

    @property
    def view(self) -> Catalogue:
        """The catalogue as of now, or as of the moment pinned. It never changes."""
        pinned = _PINNED.get()
        return pinned[1] if pinned is not None and pinned[0] is self else self._view

    @contextmanager
    def pinned(self, view: Catalogue | None = None) -> Generator[Catalogue]:
        """All calls inside, in this thread or task, are answered as of one moment: now, or that of `view`."""
        chosen = view or self.view
        token = _PINNED.set((self, chosen))
        try:
            yield chosen
        finally:
            _PINNED.reset(token)

    def upsert(self, items: Sequence[Item]) -> Increment:
        """Put items in, or others in the place of those with the same ids. Embeds only passages and pictures not known.

        Raises:
            ValueError: an item has no id or no title, or a price or stock that cannot be; nothing has changed.
            SnapshotError: the disk did not take it; nothing has changed.
        """
        for item in items:
            if not (item.id.strip() and item.title.strip()):
                raise ValueError(f"an item has id {item.id[:80]!r}, title {item.title[:80]!r}: neither may be empty")
            _expect_sound(Numbers.of(item))
        entries, faults = entries_of(items)
        with self._writing, self._forgetting_on_failure():
            state = self._now()
            memory = self._remembering()
            made: dict[Kind, list[tuple[Sequence[Key], Vectors]]] = {"text": [], "picture": []}

            def keep(kind: Kind, keys: Sequence[Key], vectors: Vectors) -> None:
                made[kind].append((keys, vectors))
                memory.learn_vectors(kind, keys, vectors)

            known = {one.item.id: prints(one) for one in map(state.entry, (e.item.id for e in entries)) if one}
            changed = [entry for entry in entries if known.get(entry.item.id) != prints(entry)]
            local = LocalExecutor()
            whole, lost = embed_pictures(changed, memory, self._encoders, local, keep, _silent)
            embed_texts(whole, memory, self._encoders, local, keep, _silent)
            # A picture that was refused may have been all that was new.
            changed = [entry for entry in whole if known.get(entry.item.id) != prints(entry)]
            self._commit(Change(upserts=tuple(changed), texts=_new(made["text"]), pictures=_new(made["picture"])))
            embedded = sum(len(keys) for held in made.values() for keys, _ in held)
        return Increment(len(changed), 0, 0, embedded, (*faults, *lost))

    def delete(self, item_ids: Collection[ItemId]) -> Increment:
        """Take items out; ids that are not there are passed over.

        Raises:
            SnapshotError: the disk did not take it; nothing has changed.
        """
        with self._writing:
            gone = tuple(item_id for item_id in dict.fromkeys(item_ids) if item_id in self._now().rows)
            self._commit(Change(deletes=gone))
        return Increment(0, len(gone), 0, 0)

    def set_numbers(self, numbers: Sequence[Numbers]) -> Increment:
        """Set prices and stock. Nothing is embedded: filters and records have them in the very next call.

        Raises:
            UnknownItemError: one of the items is not in the catalogue; nothing has changed.
            ValueError: a price is no `Money` of zero or more in a known currency, or a stock no count; as above.
            SnapshotError: the disk did not take it; nothing has changed.
        """
        for one in numbers:
            _expect_sound(one)
        with self._writing:
            rows = self._now().rows
            for one in numbers:
                if one.item_id not in rows:
                    raise UnknownItemError(f"the catalogue has no item {one.item_id[:80]!r}")
            self._commit(Change(numbers=tuple(numbers)))
        return Increment(0, 0, len(numbers), 0)

    def set_stock(self, item_id: ItemId, stock: int | None) -> Increment:
        """Set the pieces left of one item; None is not counted. See `set_numbers`."""
        with self._writing:
            return self.set_numbers([replace(Numbers.of(self._current(item_id)), stock=stock)])

    def set_price(self, item_id: ItemId, price: Any, list_price: Any = None) -> Increment:
        """Set the price of one item, and the regular price if that is a reduced one. See `set_numbers`."""
        with self._writing:
            numbers = replace(Numbers.of(self._current(item_id)), price=price, list_price=list_price)
            return self.set_numbers([numbers])

    def refresh(self) -> bool:
        """See what other processes have changed or switched to; whether there was anything. Cheap when not.

        Raises:
            SnapshotError: what they left is damaged; the view stays as it was.
        """
        with self._writing:
            before = self._view.version
            if snapshot.current_version(self._folder) != self._held.version:
                self._reopen()
            with snapshot.only_writer(self._folder):
                self._catch_up()
            return self._view.version != before

    def compact(self) -> BuildReport:
        """Work all changes into a new version with an index of its own, and go on from there.

        Raises:
            SnapshotError: the disk did not take it; everything stays as it was.
        """
        report = update(self._folder, self._encoders)
        self.refresh()
        return report

    def close(self) -> None:
        """Let go of the version on disk. What is in memory still answers."""
        with self._writing:
            self._held.release()

    def _now(self) -> State:
        """The state as of now, whatever is pinned, with what other processes have added."""
        if snapshot.current_version(self._folder) != self._held.version:
            self._reopen()
        with snapshot.only_writer(self._folder):
            self._catch_up()
        return self._view.state

    def _current(self, item_id: ItemId) -> Item:
        self._now()
        return self._view.item(item_id)

    def _commit(self, change: Change) -> None:
        if not change:
            return
        with snapshot.only_writer(self._folder):
            if snapshot.current_version(self._folder) != self._held.version:
                raise SnapshotError(
                    "another version came into use meanwhile; nothing has changed", hint="send the change again"
                )
            self._catch_up()
            made = self._view.state.after([change], "", self._remembering())
            warm = made.words, made.id_order  # before the disk has the change: what fails until then leaves nothing
            self._held.journal.append(change.payload())
            self._show(replace(made, version=numbered(self._held.version, self._held.journal.end)), *warm)

    def _catch_up(self) -> None:
        """Apply what other processes have appended to the journal."""
        with self._held.journal.whole():
            changes = tuple(read_changes(self._held.journal))
            if not changes:
                return
            memory = self._remembering()
            for change in changes:
                learn_change(memory, change)
            made = self._view.state.after(changes, numbered(self._held.version, self._held.journal.end), memory)
            self._show(made, made.words, made.id_order)

    def _show(self, state: State, words: LivingWords, id_order: NDArray[np.int64]) -> None:
        # Warmed before it is shown: the writer pays for the new word index, not the next shopper.
        vars(state)["words"], vars(state)["id_order"] = words, id_order
        self._view = Catalogue(state, self._encoders.text, self._encoders.picture)

    def _reopen(self) -> None:
        held = hold_current(self._folder)
        try:
            state = opened(held, self._encoders)
        except BaseException:
            held.release()
            raise
        before, self._held, self._memory = self._held, held, None
        self._show(state, state.words, state.id_order)
        before.release()

    @contextmanager
    def _forgetting_on_failure(self) -> Generator[None]:
        """Vectors of an increment that failed are in no journal: a later one must not rely on them."""
        try:
            yield
        except BaseException:
            self._memory = None
            raise

    def _remembering(self) -> Memory:
        if self._memory is None:
            memory = Memory.empty(self._encoders)
            self._held.remember(memory, self._encoders)
            self._memory = memory
        return self._memory


def _answered_by_the_view(name: str, plain: object) -> Any:
    if isinstance(plain, property):
        return property(lambda self: getattr(self.view, name), doc=plain.__doc__)

    def call(self: LiveCatalogue, *arguments: Any, **named: Any) -> Any:
        return getattr(self.view, name)(*arguments, **named)

    call.__doc__ = getattr(plain, "__doc__", None)
    call.__name__ = name
    return call


# Everything a catalogue can be asked is asked of the view, also what is added to `Catalogue` one day.
for _name, _plain in list(vars(Catalogue).items()):
    _is_asked = not _name.startswith("_") or _name in ("__len__", "__iter__", "__contains__")
    if _is_asked and _name not in vars(LiveCatalogue):
        setattr(LiveCatalogue, _name, _answered_by_the_view(_name, _plain))


def _new(made: Sequence[tuple[Sequence[Key], Vectors]]) -> NewVectors | None:
    if not made:
        return None
    keys = tuple(key for keys, _ in made for key in keys)
    return NewVectors(keys, np.concatenate([vectors for _, vectors in made]))


def _expect_sound(numbers: Numbers) -> None:
    """Refuse what no feed may say either: from the journal it would reach every reader."""
    prices: list[Any] = [numbers.price, numbers.list_price, *(price for price, _ in numbers.variants.values())]
    for price in (one for one in prices if one is not None):  # Any: a caller need not keep to the types
        if not isinstance(price, Money) or price.amount_minor < 0 or price.currency not in CURRENCIES:
            raise ValueError(f"a price of {numbers.item_id[:80]!r} is {price!r}, expected Money of a known currency")
    for stock in (numbers.stock, *(stock for _, stock in numbers.variants.values())):
        if stock is not None and (type(stock) is not int or stock < 0):
            raise ValueError(f"a stock of {numbers.item_id[:80]!r} is {stock!r}, expected pieces, 0 or more, or None")


def _silent(stage: str, done: int, total: int) -> None:
    """An increment has no progress bar."""
