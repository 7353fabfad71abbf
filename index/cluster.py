"""Nearest vectors on Milvus: one shared, distributed engine behind the same protocol. Conditions go where they can.

Every shop is a tenant, and the tenant is the partition key: a search touches its shop's partition only. The same client
speaks to a server (`https://...` and a token) and to a file on this disk (milvus-lite), which is what tests use.
"""

import json
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders import Vectors
from index.errors import EngineError, SetupError
from index.filters import Condition
from index.items import Item
from index.near.pushdown import FIELDS, Pushed, literal, pushed_down, scalars
from index.vectors import METRIC, Mask, Rows

TOKEN_VARIABLE = "WHYBUY_MILVUS_TOKEN"  # noqa: S105 - the name of the variable, not what it holds
_MOST_FOUND = 16_384
"""What Milvus returns at most of one search or query."""
_PAGE = 2_000
"""Rows sent or fetched at once: 3 MB at 384 dimensions, well under the 64 MB of one message."""
_PATIENCE_S = 30.0
"""Seconds that any one call may take; without a limit, a client waits as long as the server is gone."""


class MilvusVectors:
    """One tenant's vectors in a Milvus collection, by row. `write` keeps where they are, not the vectors themselves."""

    def __init__(self, client: Any, collection: str, tenant: str, dim: int, count: int, uri: str) -> None:
        """Use `create` or `read`; they check what is there.

        Raises:
            ValueError: the tenant's name cannot be written in Milvus's grammar.
        """
        if literal(tenant) is None:
            raise ValueError(f"tenant {tenant!r} holds characters that Milvus cannot quote")
        self._client = client
        self._collection = collection
        self._tenant = tenant
        self._dim = dim
        self._count = count
        self._uri = uri

    @classmethod
    def create(
        cls, vectors_ND: Vectors, uri: str, collection: str, *, tenant: str = "shop", index_type: str = "AUTOINDEX"
    ) -> "MilvusVectors":
        """The vectors in the collection, which is made if need be; what the tenant had there before is replaced.

        Args:
            uri: a server's address, or the path of a milvus-lite file. The token comes from `WHYBUY_MILVUS_TOKEN`.
            index_type: Milvus's own name; `FLAT` is exact.

        Raises:
            SetupError: pymilvus is not installed.
            EngineError: the server does not answer, or refuses.
        """
        client = connected(uri)
        dim = int(vectors_ND.shape[1])
        found = cls(client, collection, tenant, dim, 0, uri)
        with _told(uri):
            if not client.has_collection(collection):
                _make_collection(client, collection, dim, index_type)
            client.load_collection(collection)
            client.delete(collection, filter=found._where())
        found.add(vectors_ND)
        return found

    @classmethod
    def read(cls, path: Path) -> "MilvusVectors":
        """The vectors that `write` pointed to.

        Raises:
            ValueError: the collection no longer holds as many.
            EngineError: the server does not answer, or refuses.
        """
        kept = json.loads(path.read_text(encoding="utf-8"))
        client = connected(kept["uri"])
        found = cls(client, kept["collection"], kept["tenant"], kept["dim"], kept["count"], kept["uri"])
        with _told(kept["uri"]):
            there = client.has_collection(kept["collection"])
            if there:
                client.load_collection(kept["collection"])
        held = found._held() if there else 0
        if held != kept["count"]:
            raise ValueError(f"collection {kept['collection']!r} holds {held} vectors, expected {kept['count']}")
        return found

    def write(self, path: Path) -> None:
        """Keep where the vectors are, without the token."""
        kept = {"uri": self._uri, "collection": self._collection, "tenant": self._tenant}
        path.write_text(json.dumps({**kept, "dim": self._dim, "count": self._count}), encoding="utf-8")

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def metric(self) -> str:
        return METRIC

    @property
    def facts(self) -> dict[str, Any]:
        why = "more than one machine serves these vectors, or more than one shop shares them"
        kept = {"engine": "milvus", "collection": self._collection, "tenant": self._tenant}
        return {**kept, "kind": self._index_type(), "vectors_kept": "whole", "why": why}

    def __len__(self) -> int:
        return self._count

    def add(self, vectors_MD: Vectors) -> None:
        if vectors_MD.ndim != 2 or vectors_MD.shape[1] != self.dim:
            raise ValueError(f"vectors have shape {vectors_MD.shape}, expected (M, {self.dim})")
        self._upsert(range(self._count, self._count + len(vectors_MD)), vectors_MD, None)
        self._count += len(vectors_MD)

    def describe(self, rows_M: Rows, items: Sequence[Item]) -> None:
        """Keep the items' prices, brands and stock beside their vectors, for `search_where`. No embedding is made."""
        self._upsert(rows_M.tolist(), self.rows(rows_M), items)

    def rows(self, rows_M: Rows) -> Vectors:
        if not len(rows_M):
            return np.empty((0, self.dim), dtype=np.float32)
        if not (rows_M.min() >= 0 and rows_M.max() < len(self)):
            raise ValueError(f"rows reach from {rows_M.min()} to {rows_M.max()}, expected 0 to {len(self) - 1}")
        found: dict[int, Vectors] = {}
        for rows, vectors in self._fetched(np.unique(rows_M)):
            found.update(zip(rows.tolist(), vectors, strict=True))
        return np.stack([found[int(row)] for row in rows_M])

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None = None) -> tuple[Rows, Vectors]:
        if query_D.shape != (self.dim,):
            raise ValueError(f"query has shape {query_D.shape}, expected ({self.dim},)")
        rows, scores = self.search_many(query_D[None], k, allowed_N)
        return rows[0], scores[0]

    def search_many(self, queries_QD: Vectors, k: int, allowed_N: Mask | None = None) -> tuple[Rows, Vectors]:
        return self._searched(queries_QD, k, Pushed(""), allowed_N)

    def search_where(
        self, query_D: Vectors, k: int, conditions: Sequence[Condition], rest_N: Mask, *, in_stock: bool = True
    ) -> tuple[Rows, Vectors]:
        """`search` under conditions, of which Milvus judges those it can (`pushdown`).

        Args:
            rest_N: the rows that satisfy all conditions, or at least those `pushed_down(conditions).rest` names: what
                is told to Milvus need not be in it.
        """
        rows, scores = self._searched(query_D[None], k, pushed_down(conditions, in_stock=in_stock), rest_N)
        return rows[0], scores[0]

    def _searched(self, queries_QD: Vectors, k: int, pushed: Pushed, allowed_N: Mask | None) -> tuple[Rows, Vectors]:
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        if allowed_N is not None and allowed_N.shape != (len(self),):
            raise ValueError(f"mask has shape {allowed_N.shape}, expected ({len(self)},)")
        queries = np.ascontiguousarray(queries_QD, dtype=np.float32)
        where = self._where(pushed, allowed_N)
        count = len(self) if allowed_N is None else int(np.count_nonzero(allowed_N))
        if pushed.expression and count:
            count = self._held(where)
        wanted = min(k, count)
        if not wanted:
            return np.empty((len(queries), 0), dtype=np.int64), np.empty((len(queries), 0), dtype=np.float32)
        if wanted <= _MOST_FOUND:
            with _told(self._uri):
                found = self._client.search(
                    self._collection, data=queries.tolist(), limit=wanted, filter=where,
                    output_fields=["row"], anns_field="vector", consistency_level="Strong",
                )  # fmt: skip
            if all(len(hits) == wanted for hits in found):
                rows = np.array([[hit["entity"]["row"] for hit in hits] for hits in found], dtype=np.int64)
                scores = np.array([[hit["distance"] for hit in hits] for hits in found], dtype=np.float32)
                order = np.argsort(-scores, axis=1, kind="stable")
                return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)
        return self._exact(
            queries, wanted, pushed, allowed_N
        )  # a graph's walk under a narrow filter may come out short

    def _exact(self, queries_QD: Vectors, wanted: int, pushed: Pushed, allowed_N: Mask | None) -> tuple[Rows, Vectors]:
        """Every allowed vector fetched and compared here: slow, complete."""
        everything = np.arange(len(self)) if allowed_N is None else np.flatnonzero(allowed_N)
        pages = list(self._fetched(everything, pushed))
        rows = np.concatenate([rows for rows, _ in pages])
        scores_QM = np.concatenate([queries_QD @ vectors.T for _, vectors in pages], axis=1)
        order = np.argsort(-scores_QM, axis=1, kind="stable")[:, :wanted]
        return rows[order], np.take_along_axis(scores_QM, order, axis=1).astype(np.float32)

    def _fetched(self, rows_M: Rows, pushed: Pushed | None = None) -> Iterator[tuple[Rows, Vectors]]:
        """The vectors of these rows, page by page; those that also satisfy what was pushed down."""
        for start in range(0, len(rows_M), _PAGE):
            mask = np.zeros(len(self), dtype=np.bool_)
            mask[rows_M[start : start + _PAGE]] = True
            where = self._where(pushed or Pushed(""), mask)
            with _told(self._uri):
                found = self._client.query(self._collection, filter=where, output_fields=["row", "vector"], limit=_PAGE)
            rows = np.array([one["row"] for one in found], dtype=np.int64)
            vectors = np.array([one["vector"] for one in found], dtype=np.float32).reshape(len(rows), self.dim)
            yield rows, vectors

    def _where(self, pushed: Pushed | None = None, allowed_N: Mask | None = None) -> str:
        """The whole condition for Milvus: the tenant, what was pushed down, and the mask by its shorter side."""
        parts = [f"tenant == {literal(self._tenant)}"]
        if pushed and pushed.expression:
            parts.append(pushed.expression)
        if allowed_N is not None and not allowed_N.all():
            refused = np.count_nonzero(allowed_N) > len(allowed_N) / 2
            rows = ", ".join(map(str, np.flatnonzero(~allowed_N if refused else allowed_N)))
            parts.append(f"row {'not in' if refused else 'in'} [{rows}]")
        return " and ".join(parts)

    def _held(self, where: str = "") -> int:
        """How many of the tenant's vectors satisfy the condition."""
        with _told(self._uri):
            found = self._client.query(
                self._collection, filter=where or self._where(), output_fields=["count(*)"], consistency_level="Strong"
            )
        return int(found[0]["count(*)"])

    def _index_type(self) -> str:
        with _told(self._uri):
            return str(self._client.describe_index(self._collection, "vector")["index_type"]).lower()

    def _upsert(self, rows: Sequence[int] | range, vectors_MD: Vectors, items: Sequence[Item] | None) -> None:
        for start in range(0, len(rows), _PAGE):
            page = rows[start : start + _PAGE]
            entities: list[dict[str, Any]] = []
            for at, row in enumerate(page, start=start):
                about = scalars(items[at] if items is not None else None)
                key = {"key": f"{self._tenant}/{row}", "tenant": self._tenant, "row": int(row)}
                entities.append({**key, "vector": vectors_MD[at].tolist(), **about})
            with _told(self._uri):
                self._client.upsert(self._collection, entities)


