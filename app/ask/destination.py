"""Whom the command asks, with which key: the command line, the environment and the settings decide."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.errors import BadAddress, ErrorDetails
from app.core.provider import DEMO_ENDPOINT, PRESETS, ApiKey, Endpoint

if TYPE_CHECKING:
    from app.core.settings import Settings

KEYRING_SECONDS = 15.0  # REL-09


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom to ask, with which key; `keyring_problem` says why the keyring gave none, where it failed."""

    endpoint: Endpoint
    key: ApiKey | None = None
    keyring_problem: str = ""


def destination_of(base_url: str, settings: Settings | None) -> Destination:
    """Whom to ask: `base_url`, else MISTRAL_BASE_URL, else the default endpoint (DESIGN §6).

    Without settings it is the offline demo. The keyring may take its time.
    """
    from app.api.address import normalise
    from app.api.environment import environment_key

    if settings is None:
        return Destination(DEMO_ENDPOINT)
    given = base_url or os.environ.get("MISTRAL_BASE_URL", "").strip()
    first = PRESETS[0]
    if given:
        endpoint = Endpoint("", "", normalise(given))
    elif (default := settings.default_endpoint) is not None:
        endpoint = replace(default, base_url=normalise(default.base_url))
    elif os.environ.get("MISTRAL_API_KEY", "").strip():
        endpoint = Endpoint("", first.name, normalise(first.base_url))
    else:
        reason = "none is set up yet; give --base-url, set MISTRAL_API_KEY, or start Sirocco once"
        raise BadAddress(ErrorDetails(reason=reason))
    if (key := environment_key(os.environ, base_url)) is not None and key.origin == endpoint.origin:
        return Destination(endpoint, key)
    key, problem = _key_from_keyring(endpoint.origin)
    return Destination(endpoint, key, problem)


def _key_from_keyring(origin: str) -> tuple[ApiKey | None, str]:
    """The stored key, or none and why. The keyring may block for ever: it has 15 s, on its own thread."""
    import threading

    from app.store.api_keys import ApiKeyring, KeyringAbsent, KeyringFailed, KeyringLocked

    found: list[tuple[ApiKey | None, str]] = []

    def look() -> None:
        keyring = ApiKeyring()
        try:
            keyring.open()
            found.append((keyring.get(origin), ""))
        except KeyringAbsent:
            found.append((None, ""))
        except KeyringLocked:
            found.append((None, "the keychain is locked"))
        except KeyringFailed:
            found.append((None, "the keychain gave no answer that can be used"))

    # A daemon, since a question that nobody answers must not keep the process from ending.
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(KEYRING_SECONDS)
    return found[0] if found else (None, "the keychain did not answer")
