"""How fast recommendations are: `python -m bench.recommendations [--items 50000] [--rate 150] [--seconds 60]`.

A made shop (see `bench.made_shop`) is served over HTTP by worker processes, two of them unless told otherwise, as
`whybuy serve --workers 2` starts them. Requests come open loop: their moments are drawn beforehand as a Poisson
process, and a request's time runs from its moment, not from when a connection was free. Then events are sent, and timed
until the shopper's ranking, asked for again, has changed. Nothing may run beside it, but the client that asks runs on
the same cores; what it takes of them is told, and the load of the machine before it began. `--out FILE` keeps the
table.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from socket import socket
from string import Template

import numpy as np

from bench.made_shop import DEPARTMENTS, LOOKS, STUFFS

WORKERS = 2
_SEARCHES = (
    "a $look $stuff $thing please",
    "something $look for $purpose",
    "$look $thing under $price",
    "$thing for $purpose",
    "$stuff $thing not by Alba",
)
_PURPOSES = "hiking reading cooking travel winter work school rain bed".split()


@dataclass(slots=True)
class Measured:
    """Milliseconds of the answers with status 200, how many had another status (0: the line broke), and CPU seconds."""

    ms: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])
    server_s: float = float("nan")
    client_s: float = float("nan")

    def row(self, what: str) -> str:
        """A line of the table."""
        p50, p95, p99 = np.percentile(self.ms, [50, 95, 99]) if self.ms else (float("nan"),) * 3
        count = sum(self.statuses.values())
        # Over answers alone: a request turned away costs next to nothing and would make the others look cheap.
        cpu = [f"{seconds * 1000 / max(1, len(self.ms)):.1f}" for seconds in (self.server_s, self.client_s)]
        cells = (what, len(self.ms), count - self.statuses[200], f"{p50:.1f}", f"{p95:.1f}", f"{p99:.1f}", *cpu)
        return f"| {' | '.join(map(str, cells))} |"


HEAD = (
    "| | answers | errors | p50 ms | p95 ms | p99 ms | CPU of the servers, ms an answer | of the client |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds that processes have used; NaN where the system does not tell."""

    pids: Sequence[int]

    def servers(self) -> float:
        """Of the servers."""
        try:
            lines = [Path(f"/proc/{pid}/stat").read_text(encoding="utf-8") for pid in self.pids]
        except OSError:
            return float("nan")
        told = [line.rpartition(")")[2].split() for line in lines]  # the name before may hold anything
        return sum(int(one[11]) + int(one[12]) for one in told) / os.sysconf("SC_CLK_TCK")


