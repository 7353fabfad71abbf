"""How softly a value is wished for, told by the grammar around it: `X would be lovely`, `X if you have it`, `wish: X`.

A condition hides what does not meet it, so that a mere preference read as one costs the shopper half the shelf.
"""

import re
from collections.abc import Sequence

from assistant.dialogue.language.passage import Passage
from assistant.dialogue.refusals.dislikes import spaced

_WOULD = r"(?:would|could|might|id|hed|shed|wed|theyd|itd|thatd|whod|ill)"
_PLEASING = (
    "(?:nice|nicer|nicest|great|greater|cool|cooler|lovely|neat|good|perfect|ideal|sweet|swell|fab|fabulous|marvellous|"
    "marvelous|wonderful|brilliant|grand|super|superb|best|better|happiest|fine|fantastic|awesome|amazing|handy|"
    "preferable|optimal|sublime|dreamy|delightful|splendid|excellent|tremendous|magic|wicked|sick|ace|sound|dope)"
)
_FOND = r"(?:happy|happier|happiest|glad|pleased|delighted|chuffed|thrilled|overjoyed|over\sthe\smoon|grateful|stoked)"
_BINDING = (
    "must|essential|crucial|vital|mandatory|compulsory|required|requirement|obligatory|necessary|need|needs|only|"
    r"insist|demand|demands|have\sto|has\sto|exclusively|strictly|nothing\sbut"
)
_BEFORE = re.compile(
    rf"""(?:^|\s)(?:
    {_WOULD}(?:\s\w+){{0,3}}\sbe(?:\s\w+){{0,2}}\s(?:{_PLEASING}|an?\s(?:\w+\s)?(?:bonus|plus|dream|treat|touch))
        \s(?:if|to|in|with|for|from|of|were|was|when|that|should)(?:\s\w+){{0,7}}
    |{_WOULD}\sbe\s(?:\w+\s)?{_FOND}\s(?:with|of|if|about|to\s(?:see|get|have|find|find\sit\sin))(?:\s\w+){{0,4}}
    |{_WOULD}(?:\s(?:really|rather|quite|also|just|personally|absolutely))*
        \s(?:enjoy|favou?r|welcome|appreciate|relish|reach\sfor|lean(?:\s\w+)?\s(?:to|towards?)|wish\sfor|hope\sfor)
        (?:\s(?:it\sin|one\sin|it|one|them|in|a|an|the|some|something))*
    |{_WOULD}\s(?:really\s|also\s)?(?:love|adore|fancy)(?:\s(?:it\sin|one\sin|it|one|them|in|the|some|something))*
    |(?:hope|hopes|hoping|wish|wishes|wishing|rooting)\sfor(?:\s\w+){{0,2}}
    |(?:fingers\scrossed|soft\sspot|weakness|tilt|lean|leans|leaning|inclined|inclination|bias|nod|drawn|
        gravitate|gravitating|tempted|extra\spoints|bonus\spoints|plus\spoints|preference|penchant|fondness|
        liking|partial)\s(?:\w+\s)?(?:for|to|toward|towards|by)(?:\s(?:the|a|an|something|in|anything))*
    |(?:wouldnt|would\snot|dont)\s(?:mind|say\sno\sto|object\sto|be\saverse\sto|turn\sdown)(?:\s(?:in|a|an|the|some|having|it\sin))*
    |(?:shes|hes|theyre|im|is|are)\s(?:really\s|very\s|totally\s)?into|tends?\sto\s(?:go\sfor|like|prefer|buy|wear)
    |(?:first|own|ideal|my|dream|top|preferred)\s(?:choice|pick|favou?rite|preference|option|colou?r|brand|maker?|
        material)\s(?:would\sbe|is|being|was)(?:\s\w+){{0,2}}
    |happiest\s(?:with|in)
    |if\s(?:i|we)\s(?:get|got|had|could|can|may|might|were)\s(?:\w+\s){{0,3}}(?:pick|choose|choosy|wish|dream|ask)\w*
        (?:\s\w+){{0,2}}
    |(?:with|by)\s(?:any\s|a\sbit\sof\s|some\s)?luck(?:\s\w+){{0,3}}
    |in\san?\s(?:ideal|perfect|dream)\s\w+(?:\s\w+){{0,2}}
    |(?:as\san?|for)\s(?:bonus|extra|plus|preference|choice|maybe)
    |(?:optionally|hopefully|possibly|preferably|preferable|ideally|perhaps|maybe|prefs?|if\sat\sall\spossible)
        (?:\s(?:from|by|in|of|made\sof))?
    |if\syou\shappen\sto(?:\s\w+){{0,6}}
    |(?:idealerweise|a\sser\sposible|dans\sl\sideal|idealement|im\sidealfall|possibilmente)(?:\s\w+){{0,6}}
    |{_WOULD}\srather\slike(?:\s\w+){{0,2}}
    )$""",
    re.VERBOSE,
)
"""What ends right before the value."""
_LABEL = re.compile(
    r"(?:^|\s)(?:wish|wishes|wish list|wishlist|whim|whims|dream|desirable|desired|optional|optionally|nice to haves?|"
    r"bonus|bonuses|extra|extras|preference|preferences|preferred|pluses|plus|ideally|may|likes|would like|"
    r"would be nice|if possible|soft)$"
)
_FILL = (
    r"(?:(?:tm|,|\(|-|\u2013|\u2014|;|colou?r|colou?red|ones?|its|thats?|is|being|which|and|but|though|although|as|too|"
    r"also|for\sme|for\smyself|for\shim|for\sher|personally|version|model|edition|the|only)\s)*?"
)
_AFTER = re.compile(
    rf"""{_FILL}(?:
    (?P<would>(?:would|might)\b)
        (?!\s(?:not|you|it|i|we|they|he|she|have\sto|never|that|this|there|like|love|prefer|want|need)\b)
        (?!(?:\s\w+){{0,4}}\s(?:{_BINDING}|mistake|work|do|stop|mean)\b)
        (?!\s(?:be\s)?(?:\w+\s){{0,2}}(?:ugly|awful|terrible|horrible|hideous|wrong|too|bad|worst|last|out|odd|silly)\b)
    |prefs?\b|preferred|preferably|preferable|favou?red|desirable|desired|welcome\b(?!\stoo)|appreciated|optional
    |(?:my|the|our|his|her|their)\s(?:\w+\s)?(?:preference|favou?rite|pick)\b
    |(?:just\s|only\s|merely\s)?an?\s(?:nice\s)?(?:wish|bonus|plus|thought|preference|dream|maybe|nice\s?-?\s?to\s?-?\s?have)\b
    |nice\sto\shave|gets?\s(?:extra|bonus|plus)\spoints
    |(?:by|for|as|4|of)\s(?:an?\s)?(?:preference|choice|bonus|maybe|wish)\b
    |given\s(?:half\s)?(?:an?\s|the\s)?(?:chance|choice)
    |what\s(?:id|i\swould|wed|we\swould|shed|hed)\s(?:pick|fancy|choose|love|like|go|reach|take|prefer)\b
    |on\s(?:my|the)\swish\s?list|at\sthe\stop\sof\s(?:my|the)\swish\s?list
    |if\sat\sall|so\smuch\sthe\sbetter|all\sthe\sbetter|even\sbetter|better(?:\s[,;.].*)?$
    |(?:wouldnt|would\snot)\s(?:hurt|be\s(?:bad|wrong|amiss|so\sbad|unwelcome|the\sworst)|go\samiss|come\samiss)
    |hopefully|perhaps|maybe|possibly|be\s(?:in\sstock|available|around|possible|going)\b
    |(?:not|no|isnt|arent|nothing)\s(?:an?\s|that\s|too\s|so\s|really\s)?(?:must|essential|crucial|vital|mandatory|
        requirement|dealbreaker|fussed|bothered|pressure|biggie|drama)\b
    |(?:im|i\sam|were)\s(?:easy|flexible)\b
    |(?:that|which|on\sthat|there)\si\scan\s(?:bend|compromise|flex|give)\b
    |(?:ware|waere)\s(?:nett|schon|schoen|gut|toll|super)|muss\saber\snicht|serait\s(?:un\splus|bien|mieux|ideal)
    |ce\sserait\sun\splus|sarebbe\smeglio|meglio\b|mejor(?=$|\s[,;.])|seria\sideal|estaria\sbien|sans\splus
    )""",
    re.VERBOSE,
)
"""What begins right behind the value."""
_FLOATING = re.compile(
    r"[,;(] (?:and |but )?(?:prefs?|preferred|preferably|preferable|by preference|for preference|optional|hopefully|"
    r"perhaps|maybe|possibly|if possible|if at all possible)(?: in| from| by| en| de| di| da| aus| von)?$"
)
"""What may be said of the value behind it as well as of the one before: `black, preferably iron`."""
_IF = re.compile(rf"{_FILL}(?:if|should|falls|wenn) (?P<rest>.*)")
_IN_REACH = re.compile(
    r"\b(?:possible|available|have|has|got|get|exists?|stock|stocks|stocked|carry|sells?|makes?|choice|can|could|able|"
    r"round|lucky|works|going|find|left|much|choosy|pick|luck|manage|happens?|all the same|permits|allow|allows|do|"
    r"any|options?|handy|one|hast|habt|gibt)\b"
)
_NO_IFS = re.compile(r"^(?:not|you (?:please|want|like|dont|know|would|wouldnt|prefer|must)|its? (?:not|isnt)|isnt)")
_PARTS = frozenset(".!?;\n")
_OR = frozenset("or oder ou o".split())
_REACH = 14
_IN = frozenset("in from by en de di da aus von".split())


