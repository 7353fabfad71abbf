"""The user model's answer to a request without its framework: plain arrays, no more of them than it needs.

Histories of one request are few, short and nearly alike: what a framework adds to each small product would cost more
than all the products. Only the state after the last event is made, so the last block works on one position a history.
What histories that begin alike have in common, as versions of a past without one item each do, is made once for all,
also where some are asked for later than others.

Legend: N items, d numbers of the model, B histories, L events of the longest, H heads, e = d / H, U beginnings of
histories, each told by its end, V of them worked on now.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import erf, from_numpy

from assistant.recommend.user_model import UserModel

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

_BATCH = 64
_EPSILON = np.float32(1e-5)
"""Of layer norms, as the framework has it."""


@dataclass(frozen=True, slots=True)
class _Normed:
    """A layer norm and the linear map behind it in one: the norm's own weights are part of the map's."""

    weight_io: Floats
    bias_o: Floats

    @classmethod
    def of(cls, norm_d: tuple[Floats, Floats], linear: tuple[Floats, Floats]) -> "_Normed":
        (scale_d, shift_d), (weight_oi, bias_o) = norm_d, linear
        whole_io = np.ascontiguousarray((weight_oi * scale_d).T)
        return cls(whole_io, (weight_oi @ shift_d + bias_o).astype(np.float32))

    def __call__(self, x: Floats) -> Floats:
        out = _levelled(x) @ self.weight_io
        out += self.bias_o
        return out


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: _Normed
    out_dd: Floats
    out_bias_d: Floats
    widen: _Normed
    narrow_fd: Floats
    narrow_bias_d: Floats

    def onward(self, x: Floats, mixed: Floats) -> Floats:
        """What leaves the block where `mixed` is what attention found."""
        out = mixed @ self.out_dd
        out += self.out_bias_d
        out += x
        ahead = _gelu(self.widen(out)) @ self.narrow_fd
        ahead += self.narrow_bias_d
        ahead += out
        return ahead


class States:
    """States after the last event of histories, as `user_model.encode` gives them, to 2e-5. Safe to share."""

    def __init__(self, model: UserModel) -> None:
        kept: dict[str, Floats] = {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}

        def pair(name: str) -> tuple[Floats, Floats]:
            return kept[f"{name}.weight"], kept[f"{name}.bias"]

        def layer(name: str) -> _Layer:
            (out_dd, out_bias), (narrow_df, narrow_bias) = pair(f"{name}.out"), pair(f"{name}.feed.2")
            return _Layer(
                _Normed.of(pair(f"{name}.before"), pair(f"{name}.qkv")),
                np.ascontiguousarray(out_dd.T),
                out_bias,
                _Normed.of(pair(f"{name}.between"), pair(f"{name}.feed.0")),
                np.ascontiguousarray(narrow_df.T),
                narrow_bias,
            )

        self.shape = model.shape
        self.layers = tuple(layer(f"blocks.{number}") for number in range(model.shape.layers))
        self.enter, self.leave = pair("enter"), _Normed.of(pair("leave"), pair("state"))
        self.bias_LHL = _back(kept["distance_HL"])
        self.fading_LL = _back(kept["fading_L"][None])[:, 0] if "fading_L" in kept else None
        self.taste, self.scale = kept.get("taste"), np.exp(kept["log_scale"])

    def of(self, items_Nd: Floats, histories: Sequence[Rows]) -> Floats:
        """states_Bd: one for each history of rows, oldest first; zeros for an empty one."""
        states_Bd = np.zeros((len(histories), items_Nd.shape[1]), dtype=np.float32)
        order = sorted(range(len(histories)), key=lambda number: len(histories[number]))  # so that little is padded
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            states_Bd[some] = Reading(self, items_Nd).of([histories[number] for number in some])
        return states_Bd


@dataclass(slots=True)
class Reading:
    """Histories read one after another: what is known of a beginning is not made again. For one request, one thread."""

    states: States
    items_Nd: Floats
    _numbers: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    _row_U: list[int] = field(default_factory=list[int])
    _kept_U: list[Floats] = field(default_factory=list[Floats])
    _ended: dict[int, Floats] = field(default_factory=dict[int, Floats])

    def of(self, histories: Sequence[Rows]) -> Floats:
        """states_Bd: one for each history of rows, oldest first; zeros for an empty one, equal for equal ones."""
        reach = self.states.shape.reach
        paths: list[list[int]] = []
        fresh: list[tuple[int, int]] = []  # (history, place) where a beginning ends that was not known
        for line, rows in enumerate(histories):
            paths.append(self._path(rows[-reach:].tolist(), line, fresh))
        self._extend(paths, fresh)
        ends = {path[-1]: path for path in paths if path and path[-1] not in self._ended}
        if ends:
            for end, state_d in zip(ends, self._finished(list(ends.values())), strict=True):
                self._ended[end] = state_d
        nothing_d = np.zeros(self.items_Nd.shape[1], dtype=np.float32)
        found = [self._ended[path[-1]] if path else nothing_d for path in paths]
        return np.stack(found) if found else np.zeros((0, self.items_Nd.shape[1]), dtype=np.float32)

    def _path(self, rows: list[int], line: int, fresh: list[tuple[int, int]]) -> list[int]:
        """The beginnings of a history, shortest first; those not known are numbered and told in `fresh`."""
        path: list[int] = []
        before = -1
        for at, row in enumerate(rows):
            number = self._numbers.setdefault((before, row), len(self._row_U))
            if number == len(self._row_U):
                self._row_U.append(row)
                fresh.append((line, at))
            path.append(number)
            before = number
        return path

    def _extend(self, paths: Sequence[Sequence[int]], fresh: Sequence[tuple[int, int]]) -> None:
        """Make what later blocks need of the new beginnings; the last block's own answer is made for ends alone."""
        if not fresh:
            return
        states, at_V = self.states, np.array([at for _, at in fresh])
        x = _levelled(self.items_Nd[self._row_U[len(self._row_U) - len(fresh) :]])
        x = x * states.enter[0] + states.enter[1]
        chain_VL = _padded([paths[line][: at + 1] for line, at in fresh])
        for number, layer in enumerate(states.layers):
            self._keep(number, layer.qkv(x))
            if number + 1 < len(states.layers):
                x = layer.onward(x, self._attended(number, chain_VL, at_V))
        self._keep(len(states.layers), x)

    def _keep(self, place: int, of_U: Floats) -> None:
        """Put what was made of the new beginnings behind that of the others: a block's, or what enters the last one."""
        if place == len(self._kept_U):
            self._kept_U.append(of_U)
        else:
            self._kept_U[place] = np.concatenate([self._kept_U[place], of_U])

    def _finished(self, paths: Sequence[Sequence[int]]) -> Floats:
        """states_Vd after whole histories."""
        states, last_V, chain_VL = self.states, np.array([len(path) - 1 for path in paths]), _padded(paths)
        x = self._kept_U[len(states.layers)][[path[-1] for path in paths]]
        if states.layers:
            x = states.layers[-1].onward(x, self._attended(len(states.layers) - 1, chain_VL, last_V))
        found = states.leave(x)
        if states.fading_LL is not None and states.taste is not None:
            shares_VL = _softmax(states.fading_LL[last_V, : chain_VL.shape[1]])
            seen_VLd = self.items_Nd[np.array(self._row_U)[chain_VL]]
            past_Vd = (shares_VL[:, None, :] @ seen_VLd)[:, 0]
            found = _unit(found) + np.multiply(states.taste, past_Vd, dtype=np.float32)
        return _unit(found) * states.scale

    def _attended(self, layer: int, chain_VL: Rows, at_V: Rows) -> Floats:
        """mixed_Vd: what the event at the end of each chain takes from itself and those before it."""
        heads, (count, length) = self.states.shape.heads, chain_VL.shape
        qkv_U = self._kept_U[layer]
        width = qkv_U.shape[1] // 3
        q_VHe = qkv_U[chain_VL[np.arange(count), at_V], :width].reshape(count, heads, 1, -1)
        kv = qkv_U[:, width:][chain_VL].reshape(count, length, 2, heads, -1).transpose(2, 0, 3, 1, 4)
        shrink = np.float32(1 / math.sqrt(width // heads))
        weights = (q_VHe * shrink) @ kv[0].swapaxes(-1, -2) + self.states.bias_LHL[at_V, :, None, :length]
        return (_softmax(weights) @ kv[1]).reshape(count, width)


def _padded(paths: Sequence[Sequence[int]]) -> Rows:
    """The paths as lines of one length; behind their ends the first beginning: nothing looks ahead."""
    longest = max(map(len, paths))
    return np.array([[*path, *[0] * (longest - len(path))] for path in paths], dtype=np.int64)


def _back(heeded_HL: Floats) -> Floats:
    """bias_LHL: what an event at each place gives the one at each other; minus infinity ahead of it."""
    length = heeded_HL.shape[1]
    steps_LL = np.arange(length)[:, None] - np.arange(length)
    found = np.where(steps_LL >= 0, heeded_HL[:, np.maximum(steps_LL, 0)], np.float32(-np.inf))
    return np.ascontiguousarray(found.transpose(1, 0, 2))


def _levelled(x: Floats) -> Floats:
    """Lines with mean 0 and variance 1."""
    width = x.shape[1]
    centred = x - (np.add.reduce(x, axis=1, keepdims=True) / np.float32(width))
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / np.float32(width) + _EPSILON)
    centred /= spread[:, None]
    return centred


def _softmax(x: Floats) -> Floats:
    given = np.exp(x - x.max(axis=-1, keepdims=True))
    given /= given.sum(axis=-1, keepdims=True)
    return given


def _gelu(x: Floats) -> Floats:
    # The one thing the framework does quicker. Not its `gelu`, which prepares itself anew for every shape.
    bent: Floats = erf(from_numpy(x * np.float32(math.sqrt(0.5)))).numpy()
    bent += np.float32(1.0)
    bent *= x
    bent *= np.float32(0.5)
    return bent


def _unit(x: Floats) -> Floats:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), np.float32(1e-12))