class Client:
    """Keep-alive connections to one address, opened as they are needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, body: object) -> tuple[int, bytes]:
        """Status and body of the answer.

        Raises:
            OSError, asyncio.IncompleteReadError: the server cannot be reached, or hung up.
        """
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        asked = f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data
        while self._free:
            line = self._free.pop()
            try:
                return await self._answer(*line, asked)
            except (OSError, asyncio.IncompleteReadError):
                line[1].close()  # idle for so long that the server has hung up: it has read nothing
        return await self._answer(*await asyncio.open_connection("127.0.0.1", self._port), asked)

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes
    ) -> tuple[int, bytes]:
        writer.write(asked)
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length"))
        answer = await reader.readexactly(length)
        self._free.append((reader, writer))
        return int(lines[0].split()[1]), answer


async def open_loop(client: Client, bodies: Sequence[object], rate: float, draw: random.Random, cpu: Cpu) -> Measured:
    """Send every body at its moment, whatever has become of the ones before."""
    measured = Measured()
    servers, mine, begun = cpu.servers(), time.process_time(), time.perf_counter()

    async def one(body: object, moment: float) -> None:
        try:
            status, _ = await client.post("/v1/recommendations", body)
        except (OSError, asyncio.IncompleteReadError):
            status = 0
        measured.statuses[status] += 1
        if status == 200:
            measured.ms.append((time.perf_counter() - begun - moment) * 1000)

    moment = 0.0
    async with asyncio.TaskGroup() as tasks:
        for body in bodies:
            moment += draw.expovariate(rate)
            await asyncio.sleep(max(0.0, begun + moment - time.perf_counter()))
            tasks.create_task(one(body, moment))
    measured.server_s, measured.client_s = cpu.servers() - servers, time.process_time() - mine
    return measured


async def freshness(client: Client, shoppers: Sequence[str]) -> tuple[Measured, int]:
    """From the moment an event is acknowledged to a ranking that heeds it; and how many rankings did not change."""
    measured, unchanged = Measured(), 0
    for shopper in shoppers:
        ask = {"scene": "home", "user_id": shopper, "k": 10}
        before = _ids((await client.post("/v1/recommendations", ask))[1])
        event = {"user_id": shopper, "kind": "dislike", "item_id": before[0]}
        status, _ = await client.post("/v1/events", event)
        stored = time.perf_counter()
        answered, body = await client.post("/v1/recommendations", ask)
        measured.ms.append((time.perf_counter() - stored) * 1000)
        measured.statuses[max(status, answered)] += 1
        unchanged += _ids(body) == before
    return measured, unchanged


def typed(draw: random.Random) -> str:
    """What a shopper types; seldom the same twice, so that no vector of it is remembered."""
    return Template(draw.choice(_SEARCHES)).substitute(
        look=draw.choice(LOOKS.split()),
        stuff=draw.choice(STUFFS.split()),
        thing=draw.choice(draw.choice(list(DEPARTMENTS.values())).split()),
        purpose=draw.choice(_PURPOSES),
        price=draw.randrange(10, 200),
    )


def _ids(body: bytes) -> list[str]:
    return [each["item"]["id"] for each in json.loads(body)["recommendations"]]


def serve(folder: Path, bound: socket) -> None:
    """What a worker does."""
    import torch

    from assistant.assembly import assemble
    from assistant.settings import load_settings
    from assistant.web.server import serve_on
    from bench.made_shop import MadeEncoder
    from index.encoders import Encoders, load_text_encoder
    from index.testing import ColourImageEncoder

    settings = load_settings(data_dir=folder, catalogue=folder / "shop.jsonl", llm="none", llm_threads=1)
    torch.set_num_threads(1)
    house = assemble(settings, encoders=Encoders(MadeEncoder(load_text_encoder()), ColourImageEncoder()))
    try:
        serve_on(bound, house)
    finally:
        house.close()


def prepare(folder: Path, items: int, shoppers: int) -> None:
    """The shop, its index and the log of its shoppers, where they are not there yet."""
    from assistant.assembly import assemble
    from assistant.settings import load_settings
    from bench.made_shop import MadeEncoder, made_events, write_catalogue
    from index.encoders import Encoders, load_text_encoder
    from index.testing import ColourImageEncoder

    if not (folder / "shop.jsonl").is_file():
        write_catalogue(folder / "shop.jsonl", items)
    settings = load_settings(data_dir=folder, catalogue=folder / "shop.jsonl", llm="none", refit_s=0)
    house = assemble(settings, encoders=Encoders(MadeEncoder(load_text_encoder()), ColourImageEncoder()))
    if not house.events.of("shopper-00000"):
        batch = list(made_events(shoppers, items))
        for start in range(0, len(batch), 2000):
            house.events.add(batch[start : start + 2000])
    house.close()


async def measure(port: int, cpu: Cpu, given: argparse.Namespace) -> list[str]:
    """Run all scenes; the table of their figures."""
    client, draw = Client(port), random.Random(given.seed)
    while True:
        try:
            if (await client.post("/v1/recommendations", {"scene": "home", "k": 10}))[0] == 200:
                break
        except (OSError, asyncio.IncompleteReadError):
            pass
        await asyncio.sleep(0.5)
    shopper = lambda: f"shopper-{draw.randrange(given.shoppers):05d}"  # noqa: E731  # said in one place, used in two
    count = int(given.rate * given.seconds)
    home = [{"scene": "home", "user_id": shopper(), "k": 10} for _ in range(count)]
    search = [
        {"scene": "search", "query": typed(draw), "user_id": shopper(), "k": 10}
        for _ in range(int(given.search_rate * given.seconds / 2))
    ]
    await open_loop(client, home[: int(given.rate * 5)], given.rate / 3, draw, cpu)  # warms all workers
    found = [HEAD, (await open_loop(client, home, given.rate, draw, cpu)).row(f"home, {given.rate:g} a second")]
    searched = await open_loop(client, search, given.search_rate, draw, cpu)
    found.append(searched.row(f"search with words, {given.search_rate:g} a second"))
    measured, unchanged = await freshness(client, [f"shopper-{n:05d}" for n in range(100)])
    return [*found, measured.row("event stored to ranking changed"), f"\n{unchanged} of 100 rankings did not change."]


def main() -> None:
    """Serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--shoppers", type=int, default=5_000)
    parser.add_argument("--rate", type=float, default=150.0)
    parser.add_argument("--search-rate", type=float, default=20.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="folder to keep shop and index in")
    parser.add_argument("--out", type=Path, help="Markdown file to write the table to")
    given = parser.parse_args()
    from assistant.web.workers import Workers, bind

    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(folder, given.items, given.shoppers)
        bound = bind("127.0.0.1", 0)
        with Workers(partial(serve, folder, bound), given.workers) as workers:
            table = asyncio.run(measure(bound.getsockname()[1], Cpu(workers.pids), given))
    said = (
        f"{given.items} items, {given.shoppers} shoppers of 20 events, {given.workers} workers (as `whybuy serve "
        f"--workers {given.workers}` starts them), {given.seconds:g} s, seed {given.seed}; {os.cpu_count()} cores, the "
        f"client on the same; load {load:.1f} before it began, {os.getloadavg()[0]:.1f} at the end, its own included."
    )
    print("\n".join([said, "", *table]))
    if given.out:
        title = (
            "# Recommendations: how fast\n\nWritten by `python -m bench.recommendations --out`. Not edited by hand.\n"
        )
        given.out.write_text("\n".join([title, said, "", *table, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
