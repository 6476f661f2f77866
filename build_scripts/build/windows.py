"""The installer of Windows, compiled by NSIS on any system that has makensis."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from build_scripts.build.channel import write_channel
from build_scripts.build.places import TWIN
from build_scripts.build.release import RESOURCES, TEMPLATES, Release
from build_scripts.build.staging import copy_tree, settle
from build_scripts.build.steps import BuildError, say
from build_scripts.build.system_facts import ICO_SIZES, ico, numbers
from build_scripts.build.tools import Run

PROGRAM = "sirocco.exe"
SIDE = (328, 628)
BACKGROUND = "#0B4F58"  # the icon's own
# A command that signs the file whose name follows it: signtool, or whatever holds the key.
SIGN_VARIABLE = "SIROCCO_WINDOWS_SIGN"


def build_setup(
    payload: Path, out: Path, release: Release, run: Run, environment: Mapping[str, str] = os.environ
) -> Path:
    """Make the installer of a frozen app in the folder `out`; returns it."""
    found = {path.name for path in payload.iterdir()}
    # By these names the installer replaces and removes what it has brought.
    if found != {PROGRAM, TWIN, "_internal"}:
        raise BuildError(f"{payload} holds {sorted(found)} and is no app that was frozen on Windows.")
    sign = environment.get(SIGN_VARIABLE, "")
    if not sign:
        say(f"The installer isn't signed: {SIGN_VARIABLE} names no command that signs.")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "Sirocco")
        copy_tree(payload, root)
        write_channel(root, "setup")
        icon = Path(folder, "sirocco.ico")
        icon.write_bytes(ico(ICO_SIZES))
        side = Path(folder, "side.bmp")
        draw_side(side)
        for name in (PROGRAM, TWIN) if sign else ():
            run([*shlex.split(sign), root / name])
        settle(Path(folder), release.epoch)
        target = out.resolve() / f"Sirocco-{release.version}-setup.exe"
        run(["makensis", *words(root, icon, side, target, release, sign)], release.environment())
        if sign:
            run([*shlex.split(sign), target])
    return target


def words(
    payload: Path, icon: Path, side: Path, target: Path, release: Release, sign: str
) -> list[str | Path]:
    """What makensis is told."""
    defined = {
        "VERSION": release.version,
        "NUMBERS": ".".join(map(str, numbers(release.version))),
        "PAYLOAD": str(payload),
        "ICON": str(icon),
        "SIDE": str(side),
        "OUTFILE": str(target),
        **({"HOMEPAGE": release.homepage} if release.homepage else {}),
        **({"SIGN": sign} if sign else {}),
        **({} if release.level else {"FAST": "1"}),
    }
    # Warnings are errors.
    return [
        "-V2",
        "-WX",
        "-NOCD",
        *(f"-D{name}={value}" for name, value in defined.items()),
        TEMPLATES / "setup.nsi",
    ]


def draw_side(path: Path) -> None:
    """Draw the picture beside the words of the last page, twice as large as it is shown on a usual screen."""
    from PySide6.QtGui import QColor, QImage, QPainter

    logo = QImage(str(RESOURCES / "logo" / "app-icon-256.png"))
    picture = QImage(*SIDE, QImage.Format.Format_RGB888)
    picture.fill(QColor(BACKGROUND))
    painter = QPainter(picture)
    painter.drawImage((SIDE[0] - logo.width()) // 2, (SIDE[1] - logo.height()) // 3, logo)
    painter.end()
    if not picture.save(str(path)):
        raise BuildError(f"No picture could be written to {path}.")
