"""The command `whybuy`. Heavy imports wait until a command needs them."""

import logging
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.settings import Settings, load_settings
from index.errors import CatalogueError, WhybuyError

if TYPE_CHECKING:
    from assistant.assembly import House

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A shopping assistant that can prove its reasons.")
index_app = typer.Typer(no_args_is_help=True, help="Build and look into the index of a catalogue.")
app.add_typer(index_app, name="index")

err = Console(stderr=True)

CatalogueOption = Annotated[
    Path | None, typer.Option("--catalogue", help="JSONL file of items; the embedded shop without it.")
]
PortOption = Annotated[int | None, typer.Option("--port", help="Port to listen on.")]
HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]
SkipBadOption = Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out instead of refusing the file.")]


@app.command()
def demo(
    catalogue: CatalogueOption = None, host: HostOption = None, port: PortOption = None, skip_bad: SkipBadOption = False
) -> None:
    """Serve the chat page and the API on the embedded shop, or on a catalogue of yours."""
    _serve(_settings(catalogue, skip_bad, host=host, port=port), demo=True)


@app.command()
def serve(
    catalogue: CatalogueOption = None, host: HostOption = None, port: PortOption = None, skip_bad: SkipBadOption = False
) -> None:
    """Serve the chat page and the API, without demo shoppers."""
    _serve(_settings(catalogue, skip_bad, host=host, port=port), demo=False)


@app.command()
def chat(
    catalogue: CatalogueOption = None,
    shopper: Annotated[str | None, typer.Option(help="Shopper whose history counts; see the demo's list.")] = None,
    skip_bad: SkipBadOption = False,
) -> None:
    """Talk in the terminal. An empty line ends the conversation."""
    from assistant.terminal import converse

    with _house(_settings(catalogue, skip_bad), demo=True) as house:
        converse(house, shopper)


@index_app.command("build")
def index_build(
    file: Annotated[Path, typer.Argument(help="JSONL file of items.")], skip_bad: SkipBadOption = False
) -> None:
    """Build the index of FILE; a second call with nothing changed is done at once."""
    settings = _settings(file, skip_bad)
    with _reported(), _progress() as progress:
        from assistant.assembly import build_index

        report, _ = build_index(settings, progress)
    for fault in report.faults:
        err.print(str(fault), style="yellow", markup=False, highlight=False, soft_wrap=True)
    typer.echo(
        f"version {report.version}: {report.items} items, {len(report.faults)} rows left out, {report.seconds:.1f} s"
    )


def main() -> None:
    """Entry point of the command."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.basicConfig(
        level=os.environ.get("WHYBUY_LOG", "WARNING").upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    app()


def _settings(catalogue: Path | None, skip_bad: bool, **more: object) -> Settings:
    on_bad_row: Literal["refuse", "skip"] | None = "skip" if skip_bad else None
    with _reported():
        return load_settings(catalogue=catalogue, on_bad_row=on_bad_row, **more)
    raise AssertionError("unreachable: an error ends the command")


def _serve(settings: Settings, *, demo: bool) -> None:
    with _house(settings, demo=demo) as house:
        from assistant.web.server import run

        run(house)


@contextmanager
def _house(settings: Settings, *, demo: bool) -> Generator["House"]:
    """An assembled house, with a progress bar while it is made and errors told in words."""
    for line in settings.shown():
        logging.getLogger(__name__).info(line)
    with _reported():
        with _progress() as progress, err.status("Loading models"):
            from assistant.assembly import assemble

            house = assemble(settings, progress=progress, demo=demo)
        for fault in house.built.faults:
            err.print(f"left out: {fault}", style="yellow", markup=False, highlight=False, soft_wrap=True)
        try:
            yield house
        finally:
            house.close()


@contextmanager
def _progress() -> Generator["_Bars"]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    ) as bars:
        yield _Bars(bars)


class _Bars:
    """One bar per stage, made when the stage is first heard of."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, object] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)  # type: ignore[arg-type]


@contextmanager
def _reported() -> Generator[None]:
    """Our errors become a message, a hint and exit code 1; a keyboard interrupt ends quietly."""
    try:
        yield
    except WhybuyError as error:
        err.print(f"Error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        if isinstance(error, CatalogueError):
            for row in error.rows[:20]:
                err.print(f"  {row}", markup=False, highlight=False, soft_wrap=True)
            if len(error.rows) > 20:
                err.print(f"  and {len(error.rows) - 20} more", markup=False, highlight=False, soft_wrap=True)
        if error.hint:
            err.print(f"Hint: {error.hint}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
