"""Which engine the settings choose, and what they may not say together."""

from pathlib import Path

import pytest

from assistant.llm.local import LocalChatModel
from assistant.llm.opening import EngineName, open_chat_model
from assistant.llm.remote import RemoteChatModel
from assistant.settings import load_settings
from index.errors import SetupError
from tests.tiny_models import tiny_chat_model

URL = "http://127.0.0.1:1/v1"


@pytest.mark.parametrize("engine", ["auto", "remote"])
def test_a_url_leads_to_a_server_with_the_key_of_the_environment(
    engine: EngineName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHYBUY_LLM_KEY", "sk-secret")
    model = open_chat_model("base", engine=engine, url=URL, adapters={"reader": "base-reader"}, dialect="vllm")
    assert isinstance(model, RemoteChatModel)
    assert model.version == "base@127.0.0.1:1+reader@127.0.0.1:1"
    assert model._client.api_key == "sk-secret"  # pyright: ignore[reportPrivateUsage]  never shown otherwise
    assert not any("sk-secret" in line for line in load_settings(llm_url=URL).shown())
    model.close()


@pytest.mark.parametrize("engine", ["auto", "transformers"])
def test_without_a_url_the_model_answers_in_this_process(engine: EngineName, tmp_path: Path) -> None:
    tiny_chat_model(tmp_path)
    assert isinstance(open_chat_model(str(tmp_path), engine=engine), LocalChatModel)


@pytest.mark.parametrize("engine", ["transformers", "fast_cpu"])
def test_a_url_beside_another_engine_is_a_contradiction(engine: EngineName) -> None:
    with pytest.raises(SetupError, match=f"say nothing to the engine {engine}"):
        open_chat_model("base", engine=engine, url=URL)


def test_a_server_without_a_url_is_refused() -> None:
    with pytest.raises(SetupError, match="`llm_url` is not a server's address"):
        open_chat_model("base", engine="remote")
