"""The chat page in real Chromium, on the fake engine: the whole conversation, attacks, reading aids, layouts."""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from assistant.exchange import Ask, Done, Preview, Update
from assistant.nouns import Reply, Request
from assistant.testing import FakeEngine, ListedCatalogue, MemoryEvents, sample_events, sample_items
from assistant.web.api import create_api
from assistant.web.page import build_page, mount
from index.items import Item, Money, Picture

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
RECORDER = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => { window.ran.push(name); };
"""

expect.set_options(timeout=15_000)  # a loaded machine is slow, not wrong

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Debian's Chromium: apt-get install chromium"
    ),
]


class ScriptedEngine(FakeEngine):
    """The fake engine with the states it lacks: `compare`, `degraded`, `break`, and `slow` words."""

    def stream(self, ask: Ask, **options: Any) -> Iterator[Update]:  # Any: the fake's own keywords
        if "break" in ask.message:
            raise RuntimeError("secret /etc/path of the database")
        for update in super().stream(ask, **options):
            if "slow" in ask.message:
                time.sleep(0.3)
            yield (
                replace(update, reply=self._changed(ask, update.reply))
                if isinstance(update, Preview | Done)
                else update
            )

    def _changed(self, ask: Ask, reply: Reply) -> Reply:
        if "degraded" in ask.message:
            return replace(reply, degraded=("llm.wording: template",))
        if ask.message.startswith("Compare"):
            return replace(reply, request=Request("compare", targets=("jacket-1", "jacket-2")))
        return reply


@dataclass(frozen=True)
class Someone:
    id: str
    name: str
    about: str


@dataclass(frozen=True)
class Served:
    """A running page, and what it runs on."""

    url: str
    events: MemoryEvents


def serve(items: tuple[Item, ...], shop_name: str, shoppers: list[Someone], examples: list[str]) -> Iterator[Served]:
    # Gradio's statistics set a pandas option that is about to go: its warning, an error here, would end its loop.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    catalogue = ListedCatalogue(items)
    events = MemoryEvents(sample_events("kim"))
    engine = ScriptedEngine(catalogue, history=events, pause_s=0.02)
    app: FastAPI = create_api(engine, events, catalogue=catalogue, probes={})
    page = build_page(
        engine, events, catalogue, shop_name=shop_name, shoppers=shoppers, examples=examples, locale="en_GB"
    )
    mount(app, page)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield Served(f"http://127.0.0.1:{port}/", events)
    server.should_exit = server.force_exit = True  # open event streams are not waited for
    thread.join(timeout=15)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def shop(pictures: Path) -> Iterator[Served]:
    shoppers = [Someone("kim", "Kim", "Likes lamps."), Someone("lee", "Lee", "New.")]
    examples = ["rain jacket under 100", "desk lamp", "something warm", "a lamp for the floor"]
    yield from serve(sample_items(pictures), "Wrenfield", shoppers, examples)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()


def visit(context: BrowserContext, url: str) -> Page:
    """A loaded page whose first visit has begun."""
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".wb-shelf article").first).to_be_visible(timeout=20_000)
    return page


@pytest.fixture
def desktop(browser: Browser, shop: Served) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    yield visit(context, shop.url)
    context.close()


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Your message")
    box.fill(words)
    expect(box).to_have_value(words)
    box.press("Enter")
    # As long as the page itself goes on asking for an answer that it may not have heard.
    expect(page.locator("#wb-now .wb-you")).to_have_text(f"You: {words}", timeout=30_000)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the answer is whole."""
    expect(page.locator(".wb-stop")).to_have_count(0, timeout=20_000)


def titles(page: Page) -> list[str]:
    return page.locator(".wb-live .wb-card .wb-title").all_inner_texts()


