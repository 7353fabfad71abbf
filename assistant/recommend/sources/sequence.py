"""What a Transformer that has read many shoppers' histories expects this one to seek next.

How far that is to be believed depends on what it has read: of an item met a few times, in a shop it knows a little,
less than of a bestseller in its own. Where the count of events is known, the likeness of words to what was sought
(whitened, the latest most) stands beside it, and alone in a shop it has never met. The constants were chosen on Beauty
and Online Retail, with logs of 100 shoppers to all of them; docs/log.md has what each does.

Legend: N items, d numbers of the model's vectors, D of a text vector, B shoppers, L events, R rows asked for.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Mask, Past, RowsL, Scores
from assistant.recommend.shortlist import Shortlist
from assistant.recommend.user_model import UserModel, item_vectors, known_of, load
from assistant.recommend.user_model_states import Reading, States
from assistant.recommend.whitening import whitened
from index.encoders import unit
from index.errors import WeightsError
from index.items import ItemId

Vectors = NDArray[np.float32]

_FEW = 3
"""Of so many events, of an item and in the mean of a shop, what was learned counts half."""
_MANY = 20
"""From so many events an item on, in the mean of a shop, words count half."""
_WORDS = 7.0
"""What a cosine of whitened words counts beside the model's logits: at it, words alone predict best."""
_FADING = 0.6
"""What an event counts for words, as a share of the one after it."""


class SequenceSource:
    """Scores by the user model. The items' vectors are made once. Safe to share between threads.

    Args:
        text_ND, picture_NP: vectors of the N items, as the model was trained with.
        own_N: see `item_vectors`.
        events_N: how often each item was sought in the model's training, -1 for one that was not there: it is taken
            for an item sought as often as the mean. None: the model is believed without counting.

    Attributes:
        items_Nd: what `states` are compared with: what was learned of the items and, behind it, their words.

    Raises:
        ValueError: they are not of the model's width or number.
    """

    name = "sequence"

    def __init__(
        self,
        model: UserModel,
        text_ND: Vectors | None,
        picture_NP: Vectors | None = None,
        own_N: NDArray[np.int64] | None = None,
        *,
        events_N: NDArray[np.int64] | None = None,
    ) -> None:
        self.model = model.eval()
        self._states = States(self.model)
        self._words_ND: Vectors | None = None
        self._learned = True
        if text_ND is None or events_N is None:
            self.items_Nd = self._learned_Nd = item_vectors(model, text_ND, picture_NP, own_N)
        else:
            trust_N, words = _trusts(events_N)
            self._words_ND = whitened(text_ND)
            self._learned = bool(trust_N.any())
            if self._learned:
                self._learned_Nd = item_vectors(model, text_ND, picture_NP, own_N)
                self.items_Nd = np.hstack([trust_N[:, None] * self._learned_Nd, words * self._words_ND])
            else:  # in a shop it has never met the Transformer is not asked: nothing is made for it
                no_pictures = None if picture_NP is None else picture_NP[:0]
                self._learned_Nd = item_vectors(model, text_ND[:0], no_pictures, events_N[:0])
                self.items_Nd = words * self._words_ND
        self._shortlist: Shortlist | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls, folder: Path, items: Sequence[ItemId], text_ND: Vectors | None, picture_NP: Vectors | None = None
    ) -> "SequenceSource":
        """The source of the model in `folder` for a catalogue: `items` and, in their order, their vectors.

        Items the model was not trained on are known by words and picture alone.

        Raises:
            WeightsError: no model can be read there, or one that does not say whose its items' own vectors are.
        """
        model, manifest = load(folder)
        known = known_of(folder, manifest)
        if known is None:
            if model.shape.items:
                hint = "train it again with python -m finetune.user_model"
                raise WeightsError(f"{folder} does not say whose vectors it keeps", hint=hint)
            return cls(model, text_ND, picture_NP)
        rows_N = known.rows(items, text_ND)
        own_N = rows_N if model.shape.items else None
        return cls(model, text_ND, picture_NP, own_N, events_N=known.events(rows_N))

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR: logits of the next item, about -20 to 20. What was disliked is not read."""
        items_Rd = self.items_Nd if rows_R is None else self.items_Nd[rows_R]
        return self.states(pasts) @ items_Rd.T

    def states(self, pasts: Sequence[Past]) -> Vectors:
        """states_Bd, for who wants to keep them: scores are their inner products with `items_Nd`."""
        histories = [_liked(past) for past in pasts]
        return self.read(histories, lambda: self._states.of(self._learned_Nd, histories))

    def read(self, histories: Sequence[RowsL], learned: Callable[[], Vectors]) -> Vectors:
        """states_Bd of rows, of which `learned` makes the model's part."""
        parts = [learned()] if self._learned else []
        if self._words_ND is not None:
            parts.append(self._tastes(self._words_ND, histories))
        return np.hstack(parts)

    def _tastes(self, words_ND: Vectors, histories: Sequence[RowsL]) -> Vectors:
        """tastes_BD: where the words of what was sought point, the latest most; zeros where nothing was."""
        tastes_BD = np.zeros((len(histories), words_ND.shape[1]), dtype=np.float32)
        for taste_D, history in zip(tastes_BD, histories, strict=True):
            rows_L = history[-self.model.shape.reach :]
            taste_D[:] = (_FADING ** np.arange(len(rows_L))[::-1]).astype(np.float32) @ words_ND[rows_L]
        return unit(tastes_BD)

    def asked(self, past: Past) -> "AskedSequence":
        """The source asked about a past: what versions of it have in common is read once."""
        return AskedSequence(self, past, Reading(self._states, self._learned_Nd))

    @property
    def shortlist(self) -> Shortlist:
        """Made when first asked for: most of what reads the model never searches by it."""
        with self._lock:
            if self._shortlist is None:
                self._shortlist = Shortlist.of(self.items_Nd)
            return self._shortlist


