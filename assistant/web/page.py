"""The chat page: Gradio Blocks that show a visit and hand each click and message to it."""

import base64
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.themes import Base
from gradio.themes.utils import colors
from PIL import Image

from assistant.nouns import Constraint
from assistant.web import talk
from assistant.web.no_eval import no_eval_script
from assistant.web.ports import Assistant, Shop
from assistant.web.talk import Shopper
from assistant.web.thread import View
from assistant.web.visit import Desk, HistoryStore, Visit
from index.errors import PictureError, WhybuyError
from index.sight.pictures import read_picture

log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"
_LONGEST_MESSAGE = 2000
_LONGEST_ID = 500
_LARGEST_UPLOAD = "10mb"
_THUMBNAIL = 240
_AT_ONCE = 16
_WAITING = 64
_FAILED = "That did not work just now. Please try again."
_PLACEHOLDER = "What do you need?"

Outputs = tuple[Any, ...]  # Any: what Gradio takes for its components
Steps = Iterator[Outputs]


def build_page(
    engine: Assistant,
    events: HistoryStore,
    catalogue: Shop,
    *,
    shop_name: str,
    shoppers: Sequence[Shopper],
    examples: Sequence[str],
    locale: str,
    label: Callable[[Constraint], str] | None = None,
) -> gr.Blocks:
    """The page, ready to be mounted.

    Args:
        examples: requests offered on a first visit, as a shopper would type them.
        locale: of prices, numbers and dates, e.g. `de_DE`.
        label: a constraint in the words of its chip; without it, in words made from the condition.
    """
    desk = Desk(engine, events, catalogue, tuple(shoppers), tuple(examples))
    view = View(shop_name, locale, label or (lambda entry: _label(entry, locale)))
    return _Page(desk, view).blocks


def mount(app: FastAPI, page: gr.Blocks) -> FastAPI:
    """The app with the page at `/`. Call it after the API's routes are there: they come first.

    Pictures are expected at `/v1/pictures/{id}?n=&width=` of the same app.
    """
    mounted = gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        allowed_paths=[],
        favicon_path=str(_STATIC / "favicon.png"),
        show_error=False,
        max_file_size=_LARGEST_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        theme=_theme(),
        head=_head(),
    )
    # Gradio looks whether a file was uploaded by a browser only in apps it launched itself. In a mounted one any path a
    # browser names would be copied to where `/gradio_api/file=` serves it: say that this one runs.
    page.has_launched = True
    return mounted


def _label(entry: Constraint, locale: str) -> str:
    words = talk.condition_words(entry.condition, locale)
    return words if entry.kind == "hard" else f"prefers {words}"


def _head() -> str:
    """Our scripts and style. Not through Gradio's `css=`, which rewrites selectors and loses those above `.contain`."""
    return (
        f"{no_eval_script(_static('act.js'))}<style>{_static('page.css')}</style><script>{_static('page.js')}</script>"
    )


def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _theme() -> Base:
    # Plain strings, not Gradio's font classes: those would fetch files from elsewhere.
    return Base(
        primary_hue=colors.teal,
        neutral_hue=colors.stone,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )


