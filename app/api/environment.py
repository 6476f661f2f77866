"""The endpoint and the key that environment variables give (DESIGN §6); neither is ever written to disk."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.errors import BadAddress, BadKey
from app.core.provider import ENVIRONMENT_ID, PRESETS, ApiKey, Endpoint, entered_key


def environment_endpoint(environment: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that `MISTRAL_API_KEY`, `MISTRAL_BASE_URL` and `MISTRAL_MODEL` describe.

    It is at the first preset's address where they give none; None where they give neither a key nor an
    address that can be one.
    """
    preset = PRESETS[0]
    given = environment.get("MISTRAL_BASE_URL", "").strip()
    if not given and not environment.get("MISTRAL_API_KEY", "").strip():
        return None
    from app.api.address import normalise  # most starts have no address to read

    try:
        base_url = normalise(given or preset.base_url)
    except BadAddress:
        return None
    model = environment.get("MISTRAL_MODEL", "").strip() or ("" if given else preset.default_model)
    return Endpoint(ENVIRONMENT_ID, "Environment", base_url, model)


def environment_key(environment: Mapping[str, str], base_url: str = "") -> ApiKey | None:
    """The key of the environment, bound to the one origin that it goes to; None where it can't be a key.

    That origin is the explicit `base_url`, else that of the environment's endpoint.
    """
    endpoint = environment_endpoint(environment)
    try:
        if base_url:
            from app.api.address import normalise

            origin = Endpoint("", "", normalise(base_url)).origin
        elif endpoint is not None:
            origin = endpoint.origin
        else:
            return None
        return entered_key(environment.get("MISTRAL_API_KEY", ""), origin)
    except (BadAddress, BadKey):
        return None
