"""Every topic a reason can have, with its language."""

from assistant.explain.arranged import ARRANGED
from assistant.explain.frame import Frame
from assistant.explain.frames_asked import MONEY, REFUSED, WANTED
from assistant.explain.frames_weighed import HISTORY, MATCHES

FRAMES: dict[str, Frame] = {**MONEY, **WANTED, **REFUSED, **MATCHES, **HISTORY, **ARRANGED}
"""Topic -> its language. Topics from history are `history:<event kind>:<slot of what is shared>`."""
