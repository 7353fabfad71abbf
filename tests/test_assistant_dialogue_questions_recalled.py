"""What only asks after the conversation is told apart from what wishes for something."""

import pytest

from assistant.dialogue.questions.recalled import answer_of_conversation, asks_of_conversation
from assistant.nouns import Constraint
from index.filters import Condition, Op
from index.items import Money


@pytest.mark.parametrize(
    "message",
    [
        "what did I say about nuts?",
        "And what did we say about the price?",
        "did I mention anything about wool?",
        "have I already asked for a size?",
        "which colour did I ask for?",
        "what was my budget again?",
        "what's my size?",
        "remind me what I asked for",
        "do you remember my budget?",
        "what filters are on?",
        "what are you searching for?",
        "was habe ich über Wolle gesagt?",
        "que dije sobre el precio?",
        "why is everything black?",
        "why are they all so expensive?",
        "why is nothing green?",
        "why do you only show black ones?",
        "why all the black?",
    ],
)
def test_a_question_about_the_conversation_is_known(message: str) -> None:
    assert asks_of_conversation(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "black boots",
        "everything black",
        "I told you no nuts",
        "did I tell you I am allergic to nuts?",
        "did I mention my son is allergic to nuts?",
        "forget what I said about wool",
        "what I want is a backpack",
        "what do you have under 50?",
        "what filters do you use for water?",
        "what filters are there for a coffee machine?",
        "why is the first one black?",
        "why did you recommend the second one?",
        "what did I say? I want black boots under 50",
        "do you have what I asked for in green?",
        "how do I set up the tent?",
        "what is my order number?",
    ],
)
def test_what_wishes_or_asks_for_something_else_is_left_alone(message: str) -> None:
    assert not asks_of_conversation(message)


LEDGER = (
    Constraint("c1", "hard", Condition("price", Op.LE, Money(6000, "EUR")), 1, "at most 60"),
    Constraint("c2", "hard", Condition("color", Op.NE, "Black"), 2, "nothing dark like black"),
    Constraint("c3", "soft", Condition("material", Op.EQ, "wool"), 2, "wool"),
)


def test_only_what_the_question_is_about_is_told() -> None:
    answer = answer_of_conversation("what did I say about money?", LEDGER, ())
    assert answer.text == "You asked for “up to 60.00 EUR” (in your words: “at most 60”)."
    assert [(entry.id, entry.kind, entry.ref) for entry in answer.evidence] == [("a1", "constraint", "c1")]


def test_a_value_named_in_the_question_is_about_its_field() -> None:
    asked = [Condition("color", Op.EQ, "Green")]
    answer = answer_of_conversation("why is nothing green?", LEDGER, asked)
    assert answer.text == "You asked for “not Black” (in your words: “nothing dark like black”)."


def test_a_question_about_nothing_in_particular_is_told_everything() -> None:
    answer = answer_of_conversation("what did I say?", LEDGER, ())
    assert [entry.ref for entry in answer.evidence] == ["c1", "c2", "c3"]


def test_what_was_never_said_is_not_made_up() -> None:
    answer = answer_of_conversation("what did I say about nuts?", (), ())
    assert answer.text == "Nothing that you asked for and that still counts is about “nuts”."
    assert answer.evidence == ()
    assert answer_of_conversation("what did I say?", (), ()).text == (
        "You have not asked for anything yet that still counts."
    )
