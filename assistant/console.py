"""What commands share: messages and progress bars on standard error, and errors told in words."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from index.errors import WhybuyError

err = Console(stderr=True)

_ROWS_SHOWN = 20
_EVERY_S = 10.0


class Bars:
    """One bar per stage, made when the stage is first heard of."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


class Lines:
    """A line every ten seconds, for a log: bars are drawn on a terminal only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told = clock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._clock() - self._told >= _EVERY_S:
            self._told = self._clock()
            tell(f"{stage}: {done:,} of {total:,}")


@contextmanager
def progress() -> Generator[Bars | Lines]:
    """Bars that go away when the work is done; lines where no terminal shows bars."""
    if not err.is_terminal:
        yield Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bars:
        yield Bars(bars)


@contextmanager
def reported() -> Generator[None]:
    """Our errors become a message, a hint and exit code 1; a keyboard interrupt ends quietly."""
    try:
        yield
    except WhybuyError as error:
        rows: tuple[str, ...] = getattr(error, "rows", ())  # of a file refused for what its rows say
        message = str(error).removesuffix(f": {rows[0]}") if rows else str(error)  # the first is told with the others
        err.print(f"Error: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
        for row in rows[:_ROWS_SHOWN]:
            tell(f"  {row}")
        if len(rows) > _ROWS_SHOWN:
            tell(f"  and {len(rows) - _ROWS_SHOWN} more")
        if error.hint:
            tell(f"Hint: {error.hint}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def tell(line: str, style: str = "") -> None:
    """A line on standard error, as it is."""
    err.print(line, style=style or None, markup=False, highlight=False, soft_wrap=True)
