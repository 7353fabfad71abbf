# pyright: basic
# onnxruntime leaves its types open.
"""The greedy decode loop over an ONNX graph: deadlines, cancelling, forced tokens, kept prefixes, rows side by side.

Keys and values lie in one buffer of ours that the graph reads and extends in place, row by row; how much of a row
counts is said by the attention mask. So a prefix is kept by copying a row's beginning.

The graph takes many tokens of one row, or one token each of many rows. Rows that have many to read are fed alone, the
others step together, which reads the weights once for all of them. What is long is read by `assistant.llm.prefill`
where the processor is quick at it.
"""

import itertools
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assistant.llm.prefill import BLOCK, Prefill
from assistant.llm.rows import Interrupted, Row

_GRAIN = 256
"""Buffers grow by so many tokens at a time."""


class Graph:
    """The model file, open. Shapes: L layers, H key heads, W their width, V the vocabulary.

    Args:
        threads: of each forward pass.

    Raises:
        RuntimeError, OSError, ValueError, KeyError: the folder is not one that `onnx_folder` made.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        ort.disable_telemetry_events()
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin between two calls would take the cores from the rest of the turn.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self._session = ort.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        keys = [given for given in self._session.get_inputs() if given.name.endswith(".key")]
        self.layers, self.heads = len(keys), int(keys[0].shape[1])
        told = json.loads((folder / "genai_config.json").read_text(encoding="utf-8"))
        self.width = int(told["model"]["decoder"]["head_size"])  # the graph leaves it open

    def step(
        self, state_LBHTW: NDArray[np.float32], tokens_BS: NDArray[np.int64], lengths_B: list[int]
    ) -> NDArray[np.float32]:
        """Scores [B, V] of what follows the last token of each row; `state` is extended in place.

        Args:
            state_LBHTW: keys and values of each layer in turn (so 2 L of them); its first B rows are used.
            tokens_BS: the next tokens, S of each row; either B or S is 1.
            lengths_B: tokens of each row, these included.
        """
        rows = len(tokens_BS)
        mask_BT = (np.arange(max(lengths_B)) < np.array(lengths_B)[:, None]).astype(np.int64)
        binding = self._session.io_binding()
        binding.bind_cpu_input("input_ids", np.ascontiguousarray(tokens_BS))
        binding.bind_cpu_input("attention_mask", mask_BT)
        for place, state in enumerate(state_LBHTW):
            layer, side = divmod(place, 2)
            kind, shape, address = ("key", "value")[side], (rows, *state.shape[1:]), state.ctypes.data
            # The same memory in and out: the graph then adds the new tokens where they belong, without copying.
            binding.bind_input(f"past_key_values.{layer}.{kind}", "cpu", 0, np.float32, shape, address)
            binding.bind_output(f"present.{layer}.{kind}", "cpu", 0, np.float32, shape, address)
        binding.bind_output("logits", "cpu")
        self._session.run_with_iobinding(binding)
        return binding.get_outputs()[-1].numpy()[:, -1]


class OnnxDecoder:
    """Greedy decoding. Not safe to call from two threads at once.

    Args:
        stop_tokens: tokens that end a message.
        kept_prefixes: how many prompt prefixes to keep the state of, least recently used first to go.
        chunk: most prompt tokens fed between two looks at the clock.
        side_by_side: most rows decoded together; more wait.
        prefill: reads long prompts in the graph's stead.
    """

    def __init__(
        self,
        graph: Graph,
        stop_tokens: Sequence[int],
        *,
        prefill: Prefill | None = None,
        kept_prefixes: int = 4,
        chunk: int = 96,
        side_by_side: int = 4,
    ) -> None:
        self._graph = graph
        self._prefill = prefill
        self._stop_tokens = frozenset(stop_tokens)
        self._prefixes: OrderedDict[tuple[int, ...], NDArray[np.float32]] = OrderedDict()
        self._kept_prefixes = kept_prefixes
        self._chunk = chunk
        self._side_by_side = side_by_side
        self._state_LBHTW = self._blank(0, 0)

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
            for start in range(0, len(rows), self._side_by_side):
                self._run(rows, range(start, min(len(rows), start + self._side_by_side)), interrupted, on_tokens)
        except Interrupted:
            return

    def warm(self, prefix: Sequence[int], interrupted: Callable[[], bool] = lambda: False) -> None:
        """Compute and keep the state of a prefix, so that the first prompt that begins with it is quick."""
        try:
            self._room(1, len(prefix))
            self._begin(0, tuple(prefix), interrupted)
        except Interrupted:
            return

    def _run(
        self,
        rows: Sequence[Row],
        places: range,
        interrupted: Callable[[], bool],
        on_tokens: Callable[[int, list[int]], None],
    ) -> None:
        unread: list[list[int]] = []
        active: list[int] = []
        for place in places:
            row = rows[place]
            forced = row.begin()
            if forced:
                on_tokens(place, forced)
            if row.active:
                active.append(place)
                unread.append([*row.suffix, *forced])
        longest = (len(row.prefix) + len(row.suffix) + row.max_tokens for row in (rows[place] for place in active))
        self._room(len(active), max(longest, default=0))
        lengths = [self._begin(line, tuple(rows[place].prefix), interrupted) for line, place in enumerate(active)]
        while active:
            scores = self._read(unread, lengths, interrupted)
            for line, place in enumerate(active):
                unread[line] = rows[place].extend(rows[place].choose(scores[line]), self._stop_tokens)
                if unread[line]:
                    on_tokens(place, unread[line])
            for line in reversed(range(len(active))):
                if not rows[active[line]].active:
                    self._leave(line, active, unread, lengths)

    def _leave(self, line: int, active: list[int], unread: list[list[int]], lengths: list[int]) -> None:
        """Close the gap that a finished row leaves: the last one moves into its line."""
        last = len(active) - 1
        if line < last:
            self._state_LBHTW[:, line, :, : lengths[last]] = self._state_LBHTW[:, last, :, : lengths[last]]
            active[line], unread[line], lengths[line] = active[last], unread[last], lengths[last]
        del active[last], unread[last], lengths[last]

    def _read(
        self, unread: list[list[int]], lengths: list[int], interrupted: Callable[[], bool]
    ) -> list[NDArray[np.float32]]:
        """Feed every line its tokens, noting them in `lengths`; the scores [V] after the last of each.

        A line gets the same scores to the last bit whoever stands beside it: rounding differs between one token and
        many, so lines with many are never split to step along with the others.
        """
        scores: list[NDArray[np.float32]] = []
        while (line := len(scores)) < len(unread):
            if len(unread[line]) > 1:
                scores.extend(self._feed(line, unread[line], lengths, interrupted))
                continue
            if interrupted():
                raise Interrupted
            beside = itertools.takewhile(lambda tokens: len(tokens) == 1, unread[line:])
            tokens_B1 = np.array(list(beside), dtype=np.int64)
            part = slice(line, line + len(tokens_B1))
            lengths[part] = [length + 1 for length in lengths[part]]
            scores.extend(self._graph.step(self._state_LBHTW[:, part], tokens_B1, lengths[part]))
        return scores

    def _feed(
        self, line: int, tokens: list[int], lengths: list[int] | dict[int, int], interrupted: Callable[[], bool]
    ) -> NDArray[np.float32]:
        """Feed one line alone, a chunk at a time; scores [1, V]. The last token always goes through the graph."""
        scores_1V = np.empty((1, 0), dtype=np.float32)
        read = self._read_blocks(line, tokens, lengths, interrupted)
        for start in range(read, len(tokens), self._chunk):
            if interrupted():
                raise Interrupted
            chunk = tokens[start : start + self._chunk]
            lengths[line] += len(chunk)
            state = self._state_LBHTW[:, line : line + 1]
            scores_1V = self._graph.step(state, np.array([chunk], dtype=np.int64), [lengths[line]])
        return scores_1V

    def _read_blocks(
        self, line: int, tokens: list[int], lengths: list[int] | dict[int, int], interrupted: Callable[[], bool]
    ) -> int:
        """Have whole blocks read at once, all but the last token at most; how many tokens were read.

        Blocks are counted from the first token fed, never made to fit: rounding differs between blocks and tokens one
        by one, and the same prompt is to get the same answer whatever was kept of it.
        """
        if self._prefill is None:
            return 0
        starts = range(0, len(tokens) - BLOCK, BLOCK)
        for start in starts:
            if interrupted():
                raise Interrupted
            self._prefill.read(tokens[start : start + BLOCK], self._state_LBHTW[:, line], lengths[line])
            lengths[line] += BLOCK
        return len(starts) * BLOCK

    def _begin(self, line: int, prefix: tuple[int, ...], interrupted: Callable[[], bool]) -> int:
        """Put the state after `prefix` into a line, kept or computed; its length. What is computed is kept, even if
        only a part of it was before the interruption."""
        begun = max((kept for kept in self._prefixes if prefix[: len(kept)] == kept), key=len, default=())
        if begun:
            self._prefixes.move_to_end(begun)
            self._state_LBHTW[:, line, :, : len(begun)] = self._prefixes[begun]
        if begun == prefix:
            return len(prefix)
        begun = prefix[: self._usable(len(begun), len(prefix))]
        lengths = {line: len(begun)}
        try:
            self._feed(line, list(prefix[len(begun) :]), lengths, interrupted)
        except Interrupted:
            self._keep(prefix[: lengths[line]], line)
            raise
        self._keep(prefix, line)
        return len(prefix)

    def _usable(self, kept: int, wanted: int) -> int:
        """How many tokens of what is kept of a prefix were read as they are when the whole prefix is read anew."""
        in_blocks = 0 if self._prefill is None else (wanted - 1) // BLOCK * BLOCK
        return kept if kept >= in_blocks else kept // BLOCK * BLOCK

    def _keep(self, tokens: tuple[int, ...], line: int) -> None:
        if tokens:
            self._prefixes[tokens] = self._state_LBHTW[:, line, :, : len(tokens)].copy()
        while len(self._prefixes) > self._kept_prefixes:
            self._prefixes.popitem(last=False)

    def _room(self, rows: int, tokens: int) -> None:
        """Make the buffer large enough; nothing in it is needed any more."""
        _, have_rows, _, have_tokens, _ = self._state_LBHTW.shape
        wanted = -(-tokens // _GRAIN) * _GRAIN
        if have_rows < rows or have_tokens < wanted:
            self._state_LBHTW = self._blank(max(rows, have_rows), max(wanted, have_tokens))

    def _blank(self, rows: int, tokens: int) -> NDArray[np.float32]:
        graph = self._graph
        return np.zeros((2 * graph.layers, rows, graph.heads, tokens, graph.width), dtype=np.float32)