def test_whole_conversation(desktop: Page, pictures: Path) -> None:
    page = desktop
    page.get_by_role("button", name="rain jacket under 100").click()
    expect(page.locator("#wb-now .wb-you")).to_contain_text("rain jacket under 100")
    settled(page)
    expect(page.locator("#wb-now .wb-words")).to_contain_text("I would look at Alba Rain Jacket")
    assert titles(page) == ["Alba Rain Jacket", 'Corvo <b onmouseover="alert(1)">Wind</b> Jacket & Hood']
    first = page.locator(".wb-live .wb-card").first
    expect(first).to_contain_text("€79.99")
    expect(first).to_contain_text("In stock")
    loaded = first.locator("img").evaluate("image => image.complete && image.naturalWidth")
    assert loaded > 0

    first.locator("summary").first.click()
    expect(first.locator(".wb-proof").first).to_be_visible()
    figures = first.locator(".wb-figure").all_inner_texts()
    numbers = [float(figure.replace("\N{MINUS SIGN}", "-")) for figure in figures if figure]
    assert round(sum(numbers[:-1]), 2) == numbers[-1]

    chip = page.locator(".wb-chip")
    expect(chip).to_have_text("up to €100.00")
    chip.get_by_role("button").click()
    expect(page.locator("#wb-now .wb-you")).to_contain_text("Never mind: up to €100.00")
    settled(page)
    expect(page.locator(".wb-chip")).to_have_count(0)
    assert "Borea Down Jacket" in titles(page)
    expect(page.locator("#wb-past .wb-strip li")).to_have_count(2)

    page.locator(".wb-live").get_by_role("button", name="Like: Borea Down Jacket").click()
    liked = page.locator(".wb-live").get_by_role("button", name="Like: Borea Down Jacket")
    expect(liked).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".wb-count")).to_have_text("1")
    say(page, "jacket")
    assert titles(page)[0] == "Borea Down Jacket"
    expect(page.locator(".wb-live .wb-card").first).to_contain_text("You chose Borea before.")

    page.locator("#wb-box input[type=file]").set_input_files(str(pictures / "0.png"))
    expect(page.locator("#wb-box .thumbnail-item, #wb-box img")).not_to_have_count(0)
    page.get_by_role("textbox", name="Your message").press("Enter")
    expect(page.locator('#wb-now .wb-you img[src^="data:image/jpeg"]')).to_be_visible()
    settled(page)
    expect(page.locator(".wb-shelf-title")).to_have_text("Items that look like your picture")

    say(page, "jacket under 10")
    expect(page.locator(".wb-none")).to_contain_text("Nothing fits all of that")
    assert titles(page) == []
    page.get_by_role("button", name="Any price").click()
    expect(page.locator(".wb-live .wb-card .wb-title")).to_have_count(3)
    settled(page)


def test_shopper_sees_their_history_and_rules_it(desktop: Page, shop: Served) -> None:
    page = desktop
    page.get_by_label("Shopping as").select_option("kim")
    expect(page.locator(".wb-shelf-title")).to_have_text("Picked for you")
    expect(page.locator(".wb-live .wb-card").first).to_contain_text("You chose Alba before.")
    page.locator(".wb-know summary").click()
    panel = page.locator(".wb-panel")
    expect(panel).to_contain_text("Bought")
    expect(panel).to_contain_text("2 Nov 2026")
    panel.get_by_role("button", name="Forget: Bought Dune Desk Lamp").click()
    expect(panel.locator("li")).to_have_count(1)
    assert [event.item_id for event in shop.events.of("kim")] == ["jacket-1"]
    switch = panel.get_by_role("switch", name="Use my history")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    say(page, "jacket")
    expect(page.locator(".wb-live")).not_to_contain_text("You chose Alba before.")


