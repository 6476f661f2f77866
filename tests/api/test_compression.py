"""Answers that come compressed all the same (wire.md Q69), within limits."""

import gzip
import json
import os
import zlib

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.compression import Unpacker, UnpackError
from app.core.errors import AnswerTooLarge, ChatError, ConnectionLost, KeyNeeded, KeyRejected, UnknownAnswer
from tests.api.asking import Outcome, ask, key_for
from tests.servers.fake_server import (
    DONE,
    Cut,
    FakeServer,
    at_random,
    completion,
    finish_event,
    raw,
    reply,
    single_bytes,
    text_event,
    whole,
)

BODY = text_event("Hel") + text_event("lo") + finish_event() + DONE


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def asked_of(body: bytes, encoding: str, cut: Cut = whole, status: int = 200) -> Outcome:
    with FakeServer(reply(status, body, f"Content-Encoding: {encoding}", cut=cut)) as server:
        return ask(server.url)


@pytest.mark.parametrize("cut", [whole, single_bytes, at_random(3)])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("gzip", gzip.compress(BODY), id="gzip"),
        pytest.param("x-gzip", gzip.compress(BODY), id="x-gzip"),
        pytest.param("GZIP", gzip.compress(BODY), id="capitals"),
        pytest.param("gzip", b"".join(map(gzip.compress, (BODY[:30], b"", BODY[30:]))), id="three in a row"),
        pytest.param("deflate", zlib.compress(BODY), id="deflate"),
        pytest.param("deflate", raw_deflate(BODY), id="deflate without a head"),
        pytest.param("identity", BODY, id="identity"),
        pytest.param("gzip", BODY, id="said to be packed and isn't"),
    ],
)
def test_Q69_what_can_be_unpacked_is(encoding: str, body: bytes, cut: Cut) -> None:
    outcome = asked_of(body, encoding, cut)
    assert (outcome.text, outcome.error) == ("Hello", None)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_Q69_what_can_not_be_unpacked_is_refused(encoding: str) -> None:
    error = asked_of(b"\x1b\x2f\x00" * 50, encoding).error
    assert isinstance(error, UnknownAnswer)
    assert "compressed" in error.details.reason
    assert encoding in error.details.reason


def test_Q69_a_broken_pack_is_refused() -> None:
    packed = bytearray(gzip.compress(os.urandom(4000)))
    packed[100:110] = b"\0" * 10
    error = asked_of(bytes(packed), "gzip").error
    assert isinstance(error, UnknownAnswer)
    assert error.details.reason == "its compression is broken"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(BODY[:-70], ConnectionLost), (json.dumps(completion("Hello")).encode(), UnknownAnswer)],
)
def test_Q69_half_a_pack_is_not_complete(body: bytes, kind: type[ChatError]) -> None:
    assert isinstance(asked_of(gzip.compress(body)[:-14], "gzip").error, kind)


def test_Q69_the_status_of_an_error_counts_whatever_its_body_is() -> None:
    with FakeServer(reply(401, b"\x8b\x00", "Content-Encoding: br")) as server:
        assert isinstance(ask(server.url).error, KeyNeeded)
        assert isinstance(ask(server.url, key=key_for(server.url)).error, KeyRejected)


def test_Q69_the_text_of_an_error_is_unpacked_too() -> None:
    error = asked_of(gzip.compress(b'{"error":{"message":"boom"}}'), "gzip", status=400).error
    assert error is not None
    assert error.details.server_text == "boom"
    assert asked_of(b"xx", "br", status=429).error.__class__.__name__ == "RateLimited"


def test_Q69_a_bomb_fills_no_memory() -> None:
    bomb = gzip.compress(b"data: " + b"x" * 300_000_000, 9)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with FakeServer(raw(head + bomb)) as server:
        before = psutil.Process().memory_info().rss
        error = ask(server.url).error
        after = psutil.Process().memory_info().rss
    assert isinstance(error, UnknownAnswer | AnswerTooLarge)
    assert after - before < 8 * 1024 * 1024


def test_Q69_what_is_merely_repetitive_is_no_bomb() -> None:
    body = text_event("ha ") * 2000 + finish_event() + DONE
    assert asked_of(gzip.compress(body), "gzip").text == "ha " * 2000


@given(st.binary(max_size=500), st.integers(0, 99), st.sampled_from(["gzip", "deflate"]))
def test_Q69_unpacking_does_not_depend_on_where_bytes_are_cut(data: bytes, seed: int, encoding: str) -> None:
    packed = gzip.compress(data) if encoding == "gzip" else zlib.compress(data)
    unpacker = Unpacker(encoding)
    assert b"".join(out for piece in at_random(seed)(packed) for out in unpacker.feed(piece)) == data


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "identity", ""]))
def test_Q69_no_bytes_make_it_fail_otherwise(data: bytes, encoding: str) -> None:
    unpacker = Unpacker(encoding)
    try:
        for piece in single_bytes(data):
            b"".join(unpacker.feed(piece))
    except UnpackError:
        return
