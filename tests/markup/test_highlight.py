"""Colours of code: what the kinds are, and that growing code ends in the colours of whole code."""

import random

import pytest

from app.markup.highlight import GrowingHighlight, Kind, highlight
from app.markup.languages import display_name, file_name_of, language_of
from app.markup.limits import CODE_LINE_CHARACTERS, CODE_LINES

CODE = {
    "python": (
        '@deco\ndef f(a: int) -> str:\n    """Doc\n    more\n    """\n'
        "    return f\"x {a}\" + 'y'  # end\n\nclass A(B):\n    x = None\n"
    ),
    "rust": 'fn main() { let x = 1; /* a\nb */ println!("a {}", x); }\n',
    "javascript": "const a = `x ${b} y\nz`; // c\nfunction f(a) { return /re/.test(a) }\n",
    "typescript": "type A = { a: string };\nconst b = `x${1}\ny`;\n",
    "bash": 'for i in "$@"; do cat <<EOF\nhello $i\nEOF\ndone # c\n',
    "html": '<div class="a"><script>let x = 1;\nfoo("x")</script>\n</div><!-- c\nd -->\n',
    "sql": "select a, 'x\ny' from t -- c\nwhere a > 1;\n",
    "diff": "@@ -1 +1 @@\n-a\n+b\n c\n",
    "json": '{"a": [1, true,\n "x"]}\n',
    "cpp": "#include <a>\nint main() { return 0; } // x\n",
    "go": "func f(a int) string { return `x\ny` }\n",
    "yaml": "a: b\nc:\n  - d # e\n",
    "css": "a { b: c; /* x\ny */ }\n",
    "java": 'class A { /** x\n * y */ int f() { return "a"; } }\n',
    "toml": 'a = "b"\n[c]\nd = """x\ny"""\n',
}


def kinds(language: str, line: str) -> dict[str, Kind]:
    (spans,) = highlight(language, line)
    return {line[span.start : span.start + span.length]: span.kind for span in spans}


def test_kinds_of_python() -> None:
    assert kinds("python", 'def f(a): return "b", 1, None  # c') == {
        "def": Kind.KEYWORD,
        "f": Kind.FUNCTION,
        "return": Kind.KEYWORD,
        '"b"': Kind.STRING,
        "1": Kind.NUMBER,
        "None": Kind.NUMBER,
        "# c": Kind.COMMENT,
    }
    assert kinds("python", "class A: pass")["A"] is Kind.TYPE


def test_what_is_called_is_a_function() -> None:
    found = kinds("python", "v = pd.read_csv(path).clip (3) + mean * (4)")
    assert found == {"read_csv": Kind.FUNCTION, "3": Kind.NUMBER, "4": Kind.NUMBER}
    assert kinds("javascript", "a.map(b)")["map"] is Kind.FUNCTION


def test_kinds_of_a_diff() -> None:
    lines = highlight("diff", "@@ -1 +1 @@\n-a\n+b\n c\n")
    assert [[span.kind for span in line] for line in lines] == [
        [Kind.HUNK],
        [Kind.DELETED],
        [Kind.INSERTED],
        [],
    ]


def test_there_is_one_entry_for_each_line() -> None:
    assert len(highlight("python", "\n\nx = 1\n\ny = 2\n")) == 5
    assert highlight("python", "") == ()


@pytest.mark.parametrize("language", ["", "text", "plaintext", "mermaid-of-nowhere", "<script>"])
def test_what_is_no_language_has_no_colours(language: str) -> None:
    assert highlight(language, "def f(): pass\n") == ()


@pytest.mark.parametrize("language", sorted(CODE))
@pytest.mark.parametrize("seed", [1, 2])
def test_growing_code_ends_in_the_colours_of_whole_code(language: str, seed: int) -> None:
    code = CODE[language] * 25
    rng = random.Random(seed)
    growing = GrowingHighlight(language)
    shown: list[object] = []
    end = 0
    while end < len(code):
        end += rng.randint(1, 40)
        first = growing.update(code[:end])
        shown[first:] = growing.lines[first:]
        assert tuple(shown) == growing.lines
    assert growing.finish() == highlight(language, code)


def test_an_update_reads_only_the_last_lines() -> None:
    growing = GrowingHighlight("python")
    code = "x = 1\n" * 200
    growing.update(code)
    assert growing.update(code + "y") >= 195


def test_long_code_and_long_lines_stay_plain() -> None:
    assert len(highlight("python", "x = 1\n" * (CODE_LINES + 50))) == CODE_LINES
    lines = highlight("python", "x = 1\n" + "y = 2; " * CODE_LINE_CHARACTERS + "\nz = 3\n")
    assert [bool(line) for line in lines] == [True, False, True]


@pytest.mark.parametrize(
    ("info", "name"),
    [
        ("python", "Python"),
        ("JS", "JavaScript"),
        ("c++", "C++"),
        ("{.rust}", "Rust"),
        ("bash", "Bash"),
        ("sh", "Shell"),
        ("shell", "Shell"),
        ("", ""),
        ("txt", ""),
    ],
)
def test_names_of_languages(info: str, name: str) -> None:
    assert display_name(language_of(info)) == name


def test_what_is_called_shell_has_the_colours_of_bash() -> None:
    code = "for x in a b; do\n  echo $x\ndone\n"
    assert highlight("shell", code) == highlight("bash", code) != highlight("text", code)


@pytest.mark.parametrize(
    ("info", "language", "name"),
    [
        ('python title="my app.py"', "python", "my app.py"),
        ("python filename='app.py'", "python", "app.py"),
        ("ts file=src/app.tsx", "typescript", "src/app.tsx"),
        ('{.python filename="app.py"}', "python", "app.py"),
        ('title="app.rs"', "rust", "app.rs"),
        ("python app.py", "python", "app.py"),
        ("python:src/app.py", "python", "src/app.py"),
        ("12:40:src/app.py", "python", "src/app.py"),
        ("app.py", "python", "app.py"),
        ("deploy/Dockerfile", "docker", "deploy/Dockerfile"),
        ("python", "python", ""),
        ("js {1,3-5}", "javascript", ""),
        ("vb.net", "vbnet", ""),
        ("python3.11", "python3.11", ""),
        ("c++ // a comment", "cpp", ""),
        ('sh title="gnp\u202ehs.exe"', "shell", "gnphs.exe"),
        ("python " + "a/" * 200 + "b.py", "python", ""),
    ],
)
def test_the_name_of_the_file_behind_a_fence(info: str, language: str, name: str) -> None:
    assert (language_of(info), file_name_of(info)) == (language, name)
