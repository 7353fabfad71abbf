# pyright: basic
# torch and transformers leave most of their types open.
"""A greedy decode loop of our own, for what `generate` lacks: deadlines, cancelling, forced tokens, kept prefixes.

Rows of a batch advance together although each step gives them different numbers of tokens (a grammar may force ten
at once). Every step is padded on its left, so that each row's newest token sits in the last column; padded columns
are masked out for good and positions are counted per row, so a row's result does not depend on its neighbours.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import cast

import torch
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from assistant.llm.rows import Grammar, Interrupted, Row

__all__ = ["Decoder", "Grammar", "Interrupted", "Row"]

Layers = tuple[tuple[torch.Tensor, torch.Tensor], ...]
"""Keys and values of each layer, shaped [rows, heads, tokens, width]."""

_MANY = 4096
"""From this many allowed tokens on, scoring the whole vocabulary is no dearer than picking its rows."""


class Decoder:
    """Greedy decoding of batches. Not safe to call from two threads at once.

    Args:
        stop_tokens: tokens that end a message.
        kept_prefixes: how many prompt prefixes to keep the attention state of, least recently used first to go.
        chunk: most prompt tokens fed between two looks at the clock.
    """

    def __init__(
        self, model: PreTrainedModel, stop_tokens: Sequence[int], *, kept_prefixes: int = 4, chunk: int = 192
    ) -> None:
        self._model = model
        self._head = cast(torch.nn.Linear, model.get_output_embeddings())  # a language model has one
        self._stop_tokens = frozenset(stop_tokens)
        self._prefixes: OrderedDict[tuple[int, ...], Layers] = OrderedDict()
        self._kept_prefixes = kept_prefixes
        self._chunk = chunk

    @torch.inference_mode()
    def run(
        self,
        rows: Sequence[Row],
        interrupted: Callable[[], bool],
        on_tokens: Callable[[int, list[int]], None] = lambda _row, _tokens: None,
    ) -> None:
        """Extend the `tokens` of every row until it is finished, full, or `interrupted` says so.

        Args:
            interrupted: asked before every forward pass.
            on_tokens: told the row's position and its new tokens at every step.
        """
        try:
            self._run(rows, interrupted, on_tokens)
        except Interrupted:
            return

    @torch.inference_mode()
    def warm(self, prefix: Sequence[int], interrupted: Callable[[], bool] = lambda: False) -> None:
        """Compute and keep the state of a prefix, so that the first prompt that begins with it is quick."""
        try:
            self._prefix(tuple(prefix), interrupted)
        except Interrupted:
            return

    def _run(
        self, rows: Sequence[Row], interrupted: Callable[[], bool], on_tokens: Callable[[int, list[int]], None]
    ) -> None:
        pending: dict[int, list[int]] = {}
        for number, row in enumerate(rows):
            forced = row.begin()
            if forced:
                on_tokens(number, forced)
            if row.active:
                pending[number] = [*row.suffix, *forced]
        if not pending:
            return
        cache, mask_BT = self._assembled([self._prefix(tuple(rows[number].prefix), interrupted) for number in pending])
        while True:
            hidden_BD, mask_BT = self._step(cache, mask_BT, list(pending.values()), interrupted)
            chosen = self._chosen([rows[number] for number in pending], hidden_BD)
            new = {
                number: rows[number].extend(token, self._stop_tokens)
                for number, token in zip(pending, chosen, strict=True)
            }
            for number, tokens in new.items():
                if tokens:
                    on_tokens(number, tokens)
            keep = [place for place, number in enumerate(new) if rows[number].active]
            if not keep:
                return
            if len(keep) < len(pending):
                cache.batch_select_indices(torch.tensor(keep, device=mask_BT.device))
                mask_BT = mask_BT[keep]
            pending = {number: tokens for number, tokens in new.items() if rows[number].active}

    def _chosen(self, rows: Sequence[Row], hidden_BD: torch.Tensor) -> list[int]:
        """The likeliest allowed token of each row.

        The output layer is a fifth of a small model's work: rows free to say anything share one pass through it, for
        the others only the allowed tokens' part is computed.
        """
        vocabulary = self._head.weight.shape[0]
        allowed = [None if row.grammar is None else row.grammar.allowed_below(vocabulary) for row in rows]
        free = [place for place, ids in enumerate(allowed) if ids is None or len(ids) > _MANY]
        scores_FV = dict(zip(free, self._head(hidden_BD[free]), strict=True)) if free else {}
        chosen: list[int] = []
        for place, ids in enumerate(allowed):
            if ids is None:
                chosen.append(int(scores_FV[place].argmax()))
                continue
            tokens = torch.from_numpy(ids).to(hidden_BD.device)
            scores = scores_FV[place][tokens] if place in scores_FV else self._scores(hidden_BD[place], tokens)
            chosen.append(int(ids[int(scores.argmax())]))
        return chosen

    def _scores(self, hidden_D: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        scores = self._head.weight[tokens] @ hidden_D
        bias_V = cast("torch.Tensor | None", self._head.bias)  # most language models have none
        return scores if bias_V is None else scores + bias_V[tokens]

    def _step(
        self, cache: DynamicCache, mask_BT: torch.Tensor, news: list[list[int]], interrupted: Callable[[], bool]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Feed each row its new tokens; the hidden state after the last of them, and the longer mask."""
        width = max(len(new) for new in news)
        ids_BW = torch.tensor([[0] * (width - len(new)) + new for new in news])
        fresh_BW = torch.tensor([[0] * (width - len(new)) + [1] * len(new) for new in news])
        hidden_BD = torch.empty(0)
        for start in range(0, width, self._chunk):
            if interrupted():
                raise Interrupted
            part = slice(start, start + self._chunk)
            mask_BT = torch.cat([mask_BT, fresh_BW[:, part].to(mask_BT.device)], dim=1)
            positions_BT = (mask_BT.cumsum(1) - 1).clamp(min=0)
            ids_Bw = ids_BW[:, part].to(mask_BT.device)
            out = self._model.base_model(
                input_ids=ids_Bw,
                attention_mask=mask_BT,
                position_ids=positions_BT[:, -ids_Bw.shape[1] :],
                past_key_values=cache,
                use_cache=True,
            )
            hidden_BD = out.last_hidden_state[:, -1]
        return hidden_BD, mask_BT

    def _prefix(self, tokens: tuple[int, ...], interrupted: Callable[[], bool]) -> Layers:
        """The state after `tokens`, kept or computed. An interrupted computation is gone on with the next time."""
        if not tokens:
            return ()
        begun = max((kept for kept in self._prefixes if tokens[: len(kept)] == kept), key=len, default=())
        if begun:
            self._prefixes.move_to_end(begun)
        if begun == tokens:
            return self._prefixes[tokens]
        cache, mask_1T = self._assembled([self._prefixes.get(begun, ())])
        try:
            self._step(cache, mask_1T, [list(tokens[len(begun) :])], interrupted)
        except Interrupted:
            self._keep(tokens, cache)
            raise
        return self._keep(tokens, cache)

    def _keep(self, tokens: tuple[int, ...], cache: DynamicCache) -> Layers:
        """Remember the state of as many of `tokens` as were fed."""
        filled = cast(list[DynamicLayer], cache.layers)
        layers = tuple((_known(layer.keys), _known(layer.values)) for layer in filled)
        if layers:
            self._prefixes[tokens[: layers[0][0].shape[2]]] = layers
        while len(self._prefixes) > self._kept_prefixes:
            self._prefixes.popitem(last=False)
        return layers

    def _assembled(self, prefixes: list[Layers]) -> tuple[DynamicCache, torch.Tensor]:
        """One cache whose rows begin with these prefixes, padded on the left, and its mask."""
        lengths = [layers[0][0].shape[2] if layers else 0 for layers in prefixes]
        longest = max(lengths)
        mask_BT = torch.tensor([[0] * (longest - length) + [1] * length for length in lengths], dtype=torch.long)
        cache = DynamicCache()
        model_layers = next((layers for layers in prefixes if layers), ())
        for depth, (like, _) in enumerate(model_layers):
            blank = torch.zeros((1, like.shape[1], 0, like.shape[3]), dtype=like.dtype, device=like.device)
            pairs = [layers[depth] if layers else (blank, blank) for layers in prefixes]
            keys, values = (
                torch.cat(
                    [
                        torch.nn.functional.pad(pair[side], (0, 0, longest - length, 0))
                        for pair, length in zip(pairs, lengths, strict=True)
                    ]
                )
                for side in (0, 1)
            )
            cache.update(keys, values, depth)
        return cache, mask_BT.reshape(len(prefixes), longest).to(self._model.device)


def _known(state: torch.Tensor | None) -> torch.Tensor:
    assert state is not None  # it has just been filled
    return state
