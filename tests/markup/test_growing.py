"""A growing answer: any cut ends as one piece does, no raw mark is shown, no word is lost."""

import random
import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup import limits
from app.markup.blocks import (
    PENDING,
    Block,
    Code,
    CodeBlock,
    Footnote,
    Heading,
    Image,
    Link,
    ListBlock,
    Paragraph,
    Plain,
    Quote,
    Row,
    Span,
    Table,
    Text,
    runs,
    text_of,
)
from app.markup.limits import RICH_CHARACTERS
from app.markup.parse import parse
from app.markup.tail import GrowingMarkdown, Update
from tests.markup.corpus import answer, cases

PIECES = [
    '# Title\n\nPara **bold** and *it* `code` ~~s~~ [l](http://a.b "t").\n',
    "- a\n- b\n  - c\n    - d\n\n    more\n- [ ] t\n- [x] u\n",
    "1. x\n2. y\n\n3. z\n",
    "> q\n> - a\n>\n> > n\nlazy\n",
    "```py\nx=1\n\n```\n",
    "~~~\n```\n~~~\n",
    "  ```\n  a\n b\n  ```\n",
    "- ```\n  x\n",
    "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 | 5 |\n| **x** | [r] |\n",
    "a|b\n-|-\n1|2\n",
    "|a|\n|-|\n",
    "- a\n-\n- |x|y|\n  |-|-|\n",
    "$$\nx^2\n$$\n",
    "a $x$ \\(y\\) \\[z\\]\n",
    "\\[\na\n\\]\n",
    "\\begin{align}\na\n\\end{align}\n",
    "[r]: /url\n'title'\n",
    "[r]: /url2\n",
    "[a]: <x\n",
    "[a]:\n",
    '/u\n"t\n',
    't"\n',
    "see [r] and [x][r] and [^1]\n",
    "[^1]: note\n\n    more\n",
    "[^2]: two\n",
    "- [r]\n- [^2]\n",
    "Title\n===\n",
    "T\n---\n",
    "---\n",
    "    code\n\n    more\n",
    "* a\n\n* b\n+ c\n",
    "<div>\n\n</div>\n",
    "![i](http://h/x.png) http://a.b/c. www.d.e\n",
    "$5 and $6\n",
    "\n",
    "  \n",
    "text\n",
    "text\\\nmore  \nx\n",
    "- a\n\n\n- b\n",
    "10. x\n11. y\n",
    "   - x\n    - y\n",
    "- x\n     - y\n",
]
MARKS = "ab *_`~[]()!#>-+|\\\n\n\n  $:^1.<&\"'\t="

documents = st.one_of(
    st.lists(st.sampled_from([*PIECES, "\n"]), max_size=8).map("".join),
    st.text(alphabet=MARKS, max_size=80),
)


def twice(source: str) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What `grown` must give: the tree of the text read in one piece, both times."""
    tree = parse(source)
    return tree, tree


def grown(source: str, cuts: Iterable[int]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What the text ends as when it comes in pieces, and what the updates alone make of it."""
    growing = GrowingMarkdown()
    shown: list[Block] = []

    def apply(update: Update) -> None:
        _check_inner(update, shown)
        shown[update.kept :] = update.blocks

    start = 0
    for cut in [*sorted(cuts), len(source)]:
        growing.feed(source[start:cut])
        start = cut
        apply(growing.update())
        assert tuple(shown) == growing.finished + growing.tail
    blocks = growing.finish()
    apply(growing.update())
    return blocks, tuple(shown)


def _check_inner(update: Update, shown: list[Block]) -> None:
    if not update.inner:
        return
    match shown[update.kept], update.blocks[0]:
        case ListBlock(items=old), ListBlock(items=new):
            assert old[: update.inner] == new[: update.inner]
        case Table(rows=old_rows), Table(rows=new_rows):
            assert old_rows[: update.inner] == new_rows[: update.inner]
        case CodeBlock(text=before), CodeBlock(text=after):
            assert before[: update.inner] == after[: update.inner]
        case Quote(a), Quote(b):
            assert a[: update.inner] == b[: update.inner]
        case Plain(), Plain():
            pass
        case pair:
            raise AssertionError(pair)


