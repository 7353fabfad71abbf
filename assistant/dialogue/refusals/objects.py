"""Whether words the catalogue does not know are a thing somebody refuses: `no zips`, as against `no nonsense`."""

from assistant.dialogue.language.asides import ASIDES, language_of
from assistant.dialogue.language.passage import Passage
from index.language.families import family_of

NO_OBJECTS = frozenset(
    """
    spend pay run work working exceed afford decide know help understand believe care mind matter expect interested
    happy
    satisfied convinced enough expensive pricey cheap costly longer later today yet often necessarily exactly quite
    worry stand
    more less over under hurry problem issue concern important need only just sure bad much many big deal limit
    preference
    budget maximum minimum idea rush difference particular specific prefer going find buy start begin stop fit fits
    fond keen impressed thrilled design designs style styles looks shape quality price prices size sizes feel picture
    image artstyle model models way condition review reviews
    available stock working required needed fussy picky fussed bothered ship deliver look know think want care matter
    happen remember stingy silly childish add adding poner puedo pasar objection allowed saying penny mas piu tutto
    """.split()
)
_NOUNS_IN_ING = frozenset(
    "lining ring string stitching piping padding coating earring filling icing topping seasoning clothing".split()
)
_ABSTRACT = frozenset(
    """
    time nonsense pressure exception exceptions excuse excuses joke jokes kidding clue drama harm offence offense term
    terms surprise surprises fail doubt doubts trouble point points use business detail details bother hassle fuss
    stress regret regrets complaint complaints compliments sense luck chance wonder lie biggie rest face fiddling lunch
    step cent bob star stars half wish wishes dealbreaker words reply replies interest questions question answer
    answers timewasters messing tat fakes fake bargepole bill hurry contest compromise compromises debate mercy
    nobody everybody anybody everyone rush worries worry hurry way reason reasons need good fun frills gimmicks gimmick
    strings catch substitute substitutes substitution substitutions alternative alternatives ifs buts ands delay delays
    spam ads lecture lectures upsell upselling bull bullshit bs crap rubbish junk garbage knockoffs knockoff dupes
    apologies apology shame end room money cash taste eye patience love friend friends fan expert secret such part
    opinion opinions plan plans job kids wife husband family experience knowledge sleep sign signs trace hint idea ideas
    intention desire appetite wiggle haggling negotiation negotiations leeway tolerance flexibility obligation promises
    guarantee explanation explanations justice disrespect judgement judging pity remorse qualms thanks cheers ta mate
    sir madam dice contact gap gaps sane earthly mean means slouch stranger spring chicken genius saint millionaire
    odds ill wrong other others more less fewer earthly particular one thing things
    """.split()
)
_PARTICLES = frozenset("aside away out off back apart altogether beyond beneath else whatever whichever anyway".split())
_COMPARED = frozenset(
    """
    dearer cheaper pricier costlier worse better bigger smaller larger taller shorter longer heavier lighter wider
    narrower wiser higher lower fewer further farther older younger newer later earlier sooner closer fancier short
    beyond beneath superior inferior
    """.split()
)
_STATES = frozenset(
    """
    essential negotiable crucial vital compulsory mandatory accepted acceptable allowed married sentimental greedy rich
    cheeky vegan vegetarian coeliac celiac halal kosher otherwise tomorrow today obligatory optional flexible choosy
    """.split()
)
"""What people and conditions are, and things not."""
_SUBJECTS = frozenset("im i am we were hes shes theyre he she they ive youre you".split())
_OF_VERBS = frozenset("no non nicht pas ne n tampoco nunca jamais mai nie niemals ni".split())
"""What refuses a verb in German, French, Spanish and Italian, and a noun only with a word between: `pas de laine`."""
_OF_NOUNS = frozenset("de d di".split())
_INTRODUCERS = frozenset("any with from by of in made a an the".split())
_CLITICS = frozenset("me te se lo la los las le les nos mi ci".split())
_INFINITIVES = ("ar", "er", "ir", "re", "ser", "arlo", "arla")


def may_be_refused(passage: Passage, cue: tuple[int, int], start: int, end: int) -> bool:
    """Whether the unknown words at [start, end) can be the object of the refusal whose words stand at `cue`."""
    first = passage.tokens[start]
    word, before = first.norm, passage.norm(start - 1)
    if word.endswith("ing") and word not in _NOUNS_IN_ING:
        return False
    if word in NO_OBJECTS or _is_adverb(word) or len(word) < 3:
        return False
    if word in _ABSTRACT | _PARTICLES | _COMPARED | _STATES and end - start <= 2:
        return False
    if before == "to" and start - 1 >= cue[1]:
        return False  # `I don't want to hear ...`
    if family_of((first.stem,)) is not None:
        return True
    no = passage.norm(cue[1] - 1)
    told = passage.norm(cue[0] - 1)
    if no in ("not", "never") and start == cue[1] and told in _SUBJECTS:
        return False  # `I'm not made for this`
    if no in ("no", "non") and passage.norm(cue[1]) in _CLITICS:
        return False  # `no me convence`
    proper = first.is_capitalised and not passage.is_shouted()
    if _is_adverbial(no) and not proper and before not in _INTRODUCERS and first.norm == first.stem:
        return False  # `they won't bend`, as against `I don't want any zips`
    tongue = language_of(token.norm for token in passage.tokens)
    if tongue == "en":
        return True
    if no in _OF_VERBS and not (tongue == "de" and no in ("ni", "no")):
        return False
    return word not in ASIDES and not (tongue != "de" and word.endswith(_INFINITIVES))


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word not in ("assembly", "jelly", "family", "supply", "fly", "belly", "lily")


def _is_adverbial(no: str) -> bool:
    """Whether a word of refusal says no to verbs, and to things by way of them only."""
    return no.endswith("nt") or no in ("never", "nothing", "none", "neither", "nor", "cannot")
