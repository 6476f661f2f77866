"""What a Linux desktop wants to find of an app below `share`: entry, icons, description, manual."""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.sax.saxutils import escape

from app.desktop.paths import APP_ID
from build_scripts.build.release import RESOURCES, Release, template
from build_scripts.build.staging import put

ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
DESKTOP_FILE = f"applications/{APP_ID}.desktop"
METAINFO_FILE = f"metainfo/{APP_ID}.metainfo.xml"
MANUAL_FILE = "man/man1/sirocco.1.gz"


def write_share(share: Path, release: Release) -> None:
    """Fill a `share` folder."""
    put(share / DESKTOP_FILE, desktop_entry())
    put(share / METAINFO_FILE, metainfo(release))
    put(share / MANUAL_FILE, packed(manual(release)))
    for size in ICON_SIZES:
        put(share / icon_file(str(size)), (RESOURCES / "logo" / f"app-icon-{size}.png").read_bytes())
    put(share / icon_file("scalable"), (RESOURCES / "logo" / "app-icon-256.svg").read_bytes())


def icon_file(size: str) -> str:
    """Where the icon of a size in pixels, or `scalable`, stands below `share`."""
    folder, suffix = (size, "svg") if size == "scalable" else (f"{size}x{size}", "png")
    return f"icons/hicolor/{folder}/apps/{APP_ID}.{suffix}"


def share_files() -> tuple[str, ...]:
    """All that `write_share` writes, as paths below `share`."""
    icons = (icon_file(str(size)) for size in (*ICON_SIZES, "scalable"))
    return (DESKTOP_FILE, METAINFO_FILE, MANUAL_FILE, *icons)


def desktop_entry() -> str:
    """The entry for the menus, which starts the app by its name."""
    return (RESOURCES / "desktop" / f"{APP_ID}.desktop").read_text(encoding="utf-8")


def metainfo(release: Release) -> str:
    """The description for software centres, with this build as its release."""
    text = (RESOURCES / "desktop" / f"{APP_ID}.metainfo.xml").read_text(encoding="utf-8")
    home = _at_home(escape(release.homepage), escape(release.version)) if release.homepage else ""
    entry = f'    <release version="{escape(release.version)}" date="{release.day}"/>\n'
    return text.replace("</component>", f"{home}  <releases>\n{entry}  </releases>\n</component>")


def _at_home(homepage: str, version: str) -> str:
    """What lies where the project lives: its page, and the picture that software centres show."""
    return f"""\
  <url type="homepage">{homepage}</url>
  <screenshots>
    <screenshot type="default">
      <caption>A chat with a table and code, beside the list of chats</caption>
      <image>{homepage}/raw/v{version}/resources/readme/main.png</image>
    </screenshot>
  </screenshots>
"""


def manual(release: Release) -> str:
    """The manual page of the command."""
    return template("sirocco.1", {"DATE": release.day, "VERSION": release.version})


def packed(text: str) -> bytes:
    """A text as documentation is kept: gzip, of no time and no name."""
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)
