"""What the grammar around a value makes of it: a preference, a refusal, a demand, a story or a condition."""

import pytest
from dialogue_shops import outdoor, told

PREFERENCES = [
    ("a tent, Alba if you stock them", ["kind in tent", "~brand = Alba"]),
    ("boots and leather would suit me nicely", ["kind in boot", "~material = Leather"]),
    ("boots, leather for preference", ["kind in boot", "~material = Leather"]),
    ("Wish: red. Item: a tent.", ["~color = Red", "kind in tent"]),
    ("a jacket, it would be lovely if it came in green", ["kind in jacket", "~color = Green"]),
    ("a hoodie, my own pick being black", ["kind in hoodie", "~color = Black"]),
    ("a backpack, and I have a soft spot for Alba", ["kind in backpack", "~brand = Alba"]),
    ("socks, blue but no pressure", ["kind in sock", "~color = Blue"]),
    ("socks, green given half a chance", ["kind in sock", "~color = Green"]),
    ("a jacket. Green or black would be splendid.", ["kind in jacket", "~color in Green|Black"]),
    ("a tent, I wouldn't mind red", ["kind in tent", "~color = Red"]),
    ("socks pref red", ["kind in sock", "~color = Red"]),
    # what is said next is said of what follows, and a choice of two that will do is a condition
    ("it must be leather, ideally black", ["material = Leather", "~color = Black"]),
    ("boots, black or red would do", ["kind in boot", "color in Black|Red"]),
    ("Alba if you please", ["brand = Alba"]),
]

REFUSALS = [
    ("my wife detests leather, so which boots have you?", ["material != Leather", "kind in boot"]),
    ("spare me the orange, just a tent", ["color != Orange", "kind in tent"]),
    ("a tent; orange gives me a headache", ["kind in tent", "color != Orange"]),
    ("Alba need not apply, I want a tent", ["brand != Alba", "kind in tent"]),
    ("a hoodie, cotton forbidden", ["kind in hoodie", "material != Cotton"]),
    ("boots. leather I won't have in the house", ["kind in boot", "material != Leather"]),
    ("a tent by anybody bar Alba", ["kind in tent", "brand != Alba"]),
    ("boots, don't send me leather", ["kind in boot", "material != Leather"]),
    ("take out cotton and red", ["material != Cotton", "color != Red"]),
    ("a jacket, no cotton, red or Alba", ["kind in jacket", "material != Cotton", "color != Red", "brand != Alba"]),
    ("nobody in our family wears green", ["color != Green"]),
    ("give Alba a miss, a backpack", ["brand != Alba", "kind in backpack"]),
    ("stop showing me orange", ["color != Orange"]),
    ("if it's leather count me out, a bag", ["material != Leather", "kind in bag"]),
    ("any tent will do unless it's orange", ["kind in tent", "color != Orange"]),
    ("not Black Diamond, please", ["brand != Black Diamond"]),
    ("I've sworn off orange, leather too. A bag", ["color != Orange", "material != Leather", "kind in bag"]),
    ("leather makes me itch, cotton as well", ["material != Leather", "material != Cotton"]),
    ("not orange, and in red too", ["color != Orange", "color = Red"]),
    ("no leather, red too please", ["material != Leather", "color = Red"]),
    ("wanted: a bag. hated: red, leather", ["kind in bag", "color != Red", "material != Leather"]),
    ("a bag, not: red, leather", ["kind in bag", "color != Red", "material != Leather"]),
    ("nope: red, leather", ["color != Red", "material != Leather"]),
    ("no leather, cotton too please", ["material != Leather", "material != Cotton"]),
    ("\U0001f6ab leather bag", ["material != Leather", "kind in bag"]),
    ("\u274cleather", ["material != Leather"]),
]

MEANT_BEFORE = [
    ("my last one was leather and it cracked, so none of that, a jacket", ["material != Leather", "kind in jacket"]),
    ("one tent was Alba, one was Legend, both leaked. A tent from neither.", "Alba Legend"),
    ("leather hurts, cotton sags. Boots without either.", "Leather Cotton"),
    ("our Alba tent tore, and I want one from another brand", "Alba"),
]

