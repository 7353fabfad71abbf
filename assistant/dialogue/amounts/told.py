"""Amounts that are told of and not asked for, what others paid or another shop wants; and sums there are to spend."""

import re
from itertools import pairwise

from assistant.dialogue.amounts.numbers import Amount
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP

_PAST = frozenset(
    "paid was were charged costed bezahlt gekostet paye payes payee payees coute pague pago pagaron pagado costo "
    "costado pagato pagata pagati pagate wasted lost".split()
)
_PAST_FILL = frozenset(
    "me him her us them about only just around over eur usd gbp even like les los le la siens sienne suyos suyas suyo "
    "i suoi suo sue ihre seine".split()
)
_HIS_PRICE = frozenset("wanted asked quoted asking charging wants charge charges asks".split())
"""What a seller wants for a thing; of the shopper's own, `I wanted`, it says nothing."""
_SELVES = frozenset("i we you u ill id wed ive".split())
_TRADED = frozenset("sold bought saw seen spotted paid vendu achete verkauft gekauft gesehen comprado vendido".split())
_CAME_BY = frozenset("got found had picked".split())
_SELLS = frozenset("does sells sell offers has have flogs stocks do lists list".split())
_SHOPS = frozenset(
    "shop store place website market outlet amazon supermarket boutique retailer competitor elsewhere online road they "
    "laden magasin tienda negozio".split()
)
_LONG_AGO = frozenset(
    "ago yesterday nowadays formerly damals fruher autrefois antes antano drain swear jealous haha".split()
)
_LONG_AGO_TOLD = (("back", "when"), ("back", "then"), ("back", "in"), ("in", "those"), ("used", "to"), ("last", "year"),
                  ("last", "week"), ("last", "month"), ("could", "get"))  # fmt: skip
_MEANT = frozenset("gonna going planning about meaning ready".split())
_TURNS = frozenset("but actually instead now aber mais pero ma however".split())
_TELLS = frozenset("tells told says said telling thinks reckons".split())
_WISHED = frozenset("that which if wanted hoping looking want need like wish anything something hope should".split())
_PEOPLE = frozenset(
    "i he she they we who colleague friend mate neighbour neighbor sister brother mum mom dad mother father wife "
    "husband boss girlfriend boyfriend bf gf cousin aunt uncle guy chap lady woman man".split()
)
_OTHERS = frozenset(
    "he she friend mate neighbour neighbor sister brother mum mom dad mother father wife husband boss girlfriend "
    "boyfriend bf gf cousin aunt uncle son daughter flatmate roommate colleague twin schwester bruder mutter vater "
    "frau mann sohn tochter freund freundin soeur s\u0153ur frere mere pere femme mari fils fille hermana hermano "
    "madre padre mujer marido hijo hija amiga amigo sorella fratello moglie marito figlio figlia amica amico".split()
)
_MYSELF = frozenset("i im ill me mine ich mir moi je yo io".split())
_MINE_REACH = 8
_MEANT_SUMS = frozenset(
    "wanted needed hoped saved earned pooled collected inherited allowed limited capped signed raised planned figured "
    "budgeted decided agreed reserved approved promised offered handed slipped chipped need".split()
)
_MODAL = frozenset("must should can could may might to will would shall".split())
_SENTENCE_REACH = 24

_FUNDS_BEFORE = frozenset(
    "won saved earned inherited remains remaining money cash kitty finance collection came comes pooled savings bonus "
    "gespart ahorrado economise risparmiato budgeted collected aside refund voucher allowance stash "
    "leaves agreed fenced total".split()
)
_GIFTS = frozenset("mailed gave given gives handed lent sent lends slipped".split())
_BEFORE_FILL = frozenset(
    "is a the only just : na now of to but exactly about = that us me says up stands at worth with on my last".split()
)
_FUNDS_AFTER = frozenset(
    "left total remaining spare kitty tin purse wallet pot payday pocket account bank jar voucher raffle savings name "
    "ubrig uebrig restants".split()
)
_AFTER_FILL = frozenset("in the my our a till until from to hobby old piggy gift euro euros eur this for on".split())
_LEAST_FUNDS = 5
_PRICE_LIKE = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+[.,]\d{2}")
"""How prices are written, and little else."""
_USES = frozenset("play work burn blow spare spend invest splash".split())
_MONEY = frozenset(
    """
    money cash wallet purse pocket bank payday wage wages salary rent broke skint poor penniless afford funds dough
    allowance allowed allows allow price cost outlay whack cutoff manage company signed approved authorised authorized
    sanctioned spend spending fork cough shell splash stretch
    head lot push tight geldborse portemonnaie cartera portafoglio bolsillo sueldo gehalt taschengeld paga
    """.split()
)
"""Words beside a number that say it is a sum to spend."""
_MONEY_REACH = 6