_LITOTES = re.compile(
    r"(?<!\S)(?:(?:cant|cannot|never|dont|wont|couldnt) (?:go|goes|gone|went) (?:far )?wrong (?:with|in)|"
    r"(?:can |could )?never (?:have|get|be) (?:too (?:much|many)|enough)|(?:cant|cannot|couldnt) (?:get enough|beat)|"
    r"(?:nobody|no one|noone|none) (?:makes|does|builds|beats)|nothing (?:beats|like|compares|better than)|"
    r"dont suppose(?: you\w*)?(?: have| got| sell| stock| carry)?|you(?:d)? (?:wouldnt|dont|couldnt|havent)"
    r"(?: by (?:any )?chance| happen to| perhaps| also)*(?: have| got| sell| stock| carry| find| do)|"
    r"(?:wouldnt|would not) (?:mind|say no to|object to|be averse to|turn down|hurt|be bad|be wrong|be amiss|be so bad|"
    r"be unwelcome|be the worst|go amiss|come amiss))(?!\S)"
)


def litotes(passage: Passage) -> list[tuple[int, int]]:
    """The spans whose no says yes: `can't go wrong with`, `wouldn't mind`, `nothing beats`."""
    said, starts = spaced(passage)
    return [
        (starts[found.start()], starts[found.start()] + found.group().count(" ") + 1)
        for found in _LITOTES.finditer(said)
    ]


