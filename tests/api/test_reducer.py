import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.reducer import Reducer
from app.api.sse import Comment, Event, SSEDecoder
from app.core.completion import Completion, Delta
from app.core.parts import (
    DocumentPart,
    ImagePart,
    ReferencePart,
    RefusalPart,
    Source,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    UnknownPart,
)
from tests.api.reading import read
from tests.servers.fake_server import (
    DONE,
    at_random,
    completion,
    cut_at,
    delta,
    event,
    finish_event,
    single_bytes,
    text_event,
)


def choice(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, **fields}]}


# -- events that are no good chunks ---------------------------------------------------------------------


def test_Q01_progress_of_the_prompt_is_told() -> None:
    found = read(b": keepalive 2048/9013\n\n: ping\n\n" + text_event("a"))
    assert found.deltas[0] == Delta(progress=(2048, 9013))
    assert found.text == "a"


def test_Q02_a_comment_wrapped_as_data_is_a_comment() -> None:
    found = read(b"data: : OPENROUTER PROCESSING\n\n" + text_event("a"))
    assert (found.text, found.reducer.bad) == ("a", 0)


def test_Q01_comments_are_no_payload() -> None:
    assert not read(b": ping\n\ndata: : PROCESSING\n\n").reducer.payloads
    assert read(text_event("a")).reducer.payloads == 1


@pytest.mark.parametrize(
    "body",
    [
        b'data: {"choices":[{"delta":{"content":"a"}}]}\ndata: {"choices":[{"delta":{"content":"b"}}]}\n\n',
        b'data: {"choices":[{"delta":{"content":"a"}}]}{"choices":[{"delta":{"content":"b"}}]}\n\n',
        (
            b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
            b'data: {"object":"chat.cdata: {"choices":[{"delta":{"content":"b"}}]}\n\n'
        ),
        b'data: {"choices":[{"delta":{"content":"a"}}]} data: {"choices":[{"delta":{"content":"b"}}]}\n\n',
    ],
)
def test_Q11_glued_and_garbled_events_give_what_is_whole_in_them(body: bytes) -> None:
    assert read(body).text == "ab"


@pytest.mark.parametrize(
    "bad", ["{malformed json: <<<chaos>>>", "null", "[]", "42", '"text"', "{", "}{", "[" * 100_000]
)
def test_Q12_a_bad_event_is_skipped(bad: str) -> None:
    found = read(text_event("a") + event(bad) + text_event("b"))
    assert found.text == "ab"


def test_Q12_bad_events_are_counted_and_a_good_one_makes_up_for_them() -> None:
    found = read(event("{bad") * 3 + text_event("a") + event("{bad") * 2)
    assert (found.reducer.bad, found.reducer.bad_in_a_row) == (5, 2)


def test_Q13_numbers_that_json_does_not_have() -> None:
    body = (
        b'data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"logprob":-Infinity},'
        b'{"logprob":NaN}]}}]}\n\n'
    )
    assert read(body).text == "a"


@pytest.mark.parametrize(
    "done",
    [
        b"data: [DONE]\n\n",
        b"data: [DONE] \n\n",
        b"data:[DONE]\n\n",
        b"data:  [DONE]\n\n",
        b'data: "[DONE]"\n\n',
    ],
)
def test_Q16_every_way_to_say_done(done: bytes) -> None:
    assert read(text_event("a") + done).reducer.is_done


# -- shapes of chunks -----------------------------------------------------------------------------------


def test_Q26_empty_choices_anywhere() -> None:
    body = (
        event({"choices": [], "prompt_filter_results": []})
        + text_event("a")
        + event({"choices": [], "created": 0, "id": "", "model": "", "usage": None})
        + text_event("b")
        + event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})
    )
    found = read(body)
    assert found.text == "ab"
    assert found.completion.usage is not None
    assert found.completion.usage.completion_tokens == 2