def is_told(passage: Passage, start: int) -> bool:
    """Whether the amount beginning at `start` is what something cost or costs elsewhere: `he paid 75`."""
    before = _before(passage, start)
    return (
        _is_past(before)
        or _is_named_by_seller(before)
        or _is_for_what_was_got(before)
        or _is_long_ago(passage, start)
        or _is_done(before)
        or _is_given_up(passage, before, start)
    )


def is_told_of(passage: Passage, start: int) -> bool:
    """Whether stars or a size are told of a thing somebody has: `my old one had 4 stars`, `got hers in 9.5`."""
    before = _before(passage, start)
    for place, word in enumerate(before):
        if word in _WISHED or word in ("and", "so", "then"):
            return False
        owner = before[place + 1] if place + 1 < len(before) else ""
        if word in _CAME_BY | _TRADED | {"was", "ordered", "were"}:
            others = owner not in _SELVES | {"", "have", "has", "ive", "youve", "it", "there"}
            return others or (word in ("bought", "ordered", "was") and owner in ("i", "we", "ive", ""))
    return False


def is_anothers_size(passage: Passage, words: CatalogueWords, start: int) -> bool:
    """Whether the size at `start` is somebody else's, and the shopper's own is told behind it: `my sister takes an M
    but I need an L`."""
    before = _before(passage, start)
    if not set(before) & _OTHERS or set(before) & _MYSELF:
        return False
    for at in range(start + 1, min(len(passage), start + _MINE_REACH)):
        if passage.norm(at) in _MYSELF:
            near = range(at + 1, min(len(passage), at + 5))
            return any((passage.tokens[place].stem,) in words.sizes for place in near if passage.same_clause(place, at))
    return False


def is_sum_to_spend(passage: Passage, amount: Amount) -> bool:
    """`there is 80 left`, `the whip-round came to 80`, `won 40 in the raffle`: what there is to be spent."""
    if amount.value < _LEAST_FUNDS:
        return False
    labelled = passage.norm(amount.start - 1) == ":"
    before = _before(passage, amount.start - 2) if labelled else _before(passage, amount.start)
    before = [passage.norm(amount.start - 2), *before] if labelled else before
    for place, word in enumerate(before[:5]):
        if word in _FUNDS_BEFORE:
            return word not in ("came", "comes") or before[place - 1 if place else 0] == "to"
        if word in _GIFTS:
            return bool({"me", "us"} & set(before[:place]))
        if word not in _BEFORE_FILL:
            break
    for at in range(amount.end, min(len(passage), amount.end + 5)):
        if not passage.same_clause(at, amount.start):
            return False
        word = passage.norm(at)
        if word == "card" and passage.norm(at - 1) == "gift":
            return True
        if word in _FUNDS_AFTER:
            return word != "name" or passage.norm(at - 1) == "my"
        if word == "to" and passage.norm(at + 1) in _USES:
            return True
        if word not in _AFTER_FILL:
            break
    return _is_money_spoken_of(passage, amount)


