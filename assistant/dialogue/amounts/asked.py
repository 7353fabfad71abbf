"""Whether somebody asks for what stands at a place: `show me anything over 60`, `I want ones under 20`."""

from assistant.dialogue.language.lexicon import NOT
from assistant.dialogue.language.passage import Passage

_ASKS = frozenset(
    """
    show find want need give get got looking list see send recommend after seeking search fetch bring suggest love
    hunting zeig zeige suche will brauche montre montrez cherche veux quiero busco muestrame cerco voglio mostrami
    """.split()
)
_FILL = frozenset("me us for only just some a an the to see please i we mir nur moi".split())
_BACK = 5


def is_asked_for(passage: Passage, at: int) -> bool:
    """Whether a verb of asking stands right before, over small words and without a no before it."""
    strange = False
    for place in range(at - 1, max(-1, at - _BACK), -1):
        word = passage.norm(place)
        if not passage.same_clause(place, at):
            return False
        if word in _ASKS:
            before = {passage.norm(near) for near in range(max(0, place - 3), place)}
            return not before & (NOT | {"aint", "never", "refuse"})
        if word not in _FILL:
            if strange:
                return False
            strange = True  # `give me the posh ones above`
    return False
