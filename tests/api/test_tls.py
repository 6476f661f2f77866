"""Identity of servers (wire.md Q73, SEC-07): nothing is sent to whom can't show it."""

import socket
import ssl
import warnings
from pathlib import Path
from typing import Any

import pytest

from app.api.certificates import tls_context
from app.core.errors import CertificateProblem
from tests.api.asking import QUICK_CONNECT, SECRET, ask, asked, client, key_for, run
from tests.servers.fake_proxy import Babbler
from tests.servers.fake_server import FakeServer, stream
from tests.servers.tls import Authority

HERE = "127.0.0.1"


def old(context: ssl.SSLContext) -> ssl.SSLContext:
    """A server that knows nothing newer than TLS 1.1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def test_Q73_the_persons_own_authority_is_trusted(authority: Authority) -> None:
    with FakeServer(stream("fine"), tls=authority.context_of(HERE)) as server:
        assert ask(server.url, ca_file=authority.ca_file).text == "fine"
        assert ask(server.url, environment={"SSL_CERT_FILE": authority.ca_file}).text == "fine"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unknown", "somebody whom this computer does not know"),
        ("expired", "has expired"),
        ("name", "for another"),
        ("address", "for another"),
        ("old", "outdated"),
    ],
)
def test_Q73_who_can_not_show_its_identity_gets_nothing(
    fault: str, reason: str, authority: Authority
) -> None:
    context = {
        "unknown": lambda: authority.context_of(HERE),
        "expired": lambda: authority.context_of(HERE, days=-1),
        "name": lambda: authority.context_of("other.example"),
        "address": lambda: authority.context_of("127.0.0.2"),
        "old": lambda: old(authority.context_of(HERE)),
    }[fault]()
    with FakeServer(tls=context) as server:
        ca_file = "" if fault == "unknown" else authority.ca_file
        error = ask(server.url, key=key_for(server.url), ca_file=ca_file).error
        assert isinstance(error, CertificateProblem)
        assert reason in error.details.reason
        server.wait_until_all_closed()
        assert (server.exchanges, server.bytes_of_http) == ([], 0)


def test_Q73_what_does_not_speak_tls_gets_nothing() -> None:
    with FakeServer() as server:
        error = ask(
            server.url.replace("http", "https"), key=key_for(server.url), timeouts=QUICK_CONNECT
        ).error
        assert error is not None
        # All that came is the greeting of TLS, in whatever way a server of plain HTTP splits that.
        for request in server.requests:
            assert request.method != "POST"
            assert SECRET not in repr(request)


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x28"])
def test_Q73_a_greeting_that_fails(says: bytes) -> None:
    with Babbler(says) as server:
        error = ask(f"https://{HERE}:{server.port}/v1").error
        assert isinstance(error, CertificateProblem)
        assert error.details.reason


def test_Q73_a_greeting_that_never_ends() -> None:
    with socket.create_server((HERE, 0)) as listener:
        error = ask(f"https://{HERE}:{listener.getsockname()[1]}/v1", timeouts=QUICK_CONNECT).error
        assert isinstance(error, CertificateProblem)
        assert "secure greeting" in str(error)


@pytest.mark.parametrize("content", [None, "no certificate", ""])
def test_Q73_a_bad_file_is_a_warning_and_no_fault(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    context, told = tls_context(str(path), {"SSL_CERT_FILE": str(path), "SSL_CERT_DIR": str(path)})
    assert len(told) == 3
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_Q73_the_warning_is_told_once_it_is_known(authority: Authority) -> None:
    made = client(ca_file="/nowhere/ca.pem")
    assert made.warnings == ()
    with FakeServer(tls=authority.context_of(HERE)) as server:

        async def warned(chat: Any) -> tuple[str, ...]:
            await asked(chat, server.url)
            told: tuple[str, ...] = chat.warnings
            return told

        assert len(run(warned, ca_file="/nowhere/ca.pem")) == 1


def test_SEC_07_session_keys_are_written_nowhere(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    context, _ = tls_context("", {})
    assert context.keylog_filename is None
    with FakeServer(stream("fine"), tls=authority.context_of(HERE)) as server:
        environment = {"SSLKEYLOGFILE": str(keys)}
        assert ask(server.url, ca_file=authority.ca_file, environment=environment).text == "fine"
    assert not keys.exists()


def test_SEC_07_at_least_tls_1_2_and_always_checked() -> None:
    context, told = tls_context("", {})
    assert told == ()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_Q73_the_known_authorities_are_trusted() -> None:
    context, _ = tls_context("", {})
    assert len(context.get_ca_certs()) > 50
