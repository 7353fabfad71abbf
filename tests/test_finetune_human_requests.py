"""Labels of people's requests: their format on made-up requests, and that ours fit the requests they were made for."""

import json
from pathlib import Path

import pytest

from assistant.dialogue.reader import ReadingContext
from assistant.dialogue.reading_lines import Lines, Wish, read_lines, written
from assistant.dialogue.typed import lines_of
from finetune.human_requests import (
    FIELDS,
    Label,
    demo_reader,
    examples,
    labels,
    labels_in,
    reading_of,
    span_text,
)

REQUESTS = Path(__file__).parents[1].parent / "shared" / "data" / "shopping_requests" / "requests.jsonl"
MADE_UP = """\
# 0    1 2     3       4    5  6     7  8      9  10   11
# show a teal, striped rug, no wool, at most   60 euro please
## test
2 | words 4-4 | color = 2-2; pattern ~ 3-3; material != 6-6; price <= 9-10

## train
1 | words - | size = 0-0
"""
MESSAGE = "show a teal, striped rug, no wool, at  most 60 euro please"


def requests_file(folder: Path, *texts: str) -> Path:
    path = folder / "requests.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def test_a_label_file_is_places_only() -> None:
    assert labels_in(MADE_UP) == (
        Label(
            2,
            "test",
            (4, 4),
            (("color", "=", (2, 2)), ("pattern", "~", (3, 3)), ("material", "!=", (6, 6)), ("price", "<=", (9, 10))),
        ),
        Label(1, "train", None, (("size", "=", (0, 0)),)),
    )


def test_labels_become_readings_in_the_shopper_s_words(tmp_path: Path) -> None:
    path = requests_file(tmp_path, "xl", MESSAGE)
    [example] = examples(path, "test", labels_in(MADE_UP))
    assert example.message == MESSAGE
    assert example.reading == Lines(
        "search",
        "rug",
        (
            Wish("color", "=", "teal"),
            Wish("pattern", "~", "striped"),
            Wish("material", "!=", "wool"),
            Wish("price", "<=", "60 euro"),
        ),
    )
    assert example.fields == FIELDS
    assert [each.reading for each in examples(path, "train", labels_in(MADE_UP))] == [
        Lines("search", "", (Wish("size", "=", "xl"),))
    ]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        ((0, 0), "mug"),
        ((2, 3), "pack  of"),
        ((2, 4), "pack  of 2"),
        ((5, 5), '12"'),
        ((6, 6), "40%"),
        ((7, 7), "$9.50"),
    ],
)
def test_a_span_keeps_inner_blanks_and_units_and_drops_punctuation_at_its_ends(
    span: tuple[int, int], text: str
) -> None:
    assert span_text('mug, (a pack  of 2) 12" 40%. $9.50! --', span) == text


@pytest.mark.parametrize(("span", "complaint"), [((1, 2), "has 2 words"), ((1, 1), "punctuation")])
def test_a_label_of_another_request_is_refused(span: tuple[int, int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        reading_of(Label(1, "test", span, ()), "lamp --")


def test_another_file_than_the_labelled_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has 1 requests, no line 2"):
        examples(requests_file(tmp_path, "xl"), "test", labels_in(MADE_UP))
    with pytest.raises(ValueError, match=r"requests\.jsonl line 2: the request has 1 words"):
        examples(requests_file(tmp_path, "xl", "rug"), "test", labels_in(MADE_UP))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("1 | words 0-0 | ", "stands under no"),
        ("## test\n1 | lamp | ", "line 2 of the labels: expected"),
        ("## test\n1 | words 0-0 | weight = 1-1", "`weight = 1-1` is no wish"),
        ("## test\n1 | words 0-0 | color = red", "`color = red` is no wish"),
        ("## test\n1 | words 0 | ", "`0` is no span"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        labels_in(line)


def test_our_labels_are_500_requests_of_two_splits_without_a_word_in_two_spans() -> None:
    every = labels()
    assert [sum(label.split == split for label in every) for split in ("test", "train")] == [200, 300]
    assert len({label.line for label in every}) == 500
    for label in every:
        spans = [*([label.words] if label.words else []), *(span for _, _, span in label.wishes)]
        places = [place for first, last in spans for place in range(first, last + 1)]
        assert len(places) == len(set(places)), label


def test_the_deterministic_reader_s_reading_can_be_compared() -> None:
    reading = demo_reader().read("a red rain jacket under 80 euros, not blue", ReadingContext())
    found = lines_of(reading)
    assert found.intent == "search"
    assert set(found.words.split()) == {"rain", "jacket"}
    assert {(wish.field, wish.sign) for wish in found.wishes} == {("color", "="), ("price", "<="), ("color", "!=")}


def test_every_span_of_our_labels_stands_in_its_request() -> None:
    if not REQUESTS.exists():
        pytest.skip("the labelled requests (shopping_requests of the shared data) are not here")
    test, train = examples(REQUESTS, "test"), examples(REQUESTS, "train")
    assert (len(test), len(train)) == (200, 300)
    assert not {example.message for example in test} & {example.message for example in train}
    for example in (*test, *train):
        assert read_lines(written(example.reading), example.message, example.fields) == example.reading, example
