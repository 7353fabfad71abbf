"""Pictures from strangers: decoded under limits, upright, without metadata, small."""

import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from index.errors import PictureError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 16_000_000
MAX_SIDE = 512
_FORMATS = ("JPEG", "PNG", "WEBP")  # the decoders we expose to strangers; GIF, BMP, TIFF and the rest stay shut
_UNREADABLE = "not a picture we can read"
_TOO_WIDE = f"a picture of more than {MAX_PIXELS / 1e6:g} megapixels, the most we take"
_HINT = "send a JPEG, PNG or WebP picture of at most 8 MB and 16 megapixels"


def read_picture(source: bytes | Path, *, max_bytes: int = MAX_BYTES) -> Image.Image:
    """The picture as RGB of at most 512 px a side, upright, on white where it was transparent, without metadata.

    Raises:
        PictureError: there is no such file, it is too large in bytes or pixels, of another format than JPEG, PNG or
            WebP, or damaged. The message says which of the first three; of the rest no more than that it cannot be
            read: a decoder's words can quote memory.
    """
    data = _data(source, max_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs and odd metadata; the cap below decides
            return _decoded(data)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(_TOO_WIDE, hint=_HINT) from None
    # The decoders raise OSError, ValueError, SyntaxError, struct.error, EOFError, MemoryError and more: whatever it
    # is, the bytes are not a picture to us.
    except Exception:
        raise PictureError(_UNREADABLE, hint=_HINT) from None


def _data(source: bytes | Path, max_bytes: int) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(max_bytes + 1)
        except FileNotFoundError:
            raise PictureError(f"there is no picture {source.name!a}", hint="give the path of a picture file") from None
        except (OSError, ValueError):  # not ours to read, a folder, or a path with NUL
            raise PictureError(_UNREADABLE, hint=_HINT) from None
    if not data:
        raise PictureError(_UNREADABLE, hint=_HINT)
    if len(data) > max_bytes:
        raise PictureError(f"a picture of more than {max_bytes / 2**20:g} MB, the most we take", hint=_HINT)
    return data


def _decoded(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise PictureError(_TOO_WIDE, hint=_HINT)
        if min(width, height) < 1:
            raise PictureError(_UNREADABLE, hint=_HINT)
        picture.draft("RGB", (2 * MAX_SIDE, 2 * MAX_SIDE))  # lets JPEG decode at a fraction of its size
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    """A fresh RGB picture: new pixels only, so nothing of `info` or EXIF comes along."""
    canvas = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
    else:
        canvas.paste(picture.convert("RGB"))
    return canvas
