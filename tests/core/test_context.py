import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.core.completion import Completion, ReplyState
from app.core.context import request_for
from app.core.conversation import Role, Turn
from app.core.parts import Part, TextPart, ThinkingPart


def user(text: str) -> Turn:
    return Turn("u", None, Role.USER, (TextPart(text),))


def assistant(*parts: Part, state: ReplyState = ReplyState.DONE) -> Turn:
    return Turn("a", None, Role.ASSISTANT, reply=Completion(parts=parts, state=state))


def system_turn(text: str) -> Turn:
    return Turn("s", None, Role.SYSTEM, (TextPart(text),))


turns = st.one_of(
    st.text(max_size=3).map(user),
    st.text(max_size=3).map(system_turn),
    st.builds(
        lambda text, state: assistant(TextPart(text), state=state),
        st.text(max_size=3),
        st.sampled_from(ReplyState),
    ),
)


@given(st.lists(turns), st.text(max_size=3))
def test_Q60_roles_alternate_after_one_system_message_and_the_user_is_last(
    path: list[Turn], system: str
) -> None:
    roles = [message.role for message in request_for(path, "m", system).messages]
    assert Role.SYSTEM not in roles[1:]
    talk = roles[1:] if roles[:1] == [Role.SYSTEM] else roles
    assert all(one is not next_one for one, next_one in itertools.pairwise(talk))
    assert not talk or talk[0] is talk[-1] is Role.USER
    for message in request_for(path, "m", system).messages:
        assert any(part.text.strip() for part in message.parts if isinstance(part, TextPart))


def test_Q60_what_follows_a_failed_answer_joins_the_question_before() -> None:
    failed = assistant(state=ReplyState.FAILED)
    request = request_for([user("one"), failed, user("two")], "m")
    assert [message.parts for message in request.messages] == [(TextPart("one\n\ntwo"),)]


def test_Q60_all_that_the_system_says_stands_first() -> None:
    request = request_for([user("one"), system_turn("Rhyme."), user("two")], "m", "Be brief.")
    assert [message.parts for message in request.messages] == [
        (TextPart("Be brief.\n\nRhyme."),),
        (TextPart("one\n\ntwo"),),
    ]


def test_Q60_an_answer_without_its_question_is_left_out() -> None:
    request = request_for([user(" "), assistant(TextPart("Hello")), user("hi")], "m")
    assert [message.role for message in request.messages] == [Role.USER]


def test_Q61_no_empty_message_is_sent() -> None:
    request = request_for(
        [user("hi"), assistant(TextPart(" ")), assistant(ThinkingPart("hm")), user("?")], "m"
    )
    assert [message.role for message in request.messages] == [Role.USER]


def test_Q56_nothing_is_asked_that_was_not_set() -> None:
    request = request_for([user("hi")], "m")
    assert (request.stream, request.temperature, request.max_tokens) == (True, None, None)
    assert request.messages[0].parts == (TextPart("hi"),)


def test_a_finished_thought_goes_back_and_one_cut_off_does_not() -> None:
    done = assistant(ThinkingPart("because"), TextPart("42"))
    cut = assistant(ThinkingPart("becau"), TextPart("4"), state=ReplyState.STOPPED)
    assert request_for([user("?"), done, user("!")], "m").messages[1].parts == done.content
    assert request_for([user("?"), cut, user("!")], "m").messages[1].parts == (TextPart("4"),)


def test_a_stopped_answer_counts_with_the_text_that_it_has() -> None:
    stopped = assistant(TextPart("half"), state=ReplyState.STOPPED)
    request = request_for([user("a"), stopped, user("b")], "m", "Be brief.")
    assert [message.role for message in request.messages] == [
        Role.SYSTEM,
        Role.USER,
        Role.ASSISTANT,
        Role.USER,
    ]
