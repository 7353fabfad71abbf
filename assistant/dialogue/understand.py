"""Two readers, one request: the deterministic reading, and what the model's reading may add to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.model_reader import ModelReader, ProposedConstraint
from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from assistant.errors import ModelUnavailableError
from assistant.nouns import Constraint
from index.filters import Op


@dataclass(frozen=True, slots=True)
class Understood:
    """What the message says. `degraded` names what failed; `trace` says who read what."""

    reading: Reading
    degraded: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()


class Understanding:
    """The deterministic reader decides; the model adds what it missed, and can take nothing away.

    A proposal of the model is taken only when its quote stands in the message, the deterministic reader finds a value
    for the same field in that quote, and no words of it were read already. It comes in as a soft wish: a hard rule is
    never made on a model's word alone.
    """

    def __init__(self, reader: CatalogueReader, model: ModelReader | None) -> None:
        self._reader = reader
        self._model = model

    def read_alone(self, message: str) -> Reading:
        """What `message` asks for by the deterministic reader alone, outside a conversation."""
        return self._reader.read(message, ReadingContext())

    def read(self, message: str, context: ReadingContext, said_before: Sequence[str], deadline_s: float) -> Understood:
        """What `message` asks for, within `deadline_s` seconds plus the deterministic reader's milliseconds."""
        reading = self._reader.read(message, context)
        if self._model is None or not message.strip():
            return Understood(reading)
        try:
            proposed = self._model.read(message, said_before, deadline_s=deadline_s)
        except ModelUnavailableError:
            return Understood(reading, ("llm.reading: deterministic reader alone",))
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
