"""What is a hit: letters by Unicode's folding, words by Unicode's edges, in what is drawn of a source."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

import pytest

from app.markup import limits
from app.ui.transcript.content import MessageContent
from app.ui.transcript.drawn_text import DrawnText, drawn_text, reading, source_of
from app.ui.transcript.find_pattern import Matcher, Pattern
from tests.markup import corpus
from tests.ui.transcript.turns import ANSWER, answer, user


def hits(text: str, pattern: str, **how: bool) -> list[str]:
    return [text[start:end] for start, end in Matcher(Pattern(pattern, **how)).spans(text)]


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("Speed, speed, SPEED", "speed", ["Speed", "speed", "SPEED"]),
        ("Straße und STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("Straße und STRASSE", "straße", ["Straße", "STRASSE"]),
        ("ΟΔΟΣ οδος οδοσ", "οδοσ", ["ΟΔΟΣ", "οδος", "οδοσ"]),
        ("caf\u00e9 cafe\u0301 CAFE\u0301", "caf\u00e9", ["caf\u00e9", "cafe\u0301", "CAFE\u0301"]),
        ("İstanbul", "stanbul", ["stanbul"]),
        ("👍🏽 wind 👍🏽", "wind", ["wind"]),
        ("日本の風力", "風力", ["風力"]),
        ("one\u00a0two one\ttwo one\u2028two", "one two", ["one\u00a0two", "one\ttwo", "one\u2028two"]),
        ("very\u200blong", "verylong", ["very\u200blong"]),
        ("\u200bgroße Kälte, kalte Größe", "größe", ["Größe"]),
        ("ﬁnd the ﬁsh", "fish", ["ﬁsh"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("one\ntwo", "one two", []),
        ("anything", "", []),
    ],
)
def test_letters_are_the_same_whatever_their_case_and_form(text: str, pattern: str, found: list[str]) -> None:
    assert hits(text, pattern) == found


@pytest.mark.parametrize("seed", range(20))
def test_any_part_of_a_text_is_found_where_it_stands(seed: int) -> None:
    rng = random.Random(seed)
    kinds = (
        "a",
        "B",
        "ß",
        "\u00e9",
        "e\u0301",
        "x\u0323\u0301",
        "ﬁ",
        "İ",
        "日",
        "👍",
        " ",
        "\u05d0\u05b0",
        "\u0958",
    )
    letters = rng.choices(kinds, k=40)
    text = "\u200b".join("".join(letters[at : at + 7]) for at in range(0, 40, 7))
    for _ in range(40):
        first = rng.randrange(38)
        part = "".join(letters[first : first + rng.randrange(1, 9)]).upper()
        found = [text[start:end].replace("\u200b", "") for start, end in Matcher(Pattern(part)).spans(text)]
        assert found, part
        assert {unicodedata.normalize("NFC", one).casefold() for one in found} == {
            unicodedata.normalize("NFC", part).casefold()
        }


@pytest.mark.parametrize(("text", "pattern"), [("Straße", "s"), ("ŉa", "n"), ("cafe\u0301", "cafe")])
def test_half_a_letter_is_no_hit(text: str, pattern: str) -> None:
    assert hits(text, pattern) == (["S"] if pattern == "s" else [])


def test_case_matters_when_it_is_asked_for() -> None:
    assert hits("Speed, speed, SPEED", "speed", match_case=True) == ["speed"]
    assert hits("cafe\u0301 CAFE\u0301", "caf\u00e9", match_case=True) == ["cafe\u0301"]


@pytest.mark.parametrize(
    ("text", "pattern", "count"),
    [
        ("speed speeds, speed.", "speed", 2),
        ("can't can", "can", 1),
        ("foo_bar foo-bar foo", "foo", 2),
        ("3.14 and 3", "3", 1),
        ("wörd wörds", "WÖRD", 1),
        ("👍🏽 wind 👍🏽 winds", "wind", 1),
        ("first speeds\nspeed", "speed", 1),
        ("wind speed, windspeed", "wind speed", 1),
    ],
)
def test_a_whole_word_ends_where_words_do(text: str, pattern: str, count: int) -> None:
    assert len(hits(text, pattern, whole_word=True)) == count


def words_as_drawn(source: str) -> str:
    turn = answer(source)
    content = MessageContent()
    content.update(turn)
    return drawn_text(turn, content.pieces).text


@pytest.mark.parametrize(
    ("source", "pattern"),
    [
        ("some **bold** text", "bold text"),
        ("some **bo**ld text", "bold text"),
        ("see [do](https://example.org)cs here", "docs here"),
        ("see [the docs](https://example.org) now", "docs now"),
        ("fish &amp; chips", "fish & chips"),
        ("caf&eacute; here", "café here"),
        ("one\ntwo", "one two"),
        ("a `code` span", "a code span"),
        ("| a | wide *cell* |\n|---|---|\n| 1 | 2 |", "wide cell"),
        ("> - ~~quoted~~ item", "quoted item"),
        ("5 \\* 3", "5 * 3"),
    ],
)
def test_what_is_drawn_is_found_whatever_its_marks(source: str, pattern: str) -> None:
    matcher = Matcher(Pattern(pattern))
    assert matcher.may_be_in(source)
    assert len(matcher.spans(words_as_drawn(source))) == 1


@pytest.mark.parametrize(
    ("source", "pattern"),
    [
        ("some **bold** text", "**bold**"),
        ("[docs](https://example.org)", "example"),
        ("```python\nx\n```", "python"),
    ],
)
def test_what_is_not_drawn_is_not_found(source: str, pattern: str) -> None:
    matcher = Matcher(Pattern(pattern))
    assert matcher.spans(words_as_drawn(source)) == []
    assert matcher.count_in(source) in {0, None}


PIECES = (
    *(
        "wind",
        "speed",
        "Wind",
        "straße",
        "a",
        "2",
        "x",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        ". ",
        ", ",
        "'",
        "_",
        "-",
    ),
    *(
        "**",
        "*",
        "`",
        "~~",
        "_",
        "[",
        "]",
        "](https://wind.example/speed)",
        "](",
        ")",
        "(",
        "![",
        "[^a]",
        "\\",
    ),
    *("&amp;", "&eacute;", "$", "|", "\n| a | b |\n|---|---|\n| ", "\n- ", "\n1. ", "\n> ", "\n# ", "- [x] "),
    *(
        "\n```wind\n",
        "\n```\n",
        "<",
        ">",
        "https://wind.example/sp%65ed ",
        "\n[wind]: https://speed.example\n",
    ),
)


def sources(seed: int) -> list[str]:
    """Texts as models write them, hostile ones, and any mixture of marks and words."""
    rng = random.Random(seed)
    mixed = ["".join(rng.choices(PIECES, k=rng.randrange(3, 40))) for _ in range(60)]
    return [ANSWER, corpus.answer(rng, 2_000), *(case.text for case in corpus.cases(0.002)), *mixed]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("whole_word", [False, True])
def test_the_quick_look_at_a_source_never_contradicts_what_is_drawn(seed: int, whole_word: bool) -> None:
    rng = random.Random(seed)
    told = 0
    for source in sources(seed):
        drawn = words_as_drawn(source)
        words = drawn.split() or ["nothing"]
        for word in ("wind", "speed", *rng.choices(words, k=4)):
            start = rng.randrange(len(word))
            part = word if whole_word else word[start : start + rng.randrange(1, 9)]
            bare = "".join(filter(str.isalpha, part))
            follows = words[(words.index(word) + 1) % len(words)] if word in words else "speed"
            for text in (part, f"{part} {rng.choice(words)}", bare, f"{bare} ", f"{bare} {follows}"):
                matcher = Matcher(Pattern(text, whole_word=whole_word))
                count = len(matcher.spans(drawn))
                assert not count or matcher.may_be_in(source), (text, source)
                quick = matcher.count_in(source)
                assert quick in {None, count}, (text, source)
                told += quick is not None and count > 0
    assert told > 60


def test_a_long_message_read_in_steps_has_the_same_words() -> None:
    turn = answer("\n".join([ANSWER] * 60), thought="First this.\nThen that.")
    texts: list[DrawnText] = []

    def read() -> Iterator[None]:
        texts.append((yield from reading(turn, MessageContent())))

    assert len(list(read())) > 4
    (text,) = texts
    content = MessageContent()
    content.update(turn)
    assert text == drawn_text(turn, content.pieces)
    assert text.thought_lines == 2
    assert text.text.startswith("First this.\nThen that.\nHeading\n")
    assert [text.line_start(text.line_at(at)) for at in (0, 13, 24)] == [0, 12, 23]


@pytest.mark.parametrize(
    "source",
    [
        "a" + "*" * 190_000,
        "a" + ".*" * 90_000 + " ",
        " " * 190_000 + "x",
        (">" * 1_000 + " ") * 190,
        "-" * 190_000,
        ("a" * 449 + " ") * 420,
        "]" * 190_000,
        "](" * 90_000,
        "wind" + "_ " * 90_000,
        "e" + "\u0301" * 190_000,
        "\u00ad\u0301" * 90_000,
        "1." * 90_000,
        "`" * 190_000,
        "wind\u2028" * 30_000,
    ],
    ids=lambda source: repr(source[:6]),
)
@pytest.mark.parametrize("text", ["wind", "wind speed", "wind ", "*", "e"])
def test_no_text_is_searched_in_more_than_one_pass(source: str, text: str) -> None:
    # With a step back for each letter this would take hours.
    for pattern in (Pattern(text), Pattern(text, whole_word=True), Pattern(text, match_case=True)):
        matcher = Matcher(pattern)
        assert matcher.spans(f"wind speed e *\n{source}") != []
        for part in (source, source[: limits.PLAIN_CHARACTERS]):
            matcher.may_be_in(part)
            matcher.count_in(part)


def test_of_a_text_that_is_not_all_drawn_only_what_is_drawn_counts() -> None:
    source = "the wind " * 20_000
    content = MessageContent()
    content.update(user(source))
    drawn = drawn_text(user(source), content.pieces).text
    assert 0 < drawn.count("wind") < 20_000
    assert Matcher(Pattern("wind")).count_in(source) is None


def test_a_message_with_more_than_text_has_no_plain_source() -> None:
    assert source_of(answer("words", thought="thought")) == "thought\nwords"
