"""The commands `whybuy events`: histories from files, and what is kept of one shopper shown and forgotten."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import reported, tell
from assistant.places import database_url
from assistant.settings import Settings, load_settings
from index.errors import SetupError

if TYPE_CHECKING:
    from assistant.storage.database import Database

CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", help="Feed of the shop it happened in; without it, the embedded one."),
]
UserOption = Annotated[str, typer.Option("--user", help="Id of the shopper.")]

app = typer.Typer(no_args_is_help=True, help="What shoppers did.")


@app.callback()
def events() -> None:
    """What shoppers did."""


@app.command("import")
def events_import(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet file with a row for each event.")],
    catalogue: CatalogueOption = None,
    mapping: Annotated[
        str, typer.Option("--mapping", help="Columns of other names: 'shopper=Customer ID,kind:=purchase'.")
    ] = "",
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave bad rows out instead of refusing the file.")
    ] = False,
) -> None:
    """Keep what FILE says shoppers did: columns shopper, item, kind, time, value. A second time nothing changes."""
    with reported():
        from assistant.sold import sold_items
        from assistant.storage.database import Database
        from assistant.storage.event_files import Columns, import_events
        from assistant.storage.events import StoredEvents

        settings = load_settings(catalogue=catalogue)
        columns = Columns.read(mapping)
        sold = sold_items(settings)  # before anything is written: there may be no such shop
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = Database.open(database_url(settings))
        try:
            report = import_events(file, StoredEvents(database), columns, skip_bad=skip_bad, sold=sold)
        finally:
            database.close()
    for fault in report.faults:
        tell(f"left out: {fault}", "yellow")
    typer.echo(
        f"{report.rows} rows: {report.stored} new, {report.duplicates} known already, {report.left_out} left out"
    )
    if report.strangers:
        typer.echo(
            f"{report.strangers} of them are of items that this shop does not have: they are kept, and weigh nothing"
        )


@app.command("export")
def events_export(user: UserOption, catalogue: CatalogueOption = None) -> None:
    """Print everything kept of one shopper, events and conversations, as JSON lines."""
    with reported(), _database(load_settings(catalogue=catalogue)) as database:
        from assistant.storage.privacy import exported

        lines = 0
        for line in exported(database, user):
            typer.echo(line)
            lines += 1
    if not lines:
        tell("nothing is kept of this shopper")


@app.command("forget")
def events_forget(user: UserOption, catalogue: CatalogueOption = None) -> None:
    """Delete everything kept of one shopper, for good. A server that runs knows nothing of them in its next answer."""
    with reported(), _database(load_settings(catalogue=catalogue)) as database:
        from assistant.storage.privacy import forget

        gone = forget(database, user)
    typer.echo(f"forgotten: {gone.events} events, {gone.conversations} conversations")


@contextmanager
def _database(settings: Settings) -> Generator["Database"]:
    """The database of a shop that has one: a mistyped path must not look like a shopper nobody knows."""
    from assistant.storage.database import Database

    url = database_url(settings)
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).is_file():
        raise SetupError("no history is kept for this catalogue", hint="name the feed that is served with --catalogue")
    database = Database.open(url)
    try:
        yield database
    finally:
        database.close()
