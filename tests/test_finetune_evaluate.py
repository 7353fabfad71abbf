"""Tasks, candidates, lists and the two commands, on a log small enough to see through."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.recommend.interactions import Past, RowsL, Scores
from finetune import evaluate, history_sources, interactions, recommend, stack
from finetune.candidates import Request, gather, top
from finetune.history_sources import Order
from finetune.interactions import Material
from index.errors import SetupError


def material_of(tmp_path: Path, *, times: bool, shoppers: int = 60) -> Material:
    """Shoppers go round a ring of twelve items, each from a place of its own, so the next is the one after the last."""
    lines = ["shopper,item,title" + (",at" if times else "")]
    for shopper in range(shoppers):
        for step in range(5):
            item = (shopper + step) % 12
            at = f",2026-0{1 + step}-{1 + shopper % 20:02d}" if times else ""
            lines.append(f"s{shopper:02},i{item:02},thing {'abcdefghijkl'[item] * 4}{at}")
    (tmp_path / "log.csv").write_text("\n".join(lines))
    return interactions.read_table(tmp_path / "log.csv")


class Fixed:
    """Scores every past by one line."""

    name = "fixed"

    def __init__(self, *line: float) -> None:
        self.line = np.array(line, dtype=np.float32)

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        line = self.line if rows_R is None else self.line[rows_R]
        return np.repeat(line[None, :], len(pasts), axis=0)


def past(*rows: int) -> Past:
    return Past(np.array(rows, dtype=np.int64), np.ones(len(rows)), np.zeros(len(rows)))


def test_last_items_are_asked_for_and_are_not_in_the_log(tmp_path: Path) -> None:
    task = stack.last_items(material_of(tmp_path, times=False))
    assert len(task.events) == 60 * 4
    assert [len(request.past) for request in task.requests] == [4] * 60
    assert task.requests[0].wanted == {4}
    assert task.requests[9].past.rows_L.tolist() == [9, 10, 11, 0]


def test_next_baskets_come_after_the_day_and_the_log_ends_before_it(tmp_path: Path) -> None:
    day = interactions.day_of("2026-05-01")
    task = stack.next_baskets(material_of(tmp_path, times=True), day)
    assert task.events.at_E.max() < day
    assert {len(request.wanted) for request in task.requests} == {1}
    assert stack.shortened(task, 2).requests[9].past.rows_L.tolist() == [11, 0]


def test_items_of_the_past_are_no_longer_wanted_when_they_are_left_out() -> None:
    material = Material("m", "", interactions.Interactions.of([]), (), np.zeros(0))
    requests = (Request(0, past(1, 2), frozenset({2, 3})), Request(1, past(1), frozenset({1})))
    task = stack.unseen(stack.Task(material, material.log, None, requests, keep_seen=True))
    assert [request.wanted for request in task.requests] == [{3}]
    assert not task.keep_seen


def test_candidates_are_what_a_source_puts_first_without_the_past() -> None:
    requests = [Request(0, past(0), frozenset({2})), Request(1, past(3), frozenset({9}))]
    found = gather([Fixed(5, 4, 3, 2, 0, -1)], requests, depth=3)
    assert found.row_T.tolist() == [1, 2, 3, 0, 1, 2]
    assert found.choices.starts_Q1.tolist() == [0, 3, 6]
    assert found.choices.wanted_T.tolist() == [0, 1, 0, 0, 0, 0]
    shares = found.choices.values_TF[:, found.choices.names.index("fixed.share")]
    assert shares == pytest.approx([1, 3 / 4, 2 / 4, 1, 4 / 5, 3 / 5])


def test_items_of_the_past_stay_candidates_when_they_are_kept() -> None:
    found = gather([Fixed(5, 4, 3)], [Request(0, past(0))], depth=2, keep_seen=True)
    assert found.row_T.tolist() == [0, 1]


def test_lists_are_best_first_with_ties_by_row_and_end_where_scores_do() -> None:
    found = gather([Fixed(0, 2, 1, 2, 1, -3)], [Request(0, past(0)), Request(1, past(3))], depth=2)
    assert found.lists["fixed"][:, :5].tolist() == [[1, 3, 2, 4, 5], [1, 2, 4, 5, -1]]
    assert found.row_T.tolist() == [1, 3, 1, 2, 4]  # what ties with the last is brought too
    rows, told = top(np.array([7, 3, 9]), np.array([1.0, 1.0, 2.0]), np.array([0, 2, 3]), 2)
    assert rows.tolist() == [[3, 7], [9, -1]]
    assert told[0].tolist() == [1.0, 1.0]


def test_scores_of_a_half_do_not_depend_on_what_that_half_chose(tmp_path: Path) -> None:
    task = stack.last_items(material_of(tmp_path, times=False))
    sources = history_sources.fit_all(["neighbours", "wording"], Order(task.material, task.events, None, 0))
    found = stack.candidates(task, sources)
    score = stack.cross_fitted(found, seed=3)
    half = np.random.default_rng(3).permutation(60) % 2
    mine = np.repeat(half == 0, np.diff(found.choices.starts_Q1))
    wanted = found.choices.wanted_T.copy()
    wanted[mine] = 0.0
    wanted[found.choices.starts_Q1[:-1][half == 0]] = 1.0  # the first half chose something else
    other = replace(found, choices=replace(found.choices, wanted_T=wanted))
    again = stack.cross_fitted(other, seed=3)
    assert (again[mine] == score[mine]).all()
    assert not (again[~mine] == score[~mine]).all()


def test_the_command_writes_the_next_of_the_ring_first_for_everybody(tmp_path: Path) -> None:
    from pyarrow import parquet

    material_of(tmp_path, times=False)
    out = tmp_path / "lists.parquet"
    told = ["--data", str(tmp_path / "log.csv"), "--sources", "neighbours,follow", "--seed", "1"]
    recommend.main([*told, "--out", str(out), "--k", "3"])
    lines = parquet.read_table(out).to_pylist()
    first = {line["user_id"]: line["item_id"] for line in lines if line["rank"] == 1}
    assert first == {f"s{shopper:02}": f"i{(shopper + 5) % 12:02}" for shopper in range(60)}
    for shopper in range(60):
        mine = [line for line in lines if line["user_id"] == f"s{shopper:02}"]
        had = {f"i{(shopper + step) % 12:02}" for step in range(5)}
        assert [line["rank"] for line in mine] == list(range(1, len(mine) + 1))
        assert [line["score"] for line in mine] == sorted((line["score"] for line in mine), reverse=True)
        assert not had & {line["item_id"] for line in mine}
    assert json.loads(out.with_suffix(".json").read_text())["sources"] == ["neighbours", "follow"]
    recommend.main([*told, "--out", str(tmp_path / "again.parquet"), "--k", "3"])
    assert parquet.read_table(tmp_path / "again.parquet").equals(parquet.read_table(out))


def test_the_evaluation_prints_every_source_the_ranker_and_shares_that_sum_to_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    material_of(tmp_path, times=True)
    evaluate.main(["--data", str(tmp_path / "log.csv"), "--sources", "neighbours,wording", "--from", "2026-05-01"])
    text = capsys.readouterr().out
    assert text.count("| neighbours |") == 6  # seen left out and kept, three short pasts, shares
    assert text.count(f"| {evaluate.RANKER} |") == 5
    shares = text.split("shown items are given |")[1].split("\n\n")[0].strip().splitlines()[1:]
    assert sum(float(line.split("|")[3]) for line in shares) == pytest.approx(1.0, abs=0.01)
    assert all(float(line.split("|")[2].split()[0]) == 1.0 for line in text.splitlines() if "neighbours | 1" in line)


def test_a_line_of_the_table_is_what_its_lists_are_worth(tmp_path: Path) -> None:
    task = stack.last_items(material_of(tmp_path, times=False, shoppers=2))
    line = evaluate.Line.of("x", np.array([[4, 1], [0, 5]]), task)  # the first shopper wants 4, the second 5
    assert (line.recall.mean, line.hit) == (1.0, 1.0)
    assert line.ndcg.mean == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert line.mrr == pytest.approx((1 + 1 / 2) / 2)


def test_lists_that_hold_nothing_have_no_novelty(tmp_path: Path) -> None:
    """Complements find nothing where nobody bought two things at once."""
    task = stack.last_items(material_of(tmp_path, times=False, shoppers=2))
    line = evaluate.Line.of("x", np.array([[-1, -1], [-1, -1]]), task)
    assert (line.recall.mean, line.coverage, line.novelty) == (0.0, 0.0, None)
    assert str(line).endswith("| 0.000 | nothing shown |")


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    material = material_of(tmp_path, times=False)
    with pytest.raises(ValueError, match="no source 'tarot'"):
        history_sources.fit_all(["tarot"], Order(material, material.log, None, 0))


def test_an_item_that_is_only_ever_somebodys_last_does_not_end_the_evaluation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no row among the targets once last items are held out, and it is the first row."""
    lines = [f"s{shopper},{item},thing {item}" for shopper in range(3) for item in "bcda"]
    (tmp_path / "dozen.csv").write_text("\n".join(["shopper,item,title", *lines]))
    evaluate.main(["--data", str(tmp_path / "dozen.csv"), "--sources", "popular_log,sequence", "--quick"])
    assert f"| {evaluate.RANKER} | 1.0000" in capsys.readouterr().out  # what is left after b, c and d is a alone


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([f"s{shopper},i{shopper % 5},thing" for shopper in range(12)], "nothing to ask for"),
        ([f"al,i{place},thing" for place in range(12)], "nothing to learn from: of 0 requests"),
        ([f"s{shopper},i{place},thing {place}" for shopper in range(6) for place in range(2)], "has none"),
    ],
)
def test_a_log_too_small_is_refused_with_what_to_do(tmp_path: Path, lines: list[str], says: str) -> None:
    (tmp_path / "dozen.csv").write_text("\n".join(["shopper,item,title", *lines]))
    sources = "sequence" if says == "has none" else "neighbours,wording"
    with pytest.raises(SetupError, match=says) as refused:
        evaluate.main(["--data", str(tmp_path / "dozen.csv"), "--sources", sources])
    assert "history" in refused.value.hint