@settings(max_examples=120)
@given(documents, st.data())
def test_any_cut_gives_the_tree_of_one_piece(source: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=12))
    assert grown(source, cuts) == twice(source)


@pytest.mark.parametrize("source", PIECES)
def test_character_by_character(source: str) -> None:
    for text in (source, source.rstrip("\n"), source.replace("\n", "\r\n")):
        assert grown(text, range(len(text))) == twice(text)


@pytest.mark.parametrize("seed", range(2))
def test_random_cuts_of_mixed_texts(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(150):
        source = "".join(rng.choice(PIECES) + rng.choice(["", "\n"]) for _ in range(rng.randint(2, 9)))
        cuts = sorted(rng.sample(range(len(source)), k=min(len(source), rng.randint(0, 30))))
        expected = parse(source)
        assert grown(source, cuts) == (expected, expected), (source, cuts)


@pytest.mark.heavy
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(100, 120))
def test_random_cuts_of_noise(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(3_000):
        source = "".join(rng.choice(PIECES) + rng.choice(["", "\n"]) for _ in range(rng.randint(1, 6)))
        noisy = list(source)
        for _ in range(rng.randint(0, 6)):
            noisy[rng.randrange(len(noisy))] = rng.choice(MARKS)
        source = "".join(noisy)
        cuts = sorted(rng.sample(range(len(source)), k=min(len(source), rng.randint(0, 60))))
        expected = parse(source)
        assert grown(source, cuts) == (expected, expected), (source, cuts)


def test_answers_as_models_write_them() -> None:
    source = answer(random.Random(5), 12_000)
    assert grown(source, range(0, len(source), 7)) == twice(source)


def test_a_text_beyond_the_limit_goes_on_as_plain() -> None:
    source = ("*word* " * 200 + "\n\n") * (RICH_CHARACTERS // 1_300) + "tail\n*end*"
    cuts = range(0, len(source), 70_011)
    assert grown(source, cuts) == twice(source)
    one_line = "x" * (RICH_CHARACTERS + 10)
    assert grown(one_line, [5, RICH_CHARACTERS + 2]) == twice(one_line)


# --- what an update says ---------------------------------------------------------------------------------


def test_finished_blocks_stay_the_same_objects() -> None:
    growing = GrowingMarkdown()
    growing.feed("# a\n\npara\n\nnext\n")
    growing.update()
    before = growing.finished
    growing.feed(" and more")
    update = growing.update()
    assert len(before) == 2
    assert update.kept == 2
    assert all(a is b for a, b in zip(before, growing.finished, strict=True))


def test_a_growing_list_says_how_many_items_stay() -> None:
    growing = GrowingMarkdown()
    growing.feed("- a\n- b\n- c\n")
    growing.update()
    growing.feed("- d")
    update = growing.update()
    assert (update.kept, update.inner) == (0, 3)
    assert isinstance(update.blocks[0], ListBlock)
    assert len(update.blocks[0].items) == 4


def test_growing_code_says_how_many_characters_stay() -> None:
    growing = GrowingMarkdown()
    growing.feed("```py\na = 1\nb")
    growing.update()
    growing.feed(" = 2\n")
    update = growing.update()
    assert (update.kept, update.inner) == (0, len("a = 1\nb"))
    growing.feed("```\n")
    last = growing.update()
    assert last.blocks == (CodeBlock("python", "py", "a = 1\nb = 2\n", True, (0, 4)),)
    assert last.inner == len("a = 1\nb = 2\n")


def test_a_late_definition_changes_what_used_it() -> None:
    growing = GrowingMarkdown()
    growing.feed("first\n\nsee [it]\n\nlast\n\n")
    growing.update()
    growing.feed("[it]: https://example.org\n\nend\n")
    update = growing.update()
    assert update.kept == 1
    assert update.blocks[0] == Paragraph((Text("see "), Link((Text("it"),), "https://example.org")), (2, 3))


def test_a_footnote_is_one_before_its_text_comes_and_a_word_if_it_never_does() -> None:
    growing = GrowingMarkdown()
    growing.feed("a[^1] b\n\nc")
    growing.update()
    assert "[^1]" not in "".join(raw(growing.finished))
    assert growing.finish() == parse("a[^1] b\n\nc")


def test_what_takes_too_long_while_it_grows_is_plain_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    growing = GrowingMarkdown()
    growing.feed("only words\n\n")
    growing.update()
    assert not growing.is_rough
    monkeypatch.setattr(limits, "GROWING_SECONDS", 0.0)
    growing.feed("a *b* [c](d)\n")
    growing.update()
    assert not growing.is_rough  # what comes at once is read once
    growing.feed("*e")
    assert growing.update().blocks == (Plain("a *b* [c](d)\n*e", (2, 4)),)
    assert growing.is_rough
    growing.feed("*\n\nnext\n\n")
    plain, following = growing.update().blocks
    assert plain == Plain("a *b* [c](d)\n*e*\n", (2, 4))
    assert text_of([following]).strip() == "next"


def test_nothing_to_say_when_nothing_came() -> None:
    growing = GrowingMarkdown()
    assert growing.update() == Update(0, (), 0)
    growing.feed("a\n\nb")
    growing.update()
    assert growing.update() == Update(2, (), 0)
    assert growing.finish() == parse("a\n\nb")
    assert GrowingMarkdown().finish() == ()


# --- what is shown meanwhile -----------------------------------------------------------------------------

WELL_FORMED = [
    "Some **bold** and *italic* text, ***both*** and **bold with *inner* words** here.\n",
    "A `code` and ``co`de`` span, ~~gone~~ too.\n",
    "# Title one\n\n## Title *two*\n\nText\n",
    "Setext\n===\n\nOther\n---\n\nx\n",
    "- one **b**\n- two\n  - three `c`\n  - four\n\n1. a\n2. b\n   1. c\n",
    "- [ ] todo\n- [x] done **x**\n- [ ] **bold** first\n- [x] `code` first\n- [ ] [link](http://a.b)\n",
    "**「強調」**です。这是**“重点”**\uff0c~~「旧」~~新。\n",
    "> quoted **text**\n> more\n>\n> > deeper\n",
    'See [the link](https://example.com/a_b?c=d "title") and ![alt text](http://h.org/p.png) here.\n',
    "| Name | **Value** |\n|------|:-----:|\n| a | `b` |\n| *c* | d |\n\nafter\n",
    "Text before:\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    '```python\nprint("x")\n```\n\nafter\n',
    "Formula $x^2 + y_1$ and \\(a_b\\) and \\[z^2\\] done.\n",
    "$$\nx = \\frac{1}{2}\n$$\n\nafter\n",
    "\\[\nx\n\\]\n",
    "\\begin{align}\na &= b\n\\end{align}\n",
    "Note[^1] here.\n\n[^1]: The *note*.\n",
    'See [words of it][1] and more.\n\n[1]: https://example.com "T"\n',
    "A line\\\nbroken and  \nagain.\n",
    "1. **First**: text\n   ```js\n   a()\n   ```\n2. **Second** text\n",
    "---\n\ntext\n\n***\n",
    "Auto <https://a.b/c> link and AT&amp;T.\n",
    "**[link](http://a.b)** and *`code`* and [**b**](http://c.d).\n",
    "- **Key**: value\n- **Key _two_**: [x](http://y.z)\n",
    "> - a **b**\n>   1. c\n",
    "> | a | b |\n> |---|---|\n> | 1 | 2 |\n",
    "- item\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n",
    "Line with <http://x.y> __strong__ and _em_ end.\n",
    "1. a\n\n   para **b**\n\n   > q\n2. c\n",
    "**Bold line**\nnext *line*\n",
    "Price is $5 and $6.\n",
]


def raw(blocks: Iterable[Block]) -> Iterator[str]:
    """All text that is shown as words, that is not as code or a formula."""
    for block in blocks:
        match block:
            case Paragraph(spans) | Heading(spans=spans):
                yield _words(spans)
            case ListBlock(items=items):
                for item in items:
                    yield from raw(item.blocks)
            case Quote(inner) | Footnote(blocks=inner):
                yield from raw(inner)
            case Table(head=head, rows=rows):
                for row in (head, *rows):
                    yield from map(_words, row)
            case Plain(text):
                yield text


def _words(spans: tuple[Span, ...]) -> str:
    return "".join(run.leaf.text for run in runs(spans) if isinstance(run.leaf, Text))


@pytest.mark.parametrize("source", [*WELL_FORMED, "\n".join(WELL_FORMED)])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_no_update_shows_a_raw_mark(source: str, step: int) -> None:
    growing = GrowingMarkdown()
    for start in range(0, len(source), step):
        growing.feed(source[start : start + step])
        update = growing.update()
        shown = re.sub(r"\$[56]", "", "".join(raw(update.blocks)))
        assert not set(shown) & set("*`[]_#|~\\>$"), (source[: start + step][-40:], shown[-60:])


def test_an_unfinished_link_can_not_be_followed() -> None:
    growing = GrowingMarkdown()
    growing.feed("see [the words](https://exam")
    (block,) = growing.update().blocks
    assert block == Paragraph((Text("see "), Link((Text("the words"),), PENDING)), (0, 1))


@pytest.mark.parametrize("source", ["a < b and c & d", "x = a[i] * b[j]", "#hashtag", "5% five", "2 ** 3"])
def test_marks_that_mean_themselves_end_as_they_were_written(source: str) -> None:
    blocks, shown = grown(source, range(len(source)))
    assert "".join(raw(blocks)) == "".join(raw(shown)) == source


# --- no word is lost -------------------------------------------------------------------------------------

pieces_with_words = st.lists(
    st.one_of(
        st.sampled_from([*"*_`~[]!#>-+|\\\n\t$^1.<&\"'= ", "\n\n", "- ", "> ", "1. ", "```", "    "]),
        st.none(),
    ),
    max_size=60,
)


@settings(max_examples=150)
@given(pieces_with_words, st.integers(1, 9))
def test_no_text_is_ever_dropped(pieces: list[str | None], step: int) -> None:
    # Each None is a word of its own. Without colon and bracket no address or definition hides one.
    source = "".join(f"w{i}w" if piece is None else piece for i, piece in enumerate(pieces))
    words = set(re.findall(r"w\d+w", source))
    blocks, _ = grown(source, range(0, len(source), step))
    assert set(re.findall(r"w\d+w", _everything(blocks))) == words


def _everything(blocks: tuple[Block, ...]) -> str:
    infos = "".join(block.info for block in _all(blocks) if isinstance(block, CodeBlock))
    return text_of(blocks) + infos


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        match block:
            case Quote(inner) | Footnote(blocks=inner):
                yield from _all(inner)
            case ListBlock(items=items):
                for item in items:
                    yield from _all(item.blocks)


@pytest.mark.parametrize("case", [c for c in cases(0.02) if not c.hostile], ids=lambda case: case.name)
def test_the_corpus_grows_as_it_stands(case: object) -> None:
    source = case.text  # type: ignore[attr-defined]
    assert grown(source, range(0, len(source), 5)) == twice(source)


def test_pictures_are_words_only() -> None:
    def leaves(row: Row | tuple[Span, ...]) -> list[object]:
        return [run.leaf for run in runs(row)]  # type: ignore[arg-type]

    growing = GrowingMarkdown()
    growing.feed("![a](http://h.example/p.png) `x`")
    (block,) = growing.update().blocks
    assert isinstance(block, Paragraph)
    assert leaves(block.spans) == [Image("a", "h.example"), Text(" "), Code("x")]


def test_a_very_long_block_is_read_less_often_and_ends_the_same() -> None:
    source = "> *quoted* words\n" * 800 + "\nafter\n"
    assert grown(source, range(0, len(source), 397)) == twice(source)
