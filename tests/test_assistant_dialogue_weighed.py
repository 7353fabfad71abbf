"""The stance model's word beside the rules': where it is sure it stands, and nothing else changes."""

import itertools
from collections.abc import Mapping, Sequence

import pytest
from dialogue_shops import OUTDOOR, SHELF, said

from assistant.dialogue import weighed as policy
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from assistant.dialogue.stances import Stance
from assistant.spans import Span

PLAIN_READER = CatalogueReader(OUTDOOR, "USD")


class Scripted:
    """Says of each named word what the test has it say; of all others that it cannot tell."""

    def __init__(self, stances: Mapping[str, Stance]) -> None:
        self._stances = stances
        self.asked: list[str] = []

    def tell(self, message: str, names: Sequence[Span]) -> list[Stance]:
        self.asked += [message[start:end] for start, end in names]
        return [self._stances.get(message[start:end], Stance("told", "", 0.0)) for start, end in names]


def read(message: str, **stances: Stance) -> set[str]:
    """What is asked for, when the model says that of the words, blanks written as underscores."""
    teller = Scripted({name.replace("_", " "): stance for name, stance in stances.items()})
    reading = CatalogueReader(OUTDOOR, "USD", teller).read(message, ReadingContext())
    return {said(entry) for entry in reading.constraints}


def test_a_wish_becomes_a_refusal_where_the_model_is_sure() -> None:
    message = "knock out everything made of cotton"
    assert read(message) == {"material = Cotton"}  # what the rules make of it
    assert read(message, cotton=Stance("!=", "material", 0.999)) == {"material != Cotton"}
    assert read(message, cotton=Stance("!=", "material", policy.TURNED - 0.01)) == {"material = Cotton"}


def test_a_refusal_becomes_a_wish_where_the_model_is_sure() -> None:
    assert "material != Cotton" in read("jackets without cotton for my brother")
    found = read("jackets without cotton for my brother", cotton=Stance("=", "material", 0.999))
    assert "material = Cotton" in found
    assert "material != Cotton" not in found


def test_one_of_two_colours_is_turned_and_the_other_stays() -> None:
    assert "color in Black|Red" in read("a black or red jacket for my brother")
    found = read("a black or red jacket for my brother", red=Stance("!=", "color", 0.99))
    assert {"color = Black", "color != Red"} <= found


def test_what_is_only_told_holds_nothing() -> None:
    message = "a cotton jacket for my brother"
    assert "material = Cotton" in read(message)
    assert "material = Cotton" not in read(message, cotton=Stance("told", "", 0.99))
    assert "material = Cotton" in read(message, cotton=Stance("told", "", policy.WAIVED - 0.01))


def test_a_value_that_the_rules_pass_over_is_heard() -> None:
    message = "something slim in jackets for my brother"
    assert not any(each.startswith("fit") for each in read(message))
    assert "fit = Slim" in read(message, slim=Stance("=", "attribute", 0.95))
    assert not any(each.startswith("fit") for each in read(message, slim=Stance("=", "attribute", policy.HEARD - 0.01)))


def test_values_with_an_or_between_them_are_heard_as_one() -> None:
    sure = Stance("=", "attribute", 0.99)
    assert "fit in Slim|Regular" in read("slim or regular cut jackets for my brother", slim=sure, regular=sure)


@pytest.mark.parametrize(
    ("stance", "wanted"),
    [
        (Stance(">=", "price", 0.99), "price >= 60.00 USD"),
        (Stance("<=", "price", 0.99), "price < 60.00 USD"),
        (Stance("told", "", 0.99), None),
    ],
)
def test_the_model_says_which_way_an_amount_bounds(stance: Stance, wanted: str | None) -> None:
    found = read("jackets for my brother under 60 dollars", **{"60": stance})
    assert {each for each in found if each.startswith("price")} == ({wanted} if wanted else set())


def test_an_amount_keeps_the_currency_the_rules_know() -> None:
    assert "price >= 60.00 EUR" in read("jackets for my brother, 60 euros", **{"60": Stance(">=", "price", 0.99)})


def test_stars_are_no_more_than_five() -> None:
    found = read("jackets for my brother, 60 at least", **{"60": Stance(">=", "rating", 0.99)})
    assert not any(each.startswith("rating") for each in found)


def test_a_number_may_be_a_size() -> None:
    found = read("boots for my brother, 42 fits him", **{"42": Stance("=", "size", 0.99)})
    assert "size = 42" in found
    assert not any(each.startswith("price") for each in found)


def test_a_roughly_said_amount_stays_as_it_is() -> None:
    message = "jackets for my brother, around 60"
    assert read(message, **{"60": Stance("<=", "price", 0.99)}) == read(message)


def test_kinds_of_things_are_left_to_the_rules() -> None:
    message = "a jacket for my brother, no backpacks"
    sure = Stance("!=", "attribute", 1.0)
    assert read(message, jacket=sure, backpacks=Stance("=", "attribute", 1.0)) == read(message)


