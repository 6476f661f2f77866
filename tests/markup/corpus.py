# ruff: noqa: RUF001 - letters of many scripts are what it is about
"""Named Markdown texts, well-meant and hostile, made deterministically at any scale (safety.md §5)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_TEXT = (
    "the model reads every token before it answers and keeps what it has seen so that later words can "
    "depend on earlier ones which is why a long question takes more time than a short one"
)
WORDS = tuple(_TEXT.split())


@dataclass(frozen=True, slots=True)
class Case:
    """A text under a name; `hostile` ones only have to be read in time and without losing words."""

    name: str
    text: str
    hostile: bool


def sentence(rng: random.Random, words: int) -> str:
    """So many words."""
    return " ".join(rng.choice(WORDS) for _ in range(words))


def answer(rng: random.Random, characters: int) -> str:
    """An answer as models write them, of about this length."""
    parts: list[str] = []
    length = 0
    while length < characters:
        parts.append(_section(rng))
        length += len(parts[-1])
    return "".join(parts)


def _section(rng: random.Random) -> str:
    match rng.randrange(10):
        case 0:
            return f"{'#' * rng.randint(1, 4)} {sentence(rng, 4)} *{sentence(rng, 1)}*\n\n"
        case 1:
            items = (f"- **{sentence(rng, 2)}**: {sentence(rng, 8)}\n" for _ in range(4))
            return "".join(items) + "\n"
        case 2:
            items = (f"{i}. {sentence(rng, 7)}\n   - `{sentence(rng, 1)}`\n" for i in range(1, 5))
            return "".join(items) + "\n"
        case 3:
            body = "".join(f'    value = call({i}, "{sentence(rng, 2)}")  # {i}\n' for i in range(9))
            return f"```python\ndef {sentence(rng, 1)}():\n{body}```\n\n"
        case 4:
            rows = "".join(f"| {sentence(rng, 2)} | **{sentence(rng, 1)}** | {i} |\n" for i in range(5))
            return f"| One | Two | Three |\n|-----|:---:|------:|\n{rows}\n"
        case 5:
            return f"> {sentence(rng, 9)}\n> *{sentence(rng, 3)}*\n\n"
        case 6:
            return f"- [ ] {sentence(rng, 3)}\n- [x] {sentence(rng, 3)}\n\n"
        case 7:
            formula = "$$\n\\frac{1}{2}\n$$"
            return f"Where $x_{{{rng.randint(1, 9)}}} + y^2$ {sentence(rng, 5)} it costs $5.\n\n{formula}\n\n"
        case 8:
            link = f'[{sentence(rng, 2)}](https://example.org/a_b?c=d "t")'
            return f"{sentence(rng, 9)} {link} and ~~{sentence(rng, 2)}~~.\n\n"
        case _:
            return f"{sentence(rng, 14)} **{sentence(rng, 2)}** {sentence(rng, 9)}\n{sentence(rng, 11)}.\n\n"


def cases(scale: float) -> Iterator[Case]:
    """All cases. Scale 1.0 makes hostile texts of 30 kB to 1 MB, 0.02 some hundred characters."""
    yield from _kind(0)
    yield from _hostile(scale)


def _kind(seed: int) -> Iterator[Case]:
    rng = random.Random(seed)
    for i in range(12):
        yield Case(f"answer-{i}", answer(rng, 300 + 250 * i), hostile=False)
    for name, text in _KIND.items():
        yield Case(name, text, hostile=False)


_KIND = {
    "empty": "",
    "only-space": " \n\t\n ",
    "no-newline": "one line",
    "crlf": "# a\r\n\r\n- b\r\n- c\r\n",
    "lone-cr": "a\rb\r\rc\r",
    "arabic": "# مرحبا\n\nهذا **نص** مع `code` داخل السطر.\n\n- واحد\n- اثنان\n",
    "hebrew-mixed": "שלום world **עולם** and back שוב.\n",
    "chinese": "这是**粗体**文字,以及`代码`。\n\n1. 第一\n2. 第二\n",
    "japanese-strong": "これは**「強調」**です。\n",
    "emoji": "👩‍👩‍👧‍👦 family 🇩🇪 flag 👍🏽 **🎉**\n",
    "astral-code": "`𝔘𝔫𝔦` and 𝕏\n",
    "html": '<div onclick="x">\n\n<script>alert(1)</script> a<br>b &lt;c&gt; &copy;\n\n</div>\n',
    "picture": '![a *b*](http://tracker.example/p.png "t") ![](x.png) ![data](data:image/png;base64,AAAA)\n',
    "bad-schemes": "[a](javascript:alert) [b](file:///etc/passwd) <javascript:x> [c](data:text/html,x)\n",
    "autolinks": "See https://a.example/b_(c), www.d.example/e. Mail f@g.example; not main.py or h.md!\n",
    "prices": "It costs $5, then $6.50 and US$7; $x$ is a formula, $ y $ is not.\n",
    "footnotes": "One[^a] and two[^b].\n\n[^a]: First *note*.\n\n    More.\n[^b]: Second.\n",
    "references": "[one], [two][2] and [three][].\n\n[one]: /1\n[2]: <http://two.example> 'T'\n[three]: /\n",
    "late-title": "[r]: /url\n'the\ntitle'\n\nsee [r]\n",
    "setext": "Title\n=====\n\nOther\n-----\ntext\n",
    "loose": "- a\n\n- b\n- c\n\n  d\n",
    "nested": "- a\n  1. b\n     > c\n     > - d\n\n       e\n- f\n",
    "code-in-list": "1. a\n\n   ```sh\n   b\n\n   c\n   ```\n\n2. d\n",
    "fence-in-quote": "> ```\n> a\n> ```\n> b\n",
    "open-fence": "text\n\n```js\nlet a = 1;\n",
    "tilde-fence": '~~~~ {.Python title="x"}\n```\n~~~\n~~~~\n',
    "indented": "    a\n\n    b\n\nc\n",
    "table": "text\n| a | b \\| c |\n|:--|--:|\n| `x|y` | 2 | 3 |\n| 4 |\nlast\n",
    "table-in-list": "- a\n\n  | b | c |\n  |---|---|\n  | 1 | 2 |\n",
    "breaks": "a  \nb\\\nc\nd\n",
    "rules": "---\n***\n_ _ _\n",
    "formulas": "\\(a_b\\) and \\[c\\] and\n\n\\[\nd\n\\]\n\n\\begin{align*}\ne &= f\n\\end{align*}\n",
    "open-formula": "$$\nx = 1\n\nnext\n",
    "escapes": "\\*a\\* \\`b\\` \\# c \\[d\\\\] 1\\. e\n",
    "entities": "&amp; &#35; &#x22; &nope; &copy\n",
    "emphasis-in-words": "snake_case_name **a**b *c*d 2 * 3 * 4 __init__\n",
    "control": "a\x01b\x1b[31mc\x7fd\n",
    "nul-and-surrogates": "a\0b\ud800c\udfffd\n",
    "bidi-marks": "a\u202eb\u2066c\u2069\n",
    "zero-width": "a\u200bb\ufeffc\u2060d\n",
}


def _hostile(scale: float) -> Iterator[Case]:
    def n(count: int) -> int:
        return max(3, int(count * scale))

    texts = {
        "brackets": "[" * n(100_000),
        "brackets-closed": "[a]" * n(30_000),
        "pictures": "![" * n(50_000),
        "nested-pictures": "![" * n(5_000) + "x" + "](u)" * n(5_000),
        "nested-links": "[" * n(5_000) + "x" + "](u)" * n(5_000),
        "links-half": "[a](<b" * n(25_000),
        "links": "[a](b) " * n(20_000),
        "quotes": ">" * n(100_000) + "x",
        "quote-lines": "> x\n" * n(30_000),
        "quotes-in-lists": "> - " * n(20_000) + "x",
        "stars": "a" + "*" * n(100_000),
        "underscores": "a_" * n(50_000),
        "strong-in-emphasis": "*a **a " * n(20_000),
        "strong-closed": "*a **b " * n(3_000) + "** *" * n(3_000),
        "tildes": "~~a" * n(30_000),
        "ticks": "".join("e" + "`" * i for i in range(n(500))),
        "open-ticks": "`a" * n(50_000),
        "backslashes": "\\" * n(100_000),
        "math-openers": "\\(" * n(50_000),
        "dollars": "$a " * n(30_000),
        "dollar-pairs": "$$" * n(50_000),
        "dollar-blocks": "$$\n" * n(30_000),
        "environments": "\\begin{align}\n" * n(10_000),
        "angles": "<" * n(100_000),
        "tags": "<a " * n(30_000),
        "entities-many": "&amp;" * n(20_000),
        "half-entities": "&a" * n(50_000),
        "addresses": "http://a.b/" * n(10_000),
        "addresses-apart": "http://a.example/b " * n(10_000),
        "address-dots": "http://a." * n(10_000),
        "address-brackets": "http://a.b/(" * n(10_000),
        "www": "www." * n(30_000),
        "www-apart": ("www." * 400 + " ") * n(60),
        "mail": "a@b.example " * n(10_000),
        "mail-run": "a@" * n(50_000),
        "mailto": "mailto:" * n(15_000),
        "dots": "a." * n(50_000),
        "definitions": "".join(f"[a{i}]: /u\n" for i in range(n(20_000))),
        "definitions-used": "".join(f"[a{i}]\n\n[a{i}]: /u\n\n" for i in range(n(3_000))),
        "one-definition-often": "[a]: /u\n" * n(20_000),
        "footnote-marks": "[^1]" * n(20_000),
        "footnote-definitions": "".join(f"[^{i}]: x\n" for i in range(n(10_000))),
        "nested-footnotes": "[^1]: " * n(5_000) + "x",
        "list-deep": "".join("  " * i + "- a\n" for i in range(n(1_000))),
        "list-on-one-line": "- " * n(20_000) + "x",
        "numbers-on-one-line": "1. " * n(20_000) + "x",
        "sixty-deep": "- " * 60 + "bottom\n\nafter\n",
        "items": "".join(f"- item {i}\n" for i in range(n(20_000))),
        "tasks": "- [ ] abc\n" * n(20_000),
        "one-item": "- a\n" + "  - b\n" * n(5_000),
        "columns": "|" + "a|" * n(2_000) + "\n|" + "-|" * n(2_000) + "\n" + "|x|y|\n" * n(200),
        "rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * n(20_000),
        "half-tables": "a|b\n-|-\n\n" * n(5_000),
        "pipes": "|" * n(50_000),
        "one-word": "x" * n(1_000_000),
        "one-paragraph": "word **b** " * n(80_000),
        "one-line-of-code": "```\n" + "x" * n(1_000_000) + "\n```\n",
        "code-lines": "```python\n" + "x = 'a'  # b\n" * n(10_000) + "```\n",
        "fences": "```\n" * n(20_000),
        "newlines": "\n" * n(200_000),
        "spaces": " " * n(200_000) + "x",
        "tabs": "\t" * n(50_000) + "x",
        "headings": "# a\n" * n(20_000),
        "underlines": "a\n===\n" * n(20_000),
        "rules-many": "---\n" * n(20_000),
        "nul": "\0" * n(100_000),
        "controls": "".join(map(chr, range(1, 32))) * n(3_000),
        "marks": "a" + "\u0301" * n(50_000),
        "bidi-flips": "a\u05d0 " * n(50_000),
        "no-break-spaces": "\u00a0" * n(60_000),
        "long-title": '[a](b "' + "t" * n(100_000),
        "long-label": "[" + "a" * n(100_000) + "]: /u\n",
        "html-comment": "<!--" * n(30_000),
        "carriage-returns": "\r" * n(100_000),
    }
    rng = random.Random(1)
    marks = "ab *_`~[]()!#>-+|\\\n\n  $:^1.<&\"'\t="
    for i in range(8):
        texts[f"noise-{i}"] = "".join(rng.choice(marks) for _ in range(n(20_000)))
    for name, text in texts.items():
        yield Case(name, text, hostile=True)