class _Page:
    """Components and the wires between them. Per-session state lives in `gr.State` alone."""

    def __init__(self, desk: Desk, view: View) -> None:
        self._desk = desk
        self._view = view
        on_load = _static("act.js")

        def html(name: str, value: str = "") -> gr.HTML:
            return gr.HTML(value, elem_id=f"wb-{name}", js_on_load=on_load, apply_default_css=False)

        with gr.Blocks(title=view.shop_name, analytics_enabled=False, delete_cache=(600, 600)) as self.blocks:
            visit = gr.State(None)
            self._header = html("header", talk.header(view.shop_name, desk.shoppers, "", ""))
            self._past = html("past")
            self._now = html("now", talk.first_visit(desk.examples, len(desk.shop)))
            with gr.Column(elem_id="wb-dock"):
                self._chips = html("chips")
                self._box = gr.MultimodalTextbox(
                    elem_id="wb-box",
                    label="Your message",
                    show_label=False,
                    placeholder=_PLACEHOLDER,
                    file_count="single",
                    sources=["upload"],
                    max_lines=6,
                    autofocus=False,
                    submit_btn=True,
                )
            self._outputs = [visit, self._header, self._past, self._now, self._chips]
            quiet: dict[str, Any] = {  # Any: keywords of Gradio's listeners
                "outputs": self._outputs,
                "show_progress": "hidden",
                "api_visibility": "private",
                "concurrency_limit": _AT_ONCE,
                "trigger_mode": "multiple",
            }
            self.blocks.load(self._start, [visit], **quiet)
            boxed: dict[str, Any] = {"outputs": [visit, self._box]}
            # The box is cleared by an event of its own: as an output of the answer it would be set again with every
            # word, over what is being typed.
            taken = self._box.submit(self._take, [visit, self._box], queue=False, **{**quiet, **boxed})
            taken.then(self._say, [visit], **quiet)
            for part in (self._header, self._past, self._now, self._chips):
                part.act(self._act, [visit], **quiet)
                part.deed(self._deed, [visit], **quiet, queue=False)
            self._now.draft(self._draft, [visit], queue=False, **{**quiet, "outputs": [self._box]})
        self.blocks.queue(max_size=_WAITING, api_open=False, default_concurrency_limit=_AT_ONCE)

    def _start(self, visit: Visit | None) -> Outputs:
        visit = visit or Visit(self._desk)
        visit.begin()
        return self._shown(visit)

    def _visit(self, visit: Visit | None) -> Visit:
        if visit is None:
            visit = Visit(self._desk)
            visit.begin()
        return visit

    def _take(self, visit: Visit | None, box: dict[str, Any] | None) -> tuple[Visit, dict[str, Any]]:  # Any: Gradio's
        """Put what was typed and attached aside for `_say`, and clear the box."""
        visit = self._visit(visit)
        words = str((box or {}).get("text") or "").strip()[:_LONGEST_MESSAGE]
        files = [Path(path).resolve() for path in (box or {}).get("files") or []]
        # Gradio checks this as well; but what is read here is deleted afterwards, so it is made sure of twice.
        uploads = Path(self._box.GRADIO_CACHE).resolve()
        visit.inbox.append((words, [path for path in files if path.is_relative_to(uploads)]))
        return visit, {"text": "", "files": []}

    def _say(self, visit: Visit | None) -> Steps:
        visit = self._visit(visit)
        words, files = visit.inbox.popleft() if visit.inbox else ("", [])
        if not words and not files:
            yield self._shown(visit)
            return
        picture, uri = None, ""
        try:
            if files:
                picture = _open_picture(files[0])
                uri = _thumbnail(picture)
        except PictureError as error:
            visit.refuse(words or "A picture", _picture_words(error))
            yield self._shown(visit)
            return
        yield from self._stream(visit, visit.ask(words, picture=picture, picture_uri=uri))

    def _act(self, visit: Visit | None, event: gr.EventData) -> Steps:
        """What leads to an answer."""
        visit = self._visit(visit)
        act, item, key = _sent(event)
        try:
            steps = self._steps(visit, act, item, key)
        except WhybuyError:
            log.exception("action %r failed", act)
            visit.note = _FAILED
            steps = None
        yield from self._stream(visit, steps or iter(()))

    def _steps(self, visit: Visit, act: str, item: str, key: str) -> Iterator[None] | None:
        """The answer an action leads to, None when what it speaks of is not there any more."""
        requests: dict[str, Callable[[], str]] = {
            "example": lambda: visit.example(key),
            "suggest": lambda: visit.suggested(key),
            "similar": lambda: visit.words_for_similar(item),
            "compare-now": visit.words_to_compare,
        }
        if act in requests:
            words = requests[act]()
            return visit.ask(words) if words else None
        if act == "release":
            return self._release(visit, key)
        if act == "relax":
            return self._relax(visit, key)
        last = visit.again() if act == "again" else None
        if last is None:
            return None
        return visit.ask(last.said, picture=last.picture, picture_uri=last.picture_uri, remove=last.remove)

    def _deed(self, visit: Visit | None, event: gr.EventData) -> Outputs:
        """What is done at once, beside the queue: it neither waits for an answer under way nor holds it up."""
        visit = self._visit(visit)
        act, item, key = _sent(event)
        deeds: dict[str, Callable[[], None]] = {
            "like": lambda: visit.mark(item, "like"),
            "dislike": lambda: visit.mark(item, "dislike"),
            "compare": lambda: visit.pick(item),
            "forget": lambda: visit.forget(key),
            "personalise": visit.switch_personalisation,
            "shopper": lambda: visit.choose(key),
            "stop": visit.stop,
        }
        try:
            deeds.get(act, lambda: None)()  # `sync` does nothing: it only wants to see the visit
        except WhybuyError:
            log.exception("action %r failed", act)
            visit.note = _FAILED
        return self._shown(visit)

    def _draft(self, visit: Visit | None, event: gr.EventData) -> dict[str, Any]:  # Any: a value of the box
        """The beginning of a question about an item, for the shopper to finish."""
        _, item, _ = _sent(event)
        return {"text": self._visit(visit).words_to_ask(item), "files": []}

    def _release(self, visit: Visit, entry_id: str) -> Iterator[None] | None:
        entry = next((entry for entry in visit.ledger if entry.id == entry_id), None)
        return visit.ask(f"Never mind: {self._view.label(entry)}", remove=(entry.id,)) if entry else None

    def _relax(self, visit: Visit, key: str) -> Iterator[None] | None:
        """Take up an offer: a wider budget is asked for in words, as it replaces the old; the rest is taken back."""
        offers = visit.exchanges[-1].reply.relaxations if visit.exchanges and visit.exchanges[-1].reply else ()
        if not (key.isdecimal() and int(key) < len(offers)):
            return None
        offer = offers[int(key)]
        if offer.text.startswith("up to "):
            return visit.ask(offer.text)
        return self._release(visit, offer.constraint_id)

    def _stream(self, visit: Visit, steps: Iterator[None]) -> Steps:
        """The visit after each step, and once more at the end: Gradio repeats the last values when a generator ends,
        and those of a turn that was stopped or overtaken must not bring back what has gone."""
        for _ in steps:
            yield self._shown(visit)
        yield self._shown(visit)

    def _shown(self, visit: Visit) -> Outputs:
        """Values for `self._outputs`, in whole: only what differs from the last ones travels."""
        view = self._view
        return visit, view.header(visit), view.past(visit), view.now(visit), view.chips(visit)


def _sent(event: gr.EventData) -> tuple[str, str, str]:
    """What a button sent: its action, item id and other id. Anything may be in it: a browser sent it."""
    given: Any = vars(event).get("_data")  # Any: see above; the attribute itself raises for a key that is not there
    data: dict[str, Any] = given if isinstance(given, dict) else {}
    act, item, key = (str(data.get(name) or "")[:_LONGEST_ID] for name in ("act", "item", "id"))
    return act, item, key


def _open_picture(path: Path) -> Image.Image:
    try:
        return read_picture(path)
    finally:
        path.unlink(missing_ok=True)  # a shopper's picture is not kept on disk longer than needed


def _thumbnail(picture: Image.Image) -> str:
    small = picture.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _picture_words(error: PictureError) -> str:
    hint = error.hint or "send a JPEG, PNG or WebP picture"
    return f"I cannot use that picture: {hint[:1].lower()}{hint[1:].rstrip('.')}."
