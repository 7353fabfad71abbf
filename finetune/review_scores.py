"""Accuracy and macro-F1 of several judges of the same things, side by side, with intervals over what was judged.

Legend: S judgements, K distinct things judged (a sentence, a review), C classes, R draws of the bootstrap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finetune.metrics import Interval

Labels = NDArray[np.int64]
_Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answers:
    """What judges told of the same things.

    Attributes:
        truth_S: classes from 0. told: judge's name -> its classes told_S; the first is the one to beat.
        keys_S: which thing each judgement is of. Those of one thing, by several seeds too, are drawn together.
    """

    truth_S: Labels
    told: Mapping[str, Labels]
    keys_S: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """How good one judge is, and how much better in macro-F1 than the first; 95 % intervals."""

    name: str
    accuracy: Interval
    macro_f1: Interval
    gain: Interval

    def __str__(self) -> str:
        return f"| {self.name} | {_short(self.accuracy)} | {_short(self.macro_f1)} | {_short(self.gain, sign='+')} |"


def joined(parts: Sequence[Answers]) -> Answers:
    """The judgements of several seeds as one; judges that not all of them know are left out.

    Raises:
        ValueError: there are no parts.
    """
    if not parts:
        raise ValueError("no answers to join")
    names = [name for name in parts[0].told if all(name in part.told for part in parts)]
    return Answers(
        np.concatenate([part.truth_S for part in parts]),
        {name: np.concatenate([part.told[name] for part in parts]) for name in names},
        tuple(key for part in parts for key in part.keys_S),
    )


def rows(answers: Answers, *, draws: int = 1000, seed: int = 0) -> list[Row]:
    """A row for each judge, in their order; things are drawn anew with all their judgements, the same for every judge.

    Raises:
        ValueError: nothing was judged.
    """
    if not len(answers.truth_S):
        raise ValueError("nothing was judged")
    _, thing_S = np.unique(np.array(answers.keys_S), return_inverse=True)
    things = int(thing_S.max()) + 1
    chance = np.random.default_rng(seed)
    times_RK = chance.multinomial(things, np.full(things, 1 / things), size=draws).astype(np.float64)
    found: list[Row] = []
    first: tuple[float, _Counts] | None = None
    for name, told_S in answers.told.items():
        counts_KCC = _confusions(answers.truth_S, told_S, thing_S, things)
        whole_CC = counts_KCC.sum(0)
        drawn_RCC = np.tensordot(times_RK, counts_KCC, axes=1)
        accuracy, f1 = float(_accuracy(whole_CC[None])[0]), float(_macro_f1(whole_CC[None])[0])
        f1_R = _macro_f1(drawn_RCC)
        first = first or (f1, f1_R)
        gain = _interval(f1 - first[0], f1_R - first[1])
        found.append(Row(name, _interval(accuracy, _accuracy(drawn_RCC)), _interval(f1, f1_R), gain))
    return found


def macro_f1(truth_S: Labels, told_S: Labels) -> float:
    """The mean, over classes that occur in `truth_S`, of 2 * hits / (occurrences + tellings); in [0, 1]."""
    counts_KCC = _confusions(truth_S, told_S, np.zeros(len(truth_S), dtype=np.int64), 1)
    return float(_macro_f1(counts_KCC)[0])


def table(answers: Answers) -> str:
    """The rows under a head, as Markdown."""
    lines = [f"| {len(set(answers.keys_S))} texts, {len(answers.truth_S)} judgements | accuracy | macro-F1 | gain |"]
    return "\n".join([*lines, "|---|---|---|---|", *map(str, rows(answers))])


def _confusions(truth_S: Labels, told_S: Labels, thing_S: Labels, things: int) -> _Counts:
    """counts_KCC: of each thing, how often class i was told as class j."""
    classes = int(max(truth_S.max(), told_S.max())) + 1
    counts_KCC = np.zeros((things, classes, classes))
    np.add.at(counts_KCC, (thing_S, truth_S, told_S), 1.0)
    return counts_KCC


def _accuracy(counts_RCC: _Counts) -> _Counts:
    return np.trace(counts_RCC, axis1=1, axis2=2) / counts_RCC.sum((1, 2))


def _macro_f1(counts_RCC: _Counts) -> _Counts:
    hits_RC = np.diagonal(counts_RCC, axis1=1, axis2=2)
    true_RC, told_RC = counts_RCC.sum(2), counts_RCC.sum(1)
    f1_RC = 2 * hits_RC / np.maximum(true_RC + told_RC, 1.0)
    return (f1_RC * (true_RC > 0)).sum(1) / (true_RC > 0).sum(1)


def _interval(mean: float, drawn_R: _Counts) -> Interval:
    low, high = np.percentile(drawn_R, [2.5, 97.5])
    return Interval(mean, float(low), float(high))


def _short(interval: Interval, sign: str = "") -> str:
    return f"{interval.mean:{sign}.3f} [{interval.low:{sign}.3f}, {interval.high:{sign}.3f}]"
