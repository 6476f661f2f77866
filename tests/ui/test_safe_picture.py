"""Pictures of others are decoded within bounds, or not at all (SEC-20)."""

from __future__ import annotations

import base64
import random
import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from app.ui import safe_picture
from app.ui.safe_picture import MAX_SIDE, PREVIEW, Extent, bytes_of, decode, measure

KINDS = ["png", "jpeg", "webp"]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
GIF = base64.b64decode("R0lGODlhAgADAIAAAP8AAAAAACH5BAAAAAAALAAAAAACAAMAAAIDhG0FADs=")


def picture(kind: str, width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#187b87"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def address(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 100)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_measured_and_decoded(kind: str) -> None:
    data = picture(kind, 30, 20)
    assert measure(address(data, kind)) == Extent(30, 20)
    image = decode(data)
    assert image is not None
    assert (image.width(), image.height()) == (30, 20)
    assert abs(image.pixelColor(15, 10).green() - 0x7B) < 12


def test_a_gif_is_its_first_frame() -> None:
    assert measure(address(GIF, "gif")) == Extent(2, 3)
    image = decode(GIF)
    assert image is not None
    assert (image.width(), image.height()) == (2, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_picture_is_decoded_small(kind: str) -> None:
    image = decode(picture(kind, 3000, 1000))
    assert image is not None
    assert (image.width(), image.height()) == (PREVIEW, PREVIEW // 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        SVG,
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8 ",
    ],
    ids=["empty", "head only", "svg", "bmp", "tiff", "gif head", "webp head"],
)
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert decode(data) is None
    assert measure(address(data)) is None


@pytest.mark.parametrize(
    ("width", "height"), [(MAX_SIDE + 1, 1), (1, MAX_SIDE + 1), (8000, 8000), (2**31 - 1, 2**31 - 1), (0, 5)]
)
def test_a_picture_that_says_it_is_too_large_is_not_decoded(width: int, height: int) -> None:
    data = bomb(width, height)
    assert decode(data) is None
    assert measure(address(data)) is None


def test_a_file_that_is_too_large_is_not_decoded() -> None:
    data = picture("png", 4, 4) + bytes(safe_picture.MAX_BYTES)
    assert decode(data) is None
    assert bytes_of(address(data)) is None


def test_only_the_needed_chunks_of_a_png_reach_the_decoder() -> None:
    data = picture("png", 4, 4)
    odd = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 5_000_000)) + chunk(b"iCCP", b"p\0\0" + bytes(90))
    data = data[:33] + odd + data[33:] + b"behind the end"
    needed = b"".join(safe_picture._needed_chunks(data))
    assert b"zTXt" not in needed
    assert b"iCCP" not in needed
    assert needed.endswith(b"IEND" + struct.pack(">I", zlib.crc32(b"IEND")))
    assert decode(data) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.png",
        "file:///etc/hostname",
        "data:text/html;base64,AAAA",
        "data:image/png,AAAA",
        "data:image/png;base64,****",
        "data:image/png;base64",
        "",
    ],
)
def test_only_data_addresses_of_pictures_are_read(url: str) -> None:
    assert bytes_of(url) is None
    assert measure(url) is None


@pytest.mark.parametrize("kind", [*KINDS, "gif"])
@pytest.mark.qt_log_ignore(".*")
def test_damaged_pictures_are_decoded_or_none(kind: str) -> None:
    whole = GIF if kind == "gif" else picture(kind, 60, 40)
    rng = random.Random(kind)
    for _ in range(150):
        data = bytearray(whole[: rng.randint(1, len(whole))])
        for _ in range(rng.randint(0, 5)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        image = decode(bytes(data))
        assert image is None or max(image.width(), image.height()) <= PREVIEW
