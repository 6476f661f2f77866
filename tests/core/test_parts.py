from hypothesis import given
from hypothesis import strategies as st

from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    ReferencePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    UnknownPart,
    answer_text,
    joined,
    part_from_data,
    part_to_data,
    thinking_text,
)

parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(TextPart, st.text()),
    st.builds(ThinkingPart, st.text(), st.none() | st.floats(0, 1e6)),
    st.builds(ImagePart, st.text(), st.text()),
    st.builds(DocumentPart, st.text(), st.text()),
    st.builds(ReferencePart, st.lists(st.text()).map(tuple)),
    st.builds(RefusalPart, st.text()),
    st.builds(ToolCallPart, st.text(), st.text(), st.text()),
    st.builds(UnknownPart, st.text()),
)


@given(parts)
def test_a_part_comes_back_as_it_was_stored(part: Part) -> None:
    assert part_from_data(part_to_data(part)) == part


def test_a_part_of_a_later_version_is_kept_whole() -> None:
    assert part_from_data({"type": "hologram", "depth": 3}) == UnknownPart('{"type": "hologram", "depth": 3}')


@given(st.lists(parts), st.lists(parts))
def test_joining_fragments_neither_loses_nor_reorders_text(first: list[Part], second: list[Part]) -> None:
    both = joined(joined((), first), second)
    assert answer_text(both) == answer_text([*first, *second])
    assert thinking_text(both) == thinking_text([*first, *second])


def test_fragments_of_one_kind_become_one_part() -> None:
    grown = joined((TextPart("Hel"),), (TextPart("lo"), ThinkingPart("h"), ThinkingPart("m", 2.0)))
    assert grown == (TextPart("Hello"), ThinkingPart("hm", 2.0))
