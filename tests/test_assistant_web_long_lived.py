"""What lives long is looked through seldom, and never kept for good."""

import gc
import weakref

from assistant.web.long_lived import LongLived


class Node:
    """One half of a circle, which reference counting alone cannot free."""

    def __init__(self) -> None:
        self.other: Node | None = None


def circle() -> "weakref.ref[Node]":
    one, two = Node(), Node()
    one.other, two.other = two, one
    return weakref.ref(one)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_was_there_before_is_set_aside_and_given_back() -> None:
    with LongLived().set_aside():
        assert gc.get_freeze_count() > 1000
    assert gc.get_freeze_count() == 0


def test_what_outlives_a_long_round_is_set_aside_and_what_outlives_a_short_one_is_not() -> None:
    clock = Clock()
    rounds = LongLived(clock)
    gc.collect()
    for seconds, kept in ((0.001, False), (0.5, True)):
        rounds("start", {"generation": 2})
        clock.now += seconds
        rounds("stop", {"generation": 2})
        assert (gc.get_freeze_count() > 0) is kept
    gc.unfreeze()


def test_rounds_of_the_young_change_nothing() -> None:
    clock = Clock()
    rounds = LongLived(clock)
    rounds("start", {"generation": 1})
    clock.now += 0.5
    rounds("stop", {"generation": 1})
    assert gc.get_freeze_count() == 0


def test_a_circle_given_up_after_it_was_set_aside_is_freed_once_it_is_old() -> None:
    clock = Clock()
    rounds = LongLived(clock)
    gc.disable()  # no round of its own between these lines
    lost = circle()
    try:
        with rounds.set_aside():
            pass
        lost = circle()
        gc.freeze()
        gc.callbacks.append(rounds)
        gc.collect()
        assert lost() is not None  # set aside: not looked at
        clock.now = 1000.0
        gc.collect()
        assert lost() is None
    finally:
        gc.callbacks.remove(rounds)
        gc.unfreeze()
        gc.enable()


def test_rounds_begin_later_while_answers_are_made_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with LongLived().set_aside():
        assert gc.get_threshold()[0] > 10 * before[0]
    assert gc.get_threshold() == before
