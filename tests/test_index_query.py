"""Queries: whatever text comes in can be searched for."""

from dataclasses import replace

import pytest

from index.catalogue import Query
from index.encoders import TextEncoder


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\ud800", "?"),
        ("caf\udce9 table", "caf? table"),  # `café` from a terminal that is not in UTF-8
        ("café \U0001f600", "café \U0001f600"),
        ("", ""),
    ],
)
def test_half_characters_become_question_marks(text: str, read: str) -> None:
    assert Query(text).text == read
    assert replace(Query("x", hybrid=True), text=text) == Query(read, hybrid=True)


def test_a_text_of_half_characters_can_be_embedded(text_encoder: TextEncoder) -> None:
    found = text_encoder.encode([Query("red \udfff shoe").text, "red ? shoe"])
    assert found[0].tolist() == found[1].tolist()