@pytest.mark.parametrize(
    "chunk",
    [
        choice(finish_reason=None),
        choice(delta=None),
        {"choices": None},
        {"x_groq": {"id": "x"}},
        {"choices": [None]},
        {"choices": ["text"]},
        {"choices": {"delta": {}}},
        {"choices": [{"index": [], "delta": {"content": 5}}]},
        {"choices": [{"index": {}, "delta": [1]}]},
        {"choices": 7},
        {},
    ],
)
def test_Q27_missing_and_mistyped_fields(chunk: Any) -> None:
    assert read(text_event("a") + event(chunk) + text_event("b")).text == "ab"


def test_Q28_the_role_says_nothing() -> None:
    body = (
        event(delta(role="assistant"))
        + event(delta(role="assistant", content=None))
        + event(delta(role="assistant", content="a"))
        + event(delta(content="b"))
        + event(delta(role="assistant", content=""))
    )
    assert read(body).parts == (TextPart("ab"),)


def test_Q29_absent_keys() -> None:
    assert read(event({"choices": [{"delta": {"content": "x"}}]})).text == "x"


def test_Q30_a_message_in_place_of_deltas() -> None:
    assert read(event(choice(message={"content": "whole"}))).text == "whole"


def test_Q30_a_message_that_repeats_the_deltas_is_not_shown_twice() -> None:
    body = text_event("Hel") + text_event("lo") + event(choice(message={"content": "Hello"}))
    assert read(body).text == "Hello"


def test_Q30_a_message_that_goes_on_adds_only_its_rest() -> None:
    body = text_event("Hel") + event(choice(message={"content": "Hello"}, finish_reason="stop"))
    assert read(body).text == "Hello"


def test_Q30_with_both_the_delta_counts() -> None:
    body = event(choice(delta={"content": "a"}, message={"content": "a"})) + event(
        choice(delta={"content": "b"}, message={"content": "ab"})
    )
    assert read(body).text == "ab"


def test_Q31_content_that_turns_from_string_to_list_and_back() -> None:
    body = (
        event(delta(role="assistant", content=""))
        + event(
            delta(
                content=[{"type": "thinking", "thinking": [{"type": "text", "text": "1."}], "closed": True}]
            )
        )
        + event(
            delta(
                content=[
                    {"type": "thinking", "thinking": [{"type": "text", "text": " 2."}], "closed": True},
                    {"type": "text", "text": "3"},
                ]
            )
        )
        + event(delta(content="91"))
    )
    assert read(body).parts == (ThinkingPart("1. 2."), TextPart("391"))


def test_what_a_search_found_is_a_reference_with_its_source() -> None:
    found = {"type": "tool_reference", "tool": "web_search", "title": "A page", "url": "https://h/a"}
    untitled = {"type": "tool_reference", "tool": "web_search", "title": None, "url": "https://h/b"}
    parts = read(event(delta(content=[found, untitled]))).parts
    assert parts == (
        ReferencePart(("https://h/a",), (Source("https://h/a", "A page", "https://h/a"),)),
        ReferencePart(("https://h/b",), (Source("https://h/b", "", "https://h/b"),)),
    )


def test_Q31_every_kind_of_part() -> None:
    parts = [
        {"type": "text", "text": "See"},
        {"type": "reference", "reference_ids": [0, 2]},
        {"type": "image_url", "image_url": "https://h/a.png"},
        {"type": "image_url", "image_url": {"url": "https://h/b.png"}},
        {"type": "document_url", "document_url": "https://h/c.pdf", "document_name": "C"},
        {"type": "hologram", "data": [1]},
    ]
    found = read(event(delta(content=parts))).parts
    assert found[:5] == (
        TextPart("See"),
        ReferencePart(("0", "2")),
        ImagePart("https://h/a.png"),
        ImagePart("https://h/b.png"),
        DocumentPart("https://h/c.pdf", "C"),
    )
    assert isinstance(found[5], UnknownPart)
    assert json.loads(found[5].raw) == {"type": "hologram", "data": [1]}


