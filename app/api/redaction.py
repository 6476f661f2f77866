"""The key of a request taken out of what a server said, in every spelling of it (SEC-14)."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote

from app.core.errors import ChatError
from app.core.provider import ApiKey

GONE = "[removed]"
SHORTEST = 4  # characters; a shorter spelling would tear holes into words

_TOKENS = re.compile(r"(?i)\bbearer\s+[^\s'\",)}<]+|\bsk-[a-z0-9_\-]{6,}")


def without_key(error: ChatError, key: ApiKey | None) -> ChatError:
    """`error` itself, its details without `key` in any spelling that a server could send it back in."""
    spellings = _spellings(key.reveal_for(key.origin)) if key is not None else ()
    details = error.details

    def scrubbed(text: str) -> str:
        for spelling in spellings:
            text = text.replace(spelling, GONE)
        return _TOKENS.sub(GONE, text)

    error.details = replace(
        details,
        server_code=scrubbed(details.server_code),
        server_text=scrubbed(details.server_text),
        raw=scrubbed(details.raw),
        reason=scrubbed(details.reason),
        target=scrubbed(details.target),
    )
    return error


def _spellings(secret: str) -> tuple[str, ...]:
    raw = secret.encode("utf-8", "replace")
    found = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1], raw.hex()}
    # Behind other bytes base64 spells the same ones in three ways; its last character is what follows, too.
    for lead in range(3):
        coded = b64encode(b"\0" * lead + raw).decode()[{0: 0, 1: 2, 2: 3}[lead] :].rstrip("=")[:-1]
        found |= {coded, coded.replace("+", "-").replace("/", "_")}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True))
