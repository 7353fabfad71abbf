"""The conversation in a terminal: the same reply as page and API, rendered as text."""

import typer
from rich.console import Console
from rich.text import Text

from assistant.assembly import House
from assistant.dialogue.ledger import describe
from assistant.exchange import Ask, Done, Words
from assistant.nouns import Reply
from index.errors import WhybuyError
from index.offers import is_from

console = Console(highlight=False)


def converse(house: House, shopper_id: str | None) -> None:
    """Ask and answer until an empty line or the end of input."""
    console.print(f"{house.shop_name}: you are talking to an AI. An empty line ends the conversation.", markup=False)
    for example in house.examples:
        console.print(f"  {example}", style="dim", markup=False)
    conversation_id: str | None = None
    while True:
        try:
            message = typer.prompt("you", default="", show_default=False).strip()
        except (EOFError, typer.Abort):
            return
        if not message:
            return
        try:
            conversation_id = _turn(house, Ask(message, conversation_id, shopper_id))
        except WhybuyError as error:
            console.print(f"{error}. {error.hint}".strip(), style="red", markup=False)


def _turn(house: House, ask: Ask) -> str:
    for update in house.engine.stream(ask):
        if isinstance(update, Words):
            console.print(update.text, end="", markup=False)
        elif isinstance(update, Done):
            console.print()
            for line in text(update.reply):
                console.print(line)
            return update.reply.conversation_id
    raise AssertionError("a turn that is not cancelled ends in Done")


def text(reply: Reply) -> list[Text]:
    """The reply's shelf and ledger as lines."""
    lines = [Text("  " + " · ".join(describe(entry) for entry in reply.ledger), style="cyan")] if reply.ledger else []
    for shown in reply.recommendations:
        price = f"{'from ' if is_from(shown.item) else ''}{shown.item.price or 'no price'}"
        lines.append(Text(f"  {shown.rank}. {shown.item.title}, {price}", style="bold"))
        lines += [Text(f"     {reason.text}") for reason in shown.reasons]
    lines += [Text(f"  {step.text}: {step.count}") for step in reply.relaxations]
    return lines
