"""The shipped stance model: plain messages are told rightly, and damaged weights are refused."""

import json
import shutil
from pathlib import Path

import pytest

from assistant import deltas
from assistant.dialogue import stances
from assistant.dialogue.stances import MODEL_FOLDER, Stance
from assistant.spans import Marked, Span
from index.errors import WeightsError


def told(message: str, *names: str) -> list[Stance]:
    return stances.shipped().tell(message, [span_of(message, name) for name in names])


def span_of(message: str, name: str) -> Span:
    return message.index(name), message.index(name) + len(name)


@pytest.mark.parametrize(
    ("message", "name", "manner", "field"),
    [
        ("show me rucksacks, but brown she refuses to touch", "brown", "!=", "color"),
        ("my old one was a blue Fjordline, now any jacket will do", "blue", "told", ""),
        ("a coat in green would be lovely but is no must", "green", "~", "color"),
        ("I can part with 80 at the very most for a lamp", "80", "<=", "price"),
        ("nothing rated below 4 gets into my kitchen, a kettle please", "4", ">=", "rating"),
        ("the bench has to be oak, full stop", "oak", "=", "material"),
        ("the bench has to be oak, full stop", "bench", "words", ""),
    ],
)
def test_how_a_message_stands_to_what_it_names(message: str, name: str, manner: str, field: str) -> None:
    [stance] = told(message, name)
    assert stance.manner == manner
    assert not field or stance.field == field
    assert stance.probability > 0.5


def test_messages_read_together_are_told_as_each_alone() -> None:
    texts = ["a red coat", "anything but wool for a scarf please, and under 30", "hello"]
    names = [("red",), ("wool", "scarf", "30"), ()]
    marked = [Marked(text, tuple(span_of(text, one) for one in said)) for text, said in zip(texts, names, strict=True)]
    together = stances.shipped().tell_all(marked)
    for one, found in zip(marked, together, strict=True):
        alone = stances.shipped().tell(one.text, one.spans)
        assert [(each.manner, each.field) for each in found] == [(each.manner, each.field) for each in alone]
        assert [each.probability for each in found] == pytest.approx([each.probability for each in alone], abs=1e-4)


def test_the_same_message_is_always_told_the_same() -> None:
    assert told("no wool, red if possible", "wool", "red") == told("no wool, red if possible", "wool", "red")


def test_of_what_lies_beyond_the_longest_message_nothing_is_told() -> None:
    message = "well " * 400 + "no wool"
    [stance] = told(message, "wool")
    assert stance.probability == 0.0


def test_no_name_is_no_question() -> None:
    assert stances.shipped().tell("hello", []) == []


@pytest.mark.parametrize("harm", ["cut", "manifest", "temperature", "missing"])
def test_damaged_weights_are_refused(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "stances"
    shutil.copytree(MODEL_FOLDER, folder)
    manifest = folder / deltas.MANIFEST_FILE
    if harm == "cut":
        weights = folder / deltas.WEIGHTS_FILE
        weights.write_bytes(weights.read_bytes()[:-100])
    elif harm == "manifest":
        manifest.write_text("{", encoding="utf-8")
    elif harm == "temperature":
        facts = json.loads(manifest.read_text(encoding="utf-8"))
        del facts["temperature"]
        manifest.write_text(json.dumps(facts), encoding="utf-8")
    else:
        shutil.rmtree(folder)
    with pytest.raises(WeightsError):
        stances.load(folder)
