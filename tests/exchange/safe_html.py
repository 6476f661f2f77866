"""A look into a piece of HTML: what is in it, and that it is safe."""

from html.parser import HTMLParser

ELEMENTS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "em", "strong", "del", "a", "sup"),
}
ATTRIBUTES = {"href", "title", "start", "value", "class", "dir", "align", "border", "cellpadding", "style"}


class Reader(HTMLParser):
    """Takes all elements, attributes and words of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs
        if tag not in {"hr", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def assert_safe(html: str) -> None:
    reader = Reader(html)
    assert reader.open == []
    assert reader.elements <= ELEMENTS
    assert {name for name, _value in reader.attributes} <= ATTRIBUTES
    for name, value in reader.attributes:
        if name == "href":
            assert (value or "").lower().startswith(("http://", "https://", "mailto:"))
        if name == "style":
            assert value == "border-collapse:collapse"
    assert not any(letter < " " and letter not in "\t\n" for letter in html)