@pytest.mark.parametrize(
    "fields",
    [
        {"reasoning_content": "why"},
        {"reasoning": "why"},
        {"thinking": "why"},
        {"reasoning_details": [{"type": "reasoning.text", "text": "why"}]},
        {"reasoning_content": "", "reasoning": "why"},
        {"reasoning_content": "why", "reasoning": "why", "reasoning_details": [{"text": "why"}]},
    ],
)
def test_Q32_thoughts_in_every_field_and_never_twice(fields: dict[str, Any]) -> None:
    assert read(event(delta(**fields)) + text_event("so")).parts == (ThinkingPart("why"), TextPart("so"))


def test_Q33_thoughts_in_tags() -> None:
    found = read(text_event("<think>\nwhy</think>\n\nso"))
    assert (found.thinking.strip(), found.text) == ("why", "so")


@pytest.mark.parametrize("place", range(1, 24))
def test_Q33_tags_cut_anywhere(place: int) -> None:
    text = "<think>why</think>so <think> on"
    found = read(text_event(text[:place]) + text_event(text[place:]))
    assert (found.thinking, found.text) == ("why", "so <think> on")


@pytest.mark.parametrize(
    "text", ["Use `<think>` here</think>.", "<thin air", "<", "a<think>b</think>", " \n<b>"]
)
def test_Q33_a_tag_that_does_not_begin_the_answer_is_text(text: str) -> None:
    for cut in (text, *text):
        assert cut
    found = read(b"".join(text_event(character) for character in text))
    assert (found.thinking, found.text) == ("", text)


def test_Q33_a_thought_without_an_end_is_a_thought() -> None:
    assert read(text_event("<think>I was cut o") + text_event("ff</thi")).thinking == "I was cut off</thi"


def test_Q34_a_thought_sent_whole_and_then_again_is_shown_once() -> None:
    thought = "The user greets me, so I should greet back and ask what is needed."
    pieces = [thought[at : at + 5] for at in range(0, len(thought), 5)]
    body = b"".join(event(delta(reasoning_content=piece)) for piece in (thought, *pieces)) + text_event("Hi")
    assert read(body).parts == (ThinkingPart(thought), TextPart("Hi"))


def test_Q34_a_thought_that_only_begins_alike_is_kept() -> None:
    thought = "First I look at the question as a whole, then at its parts. "
    again = "First I look again."
    body = b"".join(event(delta(reasoning_content=piece)) for piece in (thought, "First ", again[6:]))
    assert read(body).thinking == thought + again


def tools(*fragments: Any) -> bytes:
    return b"".join(event(delta(tool_calls=fragment)) for fragment in fragments)


