from dataclasses import replace

from app.core.completion import Completion
from app.core.conversation import TITLE_LENGTH, Conversation, Role, Turn, title_from
from app.core.parts import TextPart


def turn(name: str, parent: str | None, role: Role = Role.USER) -> Turn:
    return Turn(name, parent, role, (TextPart(name),))


TREE = Conversation(
    "c",
    turns=(
        turn("question", None),
        turn("first answer", "question", Role.ASSISTANT),
        turn("more", "first answer"),
        turn("second answer", "question", Role.ASSISTANT),
    ),
)


def test_the_newest_version_is_shown_unless_another_was_chosen() -> None:
    assert [one.turn_id for one in TREE.path()] == ["question", "second answer"]
    chosen = replace(TREE, chosen={"question": "first answer"})
    assert [one.turn_id for one in chosen.path()] == ["question", "first answer", "more"]


def test_a_choice_of_a_turn_that_is_gone_falls_back_to_the_newest() -> None:
    lost = replace(TREE, chosen={"question": "nowhere"})
    assert lost.path()[-1].turn_id == "second answer"


def test_versions_are_told_oldest_first() -> None:
    assert [one.turn_id for one in TREE.siblings("first answer")] == ["first answer", "second answer"]


def test_a_turn_is_replaced_in_its_place_or_added() -> None:
    grown = replace(TREE.turns[1], reply=Completion(parts=(TextPart("new"),)))
    assert TREE.with_turn(grown).turns[1].text == "new"
    assert TREE.with_turn(turn("last", "second answer")).path()[-1].turn_id == "last"
    assert len(TREE.without_turn("more").turns) == 3


def test_a_title_is_the_first_words_on_one_line() -> None:
    assert title_from([TextPart("  Hello\n\nworld ")]) == "Hello world"
    long = title_from([TextPart("word " * 40)])
    assert len(long) <= TITLE_LENGTH + 1
    assert long.endswith("word…")
    assert title_from([TextPart("x" * 500)]) == "x" * TITLE_LENGTH + "…"
    assert title_from([TextPart(" \n ")]) == ""
