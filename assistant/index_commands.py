"""The commands `whybuy index ...`: build, update, check, search and rollback."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.console import progress, reported, tell
from assistant.places import catalogue_file, index_folder
from assistant.settings import Settings, load_settings
from index.amounts import UnclearAmountError, settled
from index.errors import CatalogueError, SetupError, SnapshotError
from index.filters import ORDERINGS, Condition, Op
from index.language.bounds import bound
from index.offers import as_offered, is_from

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.encoders import Encoders
    from index.jobs import Executor

app = typer.Typer(no_args_is_help=True, help="Build, change, check and search the index of a catalogue.")

FileArgument = Annotated[Path, typer.Argument(help="Feed: JSONL, CSV, TSV, XML, JSON-LD, HTML or Parquet.")]
FormOption = Annotated[
    str | None,
    typer.Option("--form", help="What the feed is: jsonl, merchant_center, shopify, schema_org, table. Else guessed."),
]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", help="File that says which column of a table is which field.")
]
SkipBadOption = Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out instead of refusing the file.")]
CurrencyOption = Annotated[str | None, typer.Option("--currency", help="Currency of prices that name none, e.g. EUR.")]
EngineOption = Annotated[
    str, typer.Option("--engine", help="Where embedding runs: local, or ray (pip install 'whybuy\\[scale]').")
]
CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", help="The feed whose index is meant; the configured one, else the embedded shop's."),
]
FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="The folder of the index itself, in place of --catalogue.")
]

_WHERE = re.compile(r"\s*([^<>=!]+?)\s*(<=|>=|!=|=|<|>)\s*(.+?)\s*")


@app.command()
def build(
    file: FileArgument,
    form: FormOption = None,
    mapping: MappingOption = None,
    skip_bad: SkipBadOption = False,
    currency: CurrencyOption = None,
    alike: Annotated[
        float | None,
        typer.Option("--alike", min=0.01, max=1, help="Report items whose words are so alike, e.g. 0.85; they stay."),
    ] = None,
    engine: EngineOption = "local",
    folder: FolderOption = None,
) -> None:
    """Build the index of FILE; a second call with nothing changed is done at once.

    A build that was interrupted goes on where it stopped. Readers keep the version before until the new one is whole.
    """
    settings = _settings(file, skip_bad, currency)
    with reported(), progress() as bars:
        from index.build import build as build_index

        catalogue_file(settings)  # before any model is loaded: nobody should wait to learn of a wrong path
        where = folder or index_folder(settings)
        executor = _executor(engine, settings)
        report = build_index(
            file,
            where,
            _encoders(settings),
            on_bad_row=settings.on_bad_row,
            default_currency=settings.currency,
            progress=bars,
            form=_form(form),
            mapping=mapping,
            near_duplicates=alike,
            executor=executor,
            engine=settings.vectors,
        )
    _tell_report(report, "unchanged" if report.reused else "built")


@app.command()
def update(
    file: Annotated[
        Path | None, typer.Argument(help="Feed of items to put in; those there already are replaced.")
    ] = None,
    delete: Annotated[
        Path | None, typer.Option("--delete", help="File of ids to take out, one a line; - reads standard input.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="FILE is the whole catalogue: take out what it lacks.")] = False,
    form: FormOption = None,
    mapping: MappingOption = None,
    skip_bad: SkipBadOption = False,
    currency: CurrencyOption = None,
    engine: EngineOption = "local",
    catalogue: CatalogueOption = None,
    folder: FolderOption = None,
) -> None:
    """Put items in and take others out; only what changed is embedded. Without FILE: work all increments in."""
    settings = _settings(catalogue, skip_bad, currency)
    with reported(), progress() as bars:
        if full and file is None:
            raise SetupError("--full needs a FILE", hint="whybuy index update --full FILE")
        from index.build import update as update_index
        from index.feeds.open import read_feed

        feed = file and read_feed(
            file,
            on_bad_row=settings.on_bad_row,
            default_currency=settings.currency,
            mapping=mapping,
            form=_form(form),
            outward_links=True,
        )
        report = update_index(
            folder or index_folder(settings),
            _encoders(settings),
            feed=feed,
            delete=_ids(delete),
            full=full,
            progress=bars,
            executor=_executor(engine, settings),
        )
    _tell_report(report, "unchanged" if report.reused else "updated")


@app.command()
def check(catalogue: CatalogueOption = None, folder: FolderOption = None) -> None:
    """Read every byte of every version, and say what is there and whether it is whole."""
    settings = _settings(catalogue)
    with reported():
        from index.durable.checking import check as check_index

        where = folder or index_folder(settings)
        found = check_index(where)
    typer.echo(f"{where}")
    for one in found:
        mark = "*" if one.in_use else " "
        if one.fault:
            typer.echo(f"{mark} {one.version}  DAMAGED: {one.fault}")
            continue
        before, after = one.items
        changed = f", {after} after {one.changes} changes" if one.changes else ""
        typer.echo(f"{mark} {one.version}  {one.created}  {before} items{changed}, {one.size / 2**20:.1f} MiB, whole")
        if one.in_use and one.index is not None:
            facts = ", ".join(f"{name} {value}" for name, value in one.index.items() if name not in ("kind", "why"))
            typer.echo(f"  index: {one.index.get('kind')} of {one.dim} dimensions ({facts})")
            typer.echo(f"  why: {one.index.get('why', '')}")
            typer.echo(f"  models: {one.models[0]} for words, {one.models[1]} for pictures")
    if any(one.fault for one in found):
        with reported():
            raise SnapshotError(
                "the index is damaged", hint="go back with whybuy index rollback, or rebuild with whybuy index build"
            )


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What to look for; may be empty beside --picture.")] = "",
    picture: Annotated[
        Path | None, typer.Option("--picture", help="JPEG, PNG or WebP that it should look like.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where", help="Condition, e.g. 'price<=80', 'color=blue|red', 'brand!=Alba', 'rating>=4', 'kind=jacket'."
        ),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many items.")] = 10,
    sold_out: Annotated[bool, typer.Option("--sold-out", help="Also what cannot be bought now.")] = False,
    catalogue: CatalogueOption = None,
    folder: FolderOption = None,
) -> None:
    """Print the items nearest to words, a picture, or both, among those that meet every condition."""
    settings = _settings(catalogue)
    with reported():
        from index.catalogue import Catalogue, Query
        from index.sight.pictures import read_picture

        place = folder or index_folder(settings)
        seen = read_picture(picture) if picture else None
        encoders = _encoders(settings)
        opened = Catalogue.open(place, encoders.text, encoders.picture)
        conditions = [condition(one, opened.currency) for one in where or ()]
        for one in conditions:
            if not opened.has_field(one.field):
                raise SetupError(f"no item has a field {one.field!r}", hint="whybuy index search --help shows examples")
        conditions = [_settled(one, opened.units(one.field)) for one in conditions]
        hits = opened.search(Query(words, seen), k, conditions, in_stock=not sold_out)
        for rank, hit in enumerate(hits, 1):
            item = as_offered(opened.item(hit.item_id), conditions)
            price = f"from {item.price}" if is_from(item) else item.price or "no price"
            typer.echo(f"{rank:3}. {hit.score:.3f}  {item.id}  {item.title}  {price}")
    if not hits:
        tell("nothing meets all conditions")


@app.command()
def rollback(catalogue: CatalogueOption = None, folder: FolderOption = None) -> None:
    """Go back to the version before the one in use, once every byte of it has been checked."""
    settings = _settings(catalogue)
    with reported():
        from index import snapshot

        version = snapshot.rollback(folder or index_folder(settings))
    typer.echo(f"version {version} is in use; a running server takes it up within a second or two")


def condition(text: str, currency: str) -> Condition:
    """A condition as typed: `price<=80`, `color=blue|red`.

    Raises:
        SetupError: it cannot be read; the hint shows how one looks.
    """
    found = _WHERE.fullmatch(text)
    if found is None:
        raise SetupError(f"{text!r} is no condition", hint="e.g. --where 'price<=80' --where 'color=blue|red'")
    field, op, value = found[1].casefold(), Op(found[2]), found[3]
    if field == "price":
        from index.feeds.fields import BadFieldError, currency_of

        amount, _, code = value.partition(" ")
        try:
            return Condition(field, op, bound(op, amount, currency_of(code.strip(), currency) or ""))
        except BadFieldError as error:
            raise SetupError(f"{code!r} is no ISO 4217 currency code", hint="e.g. --where 'price<=80 EUR'") from error
        except (ArithmeticError, ValueError, KeyError) as error:
            raise SetupError(f"{value!r} is no price", hint="e.g. --where 'price<=80' or 'price<=80 EUR'") from error
    if field != "rating" and op in ORDERINGS:
        return Condition(field, op, value)
    if field == "rating":
        try:
            return Condition(field, op, float(value))
        except ValueError as error:
            raise SetupError(f"{value!r} is no number", hint="e.g. --where 'rating>=4'") from error
    wanted = tuple(part.strip() for part in value.split("|"))
    return Condition(field, Op.IN if op is Op.EQ else Op.NOT_IN, wanted)


def _settled(condition: Condition, units: Sequence[str]) -> Condition:
    try:
        return settled(condition, units)
    except UnclearAmountError as error:
        raise SetupError(f"{condition.field} {error}", hint="e.g. --where 'weight<=300 g'") from error


def _settings(catalogue: Path | None, skip_bad: bool = False, currency: str | None = None) -> Settings:
    on_bad_row: Literal["skip"] | None = "skip" if skip_bad else None
    with reported():
        return load_settings(catalogue=catalogue, on_bad_row=on_bad_row, currency=currency)
    raise AssertionError("unreachable: an error ends the command")


def _encoders(settings: Settings) -> "Encoders":
    from index.encoders import Encoders, load_image_encoder, load_text_encoder

    return Encoders(load_text_encoder(settings.text_model), load_image_encoder(settings.picture_model))


def _executor(engine: str, settings: Settings) -> "Executor":
    from index.encoders import load_image_encoder, load_text_encoder
    from index.jobs import LocalExecutor, RayExecutor

    if engine == "local":
        return LocalExecutor()
    if engine == "ray":
        return RayExecutor(
            partial(load_text_encoder, settings.text_model), partial(load_image_encoder, settings.picture_model)
        )
    raise SetupError(f"there is no engine {engine!r}", hint="--engine local, or --engine ray")


def _form(form: str | None) -> Literal["jsonl", "merchant_center", "shopify", "schema_org", "table"] | None:
    from index.feeds.open import FORMS

    for known in FORMS:
        if form == known:
            return known
    if form is not None:
        raise SetupError(f"there is no form {form!r}", hint=f"--form is one of {', '.join(FORMS)}")
    return None


def _ids(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        text = typer.get_text_stream("stdin").read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"'{path}' cannot be read", hint="--delete wants a text file, one id a line") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _tell_report(report: "BuildReport", done: str) -> None:
    for fault in report.faults:
        tell(str(fault), "yellow")
    for item_id in report.unknown:
        tell(f"{item_id!r} is not in the catalogue: nothing to take out", "yellow")
    left_out = sum(fault.loses_item for fault in report.faults)
    typer.echo(
        f"version {report.version}: {report.items} items, {left_out} rows left out, {report.seconds:.1f} s ({done})"
    )
