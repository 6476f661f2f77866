"""Pictures of others: recognised, measured and decoded within the bounds of SEC-20."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_384
PREVIEW = 1_024  # px of the longer side of what is shown
ALLOCATION = 192  # MB that Qt may take for one picture

_HEAD = 96_000  # characters of base64 in which the size is looked for
_PNG = b"\x89PNG\r\n\x1a\n"
# What the decoder needs of a PNG; the rest (text, profiles, times) is where decoders had their holes.
_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT", b"pHYs"}
)
# The frames of a JPEG that say its size: all of C0 to CF but the tables C4, C8 and CC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Extent:
    """The size that a picture says it has, in px."""

    width: int
    height: int


def bytes_of(url: str, *, head_only: bool = False) -> bytes | None:
    """What a `data:` address with base64 holds, or the beginning of it; None for any other address."""
    head, comma, data = url.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        return None
    if len(data) > MAX_BYTES * 4 // 3 + 4:
        return None
    try:
        return base64.b64decode(data[:_HEAD] if head_only else data, validate=True)
    except (binascii.Error, ValueError):
        return None


def measure(url: str) -> Extent | None:
    """The size of the picture in a `data:` address, read off its head; None where it won't be decoded."""
    data = bytes_of(url, head_only=True)
    return _extent(data) if data is not None else None


def decode(data: bytes) -> QImage | None:
    """The first frame, no larger than `PREVIEW`; None where it is no picture, or not within the bounds.

    Takes up to half a second: not for the GUI thread.
    """
    if len(data) > MAX_BYTES or _extent(data) is None:
        return None
    kind = _kind(data)
    if kind == "png":
        data = b"".join(_needed_chunks(data))
    QImageReader.setAllocationLimit(ALLOCATION)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    # The decoder's own opinion counts as well.
    if not size.isValid() or not _is_within(size.width(), size.height()):
        return None
    if max(size.width(), size.height()) > PREVIEW:
        bound = QSize(PREVIEW, PREVIEW)
        reader.setScaledSize(size.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    return None if image.isNull() else image


def _kind(data: bytes) -> str:
    if data.startswith(_PNG):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _extent(data: bytes) -> Extent | None:
    try:
        match _kind(data):
            case "png" if data[12:16] == b"IHDR":
                width, height = struct.unpack_from(">II", data, 16)
            case "gif":
                width, height = struct.unpack_from("<HH", data, 6)
            case "jpeg":
                width, height = _jpeg_size(data)
            case "webp":
                width, height = _webp_size(data)
            case _:
                return None
    except struct.error:
        return None
    return Extent(width, height) if _is_within(width, height) else None


def _is_within(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF or length < 2:
            return 0, 0
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length


def _webp_size(data: bytes) -> tuple[int, int]:
    match data[12:16]:
        case b"VP8X":
            width, height = data[24:27], data[27:30]
            return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return 0, 0


def _needed_chunks(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        kind = data[at + 4 : at + 8]
        if kind in _CHUNKS:
            yield data[at : at + 12 + length]
        if kind == b"IEND":
            return
        at += 12 + length
