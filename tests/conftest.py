"""Fixtures for all tests: the real encoders, loaded once, and the shared data where a machine has it."""

from pathlib import Path

import pytest

from index.encoders import ImageEncoder, TextEncoder, load_image_encoder, load_text_encoder

_SHARED = Path(__file__).parents[1].parent / "shared"


@pytest.fixture(scope="session")
def text_encoder() -> TextEncoder:
    """The embedded MiniLM."""
    return load_text_encoder()


@pytest.fixture(scope="session")
def image_encoder(tmp_path_factory: pytest.TempPathFactory) -> ImageEncoder:
    """The embedded EfficientNet, its converted weights kept for this run only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WHYBUY_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        return load_image_encoder()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data that is not ours and never committed; tests that need it skip where it is absent."""
    data = _SHARED / "data"
    if not data.is_dir():
        pytest.skip(f"no shared data at {data}")
    return data
