"""The whole conversation on the page, in Chromium, with the real engine and models behind it."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from assistant.assembly import assemble
from assistant.settings import load_settings
from assistant.web.server import application

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),  # the first test waits for the index, a minute or two of work
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Debian's Chromium: apt-get install chromium"
    ),
]

DEADLINE_MS = 30_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # Gradio's statistics set a pandas option that is about to go: its warning, an error here, would end its loop.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    house = assemble(load_settings(data_dir=tmp_path_factory.mktemp("data")), demo=True)
    server = uvicorn.Server(uvicorn.Config(application(house), port=0, log_level="error", server_header=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True  # open event streams are not waited for
    thread.join(15)
    house.close()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser.new_page(viewport={"width": 1280, "height": 800})
        browser.close()


def ask(page: Page, message: str) -> None:
    box = page.get_by_role("textbox", name="Your message")
    box.fill(message)
    expect(box).to_have_value(message)
    box.press("Enter")
    expect(page.locator("#wb-now .wb-you")).to_contain_text(message, timeout=DEADLINE_MS)
    expect(page.locator(".wb-stop")).to_have_count(0, timeout=DEADLINE_MS)


def titles(page: Page) -> list[str]:
    return page.locator(".wb-live .wb-card .wb-title").all_inner_texts()


def test_the_server_is_ready_once_a_real_query_has_passed(address: str) -> None:
    assert httpx2.get(f"{address}/readyz").json() == {"status": "ready"}


def test_a_shopper_talks_from_a_vague_start_to_nothing_fits(address: str, page: Page) -> None:
    page.goto(address)
    page.locator("select").first.select_option("tjark")
    expect(page.get_by_text("What I know about you")).to_be_visible()
    ask(page, "I'm looking for something for weekends outdoors")
    assert titles(page)
    ask(page, "a jacket, nothing over 150")
    shown = titles(page)
    assert shown
    said = page.locator("#wb-now .wb-words").inner_text()
    assert [title for title in shown if title in said] == shown
    brand = page.locator(".wb-live .wb-card").first.locator(".wb-brand").inner_text()
    ask(page, "not that brand")
    assert brand not in page.locator(".wb-live .wb-brand").all_inner_texts()
    chips = page.locator(".wb-chip")
    before = chips.count()
    chips.filter(has_text=brand).get_by_role("button").click()
    expect(chips).to_have_count(before - 1, timeout=DEADLINE_MS)
    ask(page, "is the first one waterproof?")
    assert "waterproof" in page.locator("#wb-now .wb-words").inner_text().lower()
    ask(page, "only up to 2 euros")
    expect(page.locator(".wb-live .wb-card")).to_have_count(0)
    assert "stands in the way" in page.locator("#wb-now .wb-words").inner_text()


def test_a_picture_finds_things_that_look_like_it(address: str, page: Page) -> None:
    picture = next((Path(__file__).parents[1] / "assistant/demo/pictures").glob("backpack-01*.webp"))
    page.goto(address)
    expect(page.locator(".wb-live .wb-card").first).to_be_visible(timeout=DEADLINE_MS)
    page.locator("#wb-box input[type=file]").set_input_files(picture)
    expect(page.locator("#wb-box .thumbnail-item, #wb-box img")).not_to_have_count(0)
    page.get_by_role("textbox", name="Your message").press("Enter")
    expect(page.locator("#wb-now .wb-you img")).to_be_visible(timeout=DEADLINE_MS)
    expect(page.locator(".wb-stop")).to_have_count(0, timeout=DEADLINE_MS)
    expect(page.locator(".wb-shelf-title")).to_have_text("Items that look like your picture", timeout=DEADLINE_MS)
    assert any("backpack" in title.lower() for title in titles(page))
