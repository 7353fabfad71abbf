"""What is made anew for every version of the index: reader, sources, ranker and engine. Names concrete classes, as
assembly does."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from assistant import __version__
from assistant.dialogue import stances
from assistant.dialogue.answers import Answers
from assistant.dialogue.ledger import describe
from assistant.dialogue.lines_reader import LinesReader
from assistant.dialogue.model_reader import ModelReader
from assistant.dialogue.reader import CatalogueReader
from assistant.dialogue.resolve import Resolver
from assistant.dialogue.understand import TunedReading, Understanding
from assistant.engine import Engine
from assistant.exchange import Ask, SceneAsk, Shelf, Update
from assistant.explain.wording import Wording
from assistant.llm.guarded import GuardedChatModel
from assistant.llm.serving import ServingModel
from assistant.recommend.fitting import fitting
from assistant.recommend.interactions import Interactions
from assistant.recommend.learned import Learned
from assistant.recommend.opinions import Opinions
from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.recommender import Recommender
from assistant.recommend.sources.content import ContentSource
from assistant.recommend.sources.past import PastSource
from assistant.recommend.sources.popular import PopularSource
from assistant.recommend.tables import Tables
from assistant.recommend.wish import weight_of
from assistant.settings import Settings
from assistant.storage.conversations import StoredConversations
from assistant.storage.events import StoredEvents
from assistant.web.schema import render_reply
from index.catalogue import Catalogue
from index.errors import WeightsError
from index.items import ItemId

log = logging.getLogger(__name__)

_RANKER = Path(__file__).parent / "models" / "ranker" / "ranker.json"
_SHIPPED_READER = Path(__file__).parent / "models" / "reader"
_READER = "reader"


@dataclass(frozen=True, slots=True)
class Furnished:
    """An engine with what it was made of, for one version of the index; keeps the promises of `web.ports.Assistant`."""

    engine: Engine
    recommender: Recommender
    learned: Learned

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """See `Engine.stream`."""
        return self.engine.stream(ask, cancelled=cancelled)

    def recommend(self, ask: SceneAsk) -> Shelf:
        """See `Engine.recommend`."""
        return self.engine.recommend(ask)

    def close(self) -> None:
        """Learn no more."""
        self.learned.close()


@dataclass(frozen=True, slots=True)
class ReadingAdapter:
    """What the chat model reads messages by: the name it serves under, and its hash."""

    name: str
    sha256: str


def load_reader(model: ServingModel, settings: Settings) -> ReadingAdapter | None:
    """Have the model serve the configured reading adapter, else the shipped one; None where neither is of this model.

    A configured one that cannot be used is an error, the shipped one is only of the model that ships.

    Raises:
        WeightsError: the configured adapter is damaged, or of another model.
    """
    configured = settings.models_dir / "reader" if settings.models_dir is not None else None
    if configured is not None and (configured / "manifest.json").is_file():
        model.load_adapter(_READER, configured)
    elif (_SHIPPED_READER / "manifest.json").is_file():
        try:
            model.load_adapter(_READER, _SHIPPED_READER)
        except WeightsError as error:
            log.warning("the shipped reading adapter is not used: %s", error)
            return None
    else:
        return None
    return ReadingAdapter(_READER, model.adapters()[_READER])


@dataclass(frozen=True, slots=True)
class Furnishing:
    """What engines of all versions share; called with a catalogue, it makes one.

    Attributes:
        local: the chat model when it runs in this process, to be warmed; `guarded` is the one that is asked.
        reading: the adapter `guarded` reads messages by; None: it reads as well as it can untuned.
    """

    settings: Settings
    local: ServingModel | None
    guarded: GuardedChatModel | None
    wording: Wording | None
    answers: Answers
    events: StoredEvents
    conversations: StoredConversations
    reading: ReadingAdapter | None = None

    def __call__(self, catalogue: Catalogue) -> Furnished:
        """A ready engine for the catalogue; takes seconds for a large one."""
        settings, events = self.settings, self.events
        vocabulary = catalogue.vocabulary()
        model_reader = ModelReader(self.guarded, vocabulary) if self.guarded and not self.reading else None
        reader = CatalogueReader(vocabulary, catalogue.currency, _stances(settings))
        tuned = None
        if self.reading is not None and self.guarded is not None:
            lines = LinesReader(self.guarded, vocabulary, adapter=self.reading.name)
            tuned = TunedReading(lines, Resolver(vocabulary, reader))
        if self.local and self.wording:
            # Else the first readings would spend their deadline on the prompt's beginning.
            if tuned is not None and self.reading is not None:
                self.local.warm(tuned.reader.prefix, adapter=self.reading.name)
            elif model_reader is not None:
                self.local.warm(model_reader.prefix)
            self.local.warm(self.wording.prefix)
        learned = Learned(fitting(settings.models_dir), partial(_log, events))
        tables = Tables(catalogue)
        recommender = Recommender(
            catalogue=catalogue,
            tables=tables,
            sources=(ContentSource(catalogue, tables), PastSource(catalogue, tables)),
            fallback=PopularSource(catalogue, tables),
            ranker=_ranker(settings),
            learned=learned,
            opinions=Opinions.read(catalogue, settings.data_dir / "reviews.json"),
            variety=settings.variety,
        )
        events.count()
        _ = tables.shortlist  # made now, so that no request waits for it
        catalogue.warm()
        learned.refit(recommender.table)
        if settings.refit_s:
            learned.keep_fitting(lambda: recommender.table, settings.refit_s, also=events.count)
        engine = Engine(
            catalogue=catalogue,
            understanding=Understanding(reader, model_reader, tuned),
            recommender=recommender,
            answers=self.answers,
            wording=self.wording,
            conversations=self.conversations,
            history=events,
            render=partial(render_reply, label=describe),
            versions={
                "whybuy": __version__,
                "index": catalogue.version,
                "ranker": recommender.ranker.version,
                "user_model": recommender.learned.version,
                "llm": self.guarded.version if self.guarded else "none",
                "adapter": f"{self.reading.name}@{self.reading.sha256[:12]}" if self.reading else "none",
            },
            now=lambda: datetime.now(UTC),
            reading_deadline_s=settings.reading_deadline_s,
            wording_deadline_s=settings.wording_deadline_s,
        )
        return Furnished(engine, recommender, learned)


def _ranker(settings: Settings) -> AdditiveRanker:
    """The configured ranker; else the shipped one; else the weights set by hand."""
    configured = settings.models_dir / "ranker" / "ranker.json" if settings.models_dir is not None else None
    if configured is not None and configured.is_file():
        return AdditiveRanker.load(configured)
    return AdditiveRanker.load(_RANKER) if _RANKER.is_file() else AdditiveRanker()


def _stances(settings: Settings) -> stances.Stances:
    """The configured stance model, else the shipped one."""
    configured = settings.models_dir / "stances" if settings.models_dir is not None else None
    return stances.load(configured) if configured is not None and configured.is_dir() else stances.shipped()


def _log(events: StoredEvents, items: Sequence[ItemId]) -> Interactions:
    """Everything that happened, by row of the catalogue."""
    told = ((e.shopper_id, e.item_id, weight_of(e), e.at.timestamp() / 86400) for e in events.everything())
    return Interactions.of(told, items)
