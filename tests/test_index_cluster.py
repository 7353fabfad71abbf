"""Milvus (the local file engine) keeps the promises of every VectorIndex, and means what the filters mean."""

# pyright: reportPrivateUsage=false, reportUnknownLambdaType=false
# A search that comes out short is provoked inside: the local engine is exact.

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from contract_vectors import DIM, VectorIndexContract, clustered, plain

pytest.importorskip("milvus_lite", reason="milvus-lite is not installed: pip install 'milvus-lite>=3.2,<4'")

from index.cluster import MilvusVectors
from index.columns import Columns
from index.encoders import Vectors
from index.filters import Condition, Op
from index.items import Item, Money, Variant
from index.near.pushdown import pushed_down
from index.vectors import VectorIndex

_names = itertools.count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One file for all tests of this module: opening one takes longer than using it."""
    return str(tmp_path_factory.mktemp("milvus") / "vectors.db")


class TestMilvus(VectorIndexContract):
    @pytest.fixture(autouse=True)
    def _server(self, server: str) -> None:
        self.uri = server

    def make(self, vectors: Vectors, folder: Path) -> VectorIndex:
        return MilvusVectors.create(vectors, self.uri, f"test_{next(_names)}", index_type="FLAT")

    def again(self, index: VectorIndex, folder: Path) -> VectorIndex:
        index.write(folder / "pointer.json")
        return MilvusVectors.read(folder / "pointer.json")


def shop_items() -> list[Item]:
    brands = ("Alba", "alba", "Noor & Co", "", 'He said "x" or 1 == 1')
    return [
        Item(
            id=f"id-{row}",
            title="A thing",
            brand=brands[row % 5],
            price=None if row % 7 == 0 else Money(1000 + 100 * row, "EUR" if row % 3 else "USD"),
            rating=None if row % 4 == 0 else 1 + row % 5,
            stock=row % 6,
            variants=(Variant(f"v{row}", {"size": "M"}, Money(99_000, "EUR")),) if row % 11 == 5 else (),
        )
        for row in range(60)
    ]


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [Condition("price", Op.LE, Money(4000, "EUR"))],
        [Condition("price", Op.NE, Money(1500, "EUR"))],
        [Condition("rating", Op.GE, 3.0), Condition("brand", Op.EQ, "ALBA")],
        [Condition("rating", Op.NE, 3)],
        [Condition("brand", Op.NOT_IN, ("alba", "noor co"))],
        [Condition("brand", Op.EQ, "")],
        [Condition("brand", Op.NE, "")],
        [Condition("brand", Op.EQ, 'He said "x" or 1 == 1')],
        [Condition("brand", Op.EQ, '" or row >= 0 or brand == "')],
        [Condition("id", Op.IN, ("id-3", "id-4", "id-5"))],
        [Condition("text", Op.EQ, "thing"), Condition("price", Op.GT, Money(2000, "USD"))],
        [Condition("size", Op.EQ, "M"), Condition("price", Op.GT, Money(1000, "EUR"))],
        [Condition("price", Op.GT, Money(50_000, "EUR"))],  # what only variants cost
    ],
    ids=lambda conditions: " & ".join(f"{c.field} {c.op} {c.value}" for c in conditions) or "none",
)
@pytest.mark.parametrize("in_stock", [True, False])
def test_conditions_pushed_down_find_what_the_filters_find(
    conditions: list[Condition], in_stock: bool, described: MilvusVectors
) -> None:
    items, query = shop_items(), clustered(60)[0]
    columns = Columns(items)
    rest = columns.mask(pushed_down(conditions).rest, in_stock=False)
    rows, _ = described.search_where(query, 60, conditions, rest, in_stock=in_stock)
    assert sorted(rows.tolist()) == np.flatnonzero(columns.mask(conditions, in_stock=in_stock)).tolist()


@pytest.fixture(scope="module")
def described(server: str) -> MilvusVectors:
    index = MilvusVectors.create(clustered(60), server, "described", index_type="FLAT")
    index.describe(np.arange(60), shop_items())
    return index


def test_only_what_milvus_means_alike_is_pushed_down() -> None:
    conditions = [
        Condition("price", Op.LT, Money(500, "EUR")),
        Condition("kind", Op.EQ, "jacket"),
        Condition("brand", Op.EQ, "Noor & Co"),
        Condition("rating", Op.GE, float("nan")),
    ]
    pushed = pushed_down(conditions)
    price = '(currency == "*" or (currency == "EUR" and price_minor < 500))'
    assert pushed.expression == f'in_stock == true and {price} and brand in ["noor co"]'
    assert pushed.rest == (conditions[0], conditions[1], conditions[3])


def test_shops_do_not_see_each_other(server: str) -> None:
    vectors = clustered(30)
    one = MilvusVectors.create(vectors, server, "shared", tenant="one", index_type="FLAT")
    two = MilvusVectors.create(-vectors[:7], server, "shared", tenant='two" or tenant != "', index_type="FLAT")
    assert (len(one), len(two)) == (30, 7)
    assert len(one.search(vectors[0], 100)[0]) == 30
    assert sorted(two.search(vectors[0], 100)[0].tolist()) == list(range(7))
    np.testing.assert_allclose(two.rows(np.array([3])), -vectors[[3]], atol=1e-6)


def test_a_new_build_replaces_the_tenants_old_one(server: str) -> None:
    MilvusVectors.create(clustered(30), server, "renewed", index_type="FLAT")
    again = MilvusVectors.create(clustered(5), server, "renewed", index_type="FLAT")
    assert sorted(again.search(np.ones(DIM, dtype=np.float32), 100)[0].tolist()) == [0, 1, 2, 3, 4]


def test_a_pointer_to_another_count_is_refused(server: str, tmp_path: Path) -> None:
    index = MilvusVectors.create(clustered(5), server, "counted", index_type="FLAT")
    index.write(tmp_path / "pointer.json")
    kept = json.loads((tmp_path / "pointer.json").read_text())
    (tmp_path / "pointer.json").write_text(json.dumps({**kept, "count": 6}))
    with pytest.raises(ValueError, match="'counted' holds 5 vectors, expected 6"):
        MilvusVectors.read(tmp_path / "pointer.json")


def test_an_answer_that_comes_out_short_is_made_exact(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clustered(300)
    index = MilvusVectors.create(vectors, server, "graph", index_type="HNSW")
    allowed = np.arange(300) % 5 == 2
    monkeypatch.setattr(index._client, "search", lambda *_, **__: [[]])  # a walk that met no allowed row
    rows, scores = index.search(vectors[0], 7, allowed)
    np.testing.assert_array_equal(rows, plain(vectors, vectors[0], 7, allowed))
    np.testing.assert_allclose(scores, vectors[rows] @ vectors[0], atol=1e-5)


@pytest.mark.parametrize("value", ['"', "\\", "a\nb", "\t", "\u2028", "' or 1 == 1", '\\" or row >= 0 or brand == \\"'])
def test_every_string_is_read_back_as_itself(value: str, server: str) -> None:
    index = MilvusVectors.create(clustered(3), server, f"quoted_{next(_names)}", index_type="FLAT")
    index.describe(np.arange(3), [Item(id=one, title="x") for one in ("other", value, "another")])
    everything = np.ones(3, dtype=np.bool_)
    rows, _ = index.search_where(clustered(3)[0], 3, [Condition("id", Op.EQ, value)], everything)
    assert rows.tolist() == [1]


def test_what_the_grammar_cannot_say_stays_with_the_mask() -> None:
    assert pushed_down([Condition("id", Op.EQ, "a\x00b")], in_stock=False).expression == ""
