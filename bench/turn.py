"""How long one turn takes, and where the time goes: `python -m bench.turn [--catalogue FILE] [--rounds 3]`.

Runs a fixed conversation several times on the real models and prints the median and the slowest of each stage in
milliseconds. `preview` is when the ranked cards stand, `first_words` when the text begins, `total` when all is said;
all three count from the message's arrival. Run it on a quiet machine.
"""

import argparse
import os
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

MESSAGES = (
    "I'm looking for something warm for a weekend outdoors",
    "a jacket, and nothing over 120",
    "not that brand please",
    "anything cheaper than the second one?",
    "what is the first one made of?",
    "show me others",
    "how long does delivery take?",
)
TARGETS_MS = {"preview": 1000, "first_words": 3000, "total": 12000}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    from assistant.assembly import assemble
    from assistant.exchange import Ask
    from assistant.settings import load_settings

    with tempfile.TemporaryDirectory() as folder:
        house = assemble(load_settings(data_dir=Path(folder), catalogue=given.catalogue), demo=True)
        shopper = house.shoppers[0].id if house.shoppers else None
        house.engine.respond(Ask("hello"))  # first use fills caches; a served house has answered its readiness query
        laps: dict[str, list[float]] = defaultdict(list)
        by_model = reasons = 0
        for _ in range(given.rounds):
            conversation_id: str | None = None
            for message in MESSAGES:
                reply = house.engine.respond(Ask(message, conversation_id, shopper))
                conversation_id = reply.conversation_id
                for stage, ms in reply.timings_ms.items():
                    laps[stage].append(ms)
                told = [reason for shown in reply.recommendations for reason in shown.reasons]
                reasons += len(told)
                by_model += sum(reason.source == "model" for reason in told)
        house.close()
    print(f"{len(house.catalogue)} items, {given.rounds} x {len(MESSAGES)} turns, load {os.getloadavg()[0]:.2f}")
    print(f"{'stage':<14}{'median ms':>10}{'slowest':>10}{'target':>10}")
    for stage, ms in laps.items():
        target = TARGETS_MS.get(stage)
        print(f"{stage:<14}{statistics.median(ms):>10.0f}{max(ms):>10.0f}{target or '':>10}")
    print(f"reasons worded by the model: {by_model} of {reasons}")


if __name__ == "__main__":
    main()
