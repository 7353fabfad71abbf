"""How well the language model alone reads messages, and how long it takes: `python bench/reading.py [--adapter DIR]`.

The messages were written for this bench and appear in no prompt. An expectation is written
`intent | product words | field want text-in-the-quote; ...`. The deterministic reader is not involved: this is what
the model adds or spoils.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from assistant.dialogue.model_reader import ModelReader, ModelReading
from assistant.llm.chat_model import ChatModel

MESSAGES = """
looking for a waterproof backpack => search | waterproof backpack |
I want a kettle for less than 40 dollars => search | kettle | price at_most 40
show me red dresses => search | dresses | color is red
headphones with good battery life, max 150 => search | headphones | price at_most 150
no Sony please => search | | brand is_not Sony
do you have trail shoes in size 44? => search | trail shoes | size is 44
a cotton shirt, preferably blue => search | shirt | material is cotton; color prefer blue
something cheaper => search | |
desk lamp between 20 and 50 euros => search | desk lamp | price at_least 20; price at_most 50
I need a tent for four people => search | tent |
rated 4.5 or better => search | | rating at_least 4.5
anything but black => search | | color is_not black
birthday present for a six year old => search | present for a six year old |
wool socks => search | socks | material is wool
under $25 => search | | price at_most 25
I'd like a Bosch drill => search | drill | brand is Bosch
a big blue umbrella that costs no more than 30 => search | umbrella | color is blue; price at_most 30
not leather, my wife is vegan => search | | material is_not leather
running shoes for flat feet => search | running shoes for flat feet |
maybe something in yellow => search | | color prefer yellow
I am after a coffee grinder => search | coffee grinder |
need garden chairs, at most 200 for the set => search | garden chairs | price at_most 200
size M please => search | | size is M
a stainless steel pan, not Tefal => search | pan | material is stainless steel; brand is_not Tefal
can you find me a yoga mat => search | yoga mat |
I hate plastic => search | | material is_not plastic
more expensive than 100 => search | | price at_least 100
winter coat in green size L under 120 => search | winter coat | color is green; size is L; price at_most 120
show me something else => more | |
do you have more like these => more | |
what else is there => more | |
next ones please => more | |
other options? => more | |
does it come with a charger? => ask_item | |
how heavy is the first one? => ask_item | |
is the blue one waterproof? => ask_item | |
what is it made of? => ask_item | |
how many litres does the third hold => ask_item | |
can I use it outdoors? => ask_item | |
what do people say about number two => ask_item | |
how much is delivery? => ask_policy | |
can I return it after a month => ask_policy | |
do you ship to Norway? => ask_policy | |
is there a warranty => ask_policy | |
which payment methods do you take? => ask_policy | |
when will my order arrive => ask_policy | |
compare the first two => compare | |
which one is better, the first or the second? => compare | |
how do these differ => compare | |
the price does not matter after all => release | |
never mind the colour => release | |
any brand is fine now => release | |
drop the size => release | |
hi => greet | |
good morning! => greet | |
hey, can you help me? => greet | |
thank you so much => thanks | |
great, cheers => thanks | |
perfect, thanks! => thanks | |
tell me a joke => other | |
what is the capital of Peru? => other | |
write my homework => other | |
""".strip().splitlines()


@dataclass(frozen=True)
class Expected:
    """What a careful person reads in `message`; a wish is field, operator name and text its quote must hold."""

    message: str
    intent: str
    words: frozenset[str]
    wishes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Vocabulary:
    """Attribute names such as a catalogue of mixed goods has."""

    values: Mapping[str, Mapping[str, int]]


SHOP = Vocabulary({name: {"any": 1} for name in ("material", "capacity", "weight", "gender", "power")})
WANTED = {
    ("hard", "<="): "at_most",
    ("hard", ">="): "at_least",
    ("hard", "="): "is",
    ("hard", "!="): "is_not",
    ("soft", "="): "prefer",
}


def expected(line: str) -> Expected:
    """One line of `MESSAGES`, read."""
    message, _, truth = line.partition(" => ")
    intent, words, wishes = (part.strip() for part in truth.split("|"))
    split = [wish.strip().split(" ", 2) for wish in wishes.split(";") if wish.strip()]
    return Expected(message, intent, frozenset(words.split()), tuple((f, want, text) for f, want, text in split))


def hits(reading: ModelReading, truth: Expected) -> int:
    """How many expected wishes were found with the right field, operator and quote."""
    left = [(wish.field, WANTED[(wish.kind, str(wish.op))], wish.quote) for wish in reading.constraints]
    found = 0
    for field, want, text in truth.wishes:
        match = next((wish for wish in left if wish[:2] == (field, want) and text in wish[2]), None)
        if match is not None:
            left.remove(match)
            found += 1
    return found


def ratio(part: int, whole: int) -> str:
    """`12/16 = 0.75`."""
    return f"{part}/{whole} = {part / whole:.2f}" if whole else f"{part}/0"


def measure(model: ChatModel, deadline_s: float, verbose: bool) -> None:
    """Read every message and print the table."""
    reader = ModelReader(model, SHOP)
    reader.read("a table", deadline_s=60.0)  # the first reading computes the prompt's prefix
    right = found = said = asked = words_right = words_said = words_asked = clean = finished = 0
    seconds: list[float] = []
    truths = [expected(line) for line in MESSAGES]
    for truth in truths:
        begun = time.perf_counter()
        reading = reader.read(truth.message, deadline_s=deadline_s)
        seconds.append(time.perf_counter() - begun)
        got, words = hits(reading, truth), set(reading.words.split())
        right += reading.intent == truth.intent
        found, said, asked = found + got, said + len(reading.constraints), asked + len(truth.wishes)
        words_right, words_said = words_right + len(words & truth.words), words_said + len(words)
        words_asked += len(truth.words)
        clean += not truth.wishes and not reading.constraints
        finished += reading.finished
        if verbose:
            wishes = [(w.field, str(w.op), w.kind, w.quote) for w in reading.constraints]
            mark = " " if reading.intent == truth.intent else "x"
            print(f"{mark} {seconds[-1]:.2f} {truth.message!r}: {reading.intent} {reading.words!r} {wishes}")
    wishless = sum(not truth.wishes for truth in truths)
    print(f"model               {model.version}")
    print(f"messages            {len(truths)}, finished within {deadline_s} s: {finished}")
    print(f"intent accuracy     {ratio(right, len(truths))}")
    print(f"words precision     {ratio(words_right, words_said)}, recall {ratio(words_right, words_asked)}")
    print(f"wishes precision    {ratio(found, said)}, recall {ratio(found, asked)}")
    print(f"none where none is  {ratio(clean, wishless)}")
    print(f"seconds             median {statistics.median(seconds):.2f}, worst {max(seconds):.2f}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--deadline", type=float, default=3.0, help="seconds per message")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    from assistant.llm.local import LocalChatModel

    model = LocalChatModel(adapter=args.adapter)
    measure(model, args.deadline, args.verbose)


if __name__ == "__main__":
    main()
