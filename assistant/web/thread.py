"""A visit as HTML: the turns before, the turn at hand with its shelf, and the panels around. Escaped, no Gradio."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.nouns import Constraint
from assistant.web import cards, talk
from assistant.web.visit import Exchange, Visit
from index.offers import as_offered

_LEAST_COMPARED = 2


@dataclass(frozen=True, slots=True)
class View:
    """How visits are shown: the shop's name, the locale of prices and dates, and the words of a constraint."""

    shop_name: str
    locale: str
    label: Callable[[Constraint], str]

    def header(self, visit: Visit) -> str:
        """The bar at the top, with the panel "What I know about you"."""
        panel = talk.history(visit.remembered(), visit.about, self.locale, personalise=visit.personalise)
        return talk.header(self.shop_name, visit.desk.shoppers, visit.chosen, panel)

    def chips(self, visit: Visit) -> str:
        """The constraints in force."""
        return talk.chips(visit.ledger, self.label)

    def past(self, visit: Visit) -> str:
        """All turns but the one at hand, oldest first. A shelf that the next turn left as it was is not repeated."""
        live = visit.live
        turns: list[str] = []
        for place, exchange in enumerate(visit.exchanges[:-1]):
            repeated = _shown_ids(exchange) == _shown_ids(visit.exchanges[place + 1])
            is_live = place == live
            with_shelf = is_live or not repeated
            turns.append(self._turn(visit, exchange, is_live=is_live, announced=False, with_shelf=with_shelf))
        return "".join(turns)

    def now(self, visit: Visit) -> str:
        """The turn at hand, or the first visit's welcome with the home shelf."""
        if visit.exchanges:
            is_live = visit.live == len(visit.exchanges) - 1
            return self._turn(visit, visit.exchanges[-1], is_live=is_live, announced=True)
        welcome = talk.first_visit(visit.desk.examples, len(visit.desk.shop))
        if visit.home is None or not visit.home.recommendations:
            return welcome
        return welcome + cards.shelf(
            visit.home.recommendations,
            visit.home.evidence,
            (),
            self.locale,
            heading="Picked for you" if visit.chosen and visit.personalise else "Well liked here",
            note=visit.note,
            marks=visit.marks,
            talk=False,
        )

    def _turn(
        self, visit: Visit, exchange: Exchange, *, is_live: bool, announced: bool, with_shelf: bool = True
    ) -> str:
        bot = talk.working(exchange.stage) if exchange.stage else ""
        bot = talk.words(exchange.pieces if not exchange.problem else [], announced=announced) + bot
        if exchange.problem:
            bot += talk.problem(exchange.problem, again=announced and exchange.again)
        if exchange.reply and not exchange.stage:
            bot += self._after_words(visit, exchange, announced=announced)
        you = talk.shopper_bubble(exchange.said, exchange.picture_uri)
        shelf = self._shelf(visit, exchange, is_live=is_live) if with_shelf else ""
        return (
            f'<section class="wb-turn" data-turn="{exchange.number}">{you}<div class="wb-bot">'
            f'<span class="wb-hidden">Assistant: </span>{bot}</div>{shelf}</section>'
        )

    def _after_words(self, visit: Visit, exchange: Exchange, *, announced: bool) -> str:
        reply = exchange.reply
        assert reply is not None
        parts = [talk.notices(reply)]
        if reply.request.intent == "compare":
            must = [entry.condition for entry in reply.ledger if entry.kind == "hard"]
            should = [entry.condition for entry in reply.ledger if entry.kind == "soft"]
            items = [as_offered(item, must, should) for item in visit.items(reply.request.targets)]
            if len(items) >= _LEAST_COMPARED:
                parts.append(cards.compare_table(items, self.locale))
        if announced:
            parts += [talk.relaxations(reply.relaxations), talk.suggestions(reply.suggestions)]
        return "".join(parts)

    def _shelf(self, visit: Visit, exchange: Exchange, *, is_live: bool) -> str:
        reply = exchange.reply
        if exchange.shelf == "none":
            return ""
        if not is_live:
            return cards.strip(reply.recommendations, self.locale) if reply and reply.recommendations else ""
        if reply is None:
            return cards.skeleton(min(visit.desk.k, 3))
        if not reply.recommendations:
            return cards.empty_shelf(broken=bool(reply.relaxations))
        return cards.shelf(
            reply.recommendations,
            reply.evidence,
            reply.ledger,
            self.locale,
            heading="Items that look like your picture" if exchange.picture else "What fits",
            note=visit.note,
            marks=visit.marks,
            compared=visit.compared,
        )


def _shown_ids(exchange: Exchange) -> list[str]:
    return [shown.item.id for shown in exchange.reply.recommendations] if exchange.reply else []
