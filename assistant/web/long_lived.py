"""Spares answers the wait for Python's garbage collector to look through everything that lives as long as we do.

A catalogue of 50,000 items is more than a million objects. The collector goes through all of them whenever enough new
ones have come, for up to a second in which nobody is answered, and finds nothing: they are needed. So what outlives a
long round is set aside, and rounds stay short.
"""

import gc
import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Literal

log = logging.getLogger(__name__)

_LONG_S = 0.02
"""A round that takes longer has gone through much that stays."""
_OLD_S = 900.0
"""How long what was set aside stays unlooked at: versions of the catalogue that nobody needs any more may be in it."""
_YOUNG = 20_000
"""So many new objects begin a round, in place of Python's 700: an answer makes thousands, and frees them itself."""


class LongLived:
    """Hears of the collector's rounds. Plain reference counting goes on freeing what is set aside and given up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = 0.0
        self._looked_through = clock()

    def __call__(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        """What `gc.callbacks` calls before and after a round."""
        if info["generation"] < 2:
            return
        now = self._clock()
        if phase == "start":
            self._begun = now
            if now - self._looked_through > _OLD_S:
                self._looked_through = now
                gc.unfreeze()
        elif now - self._begun > _LONG_S:
            gc.freeze()

    @contextmanager
    def set_aside(self) -> Generator[None]:
        """Inside, what is there now and what outlives a long round later is not looked through again and again."""
        before = gc.get_threshold()
        gc.set_threshold(_YOUNG, *before[1:])
        gc.collect()
        gc.freeze()
        gc.callbacks.append(self)
        log.debug("%d objects set aside", gc.get_freeze_count())
        try:
            yield
        finally:
            gc.callbacks.remove(self)
            gc.unfreeze()
            gc.set_threshold(*before)
