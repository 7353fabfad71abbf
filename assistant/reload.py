"""An assistant that takes up a new version of the index while it serves: built beside, then switched to at once.

Each version has a room: its catalogue and the assistant made for it. A turn ends in the room in which it began, and
sees that room's catalogue as of the moment it began; the room is given up when its last turn has left.
"""

import logging
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.exchange import Ask, Done, SceneAsk, Shelf, Update
from assistant.nouns import Reply
from assistant.remembered import RememberedTexts
from assistant.web.ports import Assistant
from index import snapshot
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.errors import WhybuyError
from index.items import Item, ItemId
from index.live import LiveCatalogue

log = logging.getLogger(__name__)

Make = Callable[[LiveCatalogue], Assistant]
"""Puts an assistant together for a catalogue. May take seconds: nobody waits for it. If it has a `close`, that is
called once nobody needs the assistant any more."""


@dataclass
class _Room:
    catalogue: LiveCatalogue
    assistant: Assistant
    words: tuple[str, int, int]
    turns: int = 0
    given_up: bool = False
    closed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self) -> Generator[Catalogue]:
        with self.lock:
            self.turns += 1
        try:
            yield self.catalogue.view
        finally:
            with self.lock:
                self.turns -= 1
            self._close_if_empty()

    def give_up(self) -> None:
        with self.lock:
            self.given_up = True
        self._close_if_empty()

    def _close_if_empty(self) -> None:
        with self.lock:  # the last turn and `give_up` may both come here, and so may a turn that began late
            if self.closed or self.turns or not self.given_up:
                return
            self.closed = True
        _closed(self.assistant)
        self.catalogue.close()


class ReloadingAssistant:
    """Keeps the promises of `Assistant` and of `Shop` with whatever version of the index is in use.

    Args:
        folder: of the index.
        make: puts the assistant together for a catalogue.
    """

    def __init__(self, folder: Path, encoders: Encoders, make: Make) -> None:
        """Open the version in use.

        Raises:
            SnapshotError: there is none, or it is damaged.
        """
        self._folder = folder
        encoders = Encoders(RememberedTexts(encoders.text), encoders.picture)
        self._encoders = encoders
        self._make = make
        self._refused = ""
        self._checking = threading.Lock()
        self._ended = threading.Event()
        self._watcher: threading.Thread | None = None
        self._room = self._furnished(LiveCatalogue.open(folder, encoders.text, encoders.picture))

    @property
    def catalogue(self) -> LiveCatalogue:
        """The catalogue in use now."""
        return self._room.catalogue

    @property
    def assistant(self) -> Assistant:
        """What was made for the version in use now."""
        return self._room.assistant

    @property
    def currency(self) -> str:
        """The ISO 4217 code that amounts without one are in."""
        return self._room.catalogue.currency

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._room.catalogue

    def __len__(self) -> int:
        return len(self._room.catalogue)

    def item(self, item_id: ItemId) -> Item:
        """The record.

        Raises:
            UnknownItemError: there is no such item.
        """
        return self._room.catalogue.item(item_id)

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """The turn, of one version and one moment from its beginning to its end. See `Assistant.stream`."""
        room = self._room
        with room.turn() as view:
            updates = room.assistant.stream(ask, cancelled=cancelled)
            while True:
                # Pinned step by step: between two steps the caller may go on in another thread.
                with room.catalogue.pinned(view):
                    try:
                        update = next(updates)
                    except StopIteration:
                        return
                yield update

    def respond(self, ask: Ask) -> Reply:
        """The whole reply to one message, stored.

        Raises:
            UnknownConversationError, ConflictError, BadRequestError: as `Assistant.stream`.
        """
        for update in self.stream(ask):
            if isinstance(update, Done):
                return update.reply
        raise AssertionError("a turn that is not cancelled ends in Done")

    def recommend(self, ask: SceneAsk) -> Shelf:
        """Recommendations for a scene. See `Assistant.recommend`."""
        room = self._room
        with room.turn() as view, room.catalogue.pinned(view):
            return room.assistant.recommend(ask)

    def check(self) -> bool:
        """Take up what is new on the disk, a version or increments; whether there was anything.

        Something damaged is told in the log, once, and the version in use serves on.
        """
        with self._checking:
            try:
                return self._check()
            except WhybuyError as error:
                if str(error) != self._refused:
                    log.error("what is new in the index cannot be used, the old serves on: %s", error)
                self._refused = str(error)
                return False

    def watch(self, every_s: float = 1.0) -> None:
        """Check again and again in a thread of its own, until `close`."""
        self._watcher = threading.Thread(target=self._watch, args=(every_s,), name="index watcher", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop watching and let go of the version on disk."""
        self._ended.set()
        if self._watcher is not None:
            self._watcher.join(timeout=5)
        self._room.give_up()

    def _check(self) -> bool:
        room = self._room
        if snapshot.current_version(self._folder) != room.catalogue.base:
            catalogue = LiveCatalogue.open(self._folder, self._encoders.text, self._encoders.picture)
            self._room = self._furnished(catalogue)
            room.give_up()
            log.info("index %s serves", catalogue.version)
            return True
        changed = room.catalogue.refresh()
        if _words(room.catalogue.view) != room.words:
            # Items have come or gone: the assistant learns the new words. The catalogue stays, and so does its room.
            before = room.assistant
            room.assistant, room.words = self._make(room.catalogue), _words(room.catalogue.view)
            _closed(before)  # its last turns end all the same: only its threads are given back
            changed = True
        return changed

    def _furnished(self, catalogue: LiveCatalogue) -> _Room:
        words = _words(catalogue.view)
        try:
            return _Room(catalogue, self._make(catalogue), words)
        except BaseException:
            catalogue.close()
            raise

    def _watch(self, every_s: float) -> None:
        while not self._ended.wait(every_s):
            try:
                self.check()
            except Exception:  # the watcher must outlive whatever a new version does to the assistant's makers
                log.exception("the new version of the index could not be taken up")


def _closed(assistant: Assistant) -> None:
    if callable(close := getattr(assistant, "close", None)):
        close()


def _words(view: Catalogue) -> tuple[str, int, int]:
    """Changes when items come, go or are called otherwise, or are numbered anew; not for prices and stock."""
    return view.version.partition("+")[0], len(view.state.items), len(view)
