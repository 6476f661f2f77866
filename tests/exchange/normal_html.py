"""HTML in a normal form, so that what two writers make of one text can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urlsplit

from app.markup.blocks import Image, leaf_text
from app.markup.languages import language_of

_BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td", "br"),
}
_SPACE = re.compile(r"[ \t\n\r\f]+")


def normal(html: str) -> str:
    """The HTML on a line for each block, entities resolved, attributes in order, spaces run together.

    What the house writes in other words is put into them: a picture is its chip, an alignment an attribute,
    a checkbox a letter, `<s>` is `<del>`, a language has the house's name. The look of a table isn't kept.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._out: list[str] = []
        self._pre = 0

    def text(self) -> str:
        return "".join(self._out).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        match tag:
            case "img":
                host = urlsplit(known.get("src", "")).hostname or ""
                self.handle_data(leaf_text(Image(known.get("alt", ""), host)))
                return
            case "input":
                self.handle_data("☑" if "checked" in known else "☐")
                return
            case "s":
                tag = "del"
            case "pre":
                self._pre += 1
            case "code" if known.get("class", "").startswith("language-"):
                known["class"] = "language-" + language_of(known["class"].removeprefix("language-"))
        align = known.pop("style", "").removeprefix("text-align:")
        if align in {"left", "right", "center"}:
            known["align"] = align
        if tag in {"table", "ul", "ol", "li"}:
            known = {name: value for name, value in known.items() if name == "start"}
        self._tag(tag, f"<{tag}{_attributes(known.items())}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"hr", "br", "img", "input"}:
            return  # what `<hr />` makes
        tag = "del" if tag == "s" else tag
        if tag == "pre":
            self._pre -= 1
        self._tag(tag, f"</{tag}>")

    def _tag(self, tag: str, text: str) -> None:
        if tag not in _BLOCKS:
            self._out.append(text)
            return
        while self._out and not self._out[-1].rstrip(" "):
            self._out.pop()
        if self._out:
            self._out[-1] = self._out[-1].rstrip(" ")
        self._out.append(f"\n{text}" + ("" if self._pre else "\n"))

    def handle_data(self, data: str) -> None:
        if not self._pre:
            data = _SPACE.sub(" ", data)
            if not self._out or self._out[-1].endswith((" ", "\n")):
                data = data.removeprefix(" ")
        if data:
            self._out.append(data.replace("<", "&lt;"))

    def handle_comment(self, data: str) -> None:
        self._out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._out.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._out.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self._out.append(f"<![{data}]>")


def _attributes(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f" {name}={value!r}" for name, value in sorted(pairs))
