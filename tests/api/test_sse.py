import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.sse import MAX_EVENT, Comment, Event, SSEDecoder
from app.core.errors import AnswerTooLarge
from tests.servers.fake_server import Cut, at_random, cut_at, kibibytes, single_bytes, whole


def decoded(body: bytes, cut: Cut = whole) -> list[Event | Comment]:
    decoder = SSEDecoder()
    events = [event for piece in cut(body) for event in decoder.feed(piece)]
    return events + decoder.finish()


def data_of(body: bytes) -> list[str]:
    return [event.data for event in decoded(body) if isinstance(event, Event)]


def test_Q01_comments_are_signs_of_life_between_events() -> None:
    body = b": OPENROUTER PROCESSING\n\n:\n\ndata: 1\n\n: keepalive 2048/9013\n\ndata: 2\n\n"
    assert data_of(body) == ["1", "2"]
    assert [event.text for event in decoded(body) if isinstance(event, Comment)] == [
        "OPENROUTER PROCESSING",
        "",
        "keepalive 2048/9013",
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("cut", [whole, single_bytes, at_random(3), kibibytes])
def test_Q01_of_a_flood_of_comments_the_last_is_told(end: bytes, cut: Cut) -> None:
    comments = b"".join(b": keepalive %d/900%s" % (number, end * 2) for number in range(901))
    body = b"data: 1" + end * 2 + comments + b"event: e" + end + b"data: 2" + end * 2
    assert last_comments(decoded(body, cut)) == [Event("1"), Comment("keepalive 900/900"), Event("2", "e")]


@pytest.mark.parametrize(
    "blank",
    [b"retry: 1000\n\n", b"event: ping\n\n", b"id: 7\n\n", b"data:\n\n", b"data\n\n", b"data:   \n\n"],
)
def test_Q03_an_event_without_data_is_no_event(blank: bytes) -> None:
    assert data_of(blank + b"id: 7\ndata: 1\n\n" + blank) == ["1"]


def test_Q04_any_number_of_spaces_after_the_colon() -> None:
    assert [data.strip() for data in data_of(b"data:1\n\ndata:  2\n\ndata: 3\n\n")] == ["1", "2", "3"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("cut", [whole, single_bytes])
def test_Q05_every_line_end(end: bytes, cut: Cut) -> None:
    body = b"data: 1" + end * 2 + b"event: e" + end + b"data: 2" + end * 2
    assert decoded(body, cut) == [Event("1"), Event("2", "e")]


def test_Q05_a_lone_cr_ends_the_event_at_once() -> None:
    assert SSEDecoder().feed(b"data: 1\r\n\r") == [Event("1")]


def test_Q05_the_lf_of_a_split_crlf_is_no_blank_line() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: 1\r") == []
    assert decoder.feed(b"\ndata: 2\r") == []
    assert decoder.feed(b"\n\r\n") == [Event("1\n2")]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_Q06_only_cr_and_lf_end_a_line(character: str) -> None:
    assert data_of(f"data: a{character}b\n\n".encode()) == [f"a{character}b"]


@pytest.mark.parametrize("cut", [whole, single_bytes])
def test_Q07_a_bom_at_the_start_goes(cut: Cut) -> None:
    assert decoded(b"\xef\xbb\xbfdata: 1\n\ndata: \xef\xbb\xbf2\n\n", cut) == [Event("1"), Event("\ufeff2")]


def test_Q08_characters_cut_anywhere() -> None:
    body = "data: 🙂é漢\r\n\r\n".encode()
    for place in range(len(body)):
        assert decoded(body, cut_at(place)) == [Event("🙂é漢")]


def test_Q08_bytes_that_are_no_utf8_do_not_end_the_stream() -> None:
    assert data_of(b"data: a\xff\xf0\x9fb\n\ndata: 2\n\n") == ["a\ufffd\ufffdb", "2"]


def test_Q10_several_data_lines_are_joined() -> None:
    assert data_of(b'data: {\ndata: "a":\ndata: 1}\n\n') == ['{\n"a":\n1}']


@pytest.mark.parametrize("tail", [b"", b"\n", b"\r", b"\r\n"])
def test_Q14_the_last_event_without_its_blank_line(tail: bytes) -> None:
    assert decoded(b"data: 1\n\ndata: 2" + tail) == [Event("1"), Event("2", is_cut=True)]


def test_Q25_two_megabytes_in_a_line() -> None:
    data = b"x" * 2_000_000
    assert decoded(b"data: " + data + b"\n\n", kibibytes) == [Event(data.decode())]


@pytest.mark.parametrize("line", [b"data: ", b": ", b"", b"unknown: "])
def test_Q25_a_line_past_the_limit_ends_the_stream(line: bytes) -> None:
    decoder = SSEDecoder()
    decoder.feed(line)
    with pytest.raises(AnswerTooLarge):
        feed_often(decoder, b"x" * 65536)


def test_Q25_an_event_of_many_lines_past_the_limit_ends_the_stream() -> None:
    decoder = SSEDecoder()
    with pytest.raises(AnswerTooLarge):
        feed_often(decoder, b"data: " + b"x" * 65536 + b"\n")


LINES = st.sampled_from(
    [
        b"data: 1",
        b"data:",
        b"data",
        b": c",
        b"event: e",
        b"id: 1",
        b"",
        b"",
        b"\xef\xbb\xbf",
        "data: é🙂".encode(),
    ]
)
BODIES = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"])), max_size=12).map(
    lambda lines: b"".join(line + end for line, end in lines)
)


@given(BODIES | st.binary(max_size=60), st.integers(0, 1000))
def test_REL_11_events_do_not_depend_on_where_bytes_are_cut(body: bytes, seed: int) -> None:
    expected = decoded(body)
    assert decoded(body, single_bytes) == expected
    assert decoded(body, at_random(seed)) == expected
    for place in range(len(body)):
        assert decoded(body, cut_at(place)) == expected


def last_comments(events: list[Event | Comment]) -> list[Event | Comment]:
    """Without the comments that another one follows."""
    return [
        one
        for one, following in zip(events, [*events, None][1:], strict=True)
        if not (isinstance(one, Comment) and isinstance(following, Comment))
    ]


def feed_often(decoder: SSEDecoder, data: bytes) -> None:
    for _ in range(MAX_EVENT // len(data) + 2):
        decoder.feed(data)
