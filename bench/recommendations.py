"""How fast recommendations are: `python -m bench.recommendations [--items 50000] [--rate 150] [--seconds 60]`.

A made shop (see `bench.made_shop`) is served by worker processes over HTTP. Requests come open loop: their moments are
drawn beforehand as a Poisson process, and a request's time runs from its moment, not from when a connection was free.
Then events are sent, and timed until the shopper's ranking, asked for again, has changed. Nothing may run beside it.
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

import numpy as np

WORKERS = 2
_PAGES = ("a red wool jacket please", "something warm for hiking", "blue mug under 40", "lamp for reading in bed")


@dataclass(slots=True)
class Measured:
    """Milliseconds of the answers with status 200, and how many had another status."""

    ms: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])

    def __str__(self) -> str:
        p50, p95, p99 = np.percentile(self.ms, [50, 95, 99]) if self.ms else (float("nan"),) * 3
        errors = sum(self.statuses.values()) - self.statuses[200]
        return f"{len(self.ms)} answers, {errors} errors: p50 {p50:.1f} ms, p95 {p95:.1f}, p99 {p99:.1f}"


class Client:
    """Keep-alive connections to one address, opened as they are needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, body: object) -> tuple[int, bytes]:
        """Status and body of the answer."""
        while self._free and self._free[-1][0].at_eof():
            self._free.pop()[1].close()  # idle for so long that the server has hung up
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length"))
        answer = await reader.readexactly(length)
        self._free.append((reader, writer))
        return int(lines[0].split()[1]), answer


async def open_loop(client: Client, bodies: Sequence[object], rate: float, draw: random.Random) -> Measured:
    """Send every body at its moment, whatever has become of the ones before."""
    measured = Measured()
    begun = time.perf_counter()

    async def one(body: object, moment: float) -> None:
        status, _ = await client.post("/v1/recommendations", body)
        measured.statuses[status] += 1
        if status == 200:
            measured.ms.append((time.perf_counter() - begun - moment) * 1000)

    moment = 0.0
    async with asyncio.TaskGroup() as tasks:
        for body in bodies:
            moment += draw.expovariate(rate)
            await asyncio.sleep(max(0.0, begun + moment - time.perf_counter()))
            tasks.create_task(one(body, moment))
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


async def measure(port: int, given: argparse.Namespace) -> None:
    """Run all scenes and print their figures."""
    client, draw = Client(port), random.Random(given.seed)
    while True:
        try:
            if (await client.post("/v1/recommendations", {"scene": "home", "k": 10}))[0] == 200:
                break
        except OSError:
            await asyncio.sleep(0.5)
    shopper = lambda: f"shopper-{draw.randrange(given.shoppers):05d}"  # noqa: E731  # said in one place, used in two
    count = int(given.rate * given.seconds)
    home = [{"scene": "home", "user_id": shopper(), "k": 10} for _ in range(count)]
    search = [
        {"scene": "search", "query": draw.choice(_PAGES), "user_id": shopper(), "k": 10}
        for _ in range(int(given.search_rate * given.seconds / 2))
    ]
    await open_loop(client, home[: int(given.rate * 5)], given.rate / 3, draw)  # warms both workers
    print(f"home at {given.rate}/s:   {await open_loop(client, home, given.rate, draw)}")
    print(f"search at {given.search_rate}/s: {await open_loop(client, search, given.search_rate, draw)}")
    measured, unchanged = await freshness(client, [f"shopper-{n:05d}" for n in range(100)])
    print(f"event to changed ranking: {measured}; {unchanged} did not change")


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
    given = parser.parse_args()
    from assistant.web.workers import Workers, bind

    with tempfile.TemporaryDirectory() as temporary:
        folder = given.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(folder, given.items, given.shoppers)
        bound = bind("127.0.0.1", 0)
        print(
            f"{given.items} items, {given.shoppers} shoppers of 20 events, {given.workers} workers, seed {given.seed}"
        )
        with Workers(partial(serve, folder, bound), given.workers):
            asyncio.run(measure(bound.getsockname()[1], given))
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
