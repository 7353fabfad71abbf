"""The user model's answer to a request without its framework: plain arrays, no more of them than it needs.

Histories of one request are few, short and nearly alike: what a framework adds to each small product would cost more
than all the products. Only the state after the last event is made, so the last block works on one position a history.
What histories that begin alike have in common, as versions of a past without one item each do, is made once for all,
also where some are asked for later than others.

Legend: N items, d numbers of the model, B histories, L events at most, H heads, e = d / H, U beginnings of histories,
each told by its end, V of them worked on now.
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

_BATCH = 16
"""Histories read at once: all their beginnings are compared with one another."""
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
        self.distance_HL = kept["distance_HL"]
        self.fading_1L = kept["fading_L"][None] if "fading_L" in kept else None
        self.taste, self.scale = kept.get("taste"), np.exp(kept["log_scale"])

    def of(self, items_Nd: Floats, histories: Sequence[Rows]) -> Floats:
        """states_Bd: one for each history of rows, oldest first; zeros for an empty one."""
        states_Bd = np.zeros((len(histories), items_Nd.shape[1]), dtype=np.float32)
        for start in range(0, len(histories), _BATCH):
            states_Bd[start : start + _BATCH] = Reading(self, items_Nd).of(histories[start : start + _BATCH])
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
        fresh: list[list[int]] = []
        for rows in histories:
            paths.append(self._path(rows[-reach:].tolist(), fresh))
        self._extend(fresh)
        ends = {path[-1]: path for path in paths if path and path[-1] not in self._ended}
        if ends:
            for end, state_d in zip(ends, self._finished(list(ends.values())), strict=True):
                self._ended[end] = state_d
        nothing_d = np.zeros(self.items_Nd.shape[1], dtype=np.float32)
        found = [self._ended[path[-1]] if path else nothing_d for path in paths]
        return np.stack(found) if found else np.zeros((0, self.items_Nd.shape[1]), dtype=np.float32)

    def _path(self, rows: list[int], fresh: list[list[int]]) -> list[int]:
        """The beginnings of a history, shortest first; the chains of those not known go to `fresh`."""
        path: list[int] = []
        before = -1
        for row in rows:
            number = self._numbers.setdefault((before, row), len(self._row_U))
            path.append(number)
            if number == len(self._row_U):
                self._row_U.append(row)
                fresh.append(path[:])
            before = number
        return path

    def _extend(self, chains: Sequence[Sequence[int]]) -> None:
        """Make what later blocks need of new beginnings; the last block's own answer is made for ends alone."""
        if not chains:
            return
        states, led = self.states, _Chains.of(chains, len(self._row_U))
        x = _levelled(self.items_Nd[self._row_U[len(self._row_U) - len(chains) :]])
        x = x * states.enter[0] + states.enter[1]
        for number, layer in enumerate(states.layers):
            self._keep(number, layer.qkv(x))
            if number + 1 < len(states.layers):
                x = layer.onward(x, self._attended(number, led))
        self._keep(len(states.layers), x)

    def _keep(self, place: int, of_U: Floats) -> None:
        """Put what was made of the new beginnings behind that of the others: a block's, or what enters the last one."""
        if place == len(self._kept_U):
            self._kept_U.append(of_U)
        else:
            self._kept_U[place] = np.concatenate([self._kept_U[place], of_U])

    def _finished(self, paths: Sequence[Sequence[int]]) -> Floats:
        """states_Vd after whole histories."""
        states, led = self.states, _Chains.of(paths, len(self._row_U))
        x = self._kept_U[len(states.layers)][led.end_V]
        if states.layers:
            x = states.layers[-1].onward(x, self._attended(len(states.layers) - 1, led))
        found = states.leave(x)
        if states.fading_1L is not None and states.taste is not None:
            shares_VU = _softmax(led.heeding(states.fading_1L)[0])
            past_Vd = shares_VU @ self.items_Nd[self._row_U]
            found = _unit(found) + np.multiply(states.taste, past_Vd, dtype=np.float32)
        return _unit(found) * states.scale

    def _attended(self, layer: int, led: "_Chains") -> Floats:
        """mixed_Vd: what the event at the end of each chain takes from itself and those before it."""
        qkv_U = self._kept_U[layer].reshape(led.size, 3, self.states.shape.heads, -1)
        q_HVe, k_HeU = qkv_U[led.end_V, 0].transpose(1, 0, 2), qkv_U[:, 1].transpose(1, 2, 0)
        weights_HVU = q_HVe @ k_HeU
        weights_HVU *= np.float32(1 / math.sqrt(qkv_U.shape[-1]))
        weights_HVU += led.heeding(self.states.distance_HL)
        mixed_HVe = _softmax(weights_HVU) @ qkv_U[:, 2].transpose(1, 0, 2)
        return mixed_HVe.transpose(1, 0, 2).reshape(len(led.end_V), -1)


@dataclass(frozen=True, slots=True)
class _Chains:
    """Beginnings one after another, each V led to by those before it: C links in all, among U beginnings.

    They are compared with all U at once, whoever leads to whom: one product of whole matrices is quicker than many of
    rows put together.

    Attributes:
        size: U.
        end_V: the beginning at the end of each chain.
        chain_C, link_C, back_C: which chain a link is of, which beginning it is, how many steps before the end.
    """

    size: int
    end_V: Rows
    chain_C: Rows
    link_C: Rows
    back_C: Rows

    @classmethod
    def of(cls, chains: Sequence[Sequence[int]], size: int) -> "_Chains":
        lengths_V = np.array([len(chain) for chain in chains])
        ends_V = np.cumsum(lengths_V) - 1
        link_C = np.array([link for chain in chains for link in chain])
        chain_C = np.repeat(np.arange(len(chains)), lengths_V)
        return cls(size, link_C[ends_V], chain_C, link_C, ends_V[chain_C] - np.arange(len(link_C)))

    def heeding(self, given_HL: Floats) -> Floats:
        """given_HVU: what is given for a beginning so many steps back; minus infinity for one that does not lead."""
        found = np.full((len(given_HL), len(self.end_V), self.size), -np.inf, dtype=np.float32)
        found[:, self.chain_C, self.link_C] = given_HL[:, self.back_C]
        return found


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
