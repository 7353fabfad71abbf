"""Material, csv files, folds, figures and training of the service intents."""

import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant.dialogue.service_intents import tidy
from finetune import service_baselines, service_intents, service_training
from finetune.service_material import (
    NONE,
    OWN_DEV,
    OWN_TEST,
    Utterance,
    compose,
    compose_none,
    expand,
    family,
    fill_blanks,
    gerund,
    intents,
    read_csv,
    read_own,
    roughen,
)


@pytest.mark.parametrize("column", ["utterance", "instruction", "Text"])
def test_a_csv_is_read_whatever_its_words_are_called(tmp_path: Path, column: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        f'\ufeffflags,{column},category,intent\nB,"where, please?",ORDER,track_order\nB,,ORDER,x\n', "utf-8"
    )
    assert read_csv(file) == [Utterance("where, please?", "track_order", "ORDER")]


@pytest.mark.parametrize("text", ["utterance,category\nhello,A\n", "words,intent\nhello,a\n", "text,intent\n"])
def test_a_csv_without_words_or_intents_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.csv"):
        read_csv(file)


def test_a_line_stands_for_every_choice_of_its_alternatives_and_slots() -> None:
    slots = {"thing": "(a|the) cup|it", "who": "you"}
    found = {expand("can {who} (mend|sell) {thing} {{Order Number}}(?|)", random.Random(s), slots) for s in range(400)}
    things, ends = ("a cup", "the cup", "it"), ("?", "")
    wanted = {f"can you {v} {t} {{{{Order Number}}}}{e}" for v in ("mend", "sell") for t in things for e in ends}
    assert found == wanted


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        ("cancel my order", "cancelling my order"),
        ("make a claim", "making a claim"),
        ("set up it", "setting up it"),
        ("be paid", "being paid"),
        ("see it", "seeing it"),
        ("log in", "logging in"),
        ("pay", "paying"),
    ],
)
def test_gerunds(action: str, wanted: str) -> None:
    assert gerund(action) == wanted


def test_blanks_are_left_dropped_or_filled() -> None:
    found = {fill_blanks("order {{Order Number}} now", random.Random(seed)) for seed in range(200)}
    assert {"order {{Order Number}} now", "order now", "order 12345 now"} <= found
    assert all(text.startswith("order") and text.endswith("now") for text in found)


def test_composed_utterances_are_distinct_come_again_with_the_seed_and_cover_all_intents() -> None:
    made = compose(20, 4)
    assert made == compose(20, 4)
    assert made != compose(20, 5)
    assert len(intents()) == 27
    assert len(set(intents().values())) == 11
    assert Counter(one.intent for one in made) == dict.fromkeys(intents(), 20)
    assert len({(one.intent, one.text) for one in made}) == 27 * 20


def test_composed_utterances_hold_no_unfilled_slot_or_alternative() -> None:
    for one in [*compose(60, 1), *compose_none(200, 1)]:
        bare = one.text.replace("{{", "").replace("}}", "")
        assert not set("{}()|\x00\x01") & set(bare), one


def test_utterances_for_measuring_are_in_no_training_material() -> None:
    test, dev = read_own(OWN_TEST), read_own(OWN_DEV)
    made = {tidy(one.text).rstrip("?.!") for one in [*compose(400, 0), *compose_none(400, 0)]}
    told = [tidy(one.text).rstrip("?.!") for one in [*test, *dev]]
    assert len(told) == len(set(told))
    shared = sorted(made & set(told))
    assert len(shared) <= 3, shared  # the shortest ways of asking, such as a bare noun, are everybody's


def test_our_test_utterances_hold_twenty_or_so_of_each_category() -> None:
    counts = Counter(one.category for one in read_own(OWN_TEST) if one.intent != NONE)
    assert set(counts) == set(intents().values())
    assert min(counts.values()) == 20
    assert {one.intent for one in read_own(OWN_TEST)} == {*intents(), NONE}


def test_roughened_texts_stay_near_their_originals() -> None:
    text = "where can I see the invoice for my lamp?"
    for seed in range(100):
        rough = roughen(text, random.Random(seed))
        assert abs(len(rough) - len(text)) <= 20
        assert len(set(rough.split()) & set(text.split())) >= 3, rough


def test_a_family_is_what_is_left_without_the_frame() -> None:
    assert family("Could you ask an agent how to view my bill, please?") == "view bill"
    assert family("i want to view the bill") == "view bill"


