"""Links between items: what is counted, how it is weighed, and that leaving an event out takes its part away."""

from pathlib import Path

import numpy as np
import pytest

from assistant.recommend.interactions import Interactions, Past
from assistant.recommend.sources import neighbours
from assistant.recommend.sources.links import Links, LinkSource
from assistant.recommend.sources.neighbours import NeighbourConfig
from index.errors import WeightsError

PLAIN = NeighbourConfig(gap=0.5, back=0.25, length=0.0, source=0.0, target=0.0, recency=0.5, most=10)


def past(*rows: int, weights: tuple[float, ...] | None = None) -> Past:
    return Past(np.array(rows), np.array(weights or (1.0,) * len(rows)), np.arange(len(rows), dtype=np.float64))


def log_of(*histories: str) -> Interactions:
    return Interactions.of(
        (
            (f"s{number}", item, 1.0, float(at))
            for number, items in enumerate(histories)
            for at, item in enumerate(items)
        ),
        ["a", "b", "c", "d"],
    )


def test_links_count_order_and_distance() -> None:
    table = neighbours.counted(log_of("abc"), PLAIN).toarray()
    expected = np.zeros((4, 4))
    expected[0, 1] = expected[1, 2] = 1.0  # next to each other, in order
    expected[0, 2] = 0.5  # a step further
    expected[1, 0] = expected[2, 1] = 0.25  # against the order
    expected[2, 0] = 0.125
    assert table == pytest.approx(expected)


def test_counts_equal_a_slow_count_over_many_logs() -> None:
    chance = np.random.default_rng(3)
    config = NeighbourConfig(gap=0.7, back=0.4, length=0.5, reach=4)
    for _ in range(20):
        histories = ["".join(chance.choice(list("abcd"), size=chance.integers(1, 9))) for _ in range(6)]
        expected = np.zeros((4, 4))
        for items in histories:
            for i, first in enumerate(items):
                for j, second in enumerate(items):
                    if 0 < j - i <= 4:
                        weight = len(items) ** -0.5 * 0.7 ** (j - i - 1)
                        expected["abcd".index(first), "abcd".index(second)] += weight
                        expected["abcd".index(second), "abcd".index(first)] += 0.4 * weight
        assert neighbours.counted(log_of(*histories), config).toarray() == pytest.approx(expected, abs=1e-5)


def test_popularity_of_either_end_is_divided_away() -> None:
    config = NeighbourConfig(gap=1.0, back=0.0, length=0.0, source=1.0, target=0.5, recency=1.0)
    source = neighbours.fit(log_of("ab", "ab", "cb", "a"), config)
    scores = source.scores([past(0), past(2)])
    # a was sought 3 times, b 3 times, c once; a was followed by b twice, c by b once
    assert scores[0, 1] == pytest.approx(2 / 3 / 3**0.5)
    assert scores[1, 1] == pytest.approx(1 / 3**0.5)


def test_late_events_count_most_and_dislikes_against() -> None:
    source = neighbours.fit(log_of("ab", "cd"), NeighbourConfig(source=0.0, target=0.0, length=0.0, recency=0.5))
    assert source.scores([past(0, 2)])[0, [1, 3]] == pytest.approx([0.5, 1.0])
    assert source.scores([past(2, weights=(-1.0,))])[0, 3] == pytest.approx(-1.0)


def test_disliked_events_of_the_log_make_no_links() -> None:
    lines = [("s", "a", 1.0, 0.0), ("s", "b", -1.0, 1.0), ("s", "c", 1.0, 2.0)]
    source = neighbours.fit(Interactions.of(lines, ["a", "b", "c"]), PLAIN)
    assert source.scores([past(0)])[0].tolist() == [0.0, 0.0, 1.0]


def test_asking_for_some_rows_gives_the_same_as_asking_for_all() -> None:
    chance = np.random.default_rng(0)
    histories = ["".join(chance.choice(list("abcd"), size=6)) for _ in range(20)]
    source = neighbours.fit(log_of(*histories))
    pasts = [past(0, 1, 1), past(3), past()]
    rows = np.array([2, 0, 2, 3])
    assert source.scores(pasts, rows) == pytest.approx(source.scores(pasts)[:, rows])
    assert not source.scores(pasts)[2].any()


def test_the_score_is_the_sum_of_what_each_past_event_brings() -> None:
    chance = np.random.default_rng(1)
    source = neighbours.fit(log_of(*["".join(chance.choice(list("abcd"), size=6)) for _ in range(20)]))
    whole = source.scores([past(0, 1, 3)])[0]
    recency = source.recency
    parts = source.scores([past(0, weights=(recency**2,)), past(1, weights=(recency,)), past(3)])
    assert parts.sum(axis=0) == pytest.approx(whole, rel=1e-5)


def test_only_the_heaviest_links_are_kept_and_of_equal_ones_the_lower_row() -> None:
    links = Links.of(np.array([[9.0, 2.0, 1.0, 2.0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 5, 0]]), 2)
    assert links.dense(np.array([0, 1, 2, 3])).tolist() == [[0, 2, 0, 2], [0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 5, 0]]


def test_a_saved_source_scores_as_before_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    source = neighbours.fit(log_of("abcd", "acbd", "bdca"))
    source.save(tmp_path)
    read = LinkSource.load(tmp_path)
    assert (read.name, read.recency) == (source.name, source.recency)
    assert (read.scores([past(0, 2)]) == source.scores([past(0, 2)])).all()
    arrays = tmp_path / "arrays.safetensors"
    arrays.write_bytes(arrays.read_bytes()[:-1] + b"\x01")
    with pytest.raises(WeightsError, match="not what its manifest says"):
        LinkSource.load(tmp_path)


def test_an_empty_log_makes_a_source_that_says_nothing() -> None:
    assert not neighbours.fit(Interactions.of([], ["a", "b"])).scores([past(0)]).any()
