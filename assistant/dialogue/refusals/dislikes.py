"""The verbs and verdicts that refuse a value: `spare me X`, `she detests X`, `X gives me a rash`, `X need not apply`.

English, German, French, Spanish and Italian; each is told by its grammar, a closed class of verbs and where they end.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.dialogue.language.passage import Passage
from assistant.dialogue.refusals.foreign_verdicts import FOREIGN_VERDICTS

_WHOM = r"(?:me|us|him|her|them|my\s\w+|his\s\w+|our\s\w+|the\s\w+)"
_BAD_FOR_HEALTH = (
    r"(?:rash|rashes|hives|creeps|ill|sick|itch|itchy|itching|eczema|headaches?|migraines?|grief|spots|pale|dead|"
    r"sneeze|sneezing|asthma|nauseous|queasy|crazy|mad|blotchy|bumps|welts|wheeze|shivers|jitters|shudder|cringe|"
    r"trouble|nightmares)"
)
_TAKES = (
    r"(?:have|see|bear|stand|abide|stomach|want|wanted|like|wear|touch|take|accept|tolerate|eat|do|trust|buy|use|handle|"
    r"suffer|look\sat|be\sdoing\swith|put\sup\swith|live\swith|deal\swith|cope\swith|go\snear|go\sfor|face)"
)
_CLOSES = (
    r"(?=$|\s[^\w\s]|\s(?:and|or|so|but|please|pls|thanks|in|on|at|again|anymore|any|near|either|anyway|because|since|"
    r"for|too|though|thank|n|to|then|with|as|now|if)\b)"
)
_BEFORE = re.compile(
    rf"""(?<!\S)(?:
    (?:hold|skip)(?=\sthe\b)|spares?\s(?:me|us|him|her|them)(?:\s(?:all|any|from))?(?!\s(?:a|those|that)\b)
    |(?:loathes?|loathed|detests?|detested|despises?|despised|abhors?|hating|loathing|detesting|eschews?|shuns?|
        vetoe?s?|vetoed|vetoing|rejects?|rejected|forbids?|forbade|prohibits?|bans|outlaws?|rules?\sout|ruled\sout|
        ruling\sout|distrusts?|snubs?|banish|omit|omitting|weeds?\sout|cuts?\sout|culls?|disallows?)
    |(?:swear|swears|swore|sworn|put|went|gone|goes)\soff
    |(?:stay|stays|steer|steers|keep|keeps|remain|well)\sclear\sof|(?:keep|stay)\saway\sfrom
    |(?:cant|cannot|couldnt|can\snot\s(?:to\s)?|could\snot)\s(?:\w+ly\s|even\s)?(?:abide|stand|bear|stomach|face|handle|suffer|
        tolerate|cope\swith|be\sdoing\swith|do\swith(?!out)|deal\swith|live\swith|be\sseen\sin|be\sdoing)
    |refuses?\sto\s(?:\w+ly\s|even\s|ever\s)?(?:wear|own|buy|have|touch|use|eat|take|accept|consider|look\sat|put\son|do|
        drink|support|see|fund|drive|sleep\sin|sit\son)
    |(?:had|have|has|ive|weve|got|seen|shown\sme|shown\sus|of)\s(?:\w+\s)?(?:enough|my\sfill|it\sup\sto\shere)\s(?:of|with)(?:\sall)?
    |(?:burnt|burned|burn)\s(?:myself\s|ourselves\s)?(?:by|with)
    |(?:trouble|problems?|bad\sluck|nightmares?|issues|no\sjoy|no\sluck)\s(?:\w+\s)?with
    |(?:didnt|did\snot|dont|do\snot|doesnt|never)\s(?:\w+\s)?(?:get\s(?:on|along)|agree|click|gel)\s(?:with|w)
    |(?:fell|fallen|fall)\sout\s(?:of\slove\s)?with
    |(?:mortified|appalled|horrified|repelled|repulsed|disgusted|bored|scarred|traumati[sz]ed)\sby
    |(?:faints?|screams?|swears?|shudders?|cringes?|recoils?|winces?|balks?)\s(?:at|from)
    |(?:complains?|complained|moans?|moaned)\sabout
    |(?:hide|lose|drop|remove|delete|strike|bin|scrap|kill|ditch|cut|skip|exclude)\s(?:everything|anything|all|every\w*|any\w*|
        the\slot)(?:\sthats)?\s(?:from|by|of|in|made\sby|made\sof|with)
    |(?:remove|delete|strike|scrap|omit)(?=\s(?:the|all|any|every)\b)
    |(?:anyone|anybody|any\s\w+|every\s\w+|all|everything|fine|nearly\severything|any\s\w+\sunder\sthe\ssun)\s(?:save|barring|bar|but)
        (?:\sfor)?(?!\s(?:if|i|it|that|then|not)\b)
    |a\sthing\sagainst|grudge\sagainst|aversion\sto|averse\sto|phobia\sof|down\son
    |(?:flares?|flaring)\sup\s(?:at|from|with)(?:\sthe)?(?:\s\w+)?(?:\ssight\sof)?|swells?\sup\sfrom|comes?\sout\sin\s\w+\sfrom
    |(?:break|breaks|broke|come|comes|came)\sout\sin\s\w+\sfrom
    |wouldnt\s(?:touch|wear|be\sseen\s(?:dead\s)?in|use|have|buy|own|take)|would\snot\stouch|would\snever\s(?:buy|wear|touch|own|use)
    |(?:wont|wouldnt|dont|doesnt|didnt|cant|not|never)\s(?:go\snear|look\sat|be\sseen\s(?:dead\s)?(?:in|with)|hear\sof|put\sup\swith)
    |(?:gets?|got|getting)\s(?:an?\s)?{_BAD_FOR_HEALTH}\sfrom|(?:ignore|ignoring|disregard|forget(?:\sabout)?(?!\s(?:it|that)\b))
    |sooner\s(?:\w+\s){{1,6}}than\s(?:buy|wear|own|use)
    |hasse|hasst|verschon(?:e|t|en)?\s(?:mich|uns)\smit|keine?n?\s\w+\svon
    |deteste|detestes|detesta|detesto|odio|odia|odiamo|aborrezco|aborrece|descartando|descarta|descartar
    |en\sdehors\sde|hors(?:\sdu)?|refuse\sde\s(?:porter|mettre|voir|manger)|vire(?:z)?(?:\s\W)?(?:\smoi)?|enleve(?:z)?(?:\s\W)?(?:\smoi)?
    |fuera\sde|no\ssoport[ao]|no\saguant[ao]|no\squiero\sver|quita(?:me|nos)?|non\s(?:sopport[ao]|regg[eo]|toller[ao])
    |(?:forbidden|banned|prohibited|excluded|unwanted|blacklisted|vetoed|hated)\s(?:brands?|makes?|makers?|colou?rs?|materials?|fabrics?)
    |(?:ew+|yuck|ugh|bleh|yikes|blech|urgh)(?:\s,)?
    |(?:nobody|noone|no\sone|none\sof\sus)(?:\s\w+){{0,4}}\s(?:wears?|likes?|wants?|uses?|eats?|drinks?|buys?|needs?|touches)
    |(?:stop|quit)\s(?:showing|sending|suggesting|offering|recommending|pushing)(?:\s(?:me|us|on\sme))?
    |no\sway|(?:no\sthanks|hell\sno|thumbs\sdown|nope|nay)\sto|anti|over\smy\sdead\sbody
    |(?:remove|delete|strike|scrap)|(?:drop|kill|can|bin)(?=\s(?:the|all|any|every|those|each)\b)
    |no\sto(?!\s(?:be|have|get|go)\b)|knockout\sfor|keine\slust\sauf
    |tantomeno(?:\sdi)?
    )(?!\S)""",
    re.VERBOSE,
)
"""What ends right before the value it refuses, but for small words."""
_BEHIND = re.compile(
    rf"""(?<!\S)(?:
    (?:(?:is|are|was|were|be|stays?|remains?|gets?|got|goes|go|been)\s)?(?:now\s|strictly\s|absolutely\s|totally\s|both\s|also\s|all\s|right\s)*
      (?:excluded|blacklisted|barred|forbidden|prohibited|banned|unacceptable|unwelcome|unwanted|vetoed|verboten|taboo|outlawed|
         off\s(?:limits|the\s(?:table|list|menu|cards))|inappropriate|inadmissible|impermissible|ineligible|disqualified|
         out\sof\sthe\squestion|not\s(?:accepted|permitted|welcome|wanted|eligible|permissible|tolerated|on)){_CLOSES}
    |(?:isnt|arent|wasnt|is\snot|are\snot)\s(?:welcome|wanted|allowed|accepted|permitted|an\soption|tolerated|happening|for\s(?:me|us|him|her))
    |(?:doesnt|does\snot|dont|do\snot|wont|will\snot)\s(?:really\s)?(?:suit|match|work|fit|flatter|agree\swith|go\swith|do\sit\sfor)
    |(?:is|are)\son\s(?:my|our|the)\s(?:\S+\s){{0,4}}?(?:blacklist|list)
    |(?:is|are|goes|go)\sagainst\s(?:my|our|the|all)|(?:is|are|was|were)\s(?:no\sgood|no\suse|vetoed)|no\sgood\b
    |would\sbe\sa\s(?:no|dealbreaker|deal\sbreaker|mistake|disaster|nightmare|problem)\b
    |\?\s(?:a\s)?(?:hard|big|firm)\s(?:no|pass)|(?:ones?\s)?can\sgo{_CLOSES}
    |(?:clash|clashes|squeaks?|smells?|stinks?|sheds?|rusts?|stains?|snags?|frays?|creases?|fades?|cracks?|melts?|shrinks?|
       rots?|warps?|tears?|shreds?|breaks?|annoys?|bores?|depresses|disgusts?)(?=$|\s[^\w\s]|\s(?:with|too|so|on|in|easily|badly|like|and|off|
       when|after|me|us|him|her)\b)
    |reminds?\s(?:me|us|him|her)\sof|shows?\s(?:every|all|each)\s|(?:gets?|goes|becomes|is|feels)\s(?:\w+\s)?too\s\w+ly
    |(?:is|are)\s(?:a\s)?(?:scam|rip\soff|rubbish|garbage|trash|crap|junk|crooks|thieves)\b
    |(?:has\s|have\s)?(?:lost\smy|ripped\s(?:me|us)|cheated\s(?:me|us)|burned\s(?:me|us)|burnt\s(?:me|us)|overcharged\s(?:me|us)|fell\sapart|let\s(?:me|us)\sdown)
    |(?:stays?|remains?|keeps?|goes|bitte|please)\s(?:out|raus|away|weg){_CLOSES}
    |out(?=$|\s[,.;!)])|excepted\b|aside(?=\s,)
    |(?:is|are|was)\s(?:both\s|also\s)?out\s(?:as\swell|too|also|altogether|for\sgood)
    |a\s(?:hard\s|big\s|firm\s|definite\s)?(?:no|nogo|no\sgo|no\sno|dealbreaker|deal\sbreaker|pass|nope)(?=$|\s[^\w\s])
    |(?:need\snot|neednt|dont|do\snot|shouldnt|should\snot)\s(?:even\s)?(?:apply|reply|bother|come\snear)
    |can\s(?:stay\s(?:where|away|out|at)|go\sto|take\sa\shike|get\slost|jump|do\sone|keep\s(?:their|its|his))
    |\?\s(?:only\s)?over\smy\sdead\sbody|over\smy\sdead\sbody
    |(?:(?:always|really|just|also|only)\s)?(?:gives?|gave|brings?|brought|makes?|made|sets?|drives?|leaves?|has|had|triggers?)\s(?:off\s)?{_WHOM}
      (?:\s\w+){{0,4}}?\s{_BAD_FOR_HEALTH}\b
    |(?:\w+ly\s)?(?:inflames?|aggravates?|triggers?|sets?\soff)\s{_WHOM}
    |(?:absolutely|certainly|definitely|really|please|just|rather|better)\snot(?=$|\s[^\w\s])
    |(?:(?:,\s)?(?:which|that|whom)\s)?(?:i|we|he|she|they|my\s\w+|you)\s(?:really\s|just\s|simply\s|frankly\s|personally\s)?
      (?:cant|cannot|couldnt|can\snot|wont|will\snot|dont|do\snot|doesnt|didnt|wouldnt|not)\s(?:really\s|just\s|even\s)?{_TAKES}{_CLOSES}
    |(?:(?:,\s)?(?:which|that|whom)\s)?(?:i|we|he|she|they)\s(?:really\s|just\s|simply\s)?(?:hates?|loathes?|detests?|despises?|dislikes?|
      refuse|reject){_CLOSES}
    |id\s(?:sooner|rather|as\ssoon)\snot(?:\s\w+){{0,2}}
    |i\s(?:can|could)\sdo\swithout
    |(?:kann|mag|vertrag|vertrage|will|mochte)\s(?:ich|er|sie|wir|mein\s\w+|meine\s\w+)\s(?:auch\s|gar\s|uberhaupt\s|absolut\s|einfach\s)*
      nicht(?:\s(?:ausstehen|leiden|sehen|haben|mehr|riechen|ab))?
    |non\s(?:lo|la|li|le)\s(?:posso|sopporto|voglio|reggo|tollero)(?:\s\w+)?
    |no\s(?:lo|la|los|las)\s(?:soporto|aguanto|quiero|puedo|trago)(?:\sver|\sni\sver)?
    |(?:bitte\s)?(?:raus|weglassen|streichen){_CLOSES}
    |to(?:glila|glilo|glili|glile)(?:\sdi\smezzo)?
    |{FOREIGN_VERDICTS}
    )""",
    re.VERBOSE,
)
"""What begins right behind the value it refuses."""
_PARTED = re.compile(
    r"(?<!\S)(?:(?P<give>giv(?:e|es|en|ing)|gave)(?:\s\S+){1,5}?\sa\s(?:miss|wide berth|pass|swerve|skip)|"
    r"(?P<keep>keep|keeps|keeping|leave|leaving|take|cut|throw|chuck)(?:\s(?!that\b|those\b|them\b|it\b|both\b)\S+){1,5}?\s"
    r"(?:off (?:my|the) \w+|out of (?:it|this|the \w+|my \w+)|away|aside|out)(?!\S))"
)
"""What stands around the value: `give Luma a miss`, `keep wool off my screen`."""


_BUTS = frozenset("save barring bar but".split())


def disliked(passage: Passage) -> list[tuple[int, int]]:
    """The spans that refuse what follows them: `she detests`, `keep ... off my screen`."""
    text, starts = spaced(passage)
    return [
        *detested(passage),
        *((starts[match.start()], starts[match.start()] + 1) for match in _PARTED.finditer(text)),
    ]


def detested(passage: Passage) -> list[tuple[int, int]]:
    """Those of them that are verbs and phrases in one piece: `she detests`, `spare me`, `rules out`."""
    text, starts = spaced(passage)
    found: list[tuple[int, int]] = []
    for start, end in _spans(_BEFORE, text, starts):
        but = next((at for at in range(start, end) if passage.norm(at) in _BUTS), start)
        found.append((but, end))  # `any maker bar`: of what is free there, only the `bar` refuses
    return found


def condemned(passage: Passage) -> list[tuple[int, int]]:
    """The spans that refuse what stands right before them: `gives me a rash`, `need not apply`, `I can't abide`."""
    text, starts = spaced(passage)
    return list(_spans(_BEHIND, text, starts))


def _spans(pattern: re.Pattern[str], text: str, starts: dict[int, int]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        said = match.group().rstrip()
        first = starts[match.start()]
        yield first, first + said.count(" ") + 1


def spaced(passage: Passage) -> tuple[str, dict[int, int]]:
    """The message's words parted by single spaces, and where each begins there -> its place in the passage."""
    return _text(tuple(token.norm for token in passage.tokens))


@lru_cache(maxsize=8)
def _text(norms: tuple[str, ...]) -> tuple[str, dict[int, int]]:
    """The words parted by single spaces, and where each begins -> its place."""
    starts: dict[int, int] = {}
    place = 0
    for at, norm in enumerate(norms):
        starts[place] = at
        place += len(norm) + 1
    return " ".join(norms), starts
