"""API and page on one port, by one process or several."""

import socket
from functools import partial

import typer
import uvicorn
from fastapi import FastAPI

from assistant.assembly import House
from assistant.dialogue.ledger import describe
from assistant.settings import Settings
from assistant.web.api import create_api
from assistant.web.page import build_page, mount
from assistant.web.workers import Workers, bind
from index.catalogue import Query


def application(house: House) -> FastAPI:
    """The API with the page at `/`. Ready once catalogue, encoder and database have answered a real query."""
    probes = {
        "index": lambda: house.catalogue.search(Query(text="a present"), 1),
        "database": house.database.ping,
    }
    api = create_api(house.engine, house.events, catalogue=house.engine, probes=probes, label=describe)
    page = build_page(
        house.engine,
        house.events,
        house.engine,
        shop_name=house.shop_name,
        shoppers=house.shoppers,
        examples=house.examples,
        locale=house.settings.locale,
        label=describe,
    )
    return mount(api, page)


def run(house: House) -> None:
    """Serve until interrupted; what is being answered then is finished first.

    Raises:
        SetupError: the port cannot be had.
    """
    serve_on(bind(house.settings.host, house.settings.port), house)


def run_workers(settings: Settings, *, demo: bool = False) -> None:
    """Serve by `settings.workers` processes over one port and one database, until interrupted.

    Each worker makes a house of its own; what one stores the others have in their very next answer. A worker that dies
    is replaced; when none comes up at all, the command ends.

    Raises:
        SetupError: the port cannot be had, or no worker can start.
    """
    bound = bind(settings.host, settings.port)
    with Workers(partial(_work, settings, demo, bound), settings.workers) as workers:
        workers.watch()


def _work(settings: Settings, demo: bool, bound: socket.socket) -> None:
    """What a worker process does."""
    from assistant.assembly import assemble

    house = assemble(settings, demo=demo)
    try:
        serve_on(bound, house)
    finally:
        house.close()


def serve_on(bound: socket.socket, house: House) -> None:
    """Serve on a bound socket, which other processes may share, until interrupted."""
    host, port = house.settings.host, bound.getsockname()[1]
    config = uvicorn.Config(
        application(house), log_level="warning", server_header=False, timeout_graceful_shutdown=30, access_log=False
    )
    _Announcing(config, f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}").run(sockets=[bound])


class _Announcing(uvicorn.Server):
    """Says where it is once it can be reached."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            typer.echo(f"whybuy is ready: {self._address}  (Ctrl+C ends it)")
