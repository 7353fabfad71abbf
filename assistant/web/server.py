"""API and page in one process, on one port."""

import socket

import typer
import uvicorn
from fastapi import FastAPI

from assistant.assembly import House
from assistant.dialogue.ledger import describe
from assistant.web.api import create_api
from assistant.web.page import build_page, mount
from index.catalogue import Query
from index.errors import SetupError


def application(house: House) -> FastAPI:
    """The API with the page at `/`. Ready once catalogue, encoder and database have answered a real query."""
    probes = {
        "index": lambda: house.catalogue.search(Query(text="a present"), 1),
        "database": house.database.ping,
    }
    api = create_api(house.engine, house.events, catalogue=house.catalogue, probes=probes, label=describe)
    page = build_page(
        house.engine,
        house.events,
        house.catalogue,
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
    host, port = house.settings.host, house.settings.port
    bound = _bind(host, port)
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


def _bind(host: str, port: int) -> socket.socket:
    # Bound here, as a TCP socket by name: uvicorn would lose TCP_NODELAY otherwise and cost every answer 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SetupError(
            f"cannot listen on {host} port {port}", hint="choose another with --port (make demo PORT=...)"
        ) from error
    return bound
