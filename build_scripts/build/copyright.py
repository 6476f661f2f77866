"""The copyright file of the Debian package, which a machine can read: every bundled part with its licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from app.core.components import Component
from build_scripts.build.licences import HOME, SHARED, bundled

_HEAD = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Sirocco
Comment: The program brings its parts with it, together in /usr/lib/sirocco/_internal;
 bundled/NAME stands for the files of one of them there.
"""
# Every Debian system has these texts, and wants them to be named instead of repeated.
_COMMON = {
    "Apache-2.0": "Apache-2.0",
    "CC0-1.0": "CC0-1.0",
    "LGPL-2.1-or-later": "LGPL-2.1",
    "LGPL-3.0-only": "LGPL-3",
    "MPL-2.0": "MPL-2.0",
}
# The same texts where a part brings one: each from its title to its end.
_WHOLE = {
    name: re.compile(rf"^[ \t]*{title}\n.*?END OF TERMS AND CONDITIONS$", re.DOTALL | re.MULTILINE)
    for name, title in (
        ("Apache-2.0", "Apache License"),
        ("LGPL-2.1", "GNU LESSER GENERAL PUBLIC LICENSE"),
        ("GPL-2", "GNU GENERAL PUBLIC LICENSE"),
    )
}
_COPYRIGHT = re.compile(
    r"^\W*((?:portions |parts )?(?:of this software are )?(?:copyright|©|\(c\)).*\d{4}.*)", re.IGNORECASE
)


def debian_copyright() -> str:
    """The whole file, for a build of Linux."""
    parts = bundled("linux")
    used = sorted({name for part in parts for name in _shared(part)}, key=str.casefold)
    return "\n".join((_HEAD, *(_part(part) for part in parts), *(_licence(name) for name in used)))


def _part(part: Component) -> str:
    files = "*" if part.name == "Sirocco" else f"bundled/{_slug(part)}"
    texts = [_read(name) for name in part.texts if not name.startswith(f"{SHARED}/")]
    named = [f"The text of {name} stands at the end of this file." for name in _shared(part)]
    whose = list(dict.fromkeys(_copyrights([part.notice, *texts]))) or [f"The authors of {part.name}"]
    fields = [f"Files: {files}", f"Copyright: {_indented(whose).lstrip()}"]
    if said := [line for line in part.notice.splitlines() if line not in whose]:
        fields.append(f"Comment: {_indented(said).lstrip()}")
    expression = part.licence.replace(" AND ", " and ").replace(" OR ", " or ").replace(" WITH ", " with ")
    fields += [f"License: {expression}", _indented("\n\n".join((*texts, *named)).splitlines())]
    return "\n".join(fields) + "\n"


def _licence(name: str) -> str:
    text = _named(_COMMON[name]) if name in _COMMON else _read(f"{SHARED}/{name}.txt")
    return f"License: {name}\n{_indented(text.splitlines())}\n"


def _shared(part: Component) -> list[str]:
    """The names of the texts that a part may share with others."""
    places = [PurePosixPath(name) for name in part.texts]
    return [place.stem for place in places if place.parts[0] == SHARED]


def _copyrights(texts: Iterable[str]) -> Iterator[str]:
    for line in "\n".join(texts).splitlines():
        # A form that nobody has filled in says nothing.
        if (found := _COPYRIGHT.match(line)) and not re.search(r"<copyright|\[name of|\[yyyy", line):
            yield found[1].strip()


def _indented(lines: Iterable[str]) -> str:
    """Lines as the format wants them below a field: each led by a space, an empty one a dot."""
    return "\n".join(f" {line.rstrip()}" if line.strip() else " ." for line in lines)


def _slug(part: Component) -> str:
    return "-".join(re.findall(r"[\w.+]+", f"{part.name} {part.version}".casefold()))


def _read(name: str) -> str:
    text = (HOME / name).read_text(encoding="utf-8").strip()
    for common, whole in _WHOLE.items():
        text = whole.sub(_named(common), text)
    return text


def _named(common: str) -> str:
    return f"On Debian systems the whole text is in /usr/share/common-licenses/{common}."