def test_where_everything_wanted_was_sought_before_only_the_kept_past_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"s{shopper},i0,thing" for shopper in range(4) for _ in range(3)]
    (tmp_path / "dozen.csv").write_text("\n".join(["shopper,item,title", *lines]))
    evaluate.main(["--data", str(tmp_path / "dozen.csv"), "--sources", "popular_log"])
    text = capsys.readouterr().out
    assert "left out: no requests" in text
    assert text.count(f"| {evaluate.RANKER} | 1.0000") == 1


@pytest.mark.parametrize(
    ("told", "says"),
    [(["--sources", "nosuch"], "there is no source 'nosuch'"), (["--from", "abc"], "'abc' is no date")],
)
def test_what_the_evaluation_cannot_do_is_said_before_anything_is_read(told: list[str], says: str) -> None:
    with pytest.raises(SetupError, match=says):
        evaluate.main(["--data", "nothing.csv", *told])


@pytest.mark.parametrize("told", [["--seed", "-1"], ["--sample", "-1"], ["--sample", "0"], ["--sample", "many"]])
def test_numbers_that_make_no_sense_are_refused(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        evaluate.main(["--data", "nothing.csv", *told])
    assert f"argument {told[0]}: invalid" in capsys.readouterr().err


def test_the_evaluation_says_what_it_read_and_what_it_did_not_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"s{shopper},{item},thing {item}" for shopper in range(3) for item in "bcda"]
    (tmp_path / "dozen.csv").write_text("\n".join(["shopper,item,title", *lines]))
    evaluate.main(["--data", str(tmp_path / "dozen.csv"), "--sources", "popular_log, wording", "--quick"])
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first.startswith("dozen, 12 events of 4 items, 9 to learn from; ")
    left = "neighbours, follow, together, autoencoder, factors, complements, sequence, graph"
    assert second == f"not measured: {left}; --sources names what is"
