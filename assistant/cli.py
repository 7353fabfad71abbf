"""The command `whybuy`. Heavy imports wait until a command needs them."""

import importlib
import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.console import err, progress, reported, tell
from assistant.events_commands import app as events_app
from assistant.index_commands import app as index_app
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.assembly import House

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A shopping assistant that can prove its reasons.")
app.add_typer(index_app, name="index")
app.add_typer(events_app, name="events")

CatalogueOption = Annotated[
    Path | None, typer.Option("--catalogue", help="Feed of items, in any form we read; the embedded shop without it.")
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
    catalogue: CatalogueOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that answer, over one database.")] = None,
    skip_bad: SkipBadOption = False,
) -> None:
    """Serve the chat page and the API, without demo shoppers."""
    _serve(_settings(catalogue, skip_bad, host=host, port=port, workers=workers), demo=False)


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


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def evaluate(context: typer.Context) -> None:
    """Measure every candidate source, the user model and the ranker on a history, or, as `evaluate llm`, the language
    model's reading and wording; `--help` lists the options.
    """
    model = context.args[:1] == ["llm"]
    # Serving does not depend on training: the command finds it by name, where it is installed.
    try:
        measure = importlib.import_module("finetune.llm_evaluate" if model else "finetune.evaluate")
    except ModuleNotFoundError as error:
        err.print(f"Error: {error}\nHint: pip install 'whybuy[train]'", style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    with reported():
        measure.main(context.args[1:] if model else context.args)


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
    with reported():
        return load_settings(catalogue=catalogue, on_bad_row=on_bad_row, **more)
    raise AssertionError("unreachable: an error ends the command")


def _serve(settings: Settings, *, demo: bool) -> None:
    if settings.workers > 1:
        with reported(), progress() as bars:
            from assistant.assembly import build_index
            from assistant.web.server import run_workers

            build_index(settings, bars)  # once, before every worker opens it
        with reported():
            run_workers(settings, demo=demo)
        return
    with _house(settings, demo=demo) as house:
        from assistant.web.server import run

        run(house)


@contextmanager
def _house(settings: Settings, *, demo: bool) -> Generator["House"]:
    """An assembled house, with a progress bar while it is made and errors told in words."""
    for line in settings.shown():
        logging.getLogger(__name__).info(line)
    with reported():
        with progress() as bars, err.status("Loading models"):
            from assistant.assembly import assemble

            house = assemble(settings, progress=bars, demo=demo)
        for fault in house.built.faults:
            tell(f"left out: {fault}", "yellow")
        try:
            yield house
        finally:
            house.close()
