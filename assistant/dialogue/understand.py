"""Two readers, one request: the deterministic reading, and what a language model's reading adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.combine import combined, is_settled
from assistant.dialogue.lines_reader import LinesReader
from assistant.dialogue.model_reader import ModelReader, ProposedConstraint
from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from assistant.dialogue.resolve import Resolver
from assistant.errors import ModelUnavailableError
from assistant.nouns import Constraint
from index.filters import Op

_ALONE = ("llm.reading: deterministic reader alone",)


@dataclass(frozen=True, slots=True)
class TunedReading:
    """A reader tuned for this job, and what turns its quotes into conditions of the same catalogue."""

    reader: LinesReader
    resolver: Resolver


@dataclass(frozen=True, slots=True)
class Understood:
    """What the message says. `degraded` names what failed; `trace` says who read what."""

    reading: Reading
    degraded: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()


class Understanding:
    """What the deterministic reader holds items to always stands; a model adds what it missed.

    With a tuned reader the two are joined as `combine` says. An untuned model is trusted less: a proposal is taken only
    when its quote stands in the message, the deterministic reader finds a value for the same field in that quote, and
    no words of it were read already; and it comes in as a soft wish.
    """

    def __init__(self, reader: CatalogueReader, model: ModelReader | None, tuned: TunedReading | None = None) -> None:
        """`tuned` is asked instead of `model` where there is one."""
        self._reader = reader
        self._model = model
        self._tuned = tuned

    def read_alone(self, message: str) -> Reading:
        """What `message` asks for by the deterministic reader alone, outside a conversation."""
        return self._reader.read(message, ReadingContext())

    def read_rules(self, message: str, context: ReadingContext) -> Reading:
        """What `message` asks for by the deterministic reader alone, within a conversation."""
        return self._reader.read(message, context)

    def read(self, message: str, context: ReadingContext, said_before: Sequence[str], deadline_s: float) -> Understood:
        """What `message` asks for, within `deadline_s` seconds plus the deterministic reader's milliseconds."""
        reading = self._reader.read(message, context)
        if not message.strip():
            return Understood(reading)
        if self._tuned is not None:
            return self._joined(self._tuned, reading, message, context, said_before, deadline_s)
        if self._model is None:
            return Understood(reading)
        try:
            proposed = self._model.read(message, said_before, deadline_s=deadline_s)
        except ModelUnavailableError:
            return Understood(reading, _ALONE)
        added: list[Constraint] = []
        trace = [f"model reads intent {proposed.intent}, words \u201c{proposed.words}\u201d"]
        for proposal in proposed.constraints:
            constraint = self._accept(proposal, message, context, (*reading.constraints, *added))
            if constraint is not None:
                added.append(constraint)
            trace.append(f"model proposes {proposal.field}: {'taken as a wish' if constraint else 'not taken'}")
        if not proposed.finished:
            trace.append("model reading cut at its deadline; what was complete is kept")
        return Understood(replace(reading, constraints=(*reading.constraints, *added)), trace=tuple(trace))

    @staticmethod
    def _joined(
        tuned: TunedReading,
        reading: Reading,
        message: str,
        context: ReadingContext,
        said_before: Sequence[str],
        deadline_s: float,
    ) -> Understood:
        if is_settled(reading, message):
            return Understood(reading, trace=("the rules read all of it; no model was asked",))
        try:
            read = tuned.reader.read(message, said_before, deadline_s=deadline_s)
        except ModelUnavailableError:
            return Understood(reading, _ALONE)
        if not read.finished:  # half a reading says another thing than the whole one
            return Understood(reading, _ALONE, ("model reading cut at its deadline",))
        both = combined(reading, read.lines, message, context, tuned.resolver)
        return Understood(both.reading, trace=both.trace)

    def _accept(
        self, proposal: ProposedConstraint, message: str, context: ReadingContext, known: Sequence[Constraint]
    ) -> Constraint | None:
        if proposal.quote not in message or proposal.op in (Op.NE, Op.NOT_IN):
            return None
        if any(_overlap(message, proposal.quote, entry.quote) for entry in known):
            return None
        for entry in self._reader.read(proposal.quote, context).constraints:
            if entry.condition.field == proposal.field and entry.condition.field != "kind":
                return replace(entry, kind="soft", quote=proposal.quote, source="model")
        return None


def _overlap(message: str, one: str, other: str) -> bool:
    """Whether two quotes share a character of the message."""
    start, begin = message.find(one), message.find(other)
    return start >= 0 and begin >= 0 and start < begin + len(other) and begin < start + len(one)
