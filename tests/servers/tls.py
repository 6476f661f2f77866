"""A certificate authority of the tests' own, and the TLS contexts of servers that it vouches for, or not."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import trustme


class Authority:
    """Signs certificates. `ca_file` is what a client must trust for them."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self._folder = folder
        self.ca_file = str(folder / "ca.pem")
        self._ca.cert_pem.write_to_path(self.ca_file)

    def context_of(self, *names: str, days: int = 30) -> ssl.SSLContext:
        """A server's context for these names; a negative number of `days` makes it expired."""
        until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
        since = until - datetime.timedelta(days=60)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names, not_before=since, not_after=until).configure_cert(context)
        return context
