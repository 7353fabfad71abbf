"""Reading, making and splitting training sentences; training; the figures."""

from pathlib import Path

import numpy as np
import pytest

from assistant.reviews.aspects import ASPECTS
from assistant.spans import Marked
from finetune import review_data, reviews
from finetune.review_data import NEGATIVE, NEUTRAL, POSITIVE, Judged


def test_marks_become_spans_of_the_bare_sentence() -> None:
    read = review_data.parse_marks("The [screen|+] is fine, the [fan|-] is not, it has a [lid|0].")
    assert read.marked.text == "The screen is fine, the fan is not, it has a lid."
    assert [read.marked.text[a:b] for a, b in read.marked.spans] == ["screen", "fan", "lid"]
    assert read.labels == (POSITIVE, NEGATIVE, NEUTRAL)


def test_seg_samples_of_one_sentence_are_gathered_and_blanks_closed(tmp_path: Path) -> None:
    file = tmp_path / "a.seg"
    file.write_text(
        "The $T$ did n't fit , a pity .\nlid\n-1\nThe lid did n't fit , a $T$ .\npity\n0\n", encoding="utf-8"
    )
    (read,) = review_data.read_seg(file)
    assert read == Judged(Marked("The lid didn't fit, a pity.", ((4, 7), (22, 26))), (NEGATIVE, NEUTRAL))


@pytest.mark.parametrize("text", ["The $T$ fits\nlid\n2\n", "The lid fits\nlid\n1\n", "The $T$ fits\nlid\n"])
def test_a_damaged_seg_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.seg"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.seg"):
        review_data.read_seg(file)


def test_composed_sentences_mark_whole_words_and_come_again_with_the_seed() -> None:
    made = review_data.compose(300, 7)
    assert made == review_data.compose(300, 7)
    assert made != review_data.compose(300, 8)
    for one in made:
        for start, end in one.marked.spans:
            around = f" {one.marked.text} "
            assert not around[start].isalnum(), one
            assert not around[end + 1].isalnum(), one
            assert one.marked.text[start:end].strip() == one.marked.text[start:end]


def test_our_own_sentences_hold_all_three_classes_in_fair_shares() -> None:
    labels = [label for one in review_data.read_own() for label in one.labels]
    assert len(labels) > 400
    assert min(np.bincount(labels)) > 80


def test_labelled_sentences_name_known_aspects_only() -> None:
    labelled = review_data.read_aspect_labels()
    assert len(labelled) == 100
    assert set().union(*(aspects for _, aspects in labelled)) <= set(ASPECTS)


def test_detection_is_counted_by_hand() -> None:
    labelled = [("The battery is warm", frozenset({"battery"})), ("It seeps", frozenset({"weatherproofing"}))]
    assert reviews.detection(labelled) == (1 / 2, 1 / 2)


def test_held_out_keys_are_a_share_of_the_distinct_ones() -> None:
    held = review_data.split_by(["a", "a", "b", "c", "d"], 0.5, 3)
    assert len(held) == 2
    assert held == review_data.split_by(["d", "c", "b", "a"], 0.5, 3)


@pytest.mark.slow
def test_training_learns_what_it_is_shown_and_its_file_says_the_same(tmp_path: Path) -> None:
    from assistant.reviews import tuned
    from finetune import review_training

    texts = [f"The {thing} is {word}." for thing in ("pan", "tent", "lamp") for word in ("sublime", "atrocious")]
    shown = [
        Judged(Marked(text, ((4, text.index(" is ")),)), (POSITIVE if "sublime" in text else NEGATIVE,))
        for text in texts
    ]
    network, tokenizer = review_training.make_network()
    review_training.train(network, tokenizer, shown * 24, [], epochs=3, seed=0)
    unseen = [Marked("The sofa is sublime.", ((4, 8),)), Marked("The sofa is atrocious.", ((4, 8),))]
    praised, blamed = review_training.as_judge(network, tokenizer).judge(unseen)
    assert praised.polarities[0] > 0.5
    assert blamed.polarities[0] < -0.5
    review_training.save(network, tmp_path, 0.0, {"made up": "our own"}, "a test")
    reloaded = tuned.load(tmp_path).judge(unseen)
    np.testing.assert_allclose(reloaded[0].spans, praised.spans, atol=5e-3)  # half precision