def connected(uri: str) -> Any:  # a pymilvus MilvusClient, whose types are poor
    """A client for a server or a milvus-lite file.

    Raises:
        SetupError: pymilvus is not installed.
        EngineError: the server does not answer, or refuses.
    """
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise SetupError(
            "pymilvus is not installed", hint="pip install 'whybuy[scale]', and 'whybuy[milvus]' for a local file"
        ) from error
    with _told(uri):
        return MilvusClient(uri, token=os.environ.get(TOKEN_VARIABLE, ""), timeout=_PATIENCE_S)


def drop_tenant(uri: str, collection: str, tenant: str) -> None:
    """Take a tenant's vectors out of a collection; one that is not there is passed over.

    Raises:
        SetupError, EngineError: as `connected`.
    """
    client = connected(uri)
    with _told(uri):
        if client.has_collection(collection):
            client.delete(collection, filter=f"tenant == {literal(tenant)}")


@contextmanager
def _told(uri: str) -> Generator[None]:
    """What Milvus and its transport raise, as an error of ours. Their words may hold the token: they are not quoted."""
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, ConnectionError, TimeoutError) as error:
        what = type(error).__name__
        raise EngineError(
            f"the vector engine at {_shown(uri)} does not answer, or refuses ({what})",
            hint=f"see that Milvus runs there and {TOKEN_VARIABLE} is right, or set WHYBUY_VECTORS=faiss and rebuild",
        ) from error


def _shown(uri: str) -> str:
    """The address without a name and a password that may stand in it."""
    scheme, mark, rest = uri.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if mark else uri


def _make_collection(client: Any, name: str, dim: int, index_type: str) -> None:
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=512)
    schema.add_field("tenant", DataType.VARCHAR, is_partition_key=True, max_length=256)
    schema.add_field("row", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
    for field, kind in FIELDS.items():
        size = {"max_length": 65_535} if kind == "VARCHAR" else {}
        schema.add_field(field, getattr(DataType, kind), **size)
    index = client.prepare_index_params()
    index.add_index(field_name="vector", index_type=index_type, metric_type="IP")
    client.create_collection(name, schema=schema, index_params=index)
