"""What a message tells of the past or of others: `my Luma jacket died`, `she wore grey`, `they only had red ones`.

Nobody asks for the values in a story. It is told by its verb: one in the past, with somebody or something before it,
and no word of wishing between that verb and the value.
"""

import re

from assistant.dialogue.language.passage import Passage

_PAST = frozenset(
    """
    had bought gave left wore inherited broke died fell tore lost sold paid cost ordered arrived sent borrowed dropped
    dyed owned built painted chose picked kept returned came chewed ruined cracked shrank faded leaked burned burnt
    snapped melted sank exploded collapsed ripped ate stole threw received purchased collected carried wobbled pushed
    pushing swears swore raves grew lived worked married travelled traveled sewed knitted crashed smashed quoted begged
    waren kaufte etait etaient avait tenia tenian era eran pague pagamos compre compramos aveva erano
    """.split()
)
_WAS = frozenset("was were".split())
_TOOK_OVER = frozenset("it that they mine hers his theirs one ones which former last old first".split())
_DEATHS = frozenset(
    """
    died broke fell tore leaked ripped snapped cracked shrank faded burnt burned melted exploded collapsed dead broken
    conked packed perished rotted rusted stopped smashed
    """.split()
)
_TELLERS = frozenset("i we he she they".split())
_OWNERS = frozenset("my our his her their the".split())
_WISHING = frozenset(
    """
    need needs want wants wanted looking look show find give get after like prefer must should would can could please
    pls search hunting love id wish hoping hope chasing fancy demands insists requires require take ill choose buying
    now today instead but so therefore then if unless because since replace replacing make going searching seeking
    wonder thinking time asked meant said supposed though yet ask say says wanting wish wishes
    """.split()
)
_NOT_TOLD = frozenset("you u ive weve have has havent hasnt id wed hed shed theyd would could if wish whose".split())
_WANTED_AGAIN = re.compile(r"\b(?:same|again|identical|likewise|just like|exactly like|one more|another one)\b")
_LATER = re.compile(r"\b(?:never|not|no) (?:\w+ ){0,2}(?:same|again)\b")
_IN_MIND = {("in", "mind"), ("my", "heart"), ("my", "eye"), ("to", "have")}
_REACH, _AHEAD = 14, 6


def is_told(passage: Passage, start: int, end: int) -> bool:
    """Whether the value at [start, end) is only told of, in a clause about what was, or about what somebody had."""
    told = _past_before(passage, start) or _dies_behind(passage, start, end) or _was_had(passage, start, end)
    return told and not _is_wanted_again(passage, end)


def _past_before(passage: Passage, start: int) -> bool:
    sentence = passage.tokens[start].sentence
    for at in range(start - 1, max(-1, start - _REACH), -1):
        token = passage.tokens[at]
        dash = token.norm in ("-", "\u2013", "\u2014") and not token.glued
        if token.sentence != sentence or token.norm in (":", ";") or dash:
            return False
        word, before = token.norm, passage.norm(at - 1)
        if word in _WAS and before in _TOOK_OVER and before not in ("which", "that", "it", "they"):
            return passage.norm(at - 2) not in ("if", "wish")
        if word in _WISHING or passage.claims[at] == "wish":
            return False
        if word in _PAST:
            return _is_finite(passage, at)
    return False


def _is_finite(passage: Passage, at: int) -> bool:
    """Whether the verb at a place tells what happened: it has a subject, or begins the sentence."""
    before = [passage.norm(near) for near in range(max(0, at - 3), at) if passage.same_clause(near, at)]
    if set(before) & _NOT_TOLD or passage.norm(at + 1) in ("to", "enough", "it", "better"):
        return False
    if passage.norm(at) in ("left", "cost", "paid", "sent", "broken", "worked", "built", "burnt", "painted", "ordered"):
        subjects = {"i", "he", "she", "we", "they", "it", "that", "who", "which", "granddad", "grandad", "mum", "dad"}
        return bool(set(before[-2:]) & subjects) or passage.starts_sentence(at)
    return bool(before) or passage.starts_sentence(at) or passage.norm(at - 1) in (",", "(")


def _dies_behind(passage: Passage, start: int, end: int) -> bool:
    """`my Luma kettle just died`: the value belongs to what is told to be no more."""
    owned = any(passage.norm(at) in _OWNERS for at in range(max(0, start - 3), start) if passage.same_clause(at, start))
    ahead = range(end, min(len(passage), end + _AHEAD))
    return owned and any(passage.norm(at) in _DEATHS and passage.same_clause(at, start) for at in ahead)


def _was_had(passage: Passage, start: int, end: int) -> bool:
    """`that Luma I bought in spring`, `the red they had in town`."""
    for at in range(end, min(len(passage) - 1, end + 4)):
        if not passage.same_clause(at, start):
            return False
        if passage.norm(at) in _TELLERS:
            verb = at + 1 + (passage.norm(at + 1) in ("always", "once", "just", "ever", "already", "only"))
            return passage.norm(verb) in _PAST and (passage.norm(verb + 1), passage.norm(verb + 2)) not in _IN_MIND
    return False


def _is_wanted_again(passage: Passage, end: int) -> bool:
    """`... and I want the very same make again`."""
    said = " ".join(token.norm for token in passage.tokens[end : end + 60])
    return _WANTED_AGAIN.search(_LATER.sub("", said)) is not None
