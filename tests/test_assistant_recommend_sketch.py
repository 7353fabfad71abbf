"""Short vectors find what whole ones would."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from assistant.recommend.sketch import Sketch, Tables
from index.catalogue import Catalogue
from tests.test_assistant_recommend_arrange import table_of


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Six thousand items around sixty centres, in 96 dimensions."""
    draw = np.random.default_rng(0)
    centres = draw.standard_normal((60, 96))
    text = centres[draw.integers(60, size=6000)] + 0.4 * draw.standard_normal((6000, 96))
    text = (text / np.linalg.norm(text, axis=1, keepdims=True)).astype(np.float32)
    found = Tables(cast(Catalogue, SimpleNamespace(version="t")))
    cast(Any, found)._table = replace(
        table_of([0] * 6000), text_NT=text, looks_NP=np.zeros((6000, 0), dtype=np.float32)
    )
    return found


def test_the_shortlist_holds_nearly_all_of_the_true_nearest(tables: Tables) -> None:
    allowed = np.ones(6000, dtype=np.bool_)
    allowed[::7] = False
    hits = 0
    for row in range(0, 6000, 300):
        query = tables.now.text_NT[row]
        rows, scores = tables.nearest(query, allowed, 50)
        exact = tables.now.text_NT @ query
        assert scores.tolist() == pytest.approx(exact[rows].tolist(), abs=1e-6)
        assert allowed[rows].all()
        assert len(set(rows.tolist())) == 50
        true = np.lexsort((np.arange(6000), -np.where(allowed, exact, -np.inf)))[:50]
        hits += len(set(rows.tolist()) & set(true.tolist()))
    assert hits / (20 * 50) > 0.95


def test_rows_that_come_later_are_added_to_the_sketch(tables: Tables) -> None:
    whole = tables.now
    first = Sketch.of(replace(whole, ids=whole.ids[:5000], text_NT=whole.text_NT[:5000]))
    grown = Sketch.of(replace(whole, version="t+1"), first)
    assert grown.short_NS.shape == (6000, 64)
    assert np.allclose(grown.short_NS[5000:], whole.text_NT[5000:] @ first.components_SD.T, atol=1e-6)
    assert np.array_equal(grown.short_NS[:5000], first.short_NS)
