"""What a reader learns from: a message and its reading, as a line of a training file."""

from dataclasses import dataclass

from assistant.dialogue.reading_lines import Lines, written
from assistant.llm.prompts import load

OWN_FIELDS = ("price", "rating", "brand", "color", "size", "material")
"""The fields that every shop has."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message with what came before, and its reading."""

    message: str
    before: str
    reading: Lines
    fields: tuple[str, ...]
    family: str

    def record(self) -> dict[str, object]:
        """The example as a line of the training file."""
        prompt = load("reading_lines").fill(
            fields=", ".join(self.fields),
            before=f"(before: {self.before})\n" if self.before else "",
            message=self.message,
        )
        return {
            "messages": [{"role": each.role, "content": each.content} for each in prompt],
            "reply": written(self.reading),
            "message": self.message,
            "fields": list(self.fields),
            "family": self.family,
        }