def test_compare_ask_and_similar_speak_for_the_shopper(desktop: Page) -> None:
    page = desktop
    say(page, "jacket")
    page.get_by_role("button", name="Compare: Alba Rain Jacket").click()
    expect(page.locator(".wb-comparing")).to_contain_text("Pick one or two more")
    page.get_by_role("button", name="Compare: Borea Down Jacket").click()
    page.get_by_role("button", name="Compare these 2").click()
    expect(page.locator("#wb-now .wb-you")).to_contain_text("Compare the first one and the second one")
    expect(page.get_by_role("region", name="Comparison")).to_contain_text("Borea Down Jacket")

    say(page, "jacket")
    page.get_by_role("button", name="Ask about this: Borea Down Jacket").click()
    expect(page.get_by_role("textbox", name="Your message")).to_have_value("About the second one: ")
    expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
    page.get_by_role("button", name="Similar: Borea Down Jacket").click()
    expect(page.locator("#wb-now .wb-you")).to_contain_text("More like the second one")
    settled(page)


def test_stop_failure_and_degraded_are_words(desktop: Page, tmp_path: Path) -> None:
    page = desktop
    box = page.get_by_role("textbox", name="Your message")
    box.fill("slow jacket")
    box.press("Enter")
    expect(page.locator(".wb-stage")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".wb-problem")).to_contain_text("Stopped.")
    page.wait_for_timeout(900)  # the engine's words that were under way must not come in afterwards
    expect(page.locator("#wb-now .wb-words span")).to_have_count(0)
    expect(page.locator(".wb-live .wb-card")).to_have_count(0)

    say(page, "break")
    expect(page.locator(".wb-problem").last).to_contain_text("Something went wrong on our side.")
    assert "secret" not in page.content()
    say(page, "degraded jacket")
    expect(page.locator(".wb-notice")).to_contain_text("Plain, short wording for now")

    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    page.locator("#wb-box input[type=file]").set_input_files(str(tmp_path / "torn.png"))
    expect(page.locator("#wb-box .thumbnail-item, #wb-box img")).not_to_have_count(0)
    box.press("Enter")
    expect(page.locator("#wb-now .wb-problem")).to_contain_text("I cannot use that picture")


def test_newer_message_takes_over_from_one_under_way(desktop: Page) -> None:
    page = desktop
    box = page.get_by_role("textbox", name="Your message")
    box.fill("slow jacket")
    box.press("Enter")
    expect(page.locator(".wb-stage")).to_be_visible()
    say(page, "lamp")
    assert titles(page) == ["Dune Desk Lamp", "Ember Floor Lamp"]
    expect(page.locator("#wb-past .wb-problem")).to_contain_text("Stopped.")


def test_what_is_typed_while_words_stream_stays(desktop: Page) -> None:
    page = desktop
    box = page.get_by_role("textbox", name="Your message")
    box.fill("slow jacket")
    box.press("Enter")
    expect(page.locator("#wb-now .wb-words span")).not_to_have_count(0)
    box.fill("and then a lamp")
    seen = page.locator("#wb-now .wb-words span").count()
    expect(page.locator("#wb-now .wb-words span").nth(seen)).to_be_attached()
    expect(box).to_have_value("and then a lamp")
    settled(page)
    expect(box).to_have_value("and then a lamp")
    page.get_by_role("button", name="Like: Alba Rain Jacket").click()
    expect(page.locator(".wb-count")).to_have_text("1")
    expect(box).to_have_value("and then a lamp")


def test_what_is_typed_while_a_message_is_being_sent_stays_in_the_box(desktop: Page) -> None:
    held: list[Route] = []
    box = desktop.get_by_role("textbox", name="Your message")
    desktop.route("**/gradio_api/run/**", lambda route: held.append(route))
    box.fill("jacket")
    with desktop.expect_request("**/gradio_api/run/**"):
        box.press("Enter")
    box.press_sequentially(" in blue")
    for route in held:
        route.continue_()
    desktop.unroute("**/gradio_api/run/**")
    expect(desktop.locator("#wb-now .wb-you")).to_have_text("You: jacket", timeout=30_000)
    expect(box).to_have_value(" in blue")
    settled(desktop)
    say(desktop, "in blue")
    expect(box).to_have_value("")


