"""Bodies that come compressed though nobody asked for it, unpacked within limits (wire.md Q69)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE = 256 * 1024  # bytes unpacked in one go: a bomb never fills the memory
MAX_RATIO = 50  # of unpacked to packed bytes, past the first megabyte; JSON reaches 15
FREE = 1024 * 1024


class UnpackError(Exception):
    """The body is compressed in a way that can't be unpacked; its text says which, or that it is a bomb."""


class Unpacker:
    """Unpacks one body of a `Content-Encoding`: identity, gzip or deflate. Raises UnpackError."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._packed = self._unpacked = 0
        self._inflater: zlib._Decompress | None = None
        self._is_decided = self._encoding in {"", "identity"}
        if not self._is_decided and self._encoding not in {"gzip", "x-gzip", "deflate"}:
            raise UnpackError(f"it is compressed as {self._encoding[:20]}, which was not asked for")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The unpacked bytes, piece by piece."""
        if not data:
            return
        if not self._is_decided:
            self._is_decided = True
            # Some servers name an encoding and send plain text.
            if data[:1] == b"\x1f" or self._encoding == "deflate":
                is_raw = self._encoding == "deflate" and data[0] & 0x0F != 8
                self._inflater = zlib.decompressobj(-15 if is_raw else 47)
        if self._inflater is None:
            yield data
            return
        self._packed += len(data)
        try:
            while data:
                piece = self._inflater.decompress(data, PIECE)
                data = self._inflater.unconsumed_tail
                if self._inflater.eof and self._inflater.unused_data[:1] == b"\x1f":
                    # A gzip body may be several members, one behind the other (RFC 1952, 2.2).
                    data = self._inflater.unused_data
                    self._inflater = zlib.decompressobj(47)
                self._unpacked += len(piece)
                if self._unpacked > max(FREE, MAX_RATIO * self._packed):
                    raise UnpackError("it grows without end when unpacked")
                if piece:
                    yield piece
        except zlib.error:
            raise UnpackError("its compression is broken") from None
