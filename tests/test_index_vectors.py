"""FAISS, of every kind, against plain numpy."""

# pyright: reportPrivateUsage=false, reportUnknownLambdaType=false
# The budget is a promise about how much is read, which no answer shows.

from pathlib import Path

import faiss
import numpy as np
import pytest
from contract_vectors import COUNT, DIM, VectorIndexContract, clustered
from hypothesis import given
from hypothesis import strategies as st

from index.encoders import Vectors
from index.near.codes import Codes
from index.near.plans import Kind, bytes_of
from index.near.probing import Graph, Lists
from index.near.training import list_count, sought, tuned
from index.vectors import FaissVectors, Plan, Rows, VectorIndex, build_vectors, choose


class FaissContract(VectorIndexContract):
    kind: Kind

    def make(self, vectors: Vectors, folder: Path) -> VectorIndex:
        return build_vectors(vectors, Plan(self.kind, "a test"))

    def again(self, index: VectorIndex, folder: Path) -> VectorIndex:
        index.write(folder / "index")
        return FaissVectors.read(folder / "index")


class TestFlat(FaissContract):
    kind = "flat"


class TestCodes(FaissContract):
    kind = "codes"


class ScannedCodes(Codes):
    """Codes that are read however few rows are allowed."""

    def pays(self, count: int, wanted: int) -> bool:
        return True


