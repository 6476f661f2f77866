"""Names of programming languages: what stands behind a fence, and what a person calls it."""

from __future__ import annotations

import re

_WORD = re.compile(r"[{.\s]*([^\s{}:,=\"']+)")

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
    "ps1": "powershell",
    "py": "python",
    "python3": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "svelte": "html",
    "ts": "typescript",
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


def language_of(info: str) -> str:
    """The language that a fence's info string names, in one spelling for each; "" where it names none.

    Models dress it up (`{.python}`, `python title="x"`, `Python:main.py`): its first word counts.
    """
    match = _WORD.match(info)
    word = match[1].lower() if match else ""
    return _ALIASES.get(word, word)


def display_name(language: str) -> str:
    """What the label of a code block says: "python" → "Python"; "" for plain text."""
    return _NAMES.get(language, language[:1].upper() + language[1:])
