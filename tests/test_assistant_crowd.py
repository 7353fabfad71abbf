"""What others did is told of a crowd, never of a person."""

import pytest

from assistant.crowd import Act, Crowds

VIEWERS = ["ann", "bob", "cleo", "dan"]


@pytest.mark.parametrize(
    ("who", "reader", "told"),
    [
        (["ann"], "zoe", None),
        (["ann", "bob"], "zoe", None),
        (["ann", "bob", "cleo"], "zoe", "bought"),
        (["ann", "bob", "cleo"], None, "bought"),
        (["ann", "bob", "cleo"], "bob", None),  # two others
        (["ann", "bob", "cleo", "dan"], "bob", "bought"),
    ],
)
def test_three_others_must_have_done_it(who: list[str], reader: str | None, told: Act | None) -> None:
    assert Crowds.of({"lamp": {"bought": who}}).told("lamp", reader) == told


def test_what_says_most_is_told_where_enough_did_it() -> None:
    crowds = Crowds.of({"lamp": {"viewed": VIEWERS, "carted": ["ann", "bob", "cleo"], "bought": ["ann", "bob"]}})
    assert crowds.told("lamp", "zoe") == "carted"
    assert crowds.told("lamp", "ann") == "viewed"  # besides ann two put it in their carts, three looked at it
    assert crowds.told("boot", "zoe") is None