def test_two_sessions_do_not_mix(browser: Browser, shop: Served) -> None:
    contexts = [browser.new_context(viewport=DESKTOP) for _ in range(2)]  # type: ignore[arg-type]
    one, two = (visit(context, shop.url) for context in contexts)
    say(one, "canary jacket under 90")
    say(two, "lamp")
    one.get_by_role("button", name="Like: Alba Rain Jacket").click()
    expect(one.locator(".wb-count")).to_have_text("1")
    say(two, "lamp")
    assert "canary" not in two.content()
    expect(two.locator(".wb-chip")).to_have_count(0)
    expect(two.locator(".wb-count")).to_have_text("0")
    say(one, "jacket")
    assert "lamp" not in one.locator("#wb-past").inner_text().lower()
    expect(one.locator(".wb-chip")).to_have_text("up to €90.00")
    for context in contexts:
        context.close()


ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "javascript:alert(1)//<a href=javascript:alert(1)>x</a>",
    "</script><script>alert(1)</script>",
    "</textarea></style><details open ontoggle=alert(1)>",
    "${alert(1)}`+alert(1)+`{{constructor.constructor('alert(1)')()}}",
    '{{#with "s" as |string|}}{{lookup string.sub "constructor"}}{{/with}}',
    "![x](https://evil.example/x.png) [x](javascript:alert(1)) <b onmouseover=alert(1)>",
)


@pytest.fixture(scope="module")
def hostile_shop(pictures: Path) -> Iterator[Served]:
    drawn = sample_items(pictures)[0].pictures[0].path
    items = tuple(
        Item(
            id=f"jacket {attack}",
            title=f"jacket {attack}",
            brand=attack,
            description=attack,
            categories=(attack,),
            price=Money(1000 + number, "EUR"),
            attributes={attack: (attack,)},
            pictures=(Picture(drawn, alt=attack),),
        )
        for number, attack in enumerate(ATTACKS)
    )
    whole = "".join(ATTACKS)
    yield from serve(items, f"Shop {whole}", [Someone(whole, whole, whole)], [f"jacket {whole}"])


