"""A Gradio page under the policy that forbids eval, in a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import gradio as gr
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.testing import FakeEngine, MemoryEvents
from assistant.web.api import create_api
from assistant.web.no_eval import no_eval_script

ON_LOAD = "element.addEventListener('click', () => trigger('act', { said: 'pressed' }));  // one `listener` for \"all\""
VALUE = "<b id='shown'>${1 + 1} `tick` \\ {{braces}} &lt;i&gt;</b>"

pytestmark = pytest.mark.browser


def main() -> None:
    """Serve a page that shows `VALUE` and answers its event, with our script and without, and print where."""
    engine = FakeEngine()
    app = create_api(engine, MemoryEvents(), catalogue=engine.catalogue, probes={})
    for path, head in (("/with", no_eval_script(ON_LOAD)), ("/without", "")):
        gr.mount_gradio_app(app, blocks(), path=path, head=head, ssr_mode=False, enable_monitoring=False)
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none")).run([listening])


def blocks() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as made:
        shown = gr.HTML(VALUE, js_on_load=ON_LOAD)

        def answer(data: gr.EventData) -> str:
            return f"<b id='answer'>{escape(str(data.said))}</b>"

        getattr(shown, "act")(answer, None, shown)  # noqa: B009 - an event of our own: Gradio makes it when asked
    return made


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server in a process of its own: Gradio leaves sockets and loops behind, which would be errors in this one."""
    root = Path(__file__).parents[1]
    child = subprocess.Popen(
        [sys.executable, __file__], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    yield child.stdout.readline().decode().strip()
    child.kill()
    child.wait()
    child.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and in CI it must be: see .ci/run")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def test_html_is_shown_and_its_events_arrive_without_eval(page: Page, server: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{server}/with")
    shown = page.locator("#shown")
    assert shown.inner_text() == "${1 + 1} `tick` \\ {{braces}} <i>"  # as it is: nothing in a value is evaluated
    shown.click()
    assert page.locator("#answer").inner_text() == "pressed"
    assert [text for text in complaints if "Content Security Policy" in text] == []


def test_other_code_is_still_refused(page: Page, server: str) -> None:
    page.goto(f"{server}/with")
    # Asked by the page itself, a moment later: what the browser's tools run at once is above the policy.
    page.evaluate(
        """() => setTimeout(() => {
            try { window.ran = Function("return 7")() } catch (error) { window.ran = error.name }
        }, 10)"""
    )
    page.wait_for_function("window.ran !== undefined")
    assert page.evaluate("window.ran") == "EvalError"


def test_without_the_script_the_policy_bites(page: Page, server: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{server}/without")
    page.wait_for_timeout(1_500)
    assert any("unsafe-eval" in text for text in complaints)
    assert page.locator("#shown").count() == 0


def test_a_text_that_would_end_the_script_is_refused() -> None:
    with pytest.raises(ValueError, match="script"):
        no_eval_script("// </SCRIPT>")


if __name__ == "__main__":
    main()
