"""The language model's part in a reason: it words the sentence, knows no facts, and is checked like a stranger.

It sees what each slot stands for, never what is in it, so that nothing a shop wrote can reach it; which point is made,
which evidence is cited and in which order items stand was settled before. What it writes is held to a grammar, then
checked, then filled. Whatever goes wrong, the template sentence stands.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import ModelUnavailableError
from assistant.explain.checker import check, tidied
from assistant.explain.evidence import EvidenceBook
from assistant.explain.frames import FRAMES
from assistant.explain.language import language_of
from assistant.explain.points import Point
from assistant.explain.reasons import PlannedReason, finish
from assistant.llm.chat_model import ChatModel, Generation, Message
from assistant.llm.prompts import Prompt, load
from assistant.nouns import Reason
from index.items import ItemId

log = logging.getLogger(__name__)

_Key = tuple[str, frozenset[str], tuple[str, ...], int]
"""Topic, flags, slots and way to begin: all that a prompt depends on."""


@dataclass(frozen=True, slots=True)
class Worded:
    """Reasons for a shelf.

    Attributes:
        reasons: by item, as planned; the model's sentence where one was accepted, else the template's.
        trace: which sentences were dropped and why.
        degraded: what stood in for the model, or "" when it did its part.
    """

    reasons: Mapping[ItemId, tuple[Reason, ...]]
    trace: tuple[str, ...] = ()
    degraded: str = ""

    @property
    def by_model(self) -> bool:
        """Whether any sentence is the model's."""
        return any(reason.source == "model" for reasons in self.reasons.values() for reason in reasons)


@dataclass(frozen=True, slots=True)
class _Task:
    item_id: ItemId
    place: int
    point: Point
    key: _Key
    generation: Generation


class Wording:
    """Words one reason for each item of a shelf by a chat model. Safe to call from several threads.

    Args:
        model: answers all sentences of a shelf in one call.
        prompt: None: `prompts/wording.txt`.
        kept: how many accepted sentences, slots open, to remember; the same points need not be worded twice.
        max_tokens: longest sentence asked for.
    """

    def __init__(
        self, model: ChatModel, *, prompt: Prompt | None = None, kept: int = 2048, max_tokens: int = 48
    ) -> None:
        self._model = model
        self._prompt = prompt or load("wording")
        self._kept = kept
        self._max_tokens = max_tokens
        self._known: OrderedDict[_Key, str] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def prefix(self) -> tuple[Message, ...]:
        """The messages every prompt begins with, for the model to prepare at start-up."""
        return self._prompt.fill(slots="")[:-1]

    def word(
        self,
        plans: Mapping[ItemId, Sequence[PlannedReason]],
        book: EvidenceBook,
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Worded:
        """The planned reasons, one of each item's in the model's words where it wrote a sentence that evidence backs.

        Never raises for what a model does; ready by `deadline_s` when the model keeps its deadline.
        """
        drafts = {id_: [finish(plan.sentence, plan.point, book) for plan in planned] for id_, planned in plans.items()}
        tasks = self._tasks(plans)
        sentences, degraded = self._sentences(tasks, deadline_s, cancelled)
        trace: list[str] = []
        for task in tasks:
            sentence = sentences.get(task.key)
            if sentence is None:
                continue
            verdict = check(sentence, task.point)
            reason = finish(tidied(sentence), task.point, book, by_model=True) if verdict.accepted else None
            if reason is None:
                trace.append(f"wording of {task.item_id} dropped: {verdict.why or 'a number without evidence'}")
                continue
            self._remember(task.key, sentence)
            drafts[task.item_id][task.place] = reason
        if tasks and not degraded and len(trace) == len(tasks):
            degraded = "llm.wording: template"
        reasons = {id_: tuple(reason for reason in found if reason is not None) for id_, found in drafts.items()}
        return Worded(reasons, tuple(trace), degraded)

    def _tasks(self, plans: Mapping[ItemId, Sequence[PlannedReason]]) -> list[_Task]:
        """For each item its strongest reason that may be worded; items alike take turns in how they begin."""
        turns: dict[str, int] = {}
        tasks: list[_Task] = []
        for item_id, planned in plans.items():
            for place, plan in enumerate(planned):
                grammars = language_of(plan.point).grammars
                if not grammars:
                    continue
                turn = turns.get(plan.point.family, 0)
                turns[plan.point.family] = turn + 1
                turn %= len(grammars)
                tasks.append(self._task(item_id, place, plan.point, turn, grammars[turn]))
                break
        return tasks

    def _task(self, item_id: ItemId, place: int, point: Point, turn: int, grammar: str) -> _Task:
        meanings = FRAMES[point.topic].meanings
        slots = "\n".join(f"{{{slot.name}}}: {meanings[slot.name]}" for slot in point.slots)
        key = (point.topic, point.flags, tuple(slot.name for slot in point.slots), turn)
        return _Task(item_id, place, point, key, Generation(self._prompt.fill(slots=slots), grammar, self._max_tokens))

    def _sentences(
        self, tasks: Sequence[_Task], deadline_s: float, cancelled: Callable[[], bool]
    ) -> tuple[dict[_Key, str], str]:
        """Sentences by key, remembered or asked for in one call, and what stood in where the model gave none."""
        with self._lock:
            sentences = {task.key: self._known[task.key] for task in tasks if task.key in self._known}
        asked = {task.key: task.generation for task in tasks if task.key not in sentences}
        if not asked:
            return sentences, ""
        try:
            completions = self._model.complete(list(asked.values()), deadline_s=deadline_s, cancelled=cancelled)
        except ModelUnavailableError as error:
            log.info("no wording: %s", error)
            return sentences, "llm.wording: template"
        except Exception:  # the edge to somebody else's model: a reason is never worth a broken reply
            log.warning("the language model failed while wording", exc_info=True)
            return sentences, "llm.wording: template"
        late = False
        for key, completion in zip(asked, completions, strict=False):
            if completion.finished:
                sentences[key] = completion.text
            late = late or not completion.finished
        return sentences, "llm.wording: template" if late or len(completions) < len(asked) else ""

    def _remember(self, key: _Key, sentence: str) -> None:
        with self._lock:
            self._known[key] = sentence
            self._known.move_to_end(key)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