def test_nothing_hostile_runs_and_nothing_foreign_is_asked_for(browser: Browser, hostile_shop: Served) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    context.add_init_script(RECORDER)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = visit(context, hostile_shop.url)
    page.locator("[data-act=example]").first.click()
    expect(page.locator("#wb-now .wb-you")).to_contain_text("jacket")
    settled(page)
    for attack in ATTACKS:
        say(page, f"jacket {attack}")
    page.locator(".wb-live .wb-why summary").first.click()
    page.locator(".wb-live [data-act=like]").first.click()
    expect(page.locator(".wb-count")).to_have_text("1")
    say(page, f"Compare jacket {ATTACKS[1]}")
    page.mouse.move(200, 300)
    page.evaluate("document.querySelector('.wb-know').open = true")

    assert [frame.evaluate("window.ran") for frame in page.frames] == [[]] * len(page.frames)
    ours = page.locator("#wb-header, #wb-past, #wb-now, #wb-chips")
    assert ours.locator("script, iframe, form, a, object, embed, style, link").count() == 0
    assert (
        ours.evaluate_all(
            "parts => parts.flatMap(part => [...part.querySelectorAll('*')])"
            ".filter(one => one.getAttributeNames().some(name => name.startsWith('on'))).length"
        )
        == 0
    )
    foreign = [url for url in asked if not url.startswith((hostile_shop.url, "data:", "blob:"))]
    assert foreign == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_reading_aids_find_nothing_serious(browser: Browser, shop: Served, size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = visit(context, shop.url)
    assert serious(page) == []
    page.get_by_label("Shopping as").select_option("kim")
    expect(page.locator(".wb-shelf-title")).to_have_text("Picked for you")
    say(page, "degraded jacket under 200")
    page.locator(".wb-live .wb-why summary").first.click()
    page.locator(".wb-live [data-act=like]").first.click()
    page.locator(".wb-live [data-act=compare]").nth(0).click()
    page.locator(".wb-live [data-act=compare]").nth(1).click()
    expect(page.get_by_role("button", name="Compare these 2")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Compare these 2").click()
    expect(page.get_by_role("region", name="Comparison")).to_be_visible()
    settled(page)
    page.locator(".wb-know summary").click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    say(page, "jacket under 1")
    assert serious(page) == []
    context.close()


def serious(page: Page) -> list[str]:
    """Axe's serious and critical findings: rule and element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def test_shelf_stands_beside_the_talk_on_a_desktop(desktop: Page) -> None:
    say(desktop, "jacket")
    shelf, words = (desktop.locator(place).bounding_box() for place in (".wb-live", "#wb-now .wb-bot"))
    assert shelf is not None
    assert words is not None
    assert shelf["x"] >= words["x"] + words["width"]
    assert words["width"] / 1280 > 0.5
    desktop.mouse.wheel(0, 2000)
    after = desktop.locator(".wb-live").bounding_box()
    assert after is not None
    assert after["y"] == shelf["y"]
    assert no_sideways_scroll(desktop)


def test_shelf_follows_its_reply_on_a_phone(browser: Browser, shop: Served) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = visit(context, shop.url)
    assert no_sideways_scroll(page)
    say(page, "jacket")
    page.locator(".wb-live .wb-why summary").first.click()
    shelf, words = (page.locator(place).bounding_box() for place in (".wb-live", "#wb-now .wb-bot"))
    assert shelf is not None
    assert words is not None
    assert shelf["y"] >= words["y"] + words["height"]
    assert shelf["width"] <= 390
    assert no_sideways_scroll(page)
    context.close()


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_dark_follows_the_system_and_the_button(browser: Browser, shop: Served) -> None:
    context = browser.new_context(viewport=DESKTOP, color_scheme="dark")  # type: ignore[arg-type]
    page = visit(context, shop.url)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(20, 21, 19)"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.reload()
    expect(page.locator(".wb-shelf article").first).to_be_visible(timeout=20_000)
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    context.close()


def test_keyboard_alone_reaches_everything(desktop: Page) -> None:
    say(desktop, "jacket under 200")
    desktop.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached: list[str] = []
    for _ in range(60):
        desktop.keyboard.press("Tab")
        reached.append(
            desktop.evaluate(
                "(() => { const one = document.activeElement; "
                "return one.dataset.act || one.dataset.local || one.getAttribute('aria-label') || one.tagName; })()"
            )
        )
    for wanted in (
        "shopper",
        "SUMMARY",
        "theme",
        "like",
        "dislike",
        "similar",
        "compare",
        "ask",
        "release",
        "Your message",
    ):
        assert wanted in reached, wanted


def test_streamed_words_are_announced(desktop: Page) -> None:
    say(desktop, "jacket")
    words = desktop.locator("#wb-now .wb-words")
    expect(words).to_have_attribute("aria-live", "polite")
    assert words.locator("span").count() > 3


def test_framework_shows_no_door_of_its_own(desktop: Page, shop: Served) -> None:
    expect(desktop.locator("footer")).to_be_hidden()
    assert desktop.title() == "Wrenfield"
    expect(desktop.locator(".wb-ai")).to_have_text(re.compile("AI"))
    outside = desktop.request.get(f"{shop.url}gradio_api/file=/etc/hostname")
    assert outside.status in (403, 404)
    for path in ("docs", "redoc", "gradio_api/docs"):
        assert "swagger" not in desktop.request.get(f"{shop.url}{path}").text().lower()


def test_forged_upload_path_reads_nothing(desktop: Page, shop: Served) -> None:
    """Whatever path a browser claims to have uploaded, only Gradio's own upload folder is read."""
    config = desktop.evaluate("window.gradio_config")
    say_event = next(
        entry for entry in config["dependencies"] if "submit" in [target[1] for target in entry["targets"]]
    )
    forged = {"text": "", "files": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}
    body = {"data": [None, forged], "fn_index": say_event["id"], "session_hash": "forged01"}
    told = desktop.request.post(f"{shop.url}gradio_api/run/predict", data=body)
    assert not told.ok
    assert "root:" not in told.text()