class TestScannedCodes(FaissContract):
    """As `TestCodes`, but on so few vectors an exact scan would answer everything."""

    kind = "codes"
    exact = False

    @pytest.fixture(autouse=True)
    def scanned(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("index.vectors.Codes", ScannedCodes)


class TestGraph(FaissContract):
    kind = "hnsw"
    exact = False


class TestLists(FaissContract):
    kind = "ivf"
    exact = False


class TestByteCodes(FaissContract):
    kind = "sq8"
    exact = False
    atol = 0.02


class TestProductCodes(FaissContract):
    kind = "pq"
    exact = False
    atol = 0.5

    least_met = 0  # four bytes for sixteen dimensions promise only the count

    def test_added_vectors_are_the_next_rows(self, tmp_path: Path) -> None:
        vectors = clustered()
        index = self.make(vectors[:500], tmp_path)
        index.add(vectors[500:])
        assert sorted(index.search(vectors[0], COUNT, np.arange(COUNT) >= 500)[0].tolist()) == list(range(500, 600))


@given(
    count=st.integers(1, 40),
    k=st.integers(1, 50),
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([None, 0.0, 0.1, 0.5, 1.0]),
)
def test_search_finds_what_numpy_finds(count: int, k: int, seed: int, share: float | None) -> None:
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((count, 8)).astype(np.float32)
    query = random.standard_normal(8).astype(np.float32)
    allowed = None if share is None else random.random(count) < share
    rows, scores = FaissVectors(vectors).search(query, k, allowed)
    everything = np.flatnonzero(np.ones(count) if allowed is None else allowed)
    expected = everything[np.argsort(-(vectors[everything] @ query), kind="stable")][:k]
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(scores, vectors[expected] @ query, atol=1e-4)


def test_lists_stop_once_the_budget_of_allowed_rows_is_compared() -> None:
    vectors = clustered(4000)
    index = FaissVectors(vectors, Plan("ivf", "a test"))
    near = index._near
    assert isinstance(near, Lists)
    sizes = near._sizes
    nearness = np.arange(len(sizes), 0, -1).astype(np.float32)  # list 0 is nearest, then list 1, ...
    read = near._probed(nearness, int(sizes[:3].sum()), None, 4000)
    np.testing.assert_array_equal(read, [0, 1, 2])
    allowed = near._list_of_N >= 5  # nothing is allowed in lists 0 to 4
    read = near._probed(nearness, int(sizes[5]) + 1, allowed, int(allowed.sum()))
    np.testing.assert_array_equal(read, [5, 6])


def test_an_approximate_answer_that_came_out_short_is_made_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clustered()
    index = FaissVectors(vectors, Plan("hnsw", "a test"))
    short = (np.full(5, -1, dtype=np.int64), np.zeros(5, dtype=np.float32))
    monkeypatch.setattr(Graph, "search", lambda *_: short)
    monkeypatch.setattr(Graph, "pays", lambda *_: True)
    rows, _ = index.search(vectors[3], 5)
    np.testing.assert_array_equal(rows, np.argsort(-(vectors @ vectors[3]), kind="stable")[:5])


@pytest.mark.parametrize(
    ("count", "memory", "kind", "words"),
    [
        (500, None, "flat", "few enough to compare all of them exactly"),
        (200_000, None, "codes", "no other kind was as quick"),
        (1_000_000, 1_600_000_000, "codes", "codes are scanned"),
        (1_000_000, 10**9, "sq8", "need 1.5 GiB whole"),
        (1_000_000, 10**8, "pq", "loses precision"),
    ],
)
def test_the_kind_follows_size_and_memory_and_says_why(count: int, memory: int | None, kind: str, words: str) -> None:
    plan = choose(count, 384, memory_bytes=memory)
    assert plan.kind == kind
    assert words in plan.why


def test_memory_of_a_million_is_what_the_parts_add_up_to() -> None:
    assert bytes_of("flat", 10**6, 384) == 1_536_000_000
    assert bytes_of("codes", 10**6, 384) == 1_536_000_000 + 36_000_000


@pytest.mark.parametrize(("count", "lists"), [(1, 1), (79, 1), (80, 2), (20_000, 256), (200_000, 2048), (10**6, 4096)])
def test_lists_are_a_power_of_two_with_enough_rows_each(count: int, lists: int) -> None:
    assert list_count(count) == lists


def test_an_index_written_by_faiss_alone_is_read(tmp_path: Path) -> None:
    flat = faiss.IndexFlatIP(DIM)
    vectors = clustered(30)
    flat.add(vectors)
    faiss.write_index(flat, str(tmp_path / "old"))
    assert FaissVectors.read(tmp_path / "old").search(vectors[3], 1)[0].tolist() == [3]


def test_effort_is_the_least_that_finds_what_an_exact_search_finds() -> None:
    vectors = clustered(1000)

    def exact(query: Vectors, k: int) -> tuple[Rows, Vectors]:
        scores = vectors @ query
        rows = np.argsort(-scores, kind="stable")[:k]
        return rows, scores[rows]

    def search(query: Vectors, effort: int) -> tuple[Rows, Vectors]:
        return exact(query, 10 if effort >= 100 else 9)  # below 100 it misses one of ten

    efforts = [int(32 * 2 ** (step / 4)) for step in range(8)]
    assert tuned(search, exact, vectors, 32) == efforts[7] == 107
    assert tuned(lambda query, _: exact(query, 3), exact, vectors, 32) == 1000  # nothing suffices but everything


def test_codes_find_what_a_filter_leaves_far_from_the_query() -> None:
    vectors = clustered(6000)
    index = FaissVectors(vectors, Plan("codes", "a test"))
    query = vectors[0]
    allowed = np.zeros(6000, dtype=bool)
    allowed[np.argsort(vectors @ query)[:3000]] = True  # the farther half: no row the codes name first is allowed
    rows, _ = index.search(query, 10, allowed)
    expected = np.flatnonzero(allowed)
    expected = expected[np.argsort(-(vectors[expected] @ query))][:10]
    np.testing.assert_array_equal(rows, expected)


def test_codes_answer_among_equal_and_zero_vectors() -> None:
    vectors = np.repeat(clustered(50), 100, axis=0)
    vectors[:1000] = 0
    index = FaissVectors(vectors, Plan("codes", "a test"))
    rows, scores = index.search(vectors[4321], 10)
    assert len(set(rows.tolist())) == 10
    np.testing.assert_allclose(scores, np.sort(vectors @ vectors[4321])[::-1][:10], atol=1e-6)


def test_effort_of_codes_is_the_least_that_meets_the_trials() -> None:
    vectors = clustered(2000)

    def exact(queries: Vectors, k: int) -> Vectors:
        return np.sort(queries @ vectors.T, axis=1)[:, ::-1][:, :k]

    def search(query: Vectors, k: int, allowed: None, count: int, effort: int) -> tuple[Rows, Vectors]:
        scores = exact(query[None], k)[0]
        if effort < 150:
            scores[-1] = -9  # misses one of ten
        return np.arange(k), scores

    assert sought(search, exact, vectors, 128) == int(128 * 2 ** (2 / 8)) == 152
