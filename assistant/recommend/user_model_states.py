"""The user model's answer to a request without its framework: plain arrays, and no more of them than the answer needs.

Histories of one request are few, short and nearly alike: what a framework adds to each small product would cost more
than all the products. Only the state after the last event is made, so the last block works on one position a history.
What histories that begin alike have in common, as versions of a past without one item each do, is made once for all.

Legend: N items, d numbers of the model, B histories, L events of the longest, H heads, e = d / H, U distinct
beginnings of histories.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from assistant.recommend.user_model import UserModel

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

_BATCH = 64
_EPSILON = np.float32(1e-5)
"""Of layer norms, as the framework has it."""


@dataclass(frozen=True, slots=True)
class _Norm:
    weight_d: Floats
    bias_d: Floats

    def __call__(self, x: Floats) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.mean(np.square(centred), axis=-1, keepdims=True) + _EPSILON)
        return centred / spread * self.weight_d + self.bias_d


@dataclass(frozen=True, slots=True)
class _Linear:
    weight_io: Floats
    bias_o: Floats

    def __call__(self, x: Floats) -> Floats:
        flat = np.ascontiguousarray(x).reshape(-1, x.shape[-1]) @ self.weight_io
        flat += self.bias_o
        return flat.reshape(*x.shape[:-1], -1)


@dataclass(frozen=True, slots=True)
class _Layer:
    before: _Norm
    qkv: _Linear
    out: _Linear
    between: _Norm
    widen: _Linear
    narrow: _Linear

    def onward(self, x: Floats, mixed: Floats) -> Floats:
        """What leaves the block where `mixed` is what attention found."""
        x = x + self.out(mixed)
        return x + self.narrow(_gelu(self.widen(self.between(x))))


@dataclass(frozen=True, slots=True)
class _Beginnings:
    """The distinct beginnings of histories, of every length.

    Attributes:
        of_BL: which of them ends at a place of a history; behind its end the first: nothing looks ahead.
        row_U: the item each ends with. line_U, at_U: a place where it ends.
    """

    of_BL: Rows
    row_U: Rows
    line_U: Rows
    at_U: Rows

    @classmethod
    def of(cls, histories: Sequence[Rows], longest: int) -> "_Beginnings":
        known: dict[tuple[int, int], int] = {}
        of_BL = np.zeros((len(histories), longest), dtype=np.int64)
        ends: list[tuple[int, int, int]] = []
        for line, history in enumerate(histories):
            before, numbers = -1, list[int]()
            for at, row in enumerate(history.tolist()):
                number = known.setdefault((before, row), len(ends))
                if number == len(ends):
                    ends.append((row, line, at))
                numbers.append(number)
                before = number
            of_BL[line, : len(numbers)] = numbers
        row_U, line_U, at_U = np.array(ends, dtype=np.int64).T
        return cls(of_BL, row_U, line_U, at_U)


class States:
    """States after the last event of histories, as `user_model.encode` gives them, to 2e-5. Safe to share."""

    def __init__(self, model: UserModel) -> None:
        kept: dict[str, Floats] = {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}

        def norm(name: str) -> _Norm:
            return _Norm(kept[f"{name}.weight"], kept[f"{name}.bias"])

        def linear(name: str) -> _Linear:
            return _Linear(np.ascontiguousarray(kept[f"{name}.weight"].T), kept[f"{name}.bias"])

        def layer(name: str) -> _Layer:
            parts = linear(f"{name}.qkv"), linear(f"{name}.out")
            feed = linear(f"{name}.feed.0"), linear(f"{name}.feed.2")
            return _Layer(norm(f"{name}.before"), *parts, norm(f"{name}.between"), *feed)

        self._shape = model.shape
        self._layers = [layer(f"blocks.{number}") for number in range(model.shape.layers)]
        self._enter, self._leave, self._state = norm("enter"), norm("leave"), linear("state")
        self._distance_HL = kept["distance_HL"]
        self._fading_L, self._taste = kept.get("fading_L"), kept.get("taste")
        self._scale = np.exp(kept["log_scale"])

    def of(self, items_Nd: Floats, histories: Sequence[Rows]) -> Floats:
        """states_Bd: one for each history of rows, oldest first; zeros for an empty one."""
        states_Bd = np.zeros((len(histories), items_Nd.shape[1]), dtype=np.float32)
        told = [(number, rows[-self._shape.reach :]) for number, rows in enumerate(histories) if len(rows)]
        told.sort(key=lambda each: len(each[1]))  # those of nearly one length together: little is padded
        for start in range(0, len(told), _BATCH):
            some = told[start : start + _BATCH]
            states_Bd[[number for number, _ in some]] = self._batch(items_Nd, [rows for _, rows in some])
        return states_Bd

    def _batch(self, items_Nd: Floats, histories: Sequence[Rows]) -> Floats:
        last_B = np.array([len(rows) - 1 for rows in histories])
        lines, longest = np.arange(len(histories)), int(last_B[-1]) + 1
        begun = _Beginnings.of(histories, longest)
        end_B = begun.of_BL[lines, last_B]
        seen_Ud = items_Nd[begun.row_U]
        x = self._enter(seen_Ud)
        for number, layer in enumerate(self._layers):
            qkv = layer.qkv(layer.before(x))[begun.of_BL]
            if number == len(self._layers) - 1:
                x = layer.onward(x[end_B], self._attended_last(qkv, last_B))
            else:
                x = layer.onward(x, self._attended(qkv)[begun.line_U, begun.at_U])
        states_Bd = self._state(self._leave(x if self._layers else x[end_B]))
        if self._fading_L is not None and self._taste is not None:
            shares_BL = _softmax(_back(self._fading_L[None], last_B, longest)[:, 0])
            past_Bd = (shares_BL[:, None, :] @ seen_Ud[begun.of_BL])[:, 0]
            states_Bd = _unit(states_Bd) + np.multiply(self._taste, past_Bd, dtype=np.float32)
        return _unit(states_Bd) * self._scale

    def _attended(self, qkv: Floats) -> Floats:
        """mixed_BLd: what each event takes from itself and those before it."""
        q, k, v = self._heads(qkv)
        length = q.shape[2]
        bias_HLL = _back(self._distance_HL, np.arange(length), length).transpose(1, 0, 2)
        weights = _softmax(q @ k.swapaxes(-1, -2) * self._shrink + bias_HLL)
        return (weights @ v).transpose(0, 2, 1, 3).reshape(*qkv.shape[:2], -1)

    def _attended_last(self, qkv: Floats, last_B: Rows) -> Floats:
        """mixed_Bd: the same of each history's last event alone."""
        q, k, v = self._heads(qkv)
        q_BH1e = q[np.arange(len(last_B)), :, last_B][:, :, None]
        bias_BHL = _back(self._distance_HL, last_B, k.shape[2])
        weights = _softmax(q_BH1e @ k.swapaxes(-1, -2) * self._shrink + bias_BHL[:, :, None])
        return (weights @ v).reshape(len(last_B), -1)

    def _heads(self, qkv: Floats) -> tuple[Floats, Floats, Floats]:
        batch, length, width = qkv.shape
        parts = qkv.reshape(batch, length, 3, self._shape.heads, width // 3 // self._shape.heads)
        q, k, v = parts.transpose(2, 0, 3, 1, 4)
        return q, k, v

    @property
    def _shrink(self) -> np.float32:
        return np.float32(1 / math.sqrt(self._shape.dim // self._shape.heads))


def _back(heeded_HL: Floats, at_A: Rows, length: int) -> Floats:
    """bias_AHL: what an event at each of the places gives the first `length` events; minus infinity ahead of it."""
    steps_AL = at_A[:, None] - np.arange(length)
    found = np.where(steps_AL >= 0, heeded_HL[:, np.maximum(steps_AL, 0)], np.float32(-np.inf))
    return found.transpose(1, 0, 2)


def _softmax(x: Floats) -> Floats:
    given = np.exp(x - x.max(axis=-1, keepdims=True))
    return given / given.sum(axis=-1, keepdims=True)


def _gelu(x: Floats) -> Floats:
    return np.float32(0.5) * x * (1 + erf(x * np.float32(math.sqrt(0.5))))


def _unit(x: Floats) -> Floats:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), np.float32(1e-12))
