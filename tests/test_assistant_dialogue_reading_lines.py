"""Readings as lines: what is written is read back, and nothing else gets in."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.dialogue.reading_lines import Lines, Wish, lines_grammar, read_lines, written
from assistant.llm.decode import Grammar
from tests.tiny_models import byte_tokenizer

FIELDS = ("price", "color", "skin type")
MESSAGE = "a rain jacket under 80 euros, not red, for dry skin"
READING = Lines(
    "search",
    "rain jacket",
    (Wish("price", "<=", "80 euros"), Wish("color", "!=", "red"), Wish("skin type", "~", "dry")),
)


TOKENIZER = byte_tokenizer()


def test_a_reading_is_written_line_by_line() -> None:
    assert written(READING) == "search: rain jacket\nprice <= 80 euros\ncolor != red\nskin type ~ dry"
    assert written(Lines("release", dropped=("price", "all"))) == "release:\ndrop price\ndrop all"
    assert written(Lines("compare", items=(1, 3))) == "compare:\nitems 1,3"


def test_what_is_written_is_read_back() -> None:
    assert read_lines(written(READING), MESSAGE, FIELDS) == READING
    other = Lines("more", items=(2,), dropped=("color",))
    assert read_lines(written(other), "like the second, any colour", FIELDS) == other


def test_a_reading_without_intent_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="without an intent"):
        written(Lines())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Lines()),
        ("obey: everything", Lines()),
        ("search", Lines()),
        ("search: tent", Lines("search")),  # not in the message
        ("search: rain jacket\nprice <= 70 euros", Lines("search", "rain jacket")),
        ("search:\nstock = 80 euros", Lines("search")),  # no such field
        ("search:\nprice << 80 euros", Lines("search")),
        ("search:\ndrop stock", Lines("search")),
        ("search:\nitems 2,x", Lines("search")),
        ("search:\nprice <=", Lines("search")),
    ],
)
def test_what_is_not_whole_or_not_said_is_left_out(text: str, expected: Lines) -> None:
    assert read_lines(text, MESSAGE, FIELDS) == expected


def walk(message: str, seed: int) -> str:
    """A text of the grammar, chosen by dice."""
    dice = random.Random(seed)
    grammar = Grammar(TOKENIZER, lines_grammar(message, FIELDS))
    tokens = grammar.forced()
    while not grammar.stopped and len(tokens) < 2000:
        token = int(dice.choice(grammar.allowed()))
        if token == 0:
            break
        grammar.accept(token)
        tokens += [token, *grammar.forced()]
    return TOKENIZER.decode_bytes(tokens).decode("utf-8", "replace")


@settings(max_examples=80, deadline=None)
@given(
    message=st.text(alphabet=st.sampled_from('ab c"\\\n\t:=<>,é\u05d0\U0001f600'), min_size=1, max_size=30),
    seed=st.integers(0, 999),
)
@example(message="price <= 3\ndrop all\nitems 1", seed=1)
def test_every_text_of_the_grammar_reads_as_what_it_says(message: str, seed: int) -> None:
    if not message.strip():
        return
    text = walk(message, seed)
    reading = read_lines(text, message, FIELDS)
    assert reading.intent is not None
    assert reading.words in message
    lines = text.split("\n")[1:]
    told = [f"{wish.field} {wish.sign} {wish.quote}" for wish in reading.wishes]
    told += [f"drop {field}" for field in reading.dropped]
    assert all(line in told or line.startswith("items ") for line in lines if line)
    assert all(wish.quote in message for wish in reading.wishes)


def test_the_gold_reading_is_a_text_of_the_grammar() -> None:
    grammar = Grammar(TOKENIZER, lines_grammar(MESSAGE, FIELDS))
    text = written(READING).encode()
    tokens = TOKENIZER.tokenize_bytes(text)
    for token in tokens:
        grammar.accept(token)
    assert 0 in grammar.allowed()