def test_a_template_family_lies_in_one_fold() -> None:
    verbs, things = ("view", "obtain", "forward", "inspect"), ("bill", "receipt", "warranty")
    frames = ("how do I {} my {}?", "can you {} the {}", "i want to {} a {} please")
    rows = [Utterance(frame.format(v, t), "x") for v in verbs for t in things for frame in frames]
    folds = service_baselines.families(rows, 4, 0)
    of_family: dict[str, set[int]] = {}
    for row, fold in zip(rows, folds, strict=True):
        of_family.setdefault(family(row.text), set()).add(int(fold))
    assert all(len(held) == 1 for held in of_family.values())
    assert set(folds) == {0, 1, 2, 3}


def test_intents_of_other_releases_are_matched_by_name() -> None:
    given = ("check_invoice", "CHECK INVOICES", "trackOrder", "Open-Account", "fly_to_moon")
    rows, foreign = service_intents.matched([Utterance("words", name) for name in given])
    assert [row.intent for row in rows] == ["check_invoices", "check_invoices", "track_order", "create_account"]
    assert [row.category for row in rows] == ["INVOICES", "INVOICES", "ORDER", "ACCOUNT"]
    assert foreign == 1


def test_every_alias_names_an_intent_of_ours() -> None:
    assert set(service_intents.ALIASES.values()) <= set(intents())


def test_figures_are_those_worked_out_by_hand() -> None:
    truth = [Utterance("", one) for one in ("get_refund", "get_refund", "track_refund", "review")]
    told = ["get_refund", "track_refund", "track_refund", "unknown"]
    accuracy, f1, category = service_intents.scores(truth, told)
    assert accuracy == 2 / 4
    assert f1 == pytest.approx((2 * 1 / (2 + 1) + 2 * 1 / (1 + 2) + 0) / 3)
    assert category == 3 / 4


def test_distinct_keeps_the_first_of_rows_that_differ_in_case() -> None:
    rows = [Utterance("Hi", "a"), Utterance("hi", "b"), Utterance("ho", "c")]
    assert [row.intent for row in service_intents.distinct(rows)] == ["a", "c"]


def test_the_threshold_is_the_highest_that_gets_most_right() -> None:
    chances_NC = np.array([[0.9, 0.05, 0.05], [0.2, 0.45, 0.35], [0.305, 0.4, 0.295], [0.1, 0.2, 0.7]])
    assert service_training.best_threshold(chances_NC, np.array([0, 1, 2, 2])) == 0.45
    assert service_training.best_threshold(chances_NC, np.array([0, 1, 1, 2])) == 0.4


def testtempered_probabilities_are_those_of_divided_logits() -> None:
    logits = np.array([2.0, 0.5, -1.0])
    plain_NC = (np.exp(logits) / np.exp(logits).sum())[None]
    wanted = [math.exp(one / 1.7) / sum(math.exp(other / 1.7) for other in logits) for one in logits]
    np.testing.assert_allclose(service_training.tempered(plain_NC, 1.7)[0], wanted)


def test_every_intent_weighs_the_same_whatever_its_share_in_the_file() -> None:
    given = [Utterance(f"refund {at}", "get_refund") for at in range(50)] + [Utterance("stars", "review")]
    rows = service_training.mixture(given, own=3, taken=5, seed=0)(0)
    counts = Counter(row.intent for row in rows)
    assert counts["get_refund"] == counts["review"] == 3 + 5
    assert counts["cancel_order"] == counts[NONE] == 3


def test_the_linear_baseline_tells_words_it_has_seen() -> None:
    rows = [
        Utterance(f"{start} {word}", intent)
        for start in ("please", "now", "the")
        for word, intent in (("refund", "a"), ("invoice", "b"))
    ]
    assert service_baselines.tfidf(rows, ["a refund", "my invoice"]) == ["a", "b"]


def test_rows_of_two_intents_are_too_few_to_train_on() -> None:
    with pytest.raises(ValueError, match="three intents"):
        service_training.train_head([Utterance("a", "review"), Utterance("b", "get_refund")], seed=0)


@pytest.mark.slow
def test_training_learns_and_its_file_says_the_same(tmp_path: Path) -> None:
    from assistant.dialogue import service_intents as served
    from finetune import low_rank

    shown = ("cancel_order", "get_invoice", "track_order")
    rows = [row for row in compose(80, 0) if row.intent in shown]
    network, tokenizer = service_training.train(lambda _epoch: rows, epochs=3, seed=0)
    teller = service_training.as_teller(network, tokenizer)
    texts = ["call off my purchase", "mail me the bill", "where is my parcel"]
    assert [one.intent for one in teller.tell(texts)] == list(shown)
    told = {"intents": intents(), "temperature": 1.0, "threshold": 0.0}
    low_rank.save(network, tmp_path, told)
    again = served.load(tmp_path).probabilities(texts)
    np.testing.assert_allclose(again, teller.probabilities(texts), atol=0.02)  # half precision
