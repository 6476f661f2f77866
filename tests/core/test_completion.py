from app.core.completion import Completion, Delta, ReplyState
from app.core.errors import ConnectionLost
from app.core.parts import TextPart, ThinkingPart, ToolCallPart
from app.core.usage import Usage, usage_from_data


def test_deltas_add_up_the_same_alone_and_as_a_burst() -> None:
    deltas = [
        Delta(parts=(ThinkingPart("Let me "),), served_model="m"),
        Delta(parts=(ThinkingPart("see", 1.5),)),
        Delta(parts=(TextPart("4"),)),
        Delta(parts=(TextPart("2"),), finish_reason="stop", usage=Usage(completion_tokens=2)),
    ]
    one_by_one, burst = Completion(), Delta()
    for delta in deltas:
        one_by_one = one_by_one.plus(delta)
        burst = burst.plus(delta)
    assert one_by_one == Completion().plus(burst)
    assert one_by_one.parts == (ThinkingPart("Let me see", 1.5), TextPart("42"))


def test_tool_calls_replace_what_was_known_of_them() -> None:
    first = Completion().plus(Delta(tool_calls=(ToolCallPart("a", "f", '{"x"'),)))
    whole = first.plus(Delta(tool_calls=(ToolCallPart("a", "f", '{"x": 1}'),)))
    assert whole.parts == (ToolCallPart("a", "f", '{"x": 1}'),)


def test_REL_10_a_reply_ends_once() -> None:
    stopped = Completion().ended(ReplyState.STOPPED)
    assert stopped.ended(ReplyState.FAILED, ConnectionLost()) is stopped
    assert stopped.error is None


def test_white_space_alone_is_nothing_to_read() -> None:
    assert Completion(parts=(TextPart(" \n"),)).is_empty
    assert not Completion(parts=(ToolCallPart("a", "f", ""),)).is_empty


def test_the_speed_counts_from_the_first_token() -> None:
    reply = Completion(usage=Usage(completion_tokens=100), seconds_to_first=1.0, seconds=3.0)
    assert reply.tokens_per_second == 50.0
    assert Completion(seconds=3.0).tokens_per_second is None


def test_usage_comes_back_and_wrong_types_count_as_not_given() -> None:
    usage = Usage(prompt_tokens=3, completion_tokens=4, cached_tokens=1, extra='{"cost": 0.1}')
    assert usage_from_data(usage.to_data()) == usage
    assert usage_from_data({"prompt_tokens": "many", "completion_tokens": True}) == Usage()