class AskedSequence:
    """A user model asked about a past. For one request, one thread."""

    def __init__(self, source: SequenceSource, past: Past, reading: Reading) -> None:
        self._source = source
        self._reading = reading
        self._state_d = self._states([past])[0]
        self._asked_for: tuple[RowsL, Vectors] | None = None

    @property
    def name(self) -> str:
        """The source's own."""
        return self._source.name

    def near(self, allowed_N: Mask, k: int) -> tuple[RowsL, Scores]:
        """Of a large catalogue's items those of a shortlist, which nearly always holds the best."""
        rows = self._source.shortlist.near(self._state_d, allowed_N, k)
        scores = self._source.items_Nd[rows] @ self._state_d
        kept = scores > 0
        return rows[kept], scores[kept]

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's; pasts that read alike score alike to the last digit, whichever others they come with."""
        states_Bd = self._states(pasts)
        if rows_R is None:
            return states_Bd @ self._source.items_Nd.T
        if self._asked_for is None or self._asked_for[0] is not rows_R:
            self._asked_for = rows_R, self._source.items_Nd[rows_R]
        items_Rd = self._asked_for[1]
        # One product for each: products of several lines are added up in another order than those of one.
        return np.stack([items_Rd @ state_d for state_d in states_Bd]) if len(states_Bd) else states_Bd @ items_Rd.T

    def _states(self, pasts: Sequence[Past]) -> Vectors:
        histories = [_liked(past) for past in pasts]
        return self._source.read(histories, lambda: self._reading.of(histories))


def _trusts(events_N: NDArray[np.int64]) -> tuple[Vectors, np.float32]:
    """trust_N in what was learned of each item, from 0 to 1, and what a cosine of words counts beside it."""
    mean = float(np.maximum(events_N, 0).mean()) if len(events_N) else 0.0
    # Of what came since, nothing is known against it: without this, no new item would come up beside known ones.
    told_N = np.where(events_N < 0, mean, events_N)
    trust_N = mean / (mean + _FEW) * told_N / (told_N + _FEW)
    return trust_N.astype(np.float32), np.float32(_WORDS * _MANY / (_MANY + mean))


def _liked(past: Past) -> RowsL:
    """What is read of a past: nothing that was disliked."""
    return past.rows_L[past.weights_L > 0]