@pytest.mark.parametrize(
    "body",
    [
        tools([{"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x":1}'}}]),
        tools([{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]),
        tools(
            [{"index": 0, "id": "a", "function": {"name": "f", "arguments": ""}}],
            [{"index": 0, "id": "", "function": {"name": "", "arguments": '{"x"'}}],
            [{"index": 0, "id": None, "function": {"name": None, "arguments": ":1}"}}],
        ),
        tools(
            [{"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x"'}}],
            [{"index": 0, "id": "a", "function": {"name": "f", "arguments": ":1}"}}],
        ),
        tools(
            [{"id": "a", "function": {"name": "f", "arguments": '{"x"'}}],
            [{"function": {"arguments": ":1}"}}],
        ),
        tools(
            [{"index": 0, "function": {"name": "f", "arguments": ""}}],
            [{"index": 0, "id": "a", "function": {"arguments": '{"x":1}'}}],
        ),
    ],
)
def test_Q35_one_call_in_every_way(body: bytes) -> None:
    (call,) = [
        part for part in read(body + finish_event("tool_calls")).parts if isinstance(part, ToolCallPart)
    ]
    assert (call.call_id, call.name) == ("a", "f")
    assert json.loads(call.arguments) == {"x": 1}


@pytest.mark.parametrize(
    "body",
    [
        tools(
            [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}],
            [{"index": 0, "id": "b", "function": {"name": "g", "arguments": "{}"}}],
        ),
        tools(
            [
                {"id": "a", "function": {"name": "f", "arguments": "{}"}},
                {"id": "b", "function": {"name": "g", "arguments": "{}"}},
            ]
        ),
        tools(
            [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}],
            [{"index": 1, "id": "b", "function": {"name": "g", "arguments": "{"}}],
            [{"index": 0, "function": {"arguments": "}"}}, {"index": 1, "function": {"arguments": "}"}}],
        ),
    ],
)
def test_Q35_parallel_calls_stay_apart(body: bytes) -> None:
    calls = [part for part in read(body).parts if isinstance(part, ToolCallPart)]
    assert calls == [ToolCallPart("a", "f", "{}"), ToolCallPart("b", "g", "{}")]


def test_Q36_a_refusal_is_shown_as_what_it_is() -> None:
    assert read(event(delta(refusal="I can't")) + event(delta(refusal=" do that."))).parts == (
        RefusalPart("I can't do that."),
    )


def test_Q36_an_empty_answer_with_a_filter_tells_of_it() -> None:
    assert read(event(delta(content="")) + finish_event("content_filter")).completion.finish_reason == (
        "content_filter"
    )


@pytest.mark.parametrize(
    "reason", ["stop", "length", "model_length", "tool_calls", "content_filter", "eos_token"]
)
def test_Q37_reasons_to_finish(reason: str) -> None:
    assert read(text_event("a") + finish_event(reason)).completion.finish_reason == reason


@pytest.mark.parametrize("none", ["", None, 5, [], {}])
def test_Q37_what_is_no_reason(none: Any) -> None:
    assert read(event(choice(delta={"content": "a"}, finish_reason=none))).completion.finish_reason is None


@pytest.mark.parametrize("reason", ["error", "network_error"])
def test_Q37_an_error_as_the_reason_is_a_failure(reason: str) -> None:
    found = read(text_event("a") + finish_event(reason))
    assert found.text == "a"
    assert found.reducer.failure is not None


def test_Q38_the_last_reason_counts_and_text_goes_on_after_the_first() -> None:
    body = (
        event(choice(delta={"content": "a"}, finish_reason="tool_calls"))
        + event({"id": "other", **choice(delta={"content": "b"})})
        + finish_event("stop")
    )
    found = read(body)
    assert (found.text, found.completion.finish_reason) == ("ab", "stop")


USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}


@pytest.mark.parametrize(
    "chunk",
    [
        {**choice(delta={}, finish_reason="stop"), "usage": USAGE},
        {"choices": [], "usage": USAGE},
        {**choice(delta={}), "usage": USAGE},
        choice(delta={}, usage=USAGE),
        {"choices": [], "x_groq": {"usage": USAGE}},
        {"object": "chat.completion", "choices": [], "usage": USAGE},
        {"usage": {**USAGE, "prompt_tokens": 3.0, "cost": 0.5, "service_tier": "x"}},
    ],
)
def test_Q39_usage_wherever_it_is(chunk: dict[str, Any]) -> None:
    usage = read(text_event("a") + event(chunk)).completion.usage
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens) == (3, 4)


def test_Q39_the_last_usage_wins_and_ends_nothing() -> None:
    body = b"".join(
        event({**choice(delta={"content": "a"}), "usage": {"prompt_tokens": 3, "completion_tokens": count}})
        for count in (1, 2, 3)
    )
    found = read(body)
    assert found.text == "aaa"
    assert found.completion.usage is not None
    assert found.completion.usage.completion_tokens == 3


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 0, "completion_tokens": 0},
        {},
        None,
        [],
        "7",
        {"prompt_tokens": "3"},
        {"prompt_tokens": True},
    ],
)
def test_Q39_zeros_and_nonsense_are_no_usage(usage: Any) -> None:
    assert read(event({"choices": [], "usage": usage})).completion.usage is None


