"""What stands behind a fence: the language, its name for people, and the name of the file."""

from __future__ import annotations

import re

NAME_CHARACTERS = 120
"""A longer name of a file is cut."""

_WORD = re.compile(r"[{.\s]*([^\s{}:,=\"']+)")
INFO_CHARACTERS = 500
"""What stands behind a fence is searched for a name so far."""
_TITLE = re.compile(
    r"""(?:^|[\s{,])(?:title|filename|file|name|path)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'},]+))""",
    re.IGNORECASE,
)
_NAME = r"[\w.@~+-]+"
_FILE = re.compile(
    rf"(?:{_NAME}[/\\])*[\w@~+-]{_NAME[:-1]}*\.[A-Za-z]\w{{0,9}}|(?:{_NAME}/)+{_NAME}|\.[a-z]\w+"
)
_NO_FILES = frozenset({"asp.net", "next.js", "node.js", "vb.net", "vue.js"})
_ATTRIBUTE = re.compile(r"\s*\w+\s*=")
# Marks that turn the direction of text: a name must not look like another.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_ALIASES = {
    "c++": "cpp",
    "c#": "csharp",
    "cs": "csharp",
    "console": "console",
    "dockerfile": "docker",
    "golang": "go",
    "js": "javascript",
    "jsonc": "json",
    "kt": "kotlin",
    "md": "markdown",
    "objc": "objective-c",
    "plain": "text",
    "plaintext": "text",
    "patch": "diff",
    "ps1": "powershell",
    "py": "python",
    "python3": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "shell",
    "svelte": "html",
    "ts": "typescript",
    "vb.net": "vbnet",
    "txt": "text",
    "vb": "vbnet",
    "yml": "yaml",
    "zsh": "bash",
}

_NAMES = {
    "bash": "Bash",
    "c": "C",
    "cmake": "CMake",
    "console": "Terminal",
    "cpp": "C++",
    "csharp": "C#",
    "css": "CSS",
    "csv": "CSV",
    "dart": "Dart",
    "diff": "Diff",
    "docker": "Dockerfile",
    "fsharp": "F#",
    "graphql": "GraphQL",
    "html": "HTML",
    "http": "HTTP",
    "ini": "INI",
    "java": "Java",
    "javascript": "JavaScript",
    "json": "JSON",
    "jsx": "JSX",
    "kotlin": "Kotlin",
    "latex": "LaTeX",
    "make": "Makefile",
    "makefile": "Makefile",
    "matlab": "MATLAB",
    "objective-c": "Objective-C",
    "php": "PHP",
    "powershell": "PowerShell",
    "scss": "SCSS",
    "sql": "SQL",
    "svg": "SVG",
    "tex": "TeX",
    "text": "",
    "toml": "TOML",
    "tsx": "TSX",
    "typescript": "TypeScript",
    "vbnet": "Visual Basic",
    "xml": "XML",
    "yaml": "YAML",
}


# What the end of a file's name says, where it isn't the language's own name or an alias of it.
_EXTENSIONS = {
    "bat": "batch",
    "cc": "cpp",
    "cfg": "ini",
    "conf": "ini",
    "cxx": "cpp",
    "ex": "elixir",
    "exs": "elixir",
    "fs": "fsharp",
    "gradle": "groovy",
    "h": "c",
    "hpp": "cpp",
    "hs": "haskell",
    "htm": "html",
    "jl": "julia",
    "kts": "kotlin",
    "lock": "text",
    "log": "text",
    "m": "objective-c",
    "mjs": "javascript",
    "mk": "make",
    "pl": "perl",
    "proto": "protobuf",
    "pyi": "python",
    "tf": "terraform",
}


def language_of(info: str) -> str:
    """The language that a fence's info string names, in one spelling for each; "" where it names none.

    Models dress it up (`{.python}`, `python title="x"`, `Python:main.py`): its first word counts. Where
    that is the name of a file (`main.py`), its ending does.
    """
    match = _WORD.match(info)
    word = match[1].lower() if match else ""
    if _ATTRIBUTE.match(info) or word.isdigit():
        return _of_file(file_name_of(info))
    if _is_file(word) and "{" not in info:
        return _of_file(word)
    return _ALIASES.get(word, word)


def file_name_of(info: str) -> str:
    """The name of a file, or another title, that a fence's info string gives beside the language; else "".

    Seen of models: `python title="app.py"`, `python filename=app.py`, `python app.py`, `python:src/app.py`,
    `12:40:src/app.py` and `app.py` alone. It is for people to read: nothing is ever opened by it.
    """
    info = info[:INFO_CHARACTERS]
    if titled := _TITLE.search(info):
        return _clean(titled[1] or titled[2] or titled[3])
    first, _, rest = info.strip().partition(" ")
    for word in (*reversed(first.split(":")), *rest.split()[:1]):
        name = word.strip("\"'`()")
        if _is_file(name):
            return _clean(name)
    return ""


def _is_file(word: str) -> bool:
    is_short = len(word) <= NAME_CHARACTERS
    return is_short and word.lower() not in _NO_FILES and _FILE.fullmatch(word) is not None


def _of_file(name: str) -> str:
    stem = name.replace("\\", "/").rpartition("/")[2].lower()
    ending = stem.rpartition(".")[2] if "." in stem else ""
    if stem in {"dockerfile", "makefile"}:
        return _ALIASES.get(stem, stem)
    return _EXTENSIONS.get(ending) or _ALIASES.get(ending, ending)


def _clean(name: str) -> str:
    return _TURNS.sub("", name).strip()[:NAME_CHARACTERS]


def display_name(language: str) -> str:
    """What the label of a code block says: "python" → "Python"; "" for plain text."""
    return _NAMES.get(language, language[:1].upper() + language[1:])
