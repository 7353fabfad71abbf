"""Draw the embedded shop's pictures anew from its catalogue: `python -m assistant.demo.draw [ITEM_ID ...]`.

Only this command needs the package `resvg-py`; the shop is served from the files it leaves in `pictures/`.
"""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from assistant.demo.drawing.canvas import HEIGHT, WIDTH, Canvas
from assistant.demo.drawing.look import Look
from assistant.demo.drawing.palette import COLORS
from assistant.demo.drawing.shapes import SHAPES, backdrop

_OVERSAMPLED = 1.5
_QUALITY = 84


def main(wanted: Iterable[str] = ()) -> None:
    """Draw the pictures of the items named, or of all, and write them where the catalogue says they are."""
    folder = Path(__file__).parent
    only = set(wanted)
    rows = [json.loads(line) for line in (folder / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()]
    looks = [pair for row in rows if not only or row["id"] in only for pair in looks_of(row)]
    for number, (name, look) in enumerate(looks, 1):
        (folder / name).write_bytes(encode(render(look)))
        if sys.stderr.isatty():
            print(f"\r{number} of {len(looks)} pictures", end="", file=sys.stderr)
    print(f"drew {len(looks)} pictures into {folder / 'pictures'}")


def looks_of(row: dict[str, Any]) -> Iterator[tuple[str, Look]]:  # Any: a row of our own catalogue
    """Each picture of a catalogue row, relative to the catalogue, with what it shows: the item in its nth colour."""
    colors = list(
        dict.fromkeys(variant["options"]["color"] for variant in row["variants"] if "color" in variant["options"])
    )
    colors = colors or row["attributes"].get("color", ["Grey"])
    for name, color in zip(row["images"], colors, strict=False):
        yield name, Look(row["id"], row["id"].rpartition("-")[0], COLORS[color], row["attributes"])


def render(look: Look) -> Image.Image:
    """The item as it lies in the studio, 640 x 480, drawn larger and scaled down so that edges are smooth.

    Raises:
        ModuleNotFoundError: `resvg-py` is not installed.
    """
    from resvg_py import svg_to_bytes  # pyright: ignore[reportUnknownVariableType]  # needed by this command alone

    canvas = Canvas()
    backdrop(canvas, look)
    SHAPES[look.kind](canvas, look)
    png = svg_to_bytes(svg_string=canvas.svg(), width=int(WIDTH * _OVERSAMPLED), height=int(HEIGHT * _OVERSAMPLED))
    large = Image.open(io.BytesIO(bytes(png))).convert("RGB")
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def encode(picture: Image.Image) -> bytes:
    """The picture as it is shipped: WebP of good quality."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=6)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
