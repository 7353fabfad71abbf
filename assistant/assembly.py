"""From settings to a ready assistant: the only place that names concrete classes."""

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch

from assistant.demo.shop import SHOP_NAME, DemoShopper, load_policies, load_shoppers
from assistant.dialogue.answers import Answers
from assistant.dialogue.openers import openers
from assistant.explain.plain import is_hostile
from assistant.explain.wording import Wording
from assistant.furnishing import Furnishing, ReadingAdapter, load_reader
from assistant.llm.chat_model import ChatModel
from assistant.llm.guarded import GuardedChatModel
from assistant.llm.opening import open_chat_model
from assistant.llm.serving import ServingModel
from assistant.nouns import Policy
from assistant.places import catalogue_file, database_url, index_folder
from assistant.reload import ReloadingAssistant
from assistant.settings import Settings
from assistant.storage.conversations import StoredConversations
from assistant.storage.database import Database
from assistant.storage.events import StoredEvents
from index.build import BuildReport, build
from index.encoders import Encoders, load_image_encoder, load_text_encoder
from index.errors import SetupError
from index.live import LiveCatalogue

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything a way of reaching the assistant needs, ready to use."""

    settings: Settings
    engine: ReloadingAssistant
    events: StoredEvents
    conversations: StoredConversations
    database: Database
    shop_name: str
    shoppers: Sequence[DemoShopper]
    examples: Sequence[str]
    built: BuildReport

    @property
    def catalogue(self) -> LiveCatalogue:
        """The catalogue in use now."""
        return self.engine.catalogue

    def close(self) -> None:
        """Let go of the index and of the database."""
        self.engine.close()
        self.database.close()


def build_index(settings: Settings, progress: Progress | None = None) -> BuildReport:
    """Build the index of the configured catalogue where it is not there yet.

    Raises:
        CatalogueError: the catalogue cannot be read, or has bad rows and `on_bad_row` is `refuse`.
        WeightsError: an encoder's weights are missing or not the pinned ones.
    """
    return _build(settings, _encoders(settings), progress)


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
    catalogue_file(settings)  # before any model is loaded: nobody should wait to learn of a wrong path
    # Without a chat model there are only small tensors: one thread is quicker, and leaves the others' cores alone.
    torch.set_num_threads(settings.llm_threads if settings.llm != "none" or llm is not None else 1)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # Before the chat model: two threads that import the same libraries at once may each find one half imported.
    encoders = encoders or _encoders(settings)
    with ThreadPoolExecutor(1) as pool:  # the chat model loads while the index opens
        loading = pool.submit(_llm, settings) if llm is None else None
        built = _build(settings, encoders, progress)
        model = llm if loading is None else loading.result()
    database = Database.open(database_url(settings))
    events = StoredEvents(database, popularity_age_s=max(2 * settings.refit_s, 60.0))
    conversations = StoredConversations(database)
    embedded = settings.catalogue is None
    shoppers = load_shoppers() if demo and embedded else ()
    for shopper in shoppers:
        events.add(shopper.events)
    guarded = GuardedChatModel(model) if model else None
    local = model if isinstance(model, ServingModel) else None
    furnishing = Furnishing(
        settings=settings,
        local=local,
        guarded=guarded,
        wording=Wording(guarded) if guarded else None,
        answers=Answers(encoders.text, _policies(settings), is_hostile=is_hostile),
        events=events,
        conversations=conversations,
        reading=load_reader(local, settings) if local else _served_reader(settings),
    )
    engine = ReloadingAssistant(index_folder(settings), encoders, furnishing)
    engine.watch()
    return House(
        settings=settings,
        engine=engine,
        events=events,
        conversations=conversations,
        database=database,
        shop_name=settings.shop_name or _shop_name(settings),
        shoppers=shoppers,
        examples=openers(engine.catalogue, settings.locale),
        built=built,
    )


def _encoders(settings: Settings) -> Encoders:
    return Encoders(load_text_encoder(settings.text_model), load_image_encoder(settings.picture_model))


def _build(settings: Settings, encoders: Encoders, progress: Progress | None) -> BuildReport:
    return build(
        catalogue_file(settings),
        index_folder(settings),
        encoders,
        on_bad_row=settings.on_bad_row,
        progress=progress,
        default_currency=settings.currency,
        engine=settings.vectors,
    )


def _llm(settings: Settings) -> ChatModel | None:
    if settings.llm == "none":
        return None
    return open_chat_model(
        settings.llm,
        engine=settings.llm_engine,
        threads=settings.llm_threads,
        url=settings.llm_url,
        adapters=settings.llm_adapters,
        dialect=settings.llm_dialect,
    )


def _served_reader(settings: Settings) -> ReadingAdapter | None:
    """The reading adapter a server has, where the settings say so."""
    served = settings.llm_adapters.get("reader")
    return ReadingAdapter("reader", served) if served else None


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
