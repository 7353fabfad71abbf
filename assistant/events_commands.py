"""The commands `whybuy events`: histories from files."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.console import reported, tell
from assistant.places import database_url
from assistant.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="What shoppers did.")


@app.callback()
def events() -> None:
    """What shoppers did."""


@app.command("import")
def events_import(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet file with a row for each event.")],
    catalogue: Annotated[
        Path | None,
        typer.Option("--catalogue", help="Feed of the shop it happened in; without it, the embedded one."),
    ] = None,
    mapping: Annotated[
        str, typer.Option("--mapping", help="Columns of other names: 'shopper=Customer ID,kind:=purchase'.")
    ] = "",
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave bad rows out instead of refusing the file.")
    ] = False,
) -> None:
    """Keep what FILE says shoppers did: columns shopper, item, kind, time, value. A second time nothing changes."""
    with reported():
        from assistant.storage.database import Database
        from assistant.storage.event_files import Columns, import_events
        from assistant.storage.events import StoredEvents

        settings = load_settings(catalogue=catalogue)
        columns = Columns.read(mapping)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = Database.open(database_url(settings))
        try:
            report = import_events(file, StoredEvents(database), columns, skip_bad=skip_bad)
        finally:
            database.close()
    for fault in report.faults:
        tell(f"left out: {fault}", "yellow")
    typer.echo(
        f"{report.rows} rows: {report.stored} new, {report.duplicates} known already, {report.left_out} left out"
    )
