"""The rules of the house that no linter knows."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.home import Home, python

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))

# SEC-02: text of others never meets Qt's guesses at what is HTML or Markdown.
MARKUP_CALLS = {
    "setHtml",
    "insertHtml",
    "setMarkdown",
    "insertMarkdown",
    "toHtml",
    "fromHtml",
    "fromMarkdown",
}
MARKUP_NAMES = {"AutoText", "RichText", "MarkdownText"}
# The one module that makes labels, and gives each the format PlainText.
LABELS = APP / "ui" / "widgets" / "label.py"
# A browser or an interpreter of a language of its own.
QT_OUTSIDE = {"QtWebEngineCore", "QtWebEngineWidgets", "QtWebView", "QtQml", "QtQuick"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def _imported(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every module that a file imports, with the names taken from it ("PySide6.QtCore")."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def _is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_core_is_standard_library_only() -> None:
    others = [
        f"{_place(path, node)} {module}"
        for path in sorted((APP / "core").rglob("*.py"))
        for node, module in _imported(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not _is_of(module, "app")
    ]
    assert others == []


@pytest.mark.parametrize(
    ("library", "home"),
    [("httpx", "api"), ("truststore", "api"), ("apsw", "store"), ("sqlite3", "store"), ("keyring", "store")],
)
def test_a_driver_is_known_in_one_place(library: str, home: str) -> None:
    others = [
        f"{_place(path, node)} {module}"
        for path in MODULES
        if not path.is_relative_to(APP / home)
        for node, module in _imported(path)
        if _is_of(module, library)
    ]
    assert others == []


def test_no_qt_below_chat() -> None:
    others = [
        f"{_place(path, node)} {module}"
        for part in ("core", "markup", "api", "store", "exchange")
        for path in sorted((APP / part).rglob("*.py"))
        for node, module in _imported(path)
        if _is_of(module, "PySide6")
    ]
    assert others == []


def test_chat_knows_nothing_of_qt_but_its_core() -> None:
    others = [
        f"{_place(path, node)} {module}"
        for path in sorted((APP / "chat").rglob("*.py"))
        for node, module in _imported(path)
        if _is_of(module, "PySide6") and not _is_of(module, "PySide6.QtCore")
    ]
    assert others == []


def test_no_web_engine_and_no_qml() -> None:
    others = [
        f"{_place(path, node)} {module}"
        for path in MODULES
        for node, module in _imported(path)
        if _is_of(module, "PySide6") and QT_OUTSIDE.intersection(module.split("."))
    ]
    assert others == []


def test_no_markup_reaches_qt() -> None:
    """SEC-02."""
    others = [
        f"{_place(path, node)} {node.attr}"
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in MARKUP_CALLS | MARKUP_NAMES
    ]
    assert others == []


def test_labels_are_plain_text() -> None:
    """SEC-03: a bare QLabel guesses at the format of its text."""
    others = [
        f"{_place(path, node)} {node.id}"
        for path in MODULES
        if path != LABELS
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Name) and node.id in {"QLabel", "QMessageBox", "QErrorMessage"}
    ]
    assert others == []
    if LABELS.exists():
        assert "PlainText" in LABELS.read_text(encoding="utf-8")


def test_every_module_says_what_it_is_in_one_sentence() -> None:
    """House rule 1; what a longer docstring adds stands in a paragraph of its own."""
    wordy = []
    for path in MODULES:
        first = (ast.get_docstring(_tree(path)) or "").partition("\n\n")[0]
        if not first or ". " in first:
            wordy.append(f"{path.relative_to(ROOT)}: {first!r}")
    assert wordy == []


@pytest.mark.parametrize("shadowing", ["platform", "secrets", "json", "html", "types", "logging", "select"])
def test_no_module_shadows_the_standard_library(shadowing: str) -> None:
    assert [path for path in MODULES if path.stem == shadowing] == []


@pytest.mark.parametrize("vague", ["utils", "helpers", "common", "manager", "base"])
def test_every_module_has_a_name_that_says_something(vague: str) -> None:
    assert [path for path in MODULES if path.stem == vague] == []


def test_the_lint_sees_what_it_forbids(tmp_path: Path) -> None:
    guilty = tmp_path / "guilty.py"
    guilty.write_text(
        "import PySide6.QtGui\nfrom PySide6 import QtCore\nview.setHtml(text)\n", encoding="utf-8"
    )
    assert [module for _node, module in _imported(guilty)] == ["PySide6.QtGui", "PySide6.QtCore"]
    attributes = [node.attr for node in ast.walk(_tree(guilty)) if isinstance(node, ast.Attribute)]
    assert MARKUP_CALLS.intersection(attributes) == {"setHtml"}


def test_one_answer_in_a_terminal_loads_no_qt(private_home: Home) -> None:
    qt = "[name for name in sys.modules if name.startswith(('PySide6', 'shiboken'))]"
    script = f"import sys, app.ask.command; print({qt})"
    done = subprocess.run(
        [python(), "-c", script], env=private_home.env, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
