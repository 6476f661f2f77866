"""What a program tells Windows and macOS of itself: its icon, its version, its property list."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from app.desktop.paths import APP_ID
from build_scripts.build.places import NAME, PROGRAM, ROOT, VERSION

LOGO = ROOT / "resources" / "logo"
AUTHORS = "The Sirocco authors"
# macOS 13 is what Qt 6.11's wheels ask for.
OLDEST_MACOS = "13.0"
# What Explorer and Finder show; some of the larger ones are the smaller ones at high resolution.
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_KINDS = {32: b"ic11", 64: b"ic12", 128: b"ic07", 256: b"ic08", 512: b"ic09"}

_VERSION_INFO = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, fileType=1, subtype=0
  ),
  kids=[
    StringFileInfo([StringTable("040904B0", [
{strings}
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""


def icon_file(folder: Path, platform: str = sys.platform) -> str | None:
    """The program's icon, written into `folder` as this system wants it; None where programs have none."""
    match platform:
        case "win32":
            path, icon = folder / f"{NAME}.ico", ico(ICO_SIZES)
        case "darwin":
            path, icon = folder / f"{NAME}.icns", icns(ICNS_KINDS)
        case _:
            return None
    path.write_bytes(icon)
    return str(path)


def version_file(folder: Path, platform: str = sys.platform) -> str | None:
    """What Windows shows as the program's properties, as PyInstaller reads it; None elsewhere."""
    if platform != "win32":
        return None
    path = folder / "version-info.txt"
    path.write_text(version_info(VERSION), encoding="utf-8")
    return str(path)


def version_info(version: str) -> str:
    """The text of that file. Antivirus programs trust those less that say nothing of themselves."""
    strings = {
        "CompanyName": AUTHORS,
        "FileDescription": NAME,
        "FileVersion": version,
        "InternalName": Path(PROGRAM).stem,
        "LegalCopyright": f"{AUTHORS}, MIT licence",
        "OriginalFilename": "sirocco.exe",
        "ProductName": NAME,
        "ProductVersion": version,
    }
    lines = ",\n".join(f"      StringStruct({name!r}, {value!r})" for name, value in strings.items())
    return _VERSION_INFO.format(numbers=numbers(version), strings=lines)


def numbers(version: str) -> tuple[int, int, int, int]:
    """A version as the four numbers that Windows compares: "1.2.3rc1" is (1, 2, 3, 0)."""
    release = re.match(r"\d+(\.\d+)*", version)
    found = [int(part) for part in release[0].split(".")] if release else []
    one, two, three, four = [*found, 0, 0, 0, 0][:4]
    return one, two, three, four


def info_plist(version: str = VERSION) -> dict[str, object]:
    """What macOS reads of the bundle before it starts it. Its booleans must be such, not words."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": APP_ID,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": ".".join(map(str, numbers(version)[:3])),
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST_MACOS,
        # A second start comes as an event to the first one.
        "LSMultipleInstancesProhibited": True,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{AUTHORS}. MIT licence.",
        "NSPrincipalClass": "NSApplication",
        # Its own dark look is meant to be dark.
        "NSRequiresAquaSystemAppearance": False,
    }


def ico(sizes: Iterable[int]) -> bytes:
    """The icon of these sizes as Windows has it: a table, then the PNGs as they are."""
    pictures = {size: _png(size) for size in sizes}
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    for size, picture in pictures.items():
        side = size % 256  # 0 stands for 256
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(pictures.values())


def icns(kinds: dict[int, bytes]) -> bytes:
    """The icon as macOS has it: chunks, each a kind, its length and a PNG."""
    chunks = b"".join(
        kind + struct.pack(">I", len(picture) + 8) + picture
        for kind, picture in ((kind, _png(size)) for size, kind in kinds.items())
    )
    return b"icns" + struct.pack(">I", len(chunks) + 8) + chunks


def _png(size: int) -> bytes:
    return (LOGO / f"app-icon-{size}.png").read_bytes()
