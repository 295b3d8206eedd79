"""The process that makes one logo anew and is done: `python -m … PATH BYTES SECONDS`.

Bytes of memory and seconds of work are its limits. What the picture is, is told by its first bytes,
and how large, before a pixel is unpacked. On standard output: a line of JSON, and after it the PNG
where there is one.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from services.reports.logo.picture import (
    LONGEST_SIDE,
    MOST_PIXELS,
    MOST_SIDES_APART,
    SHORTEST_SIDE,
    TAKES_TOO_MUCH,
    LogoProblem,
    MadeAnew,
)

__all__ = ["main", "make_anew"]

_FORMATS = ("PNG", "JPEG", "WEBP")
_KINDS = "Choose a PNG, JPEG or WebP file"
_NOT_ONE = {
    b"<svg": "an SVG drawing",
    b"<?xm": "an SVG drawing",
    b"%PDF": "a PDF file",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"BM": "a BMP picture",
    b"PK\x03\x04": "a ZIP file or a document",
    b"\x00\x00\x00": "a HEIC picture or a film",
}


def main() -> None:
    path, memory_bytes, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    head: dict[str, Any]
    png = b""
    try:
        made = make_anew(path.read_bytes())
        head, png = {"width": made.width, "height": made.height}, made.png
    except LogoProblem as problem:
        head = {"problem": {"slug": problem.slug, "detail": problem.detail}}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + png)
    sys.stdout.flush()


def make_anew(content: bytes) -> MadeAnew:
    """Raises `LogoProblem`."""
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            _look_at_size(*image.size)
            _refuse_moving(image)
            # A JPEG is unpacked no larger than it is used.
            image.draft(None, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            image.load()
            return _written(image)
    except UnidentifiedImageError:
        raise LogoProblem("no-picture", _what_it_is(content)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except LogoProblem:
        raise
    except MemoryError:
        raise TAKES_TOO_MUCH from None
    except Exception:  # whatever a decoder makes of a hostile file
        raise LogoProblem(
            "broken",
            "The picture is damaged or was not saved whole. Open it in a picture program, save it "
            "again as PNG, and upload that.",
        ) from None


def _look_at_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large()
    if min(width, height) < SHORTEST_SIDE:
        raise LogoProblem(
            "too-small",
            f"The picture has {width} × {height} pixels, which is too small to be seen. It needs "
            f"{SHORTEST_SIDE} at least, and 300 or more look well in print.",
        )
    if max(width, height) > MOST_SIDES_APART * min(width, height):
        raise LogoProblem(
            "too-narrow",
            f"The picture has {width} × {height} pixels: it is a line and no logo. Cut out the "
            "logo itself and upload that.",
        )


def _too_large() -> LogoProblem:
    return LogoProblem(
        "too-many-pixels",
        f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller: "
        "1,000 across are enough.",
    )


def _refuse_moving(image: Image.Image) -> None:
    """What phones and cameras add to a JPEG (MPO) is no film: its first picture is the picture."""
    if image.format in _FORMATS and getattr(image, "n_frames", 1) > 1:
        raise LogoProblem("moving", "This picture moves. Save one picture of it as a PNG file.")


def _written(image: Image.Image) -> MadeAnew:
    """Nothing is taken over but pixels, the right way up: no metadata, no profile, no comment."""
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    plain = image if image.mode == mode else _eight_bits(image).convert(mode)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    target = io.BytesIO()
    bare.save(target, "PNG", optimize=True, pnginfo=PngImagePlugin.PngInfo())
    return MadeAnew(target.getvalue(), *bare.size)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Greys of 16 bits would be cut off at white, not scaled."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")


def _what_it_is(content: bytes) -> str:
    if not content:
        return f"The file is empty. {_KINDS}."
    start = content.lstrip()[:4]
    for beginning, what in _NOT_ONE.items():
        if start.startswith(beginning):
            return f"This is {what}, which cannot be used. {_KINDS}."
    return f"This is no picture that can be used. {_KINDS}."


if __name__ == "__main__":
    main()