def test_Q39_what_else_the_server_counts_is_kept() -> None:
    usage = read(
        event(
            {
                "usage": {
                    **USAGE,
                    "prompt_tokens_details": {"cached_tokens": 2},
                    "completion_tokens_details": {"reasoning_tokens": 1},
                    "cost": 0.5,
                }
            }
        )
    ).completion.usage
    assert usage is not None
    assert (usage.cached_tokens, usage.reasoning_tokens) == (2, 1)
    assert json.loads(usage.extra)["cost"] == 0.5


def test_Q40_only_the_first_choice_is_shown() -> None:
    both = {
        "choices": [
            {"index": 1, "delta": {"content": "other"}},
            {"index": 0, "delta": {"content": "a"}},
        ]
    }
    unnumbered = {"choices": [{"delta": {"content": "b"}}, {"delta": {"content": "other"}}]}
    only_other = {"choices": [{"index": 1, "delta": {"content": "other"}}]}
    assert read(event(both) + event(unnumbered) + event(only_other)).text == "ab"


def test_Q41_padding_and_changing_names_change_nothing() -> None:
    body = event({**delta(content="a"), "id": "1", "model": "m@main", "p": "abcdefgh", "created": 0}) + event(
        {**delta(content="b"), "id": "2", "model": "m@main", "p": "abc"}
    )
    found = read(body)
    assert (found.text, found.completion.served_model) == ("ab", "m@main")


def test_Q42_a_pair_of_surrogates_cut_between_two_events_is_joined() -> None:
    first = b'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n'
    body = first + b'data: {"choices":[{"delta":{"content":"\\ude42b"}}]}\n\n'
    assert read(body).text == "a🙂b"


def test_Q42_lone_halves_and_nul_do_not_survive() -> None:
    body = (
        b'data: {"choices":[{"delta":{"content":"a\\ud83d","reasoning_content":"t\\u0000\\ude42"}}]}\n\n'
        b'data: {"choices":[{"delta":{"content":"b\\u0000\\u001f\\ude42c"}}]}\n\n'
        b'data: {"model":"m\\ud83d","id":"\\ude00","choices":[{"delta":{"content":"\\ud83d"}}]}\n\n'
    )
    found = read(body)
    assert found.text == "a\ufffdb\x1f\ufffdc\ufffd"
    assert found.thinking == "t\ufffd"
    repr(found.completion).encode()


def test_Q43_the_same_chunk_for_ever_is_not_judged() -> None:
    assert read(text_event("ha ") * 300).text == "ha " * 300


# -- errors inside a stream -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        event({"error": {"message": "boom"}}),
        event({"error": {"message": "boom"}}, "error"),
        event({"object": "error", "message": "boom"}),
        event({"object": "Error", "message": "boom"}),
        event({"error": "boom"}),
        event({**choice(delta={}, finish_reason="error"), "error": {"message": "boom"}}),
        event(choice(error={"message": "boom"})),
        event({"detail": "boom"}),
        event({"message": "boom"}, "error"),
    ],
)
def test_Q49_errors_in_every_form_keep_the_text(bad: bytes) -> None:
    found = read(text_event("so far") + bad)
    assert found.text == "so far"
    assert found.reducer.failure is not None
    assert "boom" in json.dumps(found.reducer.failure)


@pytest.mark.parametrize("fine", [None, "", {}, [], False, 0])
def test_Q49_an_empty_error_is_none(fine: Any) -> None:
    found = read(event({**delta(content="a"), "error": fine}) + text_event("b"))
    assert (found.text, found.reducer.failure) == ("ab", None)


def test_SEC_15_events_of_unknown_names_have_no_effect_of_their_own() -> None:
    body = event({"cmd": "open", "url": "file:///etc/passwd"}, "run") + event(delta(content="a"), "set-key")
    found = read(body)
    assert found.parts == (TextPart("a"),)
    assert found.reducer.failure is None


