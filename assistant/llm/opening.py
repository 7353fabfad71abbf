"""Which engine answers: from plain settings to a chat model. Engines are imported when they are chosen."""

import os
from collections.abc import Mapping
from importlib import util
from typing import Literal

from assistant.llm.chat_model import ChatModel, Dialect
from index.errors import SetupError

EngineName = Literal["auto", "transformers", "fast_cpu", "remote"]
KEY_VARIABLE = "WHYBUY_LLM_KEY"


def open_chat_model(
    name: str,
    *,
    engine: EngineName = "auto",
    threads: int = 2,
    url: str = "",
    adapters: Mapping[str, str] | None = None,
    dialect: Dialect = "none",
) -> ChatModel:
    """The chat model, ready to answer.

    Args:
        name: as `index.weights.locate` takes it; with a server, the name it serves the model under.
        engine: `auto` is the server where there is a `url`, else transformers.
        threads: of `fast_cpu`.
        url: the server's address, e.g. `http://127.0.0.1:8000/v1`. Its key is read from the environment alone.
        adapters: adapter's name -> name under which the server serves the model with it.
        dialect: how the server takes grammars.

    Raises:
        SetupError: the choice is contradictory, or a package is missing.
        WeightsError: as the engines.
    """
    if engine == "remote" or (engine == "auto" and url):
        if util.find_spec("openai") is None:
            raise SetupError("the engine remote needs openai", hint="pip install 'openai>=3.54,<4'")
        from assistant.llm.remote import RemoteChatModel

        key = os.environ.get(KEY_VARIABLE, "")
        return RemoteChatModel(name, base_url=url, key=key, adapters=adapters, dialect=dialect)
    if url or adapters:
        raise SetupError(f"`llm_url` and `llm_adapters` say nothing to the engine {engine}", hint="choose remote")
    if engine == "fast_cpu":
        from assistant.llm.fast_cpu import FastCpuChatModel

        return FastCpuChatModel(name, threads=threads)
    from assistant.llm.local import LocalChatModel

    return LocalChatModel(name)
