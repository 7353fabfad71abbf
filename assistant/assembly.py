"""From settings to a ready assistant: the only place that names concrete classes."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import torch

from assistant import __version__
from assistant.demo.shop import SHOP_NAME, DemoShopper, catalogue_path, load_policies, load_shoppers
from assistant.dialogue.answers import Answers
from assistant.dialogue.ledger import describe
from assistant.dialogue.model_reader import ModelReader
from assistant.dialogue.openers import openers
from assistant.dialogue.reader import CatalogueReader
from assistant.dialogue.understand import Understanding
from assistant.engine import Engine
from assistant.explain.plain import is_hostile
from assistant.explain.wording import Wording
from assistant.llm.chat_model import ChatModel
from assistant.llm.guarded import GuardedChatModel
from assistant.llm.local import LocalChatModel
from assistant.nouns import Policy
from assistant.recommend.fitting import fitting
from assistant.recommend.interactions import Interactions
from assistant.recommend.learned import Learned
from assistant.recommend.opinions import Opinions
from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.recommender import Recommender
from assistant.recommend.sketch import Tables
from assistant.recommend.sources.content import ContentSource
from assistant.recommend.sources.past import PastSource
from assistant.recommend.sources.popular import PopularSource
from assistant.recommend.wish import weight_of
from assistant.settings import Settings
from assistant.storage.conversations import StoredConversations
from assistant.storage.database import Database
from assistant.storage.events import StoredEvents
from assistant.web.schema import render_reply
from index.build import BuildReport, build
from index.catalogue import Catalogue
from index.encoders import Encoders, load_image_encoder, load_text_encoder
from index.errors import SetupError
from index.items import ItemId

log = logging.getLogger(__name__)

_RANKER = Path(__file__).parent / "models" / "ranker" / "ranker.json"

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything a way of reaching the assistant needs, ready to use."""

    settings: Settings
    engine: Engine
    recommender: Recommender
    catalogue: Catalogue
    events: StoredEvents
    conversations: StoredConversations
    database: Database
    shop_name: str
    shoppers: Sequence[DemoShopper]
    examples: Sequence[str]
    built: BuildReport
    learned: Learned

    def close(self) -> None:
        """Learn no more, and give the database back."""
        self.learned.close()
        self.database.close()


def build_index(settings: Settings, progress: Progress | None = None) -> tuple[BuildReport, Catalogue]:
    """The snapshot of the configured catalogue, built where it is not there yet, and open.

    Raises:
        CatalogueError: the catalogue cannot be read, or has bad rows and `on_bad_row` is `refuse`.
        WeightsError: an encoder's weights are missing or not the pinned ones.
    """
    return _index(settings, _encoders(settings), progress)