def test_nothing_is_asked_of_a_message_that_is_all_conditions() -> None:
    teller = Scripted({})
    CatalogueReader(OUTDOOR, "USD", teller).read("a red jacket under 80", ReadingContext())
    assert not teller.asked
    CatalogueReader(OUTDOOR, "USD", teller).read("a red jacket under 80 for my brother", ReadingContext())
    assert {"red", "80"} <= set(teller.asked)


def test_questions_are_not_weighed() -> None:
    teller = Scripted({"cotton": Stance("=", "material", 1.0)})
    reading = CatalogueReader(OUTDOOR, "USD", teller).read("is the first made of cotton?", ReadingContext(shown=SHELF))
    assert reading.intent == "ask_item"
    assert not reading.constraints


def test_names_stand_where_the_message_has_them() -> None:
    names = policy.Names(PLAIN_READER.words, "USD")
    message = "Navy blue jacket, merino wool, size 42, $60"
    found = names.find(Passage.of(message))
    quotes = [message[start:end].lower() for start, end in (name.span for name in found)]
    assert quotes == ["navy blue", "jacket", "merino wool", "42", "60"]
    assert all(first.span[1] <= second.span[0] for first, second in itertools.pairwise(found))


def test_a_list_without_end_is_cut() -> None:
    names = policy.Names(PLAIN_READER.words, "USD").find(Passage.of("red, " * 500))
    assert len(names) == policy.MOST_NAMES


@pytest.mark.parametrize(
    "message",
    [
        "a suitcase of 55 x 40 x 20 for my brother",
        "chocolate with 85 % cocoa for my brother",
        "my number is 1701234567, jackets please",
        "jackets for my brother, 500 kr",
        "jackets my brother wore in 2019",
        "1. jackets 2. boots for my brother",
    ],
)
def test_what_can_be_no_price_becomes_none(message: str) -> None:
    sure = Stance("<=", "price", 1.0)
    numbers = dict.fromkeys(("55", "40", "20", "85", "1701234567", "500", "2019", "1", "2"), sure)
    assert not any(each.startswith("price") for each in read(message, **numbers))


@pytest.mark.parametrize(
    "message",
    ["a 28 l backpack for my brother", "my brother is 1.80 m tall, jackets", "42 x 10 jackets for my brother"],
)
def test_a_measure_is_no_size(message: str) -> None:
    sure = Stance("=", "size", 1.0)
    assert not any(each.startswith("size") for each in read(message, l=sure, m=sure, **{"42": sure, "10": sure}))


def test_a_value_that_the_rules_passed_over_needs_more() -> None:
    message = "a belt that goes with my navy blue suit"
    names = {"navy blue": Stance("=", "color", policy.OVERHEARD - 0.01)}
    assert not any(each.startswith("color") for each in read(message, **names))


def test_a_word_of_comparison_is_believed() -> None:
    message = "jackets for my brother under 150 but over 80"
    assert read(message, **{"80": Stance("<=", "price", policy.COMPARED - 0.01)}) == read(message)


def test_a_no_that_the_rules_found_stays() -> None:
    message = "jackets for my brother, no cotton"
    assert read(message, cotton=Stance("told", "", 1.0)) == read(message)
    assert read(message, cotton=Stance("=", "material", policy.WANTED - 0.01)) == read(message)


def test_what_is_searched_for_may_be_a_condition_all_the_same() -> None:
    message = "something waterproof for my brother"
    assert read(message, waterproof=Stance("words", "", 1.0)) == read(message)


def test_a_preference_of_the_rules_becomes_a_condition_where_the_model_is_sure() -> None:
    message = "preferably cotton jackets for my brother"
    assert "~material = Cotton" in read(message)
    assert "material = Cotton" in read(message, cotton=Stance("=", "material", policy.FIRM))
    assert "~material = Cotton" in read(message, cotton=Stance("=", "material", policy.FIRM - 0.01))


def test_a_refusal_that_the_rules_passed_over_needs_less_than_a_wish() -> None:
    message = "a belt that goes with my navy blue suit"
    assert "color != Navy Blue" in read(message, navy_blue=Stance("!=", "color", policy.SHUNNED))
    assert not any("Navy" in each for each in read(message, navy_blue=Stance("!=", "color", policy.SHUNNED - 0.01)))


def test_a_bound_of_another_field_in_the_same_direction_needs_no_more_than_any() -> None:
    message = "the reviews of these are poor, min 4 for my brother"
    assert "price >= 4.00 USD" in read(message)
    found = read(message, **{"4": Stance(">=", "rating", policy.BOUND)})
    assert "rating >= 4" in found
    assert not any(each.startswith("price") for each in found)


@pytest.mark.parametrize("message", ["a scarf at least 1.5 m for my brother", "for my brother, up to 5 years"])
def test_what_is_measured_is_no_number_of_stars(message: str) -> None:
    sure = Stance(">=", "rating", 1.0)
    assert not any(each.startswith("rating") for each in read(message, **{"1.5": sure, "5": sure}))


def test_the_time_of_day_is_no_price() -> None:
    sure = Stance("<=", "price", 1.0)
    assert not any("30.00" in each for each in read("my brother flies at 7:30", **{"30": sure}))
    assert "price <= 30.00 USD" in read("for my brother, what it may cost:30", **{"30": sure})