# -- whatever comes -------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
EXAMPLES = 400 if os.environ.get("SIROCCO_HEAVY") else 60
FIELDS = [
    *("choices", "delta", "message", "content", "text", "type", "thinking", "closed", "image_url", "url"),
    *("document_url", "reference_ids", "index", "role", "reasoning", "reasoning_content"),
    *("reasoning_details", "tool_calls", "function", "name", "arguments", "id", "finish_reason", "usage"),
    *("prompt_tokens", "completion_tokens", "prompt_tokens_details", "cached_tokens", "x_groq", "error"),
    *("object", "model", "refusal", "detail"),
]
CHUNKY = st.recursive(
    JSON | st.sampled_from(["text", "thinking", "reference", "image_url", "error", "<think>", "stop", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=20,
)
NEARLY = st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.fixed_dictionaries({"delta": st.dictionaries(st.sampled_from(FIELDS), CHUNKY)}) | CHUNKY
        )
    }
)


@settings(max_examples=EXAMPLES)
@given(st.lists(JSON | CHUNKY | NEARLY, max_size=5))
def test_no_json_makes_the_reducer_fail(chunks: list[Any]) -> None:
    reducer, reply = Reducer(), Completion()
    for chunk in chunks:
        for one in reducer.feed(Event(json.dumps(chunk), "error" if chunk == [] else "")):
            reply = reply.plus(one)
    reply = reply.plus(reducer.finish())
    # What came out can be stored and sent.
    repr(reply).encode("utf-8")
    for part in reply.parts:
        repr(part).encode("utf-8")
        if isinstance(part, TextPart | ThinkingPart):
            part.text.encode("utf-8")


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")), st.text(max_size=5)
)
def test_no_text_makes_the_reducer_fail(data: str, name: str) -> None:
    reducer = Reducer()
    reducer.feed(Event(data, name))
    reducer.feed(Event("{" + data, name, is_cut=True))
    reducer.feed(Comment(data))
    reducer.finish()


@given(st.binary(max_size=200))
def test_no_bytes_make_the_decoder_or_the_reducer_fail(body: bytes) -> None:
    decoder, reducer = SSEDecoder(), Reducer()
    for one in (*decoder.feed(body), *decoder.finish()):
        reducer.feed(one)


BODIES = (
    b"\xef\xbb\xbf: ping\r\n\r\n"
    + text_event("Grüße 🙂")
    + text_event("漢字")
    + finish_event(usage=USAGE)
    + DONE,
    text_event("<think>warum</think>") + text_event("dá\u2028rum") + finish_event("length"),
    event(delta(reasoning_content="é"))
    + text_event("a")
    + b"data: {garbled\r\rdata: {}\r\r"
    + text_event("b"),
    tools([{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}])
    + finish_event("tool_calls"),
    text_event("so far") + event({"error": {"message": "boom"}}),
)


@pytest.mark.parametrize("body", BODIES)
def test_REL_11_bytes_cut_at_every_position_give_the_same_reply(body: bytes) -> None:
    expected = read(body)
    for place in range(1, len(body)):
        found = read(body, cut_at(place))
        assert (found.completion, found.reducer.failure) == (expected.completion, expected.reducer.failure)
    assert read(body, single_bytes).completion == expected.completion


@given(
    st.lists(
        st.text(max_size=6).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)), max_size=6
    ),
    st.integers(0, 10_000),
)
def test_REL_11_any_text_survives_any_cutting(texts: list[str], seed: int) -> None:
    body = b"".join(map(text_event, texts)) + DONE
    found = read(body, at_random(seed))
    if not "".join(texts).lstrip().startswith("<think"):
        assert found.text == "".join(texts).replace("\0", "")


def test_two_mebibytes_in_single_characters_take_linear_time() -> None:
    reducer = Reducer()
    chunk = Event(json.dumps(delta(content="x")))
    text = [delta for _ in range(100_000) for delta in reducer.feed(chunk)]
    assert len(text) == 100_000


def test_a_whole_completion_is_read_like_a_stream() -> None:
    reducer = Reducer()
    one = reducer.feed_object(completion("<think>why</think>so", reasoning_content=""))
    reply = Completion().plus(one).plus(reducer.finish())
    assert reply.parts == (ThinkingPart("why"), TextPart("so"))
    assert (reply.finish_reason, reply.served_model) == ("stop", "test-model")
    assert reply.usage is not None