DEMANDS = [
    ("a tent. It's a dealbreaker if it isn't red", ["kind in tent", "color = Red"]),
    ("I won't take anything but leather", ["material = Leather"]),
    ("no leather, no deal", ["material = Leather"]),
    ("boots. If they aren't leather I walk away", ["kind in boot", "material = Leather"]),
    ("swap it for leather", ["material = Leather"]),
    ("I don't want a tent unless it's red", "red"),
    ("Alba and no other brand, a tent", ["brand = Alba", "kind in tent"]),
    ("you can't go wrong with Alba, a tent", ["brand = Alba", "kind in tent"]),
]

STORIES = [
    ("my Alba tent died last week, I need a tent", ["kind in tent"]),
    ("she wore red at the wedding. I need a hoodie", ["kind in hoodie"]),
    ("that Legend I bought leaked. Show me a tent", ["kind in tent"]),
    ("dropped my red watch in a lake. need a watch", ["kind in watch"]),
    ("Dad inherited an Alba one. I want a backpack", ["kind in backpack"]),
    # the past is no story where it is wanted again, nor where it says what was meant
    ("my tent was an Alba, it tore, I want the very same make again", "Alba"),
    ("ich h\u00e4tte gern einen Rucksack in rot", ["color = Red"]),
]

NO_THING = [
    ("a tent, no nonsense", ["kind in tent"]),
    ("I'm not greedy, a tent", ["kind in tent"]),
    ("boots, they won't bend", ["kind in boot"]),
    ("a tent and no dearer ones", ["kind in tent"]),
    ("I don't want to argue, a tent", ["kind in tent"]),
    ("boots with no zips", ["kind in boot", "text != zips"]),
    ("no me convence", []),
]


def _named(message: str) -> set[str]:
    return {line for line in told(outdoor(message)) if not line.startswith("kind")}


@pytest.mark.parametrize(("message", "expected"), PREFERENCES)
def test_a_preference_is_no_condition(message: str, expected: list[str]) -> None:
    assert sorted(told(outdoor(message))) == sorted(expected)


@pytest.mark.parametrize(("message", "expected"), REFUSALS)
def test_reads_the_many_ways_to_refuse(message: str, expected: list[str]) -> None:
    assert sorted(told(outdoor(message))) == sorted(expected)


@pytest.mark.parametrize(("message", "expected"), [one for one in MEANT_BEFORE if isinstance(one[1], str)])
def test_a_small_word_refuses_what_was_named_before(message: str, expected: str) -> None:
    lines = _named(message)
    assert {line.rpartition(" != ")[2] for line in lines} == set(expected.split())


def test_a_small_word_refuses_what_a_story_told() -> None:
    message, expected = MEANT_BEFORE[0]
    assert sorted(told(outdoor(message))) == sorted(expected)


@pytest.mark.parametrize(("message", "expected"), [one for one in DEMANDS if isinstance(one[1], list)])
def test_two_noes_and_verdicts_demand(message: str, expected: list[str]) -> None:
    assert sorted(told(outdoor(message))) == sorted(expected)


@pytest.mark.parametrize(("message", "expected"), [one for one in STORIES if isinstance(one[1], list)])
def test_nobody_asks_for_what_a_story_tells(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


def test_what_is_wanted_again_is_asked_for() -> None:
    assert "brand = Alba" in told(outdoor(STORIES[5][0]))


def test_unless_after_a_refusal_demands() -> None:
    assert "color = Red" in told(outdoor(DEMANDS[5][0]))


@pytest.mark.parametrize(("message", "expected"), NO_THING)
def test_refuses_only_what_can_be_a_thing(message: str, expected: list[str]) -> None:
    assert told(outdoor(message)) == expected


def test_a_value_alone_in_its_clause_is_asked_for() -> None:
    assert sorted(told(outdoor("a jacket, slim, under 80 dollars"))) == [
        "fit = Slim", "kind in jacket", "price < 80.00 USD",
    ]  # fmt: skip
