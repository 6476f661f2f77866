"""Whom to trust with TLS: the system's store, certifi's list, and the person's file (wire.md Q73)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path


def tls_context(ca_file: str, environment: Mapping[str, str]) -> tuple[ssl.SSLContext, tuple[str, ...]]:
    """Make the one context of a client, and plain sentences about files that could not be read.

    At least TLS 1.2; verification can't be turned off, and no session keys are ever written, whatever
    SSLKEYLOGFILE says (SEC-07).
    """
    import certifi
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certifi.where())
    warnings = []
    for path, what in (
        (ca_file, "The certificate file in the settings"),
        (environment.get("SSL_CERT_FILE", ""), "The certificate file that SSL_CERT_FILE names"),
    ):
        if not path:
            continue
        try:
            context.load_verify_locations(cafile=Path(path).expanduser())
        except (OSError, ssl.SSLError):
            warnings.append(f"{what} can't be read, so it is not used.")
    return context, tuple(warnings)