def _is_money_spoken_of(passage: Passage, amount: Amount) -> bool:
    """`my wallet closes at 45`, `the boss signed off 300`, `at 60`, `137.50`: what is said beside it of money."""
    number = passage.norm(amount.end - 1)
    closes = amount.end >= len(passage) or passage.tokens[amount.end].shape == "symbol"
    if passage.norm(amount.start - 1) in ("at", "@") and amount.value >= 2 * _LEAST_FUNDS and closes:
        return True
    if _PRICE_LIKE.fullmatch(number) and (closes or passage.norm(amount.end) in STOP):
        return True
    near = range(max(0, amount.start - _MONEY_REACH), min(len(passage), amount.end + _MONEY_REACH))
    same = [at for at in near if passage.same_clause(at, amount.start)]
    if any(at != amount.start and passage.tokens[at].shape == "number" for at in same):
        return False
    return bool({passage.norm(at) for at in same} & _MONEY)


def _before(passage: Passage, start: int) -> list[str]:
    """The words before a place in its clause, the nearest first."""
    return [passage.norm(at) for at in range(start - 1, max(-1, start - _SENTENCE_REACH), -1)
            if passage.same_clause(at, start)]  # fmt: skip


def _is_past(before: list[str]) -> bool:
    near = before[:5]
    told = next((word for word in near if word in _PAST or word == "cost" or word not in _PAST_FILL), "")
    if told == "cost":
        if any(word in near for word in ("last", "old", "previous", "me", "him", "her", "us")):
            return True
        subject = before[before.index("cost") + 1] if before.index("cost") + 1 < len(before) else ""
        joined = subject == "and" and {"is", "was", "has", "came"} & set(before) and not _MODAL & set(before)
        return bool(joined) or subject in ("it", "one", "which", "mine", "his", "hers")
    return told in _PAST and not {"if", "wish"} & set(near)


def _is_named_by_seller(before: list[str]) -> bool:
    """`they wanted 30 for it`, `everyone tells me I should spend 900`."""
    if before and before[0] in _HIS_PRICE:
        return not set(before[1:3]) & _SELVES and len(before) > 1
    spends = next((place for place, word in enumerate(before[:3]) if word in ("spend", "pay")), None)
    if spends is None or not {"should", "to"} & set(before[spends : spends + 2]):
        return False
    return bool(_TELLS & set(before[spends:]))


def _is_for_what_was_got(before: list[str]) -> bool:
    """`bf got a tunic for 183`, `a place down the road does them for 40`."""
    if not before or before[0] not in ("for", "4", "at", "fuer", "pour", "por", "per"):
        return any(word in _TRADED for word in before) and not set(before) & _WISHED
    for place, word in enumerate(before):
        owner = before[place + 1] if place + 1 < len(before) else ""
        if word in ("money", "voucher", "card", "cash"):
            return False
        if word in _TRADED:
            return True
        if word in _CAME_BY:
            asks = {"you", "u", "have", "has", "youve", "ive", "weve"}
            return owner not in asks and not (word != "found" and owner == "") and "anything" not in before
        if word in _SELLS:
            return bool(_SHOPS & set(before[place + 1 :])) and "you" not in before
        if word in _WISHED:
            return False
    return False


def _is_long_ago(passage: Passage, start: int) -> bool:
    sentence = passage.tokens[start].sentence
    said = [token.norm for token in passage.tokens if token.sentence == sentence]
    pairs = set(pairwise(said))
    return bool(_LONG_AGO & set(said)) or any(pair in pairs for pair in _LONG_AGO_TOLD)


def _is_done(before: list[str]) -> bool:
    """`she splashed out 90`, `they set me back 45`: somebody did something with the sum."""
    if ("back" in before[:3] and "set" in before[:5]) or before[:2] == ["worth", "were"]:
        return True
    if before[:1] in (["me"], ["us"]):
        return False  # `mom mailed me 60`
    for word, owner in pairwise(before):
        did = word.endswith("ed") and len(word) > 4 and word not in _MEANT_SUMS
        if did and owner in _PEOPLE:
            return True
    return False


def _is_given_up(passage: Passage, before: list[str], start: int) -> bool:
    """`was gonna spend 200 but actually`: a plan that the sentence takes back."""
    planned = any(
        word in _MEANT and before[place + 1 : place + 2] in (["was"], ["were"]) for place, word in enumerate(before)
    )
    sentence = passage.tokens[start].sentence
    after = range(start, len(passage))
    return planned and any(passage.norm(at) in _TURNS and passage.tokens[at].sentence == sentence for at in after)