def preferred(passage: Passage, start: int, end: int, starts: Sequence[int]) -> bool:
    """Whether what stands at [start, end) is told as a preference.

    `starts`: where the message's mentions begin, which what is said behind this one may belong to as well.
    """
    return _said_before(passage, start) or _said_behind(passage, start, end, starts)


def _said_before(passage: Passage, start: int) -> bool:
    sentence = passage.tokens[start].sentence
    begin = start
    while begin > 0 and start - begin < _REACH and passage.tokens[begin - 1].sentence == sentence:
        if not passage.same_clause(begin - 1, start) and not _is_led(passage, begin, start):
            break
        begin -= 1
    before = " ".join(passage.norm(at) for at in range(begin, start) if passage.norm(at) not in (",", '"', "'"))
    if re.search(rf"\b(?:{_BINDING})\b", before.rpartition(" but ")[2]):
        return False
    if _BEFORE.search(before) is not None:
        return True
    for at in range(start - 1, max(-1, start - 4), -1):
        if passage.norm(at) in (":", "=") or (passage.norm(at) == "-" and at and not passage.tokens[at].glued):
            label = " ".join(passage.norm(near) for near in range(max(0, at - 4), at) if passage.norm(near) != "-")
            return _LABEL.search(label) is not None
    return False


def _is_led(passage: Passage, begin: int, start: int) -> bool:
    """Whether the comma before leads on to the value with small words only: `if I could wish, Luma`."""
    return passage.norm(begin - 1) in (",", ":") and start - begin <= 3


def _said_behind(passage: Passage, start: int, end: int, starts: Sequence[int]) -> bool:
    stop = end
    while stop < min(len(passage), end + _REACH) and passage.norm(stop) not in _PARTS:
        if passage.tokens[stop].sentence != passage.tokens[end - 1].sentence:
            break
        stop += 1
    said = " ".join(passage.norm(at) for at in range(end, stop))
    told = _AFTER.match(said)
    if told is not None:
        if told["would"] and passage.norm(start - 1) in _OR and re.search(rf"\bbe .*?{_PLEASING}\b", said) is None:
            return False  # `black or navy would pass`: one of them it must be
        after = end + told.group().count(" ") + 1
        named = after in starts or (passage.norm(after) in _IN and after + 1 in starts)
        leads = named and _FLOATING.fullmatch(told.group()) is not None
        about = told.group().startswith(", ") and re.search(r"\b(?:if (?:it|they|there)|to (?:have|get))\b", said)
        return not leads and not about
    given = _IF.match(said)
    if given is None or _NO_IFS.search(given["rest"]):
        return False
    rest = given["rest"].partition(" ,")[0]
    until = stop - given["rest"].count(" ") - 1 + rest.count(" ") + 1
    named = any(stop - given["rest"].count(" ") - 1 <= at < until for at in starts)
    return not named and _IN_REACH.search(rest) is not None and not any(sign.isdigit() for sign in rest)
