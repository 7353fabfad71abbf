"""Embedding as a job of batches: in this process by default, or on the actors of Ray Data.

Both run the same callables, `EmbedTexts` and `EmbedPictures`, on the same batches, and so make the same vectors.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from index.encoders import Encoders, ImageEncoder, TextEncoder, Vectors
from index.errors import PictureError, SetupError
from index.sight.pictures import read_picture

Kind = Literal["text", "picture"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Things to embed, each under its key: passages, or paths of pictures."""

    keys: tuple[bytes, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """What became of a batch: vectors_ND by key, and the keys of pictures that nobody can read."""

    keys: tuple[bytes, ...]
    vectors: Vectors
    bad: tuple[bytes, ...] = ()


class EmbedTexts:
    """Passages -> vectors. The encoder is loaded once, where the work is done."""

    def __init__(self, load: Callable[[], TextEncoder]) -> None:
        self._encoder = load()

    def __call__(self, batch: Batch) -> Embedded:
        return Embedded(batch.keys, self._encoder.encode(batch.inputs))


class EmbedPictures:
    """Paths of pictures -> vectors. What cannot be read is told, and costs nothing but itself."""

    def __init__(self, load: Callable[[], ImageEncoder]) -> None:
        self._encoder = load()

    def __call__(self, batch: Batch) -> Embedded:
        read: dict[bytes, Any] = {}
        bad: list[bytes] = []
        for key, path in zip(batch.keys, batch.inputs, strict=True):
            try:
                read[key] = read_picture(Path(path))
            except PictureError:
                bad.append(key)
        vectors = self._encoder.encode(list(read.values())) if read else np.zeros((0, self._encoder.dim), np.float32)
        return Embedded(tuple(read), vectors, tuple(bad))


class Executor(Protocol):
    """Where batches are embedded."""

    def embed(self, kind: Kind, batches: Sequence[Batch], encoders: Encoders) -> Iterator[Embedded]:
        """What becomes of each batch, in any order, as soon as it is done."""
        ...


class LocalExecutor:
    """In this process, one batch after the other, with the encoders that are loaded anyway."""

    def embed(self, kind: Kind, batches: Sequence[Batch], encoders: Encoders) -> Iterator[Embedded]:
        work = EmbedTexts(lambda: encoders.text) if kind == "text" else EmbedPictures(lambda: encoders.picture)
        yield from map(work, batches)


class RayExecutor:
    """On Ray Data: a pool of actors, each with an encoder of its own; one machine, or the cluster of `address`.

    Args:
        text, picture: load the encoders inside the actors; must be importable there, and name the same models.
        actors: how many at once.
        address: of a running cluster; without one Ray starts in this process and is shut down again.
    """

    def __init__(
        self,
        text: Callable[[], TextEncoder],
        picture: Callable[[], ImageEncoder],
        *,
        actors: int = 1,
        address: str | None = None,
    ) -> None:
        self._load: dict[Kind, Callable[[], Any]] = {"text": text, "picture": picture}
        self._actors = actors
        self._address = address

    def embed(self, kind: Kind, batches: Sequence[Batch], encoders: Encoders) -> Iterator[Embedded]:
        """As the protocol says.

        Raises:
            SetupError: Ray is not installed, or cannot start.
        """
        del encoders  # the actors load their own
        if not batches:
            return
        ray = _ray(self._address)
        try:
            rows = [{"keys": list(batch.keys), "inputs": list(batch.inputs)} for batch in batches]
            made = ray.data.from_items(rows).map(
                _OneBatch,
                fn_constructor_args=(EmbedTexts if kind == "text" else EmbedPictures, self._load[kind]),
                compute=ray.data.ActorPoolStrategy(size=self._actors),
            )
            for row in made.iter_rows():
                keys = tuple(bytes(key) for key in row["keys"])
                vectors = np.frombuffer(row["vectors"], dtype=np.float32).reshape(len(keys), -1)
                yield Embedded(keys, vectors, tuple(bytes(key) for key in row["bad"]))
        finally:
            if self._address is None:
                ray.shutdown()


class _OneBatch:
    """A batch as a row of Ray Data."""

    def __init__(self, job: Callable[[Any], Callable[[Batch], Embedded]], load: Callable[[], Any]) -> None:
        self._work = job(load)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        done = self._work(Batch(tuple(bytes(key) for key in row["keys"]), tuple(map(str, row["inputs"]))))
        return {"keys": list(done.keys), "vectors": done.vectors.astype(np.float32).tobytes(), "bad": list(done.bad)}


def _ray(address: str | None) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise SetupError("ray is not installed", hint="pip install 'whybuy[scale]', or use --engine local") from error
    if not ray.is_initialized():
        try:
            ray.init(address=address, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, OSError) as error:
            raise SetupError(f"Ray does not start: {error}", hint="use --engine local") from error
    ray.data.DataContext.get_current().enable_progress_bars = False
    return ray
