"""Item pictures as the page shows them: re-encoded by us at a few widths, kept while there is room."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from index.sight.pictures import read_picture

WIDTHS = (120, 240, 360, 480)
"""A width asked for is raised to the next of these, and the widest is the limit: few enough to keep."""

Format = Literal["webp", "jpeg"]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture, encoded. `etag` changes with its bytes."""

    data: bytes
    media_type: str
    etag: str


class Renditions:
    """Makes renditions and keeps the latest used, up to `capacity_bytes`. Safe to use from several threads."""

    def __init__(self, capacity_bytes: int = 64 * 1024 * 1024) -> None:
        self._capacity = capacity_bytes
        self._used = 0
        self._kept: OrderedDict[tuple[Path, int, int, int, Format], Rendition] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: Path, width: int, form: Format) -> Rendition:
        """The picture, at most as wide as the next of `WIDTHS`; never enlarged.

        Raises:
            PictureError: the file is missing, or not a picture we accept.
        """
        bounded = next((allowed for allowed in WIDTHS if allowed >= width), WIDTHS[-1])
        try:
            state = path.stat()
            key = (path, state.st_mtime_ns, state.st_size, bounded, form)
        except OSError:
            key = (path, 0, 0, bounded, form)  # reading it below says what is wrong
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        made = _make(path, bounded, form)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._used += len(made.data)
            while self._used > self._capacity:
                _, dropped = self._kept.popitem(last=False)
                self._used -= len(dropped.data)
        return made


def _make(path: Path, width: int, form: Format) -> Rendition:
    picture = read_picture(path)
    if picture.width > width:
        picture = picture.resize((width, max(1, round(picture.height * width / picture.width))))
    encoded = BytesIO()
    picture.save(encoded, form, quality=82)
    data = encoded.getvalue()
    return Rendition(data, f"image/{form}", f'"{hashlib.sha256(data).hexdigest()[:32]}"')
