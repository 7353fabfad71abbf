"""Sentences with judged spans, and reviews with their verdicts: read from files, or made from our own phrases."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.spans import Marked

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
OWN_SENTENCES = Path(__file__).parent / "material" / "aspect_sentences.txt"
ASPECT_LABELS = OWN_SENTENCES.with_name("aspect_labels.txt")

_MARK = re.compile(r"\[([^|\]]+)\|([-+0])\]")
_SIGNS = {"-": NEGATIVE, "0": NEUTRAL, "+": POSITIVE}
_GAPS = ((" n't", "n't"), (" 's", "'s"), (" ,", ","), (" .", "."), (" !", "!"), (" ?", "?"), (" '", "'"))


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with spans and the class of each: `NEGATIVE`, `NEUTRAL` or `POSITIVE`."""

    marked: Marked
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A whole review: whether its writer recommends the item. Reviews of one `item` never straddle a split.

    Attributes:
        text: title and body. title: alone, or "". stars: or None where they are not known.
    """

    text: str
    recommended: bool
    item: str
    title: str = ""
    stars: float | None = None


def read_seg(path: Path) -> list[Judged]:
    """The samples of a file of three lines each (sentence with `$T$`, aspect, -1, 0 or 1), gathered by sentence.

    Raises:
        ValueError: a polarity is none of the three, a sentence has no `$T$`, or lines are missing.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if len(lines) % 3:
        raise ValueError(f"{path.name} has {len(lines)} lines, expected three a sample")
    found: dict[str, list[tuple[int, int, int]]] = {}
    for at in range(0, len(lines), 3):
        frame, aspect, label = lines[at : at + 3]
        if "$T$" not in frame or label not in ("-1", "0", "1"):
            raise ValueError(f"sample {at // 3 + 1} of {path.name}: expected a $T$ and a polarity of -1, 0 or 1")
        before, _, after = frame.partition("$T$")
        before, after, aspect = _closed(before), _closed(after), _closed(aspect)
        text = before + aspect + after
        found.setdefault(text, []).append((len(before), len(before) + len(aspect), int(label) + 1))
    return [_judged(text, marks) for text, marks in found.items()]


def read_verdicts(path: Path) -> list[Verdict]:
    """The reviews of a parquet file with `Review Text`, `Title`, `Recommended IND`, `Clothing ID`, perhaps `Rating`.

    Raises:
        ValueError: a column is missing.
    """
    import pyarrow.parquet as parquet

    names = ["Title", "Review Text", "Recommended IND", "Clothing ID"]
    given = set(parquet.read_schema(path).names)
    missing = sorted(set(names) - given)
    if missing:
        raise ValueError(f"{path.name} has no column {missing[0]!r}")
    rows = parquet.read_table(path, columns=[*names, *({"Rating"} & given)]).to_pylist()
    return [
        Verdict(
            text=". ".join(str(row[part]).strip() for part in names[:2] if row[part]),
            recommended=bool(row["Recommended IND"]),
            item=str(row["Clothing ID"]),
            title=str(row["Title"] or "").strip(),
            stars=None if row.get("Rating") is None else float(row["Rating"]),
        )
        for row in rows
        if row["Review Text"]
    ]


def read_own(path: Path = OWN_SENTENCES) -> list[Judged]:
    """Our own sentences, one a line, aspects marked `[words|+]`, `[words|-]` or `[words|0]`; `#` begins a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse_marks(line.strip()) for line in lines if line.strip() and not line.startswith("#")]


def parse_marks(line: str) -> Judged:
    """One line of `read_own`, its marks taken out."""
    text, marks, last = "", [], 0
    for match in _MARK.finditer(line):
        text += line[last : match.start()]
        marks.append((len(text), len(text) + len(match[1]), _SIGNS[match[2]]))
        text += match[1]
        last = match.end()
    return _judged(text + line[last:], marks)


def read_aspect_labels(path: Path = ASPECT_LABELS) -> list[tuple[str, frozenset[str]]]:
    """(sentence, its aspects) of a file with `sentence | aspect, aspect` a line; `#` begins a comment."""
    rows = [line.rsplit("|", 1) for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(text.strip(), frozenset(a.strip() for a in told.split(",") if a.strip())) for text, told in rows]


def split_by(keys: Sequence[str], share: float, seed: int) -> frozenset[str]:
    """The keys of the held-out part: `share` of the distinct ones, drawn with `seed`."""
    distinct = sorted(set(keys))
    random.Random(seed).shuffle(distinct)
    return frozenset(distinct[: round(share * len(distinct))])


def _closed(text: str) -> str:
    """Words as people type them: a tokenizer's blanks before punctuation taken out."""
    for gap, closed in _GAPS:
        text = text.replace(gap, closed)
    return text


