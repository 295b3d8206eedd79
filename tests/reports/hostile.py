"""Pictures as people upload them, and files that only look like some; all made here."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw, PngImagePlugin

__all__ = ["bomb", "crest", "declared", "gps", "saved", "text_bomb", "with_text"]


def crest(colour: str = "#14506b", size: tuple[int, int] = (320, 200)) -> Image.Image:
    """A logo: a shield on nothing."""
    picture = Image.new("RGBA", size)
    width, height = size
    shape = [(0, 0), (width, 0), (width, height // 2), (width // 2, height), (0, height // 2)]
    ImageDraw.Draw(picture).polygon(shape, fill=colour)
    return picture


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    file = io.BytesIO()
    flat = kind in ("JPEG", "MPO") and picture.mode == "RGBA"
    (picture.convert("RGB") if flat else picture).save(file, kind, **how)
    return file.getvalue()


def bomb() -> bytes:
    """17 KB that unpack to 144 megapixels."""
    return saved(Image.new("1", (12_000, 12_000)), "PNG")


def declared(width: int, height: int) -> bytes:
    """A PNG that says that it is so large, and has next to nothing in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def gps(orientation: int = 6) -> bytes:
    """A photograph that says where it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone of Mrs Secret"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 57.0, 11.0), 3: "W", 4: (1.0, 9.0, 3.0)})
    return saved(crest(), "JPEG", exif=exif, comment=b"a secret comment")


def with_text(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{text}</x>")
    return saved(crest(), "PNG", pnginfo=info)


def text_bomb() -> bytes:
    """A text of 2 MB, packed into 2 KB."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 2_000_000, zip=True)
    return saved(crest(), "PNG", pnginfo=info)
