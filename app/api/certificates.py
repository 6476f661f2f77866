"""Whom to trust with TLS: the system's store, certifi's list, and the person's file (wire.md Q73)."""

from __future__ import annotations

import re
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

# Where systems keep their list when OpenSSL was built elsewhere, as the one in a packaged app is.
_LISTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def tls_context(ca_file: str, environment: Mapping[str, str]) -> tuple[ssl.SSLContext, tuple[str, ...]]:
    """Make the one context of a client, and plain sentences about files that could not be read.

    At least TLS 1.2; verification can't be turned off, and no session keys are ever written, whatever
    SSLKEYLOGFILE says (SEC-07).
    """
    import certifi

    context = _context_of_the_system()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certifi.where())
    warnings = []
    for path, what in (
        (ca_file, "The certificate file in the settings"),
        (environment.get("SSL_CERT_FILE", ""), "The certificate file that SSL_CERT_FILE names"),
    ):
        if path and not _load(context, Path(path).expanduser()):
            warnings.append(f"{what} can't be read, so it is not used.")
    folder = environment.get("SSL_CERT_DIR", "")
    if folder and Path(folder).is_dir():
        context.load_verify_locations(capath=folder)
    elif folder:
        warnings.append("SSL_CERT_DIR names no folder, so it is not used.")
    return context, tuple(warnings)


def _context_of_the_system() -> ssl.SSLContext:
    if sys.platform in {"darwin", "win32"}:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Here truststore would read the same files, but anew at each connection (21 ms each, measured).
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    paths = ssl.get_default_verify_paths()
    folder = Path(paths.openssl_capath)
    if folder.is_dir() and any(re.fullmatch(r"[0-9a-f]{8}\.\d+", path.name) for path in folder.iterdir()):
        # Looked into when one of them is wanted; nothing is read now.
        context.load_verify_locations(capath=folder)
        return context
    found = next((path for path in (paths.openssl_cafile, *_LISTS) if Path(path).is_file()), None)
    if found is not None:
        _load(context, Path(found))
    return context


def _load(context: ssl.SSLContext, path: Path) -> bool:
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError):
        return False
    return True