def _judged(text: str, marks: Sequence[tuple[int, int, int]]) -> Judged:
    return Judged(Marked(text, tuple((a, b) for a, b, _ in marks)), tuple(label for _, _, label in marks))


_THINGS = (
    """screen|battery|keyboard|camera|software|charger|sound|speaker|display|processor|wifi|hard drive|touchpad
food|service|waiter|pizza|soup|wine list|menu|decor|dessert|staff|atmosphere|portion|fish|rice|table|place|drink|bread
fabric|fit|colour|zipper|lining|sleeve|collar|pattern|heel|sole|strap|pocket|hood|waistband|cut|size|stitching
handle|lid|blade|motor|hose|pan|mattress|pillow|lamp|assembly|instruction sheet|packaging|delivery|price|warranty
flavour|scent|texture|smell|brush|cream|bottle|toy|game|story|wheel|brake|saddle|tent|backpack|customer service
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
_OPINIONS = {
    POSITIVE: """is great|is superb|is excellent|is really good|is not bad at all|is better than I expected|was perfect
works perfectly|is outstanding|is very nice|was wonderful|is a real pleasure|is worth every penny|is top notch
is fantastic|could not be better|never let me down|impressed everyone|is amazing|is spot on|was a pleasant surprise
exceeded my expectations|is lovely|is decent|is first rate|is incredible|is very well made|is what sold me
""",
    NEGATIVE: """is terrible|is awful|was horrible|is not good|isn't worth it|is a disappointment|was mediocre at best
is worse than I expected|leaves a lot to be desired|is poor|is a joke|let me down|could be better|was lousy|is useless
is overrated|was not great|is the worst|is bad|is disappointing|failed after a week|is below average|was a letdown
needs improvement|is nothing but trouble|is not worth the money|is barely acceptable|drives me mad|was unusable
""",
    NEUTRAL: """is on the left|was mentioned in the advert|came first|is made in Portugal|is the same as last year
is grey|was changed last week|is standard|can be ordered online|is listed on the website|is average|is okay
is what you would expect|was next to the door|is optional|was the second one I tried|belongs to my sister
""",
}
_FRAMES = {
    POSITIVE: "I love the {}|Great {}|I really enjoyed the {}|The best thing is the {}|Very happy with the {}"
    "|You have to try the {}|Excellent {} and more|No complaints about the {}|Highly recommend the {}",
    NEGATIVE: "I hate the {}|Terrible {}|The worst thing is the {}|Not happy with the {}|I was let down by the {}"
    "|Problems with the {} began at once|Skip the {}|I had to return it because of the {}|I expected a better {}",
    NEUTRAL: "I ordered the {}|We had the {}|I asked about the {}|It comes with a {}|I bought it for the {}"
    "|There is a {}|I use it with a {}|They brought the {}|I was looking for a {}|He told me about the {}",
}
_JOINS = {True: (", but ", " but ", ", although ", "; however, ", ", yet ", ", while "), False: (" and ", ", ", ". ")}


def compose(count: int, seed: int) -> list[Judged]:
    """`count` sentences of one to three clauses from our own phrases, each span with its own clause's class."""
    rng = random.Random(seed)
    own = [one for one in read_own() if len(one.marked.text) < 60 and one.labels]
    made: list[Judged] = []
    for _ in range(count):
        parts = [_clause(rng, own) for _ in range(rng.choices((1, 2, 3), (2, 5, 2))[0])]
        text, marks, before = "", [], -1
        for part in parts:
            words, first = part.marked.text.rstrip("."), part.labels[0]
            join = "" if before < 0 else rng.choice(_JOINS[{before, first} == {NEGATIVE, POSITIVE}])
            lowered = words if join in ("", ". ") or words.startswith("I ") else words[0].lower() + words[1:]
            shift = len(text) + len(join)
            text += join + lowered
            pairs = zip(part.marked.spans, part.labels, strict=True)
            marks += [(a + shift, b + shift, label) for (a, b), label in pairs]
            before = part.labels[-1]
        made.append(_judged(text + rng.choice((".", ".", "!", "")), marks))
    return made


def _clause(rng: random.Random, own: Sequence[Judged]) -> Judged:
    if rng.random() < 0.45:
        return rng.choice(own)
    label, thing = rng.choice((NEGATIVE, NEUTRAL, POSITIVE)), rng.choice(_THINGS)
    if rng.random() < 0.5:
        words = rng.choice(_OPINIONS[label].replace("\n", "|").strip("|").split("|"))
        start = rng.choice(("The ", "My ", "Their ", "Its "))
        return _judged(f"{start}{thing} {words}", [(len(start), len(start) + len(thing), label)])
    frame = rng.choice(_FRAMES[label].split("|"))
    at = frame.index("{}")
    return _judged(frame.format(thing), [(at, at + len(thing), label)])