def assemble(
    settings: Settings,
    *,
    llm: ChatModel | None = None,
    encoders: Encoders | None = None,
    progress: Progress | None = None,
    demo: bool = False,
) -> House:
    """A ready house. With `demo`, the embedded shoppers and their histories move in.

    Args:
        llm: a model to use instead of the configured one (tests, an adapter under trial).
        encoders: the same for words and pictures.

    Raises:
        SetupError, CatalogueError, WeightsError, StorageError: what is missing or wrong, and what to do.
    """
    _catalogue_file(settings)  # before any model is loaded: nobody should wait to learn of a wrong path
    # Without a chat model there are only small tensors: one thread is quicker, and leaves the others' cores alone.
    torch.set_num_threads(settings.llm_threads if settings.llm != "none" or llm is not None else 1)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1) as pool:  # the chat model loads while the index opens
        loading = pool.submit(_llm, settings) if llm is None else None
        encoders = encoders or _encoders(settings)
        built, catalogue = _index(settings, encoders, progress)
        model = llm if loading is None else loading.result()
    database = Database.open(settings.database)
    events = StoredEvents(database, popularity_age_s=max(2 * settings.refit_s, 60.0))
    conversations = StoredConversations(database)
    embedded = settings.catalogue is None
    shoppers = load_shoppers() if demo and embedded else ()
    for shopper in shoppers:
        events.add(shopper.events)
    guarded = GuardedChatModel(model) if model else None
    vocabulary = catalogue.vocabulary()
    model_reader = ModelReader(guarded, vocabulary) if guarded else None
    wording = Wording(guarded) if guarded else None
    if isinstance(model, LocalChatModel) and model_reader and wording:
        model.warm(model_reader.prefix)  # else the first readings would spend their deadline on the prompt's beginning
        model.warm(wording.prefix)
    learned = Learned(fitting(settings.models_dir), partial(_log, events))
    tables = Tables(catalogue)
    recommender = Recommender(
        catalogue=catalogue,
        tables=tables,
        sources=(ContentSource(catalogue), PastSource(catalogue, tables)),
        fallback=PopularSource(catalogue, tables),
        ranker=_ranker(settings),
        learned=learned,
        opinions=Opinions.read(catalogue, settings.data_dir / "reviews.json"),
        variety=settings.variety,
    )
    events.count()
    learned.refit(recommender.table)
    if settings.refit_s:
        learned.keep_fitting(lambda: recommender.table, settings.refit_s, also=events.count)
    engine = Engine(
        catalogue=catalogue,
        understanding=Understanding(CatalogueReader(vocabulary, catalogue.currency), model_reader),
        recommender=recommender,
        answers=Answers(encoders.text, _policies(settings), is_hostile=is_hostile),
        wording=wording,
        conversations=conversations,
        history=events,
        render=partial(render_reply, label=describe),
        versions={
            "whybuy": __version__,
            "index": catalogue.version,
            "ranker": recommender.ranker.version,
            "user_model": recommender.learned.version,
            "llm": guarded.version if guarded else "none",
            "adapter": "none",
        },
        now=lambda: datetime.now(UTC),
        reading_deadline_s=settings.reading_deadline_s,
        wording_deadline_s=settings.wording_deadline_s,
    )
    return House(
        settings=settings,
        engine=engine,
        recommender=recommender,
        catalogue=catalogue,
        events=events,
        conversations=conversations,
        database=database,
        shop_name=settings.shop_name or _shop_name(settings),
        shoppers=shoppers,
        examples=openers(catalogue, settings.locale),
        built=built,
        learned=learned,
    )


def _ranker(settings: Settings) -> AdditiveRanker:
    """The configured ranker; else the shipped one; else the weights set by hand."""
    configured = settings.models_dir / "ranker" / "ranker.json" if settings.models_dir is not None else None
    if configured is not None and configured.is_file():
        return AdditiveRanker.load(configured)
    return AdditiveRanker.load(_RANKER) if _RANKER.is_file() else AdditiveRanker()


def _log(events: StoredEvents, items: Sequence[ItemId]) -> Interactions:
    """Everything that happened, by row of the catalogue."""
    told = ((e.shopper_id, e.item_id, weight_of(e), e.at.timestamp() / 86400) for e in events.everything())
    return Interactions.of(told, items)


def _encoders(settings: Settings) -> Encoders:
    return Encoders(load_text_encoder(settings.text_model), load_image_encoder(settings.picture_model))


def _index(settings: Settings, encoders: Encoders, progress: Progress | None) -> tuple[BuildReport, Catalogue]:
    path = _catalogue_file(settings)
    folder = settings.data_dir / "index" / hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    report = build(
        path, folder, encoders, on_bad_row=settings.on_bad_row, progress=progress, default_currency=settings.currency
    )
    return report, Catalogue.open(folder, encoders.text, encoders.picture)


def _catalogue_file(settings: Settings) -> Path:
    path = settings.catalogue or catalogue_path()
    if not path.is_file():
        raise SetupError(f"catalogue '{path}' is not a file", hint="pass --catalogue FILE, one JSON object a line")
    if path.stat().st_size == 0:
        raise SetupError(
            f"catalogue '{path}' is empty", hint="one JSON object a line; docs/catalogue.md lists the fields"
        )
    return path


def _llm(settings: Settings) -> ChatModel | None:
    return None if settings.llm == "none" else LocalChatModel(settings.llm)


def _policies(settings: Settings) -> tuple[Policy, ...]:
    """The configured rules; else those beside the catalogue; else, for the embedded shop, its own."""
    path = settings.policies
    if path is None and settings.catalogue is None:
        return load_policies()
    path = path or (settings.catalogue or Path()).with_name("policies.json")
    if not path.is_file():
        if settings.policies is not None:
            raise SetupError(f"policies '{path}' is not a file", hint="a JSON list of {id, topic, title, text}")
        return ()
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Policy(str(r["id"]), str(r["topic"]), str(r["title"]), str(r["text"])) for r in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError(f"policies '{path}' cannot be read", hint="a JSON list of {id, topic, title, text}") from error


def _shop_name(settings: Settings) -> str:
    return settings.catalogue.resolve().parent.name.replace("_", " ").title() if settings.catalogue else SHOP_NAME
