"""A source asked about one past answers as when plainly asked, also of versions of it and in a changed shop."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Interactions, Past, RowsL, Scores
from assistant.recommend.learned import Carried, Once, ask
from assistant.recommend.sources import complements, neighbours
from assistant.recommend.sources.popular_log import fit as fit_popular
from assistant.recommend.sources.sequence import SequenceSource
from assistant.recommend.user_model import UserModel, UserModelShape

SIZE = 40
ALL = np.ones(SIZE, dtype=np.bool_)


def past(*rows: int) -> Past:
    """Every fourth event a dislike."""
    weights = np.where(np.arange(len(rows)) % 4 == 3, -1.0, 0.7)
    return Past(np.array(rows, dtype=np.int64), weights, np.arange(len(rows), dtype=np.float64))


def log() -> Interactions:
    draw = np.random.default_rng(0)
    return Interactions.of(
        (
            (f"s{shopper}", f"i{int(item):02d}", 1.0, float(n))
            for shopper in range(60)
            for n, item in enumerate((draw.integers(0, 33, 5) + 4 * (shopper % 3)) % SIZE)
        ),
        [f"i{n:02d}" for n in range(SIZE)],
    )


def sequence(events_N: NDArray[np.int64] | None = None) -> SequenceSource:
    torch.manual_seed(0)
    model = UserModel(UserModelShape(text_dim=6, dim=8, reach=5, taste=True))
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)
    text_ND = np.random.default_rng(0).standard_normal((SIZE, 6)).astype(np.float32)
    return SequenceSource(model, text_ND, events_N=events_N)


@pytest.fixture(scope="module")
def sources() -> list[HistorySource]:
    strange, counted = sequence(np.zeros(SIZE, dtype=np.int64)), sequence(np.arange(SIZE))
    return [neighbours.fit(log()), complements.fit(log()), sequence(), strange, counted, fit_popular(log())]


PASTS = [past(3), past(1, 2, 3, 4, 5), past(7, 7, 12, 7, 30, 31, 32, 9), past(39, 0, 39)]
ROWS = np.array([5, 0, 39, 12, 12, 31, 8], dtype=np.int64)


def best(rows: RowsL, scores: Scores) -> list[tuple[float, int]]:
    told = zip(scores.round(5).tolist(), rows.tolist(), strict=True)
    return sorted(told, reverse=True)


@pytest.mark.parametrize("told", PASTS)
def test_the_best_of_all_items_are_those_of_a_full_scoring(sources: Sequence[HistorySource], told: Past) -> None:
    allowed = ALL.copy()
    allowed[::5] = False
    for source in sources:
        score_N = source.scores([told])[0]
        rows = np.flatnonzero(allowed & (score_N > 0))
        near = ask(source, told).near(allowed, SIZE)
        assert best(*near) == best(rows, score_N[rows])


@pytest.mark.parametrize("told", PASTS)
def test_versions_of_a_past_score_as_pasts_of_their_own(sources: Sequence[HistorySource], told: Past) -> None:
    versions = [told, *(told.without_item(row) for row in dict.fromkeys(told.rows_L.tolist())), PASTS[1]]
    for source in sources:
        asked = ask(source, told)
        for rows in (ROWS, ROWS, None):
            found = asked.scores(versions, rows)
            np.testing.assert_allclose(found, source.scores(versions, rows), atol=2e-5)
            np.testing.assert_allclose(asked.scores([told], rows), source.scores([told], rows), atol=2e-5)


@pytest.mark.parametrize("events_N", [None, np.zeros(SIZE, dtype=np.int64), np.arange(SIZE)])
def test_what_says_nothing_of_taste_changes_no_score_to_the_last_digit(events_N: NDArray[np.int64] | None) -> None:
    told = past(1, 2, 3, 4, 5)  # 4 was disliked, which the user model does not read
    asked = ask(sequence(events_N), told)
    whole = asked.scores([told], ROWS)[0]
    versions = asked.scores([told.without_item(row) for row in (1, 2, 4, 5)], ROWS)
    assert versions[2].tolist() == whole.tolist()
    assert all(versions[n].tolist() != whole.tolist() for n in (0, 1, 3))


def test_a_source_of_which_nothing_more_is_known_is_asked_for_everything_once() -> None:
    class Counted:
        name = "counted"
        asked = 0

        def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
            self.asked += 1
            line = np.arange(-20, 20, dtype=np.float32)
            return np.repeat((line if rows_R is None else line[rows_R])[None], len(pasts), axis=0)

    source = Counted()
    asked = Once(source, PASTS[0])
    rows, scores = asked.near(ALL, 3)
    assert rows.tolist() == list(range(21, 40))
    assert scores.tolist() == [float(row - 20) for row in rows]
    assert asked.scores([PASTS[0]], ROWS).tolist() == [[float(row - 20) for row in ROWS]]
    assert source.asked == 1
    asked.scores([PASTS[1]], ROWS)
    assert source.asked == 2


def test_after_a_change_of_the_shop_sources_are_asked_in_its_rows(sources: Sequence[HistorySource]) -> None:
    # Item 0 is gone, two new ones stand at the front, the rest has moved.
    to_fitted = np.array([-1, -1, *range(1, SIZE)], dtype=np.int64)
    to_now = np.array([-1, *range(2, SIZE + 1)], dtype=np.int64)
    told = Past(np.array([0, 4, 9, 13]), np.array([1.0, 1.0, 0.5, 1.0]), np.arange(4.0))  # row 0 is new
    allowed = np.ones(SIZE + 1, dtype=np.bool_)
    allowed[10:20] = False
    for source in sources:
        carried = Carried(source, to_fitted, to_now)
        score_N = carried.scores([told])[0]
        plain_N = source.scores([Past(np.array([3, 8, 12]), np.array([1.0, 0.5, 1.0]), np.arange(3.0))])[0]
        np.testing.assert_allclose(score_N, np.concatenate([[0.0, 0.0], plain_N[1:]]), atol=2e-5)
        rows = np.flatnonzero(allowed & (score_N > 0))
        asked = ask(carried, told)
        assert best(*asked.near(allowed, SIZE)) == best(rows, score_N[rows])
        np.testing.assert_allclose(asked.scores([told], ROWS), carried.scores([told], ROWS), atol=2e-5)
