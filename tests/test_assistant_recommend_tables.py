"""Items of a catalogue found by vector are those that a full comparison finds."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from assistant.recommend.table import ItemTable
from assistant.recommend.tables import Tables, whole_query
from index.catalogue import Catalogue
from index.fusion import FusionWeights, fused_vectors
from index.vectors import FaissVectors, Plan
from tests.test_assistant_recommend_arrange import table_of

SIZE = 6_000


def made(size: int = SIZE) -> Tables:
    """Items around sixty centres, every third without a picture; the first two are the same."""
    draw = np.random.default_rng(0)

    def unit(width: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        centres = draw.standard_normal((60, width))
        found = centres[np.arange(size) % 60] + 0.5 * draw.standard_normal((size, width))
        found[1] = found[0]
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)

    text, looks = unit(96), unit(16)
    looks[2::3] = 0.0
    fused = fused_vectors(text, looks, (looks != 0).any(axis=1), FusionWeights(text=0.7, picture=0.3))
    index = FaissVectors(fused, Plan("codes" if size > 4_000 else "flat", "for the test"))
    state = SimpleNamespace(vectors=SimpleNamespace(index=index))
    tables = Tables(cast(Catalogue, SimpleNamespace(version="t", state=state)))
    table: ItemTable = table_of([0] * size)
    made_of = {"text_NT": text, "looks_NP": looks, "has_looks_N": looks.any(axis=1), "shares": (0.7, 0.3)}
    cast(Any, tables)._table = replace(table, **made_of)
    return tables


@pytest.fixture(scope="module")
def coded() -> Tables:
    return made()


def whole(table: ItemTable) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.hstack([table.text_NT * np.float32(0.7**0.5), table.looks_NP * np.float32(0.3**0.5)])


def test_the_nearest_to_a_past_are_nearly_all_of_the_true_ones(coded: Tables) -> None:
    table, draw = coded.now, np.random.default_rng(1)
    allowed = np.ones(SIZE, dtype=np.bool_)
    allowed[::7] = False
    hits = 0
    for _ in range(20):
        past, weights = draw.integers(0, SIZE, 5), np.array([1.0, 0.5, -0.3, 0.2, 0.1])
        query = whole_query(table, past, weights, None, 0.0)
        rows, scores = coded.nearest(query, allowed, 50)
        exact = whole(table) @ (whole(table)[past].T @ (weights / 2.1).astype(np.float32))
        assert scores.tolist() == pytest.approx(exact[rows].tolist(), abs=1e-5)
        assert (np.diff(scores) <= 0).all()
        assert allowed[rows].all()
        assert len(set(rows.tolist())) == 50
        true = np.argsort(-np.where(allowed, exact, -np.inf))[:50]
        hits += len(np.intersect1d(rows, true))
    assert hits / (20 * 50) > 0.97


def test_words_asked_for_count_beside_the_past() -> None:
    tables = made(300)
    table = tables.now
    text = table.text_NT[40]
    query = whole_query(table, np.array([7]), np.array([2.0]), text, 2 / 3)
    rows, scores = tables.nearest(query, np.ones(300, dtype=np.bool_), 300)
    exact = 2 / 3 * (table.text_NT @ text) + 1 / 3 * (whole(table) @ whole(table)[7])
    assert scores.tolist() == pytest.approx(exact[rows].tolist(), abs=1e-5)
    assert rows[0] == np.argmax(exact)


def test_equals_come_in_the_order_of_their_ids() -> None:
    tables = made(300)
    table = tables.now
    text = table.text_NT.copy()
    text[:] = text[0]
    turned = np.arange(300)[::-1].copy()
    cast(Any, tables)._table = replace(
        table, text_NT=text, looks_NP=np.zeros((300, 16), dtype=np.float32), id_order_N=turned
    )
    rows, _ = tables.nearest(whole(table)[0], np.ones(300, dtype=np.bool_), 5)
    assert rows.tolist() == [299, 298, 297, 296, 295]


def test_the_closest_words_are_found_whatever_the_looks(coded: Tables) -> None:
    table, draw = coded.now, np.random.default_rng(2)
    allowed = np.ones(SIZE, dtype=np.bool_)
    allowed[0:SIZE:2] = False
    found: list[float] = []
    for _ in range(40):
        text = table.text_NT[draw.integers(SIZE)] + 0.05 * draw.standard_normal(96).astype(np.float32)
        text /= np.linalg.norm(text)
        found.append(float((table.text_NT @ text)[allowed].max()) - coded.closest(text, allowed))
    assert min(found) > -1e-5
    assert sorted(found)[35] < 1e-5  # once in a while the second best is told
    assert max(found) < 0.05
    assert coded.closest(table.text_NT[0], np.zeros(SIZE, dtype=np.bool_)) == -1.0
    only_looks = made(30)
    cast(Any, only_looks)._table = replace(only_looks.now, shares=(0.0, 1.0))
    assert only_looks.closest(table.text_NT[0], np.ones(30, dtype=np.bool_)) == pytest.approx(
        float((only_looks.now.text_NT @ table.text_NT[0]).max())
    )


def test_the_nearest_to_words_come_best_first_and_equals_by_id() -> None:
    tables = made(300)
    text = tables.now.text_NT[0]
    rows, cosines = tables.nearest_to_words(text, np.ones(300, dtype=np.bool_), 7)
    exact = tables.now.text_NT @ text
    assert rows[:2].tolist() == [0, 1]  # the same words, whatever they look like
    assert rows.tolist() == np.lexsort((np.arange(300), -exact.round(5)))[:7].tolist()
    assert cosines.tolist() == pytest.approx(exact[rows].tolist(), abs=1e-5)
